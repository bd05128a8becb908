package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Recovery is how somebody got back to a holder whose account nobody could get into any more: who saw them, who agreed, which
// proved contact opens it from then on.
type Recovery struct {
	Head
	Holder  string `db:"holder"`
	Account string `db:"account"` // to which nobody gets any more
	Who     string `db:"who"`     // the same person, or another one of the institution
	Channel string `db:"channel"` // mail or sms
	Contact string `db:"contact"` // sealed; proved by a code
	Seen    string `db:"seen"`    // what the colleague had in hands, separated by commas
	Note    string `db:"note"`    // sealed
	Lang    string `db:"lang"`
	By      string `db:"by"`       // the colleague who saw them
	Second  string `db:"second"`   // who agreed
	DueOn   string `db:"due_on"`   // it counts from this day, unless somebody says no
	Into    string `db:"into"`     // the account that acts for the holder now
	EndedBy string `db:"ended_by"` // who said no: a colleague or the account
	EndedAt string `db:"ended_at"`

	holder *Holder
}

// Table names the table.
func (*Recovery) Table() string { return "recoveries" }

// Noun says what the row is in the transition table.
func (*Recovery) Noun() flow.Noun { return flow.NounRecovery }

// Around reads the holder.
func (r *Recovery) Around(db dbx.Builder) (err error) {
	r.holder, err = Load[*Holder](db, r.Holder)
	return err
}

// HolderRow is the holder. It is there after Load.
func (r *Recovery) HolderRow() *Holder { return r.holder }

// Subject says whose account it is, who saw the person, and who the holder is.
func (r *Recovery) Subject() flow.Subject {
	return flow.Subject{Account: r.Account, Proposer: r.By, Blinds: r.holder.Subject().Blinds}
}

// OpenRecovery reads the recovery of an account that nobody has ended yet; ErrNotFound where there is none.
func OpenRecovery(db dbx.Builder, account string) (*Recovery, error) {
	return Find[*Recovery](db, dbx.HashExp{"account": account, "state": []any{string(flow.Open), string(flow.Pending)}})
}
