package flow

import "slices"

// How long a review takes, as applicants are told: reckoned from the latest reviews of the same type, in working days,
// without the time in which it was somebody else's turn.

const (
	ExpectedOf    = 40 // so many of the latest reviews are looked at
	ExpectedLeast = 10 // with fewer nothing is said
)

// Expected is a time that applicants are told, with what it is reckoned from: half of the latest reviews took From to To
// working days. The zero Expected says nothing.
type Expected struct{ From, Median, To, Count int }

// Took returns the working days of one review. Its deadline moved by as many as it stood still: what lies between it and
// the working days that were promised is not counted.
func Took(submitted, due, closed Day, promised int, cal Calendar) int {
	waited := max(0, cal.Between(submitted, due)-promised)
	return max(0, cal.Between(submitted, closed)-waited)
}

// Expect reckons the expected time from what the latest reviews took: the middle half of them.
func Expect(took []int) Expected {
	n := len(took)
	if n < ExpectedLeast {
		return Expected{}
	}
	all := slices.Sorted(slices.Values(took))
	return Expected{From: all[n/4], Median: all[n/2], To: all[(3*n-1)/4], Count: n}
}
