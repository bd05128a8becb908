package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Application is a case, from its first draft on. Its row is the schedule: every date on which something falls due is a
// column, and sweeps look for due rows.
type Application struct {
	Head
	Ref         string `db:"ref"`
	Kind        string `db:"kind"` // new, renewal, change, recheck, or imported
	Type        string `db:"type"`
	Digest      string `db:"digest"` // the description it follows; pinned at submit
	Holder      string `db:"holder"`
	Applicant   string `db:"applicant"`   // who filled it in
	Certificate string `db:"certificate"` // the one to renew or look at again
	Answers     string `db:"answers"`     // sealed
	Name        string `db:"name"`        // sealed: the holder's name as answered, for lists
	Changes     string `db:"changes"`     // of a change: what has changed, in the words of its type, separated by commas
	Place       string `db:"place"`       // the page or slot last worked on
	VisitCode   string `db:"visit_code"`  // named at the counter, to have presence attested
	AttestedBy  string `db:"attested_by"`
	AttestedAt  string `db:"attested_at"`
	TakenBy     string `db:"taken_by"`
	Lang        string `db:"lang"`
	SubmittedAt string `db:"submitted_at"`
	RemindOn    string `db:"remind_on"`
	DueOn       string `db:"due_on"`
	Late        bool   `db:"late"`    // escalated
	HandOn      string `db:"hand_on"` // late, and goes to somebody else on this day
	Assignee    string `db:"assignee"`
	AssignedAt  string `db:"assigned_at"`
	Declared    string `db:"declared"` // staff who declared a conflict, separated by commas
	Checked     string `db:"checked"`  // "", waiting, done or failed
	Outcome     string `db:"outcome"`  // passed or not_passed
	DecidedBy   string `db:"decided_by"`
	DecidedAt   string `db:"decided_at"`
	Proposer    string `db:"proposer"`    // who proposed the result, where a second person confirms it
	SecondedBy  string `db:"seconded_by"` // who confirmed it
	Part        string `db:"part"`        // who had part in the result that was appealed, separated by commas
	Deputy      string `db:"deputy"`      // named for this one case
	ReleaseAt   string `db:"release_at"`
	ClosedAt    string `db:"closed_at"`
	AgainOn     string `db:"again_on"` // may apply again from this day
	Never       bool   `db:"never"`    // may not apply again
	Fatal       bool   `db:"fatal"`
	Unread      string `db:"unread"`      // since when something that the applicant wrote is unread at the desk
	Unseen      string `db:"unseen"`      // since when something that the desk wrote is unread by the applicant
	CallOn      string `db:"call_on"`     // the day on which somebody is to be rung again
	HeldOn      string `db:"held_on"`     // on hold since this day
	HeldUntil   string `db:"held_until"`  // and until this one
	MergedInto  string `db:"merged_into"` // the case that stays in place of this one
	KeptFrom    string `db:"kept_from"`   // the closing from which EraseOn was reckoned
	EraseOn     string `db:"erase_on"`
	ErasedAt    string `db:"erased_at"`
	LegalHold   bool   `db:"legal_hold"` // nothing of it is erased as long as this stands

	Round       int64  `db:"round"`         // how often a correction was asked for
	AnswerDue   string `db:"answer_due"`    // the last day for the applicant's answer
	AnswerAskOn string `db:"answer_ask_on"` // the applicant is reminded on this day
	StoppedOn   string `db:"stopped_on"`    // the review clock stands still since this day
	Previous    string `db:"previous"`      // the application that this one starts from
	Malicious   bool   `db:"malicious"`     // a reviewer found it to be so: it weighs more in the cool-down

	holder    *Holder
	blinds    []string
	successor string // who has the case that this one was merged into
}

// Table names the table.
func (*Application) Table() string { return "applications" }

// Noun says what the row is in the transition table.
func (*Application) Noun() flow.Noun { return flow.NounApplication }

// Key names the key under which the case is sealed.
func (a *Application) Key() string { return caseKey(a.ID) }

func caseKey(id string) string { return "case-" + id }

// Around reads the holder and the persons of the case.
func (a *Application) Around(db dbx.Builder) (err error) {
	var blinds string
	a.holder, err = holderAnd(db, a.Holder, personsOf, []any{a.ID}, &blinds)
	a.blinds = List(blinds)
	if err != nil || a.MergedInto == "" {
		return err
	}
	return one(db, "SELECT assignee FROM applications WHERE id=?", []any{a.MergedInto}, &a.successor)
}

// HolderRow is the holder. It is there after Load.
func (a *Application) HolderRow() *Holder { return a.holder }

// Speaker is the account to speak with about the case: the one that filled it in, or where that acts no more, one that does now. It is
// complete after Load.
func (a *Application) Speaker() string {
	if all := a.holder.Members(); len(all) > 0 && a.holder.Member(a.Applicant) == nil {
		return all[0].Applicant
	}
	return a.Applicant
}

// SetHolder names the holder of a case that is being made.
func (a *Application) SetHolder(h *Holder) { a.holder = h }

