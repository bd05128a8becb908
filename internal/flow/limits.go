package flow

import (
	_ "embed" // the figures
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Public doors are counted. How often each may be used is data; here is only the counting.

//go:embed limits.csv
var limitsCSV string

// Limit says how often something may be done within any stretch of time as long as Window.
type Limit struct {
	Name   string
	By     string // what is counted apart: ip, network, contact, account, person, code, desk
	Count  int
	Window time.Duration
	Text   sdk.Text // what the person is told who comes too often
}

var limitKinds = []string{"ip", "network", "contact", "account", "person", "code", "desk"}

// Limits returns the lines of the file, in its order.
var Limits = sync.OnceValue(func() []Limit {
	all, err := ParseLimits(strings.NewReader(limitsCSV))
	if err != nil {
		panic("flow: limits.csv: " + err.Error()) // embedded, and read by a test
	}
	return all
})

// LimitNamed returns the limit of that name. It panics where there is none: a door without its limit must not open.
func LimitNamed(name string) Limit {
	at := slices.IndexFunc(Limits(), func(l Limit) bool { return l.Name == name })
	if at < 0 {
		panic("flow: no limit is named " + name)
	}
	return Limits()[at]
}

// Allow reports whether one more may be done at now, after those in hits; if not, from when it may. Hits need no order.
// A hit later than now counts too, so that setting the clock back opens no door, but never for longer than the window.
func (l Limit) Allow(hits []time.Time, now time.Time) (ok bool, again time.Time) {
	recent := l.recent(hits, now)
	if len(recent) < l.Count {
		return true, time.Time{}
	}
	if l.Count < 1 {
		return false, now.Add(l.Window)
	}
	again = recent[len(recent)-l.Count].Add(l.Window)
	if latest := now.Add(l.Window); again.After(latest) {
		again = latest
	}
	return false, again
}

// recent returns the hits that still count, in order.
func (l Limit) recent(hits []time.Time, now time.Time) []time.Time {
	var all []time.Time
	for _, h := range hits {
		if apart := now.Sub(h); apart < l.Window && apart > -l.Window {
			all = append(all, h)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// Hits counts one door for one caller. It never holds more than the limit's count. It is not safe for concurrent use.
type Hits struct{ at []time.Time }

// Take counts one more at now if the limit allows it. What is refused is not counted: waiting helps.
func (h *Hits) Take(l Limit, now time.Time) (ok bool, again time.Time) {
	h.at = l.recent(h.at, now)
	ok, again = l.Allow(h.at, now)
	if ok {
		h.at = append(h.at, now)
	}
	return ok, again
}

// Idle reports whether nothing counts any more, so that the counter can be dropped.
func (h *Hits) Idle(l Limit, now time.Time) bool { return len(l.recent(h.at, now)) == 0 }

// ParseLimits reads the file. A name given twice, an unknown kind, a figure out of range or a missing sentence is an
// error that names its line.
func ParseLimits(in io.Reader) ([]Limit, error) {
	rows, err := readTable(in, "name", "by", "count", "window", "zh-Hans", "en")
	if err != nil {
		return nil, err
	}
	var all []Limit
	for _, row := range rows {
		l, err := limitOf(row.cells)
		if err == nil && slices.ContainsFunc(all, func(x Limit) bool { return x.Name == l.Name }) {
			err = fmt.Errorf("%s is named twice", l.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", row.line, err)
		}
		all = append(all, l)
	}
	return all, nil
}

func limitOf(f []string) (l Limit, err error) {
	l = Limit{Name: f[0], By: f[1], Text: sdk.Text{ZhHans: f[4], En: f[5]}}
	if l.Count, err = figure(f[2], 1, 100_000); err != nil {
		return l, fmt.Errorf("count: %w", err)
	}
	l.Window, err = time.ParseDuration(f[3])
	switch {
	case l.Name == "":
		return l, fmt.Errorf("a limit needs a name")
	case !slices.Contains(limitKinds, l.By):
		return l, fmt.Errorf("%s: %q is none of %s", l.Name, l.By, strings.Join(limitKinds, ", "))
	case err != nil || l.Window < time.Second || l.Window > 31*24*time.Hour:
		return l, fmt.Errorf("%s: %q is no window such as 15m or 24h", l.Name, f[3])
	case l.Text.ZhHans == "" || l.Text.En == "":
		return l, fmt.Errorf("%s: a sentence is missing", l.Name)
	}
	return l, nil
}
