package flow

import (
	"slices"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// A decision follows from the verdicts on the checklist: what may be decided, and what is missing for it. The desk
// suggests; a person decides.

// The values of a verdict on one item.
const (
	VerdictOK     = "ok"
	VerdictBad    = "bad"
	VerdictUnsure = "ask" // cannot tell
)

// ItemVerdict is what a reviewer found on one item of the checklist. The zero value is "not looked at".
type ItemVerdict struct {
	Value string `json:"value"`
	How   int    `json:"how,omitempty"` // which of the item's ways verified it; 0 is the usual one
	Note  string `json:"note,omitempty"`
}

// Summary is what the verdicts amount to.
type Summary struct {
	CanPass   bool     `json:"canPass"`
	Missing   []string `json:"missing,omitempty"`   // required items without a verdict
	Bad       []string `json:"bad,omitempty"`       // items that are not so, required or not
	Unsure    []string `json:"unsure,omitempty"`    // required items on which the reviewer cannot tell
	Suggested []string `json:"suggested,omitempty"` // the reasons of the bad items, in the order of the checklist
}

// The outcomes of a decision.
const (
	Passed    = "passed"
	NotPassed = "not_passed"
)

// Decision is what a reviewer decides.
type Decision struct {
	Outcome string   `json:"outcome"`
	Reasons []string `json:"reasons,omitempty"` // of the type's catalogue
	Extra   string   `json:"extra,omitempty"`   // a sentence of one's own, added to the letter
}

// The longest texts a reviewer may add, in characters.
const (
	MaxExtra       = 1000
	MaxVerdictNote = 500
)

// ItemsShown returns the items of the checklist that concern these answers.
func ItemsShown(t sdk.Type, a sdk.Answers) []sdk.Item {
	var shown []sdk.Item
	for _, item := range t.Checklist {
		if item.When.Shown(a) {
			shown = append(shown, item)
		}
	}
	return shown
}

// CheckVerdict refuses a verdict that the checklist has no place for: unknown_item, unknown_verdict, unknown_way,
// note_too_long. The zero verdict takes an earlier one back.
func CheckVerdict(shown []sdk.Item, id string, v ItemVerdict) error {
	at := slices.IndexFunc(shown, func(i sdk.Item) bool { return i.ID == id })
	switch {
	case at < 0:
		return Refuse("unknown_item", id)
	case !slices.Contains([]string{"", VerdictOK, VerdictBad, VerdictUnsure}, v.Value):
		return Refuse("unknown_verdict", v.Value)
	case v.How < 0 || v.How > 0 && v.How >= len(shown[at].Ways):
		return Refuse("unknown_way", id)
	case utf8.RuneCountInString(v.Note) > MaxVerdictNote:
		return Refuse("note_too_long", id)
	}
	return nil
}

// Outcome sums up the verdicts on the items shown. Verdicts on other items do not count. An unknown value counts as
// missing.
func Outcome(shown []sdk.Item, verdicts map[string]ItemVerdict) Summary {
	var s Summary
	for _, item := range shown {
		switch v := verdicts[item.ID].Value; {
		case v == VerdictOK:
		case v == VerdictBad:
			s.Bad = append(s.Bad, item.ID)
			for _, r := range item.Reasons {
				if !slices.Contains(s.Suggested, r) {
					s.Suggested = append(s.Suggested, r)
				}
			}
		case item.Optional:
		case v == VerdictUnsure:
			s.Unsure = append(s.Unsure, item.ID)
		default:
			s.Missing = append(s.Missing, item.ID)
		}
	}
	s.CanPass = len(s.Missing)+len(s.Bad)+len(s.Unsure) == 0
	return s
}

// CheckDecision refuses a decision that the verdicts do not carry. Passing: verdicts_missing, items_bad or
// items_unsure, naming the items; passed_with_reasons. Not passing: no_reasons, unknown_reason, reason_twice. Either:
// unknown_outcome, extra_too_long.
func CheckDecision(d Decision, t sdk.Type, a sdk.Answers, verdicts map[string]ItemVerdict) error {
	if utf8.RuneCountInString(d.Extra) > MaxExtra {
		return Refuse("extra_too_long")
	}
	switch d.Outcome {
	case Passed:
		return checkPass(d, Outcome(ItemsShown(t, a), verdicts))
	case NotPassed:
		_, err := ReasonsOf(t, d.Reasons)
		return err
	}
	return Refuse("unknown_outcome", d.Outcome)
}

func checkPass(d Decision, s Summary) error {
	switch {
	case len(s.Missing) > 0:
		return Refuse("verdicts_missing", s.Missing...)
	case len(s.Bad) > 0:
		return Refuse("items_bad", s.Bad...)
	case len(s.Unsure) > 0:
		return Refuse("items_unsure", s.Unsure...)
	case len(d.Reasons) > 0:
		return Refuse("passed_with_reasons")
	}
	return nil
}

// ReasonsOf returns the reasons of the type's catalogue with these IDs, in their order. Refused with no_reasons,
// unknown_reason or reason_twice.
func ReasonsOf(t sdk.Type, ids []string) ([]sdk.Reason, error) {
	if len(ids) == 0 {
		return nil, Refuse("no_reasons")
	}
	var all []sdk.Reason
	for i, id := range ids {
		at := slices.IndexFunc(t.Reasons, func(r sdk.Reason) bool { return r.ID == id })
		if at < 0 {
			return nil, Refuse("unknown_reason", id)
		}
		if slices.Contains(ids[:i], id) {
			return nil, Refuse("reason_twice", id)
		}
		all = append(all, t.Reasons[at])
	}
	return all, nil
}

// LongestWait returns how many days the reasons together make one wait before applying again: the longest of them, -1
// for never.
func LongestWait(reasons []sdk.Reason) int {
	days := 0
	for _, r := range reasons {
		if r.After < 0 {
			return -1
		}
		days = max(days, r.After)
	}
	return days
}

// Reapply returns the first day on which one may apply again after a decision for these reasons, or never.
func Reapply(reasons []sdk.Reason, decided Day) (from Day, never bool) {
	days := LongestWait(reasons)
	if days < 0 {
		return "", true
	}
	return decided.AddDays(days), false
}

// Fatal reports whether one of the reasons cannot be put right.
func Fatal(reasons []sdk.Reason) bool {
	return slices.ContainsFunc(reasons, func(r sdk.Reason) bool { return r.Severity == sdk.Fatal })
}
