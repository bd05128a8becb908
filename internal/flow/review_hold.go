package flow

import "strconv"

// A case on hold waits for something outside the desk: why, and until which day. The review clock stands still meanwhile.

// HoldDays is how far away the end of a hold may be: what waits longer is to be decided or asked about.
const HoldDays = 180

// CheckHold refuses a hold without a reason (reason_needed), and an end that is no day (not_a_day), not after today
// (day_past) or too far away (hold_too_long).
func CheckHold(reason string, until, today Day) error {
	if err := CheckReason(reason); err != nil {
		return err
	}
	switch {
	case !until.Valid():
		return Refuse("not_a_day", string(until))
	case !until.After(today):
		return Refuse("day_past", string(until))
	case until.Sub(today) > HoldDays:
		return Refuse("hold_too_long", strconv.Itoa(HoldDays))
	}
	return nil
}
