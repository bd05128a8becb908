package ui

// Messages is the correspondence of an application, with a form to answer. Posts text and file, several of it.
type Messages struct {
	Form
	Case
	State      string
	Closed     bool // a result is there, or the case came to its end: what is written is kept and read all the same
	Entries    []Said
	Read       string // address that "I have read it" is posted to; empty: nothing is unread
	MaxMB      int
	MaxFiles   int
	MaxRunes   int
	NeedsAgree string // address of the consent for documents, where it is missing still
}

// Said is one entry of a correspondence.
type Said struct {
	By    string // you, other (somebody else who acts for the holder) or desk
	At    string
	Text  string
	Call  string // of a call: what came of it (reached, no_answer, left_word, wrong_number); empty: a message
	New   bool   // unread by who looks
	Read  string // when the other side read it
	Files []File
}
