package ledger

// Comparing the desk's rows with the log: for each row the last digest counts.

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
)

// rowKey stands for table and ID, so that a long log fits into memory.
type rowKey [16]byte

func keyOf(noun, id string) rowKey {
	sum := sha256.Sum256(netstring(netstring(nil, noun), id))
	return rowKey(sum[:16])
}

// lastRow is what the last entry about a row said.
type lastRow struct {
	digest  [16]byte
	seq     int64
	gone    bool
	seen    bool // met among the rows
	indexed bool // met in ledger_rows
}

func short(digest string) [16]byte {
	sum := sha256.Sum256([]byte(digest))
	return [16]byte(sum[:16])
}

func (v *verifier) mention(seq int64, rows []Row) {
	for _, r := range rows {
		v.last[keyOf(r.Noun, r.ID)] = &lastRow{digest: short(r.Digest), seq: seq, gone: r.Gone}
	}
}

// index compares ledger_rows, which is kept for speed only, with what the entries say.
func (v *verifier) index() error {
	met := 0
	for noun, id := "", ""; ; {
		var rows []struct {
			Noun   string `db:"noun"`
			ID     string `db:"id"`
			Digest string `db:"digest"`
			Seq    int64  `db:"seq"`
			Gone   int64  `db:"gone"`
		}
		err := v.db.NewQuery("SELECT noun, id, digest, seq, gone FROM ledger_rows WHERE (noun, id) > ({:noun}, {:id}) ORDER BY noun, id LIMIT {:n}").
			Bind(dbx.Params{"noun": noun, "id": id, "n": batch}).All(&rows)
		if err != nil {
			return err
		}
		for _, r := range rows {
			l := v.last[keyOf(r.Noun, r.ID)]
			if l == nil || l.digest != short(r.Digest) || l.seq != r.Seq || l.gone != (r.Gone == 1) || r.Gone > 1 || r.Gone < 0 {
				v.find(Finding{Kind: BadIndex, Seq: r.Seq, Noun: r.Noun, ID: r.ID, Text: "the list of last digests says something else than the entries"})
			}
			if l != nil {
				l.indexed = true
				met++
			}
			noun, id = r.Noun, r.ID
		}
		if len(rows) == 0 {
			break
		}
	}
	if met == len(v.last) {
		return nil
	}
	return v.each(func(l *lastRow) bool { return !l.indexed }, func(r Row, seq int64) {
		v.find(Finding{Kind: BadIndex, Seq: seq, Noun: r.Noun, ID: r.ID, Text: "the list of last digests leaves this row out"})
	})
}

// rows compares every row there is with its last digest, and names those that are not there.
func (v *verifier) rows() error {
	if v.o.Rows == nil {
		return nil
	}
	err := v.o.Rows(func(noun, id, digest string) error {
		v.report.Rows++
		l := v.last[keyOf(noun, id)]
		switch {
		case l == nil:
			v.find(Finding{Kind: RowAdded, Noun: noun, ID: id, Text: "the row is there, but no entry tells of it"})
			return nil
		case l.gone:
			v.find(Finding{Kind: RowAdded, Seq: l.seq, Noun: noun, ID: id, Text: fmt.Sprintf("the row is there, but entry %d deleted it", l.seq)})
		case l.digest != short(digest):
			v.find(Finding{Kind: RowChanged, Seq: l.seq, Noun: noun, ID: id, Text: fmt.Sprintf("the row is not as entry %d left it", l.seq)})
		}
		l.seen = true
		return nil
	})
	if err != nil {
		return err
	}
	return v.each(func(l *lastRow) bool { return !l.seen && !l.gone }, func(r Row, seq int64) {
		v.find(Finding{Kind: RowMissing, Seq: seq, Noun: r.Noun, ID: r.ID, Text: fmt.Sprintf("the row is gone; entry %d left it there", seq)})
	})
}

// each calls do for the last mention of every row for which want holds; the names are read from the entries again.
func (v *verifier) each(want func(*lastRow) bool, do func(Row, int64)) error {
	bySeq := map[int64][]rowKey{}
	for key, l := range v.last {
		if want(l) {
			bySeq[l.seq] = append(bySeq[l.seq], key)
		}
	}
	for _, seq := range slices.Sorted(maps.Keys(bySeq)) {
		keys := bySeq[seq]
		if len(v.report.Findings) >= maxFindings {
			v.report.More += len(keys)
			continue
		}
		e, _, err := Get(v.db, seq)
		if err != nil {
			return fmt.Errorf("read entry %d again: %w", seq, err)
		}
		for _, r := range e.Rows {
			if i := slices.Index(keys, keyOf(r.Noun, r.ID)); i >= 0 {
				keys = slices.Delete(keys, i, i+1)
				do(r, seq)
			}
		}
	}
	return nil
}
