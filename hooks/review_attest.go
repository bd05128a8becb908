package hooks

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// At the counter: the draft that somebody names by its visit code.

// attestFind finds the draft that somebody at the counter names by its visit code.
func attestFind(c *call) error {
	code := c.e.Request.URL.Query().Get("code")
	row, err := records.Find[*records.Application](c.s.Desk.App.DB(), dbx.And(dbx.HashExp{"visit_code": code, "state": string(flow.Draft)}, dbx.NewExp("visit_code<>''")))
	if err != nil {
		return err
	}
	v, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, flow.AttestPresence, row.ID)
	if err != nil {
		return err
	}
	t, err := c.s.Desk.Type(row.Digest)
	if err != nil {
		return err
	}
	a, err := c.s.Desk.Answers(v.Row)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"id": row.ID, "rev": v.Row.Rev, "typeName": t.Name, "attestable": t.Attested, "answers": c.answersOf(t, a), "attested": v.Row.AttestedBy != ""})
}
