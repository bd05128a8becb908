package ui

// None is the view of a page that shows nothing of its own.
type None struct{}

// Views is the table of pages: the name of each, and the struct that it is rendered from.
var Views = map[string]any{
	"apply/landing":   Landing{},
	"apply/types":     Catalogue{},
	"apply/type":      TypePage{},
	"apply/start":     Start{},
	"apply/cooldown":  CoolDown{},
	"apply/question":  Question{},
	"apply/slot":      Slot{},
	"apply/check":     CheckAnswers{},
	"apply/submitted": Submitted{},
	"apply/status":    Status{},
	"apply/withdraw":  Confirm{},
	"apply/discard":   Confirm{},

	"review/correction":       Correction{},
	"review/correction_check": Correction{},
	"review/correction_words": Question{},
	"review/messages":         Messages{},

	"decide/passed":     Result{},
	"decide/not_passed": Result{},
	"decide/appeal":     Appeal{},
	"decide/hearing":    Hearing{},
	"decide/letter":     Letter{},

	"account/phone":              SignIn{},
	"account/email":              SignIn{},
	"account/password":           SignIn{},
	"account/code":               Code{},
	"account/identify":           Identify{},
	"account/register":           SignIn{},
	"account/reset":              SignIn{},
	"account/new_password":       NewPassword{},
	"account/signed_out":         None{},
	"account/privacy":            Privacy{},
	"account/consent":            Consent{},
	"account/me":                 Me{},
	"account/account":            Account{},
	"account/contact":            Contact{},
	"account/change_password":    NewPassword{},
	"account/close":              Confirm{},
	"account/recovery":           Recovery{},
	"account/data":               OwnData{},
	"account/holder_new":         HolderKinds{},
	"account/holder_person":      HolderForm{},
	"account/holder_other":       HolderForm{},
	"account/holder_institution": HolderForm{},
	"account/holder_consent":     HolderConsent{},
	"account/holder_sheet":       Sheet{},
	"account/holder_end":         Confirm{},
	"account/members":            Members{},
	"account/acting":             SignIn{},
	"account/acting_list":        Acting{},
	"account/setup_code":         Setup{},
	"account/setup":              Setup{},

	"certify/certificate": Certificate{},
	"certify/print":       Certificate{},
	"certify/verify":      Verify{},
	"certify/public":      Public{},

	"recheck/changes": Changes{},

	"conduct/sanctions": Sanctions{},
	"conduct/complain":  Complain{},
	"conduct/thanks":    Complained{},

	"improve/feedback": Feedback{},
	"improve/thanks":   Thanks{},
	"improve/changes":  Adjustments{},

	"notify/help": Help{},

	"demo/home":   Demo{},
	"demo/outbox": DemoOutbox{},
	"demo/clock":  DemoClock{},

	"error/403":     Error{},
	"error/404":     Error{},
	"error/409":     Error{},
	"error/413":     Error{},
	"error/429":     Error{},
	"error/500":     Error{},
	"error/503":     Error{},
	"error/refused": Error{},
}
