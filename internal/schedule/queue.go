// Work kept in a table: who does it holds a lease, who fails tries again later, who fails for good is listed. A row is done
// at most once more for each crash between the doing and the noting, and never after it was noted.

package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/fault"
)

// DB runs f in one immediate transaction: all of it or nothing.
type DB interface {
	RunInTransaction(f func(tx dbx.Builder) error) error
}

// Queue is a table with the columns id, state, due_at, lease_until, attempts and error. Empty text means none.
type Queue struct {
	Table   string
	Columns []string // further columns that the work needs to see
	DB      DB
	Now     func() time.Time // the desk's clock
	Log     *slog.Logger     // the default one if nil

	Ready  string // state of rows to be done; "queued" if empty
	Done   string // state when done; "done" if empty
	Failed string // state after a permanent error; that of Dead if empty
	Dead   string // state after the last attempt; "dead" if empty

	Lease    time.Duration   // how long a row belongs to one who took it; 5 minutes if 0
	Attempts int             // 8 if 0
	Backoff  []time.Duration // waits after each attempt, the last one repeated; DefaultBackoff if nil

	mu    sync.Mutex
	owing []note // outcomes that could not be written
}

// DefaultBackoff is for partners who come back within a day.
var DefaultBackoff = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

// Item is a row that was taken.
type Item struct {
	ID      string
	Attempt int // 1 the first time
	Row     map[string]string
	lease   string
}

// Outcome is what a success leaves in the row: another state than Done, further columns.
type Outcome struct {
	State string
	Set   dbx.Params
}

// Work does one item. An error is temporary unless it says otherwise: see Permanent, After and Hold. The end of ctx asks it
// to stop; an item given back because of that is not counted as tried.
type Work func(ctx context.Context, item Item) (Outcome, error)

// Drain does every due row, one after the other, until none is due, ctx ends or the table cannot be reached. It returns how
// many were taken. Several may drain the same table at once; no row is given to two of them while a lease holds.
func (q *Queue) Drain(ctx context.Context, work Work) (n int, err error) {
	if err := q.repay(); err != nil {
		return 0, err
	}
	if err := q.bury(); err != nil {
		return 0, err
	}
	for ctx.Err() == nil {
		item, ok, err := q.claim()
		if err != nil || !ok {
			return n, err
		}
		n++
		o, workErr := q.guarded(ctx, work, item)
		if err := q.settle(ctx, item, o, workErr); err != nil {
			return n, err
		}
	}
	return n, nil
}

// guarded makes a panic an error like any other, so that the row is tried again and at last listed.
func (q *Queue) guarded(ctx context.Context, work Work, item Item) (o Outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
			or(q.Log, slog.Default()).Error("work panicked", "table", q.Table, "item", item.ID, "error", err.Error(), "stack", string(debug.Stack()))
		}
	}()
	return work(ctx, item)
}

// claim takes the row that is due longest. A row whose lease has run out is due again: whoever took it is gone.
func (q *Queue) claim() (item Item, ok bool, err error) {
	now := q.Now()
	item.lease = Stamp(now.Add(or(q.Lease, 5*time.Minute)))
	row := dbx.NullStringMap{}
	err = q.DB.RunInTransaction(func(tx dbx.Builder) error {
		if err := fault.At("queue.claim"); err != nil {
			return err
		}
		err := tx.NewQuery(fmt.Sprintf(`UPDATE {{%[1]s}} SET [[lease_until]]={:lease}, [[attempts]]=[[attempts]]+1
			WHERE [[id]] = (SELECT [[id]] FROM {{%[1]s}} WHERE [[state]]={:ready} AND [[due_at]]<={:now} AND [[lease_until]]<={:now}
				AND [[attempts]]<{:most} ORDER BY [[due_at]], [[id]] LIMIT 1)
			RETURNING %[2]s`, q.Table, q.returning())).
			Bind(dbx.Params{"lease": item.lease, "now": Stamp(now), "ready": or(q.Ready, "queued"), "most": or(q.Attempts, 8)}).One(row)
		if isNoRows(err) {
			return nil
		}
		ok = err == nil
		return err
	})
	if err != nil || !ok {
		return Item{}, false, wrap(q.Table, "claim", err)
	}
	item.Row = map[string]string{}
	for k, v := range row {
		item.Row[k] = v.String
	}
	item.ID = item.Row["id"]
	_, err = fmt.Sscan(item.Row["attempts"], &item.Attempt)
	return item, err == nil, wrap(q.Table, "claim", err)
}

