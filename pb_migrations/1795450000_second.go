package pb_migrations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/dbutils"
)

// The second person: who proposed a result and who confirmed it. A proposed case is an open one, in the queue and for the rule
// of one open renewal per certificate.
var (
	secondColumns = map[string][]string{
		"applications": {"proposer text", "seconded_by text"},
		"decisions":    {"second text", "comment text"},
	}
	openBefore = [2]string{"due_on,submitted_at,id", "state in ('submitted','in_review','awaiting_applicant','on_hold')"}
	openSince  = [2]string{"due_on,submitted_at,id", "state in ('submitted','in_review','awaiting_applicant','on_hold','proposed','appealed')"}
	oneBefore  = [2]string{"certificate", "certificate<>'' and state in ('draft','submitted','in_review','awaiting_applicant','on_hold','decided')"}
	oneSince   = [2]string{"certificate", "certificate<>'' and state in ('draft','submitted','in_review','awaiting_applicant','on_hold','proposed','decided','appealed')"}
)

const oneOpenRenewal = "idx_applications_certificate_where_certificate_and_state_in_draft_submitted_in_review_awaiting_applicant_on_hold_decided"

func init() {
	migrations.Register(func(app core.App) error {
		if err := growTables(app, secondColumns); err != nil {
			return err
		}
		return openCases(app, openSince, oneSince)
	}, func(app core.App) error {
		if err := openCases(app, openBefore, oneBefore); err != nil {
			return err
		}
		return shrinkTables(app, secondColumns)
	})
}

// openCases makes the two indexes anew that say which states of a case are open.
func openCases(app core.App, queue, one [2]string) error {
	c, err := app.FindCollectionByNameOrId("applications")
	if err != nil {
		return err
	}
	if c.GetIndex(oneOpenRenewal) == "" {
		return fmt.Errorf("no index %s", oneOpenRenewal)
	}
	c.RemoveIndex("idx_applications_queue_0")
	c.AddIndex("idx_applications_queue_0", false, queue[0], queue[1])
	c.RemoveIndex(oneOpenRenewal)
	c.AddIndex(oneOpenRenewal, true, one[0], one[1])
	return app.Save(c)
}

// growTables adds columns, and indexes over them, to tables that are there already.
func growTables(app core.App, tables map[string][]string) error {
	return reshape(app, tables, column)
}

// shrinkTables takes them away again, the indexes first.
func shrinkTables(app core.App, tables map[string][]string) error {
	return reshape(app, tables, func(c *core.Collection, line string) error {
		field, _, _ := strings.Cut(line, " ")
		for _, text := range slices.Clone(c.Indexes) {
			if index := dbutils.ParseIndex(text); slices.ContainsFunc(index.Columns, func(x dbutils.IndexColumn) bool { return x.Name == field }) {
				c.RemoveIndex(index.IndexName)
			}
		}
		c.Fields.RemoveByName(field)
		return nil
	})
}

func reshape(app core.App, tables map[string][]string, change func(*core.Collection, string) error) error {
	for name, columns := range tables {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		for _, line := range columns {
			if err := change(c, line); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
