package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Re-checks in depth: evidence that ends before its certificate, and a suspension that was proposed to the leads.
var (
	recheckColumns = []table{{name: "certificates", owner: "internal/records", columns: []string{"evidence_on text", "evidence_warn text", "proposed text"}}}
	recheckIndexes = []string{"evidence_on", "evidence_warn", "proposed"}
)

func init() {
	migrations.Register(func(app core.App) error {
		if err := extend(app, recheckColumns); err != nil {
			return err
		}
		return eachColumn(app, []table{{name: "certificates", columns: recheckIndexes}}, func(c *core.Collection, name string) error {
			c.AddIndex("idx_certificates_"+name, false, name, name+"<>''")
			return nil
		})
	}, func(app core.App) error {
		err := eachColumn(app, []table{{name: "certificates", columns: recheckIndexes}}, func(c *core.Collection, name string) error {
			c.RemoveIndex("idx_certificates_" + name)
			return nil
		})
		if err != nil {
			return err
		}
		return retract(app, recheckColumns)
	})
}
