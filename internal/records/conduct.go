package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Conduct is a conduct case: a complaint, what was found, what follows from it by which rule, and the appeal of whom it is about.
type Conduct struct {
	Head
	Ref         string `db:"ref"`
	Kind        string `db:"kind"`        // of flow.ComplaintKinds
	Toward      string `db:"toward"`      // reviewer, manager, or "" where the person who complains does not know
	About       string `db:"about"`       // the colleague; "" until it is known
	Application string `db:"application"` // the case that it is about, if any
	Person      string `db:"person"`      // the account or colleague who complains; "" where nobody was signed in
	Lang        string `db:"lang"`
	Text        string `db:"text"`    // sealed JSON of flow.Complaint
	Contact     string `db:"contact"` // sealed
	DueOn       string `db:"due_on"`
	Finding     string `db:"finding"` // founded or unfounded
	Measure     string `db:"measure"` // of flow.Measures
	Rule        string `db:"rule"`    // sealed: which rule was broken
	Note        string `db:"note"`    // sealed: what was found
	DecidedBy   string `db:"decided_by"`
	DecidedAt   string `db:"decided_at"`
	AppealUntil string `db:"appeal_until"`
	Appeal      string `db:"appeal"` // sealed
	AppealedAt  string `db:"appealed_at"`
	Answer      string `db:"answer"` // sealed
	AnsweredBy  string `db:"answered_by"`
	AnsweredAt  string `db:"answered_at"`

	handlers []string
}

// Table names the table.
func (*Conduct) Table() string { return "conduct_cases" }

// Noun says what the row is in the transition table.
func (*Conduct) Noun() flow.Noun { return flow.NounConduct }

// Around reads who may deal with the case now.
func (c *Conduct) Around(db dbx.Builder) error {
	staff, err := Staffs(db, flow.Active)
	c.handlers = HandlersOf(staff, c)
	return err
}

// Meet says who is there to deal with the case, as Around reads it.
func (c *Conduct) Meet(staff []*Staff) { c.handlers = HandlersOf(staff, c) }

// HandlersOf says who of these colleagues deals with a case.
func HandlersOf(staff []*Staff, c *Conduct) []string {
	var people []flow.Person
	for _, s := range staff {
		people = append(people, s.Person())
	}
	return flow.Handlers(people, c.About, c.Toward, c.DecidedBy)
}

// Subject says whom the case is about, who deals with it and who decided it.
func (c *Conduct) Subject() flow.Subject {
	s := flow.Subject{Accused: c.About, Handlers: c.handlers}
	if c.DecidedBy != "" {
		s.Decided = []string{c.DecidedBy}
	}
	return s
}
