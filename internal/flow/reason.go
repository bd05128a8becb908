package flow

import (
	"strings"
	"unicode/utf8"
)

// The longest reason for an act, in characters.
const reasonRunes = 500

// CheckReason refuses as reason_needed what is too short or too long to be the reason for an act: 2 to 500 characters.
func CheckReason(text string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n < 2 || n > reasonRunes {
		return Refuse("reason_needed")
	}
	return nil
}
