package hooks

import (
	"context"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// The demo's counter: cases that a colleague took, of whose accounts nobody knows how to sign in; and somebody who lost the mailbox.

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

// lost has a colleague take somebody in who has another phone now; a second one has not agreed yet.
func (sd *seeder) lost(ctx context.Context, r demoRow) error {
	a := sd.accounts[r["about"]]
	_, err := command.Run(ctx, sd.s.Desk, command.Of(sd.staff[r["who"]]), command.AskRecovery, command.At{ID: a.holders[r["about"]]}, command.Lost{Account: a.id, Who: flow.SamePerson,
		Channel: r["kind"], Contact: r["how"], Seen: []string{flow.SeenID}, Note: r["text"], Lang: "zh-Hans"})
	return err
}
