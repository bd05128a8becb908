package ui

// Hearing is what a holder may say before an approval is reversed: why it may have been wrong, the form, or what was said and what
// came of it. Posts text and file.
type Hearing struct {
	Form
	Case
	Number     string // of the certificate
	Why        string // what was found
	Until      string // the last day for an answer
	Open       bool   // it can be answered
	Own        string // what was written; empty: nothing
	At         string
	Files      []File // what was sent with it
	Due        string // by when it is decided
	Outcome    string // upheld or reversed; empty: not yet
	Decision   string // why
	Again      string // where to apply again
	MaxMB      int
	MaxFiles   int
	MaxRunes   int
	NeedsAgree string // address of the consent for documents, where it is missing still
}
