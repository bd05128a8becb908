package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/sqlite"
)

// Application is a case, from its first draft on. Its row is the schedule: every date on which something falls due is a
// column, and sweeps look for due rows.
type Application struct {
	Head
	Ref         string `db:"ref"`
	Kind        string `db:"kind"` // new, renewal or recheck
	Type        string `db:"type"`
	Digest      string `db:"digest"` // the description it follows; pinned at submit
	Holder      string `db:"holder"`
	Applicant   string `db:"applicant"`   // who filled it in
	Certificate string `db:"certificate"` // the one to renew or look at again
	Answers     string `db:"answers"`     // sealed
	Name        string `db:"name"`        // sealed: the holder's name as answered, for lists
	Place       string `db:"place"`       // the page or slot last worked on
	VisitCode   string `db:"visit_code"`  // named at the counter, to have presence attested
	AttestedBy  string `db:"attested_by"`
	AttestedAt  string `db:"attested_at"`
	TakenBy     string `db:"taken_by"`
	Lang        string `db:"lang"`
	SubmittedAt string `db:"submitted_at"`
	RemindOn    string `db:"remind_on"`
	DueOn       string `db:"due_on"`
	Late        bool   `db:"late"` // escalated
	Assignee    string `db:"assignee"`
	AssignedAt  string `db:"assigned_at"`
	Declared    string `db:"declared"` // staff who declared a conflict, separated by commas
	Checked     string `db:"checked"`  // "", waiting, done or failed
	Outcome     string `db:"outcome"`  // passed or not_passed
	DecidedBy   string `db:"decided_by"`
	DecidedAt   string `db:"decided_at"`
	ReleaseAt   string `db:"release_at"`
	ClosedAt    string `db:"closed_at"`
	AgainOn     string `db:"again_on"` // may apply again from this day
	Never       bool   `db:"never"`    // may not apply again
	Fatal       bool   `db:"fatal"`

	holder *Holder
	blinds []string
}

// Table names the table.
func (*Application) Table() string { return "applications" }

// Noun says what the row is in the transition table.
func (*Application) Noun() flow.Noun { return flow.NounApplication }

// Key names the key under which the case is sealed.
func (a *Application) Key() string { return "case-" + a.ID }

// Around reads the holder and the persons of the case.
func (a *Application) Around(db dbx.Builder) (err error) {
	if a.holder, err = Load[*Holder](db, a.Holder); err != nil {
		return err
	}
	rows, err := sqlite.Direct(db).Query("SELECT blind FROM persons WHERE application=?", a.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	a.blinds = []string{}
	for rows.Next() {
		var blind string
		if err := rows.Scan(&blind); err != nil {
			return err
		}
		a.blinds = append(a.blinds, blind)
	}
	return rows.Err()
}

// HolderRow is the holder. It is there after Load.
func (a *Application) HolderRow() *Holder { return a.holder }

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
	s.Declared, s.Blinds = List(a.Declared), a.blinds
	if a.DecidedBy != "" {
		s.Decided = []string{a.DecidedBy}
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
}

// Table names the table.
func (*Document) Table() string { return "documents" }

// Documents reads the documents of a case that are kept, oldest first.
func Documents(db dbx.Builder, application string) ([]*Document, error) {
	return All[*Document](db, dbx.HashExp{"application": application, "state": "kept"})
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
	ReleasedAt  string `db:"released_at"`
	AgainOn     string `db:"again_on"`
	Never       bool   `db:"never"`
	Fatal       bool   `db:"fatal"`
}

// Table names the table.
func (*Decision) Table() string { return "decisions" }
