package ledger

// Adding an entry, in the transaction of the act that it tells of.

import (
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/sqlite"
)

// Append adds an entry in the caller's transaction and returns its number. An actor's key that was used before is an
// error; ask Find first.
func Append(db dbx.Builder, e Entry) (int64, error) { return AppendAll(db, []Entry{e}) }

// AppendAll adds several entries, as Append does each, and returns the number of the first; 0 if there are none.
func AppendAll(db dbx.Builder, entries []Entry) (int64, error) {
	if len(entries) == 0 {
		return 0, nil
	}
	size, err := Size(db)
	if err != nil {
		return 0, err
	}
	lines := make([]line, len(entries))
	for i, e := range entries {
		var salt [32]byte
		rand.Read(salt[:])
		e.Seq = size + 1 + int64(i)
		if lines[i], err = newLine(e, base64.RawURLEncoding.EncodeToString(salt[:])); err != nil {
			return 0, err
		}
	}
	if err := fault.At("ledger.entry"); err != nil {
		return 0, err
	}
	if err := insert(db, lines); err != nil {
		return 0, fmt.Errorf("ledger entry %d: %w", size+1, err)
	}
	if err := grow(db, lines); err != nil {
		return 0, fmt.Errorf("hashes of ledger entry %d: %w", size+1, err)
	}
	for i, e := range entries {
		if err := name(db, lines[i].Seq, e.Rows); err != nil {
			return 0, err
		}
	}
	return size + 1, nil
}

// atOnce is how many rows go into one statement.
const atOnce = 100

func insert(db dbx.Builder, lines []line) error {
	for some := range slices.Chunk(lines, atOnce) {
		var values []any
		for _, l := range some {
			values = append(values, l.Seq, l.At, l.Actor, l.Role, l.Act, l.Noun, l.Target, l.Key, l.Data, l.Payload, l.Salt)
		}
		_, err := sqlite.Direct(db).Exec("INSERT OR FAIL INTO ledger_entries (seq, at, actor, role, act, noun, target, key, data, payload, salt) VALUES "+
			sqlite.Marks(len(some), 11), values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// Size is the number of entries, which is also the number of the last one.
func Size(db dbx.Builder) (n int64, err error) {
	rows, err := sqlite.Direct(db).Query("SELECT coalesce(max(seq), 0) FROM ledger_entries")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		err = rows.Scan(&n)
	}
	return n, errors.Join(err, rows.Err())
}

// Top is the size of the log and its root; "" if it is empty.
func Top(db dbx.Builder) (size int64, root string, err error) {
	if size, err = Size(db); err != nil || size == 0 {
		return 0, "", err
	}
	h, err := tlog.TreeHash(size, stored{db})
	return size, h.String(), err
}

// Erase empties payload and salt of every entry about a target: what is left of them is a commitment that nobody can
// open. It returns how many there were. The log verifies as before.
func Erase(db dbx.Builder, noun, target string) (int64, error) {
	res, err := db.NewQuery("UPDATE ledger_entries SET payload = '', salt = '' WHERE noun = {:noun} AND target = {:target} AND payload <> ''").
		Bind(dbx.Params{"noun": noun, "target": target}).Execute()
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// grow adds the hashes that the new leaves complete.
func grow(db dbx.Builder, lines []line) error {
	if err := fault.At("ledger.hashes"); err != nil {
		return err
	}
	first := tlog.StoredHashIndex(0, lines[0].Seq-1)
	all := edgeOf{stored{db}, first, nil}
	for _, l := range lines {
		hashes, err := tlog.StoredHashes(l.Seq-1, l.Data, all)
		if err != nil {
			return err
		}
		all.fresh = append(all.fresh, hashes...)
	}
	for some := range slices.Chunk(all.fresh, atOnce) {
		var values []any
		for _, h := range some {
			values = append(values, first, h[:])
			first++
		}
		if _, err := sqlite.Direct(db).Exec("INSERT OR FAIL INTO ledger_hashes (id, h) VALUES "+sqlite.Marks(len(some), 2), values...); err != nil {
			return err
		}
	}
	return nil
}

// name notes the last digest of each row.
func name(db dbx.Builder, seq int64, rows []Row) error {
	for some := range slices.Chunk(rows, atOnce) {
		var values []any
		for _, r := range some {
			values = append(values, r.Noun, r.ID, r.Digest, seq, r.Gone)
		}
		if err := fault.At("ledger.rows"); err != nil {
			return err
		}
		_, err := sqlite.Direct(db).Exec("INSERT OR FAIL INTO ledger_rows (noun, id, digest, seq, gone) VALUES "+sqlite.Marks(len(some), 5)+
			" ON CONFLICT (noun, id) DO UPDATE SET digest = excluded.digest, seq = excluded.seq, gone = excluded.gone", values...)
		if err != nil {
			return fmt.Errorf("rows of ledger entry %d: %w", seq, err)
		}
	}
	return nil
}

// edgeOf reads hashes of leaves that are being added from memory, the others from the database.
type edgeOf struct {
	stored
	first int64 // number of the first fresh one
	fresh []tlog.Hash
}

// ReadHashes implements tlog.HashReader.
func (e edgeOf) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	var old []int64
	for _, id := range ids {
		if id < e.first {
			old = append(old, id)
		}
	}
	kept, err := e.stored.ReadHashes(old)
	if err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		if id < e.first {
			out[i], kept = kept[0], kept[1:]
			continue
		}
		if id-e.first >= int64(len(e.fresh)) {
			return nil, fmt.Errorf("hash %d is not there yet", id)
		}
		out[i] = e.fresh[id-e.first]
	}
	return out, nil
}

// stored reads hashes back from the database.
type stored struct{ db dbx.Builder }

// ReadHashes implements tlog.HashReader.
func (s stored) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	rows, err := sqlite.Direct(s.db).Query("SELECT id, h FROM ledger_hashes WHERE id IN "+sqlite.Marks(1, len(ids)), values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[int64]tlog.Hash{}
	for rows.Next() {
		var id int64
		var h sql.RawBytes
		if err := rows.Scan(&id, &h); err != nil {
			return nil, err
		}
		if len(h) == tlog.HashSize {
			found[id] = tlog.Hash(h)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([]tlog.Hash, len(ids))
	for i, id := range ids {
		h, ok := found[id]
		if !ok {
			return nil, fmt.Errorf("hash %d is missing", id)
		}
		out[i] = h
	}
	return out, nil
}
