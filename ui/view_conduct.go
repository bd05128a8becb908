package ui

// What the pages of conduct show.

// Sanctions is what stands, or stood, against a holder.
type Sanctions struct {
	Holder string // empty: the person themselves
	List   []Sanction
}

// Sanction is one of them, as the holder reads it.
type Sanction struct {
	Kind   string // wait or block
	Days   int    // wait: so many days longer
	Until  string // the last day
	Since  string
	State  string // active, over or lifted
	Lifted string // when
	Reason string // empty: erased
}
