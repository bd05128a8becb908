package ledger

import "golang.org/x/mod/sumdb/tlog"

// edge is the right edge of a tree: the roots of the complete subtrees that make it up, the largest first. It is all
// that is needed to go on adding leaves, however long the log.
type edge struct {
	size  int64
	roots []tlog.Hash
	done  []tlog.Hash // what the last leaf completed
}

// add adds a leaf and returns the hashes that it completes, from the leaf upwards: the order in which they are stored.
// They are good until the next leaf.
func (e *edge) add(leaf tlog.Hash) []tlog.Hash {
	done := append(e.done[:0], leaf)
	for n := e.size; n&1 == 1; n >>= 1 {
		end := len(e.roots) - 1
		leaf = tlog.NodeHash(e.roots[end], leaf)
		e.roots, done = e.roots[:end], append(done, leaf)
	}
	e.roots, e.done = append(e.roots, leaf), done
	e.size++
	return done
}

// root is the root of the tree as it is.
func (e *edge) root() tlog.Hash {
	if len(e.roots) == 0 {
		return tlog.Hash{}
	}
	end := len(e.roots) - 1
	h := e.roots[end]
	for i := end - 1; i >= 0; i-- {
		h = tlog.NodeHash(e.roots[i], h)
	}
	return h
}
