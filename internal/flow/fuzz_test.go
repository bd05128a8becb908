package flow

import (
	"strings"
	"testing"
)

// FuzzCalendar: a calendar is refused, or counts days forward and back to the same.
func FuzzCalendar(f *testing.F) {
	f.Add(calendarCN, "2026-02-13", 5)
	for _, s := range []string{"", "date,kind,name\n2026-10-01,off,国庆\n", "2026-10-03,off,x", "2026-10-10,work,补班", "2026-13-01,off,x", "2026-10-01,off,a\n2026-10-01,off,b", "\ufeff2026-10-01,off", "2026-10-01;off;x"} {
		f.Add(s, "2026-10-01", 3)
	}
	f.Fuzz(func(t *testing.T, text, from string, n int) {
		c, err := ParseCalendar(strings.NewReader(text))
		if err != nil {
			return
		}
		d, err := ParseDay(from)
		if err != nil {
			return
		}
		n = int(uint(n) % 300)
		due := c.Add(d, n)
		if !due.Valid() {
			return // past the last day there is
		}
		if got := c.Between(d, due); n > 0 && got != n || due.Before(d) || n > 0 && !c.Working(due) {
			t.Errorf("%s and %d working days is %s, which is %d days on", d, n, due, got)
		}
		if len(c.Days()) == 0 || !c.Known(c.Days()[0]) || c.Ends().Before(c.Days()[len(c.Days())-1]) {
			t.Error("it does not know its own days")
		}
	})
}

// FuzzDay: a day is written in one way only.
func FuzzDay(f *testing.F) {
	for _, s := range []string{"2026-11-26", "2024-02-29", "2023-02-29", "0000-00-00", "0001-01-01", "9999-12-31", "2026-1-1", "+026-01-01", "２０２６-01-01", ""} {
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		d, err := ParseDay(s)
		if err != nil {
			return
		}
		if string(d) != s || !d.Valid() {
			t.Errorf("%q is read as %q", s, d)
		}
		n = n % 100_000
		if e := d.AddDays(n); e.Valid() && e.Sub(d) != n {
			t.Errorf("%s and %d days is %s, which is %d on", d, n, e, e.Sub(d))
		}
	})
}

// FuzzTables: a table of limits or of waiting times is refused, or each of its lines means something.
func FuzzTables(f *testing.F) {
	f.Add(limitsCSV)
	f.Add(coolDownCSV)
	for _, s := range []string{"", "name,by,count,window,zh-Hans,en\na,ip,0,1h,x,y", "name,by,count,window,zh-Hans,en\na,ip,1,-1h,x,y", "a,b\n\"", "name,by,count,window,zh-Hans,en\na,ip,99999999999999999999,1h,x,y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if list, err := ParseLimits(strings.NewReader(text)); err == nil {
			for _, l := range list {
				if l.Name == "" || l.Count < 1 || l.Window <= 0 {
					t.Errorf("limit %+v", l)
				}
			}
		}
		if rules, err := ParseCoolDownRules(strings.NewReader(text)); err == nil && len(rules) == 0 {
			t.Error("a table without lines is taken")
		}
	})
}
