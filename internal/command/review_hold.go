package command

import (
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Pause is why a case waits, and until which day.
type Pause struct {
	Reason string `json:"reason"`
	Until  string `json:"until"`
}

// Hold stops the review clock until a day. The reason is for colleagues; the applicant is told the day. The case resumes by
// itself on that day, in the state that it was held from.
var Hold = Act[*records.Application, Pause]{flow.Hold, func(tx *Tx, app *records.Application, in Pause) error {
	if err := flow.CheckHold(in.Reason, flow.Day(in.Until), tx.Today()); err != nil {
		return err
	}
	tx.Said(in.Reason)
	app.HeldOn, app.HeldUntil, app.HeldFrom = string(tx.Today()), in.Until, string(tx.from())
	tx.Update(app)
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	return tx.TellCase(app, "held", Words{"type": t.Name.In(app.Lang), "until": app.HeldUntil})
}}

// from is the state that the act of this step began in.
func (tx *Tx) from() flow.State { return tx.steps[len(tx.steps)-1].from }

// Resume ends a hold: the clock goes on with as many working days as were left, and the same reviewer has the case again;
// somebody else where they are away or may not have it any more.
var Resume = Act[*records.Application, struct{}]{flow.Resume, func(tx *Tx, app *records.Application, _ struct{}) error {
	tx.moveDeadlines(app, flow.Day(app.HeldOn))
	from := flow.State(app.HeldFrom)
	app.HeldOn, app.HeldUntil, app.HeldFrom = "", "", ""
	tx.Update(app)
	if from == flow.InReview {
		_, err := tx.fit(app, app.Assignee, true)
		if err == nil {
			app.State = flow.InReview
			return nil
		}
		if !flow.Refused(err, "not_fit") {
			return err
		}
		if err := tx.endTask(app, "handed_on"); err != nil {
			return err
		}
	}
	app.State, app.Assignee, app.AssignedAt = flow.Submitted, "", ""
	if err := tx.flush(); err != nil { // what is closed and who is free is read again
		return err
	}
	return Follow(tx, Assign, app, Handed{})
}}

// moveDeadlines lets the clock of a review go on that stood still since a day.
func (tx *Tx) moveDeadlines(app *records.Application, since flow.Day) {
	for _, day := range []*string{&app.DueOn, &app.RemindOn, &app.HandOn} {
		if *day != "" {
			*day = string(flow.Moved(flow.Day(*day), since, tx.Today(), tx.Desk.Calendar))
		}
	}
}
