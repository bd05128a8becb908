// Words as they may stand in a message: what people entered must not break a line, turn into a link, hide or turn round
// text; dates are written as one says them.

package notify

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Words fill the blanks of a notice. Dates are given as 2026-11-23 and written out in the language of the message.
type Words = map[string]string

// common are the words that every text may use, and that come from the desk's settings.
var common = []string{"desk", "hotline", "hours", "url"}

const longestInSMS = 40

// spoken returns the words as they stand in a message of this notice.
func (n Notice) spoken(lang, channel string, words Words) Words {
	out := Words{"hotline": "", "hours": "", "url": ""}
	for name, value := range words {
		switch {
		case name == "url":
			out[name] = oneLine(value)
		case n.free[name]:
			out[name] = manyLines(value)
		default:
			value = noLink(oneLine(sayDay(lang, value)))
			if channel == ChannelSMS {
				value = shorten(value)
			}
			out[name] = value
		}
	}
	return out
}

// sayDay writes a civil date out; anything else stays as it is.
func sayDay(lang, s string) string {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	if lang == "zh-Hans" {
		return d.Format("2006年1月2日")
	}
	return d.Format("2 January 2006")
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(s, ""))), " ")
}

func manyLines(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return visible(r)
	}, s))
}

// visible drops what cannot be seen but changes what is seen: marks of direction, characters without width, the byte order
// mark. Control characters become spaces. Joiners stay: some scripts need them.
func visible(r rune) rune {
	switch {
	case r == 0x200C || r == 0x200D:
		return r
	case unicode.IsControl(r) || r == 0x2028 || r == 0x2029:
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

var (
	scheme = regexp.MustCompile(`:/+|//+`)
	dot    = regexp.MustCompile(`\.(\S|$)`)
)

// noLink takes from a line what phones and mail programs make links of: a dot stays a dot only before a space.
func noLink(s string) string {
	s = oneLine(scheme.ReplaceAllString(s, " "))
	for dot.MatchString(s) { // neighbours share a character: a..b
		s = dot.ReplaceAllString(s, "．$1")
	}
	return s
}

func shorten(s string) string {
	if r := []rune(s); len(r) > longestInSMS {
		return string(r[:longestInSMS-1]) + "…"
	}
	return s
}
