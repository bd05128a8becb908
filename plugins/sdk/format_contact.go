package sdk

// Phone numbers and mail addresses in the one form in which they are kept, compared and handed to a driver. What is
// accepted here goes into mail headers and to providers, so that the grammar is narrow.

import (
	"regexp"
	"strings"
)

var (
	mobile   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landline = regexp.MustCompile(`^(10\d{8}|2[0-57-9]\d{8}|[3-9]\d{2}\d{7,8})$`) // area code without 0, number
	abroad   = regexp.MustCompile(`^[1-9]\d{7,14}$`)
	digits   = regexp.MustCompile(`^\+?\d+$`)
)

// NormalPhone returns a number in the form of E.164, "+8613800138000". Mobiles of mainland China and landlines with
// their area code need no prefix; other countries begin with + or 00.
//
// A FormatError says what does not fit: phone_characters, phone_length, phone_area, phone_country.
func NormalPhone(s string) (string, error) {
	s = strings.Map(phoneRune, s)
	if !digits.MatchString(s) {
		return "", FormatError{"phone_characters"}
	}
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + rest
	}
	if rest, ok := strings.CutPrefix(s, "+"); ok && !strings.HasPrefix(rest, "86") {
		if !abroad.MatchString(rest) {
			return "", FormatError{"phone_length"}
		}
		return s, nil
	}
	return mainland(s)
}

// mainland reads a number with or without +86, with or without the 0 of its area code.
func mainland(s string) (string, error) {
	prefixed := strings.HasPrefix(s, "+")
	s = strings.TrimPrefix(s, "+")
	if prefixed || len(s) == 13 {
		s = strings.TrimPrefix(s, "86")
	}
	area, zero := strings.CutPrefix(s, "0")
	switch {
	case mobile.MatchString(s):
		return "+86" + s, nil
	case (zero || prefixed) && landline.MatchString(area):
		return "+86" + area, nil
	case len(s) < 10 || len(s) > 12:
		return "", FormatError{"phone_length"}
	case !prefixed && !zero && s[0] != '1':
		return "", FormatError{"phone_country"}
	}
	return "", FormatError{"phone_area"}
}

func phoneRune(r rune) rune {
	if r = narrow(r); unseen(r) || strings.ContainsRune(" -().–—−‐‑（）·", r) {
		return -1
	}
	return r
}

var (
	mailLocal  = regexp.MustCompile(`^[a-z0-9!#$%&'*+/=?^_{|}~][a-z0-9!#$%&'*+/=?^_{|}~-]*(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*$`)
	mailDomain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$`)
)

// NormalEmail returns an address in small letters. No quoted local part, no leading hyphen, no comment, no address
// literal, no character beyond ASCII: what is left can neither end a header nor pass for an option.
//
// A FormatError says what does not fit: email_form, email_length.
func NormalEmail(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(strings.Map(mailRune, s)))
	local, domain, ok := strings.Cut(s, "@")
	if !ok || !mailLocal.MatchString(local) || !mailDomain.MatchString(domain) {
		return "", FormatError{"email_form"}
	}
	if len(local) > 64 || len(s) > 254 {
		return "", FormatError{"email_length"}
	}
	return s, nil
}

func mailRune(r rune) rune {
	if unseen(r) {
		return -1
	}
	return narrow(r)
}
