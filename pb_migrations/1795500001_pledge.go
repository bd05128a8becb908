package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The pledge of a colleague, until when it holds and when it is asked for again; and the register of gifts and offers.
var (
	pledgeColumns = []table{{name: "staff", owner: "internal/records", columns: []string{"pledged_until text", "pledge_ask_on text", "index pledge_ask_on where pledge_ask_on<>''"}}}
	gifts         = []table{{name: "gifts", owner: "internal/records", columns: []string{
		"by text", "kind text", "what text", "giver text", "day text", "how text", "application text", "adds text", "index application",
	}}}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := widen(app, pledgeColumns); err != nil {
			return err
		}
		return create(app, gifts)
	}, func(app core.App) error {
		if err := drop(app, gifts); err != nil {
			return err
		}
		return narrow(app, pledgeColumns)
	})
}
