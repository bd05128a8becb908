package flow

import (
	"slices"
	"strconv"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// The terms of a certification type that a manager adjusts without code: deadlines, reminders, waits, advice and letters.
// They lie over what the type says of itself. New applications follow them; those that run keep what they were promised,
// except where the change is to their good.

// Terms are what a manager set. What is left out is as the type says.
type Terms struct {
	ReviewDays       int                    `json:"reviewDays,omitempty"`
	RemindDays       int                    `json:"remindDays,omitempty"`
	CorrectionDays   int                    `json:"correctionDays,omitempty"`
	CorrectionRounds int                    `json:"correctionRounds,omitempty"`
	Passed           *sdk.Text              `json:"passed,omitempty"`    // the sentence of the letter
	NotPassed        *sdk.Text              `json:"notPassed,omitempty"` // before the reasons
	Reasons          map[string]ReasonTerms `json:"reasons,omitempty"`
}

// ReasonTerms are what a manager set of one reason.
type ReasonTerms struct {
	After  *int      `json:"after,omitempty"` // days until one may apply again; -1 never
	Advice *sdk.Text `json:"advice,omitempty"`
}

// Over returns the type with the terms laid over it. Reasons that it does not have any more are left out.
func (t Terms) Over(base sdk.Type) sdk.Type {
	set := func(to *int, n int) {
		if n > 0 {
			*to = n
		}
	}
	set(&base.ReviewDays, t.ReviewDays)
	set(&base.RemindDays, t.RemindDays)
	set(&base.Correction.Days, t.CorrectionDays)
	set(&base.Correction.Rounds, t.CorrectionRounds)
	t.letters(&base)
	base.Reasons = slices.Clone(base.Reasons)
	for i, r := range base.Reasons {
		if a := t.Reasons[r.ID].After; a != nil {
			base.Reasons[i].After = *a
		}
	}
	return base
}

// letters sets sentences and advice: plainer words are to everybody's good.
func (t Terms) letters(base *sdk.Type) {
	if t.Passed != nil {
		base.Letters.Passed = *t.Passed
	}
	if t.NotPassed != nil {
		base.Letters.NotPassed = *t.NotPassed
	}
	base.Reasons = slices.Clone(base.Reasons)
	for i, r := range base.Reasons {
		if a := t.Reasons[r.ID].Advice; a != nil {
			base.Reasons[i].Advice = *a
		}
	}
}

// ForGood returns what holds for a case that follows an earlier description: that one, with more time to answer, more
// rounds, shorter waits, and the new words. Its own deadline stays the day that its row names.
func (t Terms) ForGood(pinned sdk.Type) sdk.Type {
	if t.RemindDays > 0 {
		pinned.RemindDays = t.RemindDays
	}
	pinned.Correction.Days = max(pinned.Correction.Days, t.CorrectionDays)
	pinned.Correction.Rounds = max(pinned.Correction.Rounds, t.CorrectionRounds)
	t.letters(&pinned)
	for i, r := range pinned.Reasons {
		if a := t.Reasons[r.ID].After; a != nil && shorter(*a, r.After) {
			pinned.Reasons[i].After = *a
		}
	}
	return pinned
}

func shorter(a, b int) bool { return a >= 0 && (b < 0 || a < b) }

// Change is one thing that differs between two descriptions, as figures or words that a page puts into a sentence.
type Change struct {
	What string   `json:"what"` // review_days, remind_days, correction_days, correction_rounds, after, advice, passed, not_passed
	Of   sdk.Text `json:"of"`   // the reason
	From string   `json:"from"`
	To   string   `json:"to"`
}

// Changes lists what a manager's terms change, in the order of a case.
func Changes(was, now sdk.Type) (all []Change) {
	number := func(what string, of sdk.Text, a, b int) {
		if a != b {
			all = append(all, Change{what, of, strconv.Itoa(a), strconv.Itoa(b)})
		}
	}
	words := func(what string, of, a, b sdk.Text) {
		if a != b {
			all = append(all, Change{what, of, a.ZhHans, b.ZhHans})
		}
	}
	none := sdk.Text{}
	number("review_days", none, was.ReviewDays, now.ReviewDays)
	number("remind_days", none, orUsual(was.RemindDays), orUsual(now.RemindDays))
	number("correction_days", none, was.Correction.Days, now.Correction.Days)
	number("correction_rounds", none, was.Correction.Rounds, now.Correction.Rounds)
	words("passed", none, was.Letters.Passed, now.Letters.Passed)
	words("not_passed", none, was.Letters.NotPassed, now.Letters.NotPassed)
	for _, b := range now.Reasons {
		i := slices.IndexFunc(was.Reasons, func(r sdk.Reason) bool { return r.ID == b.ID })
		if i < 0 {
			continue
		}
		number("after", b.Text, was.Reasons[i].After, b.After)
		words("advice", b.Text, was.Reasons[i].Advice, b.Advice)
	}
	return all
}

func orUsual(n int) int {
	if n == 0 {
		return RemindDays
	}
	return n
}

const (
	mostDays   = 365
	mostWait   = 3650
	mostRounds = 10
	mostWords  = 600
)

// CheckTerms refuses terms that cannot be. Refused with terms_wrong and the name of what is wrong, or terms_same.
func CheckTerms(t Terms, base, before sdk.Type) error {
	now := t.Over(base)
	for what, n := range map[string][3]int{
		"review_days": {now.ReviewDays, 1, mostDays}, "remind_days": {now.RemindDays, 0, now.ReviewDays}, "correction_days": {now.Correction.Days, 0, mostDays},
		"correction_rounds": {now.Correction.Rounds, 0, mostRounds},
	} {
		if n[0] < n[1] || n[0] > n[2] {
			return Refuse("terms_wrong", what)
		}
	}
	for _, x := range []int{t.ReviewDays, t.RemindDays, t.CorrectionDays, t.CorrectionRounds} {
		if x < 0 {
			return Refuse("terms_wrong", "review_days")
		}
	}
	for id, r := range t.Reasons {
		if !slices.ContainsFunc(base.Reasons, func(b sdk.Reason) bool { return b.ID == id }) || r.After != nil && (*r.After < -1 || *r.After > mostWait) || !saying(r.Advice) {
			return Refuse("terms_wrong", "after")
		}
	}
	if !saying(t.Passed) || !saying(t.NotPassed) {
		return Refuse("terms_wrong", "passed")
	}
	if len(Changes(before, now)) == 0 {
		return Refuse("terms_same")
	}
	return nil
}

// saying reports whether a text, if there is one, says something in both languages, and not too much.
func saying(t *sdk.Text) bool {
	return t == nil || t.ZhHans != "" && t.En != "" && len([]rune(t.ZhHans)) <= mostWords && len([]rune(t.En)) <= 2*mostWords
}
