package pb_migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Indexes for what would otherwise be found by walking through all rows: what was erased, and the certificates of a case.
var planIndexes = map[string]string{
	"applications": "index erased_at where erased_at<>''",
	"holders":      "index state where state='erased'",
	"certificates": "index application",
}

func init() {
	migrations.Register(func(app core.App) error { return changePlans(app, true) }, func(app core.App) error { return changePlans(app, false) })
}

func changePlans(app core.App, there bool) error {
	for name, line := range planIndexes {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		if there {
			err = column(c, line)
		} else {
			_, rest, _ := strings.Cut(line, " ")
			c.RemoveIndex(indexName(c.Name, rest))
		}
		if err != nil {
			return err
		}
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}
