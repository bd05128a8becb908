package records

// Month is a month that is over, by its name 2026-11: its figures, and the summary that the managers got. It can be made
// again from the cases and the record, so the ledger does not name it.
type Month struct {
	Head
	Figures string `db:"figures"` // JSON of flow.Figures, by type and reviewer
	Summary string `db:"summary"` // JSON of the summary
	Told    string `db:"told"`    // when the managers got it
}

// Table names the table.
func (*Month) Table() string { return "months" }
