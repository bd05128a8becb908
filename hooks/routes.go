package hooks

import (
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
)

// routes is every way in: pattern, act or read, page. It is the authorisation table; what has no line answers 404.
func routes(b *book) {
	deskRoutes(b)
	portalRoutes(b)
	setupRoutes(b)
	demoRoutes(b)
}

// deskRoutes are for colleagues, from the dashboard.
func deskRoutes(b *book) {
	// account
	page(b, "POST /api/desk/sign-in", flow.SignIn, staffSignIn)
	page(b, "POST /api/desk/sign-in/factor", flow.SignIn, staffFactor)
	page(b, "POST /api/desk/sign-out", flow.SignOut, staffSignOut)
	page(b, "POST /api/desk/join", flow.ConfirmContact, staffJoin)
	page(b, "POST /api/desk/factor/begin", flow.EnrolFactor, factorBegin)
	page(b, "POST /api/desk/factor", flow.EnrolFactor, factorEnrol)
	page(b, "POST /api/desk/password", flow.Reset, staffPassword)
	page(b, "GET /api/desk/me", flow.SeeAccount, staffMe)
	read(b, "GET /api/desk/staff", flow.SeeStaff, staffList)
	page(b, "POST /api/desk/staff", flow.Invite, staffInvite)
	act(b, "POST /api/desk/staff/{id}/grant-role", command.GrantRole)
	act(b, "POST /api/desk/staff/{id}/revoke-role", command.RevokeRole)
	act(b, "POST /api/desk/staff/{id}/recover", command.Recover)
	act(b, "POST /api/desk/staff/{id}/set-capacity", command.SetCapacity)
	act(b, "POST /api/desk/staff/{id}/set-absence", command.SetAbsence)
	act(b, "POST /api/desk/staff/{id}/deactivate", command.Deactivate)

	// assign
	read(b, "GET /api/desk/queue", flow.SeeQueue, queue)
	page(b, "GET /api/desk/search", flow.SearchRecord, search)
	read(b, "GET /api/desk/team", flow.SeeTeam, team)
	act(b, "POST /api/desk/applications/{id}/claim", command.Claim)
	act(b, "POST /api/desk/applications/{id}/release", command.Release)
	act(b, "POST /api/desk/applications/{id}/reassign", command.Reassign)
	act(b, "POST /api/desk/applications/{id}/declare-conflict", command.DeclareConflict)

	// review
	page(b, "GET /api/desk/applications/{id}", flow.ViewCase, viewCase)
	page(b, "GET /api/desk/applications/{id}/documents/{document}/{page}", flow.ViewDocument, viewDocument)
	act(b, "POST /api/desk/applications/{id}/check", command.Check)
	act(b, "POST /api/desk/applications/{id}/verdict", command.Verdict)
	act(b, "POST /api/desk/applications/{id}/note", command.Note)
	page(b, "GET /api/desk/attest", flow.AttestPresence, attestFind)
	act(b, "POST /api/desk/applications/{id}/attest-presence", command.AttestPresence)

	// decide
	page(b, "POST /api/desk/applications/{id}/letter", flow.Decide, letterPreview)
	act(b, "POST /api/desk/applications/{id}/decide", command.Decide)
	act(b, "POST /api/desk/applications/{id}/take-back", command.TakeBack)

	// notify
	read(b, "GET /api/desk/outbox", flow.SeeOutbox, outbox)
	act(b, "POST /api/desk/messages/{id}/resend", command.Resend)
	act(b, "POST /api/desk/messages/{id}/log-call", command.LogCall)
	act(b, "POST /api/desk/release-held", command.ReleaseHeld)
	act(b, "POST /api/desk/send-test", command.SendTest)

	// certify
	read(b, "GET /api/desk/certificates", flow.SeeQueue, certificates)
	read(b, "GET /api/desk/certificates/{id}", flow.SeeCertificate, certificateShown)
	act(b, "POST /api/desk/certificates/{id}/suspend", command.Suspend)
	act(b, "POST /api/desk/certificates/{id}/reinstate", command.Reinstate)
	act(b, "POST /api/desk/certificates/{id}/revoke", command.Revoke)

	// archive
	page(b, "GET /api/desk/record", flow.SeeRecord, recordSearch)
	read(b, "GET /api/desk/record/verify", flow.SeeRecord, recordVerify)

	// improve
	read(b, "GET /api/desk/types", flow.SeeTypes, types)
	page(b, "POST /api/desk/types/{id}/switch", flow.SwitchType, typeSwitch)
	read(b, "GET /api/desk/settings", flow.SeeDesk, settings)
	act(b, "POST /api/desk/settings", command.Adjust)
	act(b, "POST /api/desk/types/{id}/resume-recheck", command.ResumeRecheck)
	page(b, "POST /api/desk/resume-clock", flow.ResumeClock, resumeClock)
	read(b, "GET /api/desk/feedback", flow.SeeFeedback, feedbackList)
	act(b, "POST /api/desk/feedback/{id}/answer", command.AnswerFeedback)
}

