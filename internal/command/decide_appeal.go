package command

// Appeals go to somebody without part in the result, like a review task, and what comes of them leaves at once.

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Appeal brings a result that left before somebody else. It is kept with its attachments, and the applicant hears by when.
var Appeal = Act[*records.Application, Written]{flow.Appeal, func(tx *Tx, app *records.Application, in Written) error {
	if app.Kind == "recheck" { // the desk's own case
		return flow.Refuse("not_now", string(flow.Appeal), app.Kind)
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	a, err := tx.appeal(app, t, in)
	if err != nil {
		return err
	}
	tx.Insert(a)
	if err := tx.attach(app, a.ID, in.Files); err != nil {
		return err
	}
	if app.Part, err = tx.part(app); err != nil {
		return err
	}
	app.Assignee, app.AssignedAt, app.HandOn, app.Late = "", "", "", false
	tx.schedule(app, t)
	tx.Update(app)
	if err := tx.TellCase(app, "appeal_received", Words{"type": t.Name.In(app.Lang), "due": app.DueOn}); err != nil {
		return err
	}
	return Follow(tx, Assign, app, Handed{})
}}

func (tx *Tx) appeal(app *records.Application, t sdk.Type, in Written) (*records.Appeal, error) {
	d, err := made(tx, app, flow.Sent)
	if err != nil {
		return nil, err
	}
	before, err := records.Count(tx.DB, "appeals", dbx.HashExp{"decision": d.ID})
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n"))
	left := flow.DayOf(records.Moment(d.ReleasedAt), tx.Desk.location(tx.Settings.Zone))
	if err := flow.CheckAppeal(text, len(in.Files), before, flow.AppealUntil(t, left), tx.Today()); err != nil {
		return nil, err
	}
	a := &records.Appeal{Application: app.ID, Decision: d.ID, By: tx.By.ID}
	a.ID, a.State = records.NewID(), flow.Open
	a.Text = tx.Seal(app.Key(), "appeals.text "+a.ID, text)
	return a, nil
}

// attach enters stored files as attachments to an entry of a case.
func (tx *Tx) attach(app *records.Application, entry string, files []Stored) error {
	if len(files) > 0 {
		if err := tx.agreed(app); err != nil {
			return err
		}
	}
	for _, f := range files {
		d := f.row(tx)
		d.Application, d.Entry = app.ID, entry
		d.Name = tx.Seal(app.Key(), "documents.name "+d.ID, f.Name)
		tx.Insert(d)
	}
	return nil
}

// part lists who had part in what was decided: whoever had the case, judged an item, proposed, confirmed or decided.
func (tx *Tx) part(app *records.Application) (string, error) {
	rows, err := tx.DB.NewQuery("SELECT assignee AS who FROM tasks WHERE application={:id} UNION SELECT `by` FROM verdicts WHERE application={:id}" +
		" UNION SELECT `by` FROM decisions WHERE application={:id} UNION SELECT second FROM decisions WHERE application={:id}").Bind(dbx.Params{"id": app.ID}).Rows()
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var who []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return "", err
		}
		if one != "" {
			who = append(who, one)
		}
	}
	return records.Join(who), rows.Err()
}

// DecideAppeal answers an appeal: the result stands, it is changed and the certificate issued in the same transaction, or the
// case is reviewed again, by somebody without part in it if there is anybody.
var DecideAppeal = Act[*records.Application, flow.AppealAnswer]{flow.DecideAppeal, func(tx *Tx, app *records.Application, in flow.AppealAnswer) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if err := flow.CheckAppealAnswer(in, t); err != nil {
		return err
	}
	if err := tx.answerAppeal(app, in); err != nil {
		return err
	}
	words := Words{"type": t.Name.In(app.Lang), "answer": in.Text}
	if in.Outcome == flow.Upheld {
		app.State = flow.Rejected
		tx.Update(app)
		if err := tx.endTask(app, "appeal_decided"); err != nil {
			return err
		}
		return tx.TellCase(app, "appeal_upheld", words)
	}
	old, err := made(tx, app, flow.Sent)
	if err != nil {
		return err
	}
	old.State = flow.Superseded
	tx.Update(old)
	if err := tx.TellCase(app, "appeal_"+string(in.Outcome), words); err != nil {
		return err
	}
	if in.Outcome == flow.AppealChanged {
		return tx.changeResult(app, t)
	}
	return tx.reviewAgain(app, t)
}}

