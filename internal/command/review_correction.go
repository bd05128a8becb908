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

// Asking an applicant to put something right, and their answer: kept part by part, taken as a whole.

// RequestCorrection hands the case back to its applicant and stops the review clock until the answer.
// Reminder and lapse need no job of their own: the sweeps find the case by its columns.
var RequestCorrection = Act[*records.Application, flow.Correction]{flow.RequestCorrection, func(tx *Tx, app *records.Application, in flow.Correction) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	due, err := flow.AskCorrection(in, t, a, int(app.Round)+1, tx.Today(), tx.Desk.Calendar)
	if err != nil {
		return err
	}
	app.Round, app.StoppedOn = app.Round+1, string(tx.Today())
	c := &records.Correction{Application: app.ID, Round: app.Round, By: tx.By.ID}
	c.ID, c.State = records.NewID(), flow.Open
	tx.sealPart(app, c, "asked", &c.Asked, in)
	tx.Insert(c)
	tx.Answer("due", string(due))
	return tx.await(app, c, t, due)
}}

// await lets a case wait for its applicant until a day.
func (tx *Tx) await(app *records.Application, c *records.Correction, t sdk.Type, due flow.Day) error {
	app.AnswerDue, c.Due = string(due), string(due)
	app.AnswerAskOn = string(nextReminder(due, t, tx.Today()))
	tx.Update(app)
	return tx.TellCase(app, "correction_requested", Words{"type": t.Name.In(app.Lang), "due": app.AnswerDue})
}

// nextReminder is the next day after today on which the applicant is reminded.
func nextReminder(due flow.Day, t sdk.Type, today flow.Day) flow.Day {
	for _, n := range t.Correction.Reminders() {
		if day := due.AddDays(-n); day.After(today) {
			return day
		}
	}
	return ""
}

// remindApplicant tells the applicant that an answer is awaited: each of the type's reminders at most once, a missed one not
// after a later one.
func (tx *Tx) remindApplicant(app *records.Application, notice string) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	app.AnswerAskOn = string(nextReminder(flow.Day(app.AnswerDue), t, tx.Today()))
	tx.Update(app)
	return tx.TellCase(app, notice, Words{"type": t.Name.In(app.Lang), "due": app.AnswerDue})
}

// Filled is one part of an answer, as it was entered.
type Filled struct {
	Of   string `json:"of"`   // the question, or a free item as flow.FreeItem names it
	Text string `json:"text"` // what was entered
}

// FillCorrection keeps one part of an answer. Nothing but what is open can be filled in: anything else is refused with
// not_asked, what does not fit with Problems. After the last day it is kept all the same, and the reviewer is told.
var FillCorrection = Act[*records.Application, Filled]{flow.FillCorrection, func(tx *Tx, app *records.Application, in Filled) error {
	r, err := tx.round(app)
	if err != nil {
		return err
	}
	if q, _, ok := r.Type.Question(in.Of); ok && r.Opens(in.Of) {
		norm, wrong := check.Answer(q, in.Text, string(tx.Today()))
		if wrong != nil {
			return &Problems{[]sdk.Problem{*wrong}}
		}
		if r.Given.Answers == nil {
			r.Given.Answers = sdk.Answers{}
		}
		r.Given.Answers[in.Of] = norm
	} else if err := r.say(in); err != nil {
		return err
	}
	tx.sealPart(app, r.Row, "given", &r.Row.Given, r.Given)
	tx.Update(r.Row)
	return tx.late(app, r)
}}

// say keeps what was written to a free item.
func (r *Round) say(in Filled) error {
	at := slices.IndexFunc(r.Asked.Items, func(x flow.Asked) bool { return x.Of == "" })
	for i, item := range r.Asked.Items {
		if item.Of == "" && flow.FreeItem(i) == in.Of {
			at = i
		}
	}
	switch {
	case at < 0 || flow.FreeItem(at) != in.Of:
		return flow.Refuse("not_asked", in.Of)
	case len([]rune(in.Text)) > flow.MaxAnswerWords:
		return flow.Refuse("text_too_long", "2000")
	case in.Text == "":
		return &Problems{[]sdk.Problem{sdk.Wrong(in.Of, "empty")}}
	}
	if r.Given.Words == nil {
		r.Given.Words = map[int]string{}
	}
	r.Given.Words[at] = in.Text
	return nil
}

