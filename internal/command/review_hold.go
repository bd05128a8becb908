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
	app.HeldOn, app.HeldUntil = string(tx.Today()), in.Until
	tx.Update(app)
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	return tx.TellCase(app, "held", Words{"type": t.Name.In(app.Lang), "until": app.HeldUntil})
}}

// Resume ends a hold: the clock goes on with as many working days as were left, and the same reviewer has the case again;
// somebody else where they are away or may not have it any more.
var Resume = Act[*records.Application, struct{}]{flow.Resume, func(tx *Tx, app *records.Application, _ struct{}) error {
	since := flow.Day(app.HeldOn)
	app.HeldOn, app.HeldUntil = "", ""
	_, err := tx.clockOn(app, since)
	return err
}}

// clockOn lets the clock of a review go on that stood still since a day, and gives the case back to the one who had it; to
// somebody else, and says so, where nobody had it, or they are away or may not have it any more.
func (tx *Tx) clockOn(app *records.Application, since flow.Day) (same bool, err error) {
	for _, day := range []*string{&app.DueOn, &app.RemindOn, &app.HandOn} {
		if *day != "" {
			*day = string(flow.Moved(flow.Day(*day), since, tx.Today(), tx.Desk.Calendar))
		}
	}
	tx.inTime(app)
	tx.Update(app)
	if app.Assignee != "" {
		switch _, err := tx.fit(app, app.Assignee, true); {
		case err == nil:
			app.State = flow.InReview
			return true, nil
		case !flow.Refused(err, "not_fit"):
			return false, err
		}
		if err := tx.endTask(app, "handed_on"); err != nil {
			return false, err
		}
	}
	app.State, app.Assignee, app.AssignedAt = flow.Submitted, "", ""
	if err := tx.flush(); err != nil { // what is closed and who is free is read again
		return false, err
	}
	return false, Follow(tx, Assign, app, Handed{})
}
