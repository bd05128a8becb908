package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Reversals: why a lead found an approval to be wrong, what the second person and the holder said, and what was decided. A case
// whose approval is questioned is an open one again; its certificate names it while the holder is heard.
var (
	reversals = []table{{name: "reversals", owner: "internal/records", columns: []string{
		"application text", "certificate text", "by text", "reasons text", "text text", "second text", "comment text", "due text", "suspended bool",
		"answer text", "answered_by text", "answered_at text", "decision text", "decided_by text", "decided_at text", "index application",
	}}}
	reversalColumns = []table{{name: "certificates", owner: "internal/records", columns: []string{"hearing text", "index hearing where hearing<>''"}}}

	openWithReversals   = [2]string{openSince[0], "state in ('submitted','in_review','awaiting_applicant','on_hold','proposed','appealed','questioned','hearing','heard')"}
	closedBefore        = queueIndexes[1]
	closedWithReversals = [2]string{closedBefore[0], "state in ('approved','rejected','withdrawn','lapsed','reversed')"}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := create(app, reversals); err != nil {
			return err
		}
		if err := widen(app, reversalColumns); err != nil {
			return err
		}
		return queueIndex(app, openWithReversals, closedWithReversals)
	}, func(app core.App) error {
		if err := queueIndex(app, openSince, closedBefore); err != nil {
			return err
		}
		if err := narrow(app, reversalColumns); err != nil {
			return err
		}
		return drop(app, reversals)
	})
}

// queueIndex makes the two indexes of the queue anew.
func queueIndex(app core.App, open, closed [2]string) error {
	c, err := app.FindCollectionByNameOrId("applications")
	if err != nil {
		return err
	}
	for name, x := range map[string][2]string{"idx_applications_queue_0": open, "idx_applications_queue_1": closed} {
		c.RemoveIndex(name)
		c.AddIndex(name, false, x[0], x[1])
	}
	return app.Save(c)
}
