package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The cases: what is applied for, what was looked at, what came of it.
var caseTables = []table{
	{name: "types", owner: "internal/records", columns: []string{
		"bundled bool", "path text", "sha256 text", "digest text", "version text", "name_zh text", "name_en text",
	}},
	{name: "descriptions", owner: "internal/records", columns: []string{"type text", "body text"}},
	{name: "applications", owner: "internal/records", columns: []string{
		"ref text", "kind text", "type text", "digest text", "holder text", "applicant text", "certificate text", "answers text", "name text",
		"place text", "visit_code text", "attested_by text", "attested_at text", "taken_by text", "lang text",
		"submitted_at text", "remind_on text", "due_on text", "late bool", "assignee text", "assigned_at text", "declared text", "checked text",
		"outcome text", "decided_by text", "decided_at text", "release_at text", "closed_at text", "again_on text", "never bool", "fatal bool",
		"unique ref where ref<>''",
		"unique applicant,holder,type where state='draft'",
		"unique certificate where certificate<>'' and state in ('draft','submitted','in_review','awaiting_applicant','on_hold','decided')",
		"index state,due_on", "index assignee,state", "index holder,type,closed_at", "index state,closed_at", "index applicant", "index state,release_at",
		"index visit_code where visit_code<>''",
	}},
	{name: "persons", owner: "internal/records", columns: []string{"application text", "kind text", "blind text", "index application", "index blind"}},
	{name: "documents", owner: "internal/records", columns: []string{
		"application text", "holder text", "slot text", "name text", "media text", "bytes int", "pages int", "width int", "height int", "blur int",
		"blob text", "views text", "mark text", "added_by text", "day_code text", "index application", "index mark",
	}},
	{name: "findings", owner: "internal/records", columns: []string{"application text", "level text", "body text", "index application"}},
	{name: "verdicts", owner: "internal/records", columns: []string{
		"application text", "item text", "value text", "how int", "note text", "by text", "at text", "unique application,item",
	}},
	{name: "notes", owner: "internal/records", columns: []string{"application text", "text text", "by text", "index application"}},
	{name: "tasks", owner: "internal/records", columns: []string{
		"application text", "assignee text", "why text", "ended_at text", "ended_as text", "index application", "index assignee,ended_at",
	}},
	{name: "decisions", owner: "internal/records", columns: []string{
		"application text", "outcome text", "reasons text", "extra text", "letter text", "by text", "released_at text", "again_on text",
		"never bool", "fatal bool", "index application",
	}},
	{name: "certificates", owner: "internal/records", columns: []string{
		"number text", "code text", "type text", "digest text", "holder text", "application text", "name text", "latin text", "id_tail text",
		"lang text", "valid_from text", "expires_on text", "recheck_on text", "warn_on text", "told int", "shows text", "reason text", "superseded_by text",
		"unique number", "unique code", "index holder", "index state,expires_on", "index state,recheck_on", "index state,warn_on",
	}},
}

func init() {
	migrations.Register(func(app core.App) error { return create(app, caseTables) },
		func(app core.App) error { return drop(app, caseTables) })
}