// AddToCorrection keeps a document as part of an answer. It takes the place of nothing until the answer is sent.
var AddToCorrection = Act[*records.Application, Stored]{flow.FillCorrection, func(tx *Tx, app *records.Application, in Stored) error {
	r, err := tx.round(app)
	if err != nil {
		return err
	}
	slot, ok := r.Type.Slot(in.Slot)
	if !ok || !r.Opens(in.Slot) {
		return flow.Refuse("not_asked", in.Slot)
	}
	if !slot.Takes(in.Media) {
		return flow.Refuse(notTaken(slot))
	}
	if err := tx.agreed(app); err != nil {
		return err
	}
	if there, err := tx.intoSlot(app, slot, r.Documents, in, flow.Pending); there || err != nil {
		return err
	}
	return tx.late(app, r)
}}

// RemoveFromCorrection takes a document out of an answer that is not sent yet; its bytes are deleted.
var RemoveFromCorrection = Act[*records.Application, Removal]{flow.FillCorrection, func(tx *Tx, app *records.Application, in Removal) error {
	r, err := tx.round(app)
	if err != nil {
		return err
	}
	for _, d := range r.Documents {
		if d.ID == in.Document {
			tx.remove(app, d)
			return nil
		}
	}
	return records.ErrNotFound
}}

// AnswerCorrection takes an answer as a whole: it is written over the case, what it touches is judged and checked anew, the
// review clock goes on, and the same reviewer has it again. Refused with items_missing, naming them, and with Problems. In a
// case that lapsed meanwhile nothing is taken: the answer is kept, and the reviewer is told that it came.
var AnswerCorrection = Act[*records.Application, struct{}]{flow.AnswerCorrection, func(tx *Tx, app *records.Application, _ struct{}) error {
	r, err := tx.round(app)
	if err != nil {
		return err
	}
	if missing := r.Unanswered(); len(missing) > 0 {
		return flow.Refuse("items_missing", missing...)
	}
	if app.State == flow.Lapsed {
		return tx.late(app, r)
	}
	if list := r.problems(app, tx.Today()); len(list) > 0 {
		return &Problems{list}
	}
	if err := tx.take(app, r); err != nil {
		return err
	}
	return tx.goOn(app, "returned")
}}

// take writes an answer over the case.
func (tx *Tx) take(app *records.Application, r *Round) error {
	changes := r.changed()
	tx.put(r, changes, flow.Kept)
	tx.sealPart(app, r.Row, "changes", &r.Row.Changes, changes)
	r.Row.State, r.Row.AnsweredAt = flow.Resolved, tx.Stamp()
	tx.Update(r.Row)
	now := r.Given.Over(r.Before)
	tx.sealAnswers(app, r.Type, now)
	tx.Update(app)
	var fields []string
	for _, c := range changes {
		fields = append(fields, c.Of)
	}
	if err := tx.judgeAnew(app, flow.Touched(r.Type, fields)); err != nil {
		return err
	}
	if err := tx.index(app, r.Type, now); err != nil {
		return err
	}
	if app.Kind == "recheck" { // what it is about was found by the re-check
		return nil
	}
	app.Checked = "waiting"
	return tx.queueCheck(app)
}

// put gives the documents of an answer this state, and takes those out whose place they take, if there are any.
func (tx *Tx) put(r *Round, changes []flow.Changed, state flow.State) {
	for _, c := range changes {
		for _, d := range r.Documents {
			if slices.Contains(c.New, d.ID) {
				d.State = state
				tx.Update(d)
			}
		}
		for _, d := range r.Kept {
			if slices.Contains(c.Old, d.ID) && state == flow.Kept {
				d.State = flow.Superseded
				tx.Update(d)
			}
		}
	}
}

// judgeAnew opens the verdicts on these items again.
func (tx *Tx) judgeAnew(app *records.Application, items []string) error {
	had, err := records.All[*records.Verdict](tx.DB, dbx.HashExp{"application": app.ID})
	for _, v := range had {
		if slices.Contains(items, v.Item) && v.Value != "" {
			v.Value, v.How, v.Note, v.By, v.At = "", 0, "", "", tx.Stamp()
			tx.Update(v)
		}
	}
	return err
}

// goOn takes a case out of the applicant's hands: the review goes on where it stood still, and who has it then is told.
func (tx *Tx) goOn(app *records.Application, notice string) error {
	since := flow.Day(app.StoppedOn)
	app.AnswerDue, app.AnswerAskOn, app.StoppedOn = "", "", ""
	same, err := tx.clockOn(app, since)
	if err != nil || !same {
		return err
	}
	s, err := tx.colleague(app.Assignee)
	if err != nil {
		return err
	}
	tx.TellStaff(s, notice, Words{"ref": app.Ref, "due": app.DueOn})
	return nil
}

// sealPart seals one part of a correction.
func (tx *Tx) sealPart(app *records.Application, c *records.Correction, column string, into *string, v any) {
	raw, _ := json.Marshal(v)
	*into = tx.Seal(app.Key(), "corrections."+column+" "+c.ID, string(raw))
}
