package hooks

import (
	"errors"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Appeals: the applicant's page with its form, its state and its answer, and what colleagues see of it on the case.

// lastResult is the result of a case that left last.
func (c *call) lastResult(app *records.Application) (*records.Decision, error) {
	return records.Newest[*records.Decision](c.s.Desk.App.DB(), decisionsSent(app.ID))
}

// appealOf is the appeal against the result that stands, or none.
func (c *call) appealOf(d *draft) (*records.Appeal, error) {
	a, err := records.AppealOf(c.s.Desk.App.DB(), d.Row.ID)
	if errors.Is(err, records.ErrNotFound) {
		return nil, nil
	}
	return a, err
}

// appealUntil is the last day for an appeal against the result of a case.
func (c *call) appealUntil(d *draft) (flow.Day, error) {
	made, err := c.lastResult(d.Row)
	if err != nil {
		return "", err
	}
	return flow.AppealUntil(d.t, flow.DayOf(records.Moment(made.ReleasedAt), c.s.Desk.Zone(d.Settings))), nil
}

func decisionsSent(application string) dbx.Expression {
	return dbx.HashExp{"application": application, "state": string(flow.Sent)}
}

// mayAppeal says on a result whether it can be appealed, and where the appeal is that was made.
func (c *call) mayAppeal(d *draft, v *ui.Result) error {
	if d.Row.Kind == "recheck" {
		return nil
	}
	a, err := c.appealOf(d)
	if err != nil {
		return err
	}
	if a != nil {
		v.Appeal = d.path("/appeal")
		return nil
	}
	until, err := c.appealUntil(d)
	if err == nil && d.Row.State == flow.Rejected && !until.Before(d.Today) {
		v.Appeal, v.AppealUntil = d.path("/appeal"), string(until)
	}
	return err
}

// appealPage shows an applicant the form, or what they wrote and what came of it.
func appealPage(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	return c.appeal(d, nil, nil)
}

func (c *call) appeal(d *draft, wrong error, values map[string]string) error {
	v := ui.Appeal{Form: c.form(d.path("/appeal"), wrong, values), Case: c.head(d), State: string(d.Row.State), Due: d.Row.DueOn, MaxMB: maxFileMB, MaxFiles: flow.MessageFiles, MaxRunes: flow.AppealRunes}
	if t := c.uploadTrouble(wrong); t != "" {
		v.Form.Errors = []ui.FieldError{{Field: "file", Text: t}}
	}
	a, err := c.appealOf(d)
	switch {
	case err != nil:
		return err
	case a != nil:
		if err := c.appealSaid(d, a, &v); err != nil {
			return err
		}
	case d.Row.State != flow.Rejected || d.Row.Kind == "recheck":
		return c.seeOther(d.path(""))
	default:
		until, err := c.appealUntil(d)
		if err != nil {
			return err
		}
		v.Until, v.Late = string(until), until.Before(d.Today)
	}
	if v.Own == "" {
		if v.NeedsAgree, err = c.needsAgree(d, d.path("/appeal")); err != nil {
			return err
		}
	}
	return c.showAs(formStatus(wrong), "decide/appeal", v, back(d.path("")))
}

func (c *call) appealSaid(d *draft, a *records.Appeal, v *ui.Appeal) (err error) {
	desk, key := c.s.Desk, d.Row.Key()
	if v.Own, err = desk.Open(key, "appeals.text "+a.ID, a.Text); err != nil {
		return err
	}
	if v.Files, err = c.sentWith(d, a.ID); err != nil {
		return err
	}
	v.At, v.Outcome = c.when(a.Made), string(a.State)
	if a.State == flow.Open {
		v.Outcome = ""
	}
	v.Answer, err = desk.Open(key, "appeals.answer "+a.ID, a.Answer)
	return err
}

// appealPost keeps an appeal; what was entered comes back with any refusal.
func appealPost(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	entered, err := c.written(d.Row, command.Appeal)
	if expected(err) && !flow.Refused(err, "not_now") || isUpload(err) {
		return c.appeal(d, err, entered)
	}
	if err != nil {
		return err
	}
	return c.seeOther(d.path("/appeal"), "appealed")
}

// written does an act that takes words with attachments, and returns what was entered.
func (c *call) written(app *records.Application, act command.Act[*records.Application, command.Written]) (map[string]string, error) {
	in, err := c.receive(app.Key(), flow.MessageFiles+1)
	if err != nil {
		return in.fields, err
	}
	if len(in.files) > 0 {
		err = c.s.Desk.Room(flow.AddDocument)
	}
	for range in.files {
		err = errors.Join(err, c.countUpload())
	}
	if err != nil {
		c.s.drop(&in)
		return in.fields, err
	}
	if err := c.s.storeAll(c.ctx(), app.Key(), &in); err != nil {
		return in.fields, err
	}
	_, err = command.Deposit(c.ctx(), c.s.Desk, c.by, act, command.At{ID: app.ID, Key: in.key()}, command.Written{Text: in.fields["text"], Files: in.stored}, in.stored...)
	return in.fields, err
}

// caseAppeal is an appeal as colleagues see it on the case.
type caseAppeal struct {
	Text    string `json:"text"`
	At      string `json:"at"`
	State   string `json:"state"`
	Answer  string `json:"answer,omitempty"`
	Who     string `json:"who,omitempty"`
	Decided string `json:"decidedAt,omitempty"`
}

// caseAppealed adds the last appeal; its attachments and those of earlier ones stand among the documents.
func (c *call) caseAppealed(p *casePage, v command.View[*records.Application], t sdk.Type, names map[string]string) error {
	d, app := c.s.Desk, v.Row
	p.FourEyes = t.FourEyes
	a, err := records.AppealOf(d.App.DB(), app.ID)
	if errors.Is(err, records.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	line := &caseAppeal{At: a.Made, State: string(a.State), Who: names[a.DecidedBy], Decided: a.DecidedAt}
	if line.Text, err = d.Open(app.Key(), "appeals.text "+a.ID, a.Text); err != nil {
		return err
	}
	if line.Answer, err = d.Open(app.Key(), "appeals.answer "+a.ID, a.Answer); err != nil {
		return err
	}
	p.Appeal = line
	return attachedTo[*records.Appeal](c, p, app, sdk.Text{ZhHans: "申诉附件", En: "Appeal"})
}
