package ledger

// What verifying finds, in words for people and kinds for machines.

// Kind says what a finding is about.
type Kind string

// What Verify can find.
const (
	BadEntry      Kind = "entry"      // an entry was changed
	BadColumn     Kind = "column"     // a column says something else than the entry
	Gap           Kind = "gap"        // entries are missing
	BadHash       Kind = "hash"       // a hash of the tree was changed, or is missing, or too many
	BadCheckpoint Kind = "checkpoint" // a kept checkpoint is not ours, or the log is not the one that was signed
	BadWitness    Kind = "witness"    // the same for one that was kept elsewhere
	BadPayload    Kind = "payload"    // a personal part is not the one that was committed to
	RowChanged    Kind = "changed"    // a row is not as the last entry about it left it
	RowMissing    Kind = "missing"    // a row is gone without an entry
	RowAdded      Kind = "added"      // a row is there without an entry
	BadIndex      Kind = "index"      // the list of last digests was changed
	Backwards     Kind = "backwards"  // a warning: the clock ran backwards
	Unsigned      Kind = "unsigned"   // a warning: checkpoints were not looked at, for want of a public key
)

// Finding is one difference.
type Finding struct {
	Kind Kind   `json:"kind"`
	Seq  int64  `json:"seq,omitempty"`  // the entry
	Noun string `json:"noun,omitempty"` // the row: its table
	ID   string `json:"id,omitempty"`   // and its ID
	Text string `json:"text"`
}

// Report is what Verify found.
type Report struct {
	Size        int64     `json:"size"`        // entries
	Root        string    `json:"root"`        // of the tree over all of them
	Erased      int64     `json:"erased"`      // entries whose personal part was erased
	Checkpoints int       `json:"checkpoints"` // kept ones that hold
	Witnesses   int       `json:"witnesses"`   // ones from elsewhere that hold
	Rows        int64     `json:"rows"`        // rows compared
	Findings    []Finding `json:"findings"`    // the first thousand
	More        int       `json:"more,omitempty"`
	Warnings    []Finding `json:"warnings,omitempty"`
}

// OK reports whether nothing was found.
func (r Report) OK() bool { return len(r.Findings) == 0 }

func (v *verifier) find(f Finding) {
	if len(v.report.Findings) < maxFindings {
		v.report.Findings = append(v.report.Findings, f)
	} else {
		v.report.More++
	}
}

func (v *verifier) warn(f Finding) {
	if len(v.report.Warnings) < maxFindings {
		v.report.Warnings = append(v.report.Warnings, f)
	}
}
