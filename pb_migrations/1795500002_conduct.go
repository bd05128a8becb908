package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Conduct cases: what somebody complains of, what was found and what follows, by which rule, and the appeal of whom it is about;
// and on the row of a colleague since when they are suspended, and by which case.
var (
	conductCases = []table{{name: "conduct_cases", owner: "internal/records", columns: []string{
		"ref text", "kind text", "toward text", "about text", "application text", "person text", "lang text", "text text", "contact text", "due_on text",
		"finding text", "measure text", "rule text", "note text", "decided_by text", "decided_at text",
		"appeal_until text", "appeal text", "appealed_at text", "answer text", "answered_by text", "answered_at text",
		"unique ref", "index about", "index application", "index state,due_on",
	}}}
	suspensionColumns = []table{{name: "staff", owner: "internal/records", columns: []string{"suspended_at text", "suspended_for text"}}}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := create(app, conductCases); err != nil {
			return err
		}
		return widen(app, suspensionColumns)
	}, func(app core.App) error {
		if err := narrow(app, suspensionColumns); err != nil {
			return err
		}
		return drop(app, conductCases)
	})
}
