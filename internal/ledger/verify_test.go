package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// disarm takes the triggers away, as somebody with the file in their hands can.
func disarm(t fatal, db *dbx.DB) {
	var names []string
	must(t, db.NewQuery("SELECT name FROM sqlite_master WHERE type = 'trigger'").Column(&names))
	for _, name := range names {
		execute(t, db, "DROP TRIGGER "+name)
	}
}

// rewrite computes all hashes again from the entries as they are, as a thorough forger would.
func rewrite(t fatal, db *dbx.DB) {
	var lines []line
	must(t, db.Select().From("ledger_entries").OrderBy("seq").All(&lines))
	execute(t, db, "DELETE FROM ledger_hashes")
	for _, l := range lines {
		must(t, grow(db, []line{l}))
	}
}

// edit changes the text of an entry's canonical form.
func edit(t fatal, db *dbx.DB, seq int64, old, new string) {
	var data []byte
	must(t, db.NewQuery("SELECT data FROM ledger_entries WHERE seq = "+fmt.Sprint(seq)).Row(&data))
	if !strings.Contains(string(data), old) {
		t.Fatal("nothing to forge in " + string(data))
	}
	_, err := db.NewQuery("UPDATE ledger_entries SET data = {:d} WHERE seq = {:s}").
		Bind(dbx.Params{"d": []byte(strings.Replace(string(data), old, new, 1)), "s": seq}).Execute()
	must(t, err)
}

