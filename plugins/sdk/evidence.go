package sdk

import "slices"

// Slot is one piece of evidence that a type asks for.
type Slot struct {
	ID         string   `json:"id"`
	Name       Text     `json:"name"` // "身份证 人像面"
	Hint       Text     `json:"hint"` // how to photograph it
	Optional   bool     `json:"optional,omitempty"`
	OneOf      string   `json:"oneOf,omitempty"`      // slots of one such group: any one of them is enough
	DayCode    bool     `json:"dayCode,omitempty"`    // the picture must show the code of the day that the page names
	Attestable bool     `json:"attestable,omitempty"` // may be replaced by a staff member's attestation of presence
	Expires    string   `json:"expires,omitempty"`    // the valid_until question that says how long this evidence holds
	Anew       bool     `json:"anew,omitempty"`       // to be sent anew at each renewal: what it shows grows old
	Files      int      `json:"files,omitempty"`      // at most this many files; 1 if 0
	Accept     []string `json:"accept,omitempty"`     // of "image/jpeg", "image/png", "application/pdf"; all if empty
	Form       *Form    `json:"form,omitempty"`       // a blank form to download, fill in, sign and photograph
	When       *When    `json:"when,omitempty"`
}

// Takes reports whether a document of this media type may stand in the slot.
func (s Slot) Takes(media string) bool { return len(s.Accept) == 0 || slices.Contains(s.Accept, media) }

// Form is a blank form that the desk prints: a heading, running text, and lines to fill in.
type Form struct {
	Title Text   `json:"title"`
	Body  []Text `json:"body"`  // paragraphs
	Lines []Text `json:"lines"` // labels of lines to fill in by hand
}

// Fact is what the desk tells a type about one stored document; the document itself never leaves the desk.
type Fact struct {
	Slot   string `json:"slot"`
	Media  string `json:"media"`
	Pages  int    `json:"pages"`
	Width  int    `json:"width"`  // pixels of the first page
	Height int    `json:"height"` // pixels of the first page
	Bytes  int64  `json:"bytes"`
	Blur   int    `json:"blur"` // sharpness of the first page, variance of the Laplacian at 512 px; below 60 looks blurred
}
