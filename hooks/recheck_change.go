package hooks

import (
	"errors"
	"slices"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
	"github.com/certdesk/certdesk/ui"
)

// Changed information: what has changed is asked first; then only that is asked, and the rest is shown as it is kept.

// certificateChange opens the change, or goes on with the one that is open.
func certificateChange(c *call) error {
	r, err := run(c, command.RequestChange, c.id(), struct{}{})
	if err != nil {
		return c.openInstead(err, "change")
	}
	return c.seeOther("/applications/" + r.Answer["id"] + "/changes")
}

// openInstead goes on with the case of this kind that is open already; with another one it says why it cannot be.
func (c *call) openInstead(err error, kind string) error {
	if !flow.Refused(err, "open_"+kind) {
		return err
	}
	open, look := command.OpenOn(c.s.Desk.App.DB(), c.id())
	if look != nil || open == nil {
		return errors.Join(err, look)
	}
	return c.seeOther("/applications/" + open.ID)
}

func changesPage(c *call) error {
	d, err := c.draft(flow.SeeDraft)
	if err != nil {
		return err
	}
	return c.changes(d, nil, nil)
}

func (c *call) changes(d *draft, err error, chosen []string) error {
	if d.open == nil {
		return c.seeOther(d.resume())
	}
	if err == nil {
		chosen = records.List(d.Row.Changes)
	}
	before, _, step, of := d.around("/changes")
	if c.e.Request.URL.Query().Get("return") != "" {
		before = d.path("/check")
	}
	k, look := records.Load[*records.Certificate](c.s.Desk.App.DB(), d.Row.Certificate)
	if look != nil {
		return look
	}
	f := c.form(d.path("/changes"), err, nil)
	for i := range f.Errors {
		f.Errors[i].Field = "changes"
	}
	v := ui.Changes{Form: f, Case: c.head(d), Number: k.Number, Until: k.ExpiresOn, Step: step, Of: of, Percent: 100 * step / of, Later: c.home(), Discard: d.path("/discard"),
		Field: ui.Field{Name: "changes", Kind: "choices", Label: c.s.UI.Text(c.lang, "change.h1"), Hint: c.s.UI.Text(c.lang, "change.hint"), Heading: true, Error: f.Error("changes")}}
	for _, x := range check.Changes(d.t, d.was.Answers) {
		v.Field.Options = append(v.Field.Options, ui.Option{Value: x.ID, Label: x.Text.In(c.lang), Hint: x.Hint.In(c.lang), On: slices.Contains(chosen, x.ID)})
	}
	return c.show("recheck/changes", v, back(before))
}

func changesPost(c *call) error {
	d, err := c.draft(flow.SeeDraft)
	if err != nil {
		return err
	}
	var chosen []string
	if in := c.values()["changes"]; in != "" {
		chosen = strings.Split(in, "\n")
	}
	_, err = run(c, command.ChooseChanges, d.Row.ID, command.WhatChanged{Changes: chosen})
	if expected(err) {
		return c.changes(d, err, chosen)
	}
	if err != nil {
		return err
	}
	if d, err = c.draft(flow.SeeDraft); err != nil {
		return err
	}
	_, after, _, _ := d.around("/changes")
	return c.seeOther(after)
}

// asks says whether a page or a slot of a draft is asked: all are, but those that a change keeps.
func (d *draft) asks(page, slot string) bool {
	return d.open == nil || d.open.Pages[page] || d.open.Slots[slot]
}

// changed are the changes of a case in words.
func changed(t sdk.Type, was sdk.Answers, app *records.Application) (list []sdk.Text) {
	for _, x := range check.Changes(t, was) {
		if slices.Contains(records.List(app.Changes), x.ID) {
			list = append(list, x.Text)
		}
	}
	return list
}

// caseChanged adds what a change is about: what has changed, and beside each answer what was certified.
func (c *call) caseChanged(p *casePage, v command.View[*records.Application], t sdk.Type, _ map[string]string) error {
	if v.Row.Kind != "change" {
		return nil
	}
	was, err := c.s.Desk.Certified(c.s.Desk.App.DB(), v.Row)
	if err != nil {
		return err
	}
	p.Changes = changed(t, was.Answers, v.Row)
	for i, a := range p.Answers {
		if before := was.Answers[a.ID]; before != a.Value {
			q, _, _ := t.Question(a.ID)
			text := c.s.shownText(q, before)
			p.Answers[i].Before = &text
		}
	}
	return nil
}
