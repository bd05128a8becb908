package schedule

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite"
	"pgregory.net/rapid"
)

type database struct {
	*dbx.DB
	broken atomic.Bool
}

var errBroken = errors.New("database is locked")

func (d *database) RunInTransaction(f func(tx dbx.Builder) error) error {
	if d.broken.Load() {
		return errBroken
	}
	return d.Transactional(func(tx *dbx.Tx) error { return f(tx) })
}

type fatal interface {
	Helper()
	Fatal(...any)
}

func open(t fatal, file string) *database {
	t.Helper()
	db, err := dbx.Open("sqlite", file+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.NewQuery(`CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, state TEXT NOT NULL DEFAULT 'queued', due_at TEXT NOT NULL DEFAULT '',
		lease_until TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL DEFAULT '', result TEXT NOT NULL DEFAULT '')`).Execute(); err != nil {
		t.Fatal(err)
	}
	return &database{DB: db}
}

type desk struct {
	db  *database
	now time.Time
	q   *Queue
}

func newDesk(t *testing.T) *desk {
	d := &desk{db: open(t, filepath.Join(t.TempDir(), "a.db")), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	t.Cleanup(func() { d.db.Close() })
	d.q = &Queue{Table: "jobs", Columns: []string{"kind"}, DB: d.db, Now: func() time.Time { return d.now }, Attempts: 3}
	return d
}

func (d *desk) put(t *testing.T, id string, due time.Time) {
	t.Helper()
	if _, err := d.db.Insert("jobs", dbx.Params{"id": id, "due_at": Stamp(due), "kind": "k-" + id}).Execute(); err != nil {
		t.Fatal(err)
	}
}

type row struct {
	State    string `db:"state"`
	DueAt    string `db:"due_at"`
	Lease    string `db:"lease_until"`
	Attempts int    `db:"attempts"`
	Error    string `db:"error"`
	Result   string `db:"result"`
}

func (d *desk) row(t *testing.T, id string) (r row) {
	t.Helper()
	if err := d.db.Select("state", "due_at", "lease_until", "attempts", "error", "result").From("jobs").Where(dbx.HashExp{"id": id}).One(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (d *desk) drain(t *testing.T, work Work) int {
	t.Helper()
	n, err := d.q.Drain(t.Context(), work)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func fails(err error) Work {
	return func(context.Context, Item) (Outcome, error) { return Outcome{}, err }
}

func TestQueueDoesWhatIsDueInOrder(t *testing.T) {
	d := newDesk(t)
	d.put(t, "later", d.now.Add(time.Millisecond))
	d.put(t, "second", d.now)
	d.put(t, "first", d.now.Add(-time.Hour))
	var did []string
	n := d.drain(t, func(_ context.Context, i Item) (Outcome, error) {
		did = append(did, i.ID+" "+i.Row["kind"])
		return Outcome{Set: dbx.Params{"result": "ok"}}, nil
	})
	if n != 2 || !slices.Equal(did, []string{"first k-first", "second k-second"}) {
		t.Fatal(n, did)
	}
	if got := d.row(t, "first"); got != (row{State: "done", DueAt: Stamp(d.now.Add(-time.Hour)), Attempts: 1, Result: "ok"}) {
		t.Fatalf("%+v", got)
	}
	if d.row(t, "later").State != "queued" {
		t.Fatal("done too early")
	}
}

func TestQueueTellsErrorsApart(t *testing.T) {
	oops := errors.New("oops")
	for name, x := range map[string]struct {
		err  error
		want row
		wait [2]time.Duration
	}{
		"temporary": {oops, row{State: "queued", Attempts: 1, Error: "oops"}, [2]time.Duration{time.Minute, 75 * time.Second}},
		"permanent": {fmt.Errorf("x: %w", Permanent(oops)), row{State: "failed", Attempts: 1, Error: "x: oops"}, [2]time.Duration{}},
		"after":     {After(time.Hour, oops), row{State: "queued", Attempts: 1, Error: "oops"}, [2]time.Duration{time.Hour, time.Hour}},
		"hold":      {Hold(time.Hour, oops), row{State: "queued", Attempts: 0, Error: "oops"}, [2]time.Duration{time.Hour, time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.q.Failed = "failed"
			d.put(t, "a", d.now)
			d.drain(t, fails(x.err))
			got := d.row(t, "a")
			due, err := time.Parse(Layout, got.DueAt)
			if wait := due.Sub(d.now); err != nil || wait < x.wait[0] || wait > x.wait[1] {
				t.Fatal(err, wait)
			}
			if got.DueAt = ""; got != x.want {
				t.Fatalf("%+v", got)
			}
		})
	}
}

func TestQueueGivesUpAndListsIt(t *testing.T) {
	d := newDesk(t)
	d.put(t, "a", d.now)
	for range 5 {
		d.drain(t, func(_ context.Context, i Item) (Outcome, error) { panic("poison") })
		d.now = d.now.Add(48 * time.Hour)
	}
	if got := d.row(t, "a"); got.State != "dead" || got.Attempts != 3 || got.Error != "panic: poison" || got.Lease != "" {
		t.Fatalf("%+v", got)
	}
}

func TestQueueLeaseRunsOut(t *testing.T) {
	d := newDesk(t)
	d.put(t, "a", d.now)
	take := func() Item { // as a process that then dies
		t.Helper()
		i, ok, err := d.q.claim()
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return i
	}
	first := take()
	d.now = d.now.Add(5*time.Minute - time.Millisecond)
	if n := d.drain(t, fails(nil)); n != 0 {
		t.Fatal("taken while leased")
	}
	d.now = d.now.Add(time.Millisecond)
	second := take()
	if second.Attempt != 2 {
		t.Fatal(second)
	}
	if err := d.q.settle(t.Context(), first, Outcome{}, nil); err != nil { // the first one was only slow: too late
		t.Fatal(err)
	}
	if got := d.row(t, "a"); got.State != "queued" || got.Lease != second.lease {
		t.Fatalf("the late one wrote: %+v", got)
	}
	d.now = d.now.Add(time.Hour)
	take()
	d.now = d.now.Add(time.Hour)
	d.drain(t, fails(nil))
	if got := d.row(t, "a"); got.State != "dead" || got.Error != "interrupted" {
		t.Fatalf("poison is tried for ever: %+v", got)
	}
}

func TestQueueShutdownGivesBack(t *testing.T) {
	d := newDesk(t)
	d.put(t, "a", d.now)
	d.put(t, "b", d.now)
	ctx, cancel := context.WithCancel(t.Context())
	n, err := d.q.Drain(ctx, func(ctx context.Context, _ Item) (Outcome, error) { cancel(); return Outcome{}, ctx.Err() })
	if n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if got := d.row(t, "a"); got.State != "queued" || got.Attempts != 0 || got.Lease != "" || got.DueAt != Stamp(d.now) {
		t.Fatalf("%+v", got)
	}
	if n := d.drain(t, fails(nil)); n != 2 {
		t.Fatal(n)
	}
}

func TestQueueNotesLaterWhatItCouldNotNote(t *testing.T) {
	d := newDesk(t)
	d.put(t, "a", d.now)
	did := 0
	work := func(context.Context, Item) (Outcome, error) { did++; d.db.broken.Store(true); return Outcome{}, nil }
	if _, err := d.q.Drain(t.Context(), work); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Hour) // the lease has run out by now
	if _, err := d.q.Drain(t.Context(), work); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	d.db.broken.Store(false)
	d.drain(t, work)
	if got := d.row(t, "a"); did != 1 || got.State != "done" {
		t.Fatal(did, got)
	}
}

// Drainers of several processes at the same file: each row is done once, by one of them.
func TestQueueManyDrainers(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(t.TempDir(), "b.db")
	d.db = open(t, file)
	t.Cleanup(func() { d.db.Close() })
	const rows = 120
	for i := range rows {
		d.put(t, fmt.Sprintf("r%03d", i), d.now)
	}
	var mu sync.Mutex
	did := map[string]int{}
	var all sync.WaitGroup
	for range 4 {
		db := open(t, file)
		t.Cleanup(func() { db.Close() })
		q := &Queue{Table: "jobs", DB: db, Now: func() time.Time { return d.now }}
		for range 2 {
			all.Go(func() {
				if _, err := q.Drain(t.Context(), func(_ context.Context, i Item) (Outcome, error) {
					mu.Lock()
					defer mu.Unlock()
					did[i.ID]++
					return Outcome{}, nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	if len(did) != rows {
		t.Fatal(len(did))
	}
	for id, n := range did {
		if n != 1 {
			t.Fatal(id, n)
		}
	}
}

func TestBackoffGrowsWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := &Queue{}
		n := rapid.IntRange(1, 30).Draw(t, "attempt")
		base := DefaultBackoff[min(n, len(DefaultBackoff))-1]
		if got := q.backoff(n); got < base || got > base+base/4 {
			t.Fatal(n, got)
		}
	})
}

// However tries end (done, failed, given back, died in the middle), a row ends done or dead, is done once, and once more at
// most for each death after the doing.
func TestQueueWhateverHappens(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		d := &desk{db: open(r, filepath.Join(dir, fmt.Sprint(n, ".db"))), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		defer d.db.Close()
		d.q = &Queue{Table: "jobs", DB: d.db, Now: func() time.Time { return d.now }, Attempts: 4}
		d.put(t, "a", d.now)
		did, deaths := 0, 0
		for range 12 {
			switch rapid.SampledFrom([]string{"done", "fail", "die before", "die after", "hold"}).Draw(r, "end") {
			case "done":
				d.drain(t, func(context.Context, Item) (Outcome, error) { did++; return Outcome{}, nil })
			case "fail":
				d.drain(t, fails(errors.New("no")))
			case "hold":
				d.drain(t, fails(Hold(time.Minute, errors.New("wait"))))
			case "die before":
				d.q.bury()
				d.q.claim()
			case "die after":
				d.q.bury()
				if _, ok, _ := d.q.claim(); ok {
					did++
					deaths++
				}
			}
			d.now = d.now.Add(40 * time.Hour)
		}
		for range 6 {
			d.drain(t, fails(errors.New("no")))
			d.now = d.now.Add(40 * time.Hour)
		}
		if s := d.row(t, "a").State; s != "done" && s != "dead" || did > deaths+1 {
			r.Fatal(s, did, deaths)
		}
	})
}
