package sqlite

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/pocketbase/dbx"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func database(t *testing.T, keep int) *dbx.DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "data.db")+"?_pragma=journal_mode(WAL)&_txlock=immediate", keep)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	db.DB().SetMaxOpenConns(1)
	_, err = db.DB().Exec("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')")
	must(t, err)
	return db
}

// kept looks into the one connection of a database.
func kept(t *testing.T, db *dbx.DB) (texts []string) {
	t.Helper()
	c, err := db.DB().Conn(context.Background())
	must(t, err)
	defer c.Close()
	must(t, c.Raw(func(raw any) error {
		for _, s := range raw.(*conn).recent {
			if s.busy {
				t.Errorf("still in use: %s", s.text)
			}
			texts = append(texts, s.text)
		}
		return nil
	}))
	return texts
}

func names(t *testing.T, db interface {
	NewQuery(string) *dbx.Query
}, text string) (all []string) {
	t.Helper()
	must(t, db.NewQuery(text).Column(&all))
	return all
}

// A statement is prepared once and found again; what does not come again is not kept; the one not used for longest goes first.
func TestKeeps(t *testing.T) {
	db := database(t, 3)
	const byID, all = "SELECT name FROM t WHERE id=2", "SELECT name FROM t ORDER BY id"
	for range 3 {
		if got := names(t, db, byID); !slices.Equal(got, []string{"b"}) {
			t.Fatal(got)
		}
		names(t, db, all)
		names(t, db, "PRAGMA user_version")
	}
	if got := kept(t, db); !slices.Equal(got, []string{byID, all}) {
		t.Fatalf("kept: %q", got)
	}
	names(t, db, byID)
	for i := range 2 {
		names(t, db, "SELECT "+strconv.Itoa(i))
	}
	if got := kept(t, db); !slices.Equal(got, []string{byID, "SELECT 0", "SELECT 1"}) {
		t.Fatalf("kept: %q", got)
	}
	must(t, names2(db, "SELECT 1; SELECT 2"))
	if got := kept(t, db); len(got) != 3 {
		t.Fatalf("a script was kept: %q", got)
	}
}

func names2(db *dbx.DB, script string) error {
	_, err := db.DB().Exec(script)
	return err
}

// While rows are read, the same text can be asked again, within them too, and gets its own answer.
func TestTheSameTextTwice(t *testing.T) {
	db := database(t, 2)
	must(t, db.Transactional(func(tx *dbx.Tx) error {
		outer, err := Direct(tx).Query("SELECT name FROM t ORDER BY id")
		must(t, err)
		var seen []string
		for outer.Next() {
			var name string
			must(t, outer.Scan(&name))
			seen = append(seen, name)
			if got := names(t, tx, "SELECT name FROM t ORDER BY id"); len(got) != 3 {
				t.Errorf("within: %q", got)
			}
			names(t, tx, "SELECT 1") // would push the outer one out, were it not in use
			names(t, tx, "SELECT 2")
		}
		must(t, outer.Close())
		must(t, outer.Close())
		if !slices.Equal(seen, []string{"a", "b", "c"}) {
			t.Errorf("seen %q", seen)
		}
		return outer.Err()
	}))
	kept(t, db)
}

// A kept statement follows a change of the schema, and an error leaves it as good as before.
func TestAfterSchemaAndErrors(t *testing.T) {
	db := database(t, 10)
	wide := func() int {
		rows, err := db.DB().Query("SELECT * FROM t WHERE id = ?", 1)
		must(t, err)
		defer rows.Close()
		columns, err := rows.Columns()
		must(t, err)
		types, err := rows.ColumnTypes()
		must(t, err)
		if len(types) != len(columns) || types[0].DatabaseTypeName() != "INTEGER" {
			t.Errorf("types %v", types)
		}
		return len(columns)
	}
	if wide() != 2 {
		t.Fatal("two columns")
	}
	_, err := db.DB().Exec("ALTER TABLE t ADD COLUMN more TEXT")
	must(t, err)
	if n := wide(); n != 3 {
		t.Fatalf("%d columns after the change", n)
	}
	insert := func(id int, name string) error {
		_, err := db.DB().Exec("INSERT INTO t (id, name) VALUES (?, ?)", id, name)
		return err
	}
	must(t, insert(4, "d"))
	if insert(5, "d") == nil {
		t.Fatal("a name twice was taken")
	}
	must(t, insert(5, "e"))
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := db.DB().QueryContext(ended, "SELECT name FROM t ORDER BY id"); err == nil {
		t.Fatal("asked in an ended context")
	}
	if got := names(t, db, "SELECT name FROM t ORDER BY id"); len(got) != 5 {
		t.Fatalf("%q", got)
	}
	if _, err := db.DB().Exec("SELECT nothing FROM t"); err == nil {
		t.Fatal("a column that is not there")
	}
	kept(t, db)
}

func TestWhere(t *testing.T) {
	db := database(t, 2)
	must(t, db.Transactional(func(tx *dbx.Tx) error {
		for _, b := range []dbx.Builder{db, tx} {
			text, values, err := Where(b, dbx.And(dbx.HashExp{"id": 2, "name": "b"}, dbx.NewExp("name<>{:n} AND id<{:n2}", dbx.Params{"n": "x", "n2": 9}), dbx.In("id", 1, 2)))
			must(t, err)
			if want := "(`id`=? AND `name`=?) AND (name<>? AND id<?) AND (`id` IN (?, ?))"; text != want || len(values) != 6 || values[3] != 9 {
				t.Errorf("%s %v", text, values)
			}
		}
		return nil
	}))
	if text, values, err := Where(db, nil); text != "" || values != nil || err != nil {
		t.Errorf("nothing is %q %v %v", text, values, err)
	}
	if _, _, err := Positional("a={:a}", nil); err == nil {
		t.Error("a name without a value was taken")
	}
}
