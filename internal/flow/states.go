package flow

import "slices"

// Noun is what an act is done to. It is also the name of the table.
type Noun string

// The nouns.
const (
	NounDesk        Noun = "desk"
	NounApplicant   Noun = "applicants"
	NounStaff       Noun = "staff"
	NounHolder      Noun = "holders"
	NounApplication Noun = "applications"
	NounCertificate Noun = "certificates"
	NounType        Noun = "types"
	NounMessage     Noun = "messages"
	NounFeedback    Noun = "feedback"
	NounConduct     Noun = "conduct_cases"
	NounRecovery    Noun = "recoveries"
)

// State is where a row stands.
type State string

// The states of every noun; the same word means the same everywhere.
const (
	New         State = "new"
	Open        State = "open"
	Invited     State = "invited"
	Pending     State = "pending"
	Active      State = "active"
	Closed      State = "closed"
	Deactivated State = "deactivated"
	Withdrawn   State = "withdrawn"

	Draft             State = "draft"
	Discarded         State = "discarded"
	Submitted         State = "submitted"
	InReview          State = "in_review"
	AwaitingApplicant State = "awaiting_applicant"
	OnHold            State = "on_hold"
	Proposed          State = "proposed"
	Decided           State = "decided"
	Approved          State = "approved"
	Rejected          State = "rejected"
	Appealed          State = "appealed"
	Lapsed            State = "lapsed"
	Questioned        State = "questioned" // an approval that a lead found to be wrong waits for its second person
	Hearing           State = "hearing"    // they agree: the certificate is suspended, its holder may answer
	Heard             State = "heard"      // the holder has answered or had the time to; somebody decides
	Reversed          State = "reversed"   // it was wrong, and the certificate is revoked

	Valid      State = "valid"
	Suspended  State = "suspended"
	Revoked    State = "revoked"
	Expired    State = "expired"
	Superseded State = "superseded"

	Found    State = "found"
	Enabled  State = "enabled"
	Disabled State = "disabled"

	Kept           State = "kept"
	Upheld         State = "upheld"     // an appeal or a reversal: the result stands
	AppealChanged  State = "changed"    // an appeal: passed after all
	AppealReturned State = "returned"   // an appeal: reviewed again
	Challenged     State = "challenged" // a proposal that the second person did not agree to
	Erased         State = "erased"

	Queued   State = "queued"
	Sent     State = "sent"
	Shown    State = "shown"
	Failed   State = "failed"
	Dead     State = "dead"
	Ring     State = "ring"
	Held     State = "held" // waiting at the time of a copy that was put back
	Lifted   State = "lifted"
	Resolved State = "resolved"
)

// Transition says that an act can be done in these states, and where it may lead. No To keeps the state; several leave
// the choice to the rule of the act.
type Transition struct {
	Act  Act
	From []State
	To   []State
}

func in(s ...State) []State { return s }

var (
	afterSubmit  = in(Submitted, InReview, AwaitingApplicant, OnHold, Proposed, Decided, Approved, Rejected, Appealed, Withdrawn, Lapsed, Questioned, Hearing, Heard, Reversed)
	underReview  = in(Submitted, InReview)
	underWay     = in(Submitted, InReview, Proposed, Appealed, Questioned, Heard)
	elsewhere    = in(Proposed, Appealed, Questioned, Heard)
	everAccount  = in(New, Active)
	everStaff    = in(Invited, Active)
	everyMessage = in(Queued, Sent, Shown, Failed, Dead, Ring, Held, Discarded)
)

