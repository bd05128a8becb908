package command

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// What happens when no answer comes, or comes too late: the case ends without a result, nothing that was written is lost, and
// it can be taken up again for a while.

// Lapse ends a case whose applicant did not answer in time. It is no result and starts no cool-down. A re-check that is
// not answered proposes to the leads to suspend.
var Lapse = Act[*records.Application, struct{}]{flow.Lapse, func(tx *Tx, app *records.Application, _ struct{}) error {
	if err := flow.CheckLapse(flow.Day(app.AnswerDue), tx.Today()); err != nil {
		return err
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if err := tx.endRound(app, flow.Lapsed); err != nil {
		return err
	}
	if err := tx.endTask(app, "lapsed"); err != nil {
		return err
	}
	app.ClosedAt = tx.Stamp()
	tx.Update(app)
	if app.Kind == "recheck" { // nobody answered about a certificate that holds: a lead decides what follows
		if err := tx.proposeSuspension(app); err != nil {
			return err
		}
	}
	until := tx.Today().AddDays(t.Correction.ReopenWithin())
	return tx.TellCase(app, "lapsed", Words{"type": t.Name.In(app.Lang), "until": string(until)})
}}

// endRound closes the round of a case that ends while it is awaited.
func (tx *Tx) endRound(app *records.Application, as flow.State) error {
	app.AnswerDue, app.AnswerAskOn = "", ""
	tx.Update(app)
	all, err := records.Corrections(tx.DB, app.ID)
	if err == nil && len(all) > 0 && all[0].State == flow.Open {
		all[0].State = as
		tx.Update(all[0])
	}
	return err
}

// late notes that something of an answer came after the last day: it is kept, and the reviewer hears of it once.
func (tx *Tx) late(app *records.Application, r *Round) error {
	if app.State != flow.Lapsed || r.Row.LateAt != "" {
		return nil
	}
	r.Row.LateAt = tx.Stamp()
	tx.Update(r.Row)
	s, err := tx.colleague(app.Assignee)
	if err != nil || s.State != flow.Active {
		return tx.TellRole(flow.Lead, "answered_late", Words{"ref": app.Ref})
	}
	tx.TellStaff(s, "answered_late", Words{"ref": app.Ref})
	return nil
}

// Reopen takes a lapsed case up again, within the type's window. An answer that came too late but complete is taken now;
// otherwise the round that lapsed does not count, so that it can be asked for again. Refused with reopen_over, and with
// applied_again where another application of the holder for the type has taken its place.
var Reopen = Act[*records.Application, Handed]{flow.Reopen, func(tx *Tx, app *records.Application, in Handed) error {
	r, err := tx.round(app)
	if err != nil {
		return err
	}
	again, err := records.Count(tx.DB, "applications", dbx.And(dbx.HashExp{"holder": app.Holder, "type": app.Type, "kind": app.Kind, "certificate": app.Certificate},
		dbx.In("state", "submitted", "in_review", "awaiting_applicant", "on_hold", "proposed", "decided", "approved", "appealed", "questioned", "hearing", "heard"), dbx.NewExp("submitted_at>{:at}", dbx.Params{"at": app.SubmittedAt})))
	if err != nil {
		return err
	}
	if again > 0 {
		return flow.Refuse("applied_again")
	}
	tx.Said(in.Why)
	app.ClosedAt = ""
	tx.newTask(app, app.Assignee, nil)
	if r.Row.LateAt != "" && len(r.Unanswered()) == 0 && len(r.problems(app, tx.Today())) == 0 {
		err = tx.take(app, r)
	} else {
		app.Round--
		changes := r.changed()
		tx.put(r, changes, flow.Superseded) // to be seen, and no part of another round
		tx.sealPart(app, r.Row, "changes", &r.Row.Changes, changes)
		r.Row.State = flow.Closed
		tx.Update(r.Row)
	}
	if err != nil {
		return err
	}
	if err := tx.TellCase(app, "reopened", nil); err != nil {
		return err
	}
	return tx.goOn(app, "returned")
}}
