package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Registers that were taken over from elsewhere, and which certificates came with which.
var (
	importTables  = []table{{name: "imports", owner: "internal/records", columns: []string{"mark text", "file text", "rows int", "by text", "type text", "unique mark"}}}
	importColumns = []table{{name: "certificates", owner: "internal/records", columns: []string{"imported text"}}}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := create(app, importTables); err != nil {
			return err
		}
		return widen(app, importColumns)
	}, func(app core.App) error {
		if err := narrow(app, importColumns); err != nil {
			return err
		}
		return drop(app, importTables)
	})
}
