package flow

import "time"

// Day is a civil date in its text form, 2006-01-02: what deadlines are made of, as it is kept in the rows. It knows no
// hour and no zone. The empty Day is "no day"; reckoning with it, or with a text that is no date, gives no day again.
type Day string

const dayForm = "2006-01-02"

// ParseDay returns the day that s names. Refused with not_a_day.
func ParseDay(s string) (Day, error) {
	if d := Day(s); d.Valid() {
		return d, nil
	}
	return "", Refuse("not_a_day", s)
}

// DayOf returns the day that t is in loc.
func DayOf(t time.Time, loc *time.Location) Day { return Day(t.In(loc).Format(dayForm)) }

// Valid reports whether d is a date that exists.
func (d Day) Valid() bool {
	_, ok := d.number()
	return ok
}

// In returns the first moment of d in loc; where the clock skips midnight on that day, the first moment after it.
// No day gives the zero time.
func (d Day) In(loc *time.Location) time.Time {
	t, err := time.Parse(dayForm, string(d))
	if err != nil {
		return time.Time{}
	}
	at := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, loc)
	for DayOf(at, loc) < d {
		at = at.Add(15 * time.Minute)
	}
	return at
}

// AddDays returns the day n days after d, before it when n is negative.
func (d Day) AddDays(n int) Day {
	at, ok := d.number()
	if !ok {
		return ""
	}
	return dayAt(at + n)
}

// AddMonths returns the same day of the month n months later, or the last day of a month that is too short.
func (d Day) AddMonths(n int) Day {
	t, err := time.Parse(dayForm, string(d))
	if err != nil {
		return ""
	}
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dayFrom(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Sub returns the number of days from e to d, negative where d is earlier; 0 if either is no day.
func (d Day) Sub(e Day) int {
	a, ok := d.number()
	b, ok2 := e.number()
	if !ok || !ok2 {
		return 0
	}
	return a - b
}

// Before reports whether d is earlier than e. No day is before nothing, and nothing is before it.
func (d Day) Before(e Day) bool { return d.Valid() && e.Valid() && d < e }

// After reports whether d is later than e.
func (d Day) After(e Day) bool { return e.Before(d) }

// Weekday returns the day of the week; Sunday for no day, so that it is never taken for a working day.
func (d Day) Weekday() time.Weekday {
	n, ok := d.number()
	if !ok {
		return time.Sunday
	}
	return time.Weekday(((n+4)%7 + 7) % 7) // day 0 was a Thursday
}

// number counts days from 1970-01-01.
func (d Day) number() (int, bool) {
	t, err := time.Parse(dayForm, string(d))
	if err != nil {
		return 0, false
	}
	return int(floorDiv(t.Unix(), 86400)), true
}

func dayAt(n int) Day {
	const far = 4_000_000 // days: beyond the year 9999 either way, and no overflow in seconds
	if n > far || n < -far {
		return ""
	}
	return dayFrom(time.Unix(int64(n)*86400, 0).UTC())
}

func dayFrom(t time.Time) Day {
	if t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return Day(t.Format(dayForm))
}

func floorDiv(a, b int64) int64 {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

// Earliest returns the earlier of two days; the other one where one is no day.
func Earliest(a, b Day) Day {
	if !b.Valid() || a.Before(b) {
		return a
	}
	return b
}

// Latest returns the later of two days; the other one where one is no day.
func Latest(a, b Day) Day {
	if !b.Valid() || a.After(b) {
		return a
	}
	return b
}
