package ledger

// Adding an entry, in the transaction of the act that it tells of.

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/certdesk/certdesk/internal/fault"
)

// Append adds an entry in the caller's transaction and returns its number. An actor's key that was used before is an
// error; ask Find first.
func Append(db dbx.Builder, e Entry) (int64, error) {
	size, err := Size(db)
	if err != nil {
		return 0, err
	}
	e.Seq = size + 1
	var salt [32]byte
	rand.Read(salt[:])
	l, err := newLine(e, base64.RawURLEncoding.EncodeToString(salt[:]))
	if err != nil {
		return 0, err
	}
	if err := fault.At("ledger.entry"); err != nil {
		return 0, err
	}
	_, err = db.NewQuery("INSERT INTO ledger_entries (seq, at, actor, role, act, noun, target, key, data, payload, salt)" +
		" VALUES ({:seq}, {:at}, {:actor}, {:role}, {:act}, {:noun}, {:target}, {:key}, {:data}, {:payload}, {:salt})").
		Bind(dbx.Params{"seq": l.Seq, "at": l.At, "actor": l.Actor, "role": l.Role, "act": l.Act, "noun": l.Noun, "target": l.Target,
			"key": l.Key, "data": l.Data, "payload": l.Payload, "salt": l.Salt}).Execute()
	if err != nil {
		return 0, fmt.Errorf("ledger entry %d: %w", l.Seq, err)
	}
	if err := grow(db, l); err != nil {
		return 0, fmt.Errorf("hashes of ledger entry %d: %w", l.Seq, err)
	}
	return l.Seq, name(db, l.Seq, e.Rows)
}

// Size is the number of entries, which is also the number of the last one.
func Size(db dbx.Builder) (n int64, err error) {
	err = db.NewQuery("SELECT coalesce(max(seq), 0) FROM ledger_entries").Row(&n)
	return n, err
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

// grow adds the hashes that the new leaf completes.
func grow(db dbx.Builder, l line) error {
	leaf := l.Seq - 1
	hashes, err := tlog.StoredHashes(leaf, l.Data, stored{db})
	if err != nil {
		return err
	}
	first := tlog.StoredHashIndex(0, leaf)
	values, params := make([]string, len(hashes)), dbx.Params{}
	for i, h := range hashes {
		n := strconv.Itoa(i)
		values[i] = "({:i" + n + "}, {:h" + n + "})"
		params["i"+n], params["h"+n] = first+int64(i), h[:]
	}
	if err := fault.At("ledger.hashes"); err != nil {
		return err
	}
	_, err = db.NewQuery("INSERT INTO ledger_hashes (id, h) VALUES " + strings.Join(values, ", ")).Bind(params).Execute()
	return err
}

// name notes the last digest of each row. A few hundred rows go into one statement.
func name(db dbx.Builder, seq int64, rows []Row) error {
	const atOnce = 200
	for len(rows) > 0 {
		some := rows[:min(atOnce, len(rows))]
		rows = rows[len(some):]
		values, params := make([]string, len(some)), dbx.Params{"seq": seq}
		for i, r := range some {
			n := strconv.Itoa(i)
			values[i] = "({:n" + n + "}, {:i" + n + "}, {:d" + n + "}, {:seq}, {:g" + n + "})"
			params["n"+n], params["i"+n], params["d"+n], params["g"+n] = r.Noun, r.ID, r.Digest, r.Gone
		}
		if err := fault.At("ledger.rows"); err != nil {
			return err
		}
		_, err := db.NewQuery("INSERT INTO ledger_rows (noun, id, digest, seq, gone) VALUES " + strings.Join(values, ", ") +
			" ON CONFLICT (noun, id) DO UPDATE SET digest = excluded.digest, seq = excluded.seq, gone = excluded.gone").Bind(params).Execute()
		if err != nil {
			return fmt.Errorf("rows of ledger entry %d: %w", seq, err)
		}
	}
	return nil
}

// stored reads hashes back from the database.
type stored struct{ db dbx.Builder }

// ReadHashes implements tlog.HashReader.
func (s stored) ReadHashes(ids []int64) ([]tlog.Hash, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.FormatInt(id, 10)
	}
	var rows []struct {
		ID int64  `db:"id"`
		H  []byte `db:"h"`
	}
	if err := s.db.NewQuery("SELECT id, h FROM ledger_hashes WHERE id IN (" + strings.Join(list, ", ") + ")").All(&rows); err != nil {
		return nil, err
	}
	found := map[int64]tlog.Hash{}
	for _, r := range rows {
		if len(r.H) == tlog.HashSize {
			found[r.ID] = tlog.Hash(r.H)
		}
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
