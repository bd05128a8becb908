package flow

import "slices"

// How long a case is kept, and when what is kept about a person may be erased.

// RetentionMonths is how long a case is kept whose type does not say.
const RetentionMonths = 60

// EraseAsked are those on whose request a holder is erased: they themselves, their family after a death, an authority.
var EraseAsked = []string{"asked_holder", "asked_family", "asked_authority"}

// ClosedStates are the states of a case in which nothing waits for anybody.
var ClosedStates = []State{Approved, Rejected, Withdrawn, Lapsed, Discarded, Reversed}

// undecided are the closed states in which nobody has decided anything: no rule asks to keep those.
var undecided = []State{Withdrawn, Lapsed, Discarded}

// KeptUntil returns the day on which a case is erased that was over on a day.
func KeptUntil(over Day, months int) Day {
	if months <= 0 {
		months = RetentionMonths
	}
	return over.AddMonths(months)
}

// Keeping is what may keep a case from being erased.
type Keeping struct {
	State       State
	LegalHold   bool
	Erased      bool
	Certificate bool // there is one that is valid or suspended
}

// MayErase refuses to erase a case: with erased, erase_hold, erase_open (an appeal or a hearing is one) or erase_certificate.
func MayErase(h Keeping) error {
	switch {
	case h.Erased:
		return Refuse("erased")
	case h.LegalHold:
		return Refuse("erase_hold")
	case !slices.Contains(ClosedStates, h.State):
		return Refuse("erase_open", string(h.State))
	case h.Certificate:
		return Refuse("erase_certificate")
	}
	return nil
}

// AtOnce reports whether a case goes as soon as its holder asks: nobody decided on it, so no rule says how long it is kept.
func AtOnce(h Keeping) bool { return slices.Contains(undecided, h.State) && MayErase(h) == nil }
