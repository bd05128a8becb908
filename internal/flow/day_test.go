package flow

import (
	"testing"
	"time"
	_ "time/tzdata" // zones are not on every machine

	"pgregory.net/rapid"
)

func TestDayRefusesWhatIsNoDate(t *testing.T) {
	for _, s := range []string{"", "2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-01-01 ", "2026/01/01", "２０２６-01-01", "2026-01-01T00:00:00Z"} {
		if _, err := ParseDay(s); !Refused(err, "not_a_day") {
			t.Errorf("ParseDay(%q): %v", s, err)
		}
		d := Day(s)
		if d.AddDays(1) != "" || d.AddMonths(1) != "" || d.Before("2027-01-01") || d.After("2000-01-01") || d.Sub("2026-01-01") != 0 || !d.In(time.UTC).IsZero() {
			t.Errorf("%q is reckoned with as if it were a day", s)
		}
	}
	if Day("9999-12-31").AddDays(1) != "" || Day("2026-01-01").AddDays(1<<60) != "" {
		t.Error("a day past the year 9999 has no text form")
	}
}

func TestDayMonths(t *testing.T) {
	for _, x := range []struct {
		from Day
		n    int
		want Day
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2028-02-29", 12, "2029-02-28"},
		{"2026-11-23", 24, "2028-11-23"}, {"2026-03-31", -1, "2026-02-28"}, {"2026-01-15", -2, "2025-11-15"},
	} {
		if got := x.from.AddMonths(x.n); got != x.want {
			t.Errorf("%s and %d months = %s, want %s", x.from, x.n, got, x.want)
		}
	}
}

func TestDayInZones(t *testing.T) {
	shanghai, santiago := zone(t, "Asia/Shanghai"), zone(t, "America/Santiago")
	if got := Day("2026-11-23").In(shanghai); !got.Equal(time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("midnight in Shanghai is %s", got.UTC())
	}
	if got := DayOf(time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC), shanghai); got != "2026-11-23" {
		t.Errorf("in Shanghai it is %s", got)
	}
	// Chile skips midnight in September: the day begins at one o'clock.
	skipped := Day("2026-09-06").In(santiago)
	if DayOf(skipped, santiago) != "2026-09-06" || DayOf(skipped.Add(-time.Second), santiago) != "2026-09-05" {
		t.Errorf("the day without midnight begins at %s", skipped)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestDayAgainstPackageTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 100_000).Draw(t, "day"))
		n := rapid.IntRange(-50_000, 50_000).Draw(t, "n")
		d := DayOf(at, time.UTC)
		then := d.AddDays(n)
		if then != DayOf(at.AddDate(0, 0, n), time.UTC) || then.Sub(d) != n || then.Before(d) != (n < 0) || then.After(d) != (n > 0) {
			t.Fatalf("%s and %d days = %s", d, n, then)
		}
		if d.Weekday() != at.Weekday() {
			t.Fatalf("%s is no %s", d, d.Weekday())
		}
		if Earliest(d, then) != min(d, then) || Latest(d, then) != max(d, then) || Earliest(d, "") != d || Latest("", d) != d {
			t.Fatal("earliest or latest")
		}
	})
}
