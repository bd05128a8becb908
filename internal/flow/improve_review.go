package flow

import "fmt"

// The figures of each quarter are looked at by a manager: a task with a day, not a habit.

// QuarterOf is the quarter of a day, 2026-Q4.
func QuarterOf(d Day) string {
	if !d.Valid() {
		return ""
	}
	var year, month int
	fmt.Sscanf(string(d), "%4d-%2d", &year, &month)
	return fmt.Sprintf("%04d-Q%d", year, (month+2)/3)
}

// ReviewDue returns the quarter whose figures are to be looked at next, and by when: the one before today's, within the
// first month after it. Nothing if reviewed names it.
func ReviewDue(today Day, reviewed string) (quarter string, by Day) {
	if !today.Valid() {
		return "", ""
	}
	var year, month int
	fmt.Sscanf(string(today), "%4d-%2d", &year, &month)
	first := Day(fmt.Sprintf("%04d-%02d-01", year, (month-1)/3*3+1))
	quarter = QuarterOf(first.AddDays(-1))
	if reviewed >= quarter {
		return "", ""
	}
	return quarter, first.AddMonths(1).AddDays(-1)
}
