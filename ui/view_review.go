package ui

// What the pages of review show an applicant: what has to be put right, item by item, and nothing else.

// Correction is what is asked of an applicant. The form sends the whole answer; it posts nothing of its own.
type Correction struct {
	Form
	Case
	Items  []CorrectionItem
	Due    string // the last day
	Left   int    // items without an answer
	Begun  bool   // something was answered already
	Next   string // address of the first item without an answer, or of the page that sends it
	Lapsed bool   // the last day is over: what is written is kept, and not taken
	Sent   bool   // it was sent after the last day
	Until  string // lapsed: the case can be taken up again until then
	Again  string // lapsed: type to apply for again
}

// CorrectionItem is one item.
type CorrectionItem struct {
	Remark
	Name   string
	Kind   string // question, slot or free
	Href   string
	Done   bool
	Value  string // the answer so far
	Files  []File // the new pictures
	Opened bool   // brought up by another answer
}

// Remark says why something is asked for again, and how to put it right.
type Remark struct {
	From   string // correction, or last: from an earlier application
	Why    string
	How    string
	Before string // what was answered
	Old    []File // what was sent
}
