package command_test

// A system clock that jumps, while the desk runs and while it is down: nothing is done by date until a manager has
// looked, and nothing comes back to life by a clock that was set back.

import (
	"sync"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/internal/testkit"
)

// hands are a system clock, and the time that has really passed since the machine started, moved by the test.
type hands struct {
	mu   sync.Mutex
	wall time.Time
	mono time.Duration
	boot string
}

func newHands() *hands {
	return &hands{wall: time.Now().Round(0), mono: time.Hour, boot: "the first start"}
}

func (h *hands) options() schedule.ClockOptions {
	locked := func(f func()) { h.mu.Lock(); defer h.mu.Unlock(); f() }
	return schedule.ClockOptions{
		Wall: func() (t time.Time) { locked(func() { t = h.wall }); return },
		Mono: func() (d time.Duration) { locked(func() { d = h.mono }); return },
		Boot: func() (s string) { locked(func() { s = h.boot }); return },
	}
}

// pass lets time go by as it should.
func (h *hands) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wall, h.mono = h.wall.Add(d), h.mono+d
}

// to lets time go by until then.
func (h *hands) to(at time.Time) {
	h.mu.Lock()
	by := at.Sub(h.wall)
	h.mu.Unlock()
	h.pass(by)
}

// set puts the system clock forward or back.
func (h *hands) set(by time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wall = h.wall.Add(by)
}

// off lets the machine be off for so long.
func (h *hands) off(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wall, h.mono, h.boot = h.wall.Add(d), time.Minute, h.boot+" and the next one"
}

// timed is a desk by hands, with certificates that live for years.
func timed(t *testing.T) (*world, *hands) {
	t.Helper()
	h := newHands()
	w := people(t, testkit.OpenAt(t, h.options()))
	w.Runner.Stop() // the test says when
	w.Desk.Desk.Committed = nil
	for range 3 {
		account, holder := w.somebody()
		w.passed(account, holder, "individual")
	}
	account, holder := w.somebody()
	w.submitted(account, holder, "individual") // waits for its review
	w.run()
	return w, h
}

// run does once what the clock's lines do.
func (w *world) run() {
	w.T.Helper()
	for _, l := range w.Runner.Lines() {
		if paused, _ := w.Clock.Paused(); paused && l.Destructive || l.Name == "jobs" || l.Name == "messages" {
			continue
		}
		if err := l.Run(w.ctx); err != nil {
			w.T.Fatalf("%s: %v", l.Name, err)
		}
	}
}

// dates are the rows that the sweeps change.
func (w *world) dates() (out string) {
	w.T.Helper()
	for _, c := range all[*records.Certificate](w, nil) {
		out += c.ID + " " + string(c.State) + " " + c.WarnOn + " " + c.RecheckOn + "\n"
	}
	for _, a := range all[*records.Application](w, nil) {
		out += a.ID + " " + string(a.State) + " " + a.RemindOn + "\n"
		if a.Late {
			out += "late\n"
		}
	}
	return out
}

// stands ends the test unless the clock is paused for this cause, the managers were told once and nothing was done.
func (w *world) stands(what, cause, before string) {
	w.T.Helper()
	for range 3 {
		w.run()
	}
	if why := w.Clock.Why(); why.Cause != cause {
		w.T.Errorf("%s: %q, want %q", what, why.Cause, cause)
	}
	if after := w.dates(); after != before {
		w.T.Errorf("%s: something was done by date:\n%s", what, testkit.Difference(before, after))
	}
	if n := len(w.Messages("clock_paused")); n != 1 {
		w.T.Errorf("%s: the managers were told %d times", what, n)
	}
	if n, err := ledger.Search(w.App.DB(), ledger.Query{Act: string(flow.PauseClock), Limit: 10}); err != nil || len(n) != 1 {
		w.T.Errorf("%s: %d entries, %v", what, len(n), err)
	}
	if b := load[*records.Brake](w, records.ClockBrake); b.State != flow.OnHold || b.Cause != cause {
		w.T.Errorf("%s: the brake is %+v", what, b)
	}
}

func TestClockJumpsWhileRunning(t *testing.T) {
	for name, by := range map[string]time.Duration{"back by a year": -365 * day, "on by a month": 31 * day, "on by ten years": 3653 * day} {
		t.Run(name, func(t *testing.T) {
			w, h := timed(t)
			before, known := w.dates(), w.Desk.Desk.Now()
			h.set(by)
			h.pass(10 * time.Minute)
			if now := w.Desk.Desk.Now(); now.Sub(known) != 10*time.Minute {
				t.Errorf("the desk's time moved by %s", now.Sub(known))
			}
			w.stands(name, schedule.Jumped, before)
			m := w.Messages("clock_paused")[0]
			zone, _ := time.LoadLocation("Asia/Shanghai")
			if want := h.wall.In(zone).Format("2006-01-02"); m.Words["shows"][:10] != want || m.Words["known"] != w.Desk.Desk.Now().In(zone).Format("2006-01-02 15:04") {
				t.Errorf("told %v", m.Words)
			}
			// People go on working meanwhile, by the time that the desk knew.
			account, holder := w.somebody()
			id := w.submitted(account, holder, "pension")
			if at := records.Moment(load[*records.Application](w, id).SubmittedAt); at.Sub(known).Abs() > time.Hour {
				t.Errorf("submitted at %s, the desk knew %s", at, known)
			}
			before = w.dates()
			// The clock is put right: a person still has to say so, and only a manager can.
			h.set(-by)
			w.stands(name+", put right", schedule.Jumped, before)
			if err := try(w, command.Of(w.lead), command.ResumeClock, records.DeskID, nothing); !isForbidden(err) {
				t.Errorf("a lead resumes: %v", err)
			}
			must(w, command.Of(w.manager), command.ResumeClock, records.DeskID, nothing)
			w.Clock.Resume() // as the door does
			w.run()
			if paused, why := w.Clock.Paused(); paused || w.dates() != before {
				t.Errorf("after the manager: %s %s", why, testkit.Difference(before, w.dates()))
			}
			w.verifies()
		})
	}
}

