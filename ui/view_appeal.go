package ui

// Appeal is an appeal against a result: the form, or what was written and what came of it. Posts text and file.
type Appeal struct {
	Form
	Case
	State      string
	Until      string // the last day
	Late       bool   // it is past
	Own        string // what was written; empty: not yet
	At         string
	Files      []File // what was sent with it
	Due        string // by when it is answered
	Outcome    string // upheld, changed or returned; empty: not yet
	Answer     string
	MaxMB      int
	MaxFiles   int
	MaxRunes   int
	NeedsAgree string // address of the consent for documents, where it is missing still
}
