package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Sanctions: what false information of a holder leads to. The blind indexes are columns of the sanction's own, so that it is found
// again after its holder was erased and comes back as somebody new.
var sanctions = []table{{name: "sanctions", owner: "internal/records", columns: []string{
	"holder text", "kind text", "days int", "until text", "reason text", "evidence text", "found_in text", "by text", "lifted_by text", "lifted_at text",
	"name_blind text", "id_blind text", "phone_blind text",
	"index holder", "index id_blind where id_blind<>''", "index name_blind where name_blind<>''", "index phone_blind where phone_blind<>''",
}}}

func init() {
	migrations.Register(func(app core.App) error { return create(app, sanctions) }, func(app core.App) error { return drop(app, sanctions) })
}
