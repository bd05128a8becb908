//go:build !linux

package catalog

// A pinned executable where files cannot be sealed: a copy in a folder that only the desk's own user can enter. It is
// removed as soon as it runs.

import (
	"os"
	"path/filepath"

	"github.com/certdesk/certdesk/internal/sandbox"
)

type pinned struct {
	file *os.File
	dir  string
}

func newPinned() (*pinned, error) {
	dir, err := os.MkdirTemp("", "certdesk-pinned-") // 0700
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, "plugin"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o700)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return &pinned{file, dir}, nil
}

func (p *pinned) seal() error { return p.file.Close() }

func (p *pinned) spec() sandbox.Spec { return sandbox.Spec{Path: p.file.Name()} }

func (p *pinned) close() {
	p.file.Close()
	os.RemoveAll(p.dir)
}
