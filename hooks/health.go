package hooks

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/backup"
)

// Two questions that machines ask. GET /api/health: is the program alive? If not, start it again. GET /api/ready: can it do
// its work? If not, send nobody there, and look; starting it again would not help.

// readyFloor is the room on the disk below which nothing more can be entered safely.
const readyFloor = 128 << 20

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

func (s *Server) keysThere() error {
	there, err := s.Desk.Vault.HasKey("desk")
	if err == nil && !there {
		err = errors.New("the desk's key is gone")
	}
	return err
}

func (s *Server) roomLeft() error {
	free, err := backup.Free(s.Config.Dir)
	if err == nil && free < readyFloor {
		err = backup.ErrNoRoom
	}
	return err
}
