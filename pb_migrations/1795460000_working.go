package pb_migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// A late case that nobody finishes is handed on, on a day that its row names.
var workingColumns = []table{
	{name: "applications", owner: "internal/records", columns: []string{"hand_on text", "index hand_on where hand_on<>''"}},
}

func init() {
	migrations.Register(func(app core.App) error { return widen(app, workingColumns) },
		func(app core.App) error { return narrow(app, workingColumns) })
}

// widen adds columns and indexes to collections that are there.
func widen(app core.App, tables []table) error {
	for _, t := range tables {
		c, err := app.FindCollectionByNameOrId(t.name)
		if err != nil {
			return err
		}
		for _, line := range t.columns {
			if err := column(c, line); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

// narrow takes them away again.
func narrow(app core.App, tables []table) error {
	for _, t := range tables {
		c, err := app.FindCollectionByNameOrId(t.name)
		if err != nil {
			return err
		}
		fresh := core.NewBaseCollection(t.name)
		for _, line := range t.columns {
			if err := column(fresh, line); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			if first, _, _ := strings.Cut(line, " "); first != "index" && first != "unique" {
				c.Fields.RemoveByName(first)
			}
		}
		c.Indexes = without(c.Indexes, fresh.Indexes)
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

func without(all, some []string) (rest []string) {
	gone := map[string]bool{}
	for _, s := range some {
		gone[s] = true
	}
	for _, s := range all {
		if !gone[s] {
			rest = append(rest, s)
		}
	}
	return rest
}
