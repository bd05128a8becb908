package flow

import "github.com/certdesk/certdesk/plugins/sdk"

// What happens around the deadline of a review: somebody is reminded before it, the leads hear of it after it, and a
// case that is still not done some days later goes to somebody else.

const (
	// RemindDays is how many working days before the deadline one is reminded, where the type does not say.
	RemindDays = 2
	// HandOnDays is how many working days a late case stays with the colleague who has it.
	HandOnDays = 2
)

// RemindOn returns the day of the reminder: as many working days before due as the type says, but not before the first
// working day after today, and never after due.
func RemindOn(t sdk.Type, today, due Day, cal Calendar) Day {
	days := t.RemindDays
	if days == 0 {
		days = RemindDays
	}
	on, first := cal.Add(due, -days), cal.Add(today, 1)
	if on.Before(first) {
		on = first
	}
	if due.Before(on) {
		return due
	}
	return on
}

// HandOnAt returns the day on which a late case goes to somebody else, seen from the day it became late or changed hands.
func HandOnAt(today Day, cal Calendar) Day { return cal.Add(today, HandOnDays) }
