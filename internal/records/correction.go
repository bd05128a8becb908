package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Correction is one round of asking an applicant to put something right: what was asked, what was answered so far, and what
// that changed. Open while it is awaited, resolved by an answer, lapsed without one, withdrawn with its case. The documents
// of an answer are pending until it is sent; what they took the place of is superseded, and stays.
type Correction struct {
	Head
	Application string `db:"application"`
	Round       int64  `db:"round"`
	Asked       string `db:"asked"`   // sealed flow.Correction
	Given       string `db:"given"`   // sealed flow.Given: kept from the first word on
	Changes     string `db:"changes"` // sealed list of flow.Changed
	By          string `db:"by"`      // who asked
	Due         string `db:"due"`     // the last day
	AnsweredAt  string `db:"answered_at"`
	LateAt      string `db:"late_at"` // sent after the last day: kept, not taken
}

// Table names the table.
func (*Correction) Table() string { return "corrections" }

// Corrections reads the rounds of a case, the last first.
func Corrections(db dbx.Builder, application string) ([]*Correction, error) {
	return All[*Correction](db, dbx.HashExp{"application": application}, "made DESC", "id DESC")
}

// PendingDocuments reads the documents that were added to an answer that is not sent yet.
func PendingDocuments(db dbx.Builder, application string) ([]*Document, error) {
	return All[*Document](db, dbx.HashExp{"application": application, "state": string(flow.Pending)})
}

// Ended reads the last application of a holder for a type that came to its end; false where there is none, and where that one
// was approved, for good or not.
func Ended(db dbx.Builder, holder, typ string) (*Application, bool, error) {
	last, err := Some[*Application](db, dbx.And(dbx.HashExp{"holder": holder, "type": typ, "kind": "new"}, dbx.In("state", "approved", "rejected", "withdrawn", "lapsed", "reversed")), 1, "closed_at DESC")
	if err != nil || len(last) == 0 || last[0].State == flow.Approved || last[0].State == flow.Reversed {
		return nil, false, err
	}
	return last[0], true, nil
}