func (tx *Tx) answerAppeal(app *records.Application, in flow.AppealAnswer) error {
	a, err := records.AppealOf(tx.DB, app.ID)
	if err != nil {
		return err
	}
	a.State, a.DecidedBy, a.DecidedAt = in.Outcome, tx.By.ID, tx.Stamp()
	a.Answer = tx.Seal(app.Key(), "appeals.answer "+a.ID, in.Text)
	tx.Update(a)
	tx.Because(string(in.Outcome))
	tx.Said(in.Text)
	app.Deputy = ""
	return nil
}

// changeResult lets the case pass after all. A holder who has another valid certificate of the type by now gets no second one.
func (tx *Tx) changeResult(app *records.Application, t sdk.Type) error {
	other, err := records.Count(tx.DB, "certificates", dbx.And(dbx.HashExp{"holder": app.Holder, "type": app.Type, "state": string(flow.Valid)}, dbx.Not(dbx.HashExp{"id": app.Certificate})))
	if err != nil {
		return err
	}
	if other > 0 {
		return flow.Refuse("certified_meanwhile")
	}
	answers, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	d := newDecision(app, tx.By.ID, flow.Pending)
	if err := tx.compose(app, t, answers, Result{Outcome: flow.Passed}, d); err != nil {
		return err
	}
	tx.Insert(d)
	app.Outcome, app.DecidedBy, app.DecidedAt, app.SecondedBy = d.Outcome, d.By, tx.Stamp(), ""
	if err := tx.endTask(app, "appeal_decided"); err != nil {
		return err
	}
	return leave(tx, app, d)
}

// reviewAgain begins the review anew.
func (tx *Tx) reviewAgain(app *records.Application, t sdk.Type) error {
	app.State, app.Assignee, app.AssignedAt = flow.Submitted, "", ""
	app.Outcome, app.DecidedBy, app.DecidedAt, app.SecondedBy, app.Proposer = "", "", "", "", ""
	app.ClosedAt, app.AgainOn, app.Never, app.Fatal, app.Late, app.HandOn = "", "", false, false, false, ""
	tx.schedule(app, t)
	tx.Update(app)
	candidates, err := tx.candidates(app)
	if err != nil {
		return err
	}
	of := caseOf(app)
	of.Part = append(records.List(app.Part), tx.By.ID)
	if chosen, why := flow.Choose(of, candidates); chosen != "" {
		return tx.give(app, chosen, why)
	}
	return Follow(tx, Assign, app, Handed{})
}

// NameDeputy gives one case that waits for somebody else to a colleague who is not qualified otherwise, where nobody is there
// who is. Whoever had part in it, or is close to its persons, cannot be named.
var NameDeputy = Act[*records.Application, Handed]{flow.NameDeputy, func(tx *Tx, app *records.Application, in Handed) error {
	if strings.TrimSpace(in.Why) == "" {
		return flow.Refuse("reason_needed")
	}
	candidates, err := tx.candidates(app)
	if err != nil {
		return err
	}
	if chosen, _ := flow.Choose(caseOf(app), candidates); chosen != "" {
		return flow.Refuse("deputy_not_needed")
	}
	all, err := tx.colleagues()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s *records.Staff) bool { return s.ID == in.To })
	if i < 0 || !flow.MayDeputise(all[i].Person(), app.State) {
		return flow.Refuse("not_fit", string(flow.FitNotQualified))
	}
	c := tx.candidate(app, all[i], 0)
	c.Types, c.Present, c.Capacity = []string{app.Type}, true, 1
	if why, may := flow.MayHave(caseOf(app), c); !may {
		return flow.Refuse("not_fit", string(why))
	}
	tx.Said(in.Why)
	if err := tx.give(app, in.To, nil); err != nil {
		return err
	}
	app.Deputy = in.To
	return nil
}}
