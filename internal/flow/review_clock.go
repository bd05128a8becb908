package flow

// The clock of a review stands still while somebody else has to do something: its deadline moves by the working days that
// were waited.

// Moved returns the deadline after the clock stood still from stopped until resumed. As many working days are left after it
// as before; a clock that was resumed on the day on which it was stopped, or earlier by a change of zones, moves nothing.
func Moved(due, stopped, resumed Day, cal Calendar) Day {
	n := cal.Between(stopped, resumed)
	if n <= 0 {
		return due
	}
	return cal.Add(due, n)
}
