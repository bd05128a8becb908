// Package flow holds the rules of the desk, and nothing else: what can be done, when, by whom in relation to a row, and
// by what reckoning. It is pure: no clock, no database, no PocketBase; data files are embedded, today is passed in.
package flow

// Act names one thing that can be done or seen. The same word is the permission, the route and the event in the ledger.
type Act string

// Word is one of the eight verbs, or of the three words around them, under which an act belongs.
type Word string

// The words of the desk, in the order of the process; account, conduct and improve stand around it.
const (
	WordAccount Word = "account"
	WordApply   Word = "apply"
	WordAssign  Word = "assign"
	WordReview  Word = "review"
	WordDecide  Word = "decide"
	WordNotify  Word = "notify"
	WordCertify Word = "certify"
	WordRecheck Word = "recheck"
	WordArchive Word = "archive"
	WordConduct Word = "conduct"
	WordImprove Word = "improve"
)

// The acts of account: who is here.
const (
	SetUp           Act = "set_up"
	Register        Act = "register"
	ConfirmContact  Act = "confirm_contact"
	Consent         Act = "consent"
	WithdrawConsent Act = "withdraw_consent"
	AddHolder       Act = "add_holder"
	AddMember       Act = "add_member"
	RemoveMember    Act = "remove_member"
	SignIn          Act = "sign_in"
	SignOut         Act = "sign_out"
	Reset           Act = "reset"
	EnrolFactor     Act = "enrol_factor"
	Recover         Act = "recover"
	AskRecovery     Act = "ask_recovery" // somebody comes for an account to which nobody gets any more
	AgreeRecovery   Act = "agree_recovery"
	DropRecovery    Act = "drop_recovery"
	EndRecovery     Act = "end_recovery"
	CloseAccount    Act = "close_account"
	Invite          Act = "invite"
	GrantRole       Act = "grant_role"
	RevokeRole      Act = "revoke_role"
	SetCapacity     Act = "set_capacity"
	SetAbsence      Act = "set_absence"
	Deactivate      Act = "deactivate"
)

// The acts of the eight verbs.
const (
	Start          Act = "start"
	SaveDraft      Act = "save_draft"
	AddDocument    Act = "add_document"
	RemoveDocument Act = "remove_document"
	Discard        Act = "discard"
	Submit         Act = "submit"
	Take           Act = "take"
	Withdraw       Act = "withdraw"

	Assign          Act = "assign"
	Claim           Act = "claim"
	Release         Act = "release"
	Reassign        Act = "reassign"
	DeclareConflict Act = "declare_conflict"
	Remind          Act = "remind"
	Escalate        Act = "escalate"
	HandOn          Act = "hand_on"

	Check          Act = "check"
	RecordFindings Act = "record_findings"
	Verdict        Act = "verdict"
	Note           Act = "note"
	Message        Act = "message"
	MarkRead       Act = "mark_read"
	Hold           Act = "hold"
	Resume         Act = "resume"
	Merge          Act = "merge"
	AttestPresence Act = "attest_presence"
	LogCall        Act = "log_call"

	RequestCorrection Act = "request_correction"
	FillCorrection    Act = "fill_correction"
	AnswerCorrection  Act = "answer_correction"
	Lapse             Act = "lapse"
	Reopen            Act = "reopen"

	ViewCase     Act = "view_case"
	ViewDocument Act = "view_document"
	SearchRecord Act = "search_record"

	Propose       Act = "propose"
	Confirm       Act = "confirm"
	Challenge     Act = "challenge"
	Decide        Act = "decide"
	TakeBack      Act = "take_back"
	ReleaseResult Act = "release_result"
	Appeal        Act = "appeal"
	DecideAppeal  Act = "decide_appeal"
	NameDeputy    Act = "name_deputy"

	Reverse        Act = "reverse"
	AgreeReversal  Act = "agree_reversal"
	DropReversal   Act = "drop_reversal"
	AnswerHearing  Act = "answer_hearing"
	EndHearing     Act = "end_hearing"
	DecideReversal Act = "decide_reversal"

	Resend        Act = "resend"
	ReleaseHeld   Act = "release_held"
	ChooseChannel Act = "choose_channel"
	SendTest      Act = "send_test"

	Issue        Act = "issue"
	ShowPublicly Act = "show_publicly"
	Suspend      Act = "suspend"
	Reinstate    Act = "reinstate"
	Revoke       Act = "revoke"

	Recheck       Act = "recheck"
	StopRecheck   Act = "stop_recheck"
	ResumeRecheck Act = "resume_recheck"
	Renew         Act = "renew"
	RequestChange Act = "request_change"
	KeepValid     Act = "keep_valid"
	Warn          Act = "warn"
	Expire        Act = "expire"
)

