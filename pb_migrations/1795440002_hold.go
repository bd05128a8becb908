package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Cases on hold until a day that their row names, cases that ended by being merged into another, and an index from which the
// expected time of a type is reckoned.
var holdColumns = []table{
	{name: "applications", owner: "internal/records", columns: []string{"held_on text", "held_until text", "merged_into text",
		"index held_until where held_until<>''", "index merged_into where merged_into<>''", "index type,closed_at where state in ('approved','rejected')"}},
}

func init() {
	migrations.Register(func(app core.App) error { return widen(app, holdColumns) },
		func(app core.App) error { return narrow(app, holdColumns) })
}