// Persons returns the blind indexes of everybody named in the case. It is complete after Load.
func (a *Application) Persons() []string { return a.blinds }

// SetPersons names the persons of a case that is being indexed.
func (a *Application) SetPersons(blinds []string) { a.blinds = blinds }

// Subject says who stands how to the case.
func (a *Application) Subject() flow.Subject {
	s := a.holder.Subject()
	s.Assignee, s.Attester, s.Taker, s.Type = a.Assignee, a.AttestedBy, a.TakenBy, a.Type
	s.Successor = a.successor
	s.Declared, s.Blinds = List(a.Declared), a.blinds
	s.Proposer, s.Deputy = a.Proposer, a.Deputy
	for _, staff := range append(List(a.Part), a.DecidedBy, a.SecondedBy) {
		if staff != "" {
			s.Decided = append(s.Decided, staff)
		}
	}
	return s
}

// Person is one entry of the blind index: somebody named in a case, by name, number or phone.
type Person struct {
	Head
	Application string `db:"application"`
	Kind        string `db:"kind"` // name, id or phone
	Blind       string `db:"blind"`
}

// Table names the table.
func (*Person) Table() string { return "persons" }

// Document is one stored piece of evidence: the sealed original and its re-rendered pages.
type Document struct {
	Head
	Application string `db:"application"`
	Holder      string `db:"holder"` // set for a sheet of consent
	Slot        string `db:"slot"`
	Name        string `db:"name"` // sealed
	Media       string `db:"media"`
	Bytes       int64  `db:"bytes"`
	Pages       int64  `db:"pages"`
	Width       int64  `db:"width"`
	Height      int64  `db:"height"`
	Blur        int64  `db:"blur"`
	Blob        string `db:"blob"`
	Views       string `db:"views"` // blobs of the pages, separated by commas
	Mark        string `db:"mark"`  // keyed digest of the original: the same file again is seen
	AddedBy     string `db:"added_by"`
	DayCode     string `db:"day_code"` // the code of the day on which it was added
	Origin      string `db:"origin"`   // kept from this earlier case, under whose key its bytes are sealed
	Entry       string `db:"entry"`    // of the correspondence: it is an attachment
}

// Table names the table.
func (*Document) Table() string { return "documents" }

// Key names the key under which the bytes are sealed: of the holder for a sheet of consent, of the case that they first came with
// for what a change keeps.
func (d *Document) Key() string {
	switch {
	case d.Origin != "":
		return caseKey(d.Origin)
	case d.Application != "":
		return caseKey(d.Application)
	}
	return "holder-" + d.Holder
}

// Documents reads the evidence of a case that is kept, oldest first; attachments are no evidence.
func Documents(db dbx.Builder, application string) ([]*Document, error) {
	return All[*Document](db, dbx.HashExp{"application": application, "state": "kept", "entry": ""})
}

// Finding is what a type's check said, sealed.
type Finding struct {
	Head
	Application string `db:"application"`
	Level       string `db:"level"`
	Body        string `db:"body"` // sealed sdk.Finding
}

// Table names the table.
func (*Finding) Table() string { return "findings" }

// Verdict is a reviewer's judgement on one item of the checklist.
type Verdict struct {
	Head
	Application string `db:"application"`
	Item        string `db:"item"`
	Value       string `db:"value"` // ok, bad or ask
	How         int64  `db:"how"`   // which of the item's ways
	Note        string `db:"note"`  // sealed
	By          string `db:"by"`
	At          string `db:"at"`
}

// Table names the table.
func (*Verdict) Table() string { return "verdicts" }

// Note is an internal note on a case.
type Note struct {
	Head
	Application string `db:"application"`
	Text        string `db:"text"` // sealed
	By          string `db:"by"`
}

// Table names the table.
func (*Note) Table() string { return "notes" }

// Task is a review task: who has the case from when to when, and why them.
type Task struct {
	Head
	Application string `db:"application"`
	Assignee    string `db:"assignee"`
	Why         string `db:"why"` // JSON of flow.Why for every colleague
	EndedAt     string `db:"ended_at"`
	EndedAs     string `db:"ended_as"`
}

// Table names the table.
func (*Task) Table() string { return "tasks" }

// Decision is a result, from the moment it is made; it leaves when it is released.
type Decision struct {
	Head
	Application string `db:"application"`
	Outcome     string `db:"outcome"`
	Reasons     string `db:"reasons"` // reason IDs, separated by commas
	Extra       string `db:"extra"`   // sealed
	Letter      string `db:"letter"`  // sealed
	By          string `db:"by"`
	Second      string `db:"second"`  // who confirmed or challenged what By proposed
	Comment     string `db:"comment"` // sealed: what the second person said
	ReleasedAt  string `db:"released_at"`
	AgainOn     string `db:"again_on"`
	Never       bool   `db:"never"`
	Fatal       bool   `db:"fatal"`
}

// Table names the table.
func (*Decision) Table() string { return "decisions" }
