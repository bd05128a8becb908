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

// Queue reads at most limit cases for a list, in order, without the people around them.
func Queue(db dbx.Builder, where dbx.Expression, limit int64, order ...string) ([]*Application, error) {
	return Some[*Application](db, where, limit, order...)
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
