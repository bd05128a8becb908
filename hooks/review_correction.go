package hooks

import (
	"errors"
	"net/http"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// What an applicant is asked to put right: a list of the items, a page for each, one look at all of it, one button. Every part
// is kept as it is given; what is written after the last day is kept too, and the page says what that means.

// awaited is a case with the round that is open in it, or that lapsed.
type awaited struct {
	*draft
	*command.Round
}

// round reads the case that the route names, and its round; nil where nothing is awaited any more.
func (c *call) round() (*awaited, error) {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return nil, err
	}
	r, err := c.roundOf(d)
	if r == nil || err != nil {
		return nil, err
	}
	return &awaited{d, r}, nil
}

func (c *call) roundOf(d *draft) (*command.Round, error) {
	if d.Row.State != flow.AwaitingApplicant && d.Row.State != flow.Lapsed {
		return nil, nil
	}
	all, err := records.Corrections(c.s.Desk.App.DB(), d.Row.ID)
	if err != nil || len(all) == 0 || all[0].State != flow.Open && all[0].State != flow.Lapsed {
		return nil, err
	}
	return c.s.Desk.Round(c.s.Desk.App.DB(), d.Row, d.t, all[0])
}

// awaitedOf is what the page of the case says of it; nil where nothing is awaited.
func (c *call) awaitedOf(d *draft) (*ui.Correction, error) {
	r, err := c.roundOf(d)
	if r == nil || err != nil {
		return nil, err
	}
	v := c.correction(&awaited{d, r}, nil)
	v.Next = d.path("/correction")
	return &v, nil
}

// where is the page of one item.
func (a *awaited) where(item string) string {
	if _, ok := a.Type.Slot(item); ok {
		return a.path("/correction/slot/" + item)
	}
	return a.path("/correction/q/" + item)
}

// names are all items in order: those asked for, and what an answer brought up.
func (a *awaited) names() (all []string) {
	for i, item := range a.Asked.Items {
		if item.Of == "" {
			all = append(all, flow.FreeItem(i))
		} else {
			all = append(all, item.Of)
		}
	}
	return append(all, a.Opened()[len(a.fields()):]...)
}

// fields are the fields that were asked for.
func (a *awaited) fields() (all []string) {
	for _, item := range a.Asked.Items {
		if item.Of != "" {
			all = append(all, item.Of)
		}
	}
	return all
}

// after is where one goes on from an item: to the next one without an answer, or to the page that sends it all.
func (a *awaited) after(item string) string {
	left := a.Unanswered()
	passed := item == ""
	for _, n := range append(a.names(), a.names()...) {
		if passed && n != item {
			for _, l := range left {
				if l == n {
					return a.where(n)
				}
			}
		}
		passed = passed || n == item
	}
	return a.path("/correction/check")
}

// correction is the whole of it as a page shows it.
func (c *call) correction(a *awaited, err error) ui.Correction {
	v := ui.Correction{Form: c.form(a.path("/correction"), err, nil), Case: c.head(a.draft), Due: a.Round.Row.Due, Lapsed: a.draft.Row.State == flow.Lapsed, Sent: a.Round.Row.LateAt != "" && len(a.Unanswered()) == 0,
		Next: a.after(""), Left: len(a.Unanswered()), Begun: a.Round.Row.Given != "" || len(a.Documents) > 0}
	if v.Lapsed {
		closed := flow.DayOf(records.Moment(a.draft.Row.ClosedAt), c.s.Desk.Zone(a.Settings))
		v.Until, v.Again = string(closed.AddDays(a.Type.Correction.ReopenWithin())), a.draft.Row.Type
	}
	open := map[string]bool{}
	for _, n := range a.Unanswered() {
		open[n] = true
	}
	for i, name := range a.names() {
		x := c.correctionItem(a, i, name)
		x.Done = !open[name]
		v.Items = append(v.Items, x)
	}
	return v
}

