package ui

// Result is a case with its result: passed, or not passed with reasons.
type Result struct {
	Case
	Name        string // of the holder
	Own         bool   // the reader is the holder
	At          string
	Message     string // the type's own sentence
	Reasons     []Reason
	Extra       string // what the reviewer added
	Again       string // from which day; empty: at once
	Never       bool
	Start       string // where to apply again
	Letter      string // address of the letter
	History     []Event
	Certificate Certificate // passed: what was issued; empty Number: a re-check that found all well
	NextCheck   string      // the next re-check
	Appeal      string      // address of the appeal, or of its form
	AppealUntil string      // the last day for it; empty: it was made
	Hearing     string      // address of what was heard before the result was upheld
	Notices     []string    // days on which the holder is told before it ends
}

// Reason is one reason with its advice.
type Reason struct {
	Text   string
	Advice string
	Fatal  bool
}

// Letter is the letter of a result, for reading and printing.
type Letter struct {
	Case
	Desk       string
	Date       string
	Subject    string
	Paragraphs []string
	Back       string
}