// Transitions is the table: what has no line is refused.
var Transitions = map[Noun][]Transition{
	NounDesk: {
		{SetUp, in(New), in(Open)},
		{Adjust, in(Open), nil},
		{ReviewProcess, in(Open), nil},
		{RegisterGift, in(Open), nil},
		{Complain, in(Open), nil},
		{Register, in(Open), nil},
		{Take, in(Open), nil},
		{Invite, in(Open), nil},
		{SendTest, in(New, Open), nil},
		{GiveFeedback, in(Open), nil},
		{PauseClock, in(New, Open), nil},
		{ResumeClock, in(Open), nil},
		{Restore, in(New, Open), nil},
		{ReleaseHeld, in(Open), nil},
		{MoveClock, in(Open), nil},
		{SwitchType, in(New, Open), nil},
		{SearchRecord, in(Open), nil},
		{Export, in(Open), nil},
		{AgreeErasure, in(Open), nil},
		{Import, in(Open), nil},
		{SeeRetention, in(Open), nil},
		{SeeDesk, in(Open), nil}, {SeeQueue, in(Open), nil}, {SeeOutbox, in(Open), nil}, {SeeStaff, in(Open), nil}, {SeeTypes, in(Open), nil},
		{SeeRecord, in(Open), nil}, {SeeFeedback, in(Open), nil}, {SeeTeam, in(Open), nil}, {SeeReports, in(Open), nil}, {SeeConduct, in(Open), nil}, {SeeRecoveries, in(Open), nil}, {SeeOwn, in(Open), nil},
		{SeePublic, in(New, Open), nil},
	},
	NounApplicant: {
		{ConfirmContact, everAccount, in(Active)},
		{Consent, in(Active), nil},
		{WithdrawConsent, in(Active), nil},
		{AddHolder, in(Active), nil},
		{SignIn, in(Active), nil},
		{SignOut, everAccount, nil},
		{Reset, everAccount, nil},
		{ChooseChannel, in(Active), nil},
		{CloseAccount, in(Active), in(Closed)},
		{Export, in(Active), nil},
		{SeeAccount, everAccount, nil},
		{SeeOwn, everAccount, nil},
	},
	NounStaff: {
		{ConfirmContact, in(Invited), in(Active)},
		{EnrolFactor, in(Active), nil},
		{SignIn, in(Active), nil},
		{SignOut, in(Active), nil},
		{Reset, in(Active), nil},
		{GrantRole, everStaff, nil},
		{RevokeRole, everStaff, nil},
		{SetCapacity, everStaff, nil},
		{SetAbsence, everStaff, nil},
		{Pledge, in(Active), nil},
		{Remind, in(Active), nil},
		{SuspendReviewer, in(Active), nil},
		{EndSuspension, in(Active), nil},
		{Deactivate, everStaff, in(Deactivated)},
		{Recover, in(Active), nil},
		{ChooseChannel, in(Active), nil},
		{SeeAccount, in(Active), nil},
	},
	NounHolder: {
		{Consent, in(Pending), in(Active)},
		{WithdrawConsent, in(Active), in(Withdrawn)},
		{AddMember, in(Active), nil},
		{RemoveMember, in(Active), nil},
		{Start, in(Active), nil},
		{AskRecovery, in(Active), nil},
		{Erase, in(Pending, Active, Withdrawn), in(Erased)},
		{Sanction, in(Active, Withdrawn), nil},
		{Lift, in(Active, Withdrawn, Erased), nil},
		{SeeHolder, in(Pending, Active, Withdrawn), nil},
	},
	NounApplication: {
		{SaveDraft, in(Draft), nil},
		{AddDocument, in(Draft), nil},
		{RemoveDocument, in(Draft), nil},
		{AttestPresence, in(Draft), nil},
		{Discard, in(Draft), in(Discarded)},
		{Submit, in(Draft), in(Submitted)},
		{Withdraw, in(Submitted, InReview, AwaitingApplicant, OnHold, Proposed), in(Withdrawn)},
		{Assign, in(Submitted), in(Submitted, InReview)},
		{Assign, elsewhere, nil},
		{Claim, in(Submitted), in(InReview)},
		{Claim, elsewhere, nil},
		{Release, in(InReview), in(Submitted)},
		{Release, elsewhere, nil},
		{Reassign, underReview, in(InReview)},
		{Reassign, elsewhere, nil},
		{DeclareConflict, in(InReview), in(Submitted)},
		{DeclareConflict, elsewhere, nil},
		{Remind, append(in(AwaitingApplicant, Hearing), underWay...), nil},
		{Escalate, underWay, nil},
		{HandOn, in(InReview), in(InReview, Submitted)},
		{HandOn, elsewhere, nil},
		{Check, underReview, nil},
		{RecordFindings, underReview, nil},
		{Verdict, in(InReview, Proposed), nil},
		{Note, in(Submitted, InReview, Proposed, OnHold, Decided, Appealed, Questioned, Hearing, Heard), nil},
		{Hold, in(Submitted, InReview), in(OnHold)},
		{Resume, in(OnHold), in(InReview, Submitted)},
		{Merge, in(Submitted, InReview, AwaitingApplicant, OnHold), in(Withdrawn)},
		{Message, afterSubmit, nil},
		{MarkRead, afterSubmit, nil},
		{LogCall, afterSubmit, nil},
		{RequestCorrection, in(InReview), in(AwaitingApplicant)},
		{FillCorrection, in(AwaitingApplicant, Lapsed), nil}, // what comes too late is kept
		{AnswerCorrection, in(AwaitingApplicant), in(InReview, Submitted)},
		{AnswerCorrection, in(Lapsed), nil}, // too late
		{Lapse, in(AwaitingApplicant), in(Lapsed)},
		{Reopen, in(Lapsed), in(InReview, Submitted)},
		{MarkMalicious, in(InReview, Rejected, Withdrawn, Lapsed), nil},
		{ViewCase, afterSubmit, nil},
		{ViewDocument, afterSubmit, nil},
		{Propose, in(InReview), in(Proposed)},
		{Confirm, in(Proposed), in(Decided)},
		{Challenge, in(Proposed), in(InReview, Submitted)},
		{Export, afterSubmit, nil},
		{PlanErasure, ClosedStates, nil},
		{Erase, ClosedStates, nil},
		{LegalHold, afterSubmit, nil},
		{LiftHold, afterSubmit, nil},
		{Decide, in(InReview), in(Decided)},
		{TakeBack, in(Proposed, Decided), in(InReview)},
		{ReleaseResult, in(Decided), in(Approved, Rejected)},
		{Appeal, in(Rejected), in(Appealed)},
		{DecideAppeal, in(Appealed), in(Rejected, Approved, Submitted, InReview)},
		{NameDeputy, elsewhere, nil},
		{Reverse, in(Approved), in(Questioned)},
		{AgreeReversal, in(Questioned), in(Hearing)},
		{DropReversal, in(Questioned), in(Approved)},
		{AnswerHearing, in(Hearing), in(Heard)},
		{EndHearing, in(Hearing), in(Heard)},
		{DecideReversal, in(Heard), in(Approved, Reversed)},
		{Issue, in(Approved), nil},
		{LookAgain, in(Approved, Rejected), nil},
		{SeeDraft, in(Draft), nil},
		{SeeDocumentOwn, append(in(Draft), afterSubmit...), nil},
		{SeeApplication, append(in(Draft, Discarded), afterSubmit...), nil},
	},
	NounCertificate: {
		{ShowPublicly, in(Valid, Suspended), nil},
		{Suspend, in(Valid), in(Suspended)},
		{Reinstate, in(Suspended), in(Valid)},
		{Revoke, in(Valid, Suspended), in(Revoked)},
		{Recheck, in(Valid), nil},
		{Renew, in(Valid, Suspended, Expired), nil},
		{RequestChange, in(Valid), nil},
		{KeepValid, in(Valid), nil},
		{Issue, in(Valid, Suspended, Expired), in(Superseded)},
		{Warn, in(Valid, Suspended), nil},
		{Expire, in(Valid, Suspended), in(Expired)},
		{SeeCertificate, in(Valid, Suspended, Revoked, Expired, Superseded), nil},
	},
	NounType: {
		{SwitchType, in(Found, Enabled, Disabled), in(Enabled, Disabled)},
		{Adjust, in(Enabled, Disabled), nil},
		{StopRecheck, in(Enabled, Disabled), nil},
		{ResumeRecheck, in(Enabled, Disabled), nil},
	},
	NounMessage: {
		{Resend, in(Failed, Dead, Held), in(Queued)},
		{LogCall, in(Ring, Failed, Dead, Held), in(Sent)},
		{SeeOutbox, everyMessage, nil},
	},
	NounFeedback: {
		{AnswerFeedback, in(New), in(Resolved)},
	},
	NounConduct: {
		{Resolve, in(Open), in(Resolved)},
		{Appeal, in(Resolved), in(Appealed)},
		{DecideAppeal, in(Appealed), in(Upheld, AppealChanged)},
		{ViewComplaint, in(Open, Resolved, Appealed, Upheld, AppealChanged), nil},
	},
	NounRecovery: {
		{AgreeRecovery, in(Open), in(Pending)},
		{DropRecovery, in(Open, Pending), in(Withdrawn)},
		{EndRecovery, in(Pending), in(Resolved, Withdrawn)},
	},
}

// States returns every state that the table of a noun names.
func States(n Noun) []State {
	var all []State
	for _, t := range Transitions[n] {
		for _, s := range append(slices.Clone(t.From), t.To...) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Next returns the states that act may lead to from state; one that equals from where the act keeps it.
// Refused with not_now where the table has no line: an unknown pair is never allowed.
func Next(n Noun, from State, act Act) ([]State, error) {
	for _, t := range Transitions[n] {
		if t.Act == act && slices.Contains(t.From, from) {
			if len(t.To) == 0 {
				return []State{from}, nil
			}
			return t.To, nil
		}
	}
	return nil, Refuse("not_now", string(act), string(from))
}