func TestForgeries(t *testing.T) {
	sql := func(queries ...string) func(t *testing.T, db *dbx.DB, k Key) {
		return func(t *testing.T, db *dbx.DB, _ Key) {
			for _, q := range queries {
				execute(t, db, q)
			}
		}
	}
	cut := func(t *testing.T, db *dbx.DB) {
		execute(t, db, "DELETE FROM ledger_entries WHERE seq > 15")
		execute(t, db, "DELETE FROM ledger_rows WHERE seq > 15")
		execute(t, db, "DELETE FROM cases WHERE id NOT IN (SELECT id FROM ledger_rows)")
		execute(t, db, "DELETE FROM checkpoints WHERE size > 15")
	}
	for _, c := range []struct {
		name  string
		forge func(t *testing.T, db *dbx.DB, k Key)
		want  string // every kind that is found, in order, with its entry or row
	}{
		{"nothing", sql(), ""},
		{"an entry reworded", func(t *testing.T, db *dbx.DB, _ Key) { edit(t, db, 7, `"to":"in_review"`, `"to":"approved"`) }, "entry 7"},
		{"an entry that is no JSON", sql("UPDATE ledger_entries SET data = x'7b' WHERE seq = 7"), "entry 7, entry 7, index case6, added case6"},
		{"white space in an entry", func(t *testing.T, db *dbx.DB, _ Key) { edit(t, db, 7, `,"v":1`, `, "v":1`) }, "entry 7, entry 7, index case6, added case6"},
		{"an entry reworded, all hashes computed again", func(t *testing.T, db *dbx.DB, _ Key) {
			edit(t, db, 7, `"to":"in_review"`, `"to":"approved"`)
			rewrite(t, db)
		}, "checkpoint 10, witness 10, checkpoint 20, witness 20"},
		{"also signed again with the stolen key", func(t *testing.T, db *dbx.DB, k Key) {
			edit(t, db, 7, `"to":"in_review"`, `"to":"approved"`)
			rewrite(t, db)
			execute(t, db, "DELETE FROM checkpoints")
			_, err := Checkpoint(db, k)
			must(t, err)
		}, "checkpoint 10, witness 10, witness 20"},
		{"an actor's column", sql("UPDATE ledger_entries SET actor = 'staff:9' WHERE seq = 7"), "column 7"},
		{"a time's column", sql("UPDATE ledger_entries SET at = '2026-01-01 00:00:00.000Z' WHERE seq = 7"), "column 7"},
		{"an act's column", sql("UPDATE ledger_entries SET act = 'decide' WHERE seq = 7"), "column 7"},
		{"every column", sql("UPDATE ledger_entries SET role='', noun='', target='', key='' WHERE seq = 7"), "column 7"},
		{"an entry taken out", sql("DELETE FROM ledger_entries WHERE seq = 7"), "gap 7, index case6, added case6"},
		{"two entries taken out with their rows", sql("DELETE FROM ledger_entries WHERE seq IN (7, 8)", "DELETE FROM ledger_rows WHERE seq IN (7, 8)",
			"DELETE FROM cases WHERE id IN ('case6', 'case7')"), "gap 7"},
		{"an entry taken out, the rest moved up, hashes computed again", func(t *testing.T, db *dbx.DB, _ Key) {
			execute(t, db, "DELETE FROM ledger_entries WHERE seq = 20")
			execute(t, db, "DELETE FROM ledger_rows WHERE seq = 20")
			execute(t, db, "DELETE FROM cases WHERE id = 'case19'")
			rewrite(t, db)
		}, "checkpoint 20, witness 20"},
		{"the end cut off", func(t *testing.T, db *dbx.DB, _ Key) { cut(t, db) }, "checkpoint 20, witness 20, hash 15"},
		{"the end cut off with its hashes", func(t *testing.T, db *dbx.DB, _ Key) { cut(t, db); rewrite(t, db) }, "checkpoint 20, witness 20"},
		{"everything gone", sql("DELETE FROM ledger_entries", "DELETE FROM ledger_hashes", "DELETE FROM ledger_rows", "DELETE FROM cases"),
			"checkpoint 10, witness 10, checkpoint 20, witness 20"},
		{"an entry put in far off", sql("INSERT INTO ledger_entries SELECT 4611686018427387905, at, actor, role, act, noun, target, '', data, '', '' FROM ledger_entries WHERE seq = 20"),
			"gap 21, hash 21, column 4611686018427387905, index case19"},
		{"an entry put in before the first", sql("INSERT INTO ledger_entries SELECT -5, at, actor, role, act, noun, target, '', data, '', '' FROM ledger_entries WHERE seq = 20"), "entry -5"},
		{"a leaf's hash", sql("UPDATE ledger_hashes SET h = zeroblob(32) WHERE id = 0"), "entry 1, hash 2, hash 4, hash 8, checkpoint 10…"},
		{"a node's hash", sql("UPDATE ledger_hashes SET h = zeroblob(32) WHERE id = 2"), "hash 2"},
		{"a hash of the wrong length", sql("UPDATE ledger_hashes SET h = x'00' WHERE id = 2"), "hash 2"},
		{"a hash taken out", sql("DELETE FROM ledger_hashes WHERE id = 2"), "hash 2"},
		{"a hash too many", sql("INSERT INTO ledger_hashes VALUES (999, zeroblob(32))"), "hash 20"},
		{"a checkpoint's root", func(t *testing.T, db *dbx.DB, _ Key) {
			other := newKey(t, t.TempDir())
			n, err := note.Sign(&note.Note{Text: fmt.Sprintf("certdesk/test\n10\n%s\n2026-03-01 08:00:00.000Z\n", tlog.Hash{})}, other)
			must(t, err)
			_, err = db.NewQuery("UPDATE checkpoints SET note = {:n} WHERE size = 10").Bind(dbx.Params{"n": string(n)}).Execute()
			must(t, err)
		}, "checkpoint 10"},
		{"a checkpoint's size", sql("UPDATE checkpoints SET size = 11 WHERE size = 10"), "checkpoint 11"},
		{"a checkpoint that is none", sql("UPDATE checkpoints SET note = 'signed, really' WHERE size = 10"), "checkpoint 10"},
		{"a personal part", sql("UPDATE ledger_entries SET payload = 'v1.other' WHERE seq = 7"), "payload 7"},
		{"a salt", sql("UPDATE ledger_entries SET salt = 'AAAA' WHERE seq = 7"), "payload 7"},
		{"a salt that is none", sql("UPDATE ledger_entries SET salt = '!' WHERE seq = 7"), "payload 7"},
		{"a salt kept back at erasure", sql("UPDATE ledger_entries SET payload = '' WHERE seq = 7"), "payload 7"},
		{"a personal part put in", func(t *testing.T, db *dbx.DB, _ Key) {
			_, err := Append(db, Entry{At: start.Add(time.Hour), Actor: "a", Act: "b"})
			must(t, err)
			execute(t, db, "UPDATE ledger_entries SET payload = 'v1.x', salt = 'AAAA' WHERE seq = 21")
		}, "payload 21"},
		{"a row changed", sql("UPDATE cases SET name = 'other' WHERE id = 'case6'"), "changed case6"},
		{"a row deleted", sql("DELETE FROM cases WHERE id = 'case6'"), "missing case6"},
		{"a row added", sql("INSERT INTO cases VALUES ('case99', 'other')"), "added case99"},
		{"a row renamed", sql("UPDATE cases SET id = 'case99' WHERE id = 'case6'"), "added case99, missing case6"},
		{"a row changed, with the list of digests", func(t *testing.T, db *dbx.DB, _ Key) {
			execute(t, db, "UPDATE cases SET name = 'other' WHERE id = 'case6'")
			execute(t, db, "UPDATE ledger_rows SET digest = '"+digest("case6", "other")+"' WHERE id = 'case6'")
		}, "index case6, changed case6"},
		{"a row deleted, with the list of digests", sql("DELETE FROM cases WHERE id = 'case6'", "DELETE FROM ledger_rows WHERE id = 'case6'"), "index case6, missing case6"},
		{"the list of digests", sql("UPDATE ledger_rows SET gone = 7 WHERE id = 'case6'"), "index case6"},
		{"a deleted row put back", func(t *testing.T, db *dbx.DB, _ Key) {
			_, err := Append(db, Entry{At: start.Add(time.Hour), Actor: "a", Act: "erase", Rows: []Row{{Noun: "cases", ID: "case6", Gone: true}}})
			must(t, err)
		}, "added case6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			db := database(t, dir)
			defer db.Close()
			key := newKey(t, dir)
			var witness []string
			for n := range 20 {
				write(t, db, n, "case"+strconv.Itoa(n), "name"+strconv.Itoa(n))
				if n%10 == 9 {
					w, err := Checkpoint(db, key)
					must(t, err)
					witness = append(witness, w)
				}
			}
			disarm(t, db)
			c.forge(t, db, key)
			r := verify(t, db, Options{Public: []string{key.Public}, Witness: witness})
			var got []string
			for _, f := range r.Findings {
				at := f.ID
				if at == "" {
					at = fmt.Sprint(f.Seq)
				}
				got = append(got, string(f.Kind)+" "+at)
				if f.Text == "" {
					t.Errorf("%+v says nothing", f)
				}
			}
			list, want := strings.Join(got, ", "), c.want
			if prefix, more := strings.CutSuffix(want, "…"); more && strings.HasPrefix(list, prefix) {
				want = list
			}
			if list != want || r.OK() != (want == "") {
				t.Errorf("found %s, want %s\n%+v", list, c.want, r.Findings)
			}
		})
	}
}

