package hooks

import (
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
	"github.com/certdesk/certdesk/ui"
)

// Applying: the catalogue, for whom, one question a page, check your answers, submit.

const actPublic = flow.SeePublic

// draft is an application that is being filled in, with all that its pages need.
type draft struct {
	command.View[*records.Application]
	t    sdk.Type
	a    sdk.Answers
	docs []*records.Document
	have map[string]int
	home string            // where it is left to
	open *check.Open       // of a change: what is asked; nil: everything
	was  command.Certified // of a change: what was certified
}

// draft reads a draft. It follows the newest description of its type.
func (c *call) draft(see flow.Act) (*draft, error) {
	v, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, see, c.id())
	if err != nil {
		return nil, err
	}
	db := c.s.Desk.App.DB()
	d := &draft{View: v, have: map[string]int{}, home: c.home()}
	digest := v.Row.Digest
	if v.Row.State == flow.Draft {
		typ, err := records.Load[*records.Type](db, v.Row.Type)
		if err != nil {
			return nil, err
		}
		digest = typ.Digest
	}
	if d.t, err = c.s.Desk.Type(digest); err != nil {
		return nil, err
	}
	if d.a, err = c.s.Desk.Answers(v.Row); err != nil {
		return nil, err
	}
	if d.docs, err = records.Documents(db, v.Row.ID); err != nil {
		return nil, err
	}
	for _, doc := range d.docs {
		d.have[doc.Slot]++
	}
	if v.Row.Kind == "change" {
		if d.was, err = c.s.Desk.Certified(db, v.Row); err != nil {
			return nil, err
		}
		open := check.Reopened(d.t, d.was.Certified, records.List(v.Row.Changes), d.a, string(v.Today))
		d.open = &open
	}
	return d, nil
}

func (c *call) head(d *draft) ui.Case {
	k := ui.Case{ID: d.Row.ID, Ref: d.Row.Ref, Type: d.t.Name.In(c.lang), Kind: d.Row.Kind}
	if d.Row.Ref != "" {
		k.Messages, k.News = d.path("/messages"), d.Row.Unseen != ""
	}
	if h := d.Row.HolderRow(); !h.Own {
		k.Holder, _ = c.s.Desk.HolderName(h)
	}
	return k
}

func (d *draft) path(rest string) string { return "/applications/" + d.Row.ID + rest }

// places are the pages of a draft in order: what has changed, questions, then slots, then the check.
func (d *draft) places() []string {
	var all []string
	if d.open != nil {
		all = append(all, "/changes")
	}
	for _, p := range check.Pages(d.t, d.a) {
		if d.asks(p.ID, "") {
			all = append(all, "/q/"+p.ID)
		}
	}
	for _, s := range check.Slots(d.t, d.a) {
		if d.asks("", s.ID) {
			all = append(all, "/slot/"+s.ID)
		}
	}
	return append(all, "/check")
}

// around returns what comes before and after a place, and how far it is.
func (d *draft) around(place string) (before, after string, step, of int) {
	all := d.places()
	before, after, of = d.path(""), d.path("/check"), len(all)
	for i, p := range all {
		if p != place {
			continue
		}
		step = i + 1
		if i > 0 {
			before = d.path(all[i-1])
		} else {
			before = d.home
		}
		if i+1 < len(all) {
			after = d.path(all[i+1])
		}
	}
	return before, after, step, of
}

// resume is where a draft goes on: where the phone closed the page, or what comes first.
func (d *draft) resume() string {
	if d.Row.Place == "" && d.Row.Previous != "" {
		return d.path("/check")
	}
	if d.Row.Place == "" {
		return d.path(d.places()[0])
	}
	place := "/" + d.Row.Place
	if len(place) > 5 && place[:6] == "/slot/" {
		return d.path(place) // the same slot again
	}
	_, after, step, _ := d.around(place)
	if step == 0 {
		return d.path(d.places()[0])
	}
	return after
}

func questionPage(c *call) error {
	d, err := c.draft(flow.SeeDraft)
	if err != nil {
		return err
	}
	return c.question(d, nil, nil)
}

func (c *call) question(d *draft, err error, values map[string]string) error {
	id := c.e.Request.PathValue("page")
	before, _, step, of := d.around("/q/" + id)
	if step == 0 {
		return c.seeOther(d.resume())
	}
	var page sdk.Page
	for _, p := range d.t.Pages {
		if p.ID == id {
			page = p
		}
	}
	ret := c.e.Request.FormValue("return") != ""
	if ret {
		before = d.path("/check")
	}
	v := ui.Question{Form: c.form(d.path("/q/"+id), err, values), Case: c.head(d), Title: page.Title.In(c.lang), Step: step, Of: of, Percent: 100 * step / of,
		Newer: d.Row.Digest != "" && d.Row.Place != "" && c.newer(d), Return: ret, Later: c.home()}
	for i, e := range v.Form.Errors {
		v.Form.Errors[i].Field = "q." + e.Field
	}
	remarks, look := c.remarks(d)
	if look != nil {
		return look
	}
	for _, q := range page.Questions {
		if v.Remark == nil {
			v.Remark = remarks[q.ID]
		}
		was := d.a[q.ID]
		if q.ID == d.t.HolderName && was == "" && values == nil { // it was said when the holder was named
			was, _ = c.s.Desk.HolderName(d.Row.HolderRow())
		}
		v.Fields = append(v.Fields, c.field(q, was, v.Form, len(page.Questions) == 1))
	}
	return c.show("apply/question", v, back(before))
}

