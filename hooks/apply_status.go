package hooks

import (
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
	switch d.Row.State {
	case flow.Draft:
		return c.seeOther(d.resume())
	case flow.Approved:
		return c.result(d, "decide/passed")
	case flow.Rejected:
		return c.result(d, "decide/not_passed")
	}
	v := ui.Status{Case: c.head(d), State: string(d.Row.State), Turn: turn(d.Row.State), Due: d.Row.DueOn}
	if v.History, err = c.history(d); err != nil {
		return err
	}
	v.Steps = c.steps(d)
	switch d.Row.State {
	case flow.Submitted, flow.InReview, flow.AwaitingApplicant, flow.OnHold:
		v.Withdraw = d.path("/withdraw")
	case flow.Withdrawn, flow.Lapsed, flow.Discarded:
		v.Again, v.Due = d.Row.Type, ""
	}
	return c.show("apply/status", v, back("/me"))
}

func turn(s flow.State) string {
	switch s {
	case flow.AwaitingApplicant, flow.Draft:
		return "you"
	case flow.Submitted, flow.InReview, flow.OnHold, flow.Decided:
		return "desk"
	}
	return "nobody"
}

// applicantActs are the acts of a case that its applicant reads in the history. What happens inside the desk (verdicts,
// notes, viewings) and a result that has not left are not among them.
var applicantActs = map[string]bool{
	"submit": true, "assign": true, "reassign": true, "claim": true, "withdraw": true, "release_result": true, "issue": true, "attest_presence": true, "discard": true,
}

var ownActs = map[string]bool{"submit": true, "withdraw": true, "discard": true}

func (c *call) history(d *draft) ([]ui.Event, error) {
	entries, err := ledger.Search(c.s.Desk.App.DB(), ledger.Query{Noun: "applications", Target: d.Row.ID, Limit: 200})
	var list []ui.Event
	for _, e := range entries {
		if !applicantActs[e.Act] {
			continue
		}
		by := "desk"
		if e.Actor == "applicant:"+c.by.ID && ownActs[e.Act] { // what followed from it, the desk did
			by = "you"
		}
		list = append(list, ui.Event{What: e.Act, At: c.when(records.Stamp(e.At)), By: by})
	}
	return list, err
}

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
	decided := app.State == flow.Decided || app.State == flow.Approved || app.State == flow.Rejected
	closed := app.State == flow.Approved || app.State == flow.Rejected
	return []ui.Step{
		{What: "submitted", At: c.when(app.SubmittedAt), Phase: "past"},
		{What: "assigned", At: c.when(app.AssignedAt), Phase: phase(app.AssignedAt != "" || decided, app.State == flow.Submitted)},
		{What: "review", Phase: phase(decided, app.State == flow.InReview)},
		{What: "result", At: c.when(app.ClosedAt), Phase: phase(closed, app.State == flow.Decided)},
	}
}

func (c *call) result(d *draft, page string) error {
	db, app := c.s.Desk.App.DB(), d.Row
	made, err := records.Find[*records.Decision](db, dbx.HashExp{"application": app.ID, "state": string(flow.Sent)})
	if err != nil {
		return err
	}
	v := ui.Result{Case: c.head(d), Name: d.a[d.t.HolderName], Own: app.HolderRow().Own, At: c.when(made.ReleasedAt), Letter: d.path("/letter"), Again: made.AgainOn, Never: made.Never,
		Start: "/types/" + app.Type, Message: d.t.Letters.Passed.In(c.lang)}
	if made.Outcome == flow.NotPassed {
		v.Message = d.t.Letters.NotPassed.In(c.lang)
	}
	if v.History, err = c.history(d); err != nil {
		return err
	}
	if !d.Today.Before(flow.Day(made.AgainOn)) {
		v.Again = ""
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
	a, err := records.Load[*records.Applicant](c.s.Desk.App.DB(), c.by.ID)
	if err != nil {
		return err
	}
	return c.show("apply/submitted", ui.Submitted{Case: c.head(d), At: c.when(d.Row.SubmittedAt), Due: d.Row.DueOn, Channel: a.Channel, Contact: c.contact()})
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
	return c.seeOther("/me", "discarded")
}
