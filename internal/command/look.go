package command

import (
	"context"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// View is what may be read once the gate is passed: the row, and the desk's settings.
type View[R records.Target] struct {
	Row      R
	By       flow.Person
	Settings *records.Desk
	Today    flow.Day
	Now      time.Time
}

// Look passes the same gate as Run, for reading: the same policy, the same table, nothing written. What is seen of a
// person by a colleague is an act of its own (view_case, view_document, search_record) and goes through Run.
func Look[R records.Target](ctx context.Context, d *Desk, by Caller, act flow.Act, id string) (View[R], error) {
	tx := &Tx{Context: ctx, Desk: d, DB: d.App.DB(), Now: d.Now().UTC(), caller: by}
	v := View[R]{Now: tx.Now}
	var err error
	if tx.By, err = tx.person(); err != nil {
		return v, err
	}
	if v.Settings, err = d.Settings(); err != nil {
		return v, err
	}
	if v.Row, err = records.Load[R](tx.DB, id); err != nil {
		return v, tx.missing(act, err)
	}
	v.By, v.Today = tx.By, flow.DayOf(tx.Now, d.location(v.Settings.Zone))
	return v, tx.admit(v.Row, act)
}
