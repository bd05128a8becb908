package records

// Gift is something that was offered to a colleague, as they registered it. Nobody changes it; more is added as a row of its own.
type Gift struct {
	Head
	By          string `db:"by"`
	Kind        string `db:"kind"`  // of flow.GiftKinds
	What        string `db:"what"`  // sealed
	Giver       string `db:"giver"` // sealed
	Day         string `db:"day"`
	How         string `db:"how"`         // of flow.GiftWays: what was done about it
	Application string `db:"application"` // the case that it had to do with, if any
	Adds        string `db:"adds"`        // the gift to which this is an addition
}

// Table names the table.
func (*Gift) Table() string { return "gifts" }
