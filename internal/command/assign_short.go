package command

// A rule that asks for more people than there are is said where it is made: when a type is switched on, and when somebody who
// is needed for it leaves.

import (
	"encoding/json"
	"errors"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Short reports which of the types that are on ask for more people than there are.
func (d *Desk) Short(db dbx.Builder) ([]flow.Shortage, error) {
	staff, err := records.Staffs(db, flow.Active)
	if err != nil {
		return nil, err
	}
	var reviewers []flow.Candidate
	for _, s := range staff {
		if p := s.Person(); p.Has(flow.Reviewer) {
			reviewers = append(reviewers, flow.Candidate{ID: s.ID, Types: p.Types})
		}
	}
	on, err := records.All[*records.Type](db, dbx.HashExp{"state": string(flow.Enabled)}, "id")
	if err != nil {
		return nil, err
	}
	var types []sdk.Type
	for _, row := range on {
		t, err := records.Describe(db, row.Digest)
		if errors.Is(err, records.ErrNotFound) { // it never said what it is, so it asks for nobody
			continue
		}
		if err != nil {
			return nil, err
		}
		t.ID = row.ID
		types = append(types, t)
	}
	return flow.Short(types, reviewers), nil
}

// sayShort answers with what is short once the act is done, as JSON under "short".
func (tx *Tx) sayShort() error {
	if err := tx.flush(); err != nil {
		return err
	}
	list, err := tx.Desk.Short(tx.DB)
	if err != nil || len(list) == 0 {
		return err
	}
	raw, err := json.Marshal(list)
	tx.Answer("short", string(raw))
	return err
}
