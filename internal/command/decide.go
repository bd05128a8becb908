package command

import (
	"errors"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/notify"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Result is what a reviewer decides.
type Result = flow.Decision

// Decide makes the result of a case from the verdicts: pass only when every required item has a good one, not passed only
// with reasons from the type's catalogue. It waits for its release; with no take-back time it is released at once.
var Decide = Act[*records.Application, Result]{flow.Decide, func(tx *Tx, app *records.Application, in Result) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if err := flow.CheckAlone(t); err != nil {
		return err
	}
	d := newDecision(app, tx.By.ID, flow.Pending)
	if err := tx.weigh(app, t, in, d); err != nil {
		return err
	}
	tx.Insert(d)
	return tx.decided(app, d)
}}

func newDecision(app *records.Application, by string, state flow.State) *records.Decision {
	d := &records.Decision{Application: app.ID, By: by}
	d.ID, d.State = records.NewID(), state
	return d
}

// weigh asks whether the verdicts carry a result, and enters it into d as it would leave today.
func (tx *Tx) weigh(app *records.Application, t sdk.Type, in Result, d *records.Decision) error {
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	verdicts, err := Verdicts(tx.DB, app.ID)
	if err != nil {
		return err
	}
	if err := flow.CheckDecision(in, t, check.Asked(t, a), verdicts); err != nil {
		return err
	}
	return tx.compose(app, t, a, in, d)
}

// compose enters a result into d: what it says, when one may apply again, the letter.
func (tx *Tx) compose(app *records.Application, t sdk.Type, a sdk.Answers, in Result, d *records.Decision) error {
	d.Outcome, d.Reasons = in.Outcome, records.Join(in.Reasons)
	if in.Outcome == flow.NotPassed {
		reasons, err := flow.ReasonsOf(t, in.Reasons)
		if err != nil {
			return err
		}
		again, never := flow.Reapply(reasons, tx.Today())
		d.AgainOn, d.Never, d.Fatal = string(again), never, flow.Fatal(reasons)
	}
	d.Extra = tx.Seal(app.Key(), "decisions.extra "+d.ID, in.Extra)
	letter, err := tx.Desk.Letter(tx.DB, app, t, a, in, tx.Settings, tx.Today(), app.Lang)
	if err != nil {
		return err
	}
	d.Letter = tx.Seal(app.Key(), "decisions.letter "+d.ID, letter)
	return nil
}

// decided lets a result wait for its release; with no take-back time it leaves at once.
func (tx *Tx) decided(app *records.Application, d *records.Decision) error {
	app.Outcome, app.DecidedBy, app.DecidedAt = d.Outcome, d.By, tx.Stamp()
	app.ReleaseAt = records.Stamp(tx.Now.Add(time.Duration(tx.Settings.TakeBackMinutes) * time.Minute))
	tx.Update(app)
	tx.Answer("release_at", app.ReleaseAt)
	if err := tx.endTask(app, "decided"); err != nil {
		return err
	}
	if tx.Settings.TakeBackMinutes > 0 {
		return nil
	}
	return release(tx, app, d)
}

// Verdicts reads the judgements on a case, by item.
func Verdicts(db dbx.Builder, application string) (map[string]flow.ItemVerdict, error) {
	all, err := records.All[*records.Verdict](db, dbx.HashExp{"application": application})
	if err != nil {
		return nil, err
	}
	list := map[string]flow.ItemVerdict{}
	for _, v := range all {
		if v.Value != "" {
			list[v.Item] = flow.ItemVerdict{Value: v.Value, How: int(v.How)}
		}
	}
	return list, nil
}

