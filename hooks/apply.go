package hooks

import (
	"net/url"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
	"github.com/certdesk/certdesk/ui"
)

// Applying: the catalogue, for whom, one question a page, check your answers, submit.

const actPublic = flow.SeePublic

func landingPage(c *call) error {
	d, err := c.settings()
	if err != nil {
		return err
	}
	if d.State == flow.New {
		return c.seeOther("/setup")
	}
	cards, err := c.typeCards()
	if err != nil {
		return err
	}
	return c.show("apply/landing", ui.Landing{Types: cards})
}

// openTypes reads the types that one can apply for, with their descriptions.
func (c *call) openTypes() ([]sdk.Type, error) {
	rows, err := records.All[*records.Type](c.s.Desk.App.DB(), dbx.HashExp{"state": "enabled"}, "bundled DESC", "id")
	if err != nil {
		return nil, err
	}
	var list []sdk.Type
	for _, r := range rows {
		t, err := c.s.Desk.Type(r.Digest)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

func (c *call) typeCards() ([]ui.TypeCard, error) {
	types, err := c.openTypes()
	var cards []ui.TypeCard
	for _, t := range types {
		cards = append(cards, c.card(t))
	}
	return cards, err
}

func (c *call) card(t sdk.Type) ui.TypeCard {
	card := ui.TypeCard{ID: t.ID, Name: t.Name.In(c.lang), Summary: t.Summary.In(c.lang)}
	for _, s := range t.Slots {
		if !s.Optional && s.When == nil {
			card.Needs = append(card.Needs, s.Name.In(c.lang))
		}
	}
	return card
}

func typesPage(c *call) error {
	cards, err := c.typeCards()
	if err != nil {
		return err
	}
	return c.show("apply/types", ui.Catalogue{Types: cards}, back("/"))
}

// openType reads one type that one can apply for.
func (c *call) openType(id string) (sdk.Type, error) {
	row, err := records.Load[*records.Type](c.s.Desk.App.DB(), id)
	if err != nil {
		return sdk.Type{}, err
	}
	if row.State != flow.Enabled {
		return sdk.Type{}, records.ErrNotFound
	}
	return c.s.Desk.Type(row.Digest)
}

func typePage(c *call) error {
	t, err := c.openType(c.e.Request.PathValue("type"))
	if err != nil {
		return err
	}
	v := ui.TypePage{ID: t.ID, Name: t.Name.In(c.lang), Summary: t.Summary.In(c.lang), Proves: t.Proves.In(c.lang), Pages: len(t.Pages), ReviewDays: t.ReviewDays,
		ValidMonths: t.Validity, Attested: t.Attested}
	for _, k := range t.Holders {
		v.Persons, v.Institutions = v.Persons || k == sdk.HolderPerson, v.Institutions || k == sdk.HolderInstitution
	}
	for _, s := range t.Slots {
		n := ui.Need{Name: s.Name.In(c.lang), Hint: s.Hint.In(c.lang), Optional: s.Optional, OneOf: s.OneOf != ""}
		if s.Form != nil {
			n.Form = "/types/" + t.ID + "/forms/" + s.ID
		}
		v.Needs = append(v.Needs, n)
	}
	return c.show("apply/type", v, back("/types"))
}

// blankForm sends a type's blank form as a PDF to print.
func blankForm(c *call) error {
	t, err := c.openType(c.e.Request.PathValue("type"))
	if err != nil {
		return err
	}
	for _, s := range t.Slots {
		if s.ID == c.e.Request.PathValue("slot") && s.Form != nil {
			return c.sheet(s.Form)
		}
	}
	return records.ErrNotFound
}

// startPage asks for whom; a cool-down is shown before anything is filled in.
func startPage(c *call) error {
	t, err := c.openType(c.e.Request.PathValue("type"))
	if err != nil {
		return err
	}
	v, err := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeOwn, c.by.ID)
	if err != nil {
		return err
	}
	if q := c.e.Request.URL.Query(); q.Get("why") != "" {
		return c.whyLater(t, q.Get("holder"))
	}
	holders, err := records.HoldersOf(c.s.Desk.App.DB(), v.Row.ID)
	if err != nil {
		return err
	}
	view := ui.Start{Form: c.form("/apply/"+t.ID, nil, map[string]string{"holder": c.e.Request.FormValue("holder")}), Type: c.card(t), New: "/holders/new?type=" + url.QueryEscape(t.ID)}
	for _, h := range holders {
		if !fits(t, h) {
			continue
		}
		card, err := c.holderCard(h, t, v)
		if err != nil {
			return err
		}
		view.Holders = append(view.Holders, card)
	}
	if len(view.Holders) == 0 {
		return c.seeOther("/holders/new?type=" + url.QueryEscape(t.ID))
	}
	return c.show("apply/start", view, back("/types/"+t.ID))
}

func fits(t sdk.Type, h *records.Holder) bool {
	for _, k := range t.Holders {
		if string(k) == h.Kind {
			return true
		}
	}
	return false
}

func (c *call) holderCard(h *records.Holder, t sdk.Type, v command.View[*records.Applicant]) (ui.HolderCard, error) {
	db := c.s.Desk.App.DB()
	name, err := c.s.Desk.HolderName(h)
	if err != nil {
		return ui.HolderCard{}, err
	}
	card := ui.HolderCard{ID: h.ID, Name: name, Own: h.Own, Institution: h.Kind == string(sdk.HolderInstitution), Waiting: h.State == flow.Pending}
	n, err := records.Count(db, "applications", dbx.HashExp{"holder": h.ID, "type": t.ID, "applicant": c.by.ID, "state": "draft"})
	if err != nil {
		return card, err
	}
	cool, err := c.s.Desk.CoolDown(db, h.ID, t.ID, v.Settings, v.Today)
	card.Draft, card.Until, card.Never = n > 0, string(cool.Until), cool.Never
	return card, err
}

// startPost opens the draft, after a page on the cool-down where one runs.
func startPost(c *call) error {
	in, typ := c.values(), c.e.Request.PathValue("type")
	t, err := c.openType(typ)
	if err != nil {
		return err
	}
	v, err := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.SeeHolder, in["holder"])
	if err != nil {
		return err
	}
	if v.Row.State == flow.Pending {
		return c.seeOther("/holders/" + v.Row.ID + "/consent")
	}
	cool, err := c.s.Desk.CoolDown(c.s.Desk.App.DB(), v.Row.ID, typ, v.Settings, v.Today)
	if err != nil {
		return err
	}
	if !cool.Now() && in["knows"] == "" {
		return c.coolDown(v, t, cool)
	}
	if err := c.limit("draft_day", c.by.ID); err != nil {
		return err
	}
	r, err := run(c, command.Start, v.Row.ID, command.Beginning{Type: typ, Lang: c.lang})
	if err != nil {
		return err
	}
	return c.seeOther("/applications/" + r.Answer["id"])
}