// A witness that was signed by somebody else, or for another log, is none.
func TestForeignWitness(t *testing.T) {
	dir := t.TempDir()
	db := database(t, dir)
	key, other := newKey(t, dir), newKey(t, t.TempDir())
	write(t, db, 0, "case", "name")
	kept, err := Checkpoint(db, key)
	must(t, err)
	sign := func(text string, by note.Signer) string {
		n, err := note.Sign(&note.Note{Text: text}, by)
		must(t, err)
		return string(n)
	}
	root, end := strings.Split(kept, "\n")[2], "\n"+strings.Split(kept, "\n")[3]+"\n"
	for name, w := range map[string]string{
		"nothing": "", "text": "hello\n", "cut off": kept[:len(kept)-10], "another key": sign("certdesk/test\n1\n"+root+end, other),
		"another origin": sign("elsewhere\n1\n"+root+end, key), "size 0": sign("certdesk/test\n0\n"+root+end, key),
		"size 01": sign("certdesk/test\n01\n"+root+end, key), "size one": sign("certdesk/test\none\n"+root+end, key),
		"no root": sign("certdesk/test\n1\nroot"+end, key), "more lines": sign("certdesk/test\n1\n"+root+end+"more\n", key),
		"no time": sign("certdesk/test\n1\n"+root+"\n", key), "another time": sign("certdesk/test\n1\n"+root+"\nnow\n", key),
		"fewer lines": sign("certdesk/test\n1\n", key), "another root": sign("certdesk/test\n1\n"+tlog.Hash{}.String()+end, key),
	} {
		r := verify(t, db, Options{Public: []string{key.Public}, Witness: []string{w}})
		if len(r.Findings) != 1 || r.Findings[0].Kind != BadWitness || r.Witnesses != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	longer := sign("certdesk/test\n2\n"+root+end, key)
	if r := verify(t, db, Options{Public: []string{key.Public}, Witness: []string{longer}}); len(r.Findings) != 2 || r.Findings[1].Kind != BadWitness || r.Witnesses != 0 {
		t.Errorf("a longer log: %+v", r)
	}
	// A key that was changed: the old one still verifies what it signed.
	write(t, db, 1, "case", "name")
	_, err = Checkpoint(db, other)
	must(t, err)
	if r := verify(t, db, Options{Public: []string{other.Public, key.Public}, Witness: []string{kept}}); !r.OK() || r.Checkpoints != 2 {
		t.Errorf("%+v", r)
	}
	if _, err := Verify(db, Options{Public: []string{"no key"}, Witness: []string{kept}}); err != nil {
		t.Error(err)
	}
}

func TestClockBackwardsIsAWarning(t *testing.T) {
	db := database(t, t.TempDir())
	write(t, db, 5, "case", "name")
	write(t, db, 1, "case", "name")
	if r := verify(t, db, Options{}); !r.OK() || len(r.Warnings) != 1 || r.Warnings[0].Kind != Backwards {
		t.Errorf("%+v", r)
	}
}

// merkle is the root as RFC 6962 defines it, without any of our code or tlog's.
func merkle(leaves [][]byte) [32]byte {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := merkle(leaves[:k]), merkle(leaves[k:])
		return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
	}
}

