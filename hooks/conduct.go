package hooks

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// The page of conduct: one's own pledge, who has pledged, and the register of gifts, which all colleagues see.

type pledgeLine struct {
	Name  string `json:"name"`
	Until string `json:"until"` // "" never
	Over  bool   `json:"over"`  // gets no new case
}

type giftLine struct {
	ID    string `json:"id"`
	Who   string `json:"who"`
	Mine  bool   `json:"mine"`
	Kind  string `json:"kind"`
	What  string `json:"what"`
	Giver string `json:"giver"`
	Day   string `json:"day"`
	How   string `json:"how"`
	Ref   string `json:"ref,omitempty"`
	Adds  string `json:"adds,omitempty"`
	At    string `json:"at"`
}

const giftsShown = 200

func conductHome(c *call, v command.View[*records.Desk]) (any, error) {
	db := c.s.Desk.App.DB()
	all, err := records.Staffs(db, flow.Active)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"version": flow.PledgeVersion, "today": v.Today, "next": flow.PledgeUntil(v.Today)}
	lines, pledged := []pledgeLine{}, 0
	for _, s := range all {
		if s.ID == v.By.ID {
			out["mine"] = map[string]any{"until": s.PledgedUntil, "over": s.PledgedUntil < string(v.Today), "ask": asksPledge(s, v.Today), "rev": s.Rev}
		}
		if !s.Person().Has(flow.Reviewer) {
			continue
		}
		lines = append(lines, pledgeLine{s.Name, s.PledgedUntil, s.Unpledged(v.Today)})
		if !s.Unpledged(v.Today) {
			pledged++
		}
	}
	out["pledged"], out["reviewers"] = pledged, len(lines)
	if v.By.Has(flow.Lead) || v.By.Has(flow.Manager) || v.By.Has(flow.Auditor) {
		out["pledges"] = lines
	}
	if out["gifts"], err = c.gifts(db, v); err != nil {
		return nil, err
	}
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	out["cases"], err = c.conductCases(v.By, names)
	return out, err
}

// asksPledge reports whether a colleague can make a pledge that reaches further than the one they made.
func asksPledge(s *records.Staff, today flow.Day) bool {
	return s.PledgedUntil < string(flow.PledgeUntil(today))
}

func (c *call) gifts(db dbx.Builder, v command.View[*records.Desk]) ([]giftLine, error) {
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	rows, err := records.Page[*records.Gift](db, nil, giftsShown, "made DESC", "id DESC")
	if err != nil {
		return nil, err
	}
	var about []string
	for _, g := range rows {
		about = append(about, g.Application)
	}
	refs, err := refsOf(db, about)
	list := []giftLine{}
	for _, g := range rows {
		what, giver, err := c.s.Desk.GiftText(g)
		if err != nil {
			return nil, err
		}
		list = append(list, giftLine{g.ID, names[g.By], g.By == v.By.ID, g.Kind, what, giver, g.Day, g.How, refs[g.Application], g.Adds, g.Made})
	}
	return list, err
}
