package ledger

// Proofs of single entries: that one is in the tree whose root was looked at, and as it was when it was added.

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/tlog"
)

// Proof is what a reader of one entry can hold against the record: the hash of its leaf, whether the tree holds it, and the
// hashes that lead from the leaf to the root.
type Proof struct {
	Leaf string
	In   bool
	Path []string
}

// Proved proves entries by their numbers against the tree of so many entries (0: as it is now), and returns its size and root.
func Proved(db dbx.Builder, at int64, seqs []int64) (proofs map[int64]Proof, size int64, root string, err error) {
	proofs = map[int64]Proof{}
	if size = at; size == 0 {
		size, err = Size(db)
	}
	if err != nil || size == 0 {
		return proofs, size, "", err
	}
	hashes := stored{db}
	top, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return proofs, size, "", err
	}
	for _, seq := range seqs {
		data, err := Data(db, seq)
		if err != nil {
			return proofs, size, "", err
		}
		leaf := tlog.RecordHash(data)
		path, err := tlog.ProveRecord(size, seq-1, hashes)
		if err != nil {
			return proofs, size, "", fmt.Errorf("proof of ledger entry %d: %w", seq, err)
		}
		p := Proof{Leaf: leaf.String(), In: tlog.CheckRecord(path, size, top, seq-1, leaf) == nil, Path: []string{}}
		for _, h := range path {
			p.Path = append(p.Path, h.String())
		}
		proofs[seq] = p
	}
	return proofs, size, top.String(), nil
}

// Data is the canonical form of an entry, the bytes that are hashed.
func Data(db dbx.Builder, seq int64) (data []byte, err error) {
	if err = db.Select("data").From("ledger_entries").Where(dbx.HashExp{"seq": seq}).Row(&data); err != nil {
		err = fmt.Errorf("ledger entry %d: %w", seq, err)
	}
	return data, err
}
