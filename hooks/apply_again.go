package hooks

import (
	"slices"

	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// A draft that starts from an earlier application: what was refused or left open there is marked where it is put right.

// remarks are what an earlier application has to say about each field of a draft; none where it starts from nothing.
func (c *call) remarks(d *draft) (map[string]*ui.Remark, error) {
	all := map[string]*ui.Remark{}
	if d.Row.Previous == "" {
		return all, nil
	}
	old, err := records.Load[*records.Application](c.s.Desk.App.DB(), d.Row.Previous)
	if err != nil {
		return nil, err
	}
	before, err := c.s.Desk.Before(c.s.Desk.App.DB(), old)
	if err != nil {
		return nil, err
	}
	t, err := c.s.Desk.Type(old.Digest)
	if err != nil {
		return nil, err
	}
	reason := func(id string) (sdk.Reason, bool) {
		at := slices.IndexFunc(t.Reasons, func(r sdk.Reason) bool { return r.ID == id })
		if at < 0 {
			return sdk.Reason{}, false
		}
		return t.Reasons[at], true
	}
	for field, ids := range before.Refused {
		m := &ui.Remark{From: "last"}
		for _, id := range ids {
			if r, ok := reason(id); ok {
				m.Why, m.How = m.Why+r.Text.In(c.lang), m.How+r.Advice.In(c.lang)
			}
		}
		all[field] = m
	}
	for field, item := range before.Asked {
		m := &ui.Remark{From: "open", How: item.Note}
		if r, ok := reason(item.Why); ok {
			m.Why = r.Text.In(c.lang)
		}
		all[field] = m
	}
	return all, nil
}
