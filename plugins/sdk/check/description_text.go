package check

// Texts of a description: there in both languages, short enough for where they are shown, and nothing hidden in them.

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// How long a text may be, in characters.
const (
	maxTitle     = 80
	maxLabel     = 160
	maxSentence  = 240
	maxAdvice    = 600
	maxParagraph = 1200
	maxLetter    = 2000
)

// text looks at a text that has to be there, in one line.
func (d *description) text(where string, t sdk.Text, most int) {
	d.language(where+" (zh-Hans)", t.ZhHans, true, false, most)
	d.language(where+" (en)", t.En, true, false, most)
}

// maybe looks at a text of one line that may be missing, but then in both languages.
func (d *description) maybe(where string, t sdk.Text, most int) {
	d.paired(where, t, false, most)
}

// lines looks at a text of several lines that may be missing, but then in both languages.
func (d *description) lines(where string, t sdk.Text, most int) {
	d.paired(where, t, true, most)
}

func (d *description) paired(where string, t sdk.Text, several bool, most int) {
	need := t != sdk.Text{}
	d.language(where+" (zh-Hans)", t.ZhHans, need, several, most)
	d.language(where+" (en)", t.En, need, several, most)
}

func (d *description) language(where, s string, need, several bool, most int) {
	switch {
	case s == "" && need:
		d.note(where, "the text is missing")
	case utf8.RuneCountInString(s) > most:
		d.note(where, "the text has more than %d characters", most)
	case strings.TrimSpace(s) != s:
		d.note(where, "the text has spaces at its ends")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return hidden(r) && !(several && r == '\n') }):
		d.note(where, "the text has characters that are not seen, or turn the direction of writing")
	}
}

// hidden says that a character controls something, is not seen, or shows differently on other computers.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || r == utf8.RuneError
}
