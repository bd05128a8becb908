package pb_migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// How long a case is kept, what holds it back from being erased, and how far a manager has agreed that cases are erased.
var archiveColumns = map[string][]string{
	"applications": {"kept_from text", "erase_on text", "erased_at text", "legal_hold bool", "index erase_on where erase_on<>''"},
	"desk":         {"erase_until text"},
}

func init() {
	migrations.Register(func(app core.App) error { return changeArchive(app, true) }, func(app core.App) error { return changeArchive(app, false) })
}

func changeArchive(app core.App, there bool) error {
	for name, lines := range archiveColumns {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		for _, line := range lines {
			first, rest, _ := strings.Cut(line, " ")
			switch {
			case there:
				err = column(c, line)
			case first == "index":
				c.RemoveIndex(indexName(c.Name, rest))
			default:
				c.Fields.RemoveByName(first)
			}
			if err != nil {
				return err
			}
		}
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
