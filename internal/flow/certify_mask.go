package flow

import (
	"strings"
	"unicode"
)

// MaskName hides the middle of a name: 王秀英 becomes 王*英, 王敏 becomes 王*. Names written with spaces are masked word
// by word, each to its first letter. It tells whoever knows the name that it is the one, and nobody else what it is.
func MaskName(name string) string {
	words := strings.Fields(name)
	if len(words) > 1 {
		for i, w := range words {
			words[i] = maskWord(lettersOf(w), false)
		}
		return strings.Join(words, " ")
	}
	return maskWord(lettersOf(name), true)
}

func maskWord(l []string, showLast bool) string {
	switch n := len(l); {
	case n == 0:
		return ""
	case n == 1:
		return "*"
	case n == 2 || !showLast:
		return l[0] + strings.Repeat("*", min(n-1, 3))
	default:
		return l[0] + strings.Repeat("*", min(n-2, 3)) + l[n-1]
	}
}

// lettersOf splits a name into what is seen as one letter each: marks and variation selectors stay with what they mark.
func lettersOf(s string) []string {
	var all []string
	for _, r := range strings.TrimSpace(s) {
		if len(all) > 0 && unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			all[len(all)-1] += string(r)
			continue
		}
		all = append(all, string(r))
	}
	return all
}

// MaskPhone hides the middle of a phone number: +8613812345678 becomes 138****5678. Of a short one only the end is left.
func MaskPhone(phone string) string {
	n := strings.TrimPrefix(strings.TrimSpace(phone), "+86")
	switch {
	case len(n) >= 11:
		return n[:3] + "****" + n[len(n)-4:]
	case len(n) >= 5:
		return "****" + n[len(n)-2:]
	case n == "":
		return ""
	}
	return "****"
}
