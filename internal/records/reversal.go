package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Reversal is the story of one approval that a lead found to be wrong: what was found, what the second person and the holder
// said of it, and what was decided.
type Reversal struct {
	Head
	Application string `db:"application"`
	Certificate string `db:"certificate"` // the one that came of the approval
	By          string `db:"by"`          // the lead
	Reasons     string `db:"reasons"`     // reason IDs, separated by commas
	Text        string `db:"text"`        // sealed: what was found
	Second      string `db:"second"`      // who agreed or did not
	Comment     string `db:"comment"`     // sealed: what they said
	Due         string `db:"due"`         // the last day for the holder's answer
	Suspended   bool   `db:"suspended"`   // the certificate was valid and is suspended by it: one suspended before stays so
	Answer      string `db:"answer"`      // sealed
	AnsweredBy  string `db:"answered_by"` // the account; empty: nothing came in time
	AnsweredAt  string `db:"answered_at"`
	Decision    string `db:"decision"` // sealed: what the holder is told
	DecidedBy   string `db:"decided_by"`
	DecidedAt   string `db:"decided_at"`
}

// Table names the table.
func (*Reversal) Table() string { return "reversals" }

// ReversalOf reads the last reversal of a case; ErrNotFound where there is none.
func ReversalOf(db dbx.Builder, application string) (*Reversal, error) {
	return Newest[*Reversal](db, dbx.HashExp{"application": application})
}

// Standing reads the certificate of an approved case as long as it is worth something; ErrNotFound where it is not any more.
func Standing(db dbx.Builder, application string) (*Certificate, error) {
	return Find[*Certificate](db, dbx.And(dbx.HashExp{"application": application}, dbx.In("state", string(flow.Valid), string(flow.Suspended))))
}
