package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Applying again: which application a draft starts from, and which one a reviewer found to be malicious.
var againColumns = []table{{name: "applications", columns: []string{"previous text", "malicious bool"}}}

func init() {
	migrations.Register(func(app core.App) error { return widen(app, againColumns) },
		func(app core.App) error { return narrow(app, againColumns) })
}