// portalRoutes are for people, as pages.
func portalRoutes(b *book) {
	const public = flow.SeePublic
	page(b, "GET /{$}", public, landingPage)
	page(b, "GET /types", public, typesPage)
	page(b, "GET /types/{type}", public, typePage)
	page(b, "GET /types/{type}/forms/{slot}", public, blankForm)
	page(b, "GET /api/ready", public, ready)
	page(b, "GET /privacy", public, privacyPage)
	page(b, "GET /help", public, helpPage)
	page(b, "GET /lang/{lang}", public, chooseLang)
	page(b, "GET /size/{size}", public, chooseSize)
	page(b, "GET /verify", public, verifyPage)
	page(b, "GET /v/{code}", public, publicPage)
	page(b, "GET /v/{code}/{image}", public, publicImage)
	page(b, "GET /signed-out", public, signedOutPage)

	// account
	page(b, "GET /sign-in", flow.SignIn, signInPage)
	page(b, "GET /sign-in/{method}", flow.SignIn, signInPage)
	page(b, "POST /sign-in/{method}", flow.SignIn, signInPost)
	page(b, "GET /sign-in/code", flow.SignIn, codePage)
	page(b, "POST /sign-in/code", flow.SignIn, codePost)
	page(b, "POST /sign-in/again", flow.SignIn, codeAgain)
	page(b, "GET /sign-in/identify", flow.SignIn, identifyPage)
	page(b, "POST /sign-in/identify", flow.SignIn, identifyPost)
	page(b, "POST /sign-out", flow.SignOut, signOut)
	page(b, "GET /register", flow.Register, registerPage)
	page(b, "POST /register", flow.Register, registerPost)
	page(b, "GET /reset", flow.Reset, resetPage)
	page(b, "POST /reset", flow.Reset, resetPost)
	page(b, "GET /reset/code", flow.Reset, resetCodePage)
	page(b, "POST /reset/code", flow.Reset, resetCodePost)
	page(b, "GET /consent", flow.Consent, consentPage)
	page(b, "POST /consent", flow.Consent, consentPost)
	page(b, "GET /me", flow.SeeOwn, mePage)
	page(b, "GET /account", flow.SeeAccount, accountPage)
	page(b, "POST /account", flow.ChooseChannel, accountPost)
	page(b, "POST /account/withdraw-consent", flow.WithdrawConsent, accountDisagree)
	page(b, "GET /account/email", flow.SeeAccount, contactPage)
	page(b, "POST /account/email", flow.ConfirmContact, contactPost)
	page(b, "GET /account/phone", flow.SeeAccount, contactPage)
	page(b, "POST /account/phone", flow.ConfirmContact, contactPost)
	page(b, "GET /account/password", flow.SeeAccount, passwordPage)
	page(b, "POST /account/password", flow.Reset, passwordChange)
	page(b, "GET /account/close", flow.SeeAccount, closePage)
	page(b, "POST /account/close", flow.CloseAccount, closePost)
	page(b, "GET /holders/new", flow.SeeAccount, holderKindsPage)
	for _, kind := range []string{"person", "other", "institution"} { // {kind} would meet {id} of the lines below
		page(b, "GET /holders/new/"+kind, flow.SeeAccount, holderPage)
		page(b, "POST /holders/new/"+kind, flow.AddHolder, holderPost)
	}
	page(b, "GET /holders/{id}/consent", flow.SeeHolder, holderConsentPage)
	page(b, "POST /holders/{id}/consent", flow.Consent, holderConsentPost)
	page(b, "POST /holders/{id}/consent/sheet", flow.Consent, holderSheetPost, uploadBody)
	page(b, "GET /holders/{id}/consent/print", flow.SeeHolder, holderSheetPage)
	page(b, "GET /holders/{id}/end", flow.SeeHolder, holderEndPage)
	page(b, "POST /holders/{id}/end", flow.WithdrawConsent, holderEndPost)
	page(b, "GET /holders/{id}/members", flow.SeeHolder, membersPage)
	page(b, "POST /holders/{id}/members", flow.AddMember, membersPost)
	page(b, "POST /holders/{id}/members/{member}/remove", flow.RemoveMember, memberRemove)
	page(b, "GET /acting", public, actingPage)
	page(b, "POST /acting", flow.WithdrawConsent, actingPost)
	page(b, "POST /acting/{id}/end", flow.WithdrawConsent, actingEnd)

	// apply
	page(b, "GET /apply/{type}", flow.SeeOwn, startPage)
	page(b, "POST /apply/{type}", flow.Start, startPost)
	page(b, "GET /applications/{id}", flow.SeeApplication, statusPage)
	page(b, "GET /applications/{id}/q/{page}", flow.SeeDraft, questionPage)
	page(b, "POST /applications/{id}/q/{page}", flow.SaveDraft, questionPost)
	page(b, "GET /applications/{id}/slot/{slot}", flow.SeeDraft, slotPage)
	page(b, "POST /applications/{id}/slot/{slot}", flow.AddDocument, slotPost, uploadBody)
	page(b, "POST /applications/{id}/documents/{document}/remove", flow.RemoveDocument, documentRemove)
	page(b, "GET /applications/{id}/documents/{document}/{page}", flow.SeeDocumentOwn, documentPage)
	page(b, "GET /applications/{id}/check", flow.SeeDraft, checkPage)
	page(b, "POST /applications/{id}/submit", flow.Submit, submitPost)
	page(b, "GET /applications/{id}/submitted", flow.SeeApplication, submittedPage)
	page(b, "GET /applications/{id}/withdraw", flow.SeeApplication, withdrawPage)
	page(b, "POST /applications/{id}/withdraw", flow.Withdraw, withdrawPost)
	page(b, "GET /applications/{id}/discard", flow.SeeDraft, discardPage)
	page(b, "POST /applications/{id}/discard", flow.Discard, discardPost)
	page(b, "GET /applications/{id}/letter", flow.SeeApplication, letterPage)

	// certify
	page(b, "GET /certificates/{id}", flow.SeeCertificate, certificatePage)
	page(b, "GET /certificates/{id}/print", flow.SeeCertificate, certificatePrint)
	page(b, "GET /certificates/{id}/{file}", flow.SeeCertificate, certificateFile)
	page(b, "POST /certificates/{id}/shows", flow.ShowPublicly, certificateShows)
	page(b, "POST /certificates/{id}/renew", flow.Renew, certificateRenew)

	// improve
	page(b, "GET /feedback", flow.GiveFeedback, feedbackPage)
	page(b, "POST /feedback", flow.GiveFeedback, feedbackPost)
	page(b, "GET /feedback/thanks", public, feedbackThanks)
}
