package sdk

import (
	"slices"
	"strings"
)

// Kind is the kind of a question: a closed list, so that every desk can draw, check and read back every form.
type Kind string

// The kinds of question. The desk checks the format of each itself, in package check.
const (
	KindText       Kind = "text"        // one line, at most Max characters (200 if 0)
	KindLong       Kind = "long"        // several lines, at most Max characters (2000 if 0)
	KindName       Kind = "name"        // a name in Chinese characters, rare ones and · included
	KindLatinName  Kind = "latin_name"  // a name in Latin script, as in a passport
	KindResidentID Kind = "resident_id" // GB 11643; birth date and sex are derived from it, never asked
	KindCreditCode Kind = "credit_code" // GB 32100 unified social credit code
	KindPhone      Kind = "phone"
	KindEmail      Kind = "email"
	KindDate       Kind = "date"        // a day
	KindValidUntil Kind = "valid_until" // a day that must not have passed, or "long" for a document valid without end
	KindChoice     Kind = "choice"      // one of Options
	KindChoices    Kind = "choices"     // any of Options
	KindYesNo      Kind = "yes_no"      // "yes" or "no"
	KindNumber     Kind = "number"      // a whole number between Min and Max
)

// Page is one page of the form. One question a page, except where several belong together as in an address.
type Page struct {
	ID        string     `json:"id"`
	Title     Text       `json:"title"` // may be empty where the page has one question: its label is the heading
	Questions []Question `json:"questions"`
	When      *When      `json:"when,omitempty"` // shown only then
}

// Question is one thing asked.
type Question struct {
	ID       string   `json:"id"` // lower case letters, digits, _; unique in the form
	Kind     Kind     `json:"kind"`
	Label    Text     `json:"label"` // the question in plain words
	Short    Text     `json:"short"` // its name in a summary: "身份证号码"
	Hint     Text     `json:"hint"`
	Optional bool     `json:"optional,omitempty"`
	Options  []Option `json:"options,omitempty"`
	Min      int      `json:"min,omitempty"`
	Max      int      `json:"max,omitempty"`
}

// Option is one answer of a choice.
type Option struct {
	Value string `json:"value"`
	Label Text   `json:"label"`
}

// When is a condition on another answer.
type When struct {
	Question string `json:"question"`
	Is       string `json:"is"`
}

// Answers are what was answered, by question ID, in the normal form that package check returns.
// Several choices are joined by "\n"; a question that was not answered has no entry.
type Answers map[string]string

// Shown says whether a condition holds; of several choices one is enough.
func (w *When) Shown(a Answers) bool {
	return w == nil || slices.Contains(strings.Split(a[w.Question], "\n"), w.Is)
}