// whyLater shows the cool-down of a holder for a type, and what led to it.
func (c *call) whyLater(t sdk.Type, holder string) error {
	v, err := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.SeeHolder, holder)
	if err != nil {
		return err
	}
	cool, err := c.s.Desk.CoolDown(c.s.Desk.App.DB(), v.Row.ID, t.ID, v.Settings, v.Today)
	if err != nil {
		return err
	}
	if cool.Now() {
		return c.seeOther("/apply/" + t.ID + "?holder=" + v.Row.ID)
	}
	return c.coolDown(v, t, cool)
}

func (c *call) coolDown(v command.View[*records.Holder], t sdk.Type, cool flow.CoolDown) error {
	name, err := c.s.Desk.HolderName(v.Row)
	if err != nil {
		return err
	}
	if v.Row.Own {
		name = ""
	}
	view := ui.CoolDown{Form: c.form("/apply/"+t.ID, nil, map[string]string{"holder": v.Row.ID, "knows": "yes"}), Type: t.Name.In(c.lang), Holder: name, HolderID: v.Row.ID,
		Until: string(cool.Until), Never: cool.Never, Count: len(cool.Because), Within: cool.Within, Wait: cool.Wait}
	if cool.Until != "" {
		view.Days = cool.Until.Sub(v.Today)
	}
	for _, o := range cool.Because {
		view.Past = append(view.Past, ui.PastResult{On: string(o.On), Result: string(o.Result)})
	}
	last, err := records.Queue(c.s.Desk.App.DB(), dbx.HashExp{"holder": v.Row.ID, "type": t.ID, "state": "rejected"}, 1, "closed_at DESC")
	if err != nil {
		return err
	}
	if len(last) > 0 {
		view.Last = "/applications/" + last[0].ID
	}
	return c.show("apply/cooldown", view, back("/types/"+t.ID))
}

