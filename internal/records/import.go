package records

// Import is a register of before that was taken over, as a whole.
type Import struct {
	Head
	Mark string `db:"mark"` // keyed digest of the file: the same one is not taken over twice
	File string `db:"file"` // sealed: what it was called
	Rows int64  `db:"rows"`
	By   string `db:"by"`
	Type string `db:"type"` // of all lines, where it was said once
}

// Table names the table.
func (*Import) Table() string { return "imports" }
