package hooks

import (
	"context"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/records"
)

// Cases of the demo that a colleague took at the counter: nobody can sign in to the account behind them.

// takenBy is the colleague who took the case; empty for one that its own account began.
func (c *demoCase) takenBy() string {
	key, _ := strings.CutPrefix(c.row["account"], "counter:")
	return c.sd.staff[key]
}

// taken opens the draft of somebody who came to the counter.
func (c *demoCase) taken(ctx context.Context) error {
	r, err := command.Run(ctx, c.sd.s.Desk, c.by(), command.Take, command.At{ID: records.DeskID}, command.Taking{Type: c.row["type"], Name: c.person.demoRow["name"], Phone: c.person.demoRow["phone"],
		How: "counter", Agreed: true, Lang: "zh-Hans"})
	c.id = r.Answer["id"]
	return err
}
