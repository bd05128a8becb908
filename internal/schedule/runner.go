// The lines of the clock: what is done how often. A line never runs twice at once, a panic ends its run and nothing else,
// and a wake-up is never lost, not even one that comes while the line is about to finish.

package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// Line is one thing done by the clock.
type Line struct {
	Name        string
	Spec        string // five fields in UTC, or "@every 30s"
	Destructive bool   // not while the clock is paused
	Run         func(ctx context.Context) error
}

// Status is how a line fared, for the health page.
type Status struct {
	Name    string
	Runs    int
	Panics  int
	Skipped int // times it was due while the clock was paused
	Last    time.Time
	Took    time.Duration
	Error   string // of the last run
}

// Runner runs the lines. It is made once; after Stop it stays stopped.
type Runner struct {
	clock *Clock
	log   *slog.Logger
	cron  *cron.Cron
	lines []*line
	names map[string]*line

	ctx    context.Context
	cancel context.CancelFunc

	mu        sync.Mutex // of the three below
	stopped   bool
	gathering int // RunAll is under way: wake-ups are noted, not started
	running   sync.WaitGroup
	all       sync.Mutex // one RunAll at a time
	caught    chan struct{}
}

// ErrStillDue says that after many rounds lines still woke each other.
var ErrStillDue = errors.New("schedule: lines keep waking each other")

// NewRunner checks the lines. A name used twice, a schedule that cannot be read or one with a zone of its own is an error:
// cron repeats and leaves out hours where clocks change, so all lines are in UTC.
func NewRunner(clock *Clock, log *slog.Logger, lines []Line) (*Runner, error) {
	r := &Runner{clock: clock, log: log, cron: cron.New(cron.WithLocation(time.UTC)), names: map[string]*line{}, caught: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	for _, one := range lines {
		if one.Name == "" || one.Run == nil || r.names[one.Name] != nil {
			return nil, fmt.Errorf("schedule: line %q is not complete or there twice", one.Name)
		}
		if strings.Contains(one.Spec, "TZ=") {
			return nil, fmt.Errorf("schedule: line %q: schedules are in UTC", one.Name)
		}
		l := newLine(r, one)
		if _, err := r.cron.AddFunc(one.Spec, l.tick); err != nil {
			return nil, fmt.Errorf("schedule: line %q: %w", one.Name, err)
		}
		r.lines, r.names[one.Name] = append(r.lines, l), l
	}
	return r, nil
}

// Start begins to wake the lines, and runs each once in order to catch up with what fell due while the desk was down.
func (r *Runner) Start() {
	if !r.begin() {
		return
	}
	r.cron.Start()
	go func() {
		defer close(r.caught)
		defer r.running.Done()
		for _, l := range r.lines {
			l.turn()
		}
	}()
}

// Caught is closed when the catching up that Start began has ended.
func (r *Runner) Caught() <-chan struct{} { return r.caught }

// Stop wakes no line any more, tells the running ones by their context and waits until they have returned.
func (r *Runner) Stop() {
	r.mu.Lock()
	r.stopped = true
	r.mu.Unlock()
	done := r.cron.Stop()
	r.cancel()
	<-done.Done()
	r.running.Wait()
}

// Wake runs a line soon. If it is running already it runs once more after that.
func (r *Runner) Wake(name string) {
	l := r.names[name]
	if l == nil {
		r.log.Error("no such line", "line", name)
		return
	}
	l.want.Store(true)
	r.mu.Lock()
	gathering := r.gathering > 0
	r.mu.Unlock()
	if gathering || !r.begin() {
		return
	}
	go func() {
		defer r.running.Done()
		l.turn()
	}()
}

// begin counts a run in, unless the runner is stopped.
func (r *Runner) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return false
	}
	r.running.Add(1)
	return true
}

const rounds = 100

// RunAll runs every line once, in order, and then those that were woken by it, until none is. The lines' errors are
// joined; ErrStillDue if they never come to rest.
func (r *Runner) RunAll(ctx context.Context) error {
	if !r.begin() {
		return context.Canceled
	}
	defer r.running.Done()
	r.all.Lock()
	defer r.all.Unlock()
	r.gather(1)
	defer r.gather(-1)
	for _, l := range r.lines {
		l.want.Store(true)
	}
	var errs []error
	for range rounds {
		ran := false
		for _, l := range r.lines {
			if err := ctx.Err(); err != nil {
				return err
			}
			if l.want.Load() {
				ran = true
				errs = append(errs, l.now(ctx))
			}
		}
		if !ran {
			return errors.Join(errs...)
		}
	}
	return errors.Join(append(errs, ErrStillDue)...)
}

// gather notes that a RunAll begins or ends. What was woken too late for the last round runs by itself.
func (r *Runner) gather(by int) {
	r.mu.Lock()
	r.gathering += by
	r.mu.Unlock()
	if by > 0 {
		return
	}
	for _, l := range r.lines {
		if l.want.Load() && r.ctx.Err() == nil {
			r.Wake(l.Name)
		}
	}
}

// Lines returns what the runner was made of, in order.
func (r *Runner) Lines() []Line {
	var all []Line
	for _, l := range r.lines {
		all = append(all, l.Line)
	}
	return all
}

// Status returns how each line fared, in order.
func (r *Runner) Status() []Status {
	var all []Status
	for _, l := range r.lines {
		l.state.Lock()
		all = append(all, l.status)
		l.state.Unlock()
	}
	return all
}
