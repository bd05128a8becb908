package schedule

import (
	"strings"
	"testing"
	"time"
)

// hands are a wall clock and real time that a test moves by hand.
type hands struct {
	wall time.Time
	mono time.Duration
}

func (h *hands) pass(d time.Duration) { h.wall, h.mono = h.wall.Add(d), h.mono+d }

func newHands() (*hands, *Clock) {
	h := &hands{wall: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))}
	return h, NewClock(ClockOptions{Wall: func() time.Time { return h.wall }, Mono: func() time.Duration { return h.mono }})
}

func TestClockNoticesJumps(t *testing.T) {
	for name, x := range map[string]struct {
		jumps []time.Duration
		want  bool
	}{
		"none":              {nil, false},
		"an hour exactly":   {[]time.Duration{time.Hour}, false},
		"more than an hour": {[]time.Duration{time.Hour + time.Second}, true},
		"back by a day":     {[]time.Duration{-24 * time.Hour}, true},
		"on by a year":      {[]time.Duration{365 * 24 * time.Hour}, true},
		"little by little":  {[]time.Duration{40 * time.Minute, 40 * time.Minute}, true},
		"there and back":    {[]time.Duration{40 * time.Minute, -40 * time.Minute, 40 * time.Minute}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h, c := newHands()
			got := false
			for _, j := range x.jumps {
				h.pass(3 * time.Hour)
				h.wall = h.wall.Add(j)
				got, _ = c.Paused()
			}
			if got != x.want {
				t.Fatalf("paused %v, want %v", got, x.want)
			}
		})
	}
}

func TestClockStaysPausedUntilResumed(t *testing.T) {
	h, c := newHands()
	h.wall = h.wall.Add(48 * time.Hour)
	if paused, why := c.Paused(); !paused || !strings.Contains(why, "shows 2026-11-25T01:00:00Z, the desk knew 2026-11-23T01:00:00Z") {
		t.Fatal(paused, why)
	}
	h.wall = h.wall.Add(-48 * time.Hour) // put right by itself: a person still has to look
	if paused, _ := c.Paused(); !paused {
		t.Fatal("not paused any more")
	}
	c.Resume()
	h.pass(100 * time.Hour)
	if paused, why := c.Paused(); paused {
		t.Fatal(why)
	}
}

func TestClockMovedTimeIsNoJump(t *testing.T) {
	h, c := newHands()
	c.Move(24 * time.Hour)
	c.Move(31 * 24 * time.Hour)
	if paused, why := c.Paused(); paused {
		t.Fatal(why)
	}
	if want := h.wall.Add(32 * 24 * time.Hour); !c.Now().Equal(want) || c.Now().Location() != time.UTC || c.Offset() != 32*24*time.Hour {
		t.Fatal(c.Now(), want)
	}
	c.SetOffset(0)
	if !c.Now().Equal(h.wall) {
		t.Fatal(c.Now())
	}
}

func TestClockSetBackWhileDown(t *testing.T) {
	h, c := newHands()
	c.NotBefore(h.wall.Add(time.Hour))
	if paused, _ := c.Paused(); paused {
		t.Fatal("paused for an hour")
	}
	c.NotBefore(h.wall.Add(25 * time.Hour))
	if paused, why := c.Paused(); !paused || !strings.Contains(why, "behind: ") {
		t.Fatal(paused, why)
	}
}

func TestClockOfTheSystem(t *testing.T) {
	c := NewClock(ClockOptions{Offset: time.Minute})
	if paused, why := c.Paused(); paused {
		t.Fatal(why)
	}
	if d := time.Until(c.Now()); d < 0 || d > time.Minute {
		t.Fatal(d)
	}
	if got := Stamp(time.Date(2026, 11, 23, 9, 0, 0, 5e6, time.FixedZone("CST", 8*3600))); got != "2026-11-23 01:00:00.005Z" {
		t.Fatal(got)
	}
}
