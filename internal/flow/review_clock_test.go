package flow

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMoved(t *testing.T) {
	c := CalendarCN()
	for _, x := range []struct{ due, stopped, resumed, want Day }{
		{"2026-11-30", "2026-11-24", "2026-11-26", "2026-12-02"}, // two working days waited
		{"2026-11-30", "2026-11-24", "2026-11-24", "2026-11-30"}, // answered at once
		{"2026-11-30", "2026-11-27", "2026-11-29", "2026-11-30"}, // over a weekend nothing is waited
		{"2026-09-30", "2026-09-29", "2026-10-08", "2026-10-09"}, // over the national holiday: the 30th and the 8th
		{"2026-10-09", "2026-10-09", "2026-10-10", "2026-10-10"}, // a worked Saturday is a working day
		{"2026-11-20", "2026-11-24", "2026-11-26", "2026-11-24"}, // late by two working days before, and after
		{"2026-11-30", "2026-11-26", "2026-11-24", "2026-11-30"}, // never back
		{"", "2026-11-24", "2026-11-26", ""},
	} {
		if got := Moved(x.due, x.stopped, x.resumed, c); got != x.want {
			t.Errorf("%s, stopped %s, resumed %s: %s, want %s", x.due, x.stopped, x.resumed, got, x.want)
		}
	}
}

var zones = []string{"Asia/Shanghai", "Europe/Berlin", "Asia/Urumqi", "America/New_York", "Pacific/Kiritimati"}

// The clock over random stops, holidays, make-up days and changes of the desk's zone: in whatever order a case waits and is
// worked on, the working days that were not waited are those that the type promised, however long it took; a change of zone
// costs or gives one working day at most, each.
func TestReviewClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal := someCalendar(t)
		days := rapid.IntRange(1, 30).Draw(t, "promised")
		at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 800*24).Draw(t, "start")) * time.Hour)
		zone, moves := location(t), 0
		today := func() Day { return DayOf(at, zone) }
		due := cal.Add(today(), days)
		left := days // working days of work that the reviewer still has
		for range rapid.IntRange(1, 6).Draw(t, "stops") {
			began := today()
			at = at.Add(time.Duration(rapid.IntRange(0, 15*24).Draw(t, "worked for hours")) * time.Hour)
			left -= cal.Between(began, today())
			stopped := today()
			if rapid.Bool().Draw(t, "zone changes") {
				zone, moves = location(t), moves+1
			}
			at = at.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(t, "waited for hours")) * time.Hour)
			was := due
			due = Moved(due, stopped, today(), cal)
			if due < was {
				t.Fatalf("the deadline went back from %s to %s", was, due)
			}
			if got, want := cal.Between(today(), due), cal.Between(stopped, was); stopped <= today() && got != want {
				t.Fatalf("%d working days are left, %d were when the clock stopped", got, want)
			}
			if off := cal.Between(today(), due) - left; off > moves || off < -moves {
				t.Fatalf("%d working days are left after %d changes of zone, promised were %d", cal.Between(today(), due), moves, left)
			}
			if !cal.Working(due) {
				t.Fatalf("%s is no working day", due)
			}
		}
	})
}

func location(t *rapid.T) *time.Location {
	zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// someCalendar is a calendar with free weekdays and worked weekends anywhere.
func someCalendar(t *rapid.T) Calendar {
	c := Calendar{odd: map[int]bool{}}
	first, _ := Day("2026-01-01").number()
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 1500), 0, 200).Draw(t, "odd days") {
		c.odd[first+n] = weekend(dayAt(first + n))
	}
	return c
}
