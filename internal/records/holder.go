package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Holder is who can hold a certificate: a person or an institution. The account is not the holder.
type Holder struct {
	Head
	Kind       string `db:"kind"`  // person or institution
	Owner      string `db:"owner"` // the account that made it
	Own        bool   `db:"own"`   // the holder is the person behind the account
	Name       string `db:"name"`  // sealed
	NameBlind  string `db:"name_blind"`
	IDBlind    string `db:"id_blind"` // from the first application on
	Phone      string `db:"phone"`    // sealed; the holder's own, where it is not the account's
	PhoneBlind string `db:"phone_blind"`
	How        string `db:"how"` // how the holder agreed: self, code, sheet
	AgreedAt   string `db:"agreed_at"`
	Sheet      string `db:"sheet"` // the photographed sheet, a document

	members []*Member
}

// Table names the table.
func (*Holder) Table() string { return "holders" }

// Noun says what the row is in the transition table.
func (*Holder) Noun() flow.Noun { return flow.NounHolder }

// Around reads the members.
func (h *Holder) Around(db dbx.Builder) (err error) {
	h.members, err = All[*Member](db, dbx.HashExp{"holder": h.ID, "state": string(flow.Active)})
	return err
}

// Members returns who acts for the holder. It is complete after Load.
func (h *Holder) Members() []*Member { return h.members }

// Member is how an account acts for the holder; nil where it does not. It is complete after Load.
func (h *Holder) Member(account string) *Member {
	for _, m := range h.members {
		if m.Applicant == account {
			return m
		}
	}
	return nil
}

// Subject says who owns the holder, who is a member of it and who helps, and who the holder is.
func (h *Holder) Subject() flow.Subject {
	s := flow.Subject{Addressee: h.PhoneBlind, Blinds: []string{h.NameBlind, h.IDBlind, h.PhoneBlind}} // whoever proved the holder's own phone
	if h.State == flow.Pending {
		s.Owners = []string{h.Owner}
	}
	for _, m := range h.members {
		switch m.Role {
		case "owner":
			s.Owners = append(s.Owners, m.Applicant)
			s.Members = append(s.Members, m.Applicant)
		case "clerk":
			s.Members = append(s.Members, m.Applicant)
		case "helper":
			s.Helpers = append(s.Helpers, m.Applicant)
		}
	}
	return s
}

// Key names the key under which the holder's data are sealed.
func (h *Holder) Key() string { return "holder-" + h.ID }

// Member says that an account acts for a holder: owner, clerk, or helper by the holder's consent.
type Member struct {
	Head
	Holder    string `db:"holder"`
	Applicant string `db:"applicant"`
	Role      string `db:"role"`
}

// Table names the table.
func (*Member) Table() string { return "members" }

// Consent is what somebody agreed to, in which version, and when it was withdrawn.
type Consent struct {
	Head
	Applicant   string `db:"applicant"`
	Holder      string `db:"holder"`
	Kind        string `db:"kind"` // privacy, identity or acting
	Version     string `db:"version"`
	How         string `db:"how"`
	WithdrawnAt string `db:"withdrawn_at"`
}

// Table names the table.
func (*Consent) Table() string { return "consents" }

// HoldersOf reads the holders for whom an account acts.
func HoldersOf(db dbx.Builder, applicant string) ([]*Holder, error) {
	return All[*Holder](db, dbx.Or(
		dbx.NewExp("id IN (SELECT holder FROM members WHERE applicant={:a} AND state='active') AND state<>'erased'", dbx.Params{"a": applicant}),
		dbx.NewExp("owner={:o} AND state='pending'", dbx.Params{"o": applicant})))
}

// Consented reports whether the account agreed to this version of a consent and did not withdraw it.
func Consented(db dbx.Builder, applicant, kind, version string) (bool, error) {
	n, err := Count(db, "consents", dbx.HashExp{"applicant": applicant, "kind": kind, "version": version, "state": string(flow.Active)})
	return n > 0, err
}
