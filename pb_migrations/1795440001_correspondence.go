package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What applicant and desk write to each other on a case, with attachments, and the calls. The case row says since when
// something is unread on either side, and on which day somebody is to be rung again.
var (
	correspondence = []table{{name: "correspondence", owner: "internal/records", columns: []string{
		"application text", "kind text", "side text", "by text", "text text", "number text", "outcome text", "next_on text", "read_at text", "index application",
	}}}
	correspondenceColumns = []table{
		{name: "applications", owner: "internal/records", columns: []string{"unread text", "unseen text", "call_on text", "index unread where unread<>''", "index call_on where call_on<>''"}},
		{name: "documents", owner: "internal/records", columns: []string{"entry text"}},
	}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := create(app, correspondence); err != nil {
			return err
		}
		return widen(app, correspondenceColumns)
	}, func(app core.App) error {
		if err := narrow(app, correspondenceColumns); err != nil {
			return err
		}
		return drop(app, correspondence)
	})
}
