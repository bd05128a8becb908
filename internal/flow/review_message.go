package flow

import (
	"slices"
	"strconv"
)

// What applicant and desk say to each other on a case: how much goes into one message, and what is noted of a call.

// Limits of one message.
const (
	MessageRunes = 2000
	MessageFiles = 5
)

// Sides of a conversation, and the kinds of its entries.
const (
	SideApplicant = "applicant"
	SideDesk      = "desk"
	KindMessage   = "message"
	KindCall      = "call"
)

// CheckMessage refuses a message without words and attachments (message_empty), one that is too long (message_length, with
// how long it may be and how long it is) and one with too many attachments (message_files).
func CheckMessage(text string, files int) error {
	n := len([]rune(text))
	switch {
	case n == 0 && files == 0:
		return Refuse("message_empty")
	case n > MessageRunes:
		return Refuse("message_length", strconv.Itoa(MessageRunes), strconv.Itoa(n))
	case files > MessageFiles:
		return Refuse("message_files", strconv.Itoa(MessageFiles))
	}
	return nil
}

// SideOf says on which side of a conversation somebody stands; the other side is who reads it.
func SideOf(p Person) string {
	if p.Has(Applicant) {
		return SideApplicant
	}
	return SideDesk
}

// Outcomes are what can come of a call.
var Outcomes = []string{"reached", "no_answer", "left_word", "wrong_number"}

// CheckCall refuses a call without an outcome of the list (call_outcome_needed), with too long a note (note_length), and a
// next try on what is no day (not_a_day) or is past (day_past). Without a day there is no next try.
func CheckCall(outcome, note string, next, today Day) error {
	switch {
	case !slices.Contains(Outcomes, outcome):
		return Refuse("call_outcome_needed")
	case len([]rune(note)) > MessageRunes:
		return Refuse("note_length", strconv.Itoa(MessageRunes))
	case next != "" && !next.Valid():
		return Refuse("not_a_day", string(next))
	case next.Before(today):
		return Refuse("day_past", string(next))
	}
	return nil
}
