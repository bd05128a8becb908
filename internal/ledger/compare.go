package ledger

import (
	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/tlog"
)

// Verdict is what became of a checkpoint that was kept elsewhere.
type Verdict string

// The verdicts. Each but Holds means that something is wrong with the checkpoint, or with the record.
const (
	Holds     Verdict = "holds"      // the record still begins with what was signed
	NotSigned Verdict = "not_signed" // not a checkpoint, incomplete, or not signed by this desk
	CutOff    Verdict = "cut_off"    // it tells of more entries than the record has
	Differs   Verdict = "differs"    // the entries that it tells of are not the same any more
)

// Compared is the answer to a pasted checkpoint.
type Compared struct {
	Verdict Verdict `json:"verdict"`
	Size    int64   `json:"size"` // entries that it tells of
	Made    string  `json:"made"`
	Now     int64   `json:"now"` // entries that the record has
}

// Compare holds a checkpoint from elsewhere against the record, by the public keys alone. It reads the stored hashes; that those
// belong to the entries is what Verify computes.
func Compare(db dbx.Builder, text string, public []string) (c Compared, err error) {
	if c.Now, err = Size(db); err != nil {
		return c, err
	}
	m, err := readMark(text, BadWitness, public)
	if err != nil {
		c.Verdict = NotSigned
		return c, nil
	}
	c.Size, c.Made = m.size, m.made
	if m.size > c.Now {
		c.Verdict = CutOff
		return c, nil
	}
	root, err := tlog.TreeHash(m.size, stored{db})
	if err != nil {
		return c, err
	}
	if c.Verdict = Holds; root != m.root {
		c.Verdict = Differs
	}
	return c, nil
}
