package ui

// What the pages of conduct show.

// Complain is the form of a complaint about a colleague. Posts kind, toward (reviewer, manager, unknown), name, case, text, contact.
type Complain struct {
	Form
	Ref     string // of the case that it is about
	Contact string // the contact of the account, where one is signed in
	Most    int    // characters of text
	Towards []Option
	Kinds   []Option
}

// Complained follows a complaint.
type Complained struct{ Ref string }

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
