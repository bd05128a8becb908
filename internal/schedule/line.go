// One line at work: one run at a time, a panic caught and reported, a failure logged in one line.

package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"
)

type line struct {
	Line
	r     *Runner
	chain cron.Job
	want  atomic.Bool  // somebody wants it to run
	turns atomic.Int64 // times the chain let somebody in
	alone sync.Mutex   // held while it runs, by the chain's winner or by RunAll

	state  sync.Mutex
	status Status
}

func newLine(r *Runner, one Line) *line {
	l := &line{Line: one, r: r, status: Status{Name: one.Name}}
	log := cronLog{r.log.With("line", one.Name), l}
	// In this order: the other way round, a panic would keep the place taken and the line would never run again.
	l.chain = cron.NewChain(cron.SkipIfStillRunning(log), cron.Recover(log)).Then(cron.FuncJob(l.body))
	return l
}

// tick is what cron calls.
func (l *line) tick() {
	if !l.r.begin() {
		return
	}
	defer l.r.running.Done()
	l.turn()
}

// turn runs the line if nobody does, as long as it is wanted. One who is turned away leaves the wish behind; the one who
// runs looks for it after giving up the place, so that no wish is lost between the two.
func (l *line) turn() {
	l.want.Store(true)
	for l.want.Load() && l.r.ctx.Err() == nil {
		before := l.turns.Load()
		l.chain.Run()
		if l.turns.Load() == before {
			return
		}
	}
}

func (l *line) body() {
	l.turns.Add(1)
	for l.want.Swap(false) && l.r.ctx.Err() == nil {
		_ = l.once(l.r.ctx)
	}
}

// now runs the line in the caller's time, after a run under way has ended. A panic becomes an error.
func (l *line) now(ctx context.Context) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.r.ctx, cancel)()
	l.want.Store(false)
	cron.NewChain(cron.Recover(cronLog{l.r.log.With("line", l.Name), l})).Then(cron.FuncJob(func() {
		err = fmt.Errorf("%s: panic", l.Name)
		err = l.once(ctx)
	})).Run()
	return err
}

func (l *line) once(ctx context.Context) error {
	l.alone.Lock()
	defer l.alone.Unlock()
	if l.Destructive {
		if paused, why := l.r.clock.Paused(); paused {
			l.note(func(s *Status) { s.Skipped++ })
			l.r.log.Warn("line waits", "line", l.Name, "because", why)
			return nil
		}
	}
	began := time.Now()
	l.note(func(s *Status) { s.Runs, s.Last, s.Error = s.Runs+1, l.r.clock.Now(), "" })
	err := l.Run(ctx)
	l.note(func(s *Status) { s.Took = time.Since(began) })
	if err == nil || errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil
	}
	l.note(func(s *Status) { s.Error = err.Error() })
	l.r.log.Error("line failed", "line", l.Name, "error", err.Error())
	return fmt.Errorf("%s: %w", l.Name, err)
}

func (l *line) note(change func(*Status)) {
	l.state.Lock()
	defer l.state.Unlock()
	change(&l.status)
}

// cronLog is how cron's own words get into our log.
type cronLog struct {
	log *slog.Logger
	l   *line
}

func (c cronLog) Info(msg string, kv ...any) { c.log.Debug(msg, kv...) }

func (c cronLog) Error(err error, msg string, kv ...any) {
	c.l.note(func(s *Status) { s.Panics, s.Error = s.Panics+1, "panic: "+err.Error() })
	c.log.Error(msg, append([]any{"error", err.Error()}, kv...)...)
}
