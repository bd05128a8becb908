package command

import (
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Around a deadline: the row of the case names the days, the sweeps find it by them, and these acts move it on.

// schedule sets the deadline of a case that begins its review today, and the day of the reminder.
func (tx *Tx) schedule(app *records.Application, t sdk.Type) {
	due := tx.Desk.Calendar.Add(tx.Today(), t.ReviewDays)
	app.DueOn, app.RemindOn = string(due), string(flow.RemindOn(t, tx.Today(), due, tx.Desk.Calendar))
}

// inTime lets a case be late no more whose deadline has moved to today or beyond: it is escalated again if it comes to that.
func (tx *Tx) inTime(app *records.Application) {
	if app.Late && !flow.Day(app.DueOn).Before(tx.Today()) {
		app.Late, app.HandOn = false, ""
	}
}

// handOnLater says when a late case goes on to somebody else; one that is not late stays.
func (tx *Tx) handOnLater(app *records.Application) {
	app.HandOn = ""
	if app.Late {
		app.HandOn = string(flow.HandOnAt(tx.Today(), tx.Desk.Calendar))
	}
}

// Remind tells whoever has to do something before their deadline: the assignee once, an applicant who is awaited on the days
// of the type.
var Remind = Act[*records.Application, struct{}]{flow.Remind, func(tx *Tx, app *records.Application, _ struct{}) error {
	switch app.State {
	case flow.AwaitingApplicant:
		return tx.remindApplicant(app, "correction_reminder")
	case flow.Hearing:
		return tx.remindApplicant(app, "hearing_reminder")
	}
	app.RemindOn = ""
	tx.Update(app)
	return tx.tellAssignee(app, "reminder")
}}

// Escalate tells the leads that a case is late, and who has it; once. From now on it is handed on if nothing happens.
var Escalate = Act[*records.Application, struct{}]{flow.Escalate, func(tx *Tx, app *records.Application, _ struct{}) error {
	app.Late = true
	if app.Assignee != "" {
		tx.handOnLater(app)
	}
	tx.Update(app)
	if err := tx.tellAssignee(app, "overdue"); err != nil {
		return err
	}
	return tx.TellRole(flow.Lead, "escalated", Words{"ref": app.Ref, "due": app.DueOn})
}}

func (tx *Tx) tellAssignee(app *records.Application, notice string) error {
	if app.Assignee == "" {
		return nil
	}
	s, err := tx.colleague(app.Assignee)
	if err != nil {
		return err
	}
	tx.TellStaff(s, notice, Words{"ref": app.Ref, "due": app.DueOn})
	return nil
}

// HandOn gives a case to whoever else is fit and has most room: one that is late and was not finished, one that falls due
// while its colleague is away, or one that a lead wants to go on. What was judged so far stays with the case. Where nobody
// is fit, a lead is refused with nobody_fits; a late case stays for another day with the one who has it, and that of
// somebody who is away waits to be claimed. By itself a case goes to nobody twice: who did not finish it would only read it anew.
var HandOn = Act[*records.Application, Handed]{flow.HandOn, func(tx *Tx, app *records.Application, in Handed) error {
	candidates, err := tx.candidates(app)
	if err != nil {
		return err
	}
	var had []string
	if tx.By.Has(flow.System) {
		if had, err = tx.hadBefore(app); err != nil {
			return err
		}
	}
	others := slices.DeleteFunc(candidates, func(c flow.Candidate) bool { return c.ID == app.Assignee || slices.Contains(had, c.ID) })
	chosen, _ := flow.Choose(caseOf(app), others)
	if chosen != "" {
		return tx.giveBack(app, "handed_on", in.Why, had...)
	}
	if !tx.By.Has(flow.System) {
		return flow.Refuse("nobody_fits")
	}
	s, err := tx.colleague(app.Assignee)
	if err != nil {
		return err
	}
	if s.State != flow.Active || s.Absent(tx.Today()) {
		return tx.giveBack(app, "handed_on", in.Why, had...)
	}
	app.HandOn = string(tx.Desk.Calendar.Add(tx.Today(), 1))
	tx.Update(app)
	return nil
}}

// hadBefore are the colleagues from whom a case went on to somebody else.
func (tx *Tx) hadBefore(app *records.Application) (had []string, err error) {
	ended, err := records.All[*records.Task](tx.DB, dbx.HashExp{"application": app.ID, "ended_as": "handed_on"})
	for _, t := range ended {
		had = append(had, t.Assignee)
	}
	return had, err
}
