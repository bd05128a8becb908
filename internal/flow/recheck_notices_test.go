package flow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNotices(t *testing.T) {
	days := []int{30, 7, 1}
	for _, x := range []struct {
		today Day
		told  int
		due   int
	}{
		{"2027-10-22", 0, 0}, {"2027-10-23", 0, 30}, {"2027-10-24", 30, 0}, {"2027-11-10", 0, 30},
		{"2027-11-15", 30, 7}, {"2027-11-15", 0, 7}, {"2027-11-16", 7, 0}, {"2027-11-21", 7, 1}, {"2027-11-22", 7, 1},
		{"2027-11-22", 1, 0}, {"2027-11-23", 7, 0}, {"", 0, 0}, {"2027-11-22", 0, 1},
	} {
		if due, ok := Notices("2027-11-22", days, x.told, x.today); due != x.due || ok != (x.due != 0) {
			t.Errorf("on %s, told %d: %d %v, want %d", x.today, x.told, due, ok, x.due)
		}
	}
	if _, ok := Notices("", days, 0, "2027-11-22"); ok {
		t.Error("what never ends needs no notice")
	}
	if _, ok := Notices("2027-11-22", []int{0, -3}, 0, "2027-11-22"); ok {
		t.Error("a notice on no day")
	}
}

func TestNoticesOnceAndDescending(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(-1, 60), 0, 5).Draw(t, "days")
		expires, told, today := Day("2027-11-22"), 0, Day("2027-09-01")
		next := NextNotice(expires, days, 0)
		var sent []int
		for today.Before("2027-12-31") { // the sweep runs on some days only
			if due, ok := Notices(expires, days, told, today); ok {
				if next == "" || today.Before(next) {
					t.Fatalf("%d is due on %s, but the sweep looks on %q", due, today, next)
				}
				sent, told = append(sent, due), due
				next = NextNotice(expires, days, told)
			} else if next != "" && !today.Before(next) && !today.After(expires) {
				t.Fatalf("nothing due on %s, but the sweep looks on %s", today, next)
			}
			today = today.AddDays(rapid.IntRange(1, 20).Draw(t, "step"))
		}
		if !slices.IsSortedFunc(sent, func(a, b int) int { return b - a }) || len(slices.Compact(slices.Clone(sent))) != len(sent) {
			t.Fatalf("sent %v", sent)
		}
	})
}

func TestRecheckDays(t *testing.T) {
	if NextRecheck("2026-11-30", 3) != "2027-02-28" || NextRecheck("2026-11-30", 0) != "" || NextRecheck("", 3) != "" {
		t.Error("next re-check")
	}
	if RenewalOpens("2027-11-22", 60) != "2027-09-23" || RenewalOpens("2027-11-22", -1) != "2027-11-22" {
		t.Error("renewal opens")
	}
}
