package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What the desk stops by itself until a manager has looked, and what its clock last showed.
var brakeTables = []table{
	{name: "brakes", owner: "internal/records", columns: []string{"cause text", "since text", "day text", "shows text", "known text", "adverse int", "due int", "confirmed text"}},
	{name: "clock", owner: "internal/command", columns: []string{"wall text", "desk text", "elapsed int", "boot text"}},
}

func init() {
	migrations.Register(func(app core.App) error { return create(app, brakeTables) },
		func(app core.App) error { return drop(app, brakeTables) })
}
