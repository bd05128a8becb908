package ledger

// Verifying: everything is computed again from the entries, and each row of the desk is compared with the last digest
// that an entry named for it. Every difference is named; none stops the rest from being looked at.

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/tlog"
)

// Options says against what the log is verified.
type Options struct {
	// Public are the keys with which checkpoints may be signed: the present one, and earlier ones.
	Public []string
	// Witness are checkpoints that were kept elsewhere.
	Witness []string
	// Rows calls yield for every row of every table that the ledger names, with its digest as the row is now (DigestRow).
	// Nil: rows are not compared.
	Rows func(yield func(noun, id, digest string) error) error
}

const (
	maxFindings = 1000
	batch       = 2000
)

// Verify computes the whole log again. It reads only; give it a transaction, so that nothing changes meanwhile. The
// error is for what keeps it from looking; what it sees is in the report.
func Verify(db dbx.Builder, o Options) (Report, error) {
	v := &verifier{db: db, o: o, last: map[rowKey]*lastRow{}, marks: map[int64][]mark{}, kept: map[int64]bool{}}
	for _, step := range []func() error{v.checkpoints, v.witnesses, v.entries, v.leftover, v.index, v.rows} {
		if err := step(); err != nil {
			return v.report, err
		}
	}
	return v.report, nil
}

type verifier struct {
	db     dbx.Builder
	o      Options
	report Report
	tree   edge
	broken bool // leaves are missing: no root after them can be computed
	at     string
	marks  map[int64][]mark
	kept   map[int64]bool // sizes of which there is a checkpoint beside the log
	last   map[rowKey]*lastRow
}

// lines reads a batch of rows column by column.
func (v *verifier) lines(after int64) ([]line, error) {
	rows, err := v.db.NewQuery("SELECT seq, at, actor, role, act, noun, target, key, data, payload, salt FROM ledger_entries" +
		" WHERE seq > {:after} ORDER BY seq LIMIT {:n}").Bind(dbx.Params{"after": after, "n": batch}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	lines := make([]line, 0, batch)
	for rows.Next() {
		var l line
		if err := rows.Scan(&l.Seq, &l.At, &l.Actor, &l.Role, &l.Act, &l.Noun, &l.Target, &l.Key, &l.Data, &l.Payload, &l.Salt); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

func (v *verifier) entry(l line, r read, hashes shelf) {
	if l.Seq < 1 {
		v.find(Finding{Kind: BadEntry, Seq: l.Seq, Text: "an entry stands before the first one"})
		return
	}
	if next := v.report.Size + 1; l.Seq != next {
		v.find(Finding{Kind: Gap, Seq: next, Text: fmt.Sprintf("entries %d to %d are missing", next, l.Seq-1)})
		v.bridge(l.Seq, hashes)
	}
	v.report.Size = l.Seq
	v.leaf(l.Seq, r.hash, hashes)
	c := r.entry
	if r.err != nil {
		v.find(Finding{Kind: BadEntry, Seq: l.Seq, Text: "the entry cannot be read: " + r.err.Error()})
		return
	}
	if names := l.differs(c); names != "" {
		v.find(Finding{Kind: BadColumn, Seq: l.Seq, Text: "other than in the entry: " + names})
	}
	if c.At < v.at {
		v.warn(Finding{Kind: Backwards, Seq: l.Seq, Text: c.At + " comes after " + v.at})
	}
	v.at = c.At
	v.payload(l, c.Commit, r.commit)
	v.mention(l.Seq, c.Rows)
}

// bridge goes over missing entries by their stored leaves, so that what comes after can still be judged.
func (v *verifier) bridge(to int64, hashes shelf) {
	for !v.broken && v.tree.size < to-1 {
		h, ok := hashes.at(tlog.StoredHashIndex(0, v.tree.size))
		if !ok {
			v.broken = true
			v.find(Finding{Kind: BadHash, Seq: v.tree.size + 1, Text: "the hash of a missing entry is missing too: no hash after it can be checked"})
			return
		}
		v.leaf(v.tree.size+1, h, hashes)
	}
}

// leaf adds a leaf, compares every hash that it completes with the stored one, and the root with what was signed.
func (v *verifier) leaf(seq int64, computed tlog.Hash, hashes shelf) {
	if v.broken {
		return
	}
	first := tlog.StoredHashIndex(0, seq-1)
	leaf := computed
	if h, ok := hashes.at(first); ok && h != computed {
		v.find(Finding{Kind: BadEntry, Seq: seq, Text: "the entry is not the one that was hashed"})
		leaf = h // the tree is judged apart from its leaf
	}
	for i, h := range v.tree.add(leaf) {
		switch kept, ok := hashes.at(first + int64(i)); {
		case !ok:
			v.find(Finding{Kind: BadHash, Seq: seq, Text: fmt.Sprintf("hash %d is missing", first+int64(i))})
		case kept != h:
			v.find(Finding{Kind: BadHash, Seq: seq, Text: fmt.Sprintf("hash %d is not that of the entries below it", first+int64(i))})
		}
	}
	for _, m := range v.marks[seq] {
		v.compare(m)
	}
	delete(v.marks, seq)
}

func (v *verifier) compare(m mark) {
	switch root := v.tree.root(); {
	case root != m.root:
		v.find(Finding{Kind: m.kind, Seq: m.size, Text: fmt.Sprintf("the log up to entry %d is not the one that was signed", m.size)})
	case m.kind == BadWitness:
		v.report.Witnesses++
	default:
		v.report.Checkpoints++
	}
}

// payload compares the personal part with the entry's commitment, unless it was erased as a whole.
func (v *verifier) payload(l line, commit, computed string) {
	bad := func(text string) { v.find(Finding{Kind: BadPayload, Seq: l.Seq, Text: text}) }
	switch {
	case commit == "" && l.Payload == "" && l.Salt == "":
	case commit == "":
		bad("a personal part was added to an entry that had none")
	case l.Payload == "" && l.Salt == "":
		v.report.Erased++
	case l.Payload == "" || l.Salt == "":
		bad("the personal part was erased in part only")
	case computed != commit:
		bad("the personal part is not the one that was committed to")
	}
}

// leftover names what the log is too short for.
func (v *verifier) leftover() error {
	for _, size := range slices.Sorted(maps.Keys(v.marks)) {
		for _, m := range v.marks[size] {
			text := fmt.Sprintf("%d entries were signed, the log has %d: its end was cut off", size, v.report.Size)
			if size <= v.report.Size {
				text = fmt.Sprintf("the root at entry %d cannot be computed", size)
			}
			v.find(Finding{Kind: m.kind, Seq: size, Text: text})
		}
	}
	var count int64
	if err := v.db.NewQuery("SELECT count(*) FROM ledger_hashes").Row(&count); err != nil {
		return err
	}
	if want := tlog.StoredHashCount(min(v.report.Size, math.MaxInt64/4)); count > want {
		v.find(Finding{Kind: BadHash, Seq: v.report.Size, Text: fmt.Sprintf("there are hashes of %d more entries or nodes: the end of the log was cut off", count-want)})
	}
	if v.tree.size > 0 && !v.broken {
		v.report.Root = v.tree.root().String()
	}
	return nil
}
