package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Certificate is what a passed holder has. Badge, page and PDF are rendered from this row when asked for.
type Certificate struct {
	Head
	Number       string `db:"number"`
	Code         string `db:"code"` // verification code, 128 random bits
	Type         string `db:"type"`
	Digest       string `db:"digest"`
	Holder       string `db:"holder"`
	Application  string `db:"application"`
	Name         string `db:"name"`    // sealed under the holder's key
	Latin        string `db:"latin"`   // sealed
	IDTail       string `db:"id_tail"` // sealed: last four of the ID number, for paper
	Lang         string `db:"lang"`
	ValidFrom    string `db:"valid_from"`
	ExpiresOn    string `db:"expires_on"` // last day of validity
	RecheckOn    string `db:"recheck_on"`
	WarnOn       string `db:"warn_on"` // next day on which the holder is told
	Told         int64  `db:"told"`    // days before expiry of the last notice
	Shows        string `db:"shows"`   // what the public page shows of the name: full, masked or none
	Reason       string `db:"reason"`  // sealed: of the last suspension or revocation
	SupersededBy string `db:"superseded_by"`
	EvidenceOn   string `db:"evidence_on"`   // last day of the first evidence to end before the certificate; empty once a re-check looks at it
	EvidenceWarn string `db:"evidence_warn"` // next day on which the holder is told of it
	Proposed     string `db:"proposed"`      // the re-check that proposes to suspend it, until a lead has answered
	Hearing      string `db:"hearing"`       // the case whose approval is being reversed, until that is decided
	Imported     string `db:"imported"`      // the register with which it was taken over

	holder   *Holder
	assignee string
	declared string
	blinds   []string
}

// Table names the table.
func (*Certificate) Table() string { return "certificates" }

// Noun says what the row is in the transition table.
func (*Certificate) Noun() flow.Noun { return flow.NounCertificate }

// Around reads the holder, and who had the case that it came from and was named in it: whoever may not decide on a person may
// not revoke what that person has.
func (c *Certificate) Around(db dbx.Builder) (err error) {
	var blinds string
	c.holder, err = holderAnd(db, c.Holder, "coalesce((SELECT assignee FROM applications WHERE id=?), ''), coalesce((SELECT declared FROM applications WHERE id=?), ''), "+personsOf,
		[]any{c.Application, c.Application, c.Application}, &c.assignee, &c.declared, &blinds)
	c.blinds = List(blinds)
	return err
}

// HolderRow is the holder. It is there after Load.
func (c *Certificate) HolderRow() *Holder { return c.holder }

// Key names the key under which the certificate's data are sealed.
func (c *Certificate) Key() string { return "holder-" + c.Holder }

// Subject says who stands how to the certificate.
func (c *Certificate) Subject() flow.Subject {
	s := c.holder.Subject()
	s.Type, s.Assignee, s.Declared, s.Blinds = c.Type, c.assignee, List(c.declared), c.blinds
	return s
}
