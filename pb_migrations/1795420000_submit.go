package pb_migrations

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// A case that moves on was written to seven indexes. Three of them named the state first and moved with it: what they found is
// found by the index of the open cases, by that of the closed ones, and by one of the results that wait. Nothing ever asked for
// holders by number or name, for tasks by assignee, or for messages by the moment alone.
var (
	waitingIndex = [2]string{"release_at,id", "state='decided'"}
	unasked      = map[string][]string{
		"applications": {"state,due_on", "state,closed_at", "state,release_at"},
		"holders":      {"id_blind", "name_blind"},
		"tasks":        {"assignee,ended_at"},
		"messages":     {"made,id"},
	}
)

func init() {
	migrations.Register(func(app core.App) error { return changeUnasked(app, false) }, func(app core.App) error { return changeUnasked(app, true) })
}

func changeUnasked(app core.App, back bool) error {
	for name, lists := range unasked {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		for _, on := range lists {
			if err := setIndex(c, on, "", back); err != nil {
				return err
			}
		}
		if name == "applications" {
			if err := setIndex(c, waitingIndex[0], waitingIndex[1], !back); err != nil {
				return err
			}
		}
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// setIndex adds an index as the line "index on where …" of a table would, or takes it away.
func setIndex(c *core.Collection, on, where string, there bool) error {
	line := "index " + on
	if where != "" {
		line += " where " + where
	}
	before := len(c.Indexes)
	if there {
		return column(c, line)
	}
	c.RemoveIndex(indexName(c.Name, line[len("index "):]))
	if len(c.Indexes) != before-1 {
		return fmt.Errorf("%s has no index over %s", c.Name, on)
	}
	return nil
}
