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

// DefaultJump is how far the system clock may stray from the time that has really passed before the sweeps are paused.
const DefaultJump = time.Hour

// ClockOptions are what a clock is made of; the zero value is the system's clock.
type ClockOptions struct {
	Jump   time.Duration        // 0 means DefaultJump
	Offset time.Duration        // the demo's moved time
	Wall   func() time.Time     // what the system says; tests put in their own
	Mono   func() time.Duration // what has really passed since some start, sleep included
}

// Clock is the time of the desk: the system's, plus an offset by which a demo is moved. It is safe for concurrent use.
type Clock struct {
	wall func() time.Time
	mono func() time.Duration
	jump time.Duration

	mu        sync.Mutex
	offset    time.Duration
	fromWall  time.Time
	fromMono  time.Duration
	pausedFor string
}

// NewClock starts a clock.
func NewClock(o ClockOptions) *Clock {
	c := &Clock{wall: o.Wall, mono: o.Mono, jump: o.Jump, offset: o.Offset}
	if c.wall == nil {
		c.wall = func() time.Time { return time.Now().Round(0) }
	}
	if c.mono == nil {
		c.mono = elapsed
	}
	if c.jump <= 0 {
		c.jump = DefaultJump
	}
	c.fromWall, c.fromMono = c.wall(), c.mono()
	return c
}

// Now is the time at the desk, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall().Add(c.offset).UTC()
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

// Paused says whether destructive lines wait for a person because the system clock jumped, and why. Every call compares
// the system's clock with the time that has really passed since the start or the last Resume; many small jumps add up.
func (c *Clock) Paused() (bool, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pausedFor == "" {
		strayed := c.wall().Sub(c.fromWall) - (c.mono() - c.fromMono)
		if strayed.Abs() > c.jump {
			c.pausedFor = fmt.Sprintf("the system clock jumped by %s", strayed.Round(time.Second))
		}
	}
	return c.pausedFor != "", c.pausedFor
}

// NotBefore tells the clock the newest moment on record, once, at start. A clock that stands before it by more than the
// jump allowed was set back while the desk was down: it is paused.
func (c *Clock) NotBefore(newest time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if behind := newest.Sub(c.wall().Add(c.offset)); behind > c.jump {
		c.pausedFor = fmt.Sprintf("the system clock stands %s before the newest record", behind.Round(time.Second))
	}
}

// Resume says that a person has looked and the time is right: comparing starts anew.
func (c *Clock) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pausedFor, c.fromWall, c.fromMono = "", c.wall(), c.mono()
}
