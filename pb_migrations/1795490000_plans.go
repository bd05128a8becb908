package pb_migrations

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Indexes for what would otherwise be found by walking through all rows: what was erased, the cases whose end is to be reckoned, and the
// certificates of a case.
var planIndexes = []struct{ table, line string }{
	{"applications", "index erased_at where erased_at<>''"},
	{"applications", "index closed_at where erased_at='' and closed_at<>'' and kept_from<>closed_at"},
	{"holders", "index state where state='erased'"},
	{"certificates", "index application,state"},
}

func init() {
	migrations.Register(func(app core.App) error { return changePlans(app, true) }, func(app core.App) error { return changePlans(app, false) })
}

func changePlans(app core.App, there bool) error {
	for _, x := range planIndexes {
		c, err := app.FindCollectionByNameOrId(x.table)
		if err != nil {
			return err
		}
		if there {
			err = column(c, x.line)
		} else {
			_, rest, _ := strings.Cut(x.line, " ")
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
