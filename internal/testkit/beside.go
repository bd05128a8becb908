package testkit

// Beside the desk: the data file opened by somebody who does not ask it. A test reads and changes rows there as a forger
// would, notices what the desk wrote, and puts everything back.

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/records"
)

// LedgerTables are the tables of the record.
var LedgerTables = []string{"ledger_entries", "ledger_hashes", "ledger_rows", "checkpoints"}

// Tables are the desk's tables and those of its record.
func Tables() []string {
	all := slices.Clone(LedgerTables)
	for _, t := range records.Tables {
		all = append(all, t.Row.Table())
	}
	return all
}

// Beside is a connection of its own to the data of a desk. It does not wait for the disk, and no trigger stops it.
type Beside struct {
	T   testing.TB
	DB  *dbx.DB
	ver int64
	as  string // the name under which the tables were noted as they are now, but for those in the table touched
}

// Beside opens one; the record's triggers are gone from then on.
func (d *Desk) Beside() *Beside {
	d.T.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(d.App.DataDir(), "data.db")+"?_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)&_pragma=temp_store(MEMORY)&_txlock=immediate")
	if err != nil {
		d.T.Fatal(err)
	}
	db.DB().SetMaxOpenConns(1) // what is kept is kept by the connection
	d.T.Cleanup(func() { db.Close() })
	b := &Beside{T: d.T, DB: db}
	var triggers []string
	if err := db.NewQuery("SELECT name FROM sqlite_master WHERE type='trigger'").Column(&triggers); err != nil {
		d.T.Fatal(err)
	}
	for _, name := range triggers {
		b.Must("DROP TRIGGER " + name)
	}
	b.Must("ATTACH ':memory:' AS kept")
	b.Must("CREATE TABLE touched (name TEXT PRIMARY KEY)")
	for _, t := range Tables() {
		for _, how := range []string{"INSERT", "UPDATE", "DELETE"} {
			b.Must(fmt.Sprintf("CREATE TRIGGER touched_%s_%s AFTER %s ON %s BEGIN INSERT INTO touched SELECT '%s' WHERE NOT EXISTS (SELECT 1 FROM touched WHERE name='%s'); END", t, how, how, t, t, t))
		}
	}
	return b
}

// Try changes something and reports how many rows it changed, or what kept SQLite from it.
func (b *Beside) Try(query string, params dbx.Params) (int64, error) {
	res, err := b.DB.NewQuery(query).Bind(params).Execute()
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Must changes something.
func (b *Beside) Must(query string) {
	b.T.Helper()
	if _, err := b.Try(query, nil); err != nil {
		b.T.Fatalf("%s: %v", query, err)
	}
}

// Keep notes the tables as they are now, all of them if none is named, under a name.
func (b *Beside) Keep(name string, tables ...string) {
	b.T.Helper()
	if len(tables) == 0 {
		tables, b.as = Tables(), name
		b.Must("DELETE FROM touched")
	}
	for _, t := range tables {
		b.Must("DROP TABLE IF EXISTS kept." + name + "_" + t)
		b.Must("CREATE TABLE kept." + name + "_" + t + " AS SELECT * FROM main." + t)
	}
	b.Written()
}

// Back puts the tables back as Keep noted them, all of them if none is named.
func (b *Beside) Back(name string, tables ...string) {
	b.T.Helper()
	switch {
	case name == b.as:
		if tables = b.touched(tables); len(tables) == 0 {
			return
		}
	case len(tables) == 0:
		tables, b.as = Tables(), name
	}
	var all strings.Builder
	for _, t := range tables {
		fmt.Fprintf(&all, "DELETE FROM main.%s; INSERT INTO main.%s SELECT * FROM kept.%s_%s;", t, t, name, t)
		if name == b.as {
			fmt.Fprintf(&all, "DELETE FROM touched WHERE name='%s';", t)
		}
	}
	err := b.DB.Transactional(func(tx *dbx.Tx) error {
		_, err := tx.NewQuery(all.String()).Execute()
		return err
	})
	if err != nil {
		b.T.Fatal(err)
	}
}

// touched are those of the tables, of all of them if none is named, to which anybody wrote since they were noted or put back.
func (b *Beside) touched(tables []string) []string {
	b.T.Helper()
	var names []string
	if err := b.DB.NewQuery("SELECT name FROM touched").Column(&names); err != nil {
		b.T.Fatal(err)
	}
	return slices.DeleteFunc(names, func(name string) bool { return len(tables) > 0 && !slices.Contains(tables, name) })
}

// Written reports whether anybody else wrote anything at all since the last time it was asked.
func (b *Beside) Written() bool {
	b.T.Helper()
	var now int64
	if err := b.DB.NewQuery("PRAGMA data_version").Row(&now); err != nil {
		b.T.Fatal(err)
	}
	was := b.ver
	b.ver = now
	return was != now
}

// Dump is every row of these tables as text, of all of them if none is named.
func (b *Beside) Dump(tables ...string) string {
	b.T.Helper()
	text, err := Dump(b.DB, tables...)
	if err != nil {
		b.T.Fatal(err)
	}
	return text
}

// Dump is every row of these tables as text, a line each, in order; of all of them if none is named.
func Dump(db dbx.Builder, tables ...string) (string, error) {
	if len(tables) == 0 {
		tables = Tables()
	}
	var out strings.Builder
	for _, table := range tables {
		if err := dumpTable(db, table, &out); err != nil {
			return "", fmt.Errorf("%s: %w", table, err)
		}
	}
	return out.String(), nil
}

func dumpTable(db dbx.Builder, table string, out *strings.Builder) error {
	rows, err := db.NewQuery("SELECT * FROM " + table + " ORDER BY 1, 2").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	cells, into := make([]sql.NullString, len(names)), make([]any, len(names))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		out.WriteString(table)
		for i, c := range cells {
			out.WriteByte(' ')
			out.WriteString(names[i])
			out.WriteByte('=')
			switch {
			case !c.Valid:
				out.WriteString("NULL")
			case strings.ContainsAny(c.String, "\"\\\n"):
				out.WriteString(strconv.Quote(c.String))
			default: // of two different texts none looks like the other
				out.WriteByte('"')
				out.WriteString(c.String)
				out.WriteByte('"')
			}
		}
		out.WriteString("\n")
	}
	return rows.Err()
}

// Difference names the lines that are in one dump only.
func Difference(before, after string) string {
	var out strings.Builder
	in := map[string]bool{}
	for l := range strings.SplitSeq(before, "\n") {
		in[l] = true
	}
	for l := range strings.SplitSeq(after, "\n") {
		if !in[l] {
			fmt.Fprintf(&out, "+ %.300s\n", l)
		}
		delete(in, l)
	}
	for l := range in {
		fmt.Fprintf(&out, "- %.300s\n", l)
	}
	return out.String()
}
