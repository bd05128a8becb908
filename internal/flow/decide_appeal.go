package flow

// Appeals: until when one may be made, how often, what it says and what can come of it. That whoever decides it had no part in
// the result is the policy's to say (the relation decided_before).

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// AppealDays is how long a result can be appealed where its type does not say.
const AppealDays = 30

// AppealRunes is the longest appeal, and the longest answer, in characters.
const AppealRunes = 5000

// AppealUntil returns the last day for an appeal against a result that left on that day.
func AppealUntil(t sdk.Type, left Day) Day {
	if t.AppealDays > 0 {
		return left.AddDays(t.AppealDays)
	}
	return left.AddDays(AppealDays)
}

// CheckAppeal refuses a second appeal against one result (appealed_already), one after its last day (appeal_late, naming it),
// one without words (appeal_empty), too long (appeal_length) or with too many attachments (message_files).
func CheckAppeal(text string, files, before int, until, today Day) error {
	switch n := utf8.RuneCountInString(text); {
	case before > 0:
		return Refuse("appealed_already")
	case until.Before(today):
		return Refuse("appeal_late", string(until))
	case strings.TrimSpace(text) == "":
		return Refuse("appeal_empty")
	case n > AppealRunes:
		return Refuse("appeal_length", strconv.Itoa(AppealRunes), strconv.Itoa(n))
	case files > MessageFiles:
		return Refuse("message_files", strconv.Itoa(MessageFiles))
	}
	return nil
}

// AppealAnswer is what is decided on an appeal, and what the applicant is told.
type AppealAnswer struct {
	Outcome State  `json:"outcome"` // upheld, changed or returned
	Text    string `json:"text"`
}

// CheckAppealAnswer refuses an outcome that there is not (unknown_outcome), one person's approval where the type asks for two
// (appeal_needs_two), no words (comment_needed) and too many (appeal_length).
func CheckAppealAnswer(a AppealAnswer, t sdk.Type) error {
	switch n := utf8.RuneCountInString(a.Text); {
	case !slices.Contains(in(Upheld, AppealChanged, AppealReturned), a.Outcome):
		return Refuse("unknown_outcome", string(a.Outcome))
	case a.Outcome == AppealChanged && t.FourEyes:
		return Refuse("appeal_needs_two")
	case strings.TrimSpace(a.Text) == "":
		return Refuse("comment_needed")
	case n > AppealRunes:
		return Refuse("appeal_length", strconv.Itoa(AppealRunes), strconv.Itoa(n))
	}
	return nil
}

// Elsewhere reports whether a case in this state waits for somebody other than its reviewer: it keeps the state while it is
// assigned, given back and handed on.
func Elsewhere(s State) bool { return slices.Contains(elsewhere, s) }

// MayDeputise reports whether a colleague with these roles can be named for one case in this state: to confirm what a reviewer
// proposed takes a reviewer or a lead, to look again at what was decided a manager will do.
func MayDeputise(p Person, s State) bool {
	return p.Has(Reviewer) || p.Has(Lead) || s != Proposed && p.Has(Manager)
}
