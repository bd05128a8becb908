package catalog

// One executable and its process, if there is one just now: started by the first call, ended by a failure, by the
// deadline, or when nobody has called for a while.

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk/host"
)

type run struct {
	of   *Catalog
	ref  Ref
	turn chan struct{} // a lock that a caller can stop waiting for; guards all below

	conn   *host.Conn
	calls  int // under way
	idle   *time.Timer
	fuse   fuse
	known  *description
	ending bool
}

// call asks the process of r, which it starts if need be. A process that turns out to be dead although it was alive at
// the last call is replaced once: every question may be asked twice.
func call[T any](ctx context.Context, r *run, ask func(*host.Conn) (T, error)) (out T, err error) {
	for again := true; ; again = false {
		conn, fresh, err := r.acquire(ctx)
		if err != nil {
			return out, err
		}
		out, err = ask(conn)
		retry := again && !fresh && errors.Is(err, host.ErrDead)
		r.release(conn, err, retry)
		if !retry {
			return out, err
		}
	}
}

func (r *run) lock(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *run) unlock() { <-r.turn }

// acquire returns a running process, and whether it has just been started. Every acquire is followed by one release.
func (r *run) acquire(ctx context.Context) (conn *host.Conn, fresh bool, err error) {
	if err := r.lock(ctx); err != nil {
		return nil, false, err
	}
	defer r.unlock()
	if r.ending {
		return nil, false, fail(Closed, r.ref.ID, errors.New("the desk is stopping"))
	}
	if wait := r.fuse.rest(r.of.now()); wait > 0 {
		return nil, false, fail(Resting, r.ref.ID, fmt.Errorf("%d failures, next try in %s", r.fuse.failures, wait.Round(time.Second)))
	}
	if r.conn != nil && ended(r.conn) {
		r.conn.Kill()
		r.conn = nil
	}
	if r.conn == nil {
		if r.conn, err = r.of.start(ctx, r.ref); err != nil {
			if broken(err) {
				r.fuse.fail(r.of.now())
			}
			return nil, false, err
		}
		fresh = true
		r.of.o.Log.Info("plugin started", "plugin", r.ref.ID, "sha256", r.ref.SHA256, "pid", r.conn.Pid(), "sandbox", r.of.level)
	}
	r.calls++
	if r.idle != nil {
		r.idle.Stop()
	}
	return r.conn, fresh, nil
}

// release ends a call. After an error that says the process is no good it is killed before release returns.
func (r *run) release(conn *host.Conn, err error, forgiven bool) {
	r.turn <- struct{}{}
	r.calls--
	bad := broken(err)
	switch {
	case bad && !forgiven:
		r.fuse.fail(r.of.now())
	case err == nil:
		r.fuse = fuse{}
	}
	if bad && r.conn == conn {
		r.conn = nil
	}
	if r.conn != nil && r.calls == 0 {
		r.idle = time.AfterFunc(r.of.o.Idle, func() { r.rest(conn) })
	}
	r.unlock()
	if bad {
		r.of.o.Log.Warn("plugin stopped", "plugin", r.ref.ID, "cause", err)
		conn.Kill()
	}
}

// rest stops a process that nobody has called for a while.
func (r *run) rest(conn *host.Conn) {
	r.turn <- struct{}{}
	still := r.conn == conn && r.calls == 0
	if still {
		r.conn = nil
	}
	r.unlock()
	if still {
		conn.Close()
	}
}

// end stops the process for good.
func (r *run) end() {
	r.turn <- struct{}{}
	conn := r.conn
	r.conn, r.ending = nil, true
	if r.idle != nil {
		r.idle.Stop()
	}
	r.unlock()
	if conn != nil {
		conn.Kill()
	}
}

func ended(conn *host.Conn) bool {
	select {
	case <-conn.Done():
		return true
	default:
		return false
	}
}
