package sdk

// Item is one line of the reviewer's checklist.
type Item struct {
	ID       string   `json:"id"`
	Text     Text     `json:"text"` // what has to be true
	Optional bool     `json:"optional,omitempty"`
	Ways     []Text   `json:"ways"`               // how it may be verified, the usual first
	Lookup   *Lookup  `json:"lookup,omitempty"`   // a register to look it up in
	Copy     string   `json:"copy,omitempty"`     // the question whose answer a button copies
	Slot     string   `json:"slot,omitempty"`     // the document to look at
	Question string   `json:"question,omitempty"` // the answer to look at
	Reasons  []string `json:"reasons,omitempty"`  // reasons that follow when it is not so
	When     *When    `json:"when,omitempty"`
}

// Lookup is a link to a public register.
type Lookup struct {
	Label Text   `json:"label"`
	URL   string `json:"url"` // https only
}

// Severity says whether a reason can be put right.
type Severity string

// The severities of a reason.
const (
	Fixable Severity = "fixable"
	Fatal   Severity = "fatal"
)

// Reason is one concrete reason for not passing, with its advice in plain words.
type Reason struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	Text     Text     `json:"text"`
	Advice   Text     `json:"advice"`
	After    int      `json:"afterDays"` // may re-apply after so many days; 0 at once, -1 never
}
