package records

import (
	"github.com/pocketbase/dbx"
)

// Appeal is what an applicant says against a result: once for each.
type Appeal struct {
	Head
	Application string `db:"application"`
	Decision    string `db:"decision"` // against which
	By          string `db:"by"`       // the account
	Text        string `db:"text"`     // sealed
	Answer      string `db:"answer"`   // sealed
	DecidedBy   string `db:"decided_by"`
	DecidedAt   string `db:"decided_at"`
}

// Table names the table.
func (*Appeal) Table() string { return "appeals" }

// AppealOf reads the last appeal of a case; ErrNotFound where there is none.
func AppealOf(db dbx.Builder, application string) (*Appeal, error) {
	return Newest[*Appeal](db, dbx.HashExp{"application": application})
}
