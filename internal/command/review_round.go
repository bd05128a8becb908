package command

import (
	"encoding/json"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Round is one round of correction, opened: what acts and pages of it look at.
type Round struct {
	Row       *records.Correction
	Type      sdk.Type
	Asked     flow.Correction
	Given     flow.Given
	Changes   []flow.Changed
	Before    sdk.Answers         // of the case, as it is
	Documents []*records.Document // of the answer, not sent yet
	Kept      []*records.Document // of the case, as it is
}

// Round opens a round of a case.
func (d *Desk) Round(db dbx.Builder, app *records.Application, t sdk.Type, c *records.Correction) (r *Round, err error) {
	r = &Round{Row: c, Type: t}
	for _, part := range []struct {
		column, sealed string
		into           any
	}{{"asked", c.Asked, &r.Asked}, {"given", c.Given, &r.Given}, {"changes", c.Changes, &r.Changes}} {
		raw, err := d.Open(app.Key(), "corrections."+part.column+" "+c.ID, part.sealed)
		if err != nil {
			return nil, err
		}
		if raw == "" {
			continue
		}
		if err := json.Unmarshal([]byte(raw), part.into); err != nil {
			return nil, err
		}
	}
	if r.Before, err = d.Answers(app); err != nil {
		return nil, err
	}
	if c.State != flow.Open && c.State != flow.Lapsed {
		return r, nil
	}
	if r.Documents, err = records.PendingDocuments(db, app.ID); err != nil {
		return nil, err
	}
	r.Kept, err = records.Documents(db, app.ID)
	return r, err
}

// round opens the round that is awaited; the one that lapsed, as long as the case may be reopened.
func (tx *Tx) round(app *records.Application) (*Round, error) {
	all, err := records.Corrections(tx.DB, app.ID)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || all[0].State != flow.Open && all[0].State != flow.Lapsed {
		return nil, flow.Refuse("not_now", string(flow.AnswerCorrection), string(app.State))
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return nil, err
	}
	if app.State == flow.Lapsed {
		if err := flow.CheckReopen(t, tx.dayOf(app.ClosedAt), tx.Today()); err != nil {
			return nil, err
		}
	}
	return tx.Desk.Round(tx.DB, app, t, all[0])
}

func (tx *Tx) dayOf(stamp string) flow.Day {
	return flow.DayOf(records.Moment(stamp), tx.Desk.location(tx.Settings.Zone))
}

// Opened are the fields that this round opens, with what was given so far.
func (r *Round) Opened() []string {
	return flow.Opened(r.Asked, r.Type, r.Before, r.Given.Over(r.Before))
}

// Opens reports whether a field is open.
func (r *Round) Opens(field string) bool { return slices.Contains(r.Opened(), field) }

// Have counts the new documents by slot.
func (r *Round) Have() map[string]int {
	have := map[string]int{}
	for _, d := range r.Documents {
		have[d.Slot]++
	}
	return have
}

// Unanswered are the items that have no answer yet.
func (r *Round) Unanswered() []string {
	return flow.Unanswered(r.Asked, r.Type, r.Before, r.Given, r.Have())
}

// problems says what is wrong in the fields that are open, as the form would be with this answer. What else is wrong by now
// was not asked for.
func (r *Round) problems(app *records.Application, today flow.Day) (list []sdk.Problem) {
	have := r.Have()
	for _, d := range r.Kept {
		if have[d.Slot] == 0 || !r.Opens(d.Slot) {
			have[d.Slot]++
		}
	}
	for _, p := range check.Form(r.Type, r.Given.Over(r.Before), have, app.AttestedBy != "", string(today)) {
		if r.Opens(p.Field) {
			list = append(list, p)
		}
	}
	return list
}

// Written is what the round changed; of one that was not taken, what it would change.
func (r *Round) Written() []flow.Changed {
	if r.Row.Changes != "" {
		return r.Changes
	}
	return r.changed()
}

// changed says what an answer changes, before and after.
func (r *Round) changed() (changes []flow.Changed) {
	for _, f := range r.Opened() {
		after, given := r.Given.Answers[f]
		c := flow.Changed{Of: f, Before: r.Before[f], After: after}
		for _, d := range r.Documents {
			if d.Slot == f {
				c.New = append(c.New, d.ID)
			}
		}
		for _, d := range r.Kept {
			if d.Slot == f && len(c.New) > 0 {
				c.Old = append(c.Old, d.ID)
			}
		}
		if given && c.Before != c.After || len(c.New) > 0 {
			changes = append(changes, c)
		}
	}
	return changes
}
