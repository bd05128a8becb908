// Package pb_migrations is the schema: one file per change, up and down, never edited once released. PocketBase keys a
// migration by its file name. Every collection is closed: no rule opens it, the desk's own routes are the only way in.
package pb_migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// A table is a collection with nothing but plain columns: "name kind", kind being text, int or bool. Lines of index
// start with "index" or "unique". Every table has id, rev, state and made.
type table struct {
	name    string
	owner   string // the package that reads and writes it
	auth    bool
	columns []string
}

const maxText = 4 << 20

// create makes the collections in order.
func create(app core.App, tables []table) error {
	for _, t := range tables {
		c := core.NewBaseCollection(t.name)
		if t.auth {
			c = core.NewAuthCollection(t.name)
			c.PasswordAuth.Enabled, c.OTP.Enabled, c.MFA.Enabled, c.OAuth2.Enabled = false, false, false, false
			c.AuthAlert.Enabled, c.AuthRule, c.ManageRule = false, nil, nil
		}
		for _, line := range append([]string{"rev int", "state text", "made text", "index made,id"}, t.columns...) {
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

func column(c *core.Collection, line string) error {
	first, rest, _ := strings.Cut(line, " ")
	switch {
	case first == "index" || first == "unique":
		on, where, _ := strings.Cut(rest, " where ")
		c.AddIndex(indexName(c.Name, rest), first == "unique", on, where)
	case rest == "text":
		c.Fields.Add(&core.TextField{Name: first, Max: maxText})
	case rest == "int":
		c.Fields.Add(&core.NumberField{Name: first, OnlyInt: true})
	case rest == "bool":
		c.Fields.Add(&core.BoolField{Name: first})
	default:
		return fmt.Errorf("column %q", line)
	}
	return nil
}

// indexName is what the index of a line is called.
func indexName(table, rest string) string {
	return "idx_" + table + "_" + strings.NewReplacer(",", "_", " ", "_", "'", "", "<>", "", "=", "", "(", "", ")", "").Replace(rest)
}

// drop removes them again, the last one first.
func drop(app core.App, tables []table) error {
	for i := len(tables) - 1; i >= 0; i-- {
		c, err := app.FindCollectionByNameOrId(tables[i].name)
		if err != nil {
			return err
		}
		if err := app.Delete(c); err != nil {
			return err
		}
	}
	return nil
}
