package hooks

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
)

// Two questions that machines ask. GET /api/health: is the program alive? If not, start it again. GET /api/ready: can it do
// its work? If not, send nobody there, and look; starting it again would not help.

// readyFor is how long an answer is given again, so that asking costs nothing.
const readyFor = time.Second

// readiness is the last answer.
type readiness struct {
	mu    sync.Mutex
	until time.Time
	said  map[string]bool
	ready bool
}

// ready answers 200 or 503, and which part is not well; why stands in the log, not here.
func ready(c *call) error {
	ok, parts := c.s.ready.ask(c.s)
	status := http.StatusOK
	if !ok {
		status = http.StatusServiceUnavailable
	}
	c.e.Response.Header().Set("Cache-Control", "no-store")
	return c.e.JSON(status, map[string]any{"ready": ok, "parts": parts})
}

func (r *readiness) ask(s *Server) (bool, map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Now().Before(r.until) {
		return r.ready, r.said
	}
	r.ready, r.said = true, map[string]bool{}
	for name, look := range map[string]func() error{"database": s.writable, "keys": s.keysThere, "disk": s.roomLeft} {
		err := look()
		if r.said[name] = err == nil; err != nil {
			r.ready = false
			s.Log.Error("not ready", "part", name, "error", err.Error())
		}
	}
	r.until = time.Now().Add(readyFor)
	return r.ready, r.said
}

var errUndo = errors.New("undo")

// writable writes into the database and takes it back.
func (s *Server) writable() error {
	err := s.Desk.RunInTransaction(func(tx dbx.Builder) error {
		if _, err := tx.NewQuery("UPDATE counters SET value = value WHERE id = ''").Execute(); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

// keysThere asks the disk, not what is kept in memory.
func (s *Server) keysThere() error { return s.Desk.Vault.Whole() }

// emptyPart is which part of the floor is left when nothing more can be entered safely. At the floor itself uploads are
// refused, and all else goes on: the desk is ready.
const emptyPart = 4

func (s *Server) roomLeft() error { return s.roomAbove(s.Config.DiskFloor / emptyPart) }