// newer reports whether the type changed since the draft was last saved.
func (c *call) newer(d *draft) bool {
	typ, err := records.Load[*records.Type](c.s.Desk.App.DB(), d.Row.Type)
	return err == nil && typ.Digest != d.Row.Digest
}

// questionPost keeps the answers of one page and goes on.
func questionPost(c *call) error {
	d, err := c.draft(flow.SeeDraft)
	if err != nil {
		return err
	}
	id, in := c.e.Request.PathValue("page"), c.values()
	var page sdk.Page
	for _, p := range d.t.Pages {
		if p.ID == id {
			page = p
		}
	}
	_, err = run(c, command.SaveDraft, d.Row.ID, command.PageAnswers{Page: id, Entered: entered(page, in)})
	if expected(err) {
		return c.question(d, err, in)
	}
	if err != nil {
		return err
	}
	if in["later"] != "" {
		return c.seeOther(c.home(), "saved")
	}
	if in["return"] != "" {
		return c.seeOther(d.path("/check"))
	}
	if d, err = c.draft(flow.SeeDraft); err != nil {
		return err
	}
	_, after, _, _ := d.around("/q/" + id)
	return c.seeOther(after)
}

// checkPage shows everything before it is submitted.
func checkPage(c *call) error {
	d, err := c.draft(flow.SeeDraft)
	if err != nil {
		return err
	}
	return c.checkForm(d, nil)
}

func (c *call) checkForm(d *draft, err error) error {
	v := ui.CheckAnswers{Form: c.form(d.path("/submit"), err, nil), Case: c.head(d), Answers: c.summary(d, true), Slots: c.slotSummary(d), Later: c.home(), Discard: d.path("/discard")}
	for _, p := range check.Form(d.t, d.a, d.have, d.Row.AttestedBy != "", string(d.Today)) {
		place, text := d.placeOf(p.Field), p.Text.In(c.lang)
		if strings.HasPrefix(place, "/q/") { // what is missing of a picture names it already
			text = nameOf(d.t, p.Field).In(c.lang) + c.s.UI.Text(c.lang, "colon") + text
		}
		v.Missing = append(v.Missing, ui.Missing{Text: text, Href: d.path(place)})
	}
	if len(v.Missing) > 0 {
		v.Form.Errors = nil // the list says it all
	}
	remarks, look := c.remarks(d)
	if look != nil {
		return look
	}
	v.Again = d.Row.Previous != ""
	for _, field := range flow.Fields(d.t, d.a) {
		if m := remarks[field]; m != nil {
			v.Refused = append(v.Refused, ui.Missing{Text: nameOf(d.t, field).In(c.lang) + c.s.UI.Text(c.lang, "colon") + m.Why + m.How, Href: d.path(d.placeOf(field))})
		}
	}
	cool, look := c.s.Desk.CoolDownFor(c.s.Desk.App.DB(), d.Row, d.Settings, d.Today)
	if look != nil {
		return look
	}
	if d.open != nil {
		v.Changes = d.path("/changes?return=yes")
		for _, x := range changed(d.t, d.was.Answers, d.Row) {
			v.Changed = append(v.Changed, x.In(c.lang))
		}
	}
	if !cool.Now() {
		v.Until = string(cool.Until)
	}
	before, _, _, _ := d.around("/check")
	return c.show("apply/check", v, back(before))
}

// placeOf is the page on which a field is put right.
func (d *draft) placeOf(field string) string {
	for _, p := range d.t.Pages {
		for _, q := range p.Questions {
			if q.ID == field {
				return "/q/" + p.ID + "?return=yes"
			}
		}
	}
	return "/slot/" + field + "?return=yes"
}

func submitPost(c *call) error {
	if err := c.limitForm("submit_day", c.by.ID); err != nil {
		return err
	}
	_, err := run(c, command.Submit, c.id(), command.Submission{Declared: c.values()["declared"] != ""})
	if expected(err) && !flow.Refused(err, "not_now") {
		d, look := c.draft(flow.SeeDraft)
		if look != nil {
			return look
		}
		return c.checkForm(d, err)
	}
	if err != nil && !flow.Refused(err, "not_now") {
		return err
	}
	return c.seeOther("/applications/" + c.id() + "/submitted")
}
