package hooks

import (
	"net/url"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Starting: for whom, and whether a cool-down runs, before anything is filled in.

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
	if err != nil {
		return card, err
	}
	card.Draft, card.Until, card.Never = n > 0, string(cool.Until), cool.Never
	_, card.Again, err = records.Ended(db, h.ID, t.ID)
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
		return c.seeOther("/holders/" + v.Row.ID + "/consent?type=" + url.QueryEscape(typ))
	}
	cool, err := c.s.Desk.CoolDown(c.s.Desk.App.DB(), v.Row.ID, typ, v.Settings, v.Today)
	if err != nil {
		return err
	}
	if !cool.Now() && in["knows"] == "" {
		return c.coolDown(v, t, cool)
	}
	if err := c.limitForm("draft_day", c.by.ID); err != nil {
		return err
	}
	at := c.at()
	at.ID = v.Row.ID
	r, err := command.Begin(c.ctx(), c.s.Desk, c.by, at, command.Beginning{Type: typ, Lang: c.lang})
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
	view.Malicious = strings.HasPrefix(cool.Rule, "false_information")
	view.Blocked, view.Longer = cool.Rule == flow.RuleBlocked, cool.Longer
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
