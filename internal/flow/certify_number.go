package flow

import (
	"encoding/base32"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// What a certificate is called: a number that people read aloud, and a code that nobody can guess.

// The prefixes of the numbers.
const (
	PrefixApplication = "R" // R-2026-004217
	PrefixCertificate = "C" // C-2026-003108
)

// Number returns the n-th number of a year: C-2026-003108. The millionth has seven digits.
func Number(prefix string, year int, n int64) string {
	return fmt.Sprintf("%s-%04d-%06d", prefix, year, n)
}

var numberForm = regexp.MustCompile(`^([A-Z])-?([0-9]{4})-?([0-9]{6,15})$`)

// ParseNumber reads a number as people type it: in small letters, full width, with spaces or another dash, or with none.
// Refused with not_a_number.
func ParseNumber(s string) (prefix string, year int, n int64, err error) {
	m := numberForm.FindStringSubmatch(typed(s))
	if m == nil {
		return "", 0, 0, Refuse("not_a_number")
	}
	year, _ = strconv.Atoi(m[2])
	n, _ = strconv.ParseInt(m[3], 10, 64)
	if n == 0 || len(m[3]) > 6 && m[3][0] == '0' {
		return "", 0, 0, Refuse("not_a_number")
	}
	return m[1], year, n, nil
}

// Expires returns the last day on which something holds that holds for so many months from a day on: a year from
// 2026-11-23 is 2027-11-22. A month that is too short ends it on its last day.
func Expires(from Day, months int) Day {
	to := from.AddMonths(months)
	if to != "" && to[8:] < from[8:] {
		return to
	}
	return to.AddDays(-1)
}

// Digits and capital letters without I, L, O and U: none is taken for another, and no words come about.
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeLength = 26 // 128 bits, 5 a letter

var codeForm = base32.NewEncoding(codeLetters).WithPadding(base32.NoPadding)

// NewCode returns a verification code of 128 bits from rand. It panics where rand fails: a code without chance is none.
func NewCode(rand io.Reader) string {
	var b [16]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		panic("flow: no random bits for a code: " + err.Error())
	}
	return codeForm.EncodeToString(b[:])
}

// ParseCode returns a verification code in its one form from what people type or a QR reader gives: small letters,
// spaces, dashes, full width, I or L for 1 and O for 0 do no harm. False if it cannot be one.
func ParseCode(s string) (string, bool) {
	s = strings.NewReplacer("-", "", "I", "1", "L", "1", "O", "0").Replace(typed(s))
	if len(s) != codeLength {
		return "", false
	}
	b, err := codeForm.DecodeString(s)
	if err != nil || codeForm.EncodeToString(b) != s {
		return "", false
	}
	return s, true
}

// typed brings what was typed into capital ASCII without spaces, with one kind of dash.
func typed(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // full width
			r -= '！' - '!'
		case strings.ContainsRune("‐‑‒–—―−－ー", r):
			r = '-'
		case strings.ContainsRune(" \t\r\n\u00a0\u2002\u2003\u2009\u200b\u3000\ufeff", r):
			return -1
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, s)
}
