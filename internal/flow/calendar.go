package flow

import (
	"bufio"
	_ "embed" // the announced calendar
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Deadlines run in working days. The week is Monday to Friday; a calendar file names the days on which the country
// departs from it, for as many years as have been announced.

//go:embed calendar_cn.csv
var calendarCN string

// Calendar knows the working days. The zero Calendar is the plain week and knows no year.
type Calendar struct {
	odd         map[int]bool // days that depart from the week, by number: true is worked
	first, last int          // the first and last year announced
}

// CalendarCN returns the calendar of mainland China that this version carries.
var CalendarCN = sync.OnceValue(func() Calendar {
	c, err := ParseCalendar(strings.NewReader(calendarCN))
	if err != nil {
		panic("flow: calendar_cn.csv: " + err.Error()) // embedded, and read by a test
	}
	return c
})

// ParseCalendar reads lines "date,kind,name", kind off (a weekday that is free) or work (a day of the weekend that is
// worked). A wrong date, a day named twice, an "off" on a weekend or a "work" on a weekday is an error that names its
// line: a calendar that is half right moves deadlines unseen.
func ParseCalendar(r io.Reader) (Calendar, error) {
	c := Calendar{odd: map[int]bool{}}
	lines, n := bufio.NewScanner(r), 0
	for lines.Scan() {
		n++
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || line[0] == '#' || line == "date,kind,name" {
			continue
		}
		if err := c.add(line); err != nil {
			return Calendar{}, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return Calendar{}, err
	}
	if len(c.odd) == 0 {
		return Calendar{}, fmt.Errorf("no days in it")
	}
	return c, nil
}

func (c *Calendar) add(line string) error {
	date, rest, _ := strings.Cut(line, ",")
	kind, _, named := strings.Cut(rest, ",")
	d := Day(strings.TrimSpace(date))
	num, ok := d.number()
	_, twice := c.odd[num]
	switch {
	case !ok || d < "0001-01-01": // a year 0 would read as none
		return fmt.Errorf("%q is not a date of the form 2026-10-01", date)
	case !named:
		return fmt.Errorf("%q: three columns are needed: date,kind,name", line)
	case kind != "off" && kind != "work":
		return fmt.Errorf("%s: %q is neither off nor work", d, kind)
	case kind == "off" && weekend(d):
		return fmt.Errorf("%s is a %s and free already", d, d.Weekday())
	case kind == "work" && !weekend(d):
		return fmt.Errorf("%s is a %s and worked already", d, d.Weekday())
	case twice:
		return fmt.Errorf("%s is named twice", d)
	}
	c.odd[num] = kind == "work"
	year := d.In(time.UTC).Year()
	c.last = max(c.last, year)
	if c.first == 0 || year < c.first {
		c.first = year
	}
	return nil
}

// Days returns the days that depart from the week, in order.
func (c Calendar) Days() []Day {
	var all []Day
	for _, n := range slices.Sorted(maps.Keys(c.odd)) {
		all = append(all, dayAt(n))
	}
	return all
}

// Working reports whether d is a working day: as announced, or Monday to Friday where nothing is.
func (c Calendar) Working(d Day) bool {
	n, ok := d.number()
	return ok && c.working(n)
}

func (c Calendar) working(n int) bool {
	if work, odd := c.odd[n]; odd {
		return work
	}
	return (n%7+7)%7 < 2 || (n%7+7)%7 > 3 // day 0 was a Thursday: 2 is Saturday, 3 is Sunday
}

// Add returns the working day that is n working days after d, or before it when n is negative. With n = 0 it is d
// itself if worked, otherwise the next day that is.
func (c Calendar) Add(d Day, n int) Day {
	at, ok := d.number()
	if !ok || n > 1_000_000 || n < -1_000_000 {
		return ""
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	if n == 0 && !c.working(at) {
		n = 1
	}
	for n > 0 {
		if at += step; c.working(at) {
			n--
		}
	}
	return dayAt(at)
}

// Between returns how many working days lie after a up to and including b; negative where b is earlier.
func (c Calendar) Between(a, b Day) int {
	from, ok := a.number()
	to, ok2 := b.number()
	if !ok || !ok2 {
		return 0
	}
	if to < from {
		return -c.Between(b, a)
	}
	n := 0
	for at := from + 1; at <= to; at++ {
		if c.working(at) {
			n++
		}
	}
	return n
}

// Ends returns the last day that has been announced. A deadline past it is reckoned by the plain week and may move.
func (c Calendar) Ends() Day {
	if c.last == 0 {
		return ""
	}
	return Day(fmt.Sprintf("%04d-12-31", c.last))
}

// Known reports whether d lies in the years that have been announced.
func (c Calendar) Known(d Day) bool {
	return d.Valid() && c.last > 0 && d >= Day(fmt.Sprintf("%04d-01-01", c.first)) && d <= c.Ends()
}

func weekend(d Day) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }
