package flow

import (
	"slices"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Applying again: what is carried over from an earlier application, and what of it was refused.

// Concerned says which fields the reasons of a refusal are about, by the checklist: those of the items that were found not to
// be so and name the reason; where none of these names it, those of every item that does.
func Concerned(t sdk.Type, reasons []string, verdicts map[string]ItemVerdict) map[string][]string {
	fields := map[string][]string{}
	for _, reason := range reasons {
		var all, bad []sdk.Item
		for _, i := range t.Checklist {
			if slices.Contains(i.Reasons, reason) {
				all = append(all, i)
				if verdicts[i.ID].Value == VerdictBad {
					bad = append(bad, i)
				}
			}
		}
		if len(bad) > 0 {
			all = bad
		}
		for _, i := range all {
			for _, f := range []string{i.Question, i.Slot} {
				if f != "" && !slices.Contains(fields[f], reason) {
					fields[f] = append(fields[f], reason)
				}
			}
		}
	}
	return fields
}

// StillTrue are the answers of an earlier application that the form, as it is now, still takes.
func StillTrue(t sdk.Type, a sdk.Answers, today Day) sdk.Answers {
	kept := sdk.Answers{}
	for _, p := range check.Pages(t, a) {
		for _, q := range p.Questions {
			if v := a[q.ID]; v != "" {
				if norm, wrong := check.Answer(q, v, string(today)); wrong == nil && norm == v {
					kept[q.ID] = v
				}
			}
		}
	}
	return kept
}

// StillGood reports whether evidence for a slot may be used once more: it shows no code of a day that is over, its own date
// has not passed, and the slot takes what it is.
func StillGood(s sdk.Slot, media string, kept sdk.Answers) bool {
	return !s.DayCode && s.Takes(media) && (s.Expires == "" || kept[s.Expires] != "")
}
