package flow

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCalendarCN(t *testing.T) {
	c := CalendarCN()
	if c.Ends() != "2026-12-31" || !c.Known("2024-01-01") || c.Known("2023-12-31") || c.Known("2027-01-01") || c.Known("") {
		t.Errorf("reaches to %s", c.Ends())
	}
	var off, work int
	for _, d := range c.Days() {
		if !strings.HasPrefix(string(d), "2026") {
			continue
		}
		if c.Working(d) {
			work++
		} else {
			off++
		}
	}
	if off != 19 || work != 6 {
		t.Errorf("2026 has %d free weekdays and %d worked weekend days, announced were 19 and 6", off, work)
	}
}

func TestCalendarAdd(t *testing.T) {
	c := CalendarCN()
	for _, x := range []struct {
		from Day
		n    int
		want Day
	}{
		{"2026-11-23", 5, "2026-11-30"}, // a plain week
		{"2026-09-30", 1, "2026-10-08"}, // over the national holiday
		{"2026-09-30", 3, "2026-10-10"}, // a worked Saturday counts
		{"2026-02-13", 1, "2026-02-14"}, // and is itself a working day
		{"2026-02-15", 0, "2026-02-24"}, // Sunday before spring festival
		{"2026-11-23", 0, "2026-11-23"},
		{"2026-10-08", -1, "2026-09-30"},
		{"2026-12-31", 1, "2027-01-01"}, // not announced yet: the plain week
		{"2026-02-30", 1, ""},
		{"", 3, ""},
		{"9999-12-31", 1, ""},
		{"2026-11-23", 2_000_000, ""},
	} {
		if got := c.Add(x.from, x.n); got != x.want {
			t.Errorf("Add(%s, %d) = %q, want %q", x.from, x.n, got, x.want)
		}
	}
	if n := c.Between("2026-09-30", "2026-10-10"); n != 3 {
		t.Errorf("Between over the holiday = %d", n)
	}
	if n := c.Between("2026-10-10", "2026-09-30"); n != -3 {
		t.Errorf("Between backwards = %d", n)
	}
	if n := c.Between("", "2026-09-30"); n != 0 {
		t.Errorf("Between no day = %d", n)
	}
}

func TestZeroCalendarIsThePlainWeek(t *testing.T) {
	var c Calendar
	if !c.Working("2026-10-01") || c.Working("2026-10-10") || c.Known("2026-10-01") || c.Ends() != "" {
		t.Error("the zero calendar is not Monday to Friday, unannounced")
	}
}

func TestParseCalendarRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"2026-02-30,off,x":                   "line 1: \"2026-02-30\" is not a date",
		"# a\n\n2026-1-1,off,x":              "line 3: \"2026-1-1\" is not a date",
		"0000-10-10,off,x":                   "line 1: \"0000-10-10\" is not a date",
		"2026-10-03,off,x":                   "line 1: 2026-10-03 is a Saturday and free already",
		"2026-10-01,work,x":                  "line 1: 2026-10-01 is a Thursday and worked already",
		"2026-10-01,off,x\n2026-10-01,off,y": "line 2: 2026-10-01 is named twice",
		"2026-10-01,Off,x":                   "neither off nor work",
		"2026-10-01,off":                     "three columns",
		"":                                   "no days in it",
		"date,kind,name\n":                   "no days in it",
	} {
		_, err := ParseCalendar(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := ParseCalendar(strings.NewReader("\ufeffdate,kind,name\r\n2026-10-01,off,国庆节\r\n")); err != nil {
		t.Errorf("a file saved by a spreadsheet: %v", err)
	}
}

// slowWorking is the obvious reference: it reads the file's lines each time and asks package time for the weekday.
func slowWorking(d Day) bool {
	for line := range strings.Lines(calendarCN) {
		if f := strings.Split(line, ","); f[0] == string(d) {
			return f[1] == "work"
		}
	}
	t, _ := time.Parse("2006-01-02", string(d))
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

func anyDay(t *rapid.T, name string) Day {
	return Day("2023-06-01").AddDays(rapid.IntRange(0, 1900).Draw(t, name))
}

func TestCalendarAgainstReference(t *testing.T) {
	c := CalendarCN()
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDay(t, "day"), rapid.IntRange(-40, 40).Draw(t, "n")
		want, left := d, n
		next := func(step int) {
			for want = want.AddDays(step); !slowWorking(want); want = want.AddDays(step) {
			}
		}
		for ; left > 0; left-- {
			next(1)
		}
		for ; left < 0; left++ {
			next(-1)
		}
		if n == 0 && !slowWorking(d) {
			next(1)
		}
		got := c.Add(d, n)
		if got != want {
			t.Fatalf("Add(%s, %d) = %s, reference %s", d, n, got, want)
		}
		if !c.Working(got) || c.Working(d) != slowWorking(d) {
			t.Fatalf("%s or %s is wrongly worked", got, d)
		}
		if n > 0 && c.Between(d, got) != n {
			t.Fatalf("Between(%s, %s) = %d, want %d", d, got, c.Between(d, got), n)
		}
	})
}

func TestCalendarBetweenIsAdditive(t *testing.T) {
	c := CalendarCN()
	rapid.Check(t, func(t *rapid.T) {
		a, b, e := anyDay(t, "a"), anyDay(t, "b"), anyDay(t, "c")
		if c.Between(a, e) != c.Between(a, b)+c.Between(b, e) {
			t.Fatalf("Between is not additive over %s %s %s", a, b, e)
		}
		if n := rapid.IntRange(1, 60).Draw(t, "n"); !c.Add(a, n).After(c.Add(a, n-1)) && c.Working(a) {
			t.Fatalf("Add(%s, %d) is not later than with %d", a, n, n-1)
		}
	})
}
