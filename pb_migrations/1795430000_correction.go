package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Corrections, and what a case that waits for its applicant has to know: the round, the last day, the day of the next
// reminder, and since when the review clock stands still.
var (
	correctionTables = []table{
		{name: "corrections", owner: "internal/records", columns: []string{
			"application text", "round int", "asked text", "given text", "changes text", "by text", "due text", "answered_at text", "late_at text", "index application",
		}},
	}
	correctionColumns = []table{
		{name: "applications", columns: []string{"round int", "answer_due text", "answer_ask_on text", "stopped_on text",
			"index answer_due where answer_due<>''", "index answer_ask_on where answer_ask_on<>''"}},
	}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := create(app, correctionTables); err != nil {
			return err
		}
		return widen(app, correctionColumns)
	}, func(app core.App) error {
		if err := narrow(app, correctionColumns); err != nil {
			return err
		}
		return drop(app, correctionTables)
	})
}
