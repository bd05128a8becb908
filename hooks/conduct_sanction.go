package hooks

import (
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Sanctions as they are seen: by colleagues beside a case and in one list, by the holder with the reason and where to be heard.

// sanctionLine is one sanction as colleagues read it.
type sanctionLine struct {
	ID       string `json:"id"`
	Holder   string `json:"holder"`
	Kind     string `json:"kind"`
	Days     int64  `json:"days,omitempty"`
	Until    string `json:"until"`
	State    string `json:"state"` // active, over or lifted
	Reason   string `json:"reason,omitempty"`
	Evidence string `json:"evidence,omitempty"`
	Case     string `json:"case,omitempty"`
	Ref      string `json:"ref,omitempty"`
	Who      string `json:"who"`
	At       string `json:"at"`
	LiftedBy string `json:"liftedBy,omitempty"`
	LiftedAt string `json:"liftedAt,omitempty"`
	Like     bool   `json:"like,omitempty"` // on somebody of the same name or phone: perhaps the same person
}

func (c *call) sanctionLine(s *records.Sanction, today flow.Day, names map[string]string) sanctionLine {
	l := sanctionLine{ID: s.ID, Holder: s.Holder, Kind: s.Kind, Days: s.Days, Until: s.Until, State: string(s.State), Case: s.FoundIn, Who: names[s.By], At: s.Made, LiftedBy: names[s.LiftedBy], LiftedAt: s.LiftedAt}
	if s.State == flow.Active && !s.Rule().InForce(today) {
		l.State = "over"
	}
	return l
}

// caseSanctions adds what is in force on the holder of a case, and on people who have a name or a phone in common with it.
func (c *call) caseSanctions(p *casePage, v command.View[*records.Application], t sdk.Type, names map[string]string) error {
	db, app := c.s.Desk.App.DB(), v.Row
	p.Holder, p.Sanctions = app.Holder, []sanctionLine{}
	on, err := records.SanctionsOn(db, app.Holder)
	if err != nil {
		return err
	}
	for _, s := range on {
		l := c.sanctionLine(s, v.Today, names)
		if l.Reason, l.Evidence, err = c.s.Desk.SanctionText(s); err != nil {
			return err
		}
		p.Sanctions = append(p.Sanctions, l)
	}
	like, err := records.SanctionsLike(db, app.Persons(), v.Today)
	if err != nil {
		return err
	}
	for _, s := range like {
		if !slices.ContainsFunc(on, func(x *records.Sanction) bool { return x.ID == s.ID }) {
			l := c.sanctionLine(s, v.Today, names)
			l.Case, l.Like = "", true
			p.Sanctions = append(p.Sanctions, l)
		}
	}
	return nil
}

// sanctionList is every sanction, the last first, without the people: whom it is about is seen in the case.
func sanctionList(c *call, v command.View[*records.Desk]) (any, error) {
	db := c.s.Desk.App.DB()
	all, err := records.All[*records.Sanction](db, nil, "made DESC", "id DESC")
	if err != nil {
		return nil, err
	}
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	var about []string
	for _, s := range all {
		about = append(about, s.FoundIn)
	}
	refs, err := refsOf(db, about)
	if err != nil {
		return nil, err
	}
	list := []sanctionLine{}
	for _, s := range all {
		l := c.sanctionLine(s, v.Today, names)
		if l.Reason, _, err = c.s.Desk.SanctionText(s); err != nil {
			return nil, err
		}
		l.Ref = refs[s.FoundIn]
		list = append(list, l)
	}
	return map[string]any{"rows": list, "lift": v.By.Has(flow.Lead) || v.By.Has(flow.Manager), "cases": v.By.Has(flow.Lead)}, nil
}

// refsOf reads the references of cases by their IDs.
func refsOf(db dbx.Builder, about []string) (map[string]string, error) {
	var ids []any
	for _, id := range about {
		if id != "" {
			ids = append(ids, id)
		}
	}
	refs := map[string]string{}
	if len(ids) == 0 {
		return refs, nil
	}
	apps, err := records.Queue(db, dbx.In("id", ids...), int64(len(ids)+1), "id")
	for _, a := range apps {
		refs[a.ID] = a.Ref
	}
	return refs, err
}

// sanctionsPage tells whoever acts for a holder what stands against them, why, and how to be heard.
func sanctionsPage(c *call) error {
	v, name, err := c.holder()
	if err != nil {
		return err
	}
	on, err := records.SanctionsOn(c.s.Desk.App.DB(), v.Row.ID)
	if err != nil {
		return err
	}
	view := ui.Sanctions{}
	if !v.Row.Own {
		view.Holder = name
	}
	for _, s := range on {
		line := ui.Sanction{Kind: s.Kind, Days: int(s.Days), Until: s.Until, Since: c.when(s.Made), State: c.sanctionLine(s, v.Today, nil).State, Lifted: c.when(s.LiftedAt)}
		if line.Reason, _, err = c.s.Desk.SanctionText(s); err != nil {
			return err
		}
		view.List = append(view.List, line)
	}
	return c.show("conduct/sanctions", view, back("/me"))
}

// sanctioned reports whether something is in force on a holder.
func (c *call) sanctioned(holder string, today flow.Day) (bool, error) {
	on, err := records.SanctionsOn(c.s.Desk.App.DB(), holder)
	return slices.ContainsFunc(on, func(s *records.Sanction) bool { return s.Rule().InForce(today) }), err
}
