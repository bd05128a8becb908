package records

import "github.com/pocketbase/dbx"

// Conditions on applications, written as the indexes of the queue have them, or SQLite does not see that they are about the same.
const (
	OpenCases   = "state in ('submitted','in_review','awaiting_applicant','on_hold','proposed','appealed','questioned','hearing','heard')"
	ClosedCases = "state in ('approved','rejected','withdrawn','lapsed','reversed')"
)

// Conditions on the states in which a colleague has a case, and in which one has it or is to have it: these can be late.
const (
	InHands  = "state IN ('in_review','proposed','appealed','questioned','heard')"
	UnderWay = "state IN ('submitted','in_review','proposed','appealed','questioned','heard')"
)

// Listed is a case as lists have it: the columns they show, to be read and never to be written. A whole case has sixty, and two
// hundred of them took most of the time of a queue.
type Listed struct {
	Head
	Ref         string `db:"ref"`
	Kind        string `db:"kind"`
	Type        string `db:"type"`
	Holder      string `db:"holder"`
	Name        string `db:"name"` // sealed
	SubmittedAt string `db:"submitted_at"`
	DueOn       string `db:"due_on"`
	HandOn      string `db:"hand_on"`
	Assignee    string `db:"assignee"`
	Checked     string `db:"checked"`
	ReleaseAt   string `db:"release_at"`
	ClosedAt    string `db:"closed_at"`
	Unread      string `db:"unread"`
	CallOn      string `db:"call_on"`
}

// Table names the table.
func (*Listed) Table() string { return (*Application)(nil).Table() }

// Key names the key under which the case is sealed.
func (a *Listed) Key() string { return caseKey(a.ID) }

// Queue reads at most limit cases for a list, in order.
func Queue(db dbx.Builder, where dbx.Expression, limit int64, order ...string) ([]*Listed, error) {
	return Some[*Listed](db, where, limit, order...)
}

// Latest reads the latest results of a type, of first applications and renewals, without the people around them. The condition
// is written as its index has it, or SQLite would walk through all of them.
func Latest(db dbx.Builder, typ string, limit int64) ([]*Application, error) {
	return Some[*Application](db, dbx.NewExp("type={:type} AND state in ('approved','rejected') AND kind in ('new','renewal') AND submitted_at<>''", dbx.Params{"type": typ}), limit, "closed_at DESC")
}

// Some reads at most limit rows for a list, in order, without the people around them.
func Some[R Row](db dbx.Builder, where dbx.Expression, limit int64, order ...string) ([]R, error) {
	return read[R](db, where, limit, order)
}
