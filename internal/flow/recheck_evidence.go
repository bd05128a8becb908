package flow

import (
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Evidence with an end of its own: a card that runs out before the certificate that rests on it.

// EvidenceEnds returns the last day of the first evidence of these answers to end from today on and before the certificate does,
// and the slots that end then; no day if all holds as long as the certificate.
func EvidenceEnds(t sdk.Type, a sdk.Answers, today, expires Day) (first Day, slots []sdk.Slot) {
	asked := check.Asked(t, a)
	for _, s := range check.Slots(t, a) {
		on := Day(asked[s.Expires])
		if s.Expires == "" || !on.Valid() || on.Before(today) || !on.Before(expires) {
			continue
		}
		switch {
		case first == "" || on.Before(first):
			first, slots = on, []sdk.Slot{s}
		case on == first:
			slots = append(slots, s)
		}
	}
	return first, slots
}

// NextEvidenceNotice returns the next day after today on which the holder is told that evidence ends: so many days before it
// as the type says for certificates; no day if none is left.
func NextEvidenceNotice(on Day, days []int, today Day) (next Day) {
	for _, n := range days {
		if d := on.AddDays(-n); d.After(today) && (next == "" || d.Before(next)) {
			next = d
		}
	}
	return next
}

// Keeps says whether a renewal starts with the evidence of a slot as it was certified: not where the picture has to be of the day,
// the type wants it anew, or it has ended.
func Keeps(s sdk.Slot, a sdk.Answers, today Day) bool {
	on := Day(a[s.Expires])
	return !s.DayCode && !s.Anew && !(s.Expires != "" && on.Valid() && on.Before(today))
}
