package hooks

import (
	"strconv"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// recordLine is one entry of the ledger, as an auditor reads it: who did what to which row, not what the row says.
type recordLine struct {
	historyLine
	Actor  string   `json:"actor"`
	Role   string   `json:"role"`
	Noun   string   `json:"noun"`
	Target string   `json:"target"`
	Rows   []string `json:"rows"`
}

const recordRows = 100

// recordSearch finds entries by actor, act, noun, target and time. Asking is itself on record.
func recordSearch(c *call) error {
	q := c.e.Request.URL.Query()
	if _, err := command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.SeeRecord, records.DeskID); err != nil {
		return err
	}
	if _, err := c.searched("record", q.Encode(), nil); err != nil {
		return err
	}
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	from, to, err := c.days(q.Get("from"), q.Get("to"))
	if err != nil {
		return err
	}
	entries, err := ledger.Search(c.s.Desk.App.DB(), ledger.Query{Actor: q.Get("actor"), Act: q.Get("act"), Noun: q.Get("noun"), Target: q.Get("target"),
		From: from, To: to, After: before, Limit: recordRows, Newest: true})
	if err != nil {
		return err
	}
	names, err := c.staffNames()
	if err != nil {
		return err
	}
	list := []recordLine{}
	for _, e := range entries {
		list = append(list, c.recordLine(e, names))
	}
	return c.answer(map[string]any{"rows": list})
}

// days reads a range of civil days at the desk, the last one included.
func (c *call) days(from, to string) (a, z time.Time, err error) {
	d, err := c.settings()
	if err != nil {
		return a, z, err
	}
	if day := flow.Day(from); day.Valid() {
		a = day.In(c.s.Desk.Zone(d))
	}
	if day := flow.Day(to); day.Valid() {
		z = day.AddDays(1).In(c.s.Desk.Zone(d))
	}
	return a, z, nil
}

// recordVerify recomputes the whole record and compares every row with it.
func recordVerify(c *call, _ command.View[*records.Desk]) (any, error) {
	return c.s.Desk.Verify(c.ctx())
}

// recordCompare holds a checkpoint that somebody kept against the record.
func recordCompare(c *call) error {
	var in struct {
		Checkpoint string `json:"checkpoint"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if _, err := command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.SeeRecord, records.DeskID); err != nil {
		return err
	}
	found, err := c.s.Desk.CompareCheckpoint(in.Checkpoint)
	if err != nil {
		return err
	}
	return c.answer(found)
}