// Whatever is written verifies, with the root that the RFC defines; whatever single byte is changed does not.
func TestVerifyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "ledger")
		must(t, err)
		defer os.RemoveAll(dir)
		db := database(t, dir)
		defer db.Close()
		key := newKey(t, dir)
		size := rapid.IntRange(1, 20).Draw(t, "entries")
		var witness []string
		for n := range size {
			write(t, db, n, "case"+strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "case")), rapid.StringMatching(`[ab"<\\中𠮷]{1,4}`).Draw(t, "name"))
			if rapid.IntRange(0, 4).Draw(t, "sign") == 0 || n == size-1 {
				w, err := Checkpoint(db, key)
				must(t, err)
				witness = append(witness, w)
			}
		}
		o := Options{Public: []string{key.Public}, Witness: witness}
		r := verify(t, db, o)
		var leaves [][]byte
		must(t, db.NewQuery("SELECT data FROM ledger_entries ORDER BY seq").Column(&leaves))
		if root := merkle(leaves); !r.OK() || r.Root != base64.StdEncoding.EncodeToString(root[:]) || r.Size != int64(size) || r.Witnesses != len(witness) {
			t.Fatalf("%+v", r)
		}
		disarm(t, db)
		column := rapid.SampledFrom([][2]string{{"ledger_entries.data", "seq"}, {"ledger_entries.payload", "seq"}, {"ledger_entries.actor", "seq"},
			{"ledger_hashes.h", "id"}, {"ledger_rows.digest", "id"}, {"cases.name", "id"}, {"checkpoints.note", "size"}}).Draw(t, "column")
		corrupt(t, db, column[0], column[1])
		if r := verify(t, db, o); r.OK() {
			t.Fatalf("a byte changed in %s was not noticed", column)
		}
	})
}

// corrupt flips a bit of one value. The last characters of a note are left alone: base64 has bits there that mean nothing.
func corrupt(t *rapid.T, db *dbx.DB, column, key string) {
	table, name, _ := strings.Cut(column, ".")
	var values []struct {
		K string `db:"k"`
		V []byte `db:"v"`
	}
	must(t, db.NewQuery("SELECT "+key+" k, "+name+" v FROM "+table+" ORDER BY "+key).All(&values))
	at := rapid.SampledFrom(values).Draw(t, "row")
	value, end := slices.Clone(at.V), len(at.V)
	if name == "note" {
		end -= 4
	}
	value[rapid.IntRange(0, end-1).Draw(t, "byte")] ^= 1
	bind := any(value)
	if name != "data" && name != "h" {
		bind = string(value)
	}
	_, err := db.NewQuery("UPDATE " + table + " SET " + name + " = {:v} WHERE " + key + " = {:k}").Bind(dbx.Params{"v": bind, "k": at.K}).Execute()
	must(t, err)
}

func TestTwentyThousandEntries(t *testing.T) {
	dir := t.TempDir()
	db := database(t, dir)
	key := newKey(t, dir)
	const size = 20_000
	must(t, db.Transactional(func(tx *dbx.Tx) error {
		for n := range size {
			id := "case" + strconv.Itoa(n%5000)
			if _, err := Append(tx, Entry{At: start.Add(time.Duration(n) * time.Second), Actor: "staff:1", Role: "reviewer", Act: "check", Noun: "application",
				Target: id, Key: strconv.Itoa(n), Rows: []Row{{Noun: "cases", ID: id, Digest: digest(id, strconv.Itoa(n)), Rev: int64(n)}}, Payload: []byte("v1.sealed")}); err != nil {
				return err
			}
			if n >= size-5000 {
				if _, err := tx.Insert("cases", dbx.Params{"id": id, "name": strconv.Itoa(n)}).Execute(); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	w, err := Checkpoint(db, key)
	must(t, err)
	began := time.Now()
	r := verify(t, db, Options{Public: []string{key.Public}, Witness: []string{w}})
	t.Logf("verified in %v", time.Since(began))
	if !r.OK() || r.Size != size || r.Rows != 5000 || r.Witnesses != 1 {
		t.Errorf("%+v", r)
	}
	disarm(t, db)
	execute(t, db, "UPDATE cases SET name = 'other' WHERE id = 'case1234'")
	edit(t, db, 17_000, `"act":"check"`, `"act":"chekc"`)
	r = verify(t, db, Options{Public: []string{key.Public}, Witness: []string{w}})
	if len(r.Findings) != 3 || r.Findings[0].Seq != 17_000 || r.Findings[1].Kind != BadColumn || r.Findings[2].ID != "case1234" {
		t.Errorf("%+v", r.Findings)
	}
	execute(t, db, "DELETE FROM cases")
	if r = verify(t, db, Options{}); len(r.Findings) != maxFindings || r.More != 5000+2-maxFindings {
		t.Errorf("%d findings and %d more", len(r.Findings), r.More)
	}
}
