package command

import (
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// What one act reads more than once about people is read once: accounts and colleagues, until something is written.
type known struct {
	accounts map[string]*records.Applicant
	staff    []*records.Staff // all that are active, by name
}

// account reads an account of the portal.
func (tx *Tx) account(id string) (*records.Applicant, error) {
	if a := tx.known.accounts[id]; a != nil {
		return a, nil
	}
	a, err := records.Load[*records.Applicant](tx.DB, id)
	if err != nil {
		return nil, err
	}
	if tx.known.accounts == nil {
		tx.known.accounts = map[string]*records.Applicant{}
	}
	tx.known.accounts[id] = a
	return a, nil
}

// colleagues reads the active colleagues, by name.
func (tx *Tx) colleagues() (all []*records.Staff, err error) {
	if tx.known.staff == nil {
		tx.known.staff, err = records.Staffs(tx.DB, flow.Active)
	}
	return tx.known.staff, err
}

// colleague reads one, active or not.
func (tx *Tx) colleague(id string) (*records.Staff, error) {
	for _, s := range tx.known.staff {
		if s.ID == id {
			return s, nil
		}
	}
	return records.Load[*records.Staff](tx.DB, id)
}
