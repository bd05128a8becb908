package flow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTook(t *testing.T) {
	c := CalendarCN()
	for _, x := range []struct {
		submitted, due, closed Day
		promised, want         int
	}{
		{"2026-11-23", "2026-11-30", "2026-11-25", 5, 2},
		{"2026-11-23", "2026-12-02", "2026-11-27", 5, 2}, // two working days were somebody else's turn
		{"2026-11-23", "2026-11-30", "2026-12-02", 5, 7}, // late
		{"2026-11-23", "2026-11-30", "2026-11-23", 5, 0},
		{"2026-09-29", "2026-10-13", "2026-10-09", 5, 2}, // over the national holiday: the 8th, after three of the 30th, 8th, 9th and the worked 10th
	} {
		waited := max(0, c.Between(x.submitted, x.due)-x.promised)
		want := max(0, c.Between(x.submitted, x.closed)-waited)
		if got := Took(x.submitted, x.due, x.closed, x.promised, c); got != want || x.submitted > "2026-11" && got != x.want {
			t.Errorf("%+v: %d", x, got)
		}
	}
}

func TestExpect(t *testing.T) {
	if got := Expect([]int{1, 2, 3, 4, 5, 6, 7, 8, 9}); got != (Expected{}) {
		t.Errorf("of nine something is said: %+v", got)
	}
	if got := Expect([]int{5, 3, 3, 4, 5, 3, 4, 30, 4, 1}); got != (Expected{3, 4, 5, 10}) {
		t.Errorf("%+v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		took := rapid.SliceOfN(rapid.IntRange(0, 60), ExpectedLeast, ExpectedOf).Draw(t, "took")
		x := Expect(took)
		inside := 0
		for _, n := range took {
			if n >= x.From && n <= x.To {
				inside++
			}
		}
		if x.From > x.Median || x.Median > x.To || 2*inside < len(took) || x.From < slices.Min(took) || x.To > slices.Max(took) {
			t.Fatalf("%v: %+v has %d inside", took, x, inside)
		}
	})
}