// What a manager confirms is believed: then, and not before, what is due by the new time is done.
func TestClockConfirmedForward(t *testing.T) {
	w, h := timed(t)
	before := w.dates()
	h.set(3653 * day)
	w.stands("on by ten years", schedule.Jumped, before)
	must(w, command.Of(w.manager), command.ResumeClock, records.DeskID, nothing)
	w.Clock.Resume()
	w.run()
	for _, c := range all[*records.Certificate](w, nil) {
		if c.State != flow.Expired {
			t.Errorf("%s is %s", c.Number, c.State)
		}
	}
	h.set(-3653 * day) // a second jump is noticed and told like the first
	w.run()
	if n := len(w.Messages("clock_paused")); n != 2 {
		t.Errorf("told %d times", n)
	}
}

// A session that ended stays ended when the clock is set back, and a code that ran out stays void.
func TestClockSetBackRevivesNothing(t *testing.T) {
	w, h := timed(t)
	now := w.Desk.Desk.Now
	until := now().Add(10 * time.Minute)
	h.pass(11 * time.Minute)
	h.set(-365 * day)
	if !now().After(until) {
		t.Errorf("what ended at %s lives again at %s", until, now())
	}
}

func TestClockOverARestart(t *testing.T) {
	for _, c := range []struct {
		name  string
		while func(h *hands) // what happens while the desk is down
		cause string         // "" if the desk goes on
	}{
		{"an hour later", func(h *hands) { h.pass(time.Hour) }, ""},
		{"ten days later, the machine was on", func(h *hands) { h.pass(10 * day) }, ""},
		{"the machine was off for a weekend", func(h *hands) { h.off(60 * time.Hour) }, ""},
		{"set forward while the machine was on", func(h *hands) { h.pass(time.Hour); h.set(31 * day) }, schedule.Jumped},
		{"set back while the machine was on", func(h *hands) { h.pass(time.Hour); h.set(-365 * day) }, schedule.Jumped},
		{"a battery that is empty", func(h *hands) { h.off(time.Hour); h.set(-365 * day) }, schedule.Behind},
		{"set forward while it was off", func(h *hands) { h.off(time.Hour); h.set(31 * day) }, schedule.Away},
		{"off for a month", func(h *hands) { h.off(31 * day) }, schedule.Away},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, h := timed(t)
			w.sql("UPDATE desk SET demo=FALSE") // a demo may be left alone for a year
			before, known := w.dates(), w.Desk.Desk.Now()
			c.while(h)
			w.again(h)
			if c.cause == "" {
				w.run()
				if paused, why := w.Clock.Paused(); paused || len(w.Messages("clock_paused")) != 0 {
					t.Errorf("paused: %s", why)
				}
				return
			}
			w.stands(c.name, c.cause, before)
			if now := w.Desk.Desk.Now(); now.Before(known.Truncate(time.Millisecond)) {
				t.Errorf("the desk's time went back from %s to %s", known, now)
			}
			w.again(h) // nobody has looked: a second restart changes nothing, and tells nobody again
			w.stands(c.name+", started again", c.cause, before)
			must(w, command.Of(w.manager), command.ResumeClock, records.DeskID, nothing)
			w.Clock.Resume()
			w.run()
			w.again(h)
			w.run()
			if paused, why := w.Clock.Paused(); paused {
				t.Errorf("paused after a manager had looked: %s", why)
			}
		})
	}
}

// A jump that is on record outlives a restart of the machine: the desk goes on from the time it knew.
func TestClockStillWrongAfterABoot(t *testing.T) {
	w, h := timed(t)
	w.sql("UPDATE desk SET demo=FALSE")
	before, known := w.dates(), w.Desk.Desk.Now()
	h.set(31 * day)
	w.stands("set forward", schedule.Jumped, before)
	h.off(time.Hour)
	w.again(h)
	w.stands("after the boot", schedule.Jumped, before)
	if now := w.Desk.Desk.Now(); now.Sub(known) < time.Hour || now.Sub(known) > 2*time.Hour {
		t.Errorf("the desk's time moved by %s", now.Sub(known))
	}
}

// again starts the desk anew on the same data.
func (w *world) again(h *hands) {
	w.T.Helper()
	w.Desk = w.Desk.Again(h.options())
	w.Runner.Stop()
	w.Desk.Desk.Committed = nil
}
