package hooks

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// outMessage is one line of the outbox.
type outMessage struct {
	ID       string `json:"id"`
	Rev      int64  `json:"rev"`
	Notice   string `json:"notice"`
	Channel  string `json:"channel"`
	To       string `json:"to"` // masked; in full on the list of people to ring
	State    string `json:"state"`
	Attempts int64  `json:"attempts"`
	Error    string `json:"error"`
	Made     string `json:"made"`
	DueAt    string `json:"dueAt"`
	SentAt   string `json:"sentAt"`
	Ref      string `json:"ref"`
	Case     string `json:"case"`
}

const outboxRows = 100

// outbox shows messages by state: failures to send again, people to ring or write to, what waits, what left.
func outbox(c *call, _ command.View[*records.Desk]) (any, error) {
	db := c.s.Desk.App.DB()
	counts := map[string]int{}
	for _, s := range []flow.State{flow.Failed, flow.Dead, flow.Ring, flow.Queued, flow.Sent, flow.Shown, flow.Held} {
		n, err := records.Count(db, "messages", dbx.HashExp{"state": string(s)})
		if err != nil {
			return nil, err
		}
		counts[string(s)] = n
	}
	state := c.e.Request.URL.Query().Get("state")
	where := dbx.Expression(dbx.In("state", "failed", "dead"))
	if state != "" && state != "failed" {
		where = dbx.HashExp{"state": state}
	}
	var rows []records.Message
	if err := db.Select().From("messages").Where(where).OrderBy("due_at DESC", "id").Limit(outboxRows).All(&rows); err != nil {
		return nil, err
	}
	list := []outMessage{}
	for i := range rows {
		line, err := c.outLine(&rows[i])
		if err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	return map[string]any{"rows": list, "counts": counts}, nil
}

func (c *call) outLine(m *records.Message) (outMessage, error) {
	to, _, err := c.s.Desk.MessageWords(m)
	if err != nil {
		to = ""
	}
	if m.State != flow.Ring {
		to = maskContact(to)
	}
	line := outMessage{ID: m.ID, Rev: m.Rev, Notice: m.Notice, Channel: m.Channel, To: to, State: string(m.State), Attempts: m.Attempts, Error: m.Error,
		Made: m.Made, DueAt: m.DueAt, SentAt: m.SentAt, Case: m.Application}
	if m.Application != "" {
		app, err := records.Queue(c.s.Desk.App.DB(), dbx.HashExp{"id": m.Application}, 1)
		if err != nil {
			return line, err
		}
		if len(app) > 0 {
			line.Ref = app[0].Ref
		}
	}
	return line, nil
}