// Free gives back what a process that died had taken, so that nobody waits for its leases to run out. It is for the start,
// before anybody drains, and only where no other process works on the table.
func (q *Queue) Free() error {
	return wrap(q.Table, "free", q.DB.RunInTransaction(func(tx dbx.Builder) error {
		_, err := tx.NewQuery(fmt.Sprintf(`UPDATE {{%s}} SET [[lease_until]]='' WHERE [[state]]={:ready} AND [[lease_until]]<>''`, q.Table)).
			Bind(dbx.Params{"ready": or(q.Ready, "queued")}).Execute()
		return err
	}))
}

func (q *Queue) returning() string {
	names := []string{"[[id]]", "[[attempts]]"}
	for _, c := range q.Columns {
		names = append(names, "[["+c+"]]")
	}
	return strings.Join(names, ", ")
}

// bury lists rows whose last attempt ended without a word: the process died each time.
func (q *Queue) bury() error {
	return wrap(q.Table, "bury", q.DB.RunInTransaction(func(tx dbx.Builder) error {
		_, err := tx.NewQuery(fmt.Sprintf(`UPDATE {{%s}} SET [[state]]={:dead}, [[error]]={:error}, [[lease_until]]=''
			WHERE [[state]]={:ready} AND [[due_at]]<={:now} AND [[lease_until]]<={:now} AND [[attempts]]>={:most}`, q.Table)).
			Bind(dbx.Params{"dead": or(q.Dead, "dead"), "error": "interrupted", "ready": or(q.Ready, "queued"), "now": Stamp(q.Now()), "most": or(q.Attempts, 8)}).
			Execute()
		return err
	}))
}

// note is what is to be written about an item.
type note struct {
	item Item
	set  dbx.Params
}

// settle writes the outcome. If the table cannot be written, the outcome is kept and written before anything else is taken,
// so that what was done is not done again by this process.
func (q *Queue) settle(ctx context.Context, item Item, o Outcome, workErr error) error {
	n := note{item, q.verdict(ctx, item, o, workErr)}
	if err := q.write(n); err != nil {
		q.mu.Lock()
		q.owing = append(q.owing, n)
		q.mu.Unlock()
		return err
	}
	return nil
}

func (q *Queue) verdict(ctx context.Context, item Item, o Outcome, err error) dbx.Params {
	var how *waiting
	hasWait := errors.As(err, &how)
	set := dbx.Params{"lease_until": ""}
	switch {
	case err == nil:
		set["state"], set["error"] = or(o.State, q.Done, "done"), ""
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		set["attempts"] = item.Attempt - 1
	case hasWait && how.permanent:
		set["state"], set["error"] = or(o.State, q.Failed, q.Dead, "dead"), err.Error()
	case hasWait && how.hold:
		set["attempts"], set["due_at"], set["error"] = item.Attempt-1, Stamp(q.Now().Add(how.wait)), err.Error()
	case item.Attempt >= or(q.Attempts, 8):
		set["state"], set["error"] = or(q.Dead, "dead"), err.Error()
	default:
		wait := q.backoff(item.Attempt)
		if hasWait {
			wait = how.wait
		}
		set["due_at"], set["error"] = Stamp(q.Now().Add(wait)), err.Error()
	}
	for k, v := range o.Set {
		set[k] = v
	}
	return set
}

// write puts the outcome down if the lease is still this one's; otherwise somebody else answers for the row by now.
func (q *Queue) write(n note) error {
	var hit int64
	err := q.DB.RunInTransaction(func(tx dbx.Builder) error {
		if err := fault.At("queue.settle"); err != nil {
			return err
		}
		res, err := tx.Update(q.Table, n.set, dbx.HashExp{"id": n.item.ID, "state": or(q.Ready, "queued"),
			"lease_until": n.item.lease, "attempts": n.item.Attempt}).Execute()
		if err == nil {
			hit, err = res.RowsAffected()
		}
		return err
	})
	if err == nil {
		err = fault.At("queue.settled")
	}
	if err == nil && hit == 0 {
		or(q.Log, slog.Default()).Warn("lease was lost", "table", q.Table, "item", n.item.ID)
	}
	return wrap(q.Table, "settle", err)
}

// repay writes outcomes that could not be written before.
func (q *Queue) repay() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.owing) > 0 {
		if err := q.write(q.owing[0]); err != nil {
			return err
		}
		q.owing = q.owing[1:]
	}
	return nil
}

// backoff is the wait after an attempt, up to a quarter longer by chance, so that what failed together does not come back together.
func (q *Queue) backoff(attempt int) time.Duration {
	waits := q.Backoff
	if len(waits) == 0 {
		waits = DefaultBackoff
	}
	wait := waits[min(attempt, len(waits))-1]
	return wait + time.Duration(rand.Int64N(int64(wait)/4+1))
}