// correctionItem is one item: what it is, why, how to put it right, what was there, and what is given by now.
func (c *call) correctionItem(a *awaited, i int, name string) ui.CorrectionItem {
	x := ui.CorrectionItem{Href: a.where(name), Opened: i >= len(a.Asked.Items), Remark: c.remark(a, i)}
	if q, _, ok := a.Type.Question(name); ok {
		x.Kind, x.Name, x.Value = "question", q.Short.In(c.lang), c.s.shownIn(q, a.Given.Answers[name], c.lang)
		if x.Before = c.s.shownIn(q, a.Before[name], c.lang); a.Before[name] == "" {
			x.Before = ""
		}
		if a.Given.Answers[name] == "" {
			x.Value = ""
		}
		return x
	}
	if s, ok := a.Type.Slot(name); ok {
		x.Kind, x.Name = "slot", s.Name.In(c.lang)
		x.Old, x.Files = c.filesOf(a.draft, a.Kept, name, ""), c.filesOf(a.draft, a.Documents, name, "/correction")
		return x
	}
	x.Kind, x.Name, x.Value = "free", c.s.UI.Text(c.lang, "correction.words"), a.Given.Words[i]
	return x
}

// remark says why an item is asked for, in the words of the type, and how to put it right, in those of the reviewer.
func (c *call) remark(a *awaited, i int) ui.Remark {
	m := ui.Remark{From: "correction"}
	if i >= len(a.Asked.Items) {
		return m
	}
	item := a.Asked.Items[i]
	m.How = item.Note
	for _, r := range a.Type.Reasons {
		if r.ID == item.Why {
			m.Why = r.Text.In(c.lang)
		}
	}
	return m
}

func correctionPage(c *call) error {
	a, err := c.round()
	if err != nil {
		return err
	}
	if a == nil {
		return c.seeOther("/applications/" + c.id())
	}
	return c.show("review/correction", c.correction(a, nil), back(a.path("")))
}

func correctionCheck(c *call) error {
	a, err := c.round()
	if err != nil {
		return err
	}
	if a == nil || a.draft.Row.State == flow.Lapsed {
		return c.seeOther("/applications/" + c.id() + "/correction")
	}
	return c.show("review/correction_check", c.correction(a, nil), back(a.path("/correction")))
}

// correctionSend sends the answer. One that comes too late is kept, and the page says so; the second click of two finds it sent.
func correctionSend(c *call) error {
	r, err := run(c, command.AnswerCorrection, c.id(), struct{}{})
	switch {
	case err == nil && r.State == flow.Lapsed:
		return c.seeOther("/applications/" + c.id() + "/correction")
	case err == nil:
		return c.seeOther("/applications/"+c.id(), "correction_sent")
	case flow.Refused(err, "not_now"):
		return c.seeOther("/applications/" + c.id())
	case !expected(err):
		return err
	}
	a, look := c.round()
	if look != nil || a == nil {
		return errors.Join(err, look)
	}
	return c.showAs(http.StatusUnprocessableEntity, "review/correction_check", c.correction(a, err), back(a.path("/correction")))
}

// item finds the item that the route names; false where it is not open.
func (c *call) item(a *awaited, part string) (string, int, bool) {
	name := c.e.Request.PathValue(part)
	for i, n := range a.names() {
		if n == name {
			return name, i, true
		}
	}
	return name, 0, false
}

func correctionQuestion(c *call) error {
	a, err := c.round()
	if err != nil {
		return err
	}
	if a == nil {
		return c.seeOther("/applications/" + c.id())
	}
	return c.correctionForm(a, nil, nil)
}

// correctionForm is the page of a question, or of something to say.
func (c *call) correctionForm(a *awaited, err error, values map[string]string) error {
	name, i, ok := c.item(a, "item")
	if !ok {
		return c.seeOther(a.path("/correction"))
	}
	x, all := c.correctionItem(a, i, name), len(a.names())
	v := ui.Question{Form: c.form(a.where(name), err, values), Case: c.head(a.draft), Step: i + 1, Of: all, Percent: 100 * (i + 1) / all, Later: "/me", Remark: &x.Remark}
	for n, e := range v.Form.Errors {
		v.Form.Errors[n].Field = "q." + e.Field
	}
	if q, _, ok := a.Type.Question(name); ok {
		v.Fields = []ui.Field{c.field(q, a.Given.Over(a.Before)[name], v.Form, true)}
		return c.show("apply/question", v, back(a.path("/correction")))
	}
	field := ui.Field{Name: "q." + name, Kind: "long", Label: x.Name, Heading: true, Value: a.Given.Words[i], Error: v.Form.Error("q." + name)}
	if len(values) > 0 {
		field.Value = v.Form.Value("q." + name)
	}
	v.Fields = []ui.Field{field}
	return c.show("review/correction_words", v, back(a.path("/correction")))
}

