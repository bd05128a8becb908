package flow

// Reversals: an approval that turns out to have been wrong. A lead says what was found, a second person agrees, the holder is
// heard, and only then is it decided. That these are different people, and none of them had part in the approval, is the
// policy's to say (the relations proposer and decided_before).

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// HearingDays is how many working days a holder has for the answer where the type does not say.
const HearingDays = 10

// ReversalRunes is the longest text of a reversal, of the holder's answer too, in characters.
const ReversalRunes = 5000

// Reversal is why an approval is wrong.
type Reversal struct {
	Reasons []string `json:"reasons,omitempty"` // from the type's catalogue; none where it has none that fits
	Text    string   `json:"text"`              // what was found, in words that the holder reads
}

// CheckReversal refuses reasons that the type does not have (unknown_reason), no words (finding_needed) and too many
// (reversal_length).
func CheckReversal(r Reversal, t sdk.Type) error {
	if _, err := ReversalReasons(t, r.Reasons); err != nil {
		return err
	}
	return reversalWords(r.Text, "finding_needed")
}

// ReversalReasons returns the reasons of the type that a reversal names, if it names any.
func ReversalReasons(t sdk.Type, ids []string) ([]sdk.Reason, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return ReasonsOf(t, ids)
}

func reversalWords(text, missing string) error {
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(text) == "":
		return Refuse(missing)
	case n > ReversalRunes:
		return Refuse("reversal_length", strconv.Itoa(ReversalRunes), strconv.Itoa(n))
	}
	return nil
}

// HearingUntil returns the last day for the answer of a holder who is told today.
func HearingUntil(t sdk.Type, today Day, cal Calendar) Day {
	days := t.HearDays
	if days <= 0 {
		days = HearingDays
	}
	return cal.Add(today, days)
}

// CheckHearing refuses an answer without words (hearing_empty), one that is too long (reversal_length) and one with too many
// attachments (message_files).
func CheckHearing(text string, files int) error {
	if err := reversalWords(text, "hearing_empty"); err != nil {
		return err
	}
	if files > MessageFiles {
		return Refuse("message_files", strconv.Itoa(MessageFiles))
	}
	return nil
}

// CheckHearingOver refuses to end a hearing on its last day or before: not_now.
func CheckHearingOver(until, today Day) error {
	if !until.Valid() || !until.Before(today) {
		return Refuse("not_now", string(EndHearing), string(Hearing))
	}
	return nil
}

// ReversalAnswer is what is decided in the end, and what the holder is told.
type ReversalAnswer struct {
	Outcome State  `json:"outcome"` // upheld (the certificate is good again) or reversed (it is revoked)
	Text    string `json:"text"`
}

// CheckReversalAnswer refuses an outcome that there is not (unknown_outcome), no words (comment_needed) and too many
// (reversal_length).
func CheckReversalAnswer(a ReversalAnswer) error {
	if !slices.Contains(in(Upheld, Reversed), a.Outcome) {
		return Refuse("unknown_outcome", string(a.Outcome))
	}
	return reversalWords(a.Text, "comment_needed")
}

// Outside is the state of a case as its applicant sees it: as long as nobody has agreed that an approval was wrong, it stands.
func Outside(s State) State {
	if s == Questioned {
		return Approved
	}
	return s
}
