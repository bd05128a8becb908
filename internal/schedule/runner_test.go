package schedule

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// logs is a place for log lines that may be read while it is written.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(p) }
func (l *logs) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.b.String()), "\n")
}

func runner(t *testing.T, c *Clock, lines ...Line) (*Runner, *logs) {
	t.Helper()
	out := &logs{}
	r, err := NewRunner(c, slog.New(slog.NewJSONHandler(out, nil)), lines)
	if err != nil {
		t.Fatal(err)
	}
	return r, out
}

func never(context.Context) error { return nil }

func TestRunnerRefusesBadLines(t *testing.T) {
	for name, lines := range map[string][]Line{
		"no name":        {{Spec: "@daily", Run: never}},
		"no work":        {{Name: "a", Spec: "@daily"}},
		"twice":          {{Name: "a", Spec: "@daily", Run: never}, {Name: "a", Spec: "@daily", Run: never}},
		"not a spec":     {{Name: "a", Spec: "every day", Run: never}},
		"six fields":     {{Name: "a", Spec: "0 0 * * * *", Run: never}},
		"zone":           {{Name: "a", Spec: "CRON_TZ=Europe/Berlin 30 2 * * *", Run: never}},
		"zone, in short": {{Name: "a", Spec: "TZ=Asia/Shanghai 30 2 * * *", Run: never}},
	} {
		if _, err := NewRunner(NewClock(ClockOptions{}), slog.Default(), lines); err == nil {
			t.Error(name, "accepted")
		}
	}
}

func TestRunnerRunsBySpecAndAtStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		r, _ := runner(t, NewClock(ClockOptions{}), Line{Name: "tick", Spec: "@every 30s", Run: func(context.Context) error { n.Add(1); return nil }})
		r.Start()
		synctest.Wait()
		if n.Load() != 1 {
			t.Fatal("no catching up at start:", n.Load())
		}
		time.Sleep(5*time.Minute + time.Second)
		r.Stop()
		if n.Load() != 11 {
			t.Fatal(n.Load())
		}
		time.Sleep(time.Hour)
		r.Wake("tick")
		synctest.Wait()
		if n.Load() != 11 {
			t.Fatal("runs after Stop")
		}
	})
}

func TestRunnerGoesOnAfterPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bad, good int
		r, out := runner(t, NewClock(ClockOptions{}),
			Line{Name: "bad", Spec: "@every 1m", Run: func(context.Context) error { bad++; panic("broken glass") }},
			Line{Name: "good", Spec: "@every 1m", Run: func(context.Context) error { good++; return nil }})
		r.Start()
		time.Sleep(4*time.Minute + time.Second)
		r.Stop()
		if bad != 5 || good != 5 {
			t.Fatal(bad, good)
		}
		if s := r.Status()[0]; s.Panics != 5 || s.Error != "panic: broken glass" || s.Runs != 5 {
			t.Fatalf("%+v", s)
		}
		if len(out.lines()) != 5 {
			t.Fatal(out.lines())
		}
		for _, one := range out.lines() {
			var x map[string]any
			if err := json.Unmarshal([]byte(one), &x); err != nil || x["line"] != "bad" || x["error"] != "broken glass" || x["stack"] == nil {
				t.Fatal(one, err)
			}
		}
	})
}

func TestRunnerNeverTwiceAtOnceAndNoWakeLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at, most, n atomic.Int32
		r, _ := runner(t, NewClock(ClockOptions{}), Line{Name: "slow", Spec: "@every 1s", Run: func(context.Context) error {
			most.Store(max(most.Load(), at.Add(1)))
			time.Sleep(10 * time.Second)
			at.Add(-1)
			n.Add(1)
			return nil
		}})
		r.Start()
		time.Sleep(time.Minute)
		r.Stop()
		if most.Load() != 1 || n.Load() < 5 {
			t.Fatal(most.Load(), n.Load())
		}
	})
	synctest.Test(t, func(t *testing.T) { // a thing put down before each wake is always taken up
		var things, taken atomic.Int32
		r, _ := runner(t, NewClock(ClockOptions{}), Line{Name: "take", Spec: "@yearly", Run: func(context.Context) error {
			taken.Store(things.Load())
			return nil
		}})
		for range 8 {
			go func() {
				for range 500 {
					things.Add(1)
					r.Wake("take")
				}
			}()
		}
		synctest.Wait()
		if taken.Load() != 4000 {
			t.Fatal(taken.Load())
		}
		r.Stop()
	})
}

func TestRunnerPausesDestructiveLines(t *testing.T) {
	h, c := newHands()
	var did []string
	do := func(name string) func(context.Context) error {
		return func(context.Context) error { did = append(did, name); return nil }
	}
	r, out := runner(t, c, Line{Name: "expire", Spec: "@hourly", Destructive: true, Run: do("expire")}, Line{Name: "send", Spec: "@hourly", Run: do("send")})
	h.wall = h.wall.Add(400 * 24 * time.Hour)
	for range 2 {
		if err := r.RunAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	c.Resume()
	if err := r.RunAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(did, []string{"send", "send", "expire", "send"}) || r.Status()[0].Skipped != 2 {
		t.Fatal(did, r.Status())
	}
	if !strings.Contains(out.lines()[0], "line waits") {
		t.Fatal(out.lines())
	}
	r.Stop()
}

func TestRunAllInOrderUntilNothingIsWoken(t *testing.T) {
	var did []string
	var r *Runner
	left := 3
	r, _ = runner(t, NewClock(ClockOptions{}),
		Line{Name: "send", Spec: "@hourly", Run: func(context.Context) error { did = append(did, "send"); return nil }},
		Line{Name: "sweep", Spec: "@hourly", Run: func(context.Context) error {
			did = append(did, "sweep")
			if left--; left > 0 {
				r.Wake("sweep")
				r.Wake("send")
			}
			return nil
		}})
	if err := r.RunAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(did, " "); got != "send sweep send sweep send sweep" {
		t.Fatal(got)
	}
	r.Wake("nobody") // logged, not fatal
	r.Stop()
	if err := r.RunAll(t.Context()); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestRunAllTellsFailures(t *testing.T) {
	broken := errors.New("disk full")
	var after bool
	r, out := runner(t, NewClock(ClockOptions{}),
		Line{Name: "a", Spec: "@hourly", Run: func(context.Context) error { return broken }},
		Line{Name: "b", Spec: "@hourly", Run: func(context.Context) error { panic("oh") }},
		Line{Name: "c", Spec: "@hourly", Run: func(context.Context) error { after = true; return nil }})
	err := r.RunAll(t.Context())
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "b: panic") || !after {
		t.Fatal(err, after)
	}
	if len(out.lines()) != 2 {
		t.Fatal(out.lines())
	}
	var again *Runner
	again, _ = runner(t, NewClock(ClockOptions{}), Line{Name: "a", Spec: "@hourly", Run: func(ctx context.Context) error {
		if ctx.Err() == nil {
			again.Wake("a")
		}
		return nil
	}})
	if err := again.RunAll(t.Context()); !errors.Is(err, ErrStillDue) {
		t.Fatal(err)
	}
	again.Stop()
	r.Stop()
}

func TestStopTellsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := false
		r, out := runner(t, NewClock(ClockOptions{}), Line{Name: "long", Spec: "@hourly", Run: func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(3 * time.Second) // tidying up
			ended = true
			return ctx.Err()
		}})
		r.Start()
		synctest.Wait()
		r.Stop()
		if !ended || out.b.Len() != 0 {
			t.Fatal(ended, out.lines())
		}
	})
}
