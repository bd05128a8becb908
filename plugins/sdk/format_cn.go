package sdk

// The numbers that the Chinese state gives to people and bodies, read and checked without asking anybody. Whatever is
// wrong is said, never guessed at: a mended digit would be somebody else's number.

import (
	_ "embed"
	"strings"
	"time"
	"unicode"
)

// Card says which document carries a number of the form of GB 11643.
type Card string

// The cards.
const (
	CardResident  Card = "resident"  // resident identity card
	CardPermit    Card = "permit"    // residence permit of a resident of Hong Kong, Macau or Taiwan
	CardPermanent Card = "permanent" // permanent resident card of a foreigner
)

// ResidentID is what a number says about its holder.
type ResidentID struct {
	Number   string `json:"number"`   // 18 characters
	Birth    string `json:"birth"`    // 1949-12-31
	Sex      string `json:"sex"`      // "female" or "male"
	Province Text   `json:"province"` // where it was first given out; empty where a foreigner's card names no province
	Card     Card   `json:"card"`
}

// Age returns the age in full years on a day, 1949-12-31; 0 if either is no date.
func (id ResidentID) Age(today string) int {
	b, err := time.Parse(time.DateOnly, id.Birth)
	t, err2 := time.Parse(time.DateOnly, today)
	if err != nil || err2 != nil {
		return 0
	}
	age := t.Year() - b.Year()
	if t.Month() < b.Month() || t.Month() == b.Month() && t.Day() < b.Day() {
		age--
	}
	return age
}

//go:embed provinces.json
var provincesJSON []byte

var provinces = mustRead[map[string]Text](provincesJSON)

// oldest is the year before which nobody is born who could hold a card.
const oldest = 1850

// ParseResidentID reads a number of the form of GB 11643, of any card that carries one. Spaces, hyphens, full-width
// characters and a small x are accepted. today is the day in the desk's zone.
//
// A FormatError says what does not fit: id_length, id_characters, id_province, id_date, id_future, id_checksum.
func ParseResidentID(s string, today time.Time) (ResidentID, error) {
	s = strings.ToUpper(compact(s))
	if len([]rune(s)) != 18 {
		return ResidentID{}, FormatError{"id_length"}
	}
	if strings.Trim(s[:17], "0123456789") != "" || len(s) != 18 || !strings.Contains("0123456789X", s[17:]) {
		return ResidentID{}, FormatError{"id_characters"}
	}
	card, province, ok := issued(s)
	if !ok {
		return ResidentID{}, FormatError{"id_province"}
	}
	born, err := time.Parse("20060102", s[6:14])
	if err != nil || born.Year() < oldest {
		return ResidentID{}, FormatError{"id_date"}
	}
	birth := born.Format(time.DateOnly)
	if birth > today.Format(time.DateOnly) {
		return ResidentID{}, FormatError{"id_future"}
	}
	if residentCheck(s[:17]) != s[17] {
		return ResidentID{}, FormatError{"id_checksum"}
	}
	sex := "female"
	if (s[16]-'0')%2 == 1 {
		sex = "male"
	}
	return ResidentID{Number: s, Birth: birth, Sex: sex, Province: province, Card: card}, nil
}

// issued says which card begins so, and where it comes from. Counties are not checked: old ones live on in numbers.
func issued(s string) (Card, Text, bool) {
	if s[0] == '9' { // 9, two digits of the province, three of the nationality
		return CardPermanent, provinces[s[1:3]], true
	}
	p, ok := provinces[s[:2]]
	if s[0] == '8' {
		return CardPermit, p, ok && s[2:6] == "0000"
	}
	return CardResident, p, ok
}

// residentCheck returns the check character of GB 11643 for 17 digits.
func residentCheck(s string) byte {
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(s[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

// creditAlphabet is that of GB 32100: without the letters that look like digits.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseCreditCode reads a unified social credit code of GB 32100 and returns its 18 characters. Spaces, hyphens,
// full-width characters and small letters are accepted.
//
// A FormatError says what does not fit: credit_length, credit_characters, credit_division, credit_checksum.
func ParseCreditCode(s string) (string, error) {
	s = strings.ToUpper(compact(s))
	if len([]rune(s)) != 18 {
		return "", FormatError{"credit_length"}
	}
	if strings.Trim(s, creditAlphabet) != "" || len(s) != 18 {
		return "", FormatError{"credit_characters"}
	}
	if strings.Trim(s[2:8], "0123456789") != "" {
		return "", FormatError{"credit_division"}
	}
	if creditCheck(s[:17]) != s[17] {
		return "", FormatError{"credit_checksum"}
	}
	return s, nil
}

// creditCheck returns the check character of GB 32100 for 17 characters of its alphabet.
func creditCheck(s string) byte {
	sum, weight := 0, 1
	for i := range s {
		sum += strings.IndexByte(creditAlphabet, s[i]) * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31]
}

// narrow turns full-width characters into plain ones, as keyboards for Chinese enter them.
func narrow(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFF01 + '!'
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// unseen says that a character shows nothing: it came along by copying.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// compact narrows s and takes out spaces, hyphens and what is not seen: for numbers that are read in groups.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if r = narrow(r); r == ' ' || r == '-' || unseen(r) {
			return -1
		}
		return r
	}, s)
}
