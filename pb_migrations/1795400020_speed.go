package pb_migrations

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Indexes for the queue: one walks the open cases in the order of their dates, the other the closed ones, the last first.
// And none over the moment for tables whose rows are always asked for by something else: each was one more page to write.
var (
	queueIndexes = [][2]string{
		{"due_on,submitted_at,id", "state in ('submitted','in_review','awaiting_applicant','on_hold')"},
		{"closed_at,id", "state in ('approved','rejected','withdrawn','lapsed')"},
	}
	momentless = []string{"applications", "persons", "documents", "findings", "verdicts", "notes", "tasks", "decisions", "holders", "members", "consents",
		"sessions", "codes", "jobs", "viewings", "counters"}
)

func init() {
	migrations.Register(func(app core.App) error {
		return indexes(app, func(c *core.Collection) {
			c.RemoveIndex("idx_" + c.Name + "_made_id")
			for i, x := range queueIndexes {
				if c.Name == "applications" {
					c.AddIndex(fmt.Sprintf("idx_applications_queue_%d", i), false, x[0], x[1])
				}
			}
		})
	}, func(app core.App) error {
		return indexes(app, func(c *core.Collection) {
			c.AddIndex("idx_"+c.Name+"_made_id", false, "made,id", "")
			for i := range queueIndexes {
				c.RemoveIndex(fmt.Sprintf("idx_applications_queue_%d", i))
			}
		})
	})
}

func indexes(app core.App, change func(*core.Collection)) error {
	for _, name := range momentless {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		change(c)
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
