package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What a colleague does not want to be told by a mail of its own.
var quietColumns = []table{{name: "staff", owner: "internal/records", columns: []string{"quiet text"}}}

func init() {
	migrations.Register(func(app core.App) error { return widen(app, quietColumns) },
		func(app core.App) error { return narrow(app, quietColumns) })
}
