package command

import (
	"errors"
	"fmt"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/policies"
)

// person reads who the caller is now: roles count only while the account is in force.
func (tx *Tx) person() (flow.Person, error) {
	by := tx.caller
	switch by.Role {
	case flow.System:
		return flow.Person{ID: by.ID, Roles: []flow.Role{flow.System}}, nil
	case flow.Guest:
		return flow.Person{ID: by.ID, Roles: []flow.Role{flow.Guest}}, nil
	case flow.Applicant:
		row, err := tx.account(by.ID)
		if err != nil {
			return flow.Person{}, err
		}
		p := flow.Person{ID: row.ID}
		if row.State == flow.Active || row.State == flow.New {
			p.Roles = []flow.Role{flow.Applicant}
		}
		return p, nil
	}
	row, err := records.Load[*records.Staff](tx.DB, by.ID)
	if err != nil {
		return flow.Person{}, err
	}
	return row.Person(), nil
}

// admit asks who may (policy) and when (transition table). To anybody but colleagues "not yours" is "not found".
func (tx *Tx) admit(row records.Target, act flow.Act) error {
	head := row.Header()
	if d := tx.Desk.decision(tx.By, row, act); !d.Allow {
		tx.Desk.Log.Info("not admitted", "act", act, "noun", row.Noun(), "target", head.ID, "because", d.Because)
		if tx.By.Staff() {
			return ErrForbidden
		}
		return records.ErrNotFound
	}
	_, err := flow.Next(row.Noun(), head.State, act)
	return err
}

func (d *Desk) decision(by flow.Person, row records.Target, act flow.Act) policies.Decision {
	return d.Policy.Can(strs(by.Roles), string(act), string(row.Header().State), strs(flow.Relations(by, row.Subject())))
}

// May reports whether somebody may do an act to a row as it stands, by the policy and the table that Run goes by: for pages that
// offer it. The row is one that Load or Look has read.
func (d *Desk) May(by flow.Person, row records.Target, act flow.Act) bool {
	_, err := flow.Next(row.Noun(), row.Header().State, act)
	return err == nil && d.decision(by, row, act).Allow
}

// missing answers for a row that is not there as admit answers for one that a colleague has no right to, so that neither
// tells which of the two it is.
func (tx *Tx) missing(act flow.Act, err error) error {
	if !errors.Is(err, records.ErrNotFound) || !tx.By.Staff() {
		return err
	}
	if d := tx.Desk.Policy.Can(strs(tx.By.Roles), string(act), policies.Any, nil); !d.Allow {
		return ErrForbidden
	}
	return err
}

// current refuses an act on a revision that somebody else left behind.
func (tx *Tx) current(row records.Target, rev int64) error {
	head := row.Header()
	if rev == 0 || rev == head.Rev {
		return nil
	}
	last, found, err := ledger.Last(tx.DB, row.Table(), head.ID)
	if err != nil {
		return err
	}
	if !found { // the log does not name rows of this table: the last act that was done to it
		entries, err := ledger.Search(tx.DB, ledger.Query{Noun: string(row.Noun()), Target: head.ID, Limit: 1, Newest: true})
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return fmt.Errorf("revision %d of %s %s is ahead", rev, row.Noun(), head.ID)
		}
		last = entries[0]
	}
	return &Conflict{By: last.Actor, At: last.At, Act: flow.Act(last.Act)}
}

func strs[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
