package ledger

// Proofs of single entries: that one is in the tree whose root was looked at, and as it was when it was added.

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/tlog"
)

// Proof is what a reader of one entry can hold against the record: the hash of its leaf, and whether the tree holds it.
type Proof struct {
	Leaf string `json:"leaf"`
	In   bool   `json:"in"`
}

// Proved proves entries by their numbers against the tree as it is now, and returns its size and root.
func Proved(db dbx.Builder, seqs []int64) (proofs map[int64]Proof, size int64, root string, err error) {
	proofs = map[int64]Proof{}
	if size, err = Size(db); err != nil || size == 0 {
		return proofs, size, "", err
	}
	hashes := stored{db}
	top, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return proofs, size, "", err
	}
	for _, seq := range seqs {
		var data []byte
		if err := db.Select("data").From("ledger_entries").Where(dbx.HashExp{"seq": seq}).Row(&data); err != nil {
			return proofs, size, "", fmt.Errorf("ledger entry %d: %w", seq, err)
		}
		leaf := tlog.RecordHash(data)
		path, err := tlog.ProveRecord(size, seq-1, hashes)
		if err != nil {
			return proofs, size, "", fmt.Errorf("proof of ledger entry %d: %w", seq, err)
		}
		proofs[seq] = Proof{leaf.String(), tlog.CheckRecord(path, size, top, seq-1, leaf) == nil}
	}
	return proofs, size, top.String(), nil
}
