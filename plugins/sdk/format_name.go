package sdk

// Names of people as they are compared, searched and printed: one way of writing for each name, and every character
// that a name can really have.

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a name, in characters.
const (
	minName  = 2
	maxName  = 50
	maxLatin = 60
)

// NormalName returns a name in Chinese characters in its one normal form: without spaces, with · (U+00B7) for every dot
// that looks like it, with the unified character for each compatibility one. All of Unicode's Chinese characters are
// accepted, those beyond the basic plane and those that this program does not know yet among them.
//
// A FormatError says what does not fit: name_length, name_characters, name_dot, name_private (a character that only the
// writer's own computer can show).
func NormalName(s string) (string, error) {
	s = compose(strings.Map(nameRune, s))
	if strings.ContainsFunc(s, private) {
		return "", FormatError{"name_private"}
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r != '·' && !han(r) }) {
		return "", FormatError{"name_characters"}
	}
	if n := utf8.RuneCountInString(s); n < minName || n > maxName {
		return "", FormatError{"name_length"}
	}
	if strings.HasPrefix(s, "·") || strings.HasSuffix(s, "·") || strings.Contains(s, "··") {
		return "", FormatError{"name_dot"}
	}
	return s, nil
}

func nameRune(r rune) rune {
	if unseen(r) || unicode.IsSpace(r) {
		return -1
	}
	if strings.ContainsRune("·•・‧･∙⋅・．.", r) {
		return '·'
	}
	return r
}

// private says that a character has no meaning that computers share.
func private(r rune) bool { return unicode.Is(unicode.Co, r) || r == utf8.RuneError }

// han says that r is a Chinese character. The planes 2 and 3 are for nothing else, so that a character is accepted which
// is newer than this program's tables.
func han(r rune) bool {
	if r >= 0x20000 && r < 0x40000 {
		return r&0xFFFF < 0xFFFE
	}
	return unicode.Is(unicode.Han, r) && unicode.IsLetter(r) || r == '〇'
}

// NormalLatinName returns a name in Latin script, composed, with single spaces; its case is left as it was entered.
// Letters with accents, hyphen, apostrophe, full stop and comma are accepted.
//
// A FormatError says what does not fit: latin_length, latin_characters.
func NormalLatinName(s string) (string, error) {
	s = compose(strings.Join(strings.Fields(strings.Map(latinRune, s)), " "))
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Latin, r) && !strings.ContainsRune(" -'.,", r) }) {
		return "", FormatError{"latin_characters"}
	}
	if !strings.ContainsFunc(s, unicode.IsLetter) {
		return "", FormatError{"latin_characters"}
	}
	if n := utf8.RuneCountInString(s); n < minName || n > maxLatin {
		return "", FormatError{"latin_length"}
	}
	return s, nil
}

func latinRune(r rune) rune {
	switch {
	case unseen(r):
		return -1
	case strings.ContainsRune("’‘ʼ＇", r):
		return '\''
	case strings.ContainsRune("‐‑–−", r):
		return '-'
	}
	return narrow(r)
}

//go:embed compose.json
var composeJSON []byte

// composed tells the one character for a compatibility character, a radical, or a Latin letter followed by its mark. The
// data are Unicode's; a property test of the bundled types compares them with Unicode's own composition.
var composed = mustRead[map[string]string](composeJSON)

// compose is Unicode's form NFC as far as names need it: Chinese and Latin characters.
func compose(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if one, ok := composed[string(r)]; ok {
			r, _ = utf8.DecodeRuneInString(one)
		}
		if n := len(out); n > 0 && unicode.Is(unicode.Mn, r) {
			if both, ok := composed[string(out[n-1:])+string(r)]; ok {
				out[n-1], _ = utf8.DecodeRuneInString(both)
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}
