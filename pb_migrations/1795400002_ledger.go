package pb_migrations

import (
	_ "embed"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The ledger's own tables, read and written by internal/ledger. They are no collections: PocketBase does not know them.
//
//go:embed 1795400002_ledger.sql
var ledgerSQL string

func init() {
	migrations.Register(func(app core.App) error {
		_, err := app.DB().NewQuery(ledgerSQL).Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().NewQuery("DROP TABLE ledger_entries; DROP TABLE ledger_hashes; DROP TABLE ledger_rows; DROP TABLE checkpoints").Execute()
		return err
	})
}
