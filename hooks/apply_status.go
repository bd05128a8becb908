package hooks

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Where an application stands: what is next, who must act, the whole history, and the result with its reasons.

func statusPage(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	if d.Row.Kind == "imported" { // nobody applied: the certificate says it all
		return c.seeOther("/me")
	}
	switch d.Row.State {
	case flow.Draft:
		return c.seeOther(d.resume())
	case flow.Approved, flow.Questioned:
		return c.result(d, "decide/passed")
	case flow.Rejected:
		return c.result(d, "decide/not_passed")
	}
	v := ui.Status{Case: c.head(d), State: string(d.Row.State), Turn: turn(d.Row.State), Due: d.Row.DueOn}
	if v.History, err = c.history(d); err != nil {
		return err
	}
	v.Steps = c.steps(d)
	v.HeldUntil = d.Row.HeldUntil
	if v.Hearing, err = c.hearingPath(d); err != nil {
		return err
	}
	if into := d.Row.MergedInto; into != "" {
		stays, err := records.Load[*records.Application](c.s.Desk.App.DB(), into)
		if err != nil {
			return err
		}
		v.State, v.MergedInto, v.Merged = "merged", stays.Ref, "/applications/"+into
	}
	if v.Correction, err = c.awaitedOf(d); err != nil {
		return err
	}
	switch d.Row.State {
	case flow.Submitted, flow.InReview, flow.AwaitingApplicant, flow.OnHold, flow.Proposed:
		v.Withdraw = d.path("/withdraw")
	case flow.Appealed:
		v.Appeal = d.path("/appeal")
	case flow.Hearing:
		v.HearingUntil, v.Due = d.Row.AnswerDue, ""
	case flow.Heard:
		v.Due = ""
	case flow.Reversed:
		v.Again, v.Due = d.Row.Type, ""
	case flow.Withdrawn, flow.Lapsed, flow.Discarded:
		v.Again, v.Due = d.Row.Type, ""
		if v.Merged != "" {
			v.Again = ""
		}
	}
	if v.Due != "" && d.Row.State != flow.OnHold {
		if v.Expected, err = c.expected(d.Row.Type); err != nil {
			return err
		}
	}
	if d.Row.State == flow.OnHold {
		v.Due = ""
	}
	return c.show("apply/status", v, back("/me"))
}

func turn(s flow.State) string {
	switch s {
	case flow.AwaitingApplicant, flow.Draft, flow.Hearing:
		return "you"
	case flow.Submitted, flow.InReview, flow.OnHold, flow.Proposed, flow.Decided, flow.Appealed, flow.Heard:
		return "desk"
	}
	return "nobody"
}

// applicantActs are the acts of a case that its applicant reads in the history. What happens inside the desk (verdicts,
// notes, viewings) and a result that has not left are not among them.
var applicantActs = map[string]bool{
	"submit": true, "assign": true, "reassign": true, "claim": true, "withdraw": true, "release_result": true, "appeal": true, "decide_appeal": true, "agree_reversal": true, "answer_hearing": true, "end_hearing": true, "decide_reversal": true, "issue": true, "attest_presence": true, "discard": true,
	"message": true, "log_call": true, "hold": true, "resume": true, "merge": true,
	"request_correction": true, "answer_correction": true, "lapse": true, "reopen": true,
}

// handing are the acts by which a case gets to a colleague.
var handing = []flow.Act{flow.Assign, flow.Claim, flow.Reassign}

var ownActs = map[string]bool{"submit": true, "withdraw": true, "discard": true, "answer_correction": true, "message": true, "appeal": true, "answer_hearing": true}

func (c *call) history(d *draft) ([]ui.Event, error) {
	entries, err := ledger.Search(c.s.Desk.App.DB(), ledger.Query{Noun: "applications", Target: d.Row.ID, Limit: 200})
	var list []ui.Event
	for _, e := range entries {
		if !applicantActs[e.Act] || e.From == string(flow.Questioned) && slices.Contains(handing, flow.Act(e.Act)) { // who is to look at it a second time
			continue
		}
		list = append(list, ui.Event{What: e.Act, At: c.when(records.Stamp(e.At)), By: c.doneBy(e)})
	}
	return list, err
}

// doneBy says who did something, as the applicant may know it. What followed from an act of theirs, the desk did.
func (c *call) doneBy(e ledger.Entry) string {
	who := c.whose(e.Actor)
	if who != "staff" && !ownActs[e.Act] {
		return "desk"
	}
	return who
}

// whose says who an actor is to the one who asks: you, other (an account beside theirs), staff or desk.
func (c *call) whose(actor string) string {
	kind, id, _ := strings.Cut(actor, ":")
	switch {
	case kind == "staff":
		return "staff"
	case kind != "applicant":
		return "desk"
	case id == c.by.ID:
		return "you"
	}
	return "other"
}

// beforeResult are the states of a case whose result has not left yet.
var beforeResult = []flow.State{flow.Draft, flow.Discarded, flow.Submitted, flow.InReview, flow.AwaitingApplicant, flow.OnHold, flow.Proposed, flow.Decided}

