// Package schedule says when: a clock whose jumps are noticed, the lines that wake up by it, and queues of work kept in
// tables. The alarm clock only wakes; what is due stands in the rows, so that nothing is missed while the desk is down.
package schedule

import (
	"fmt"
	"sync"
	"time"
)

// Layout is how moments are kept in tables: UTC, to the millisecond, sortable as text.
const Layout = "2006-01-02 15:04:05.000Z"

// Stamp returns the text form of a moment.
func Stamp(t time.Time) string { return t.UTC().Format(Layout) }

const (
	// DefaultJump is how far the system clock may stray from the time that has really passed before the desk no longer
	// believes it.
	DefaultJump = time.Hour
	// DefaultAway is how long a desk may have been down before somebody has to say that the clock is right: nothing on a
	// machine that was off tells a long rest from a clock that was set forward.
	DefaultAway = 72 * time.Hour
)

// ClockOptions are what a clock is made of; the zero value is the system's clock.
type ClockOptions struct {
	Jump   time.Duration        // 0 means DefaultJump
	Away   time.Duration        // 0 means DefaultAway
	Offset time.Duration        // the demo's moved time
	Wall   func() time.Time     // what the system says; tests put in their own
	Mono   func() time.Duration // what has really passed since some start, sleep included
	Boot   func() string        // which start that is; "" if the system does not tell
}

// Clock is the time of the desk: the system's, plus an offset by which a demo is moved. Once the system's clock has
// jumped, the desk goes on from the time it knew until a person has looked: nothing falls due, and nothing comes back to
// life, by a clock that is wrong. It is safe for concurrent use.
type Clock struct {
	wall func() time.Time
	mono func() time.Duration
	boot func() string
	jump time.Duration
	away time.Duration

	mu       sync.Mutex
	offset   time.Duration
	fromWall time.Time
	fromMono time.Duration
	why      Jump
}

// Causes of a Jump.
const (
	Jumped = "jumped" // while the desk ran, or while it was down and the machine was not
	Behind = "behind" // at start it stood before the newest moment on record
	Away   = "away"   // at start it stood long after the last time the desk ran
)

// Jump is why the clock is not believed. The zero value is no jump.
type Jump struct {
	Cause string
	Shows time.Time // what the system's clock showed when it was noticed
	Known time.Time // what the desk knew at that moment; of Away, when it last ran
}

// String is the jump in words for the log.
func (j Jump) String() string {
	return fmt.Sprintf("%s: the system clock shows %s, the desk knew %s", j.Cause, j.Shows.UTC().Format(time.RFC3339), j.Known.UTC().Format(time.RFC3339))
}

// NewClock starts a clock.
func NewClock(o ClockOptions) *Clock {
	c := &Clock{wall: o.Wall, mono: o.Mono, boot: o.Boot, jump: o.Jump, away: o.Away, offset: o.Offset}
	if c.wall == nil {
		c.wall = func() time.Time { return time.Now().Round(0) }
	}
	if c.mono == nil {
		c.mono = elapsed
	}
	if c.boot == nil {
		c.boot = bootID
	}
	if c.jump <= 0 {
		c.jump = DefaultJump
	}
	if c.away <= 0 {
		c.away = DefaultAway
	}
	c.fromWall, c.fromMono = c.wall(), c.mono()
	return c
}

// Now is the time at the desk, in UTC: the system's, or after a jump what has passed since the time the desk knew.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.look()
	if c.why.Cause != "" {
		now = c.reckoned()
	}
	return now.Add(c.offset).UTC()
}

// reckoned is the time by what has really passed.
func (c *Clock) reckoned() time.Time { return c.fromWall.Add(c.mono() - c.fromMono) }

// look compares the system's clock with the time that has really passed since the start or the last Resume, and returns
// what the system says; many small jumps add up.
func (c *Clock) look() time.Time {
	wall, known := c.wall(), c.reckoned()
	if c.why.Cause == "" && wall.Sub(known).Abs() > c.jump {
		c.why = Jump{Cause: Jumped, Shows: wall, Known: known}
	}
	return wall
}

// Offset is how far the demo's time is moved.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Move moves the time on by d. A moved time is no jump: the guard looks at the system's clock beneath it.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// SetOffset sets how far the time is moved, as it was kept over a restart.
func (c *Clock) SetOffset(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = d
}

// Paused says whether destructive lines wait for a person because the system clock jumped, and why.
func (c *Clock) Paused() (bool, string) {
	why := c.Why()
	if why.Cause == "" {
		return false, ""
	}
	return true, why.String()
}

// Why returns the jump for which the clock is not believed, the zero value if it is.
func (c *Clock) Why() Jump {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.look()
	return c.why
}

// Resume says that a person has looked and the system's time is right: comparing starts anew.
func (c *Clock) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.why, c.fromWall, c.fromMono = Jump{}, c.wall(), c.mono()
}