// The acts of archive.
const (
	Export       Act = "export"
	PlanErasure  Act = "plan_erasure"
	AgreeErasure Act = "agree_erasure"
	Erase        Act = "erase"
	LegalHold    Act = "legal_hold"
	LiftHold     Act = "lift_hold"
	Restore      Act = "restore" // a copy was put back
	Import       Act = "import"  // a register that was kept elsewhere is taken over
)

// The acts of conduct: honesty on both sides.
const (
	MarkMalicious Act = "mark_malicious"
	Sanction      Act = "sanction"
	Lift          Act = "lift"
	Pledge        Act = "pledge"
	RegisterGift  Act = "register_gift"

	Complain        Act = "complain"
	ViewComplaint   Act = "view_complaint"
	Resolve         Act = "resolve"
	SuspendReviewer Act = "suspend_reviewer"
	EndSuspension   Act = "end_suspension"
	LookAgain       Act = "look_again" // at what a suspended colleague decided
)

// The acts of improve.
const (
	GiveFeedback   Act = "give_feedback"
	AnswerFeedback Act = "answer_feedback"
	Adjust         Act = "adjust"
	ReviewProcess  Act = "review_process" // look at the figures of a quarter that is over
	SwitchType     Act = "switch_type"
	PauseClock     Act = "pause_clock"
	ResumeClock    Act = "resume_clock"
	MoveClock      Act = "move_clock"
)

// Reads go through the same gate as acts; what is seen of a person is recorded by the view_ and search_ acts above.
const (
	SeeDesk        Act = "see_desk"
	SeeQueue       Act = "see_queue"
	SeeOwn         Act = "see_own"
	SeeDraft       Act = "see_draft"
	SeeApplication Act = "see_application"
	SeeCertificate Act = "see_certificate"
	SeeHolder      Act = "see_holder"
	SeeAccount     Act = "see_account"
	SeeDocumentOwn Act = "see_document_own"
	SeeOutbox      Act = "see_outbox"
	SeeStaff       Act = "see_staff"
	SeeTypes       Act = "see_types"
	SeeRecord      Act = "see_record"
	SeeRetention   Act = "see_retention"
	SeeFeedback    Act = "see_feedback"
	SeeTeam        Act = "see_team"
	SeeReports     Act = "see_reports"
	SeeConduct     Act = "see_conduct"
	SeeRecoveries  Act = "see_recoveries"
	SeePublic      Act = "see_public" // what anybody may see
)

// Role is what a person is at the desk. An account may have several.
type Role string

// The roles. A guest has not signed in; system is the desk itself, acting for a clock or a plugin.
const (
	Guest     Role = "guest"
	Applicant Role = "applicant"
	Reviewer  Role = "reviewer"
	Lead      Role = "lead"
	Auditor   Role = "auditor"
	Manager   Role = "manager"
	System    Role = "system"
	Barred    Role = "barred" // a colleague who is suspended, in place of reviewer and lead
)

// StaffRoles are the roles that a manager grants.
var StaffRoles = []Role{Reviewer, Lead, Auditor, Manager}
