package pb_migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Changed information: what an application says has changed, and evidence that is kept from an earlier case.
var changeColumns = []table{
	{name: "applications", owner: "internal/records", columns: []string{"changes text"}},
	{name: "documents", owner: "internal/records", columns: []string{"origin text"}},
}

func init() {
	migrations.Register(func(app core.App) error { return extend(app, changeColumns) }, func(app core.App) error { return retract(app, changeColumns) })
}

// extend adds columns to tables that are there.
func extend(app core.App, tables []table) error { return eachColumn(app, tables, column) }

// retract takes them away again.
func retract(app core.App, tables []table) error {
	return eachColumn(app, tables, func(c *core.Collection, line string) error {
		name, _, _ := strings.Cut(line, " ")
		c.Fields.RemoveByName(name)
		return nil
	})
}

func eachColumn(app core.App, tables []table, change func(*core.Collection, string) error) error {
	for _, t := range tables {
		c, err := app.FindCollectionByNameOrId(t.name)
		if err != nil {
			return err
		}
		for _, line := range t.columns {
			if err := change(c, line); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}