// steps is the line from start to result.
func (c *call) steps(d *draft) []ui.Step {
	app := d.Row
	phase := func(done, now bool) string {
		switch {
		case done:
			return "past"
		case now:
			return "now"
		}
		return "next"
	}
	if app.State == flow.Withdrawn || app.State == flow.Lapsed {
		return []ui.Step{{What: "submitted", At: c.when(app.SubmittedAt), Phase: "past"}, {What: string(app.State), At: c.when(app.ClosedAt), Phase: "now"}}
	}
	if app.State == flow.AwaitingApplicant {
		return []ui.Step{{What: "submitted", At: c.when(app.SubmittedAt), Phase: "past"}, {What: "assigned", At: c.when(app.AssignedAt), Phase: "past"}, {What: "waiting", Phase: "now"}, {What: "result", Phase: "next"}}
	}
	closed := !slices.Contains(beforeResult, app.State)
	decided := closed || app.State == flow.Decided
	return []ui.Step{
		{What: "submitted", At: c.when(app.SubmittedAt), Phase: "past"},
		{What: "assigned", At: c.when(app.AssignedAt), Phase: phase(app.AssignedAt != "" || decided, app.State == flow.Submitted)},
		{What: "review", Phase: phase(decided, slices.Contains([]flow.State{flow.InReview, flow.Proposed, flow.OnHold}, app.State))},
		{What: "result", At: c.when(app.ClosedAt), Phase: phase(closed, app.State == flow.Decided)},
	}
}

func (c *call) result(d *draft, page string) error {
	db, app := c.s.Desk.App.DB(), d.Row
	made, err := c.lastResult(app)
	if err != nil {
		return err
	}
	v := ui.Result{Case: c.head(d), Name: d.a[d.t.HolderName], Own: app.HolderRow().Own, At: c.when(made.ReleasedAt), Letter: d.path("/letter"), Again: made.AgainOn, Never: made.Never,
		Start: "/apply/" + app.Type, Message: d.t.Letters.Passed.In(c.lang)}
	if made.Outcome == flow.NotPassed {
		v.Message = d.t.Letters.NotPassed.In(c.lang)
	}
	if err = c.mayAppeal(d, &v); err != nil {
		return err
	}
	if v.Hearing, err = c.hearingPath(d); err != nil {
		return err
	}
	if v.History, err = c.history(d); err != nil {
		return err
	}
	if !d.Today.Before(flow.Day(made.AgainOn)) {
		v.Again = ""
	}
	if app.Kind == "new" || app.Kind == "change" { // what came before and after it may make one wait longer
		cool, err := c.s.Desk.CoolDownFor(db, app, d.Settings, d.Today)
		if err != nil {
			return err
		}
		v.Again, v.Never = string(cool.Until), cool.Never
	}
	var reasons []sdk.Reason
	if made.Outcome == flow.NotPassed {
		if reasons, err = flow.ReasonsOf(d.t, records.List(made.Reasons)); err != nil {
			return err
		}
	}
	for _, r := range reasons {
		v.Reasons = append(v.Reasons, ui.Reason{Text: r.Text.In(c.lang), Advice: r.Advice.In(c.lang), Fatal: r.Severity == sdk.Fatal})
	}
	if v.Extra, err = c.s.Desk.Open(app.Key(), "decisions.extra "+made.ID, made.Extra); err != nil {
		return err
	}
	k, err := records.Find[*records.Certificate](db, dbx.HashExp{"application": app.ID})
	if err == nil {
		if v.Certificate, err = c.certificate(k); err != nil {
			return err
		}
		v.NextCheck = k.RecheckOn
		for _, n := range d.t.Recheck.NoticeDays {
			v.Notices = append(v.Notices, string(flow.Day(k.ExpiresOn).AddDays(-n)))
		}
	}
	return c.show(page, v, back("/me"))
}

func letterPage(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	made, err := records.Find[*records.Decision](c.s.Desk.App.DB(), dbx.HashExp{"application": d.Row.ID, "state": string(flow.Sent)})
	if err != nil {
		return err
	}
	letter, err := c.s.Desk.Open(d.Row.Key(), "decisions.letter "+made.ID, made.Letter)
	if err != nil {
		return err
	}
	v := ui.Letter{Case: c.head(d), Desk: d.Settings.Name(d.Row.Lang), Date: c.when(made.ReleasedAt)[:10], Subject: d.t.Name.In(d.Row.Lang), Back: d.path("")}
	for _, p := range strings.Split(letter, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			v.Paragraphs = append(v.Paragraphs, p)
		}
	}
	return c.show("decide/letter", v, back(d.path("")))
}

func submittedPage(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	if d.Row.Ref == "" {
		return c.seeOther(d.path(""))
	}
	a, err := records.Load[*records.Applicant](c.s.Desk.App.DB(), d.Row.Applicant)
	if err != nil {
		return err
	}
	expected, err := c.expected(d.Row.Type)
	if err != nil {
		return err
	}
	return c.show("apply/submitted", ui.Submitted{Receipt: d.path("/receipt"), Counter: counterOf(c), Case: c.head(d), Expected: expected, At: c.when(d.Row.SubmittedAt), Due: d.Row.DueOn, Channel: a.Channel, Contact: c.contact()})
}

func withdrawPage(c *call) error { return c.confirm("apply/withdraw", "/withdraw") }
func discardPage(c *call) error  { return c.confirm("apply/discard", "/discard") }

func (c *call) confirm(page, rest string) error {
	d, err := c.draft(c.line.Act)
	if err != nil {
		return err
	}
	f := c.form(d.path(rest), nil, nil)
	return c.show(page, ui.Confirm{Form: f, Case: c.head(d), Cancel: d.path("")}, back(d.path("")))
}

func withdrawPost(c *call) error {
	if _, err := run(c, command.Withdraw, c.id(), struct{}{}); err != nil {
		return err
	}
	return c.seeOther("/applications/"+c.id(), "withdrawn")
}

func discardPost(c *call) error {
	if _, err := run(c, command.Discard, c.id(), struct{}{}); err != nil {
		return err
	}
	return c.seeOther(c.home(), "discarded")
}