// Letter composes the letter for a result as it will leave, in the applicant's language; the desk previews the same.
func (d *Desk) Letter(db dbx.Builder, app *records.Application, t sdk.Type, a sdk.Answers, in Result, desk *records.Desk, today flow.Day, lang string) (string, error) {
	l := notify.Result{Desk: desk.Name(lang), Hotline: desk.Hotline, Hours: desk.Hours(lang), Name: a[t.HolderName], Ref: app.Ref,
		Type: t.Name.In(lang), Passed: in.Outcome == "passed", Extra: in.Extra, Date: string(today)}
	l.Sentence = t.Letters.NotPassed.In(lang)
	if l.Passed {
		l.Sentence = t.Letters.Passed.In(lang)
		return notify.ComposeLetter(lang, l)
	}
	list, err := flow.ReasonsOf(t, in.Reasons)
	if err != nil {
		return "", err
	}
	for _, r := range list {
		l.Reasons = append(l.Reasons, notify.Reason{Text: r.Text.In(lang), Advice: r.Advice.In(lang)})
	}
	cool, err := d.CoolDownAfter(db, app, list, desk, today)
	if err != nil {
		return "", err
	}
	l.Never, l.Again = cool.Never, string(cool.Until)
	return notify.ComposeLetter(lang, l)
}

// TakeBack takes a result back that has not left yet, or that was only proposed; the case returns to the one who made it.
var TakeBack = Act[*records.Application, struct{}]{flow.TakeBack, func(tx *Tx, app *records.Application, _ struct{}) error {
	if app.DecidedBy == "" {
		return tx.void(app)
	}
	d, err := waiting(tx, app)
	if err != nil {
		return err
	}
	d.State = flow.Withdrawn
	tx.Update(d)
	app.Assignee, app.Outcome, app.DecidedBy, app.DecidedAt, app.ReleaseAt = app.DecidedBy, "", "", "", ""
	app.Proposer, app.SecondedBy = "", ""
	tx.handOnLater(app)
	tx.newTask(app, app.Assignee, nil)
	tx.Update(app)
	return nil
}}

func waiting(tx *Tx, app *records.Application) (*records.Decision, error) {
	return made(tx, app, flow.Pending)
}

// made reads the one decision of a case that stands here.
func made(tx *Tx, app *records.Application, state flow.State) (*records.Decision, error) {
	return records.Find[*records.Decision](tx.DB, dbx.HashExp{"application": app.ID, "state": string(state)})
}

// ReleaseResult lets a result leave: the applicant is told, and a passed case gets its certificate.
var ReleaseResult = Act[*records.Application, struct{}]{flow.ReleaseResult, func(tx *Tx, app *records.Application, _ struct{}) error {
	d, err := waiting(tx, app)
	if err != nil {
		return err
	}
	return leave(tx, app, d)
}}

// release follows a decision that need not wait.
func release(tx *Tx, app *records.Application, d *records.Decision) error {
	return Follow(tx, Act[*records.Application, struct{}]{flow.ReleaseResult, func(tx *Tx, app *records.Application, _ struct{}) error {
		return leave(tx, app, d)
	}}, app, struct{}{})
}

func leave(tx *Tx, app *records.Application, d *records.Decision) error {
	d.State, d.ReleasedAt = flow.Sent, tx.Stamp()
	tx.Update(d)
	app.ReleaseAt, app.ClosedAt, app.AgainOn, app.Never, app.Fatal = "", tx.Stamp(), d.AgainOn, d.Never, d.Fatal
	tx.Update(app)
	letter, err := tx.Unseal(app.Key(), "decisions.letter "+d.ID, d.Letter)
	if err != nil {
		return err
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if app.Kind == "recheck" {
		return tx.rechecked(app, d)
	}
	words := Words{"letter": letter, "type": t.Name.In(app.Lang)}
	if d.Outcome == "not_passed" {
		app.State = flow.Rejected
		return tx.TellCase(app, "result_not_passed", words)
	}
	app.State = flow.Approved
	if ended, err := tx.ended(app); err != nil || ended {
		return errors.Join(err, tx.TellCase(app, "certificate_ended", Words{"type": words["type"]}))
	}
	if err := tx.TellCase(app, "result_passed", words); err != nil {
		return err
	}
	return Follow(tx, Issue, app, struct{}{})
}
