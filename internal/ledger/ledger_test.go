package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite"
	"pgregory.net/rapid"
)

type fatal interface {
	Helper()
	Fatal(...any)
}

func must(t fatal, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// database is an empty ledger, and a table of the desk that it names rows of.
func database(t fatal, dir string) *dbx.DB {
	t.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(dir, "data.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_txlock=immediate")
	must(t, err)
	db.DB().SetMaxOpenConns(1)
	must(t, Install(db))
	must(t, Install(db))
	execute(t, db, "CREATE TABLE IF NOT EXISTS cases (id TEXT PRIMARY KEY, name TEXT NOT NULL)")
	return db
}

func execute(t fatal, db dbx.Builder, query string) {
	t.Helper()
	_, err := db.NewQuery(query).Execute()
	must(t, err)
}

var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// write changes a row as an act does, with its entry.
func write(t fatal, db *dbx.DB, n int, id, name string) int64 {
	t.Helper()
	var seq int64
	must(t, db.Transactional(func(tx *dbx.Tx) error {
		_, err := tx.NewQuery("INSERT INTO cases VALUES ({:id}, {:name}) ON CONFLICT (id) DO UPDATE SET name = excluded.name").
			Bind(dbx.Params{"id": id, "name": name}).Execute()
		if err != nil {
			return err
		}
		seq, err = Append(tx, Entry{At: start.Add(time.Duration(n) * time.Minute), Actor: "staff:" + strconv.Itoa(n%3), Role: "reviewer", Act: "check",
			Noun: "application", Target: id, From: "in_review", To: "in_review", Key: "key-" + strconv.Itoa(n), Input: "digest",
			Rows: []Row{{Noun: "cases", ID: id, Digest: digest(id, name), Rev: int64(n)}}, Answer: json.RawMessage(`{"n":` + strconv.Itoa(n) + `}`),
			Payload: []byte("v1.sealed" + name)})
		return err
	}))
	return seq
}

func digest(id, name string) string {
	return DigestRow("cases", [][2]string{{"name", name}, {"id", id}})
}

func rowsOf(db dbx.Builder) func(yield func(noun, id, digest string) error) error {
	return func(yield func(noun, id, digest string) error) error {
		var rows []struct{ ID, Name string }
		if err := db.NewQuery("SELECT id, name FROM cases ORDER BY id").All(&rows); err != nil {
			return err
		}
		for _, r := range rows {
			if err := yield("cases", r.ID, digest(r.ID, r.Name)); err != nil {
				return err
			}
		}
		return nil
	}
}

func verify(t fatal, db *dbx.DB, o Options) Report {
	t.Helper()
	o.Rows = rowsOf(db)
	r, err := Verify(db, o)
	must(t, err)
	return r
}

func newKey(t fatal, dir string) Key {
	t.Helper()
	k, err := MakeKey(filepath.Join(dir, "ledger.key"), "certdesk/test")
	must(t, err)
	return k
}

func TestAppendFindSearch(t *testing.T) {
	db := database(t, t.TempDir())
	for n := range 10 {
		if seq := write(t, db, n, "case"+strconv.Itoa(n%4), "name"+strconv.Itoa(n)); seq != int64(n+1) {
			t.Fatalf("entry %d has number %d", n, seq)
		}
	}
	e, found, err := Find(db, "staff:1", "key-4")
	must(t, err)
	if !found || e.Seq != 5 || string(e.Answer) != `{"n":4}` || e.Input != "digest" || !e.At.Equal(start.Add(4*time.Minute)) || len(e.Rows) != 1 || e.Rows[0].Rev != 4 {
		t.Errorf("found %v %+v", found, e)
	}
	for _, c := range [][2]string{{"staff:2", "key-4"}, {"staff:1", "key-5"}, {"staff:1", ""}} {
		if _, found, err := Find(db, c[0], c[1]); found || err != nil {
			t.Errorf("%v: found %v, %v", c, found, err)
		}
	}
	for _, c := range []struct {
		q    Query
		want string
	}{
		{Query{}, "1 2 3 4 5 6 7 8 9 10"},
		{Query{Limit: 3}, "1 2 3"},
		{Query{After: 7}, "8 9 10"},
		{Query{Newest: true, Limit: 2}, "10 9"},
		{Query{Newest: true, After: 9, Limit: 2}, "8 7"},
		{Query{Noun: "application", Target: "case1"}, "2 6 10"},
		{Query{Noun: "application", Target: "case1", Limit: 1, Newest: true}, "10"},
		{Query{Noun: "certificate", Target: "case1"}, ""},
		{Query{Actor: "staff:0", After: 4}, "7 10"},
		{Query{Act: "check", From: start.Add(2 * time.Minute), To: start.Add(4 * time.Minute)}, "3 4"},
		{Query{Act: "decide"}, ""},
	} {
		found, err := Search(db, c.q)
		must(t, err)
		var got []string
		for _, e := range found {
			got = append(got, strconv.FormatInt(e.Seq, 10))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %v, want %s", c.q, got, c.want)
		}
	}
	if r := verify(t, db, Options{}); !r.OK() || r.Size != 10 || r.Rows != 4 || len(r.Root) != 44 {
		t.Errorf("%+v", r)
	}
}

func TestAppendRefuses(t *testing.T) {
	db := database(t, t.TempDir())
	good := Entry{At: start, Actor: "staff:1", Act: "check", Key: "k"}
	_, err := Append(db, good)
	must(t, err)
	for name, change := range map[string]func(*Entry){
		"the same key":       func(*Entry) {},
		"no time":            func(e *Entry) { e.Key, e.At = "", time.Time{} },
		"no actor":           func(e *Entry) { e.Key, e.Actor = "", "" },
		"no act":             func(e *Entry) { e.Key, e.Act = "", "" },
		"an actor not UTF-8": func(e *Entry) { e.Key, e.Actor = "", "staff:\xff" },
		"a digest not UTF-8": func(e *Entry) { e.Key, e.Rows = "", []Row{{Noun: "cases", ID: "1", Digest: "\xff"}} },
		"a word not UTF-8":   func(e *Entry) { e.Key, e.Also = "", map[string]string{"a": "\xff"} },
		"an answer not JSON": func(e *Entry) { e.Key, e.Answer = "", json.RawMessage("{") },
	} {
		e := good
		change(&e)
		if err := db.Transactional(func(tx *dbx.Tx) error { _, err := Append(tx, e); return err }); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if r := verify(t, db, Options{}); !r.OK() || r.Size != 1 {
		t.Errorf("%+v", r)
	}
}

// Entries appended together are those appended one by one: the same bytes, the same tree.
func TestAppendAll(t *testing.T) {
	one, all := database(t, t.TempDir()), database(t, t.TempDir())
	if seq, err := AppendAll(all, nil); seq != 0 || err != nil {
		t.Errorf("none: %d %v", seq, err)
	}
	for _, n := range []int{1, 2, 3, 7, 250} {
		var entries []Entry
		for i := range n {
			entries = append(entries, Entry{At: start, Actor: "a", Act: "b", Target: strconv.Itoa(i), Rows: []Row{{Noun: "x", ID: strconv.Itoa(i % 5), Digest: strconv.Itoa(n)}}})
			_, err := Append(one, entries[i])
			must(t, err)
		}
		size, err := Size(all)
		must(t, err)
		if seq, err := AppendAll(all, entries); seq != size+1 || err != nil {
			t.Fatalf("%d at %d: %d %v", n, size, seq, err)
		}
	}
	for _, table := range []string{"SELECT group_concat(seq || data) FROM ledger_entries", "SELECT group_concat(id || hex(h)) FROM ledger_hashes",
		"SELECT group_concat(noun || id || digest || seq || gone) FROM ledger_rows"} {
		var a, b string
		must(t, one.NewQuery(table).Row(&a))
		must(t, all.NewQuery(table).Row(&b))
		if a != b || a == "" {
			t.Errorf("%s differs", table)
		}
	}
	a, err := Verify(one, Options{})
	must(t, err)
	b, err := Verify(all, Options{})
	must(t, err)
	if !a.OK() || !b.OK() || a.Root != b.Root || b.Size != 263 {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// A transaction that fails leaves no entry, no hash and no digest.
func TestAppendIsPartOfTheTransaction(t *testing.T) {
	db := database(t, t.TempDir())
	write(t, db, 0, "case", "one")
	broken := errors.New("the act failed")
	if err := db.Transactional(func(tx *dbx.Tx) error {
		if _, err := Append(tx, Entry{At: start, Actor: "a", Act: "b", Rows: []Row{{Noun: "cases", ID: "case", Digest: "x"}}}); err != nil {
			return err
		}
		return broken
	}); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	write(t, db, 1, "case", "two")
	if r := verify(t, db, Options{}); !r.OK() || r.Size != 2 {
		t.Errorf("%+v", r)
	}
}

func TestTriggers(t *testing.T) {
	dir := t.TempDir()
	db := database(t, dir)
	for n := range 5 {
		write(t, db, n, "case", "name")
	}
	_, err := Checkpoint(db, newKey(t, dir))
	must(t, err)
	for _, query := range []string{
		"DELETE FROM ledger_entries WHERE seq = 5",
		"UPDATE ledger_entries SET data = x'00'",
		"UPDATE ledger_entries SET at = '2020'",
		"UPDATE ledger_entries SET payload = 'other'",
		"UPDATE ledger_entries SET salt = 'other'",
		"UPDATE ledger_entries SET seq = 99 WHERE seq = 5",
		"INSERT INTO ledger_entries SELECT seq+2, at, actor, role, act, noun, target, '', data, payload, salt FROM ledger_entries WHERE seq = 5",
		"INSERT OR REPLACE INTO ledger_entries SELECT seq, at, actor, role, act, noun, target, key, data, '', '' FROM ledger_entries WHERE seq = 2",
		"INSERT OR REPLACE INTO ledger_entries SELECT seq+4, at, actor, role, act, noun, target, key, data, payload, salt FROM ledger_entries WHERE seq = 2",
		"DELETE FROM ledger_hashes",
		"UPDATE ledger_hashes SET h = x'00'",
		"INSERT OR REPLACE INTO ledger_hashes VALUES (0, x'00')",
		"DELETE FROM checkpoints",
		"UPDATE checkpoints SET note = ''",
		"INSERT OR REPLACE INTO checkpoints VALUES (5, '', '')",
		"INSERT INTO checkpoints VALUES (3, '', '')",
	} {
		if _, err := db.NewQuery(query).Execute(); err == nil {
			t.Errorf("done: %s", query)
		}
	}
	if r := verify(t, db, Options{}); !r.OK() || r.Size != 5 {
		t.Errorf("%+v", r)
	}
}

func TestErase(t *testing.T) {
	dir := t.TempDir()
	db := database(t, dir)
	key := newKey(t, dir)
	for n := range 20 {
		write(t, db, n, "case"+strconv.Itoa(n%4), "personal"+strconv.Itoa(n))
	}
	before, err := Checkpoint(db, key)
	must(t, err)
	n, err := Erase(db, "application", "case2")
	must(t, err)
	if n != 5 {
		t.Errorf("%d entries erased", n)
	}
	r := verify(t, db, Options{Public: []string{key.Public}, Witness: []string{before}})
	if !r.OK() || r.Erased != 5 || r.Checkpoints != 1 || r.Witnesses != 1 {
		t.Errorf("%+v", r)
	}
	e, _, err := Get(db, 3)
	must(t, err)
	if !e.Erased || e.Payload != nil {
		t.Errorf("%+v", e)
	}
	var data []byte
	must(t, db.NewQuery("SELECT data FROM ledger_entries WHERE seq = 3").Row(&data))
	if bytes.Contains(data, []byte("personal")) {
		t.Error("the personal part is in what is hashed")
	}
	if e, _, _ := Get(db, 4); e.Erased || string(e.Payload) != "v1.sealedpersonal3" {
		t.Errorf("%+v", e)
	}
}

func TestKeyFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "ledger.key")
	if _, err := LoadKey(file); !errors.Is(err, ErrKeyLost) {
		t.Errorf("got %v", err)
	}
	if _, err := MakeKey(file, "two words"); err == nil {
		t.Error("an origin with a space was taken")
	}
	k := newKey(t, dir)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	again, err := LoadKey(file)
	must(t, err)
	if again.Public != k.Public || again.Name() != "certdesk/test" {
		t.Error("another key was read")
	}
	if _, err := MakeKey(file, "certdesk/test"); err == nil {
		t.Error("a key was overwritten")
	}
	other := newKey(t, t.TempDir())
	raw, err := os.ReadFile(file)
	must(t, err)
	for name, text := range map[string]string{
		"empty": "", "text": "secret\npublic\n", "only the secret half": strings.SplitAfter(string(raw), "\n")[0],
		"another public half": strings.SplitAfter(string(raw), "\n")[0] + other.Public + "\n", "cut off": string(raw[:40]),
	} {
		must(t, os.WriteFile(file, []byte(text), 0o600))
		if _, err := LoadKey(file); !errors.Is(err, ErrKeyWrong) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	dir := t.TempDir()
	db := database(t, dir)
	key := newKey(t, dir)
	if _, err := Checkpoint(db, key); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v", err)
	}
	write(t, db, 0, "case", "name")
	one, err := Checkpoint(db, key)
	must(t, err)
	same, err := Checkpoint(db, key)
	must(t, err)
	write(t, db, 1, "case", "name")
	two, err := Checkpoint(db, key)
	must(t, err)
	if one != same || one == two || !strings.HasPrefix(two, "certdesk/test\n2\n") {
		t.Errorf("%q %q %q", one, same, two)
	}
	r := verify(t, db, Options{Public: []string{key.Public}, Witness: []string{one, two, one}})
	if !r.OK() || r.Checkpoints != 2 || r.Witnesses != 3 {
		t.Errorf("%+v", r)
	}
	if r := verify(t, db, Options{}); !r.OK() || len(r.Warnings) != 1 || r.Warnings[0].Kind != Unsigned {
		t.Errorf("%+v", r)
	}
	if _, err := Verify(db, Options{Witness: []string{one}}); err == nil {
		t.Error("a witness was taken without a key to verify it")
	}
}

func TestDigestRow(t *testing.T) {
	one := DigestRow("cases", [][2]string{{"a", "1"}, {"b", "2"}})
	raw := sha256.Sum256([]byte("certdesk/v1 row 5:cases,1:a,1:1,1:b,1:2,"))
	if one != base64.RawURLEncoding.EncodeToString(raw[:]) || len(one) != 43 {
		t.Errorf("digest %q", one)
	}
	if one != DigestRow("cases", [][2]string{{"b", "2"}, {"a", "1"}}) {
		t.Error("the order of columns matters")
	}
	for _, other := range []string{
		DigestRow("case", [][2]string{{"a", "1"}, {"b", "2"}}), DigestRow("cases", [][2]string{{"a", "1"}, {"b", "3"}}),
		DigestRow("cases", [][2]string{{"a", "1,1:b"}, {"b", "2"}}), DigestRow("cases", [][2]string{{"a", "1"}}),
		DigestRow("cases", [][2]string{{"a", "2"}, {"b", "1"}}), DigestRow("cases", [][2]string{{"a", "1"}, {"b", "2"}, {"c", ""}}),
	} {
		if other == one {
			t.Error("two rows have one digest")
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "a", "1:a,", ",", "1:", "b", "a1"})
		draw := func(name string) [][2]string {
			var c [][2]string
			for i := range rapid.IntRange(0, 3).Draw(t, name) {
				c = append(c, [2]string{fmt.Sprint(i) + text.Draw(t, "column"), text.Draw(t, "value")})
			}
			return c
		}
		a, b := draw("a"), draw("b")
		if (DigestRow("n", a) == DigestRow("n", b)) != (fmt.Sprint(len(a), a) == fmt.Sprint(len(b), b)) {
			t.Fatalf("%q %q", a, b)
		}
	})
}
