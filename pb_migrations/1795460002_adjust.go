package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What managers change of a type, version by version; and figures and summaries of months that are over.
var (
	adjustTables = []table{
		{name: "adjustments", owner: "internal/records", columns: []string{"type text", "version int", "on_day text", "terms text", "changes text",
			"because_zh text", "because_en text", "feedback text", "by text", "unique type,version", "index on_day"}},
		{name: "months", owner: "internal/records", columns: []string{"figures text", "summary text", "told text"}},
	}
	adjustColumns = []table{{name: "types", owner: "internal/records", columns: []string{"base text", "terms text"}},
		{name: "desk", owner: "internal/records", columns: []string{"reviewed text"}}}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := create(app, adjustTables); err != nil {
			return err
		}
		return widen(app, adjustColumns)
	}, func(app core.App) error {
		if err := narrow(app, adjustColumns); err != nil {
			return err
		}
		return drop(app, adjustTables)
	})
}