// draft is an application that is being filled in, with all that its pages need.
type draft struct {
	command.View[*records.Application]
	t    sdk.Type
	a    sdk.Answers
	docs []*records.Document
	have map[string]int
}

// draft reads a draft. It follows the newest description of its type.
func (c *call) draft(see flow.Act) (*draft, error) {
	v, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, see, c.id())
	if err != nil {
		return nil, err
	}
	db := c.s.Desk.App.DB()
	d := &draft{View: v, have: map[string]int{}}
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
	return d, nil
}

func (c *call) head(d *draft) ui.Case {
	k := ui.Case{ID: d.Row.ID, Ref: d.Row.Ref, Type: d.t.Name.In(c.lang), Kind: d.Row.Kind}
	if h := d.Row.HolderRow(); !h.Own {
		k.Holder, _ = c.s.Desk.HolderName(h)
	}
	return k
}

func (d *draft) path(rest string) string { return "/applications/" + d.Row.ID + rest }

// places are the pages of a draft in order: questions, then slots, then the check.
func (d *draft) places() []string {
	var all []string
	for _, p := range check.Pages(d.t, d.a) {
		all = append(all, "/q/"+p.ID)
	}
	for _, s := range check.Slots(d.t, d.a) {
		all = append(all, "/slot/"+s.ID)
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
			before = "/me"
		}
		if i+1 < len(all) {
			after = d.path(all[i+1])
		}
	}
	return before, after, step, of
}

// resume is where a draft goes on: where the phone closed the page, or what comes first.
func (d *draft) resume() string {
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
		Newer: d.Row.Digest != "" && d.Row.Place != "" && c.newer(d), Return: ret, Later: "/me"}
	for i, e := range v.Form.Errors {
		v.Form.Errors[i].Field = "q." + e.Field
	}
	for _, q := range page.Questions {
		v.Fields = append(v.Fields, c.field(q, d.a[q.ID], v.Form, len(page.Questions) == 1))
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
		return c.seeOther("/me", "saved")
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
	v := ui.CheckAnswers{Form: c.form(d.path("/submit"), err, nil), Case: c.head(d), Answers: c.summary(d, true), Slots: c.slotSummary(d), Later: "/me"}
	var missing []ui.FieldError
	for _, p := range check.Form(d.t, d.a, d.have, d.Row.AttestedBy != "", string(d.Today)) {
		v.Missing = append(v.Missing, ui.Missing{Text: p.Text.In(c.lang), Href: d.path(d.placeOf(p.Field))})
	}
	if len(v.Missing) > 0 {
		v.Form.Errors = missing
	}
	cool, look := c.s.Desk.CoolDown(c.s.Desk.App.DB(), d.Row.Holder, d.Row.Type, d.Settings, d.Today)
	if look != nil {
		return look
	}
	if d.Row.Kind == "new" && !cool.Now() {
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
	if err := c.limit("submit_day", c.by.ID); err != nil {
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