// correctionFill keeps one part and goes on.
func correctionFill(c *call) error {
	a, err := c.round()
	if err != nil {
		return err
	}
	in, name := c.values(), c.e.Request.PathValue("item")
	text := strings.TrimSpace(in["q."+name])
	if a != nil {
		if q, _, ok := a.Type.Question(name); ok {
			text = entered(sdk.Page{Questions: []sdk.Question{q}}, in)[name]
		}
	}
	_, err = run(c, command.FillCorrection, c.id(), command.Filled{Of: name, Text: text})
	if expected(err) && a != nil && !flow.Refused(err, "not_now") && !flow.Refused(err, "not_asked") {
		return c.correctionForm(a, err, in)
	}
	if err != nil {
		return err
	}
	return c.correctionOn(name)
}

// correctionOn goes on after an item was answered.
func (c *call) correctionOn(name string) error {
	a, err := c.round()
	if err != nil {
		return err
	}
	if a == nil || a.draft.Row.State == flow.Lapsed {
		return c.seeOther("/applications/" + c.id() + "/correction")
	}
	return c.seeOther(a.after(name))
}

func correctionSlot(c *call) error {
	a, err := c.round()
	if err != nil {
		return err
	}
	if a == nil {
		return c.seeOther("/applications/" + c.id())
	}
	return c.correctionEvidence(a, nil)
}

// correctionEvidence is the page of one piece of evidence.
func (c *call) correctionEvidence(a *awaited, err error) error {
	name, i, ok := c.item(a, "slot")
	s, _ := a.Type.Slot(name)
	if !ok {
		return c.seeOther(a.path("/correction"))
	}
	x, all := c.correctionItem(a, i, name), len(a.names())
	v := c.slotView(a.draft, s)
	v.Form = c.form(a.where(name), err, nil)
	v.Files, v.Remark, v.Next, v.Step, v.Of, v.Percent = x.Files, &x.Remark, a.after(name), i+1, all, 100*(i+1)/all
	v.VisitCode, v.Attested, v.OneOf = "", false, nil
	if t := c.uploadTrouble(err); t != "" {
		v.Form.Errors = []ui.FieldError{{Field: "file", Text: t}}
	}
	var look error
	if v.NeedsAgree, look = c.needsAgree(a.draft, a.where(name)); look != nil {
		return look
	}
	return c.showAs(formStatus(err), "apply/slot", v, back(a.path("/correction")))
}

// correctionUpload stores a document and keeps it as part of the answer.
func correctionUpload(c *call) error {
	a, err := c.round()
	if err != nil {
		return err
	}
	if a == nil {
		return c.seeOther("/applications/" + c.id())
	}
	name := c.e.Request.PathValue("slot")
	u, err := c.upload(a.draft.Row.Key())
	switch {
	case errors.Is(err, errNoFile) && (u.fields["go"] == "next" || a.Have()[name] > 0):
		return c.correctionOn(name)
	case err == nil:
		u.Slot = name
		_, err = command.Deposit(c.ctx(), c.s.Desk, c.by, command.AddToCorrection, command.At{ID: c.id(), Key: u.key}, u.Stored, u.Stored)
	}
	if expected(err) || isUpload(err) {
		return c.correctionEvidence(a, err)
	}
	if err != nil {
		return err
	}
	return c.seeOther(a.where(name))
}

func correctionRemove(c *call) error {
	doc, err := records.Load[*records.Document](c.s.Desk.App.DB(), c.e.Request.PathValue("document"))
	if err != nil {
		return err
	}
	if _, err := run(c, command.RemoveFromCorrection, c.id(), command.Removal{Document: doc.ID}); err != nil {
		return err
	}
	return c.seeOther("/applications/" + c.id() + "/correction/slot/" + doc.Slot)
}
