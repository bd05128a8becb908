package hooks

import (
	"context"

	"github.com/certdesk/certdesk/internal/command"
)

// The second person in the demo's history: who confirms what was proposed, or leaves it waiting.

// waits says in the column then that a proposal stays one.
const waits = "proposed"

// result decides a case, or proposes it and lets the second person confirm, where its type asks for one. A line that says so
// leaves the proposal waiting.
func (c *demoCase) result(ctx context.Context, by command.Caller, in command.Result) error {
	t, err := c.describe()
	if err != nil {
		return err
	}
	at := command.At{ID: c.id}
	if !t.FourEyes {
		_, err = command.Run(ctx, c.sd.s.Desk, by, command.Decide, at, in)
		return err
	}
	if _, err = command.Run(ctx, c.sd.s.Desk, by, command.Propose, at, in); err != nil || c.row["then"] == waits {
		return err
	}
	app, err := c.load()
	if err != nil {
		return err
	}
	c.sd.tick(37)
	second := command.Of(app.Assignee)
	if _, err := command.Run(ctx, c.sd.s.Desk, second, command.ViewCase, at, command.Seen{}); err != nil {
		return err
	}
	_, err = command.Run(ctx, c.sd.s.Desk, second, command.Confirm, at, command.Opinion{})
	return err
}
