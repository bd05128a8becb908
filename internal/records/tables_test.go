package records_test

// The rows are what the schema says, in both directions, and the schema goes down and up again.

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestColumns compares each struct with its collection: fields, and columns in the database.
func TestColumns(t *testing.T) {
	app := testkit.App(t)
	for _, table := range records.Tables {
		name := table.Row.Table()
		collection, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var have, fields, columns []string
		for _, c := range records.Columns(table.Row) {
			have = append(have, c.Name)
		}
		for _, f := range collection.Fields {
			fields = append(fields, f.GetName())
		}
		info, err := app.TableColumns(name)
		if err != nil {
			t.Fatal(err)
		}
		columns = append(columns, info...)
		for _, list := range [][]string{have, fields, columns} {
			slices.Sort(list)
		}
		if !slices.Equal(have, fields) {
			t.Errorf("%s: the struct has %v, the collection %v", name, have, fields)
		}
		if !slices.Equal(have, columns) {
			t.Errorf("%s: the struct has %v, the table %v", name, have, columns)
		}
	}
}

// TestKinds writes and reads back a row of every table with something in every column.
func TestKinds(t *testing.T) {
	app := testkit.App(t)
	for _, table := range records.Tables {
		name := table.Row.Table()
		if _, err := app.DB().NewQuery("DELETE FROM " + name).Execute(); err != nil {
			t.Fatal(err)
		}
		params := dbx.Params{}
		for _, c := range records.Columns(table.Row) {
			switch c.Value.(type) {
			case string:
				params[c.Name] = "text of " + c.Name
			case bool:
				params[c.Name] = true
			default:
				params[c.Name] = int64(7)
			}
		}
		if _, err := app.DB().Insert(name, params).Execute(); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := 0
		if err := records.Each(app.DB(), name, "", func(row records.Row) error {
			n++
			for _, c := range records.Columns(row) {
				if c.Value != params[c.Name] {
					t.Errorf("%s.%s: %v came back as %v", name, c.Name, params[c.Name], c.Value)
				}
			}
			return nil
		}); err != nil || n != 1 {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
	}
}

// TestEveryCollectionIsClosed holds that no rule opens a collection: the desk's own routes are the only way in.
func TestEveryCollectionIsClosed(t *testing.T) {
	app := testkit.App(t)
	var ours []string
	for _, table := range records.Tables {
		ours = append(ours, table.Row.Table())
	}
	all, err := app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.System {
			continue
		}
		if !slices.Contains(ours, c.Name) {
			t.Errorf("collection %s has no struct", c.Name)
		}
		rules := []*string{c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule, c.DeleteRule}
		if c.IsAuth() {
			rules = append(rules, c.AuthRule, c.ManageRule)
			if c.PasswordAuth.Enabled || c.OTP.Enabled || c.MFA.Enabled || c.OAuth2.Enabled || c.AuthAlert.Enabled {
				t.Errorf("%s: PocketBase's own sign-in is open", c.Name)
			}
		}
		for i, r := range rules {
			if r != nil {
				t.Errorf("%s: rule %d is %q", c.Name, i, *r)
			}
		}
	}
}

// TestMigrations takes our schema down and up again, and finds the same one.
func TestMigrations(t *testing.T) {
	app := testkit.App(t)
	before := schema(t, app)
	if !strings.Contains(before, "applications") || !strings.Contains(before, "ledger_entries") {
		t.Fatal("the schema is not there")
	}
	runner := core.NewMigrationsRunner(app, core.AppMigrations)
	var applied []string
	if err := app.DB().Select("file").From("_migrations").Where(dbx.Like("file", "1795", "").Match(false, true)).Column(&applied); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../pb_migrations/1*.go")
	if err != nil || len(files) != len(applied) {
		t.Fatalf("%d files, %d applied: %v", len(files), len(applied), err)
	}
	if _, err := runner.Down(len(applied)); err != nil {
		t.Fatal(err)
	}
	for _, table := range records.Tables {
		if app.HasTable(table.Row.Table()) {
			t.Errorf("%s is still there", table.Row.Table())
		}
	}
	for _, table := range []string{"ledger_entries", "ledger_hashes", "ledger_rows", "checkpoints"} {
		if app.HasTable(table) {
			t.Errorf("%s is still there", table)
		}
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	if after := schema(t, app); after != before {
		t.Errorf("up again makes another schema:\n%s\nwas\n%s", after, before)
	}
	if d, err := records.Load[*records.Desk](app.DB(), records.DeskID); err != nil || d.State != "new" || len(d.Mark) != 32 {
		t.Errorf("the desk: %+v %v", d, err)
	}
}

// schema is the SQL of everything that is ours, without PocketBase's random names.
func schema(t *testing.T, app core.App) string {
	t.Helper()
	var all []string
	if err := app.DB().Select("sql").From("sqlite_master").Where(dbx.NewExp("sql<>'' AND tbl_name NOT LIKE '\\_%' ESCAPE '\\' AND tbl_name<>'users'")).
		OrderBy("type", "name").Column(&all); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, sql := range all {
		if !strings.Contains(sql, "__pbc_") && !strings.Contains(sql, "idx_tokenKey__") && !strings.Contains(sql, "idx_email__") {
			out = append(out, sql)
		}
	}
	return strings.Join(out, "\n")
}

// TestLedgerSchema holds that the ledger's tables are made as package ledger wants them.
func TestLedgerSchema(t *testing.T) {
	raw, err := os.ReadFile("../../pb_migrations/1795400002_ledger.sql")
	if err != nil {
		t.Fatal(err)
	}
	if string(raw) != ledger.Schema {
		t.Error("the migration's SQL is not that of internal/ledger")
	}
}

// TestRowText holds the order and the forms in which the ledger digests a row.
func TestRowText(t *testing.T) {
	d := &records.Desk{Free: true, TakeBackMinutes: 5}
	d.ID, d.Rev = "desk", 3
	text := map[string]string{}
	for _, c := range records.Text(d) {
		text[c[0]] = c[1]
	}
	for name, want := range map[string]string{"id": "desk", "rev": "3", "free": "1", "take_back_minutes": "5"} {
		if got, ok := text[name]; !ok || got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, empty := range []string{"demo", "mail"} {
		if got, ok := text[empty]; ok {
			t.Errorf("%s is empty and digested as %q: a column that is added later would change every digest", empty, got)
		}
	}
	if records.Blank("no_such_table") != nil || records.Logged("no_such_table") {
		t.Error("a table that is not there")
	}
}
