package hooks

import (
	"fmt"
	"io"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/vault"
)

// free refuses while one of the desk's disks has less room than the floor. It is asked at each bulky act and costs a system
// call each; as soon as there is room again, all goes on.
func (s *Server) free() error {
	err := s.roomAbove(s.Config.DiskFloor)
	if err != nil {
		s.Log.Error("too little room on the disk; uploads and new applications are refused", "error", err.Error())
	}
	return err
}

// roomAbove refuses while a disk has less room than this: that of the data and documents, or that of the keys.
func (s *Server) roomAbove(floor uint64) error {
	for _, dir := range []string{s.Config.Dir, s.Config.Keys} {
		left, err := room(dir)
		if err != nil {
			return fmt.Errorf("room in %s: %w", dir, err)
		}
		if left < floor {
			return fmt.Errorf("%w: %d bytes left in %s, the floor is %d", vault.ErrDiskFull, left, dir, floor)
		}
	}
	return nil
}

// roomFor refuses what takes much room before anything of it is kept. A large body is taken off the line all the same, so
// that the browser shows the answer instead of a broken connection.
func (c *call) roomFor(l line) error {
	act := l.Act
	if l.body > 0 {
		act = flow.AddDocument
	}
	err := c.s.Desk.Room(act)
	if err != nil && l.body > 0 {
		_, _ = io.Copy(io.Discard, io.LimitReader(c.e.Request.Body, l.body))
	}
	return err
}
