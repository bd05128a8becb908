package records

import "github.com/pocketbase/dbx"

// Correspondence is one entry of what applicant and desk say to each other on a case: a message, or a call.
type Correspondence struct {
	Head
	Application string `db:"application"`
	Kind        string `db:"kind"`    // message or call
	Side        string `db:"side"`    // applicant or desk: who said it
	By          string `db:"by"`      // the account or the colleague
	Text        string `db:"text"`    // sealed; of a call: what was said, for colleagues only
	Number      string `db:"number"`  // sealed: the number that was rung
	Outcome     string `db:"outcome"` // of a call: reached, no_answer, wrong_number, left_word
	NextOn      string `db:"next_on"` // of a call: the day of the next try
	ReadAt      string `db:"read_at"` // by the other side
}

// Table names the table.
func (*Correspondence) Table() string { return "correspondence" }

// CorrespondenceOf reads the correspondence of a case, oldest first.
func CorrespondenceOf(db dbx.Builder, application string) ([]*Correspondence, error) {
	return All[*Correspondence](db, dbx.HashExp{"application": application})
}

// Attachments reads the documents of a case that came with its correspondence, oldest first.
func Attachments(db dbx.Builder, application string) ([]*Document, error) {
	return All[*Document](db, dbx.And(dbx.HashExp{"application": application, "state": "kept"}, dbx.Not(dbx.HashExp{"entry": ""})))
}
