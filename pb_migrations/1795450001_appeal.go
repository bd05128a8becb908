package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Appeals: what an applicant says against a result, and what somebody without part in it answers. The case row names who had
// part, and who may look at it for this one case although nobody else is there.
var (
	appeals = []table{{name: "appeals", owner: "internal/records", columns: []string{
		"application text", "decision text", "by text", "text text", "answer text", "decided_by text", "decided_at text", "index application", "unique decision",
	}}}
	appealColumns = []table{{name: "applications", owner: "internal/records", columns: []string{"part text", "deputy text"}}}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := create(app, appeals); err != nil {
			return err
		}
		return widen(app, appealColumns)
	}, func(app core.App) error {
		if err := narrow(app, appealColumns); err != nil {
			return err
		}
		return drop(app, appeals)
	})
}
