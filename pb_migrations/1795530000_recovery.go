package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Recoveries: who got back to a holder whose account nobody could get into any more, on whose word.
var recoveries = []table{{name: "recoveries", owner: "internal/records", columns: []string{
	"holder text", "account text", "who text", "channel text", "contact text", "seen text", "note text", "lang text", "by text", "second text", "due_on text", "into text", "ended_by text", "ended_at text",
	"index holder", "index account", "index due_on where state='pending'",
}}}

func init() {
	migrations.Register(func(app core.App) error { return create(app, recoveries) }, func(app core.App) error { return drop(app, recoveries) })
}
