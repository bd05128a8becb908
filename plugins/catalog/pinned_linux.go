package catalog

// A pinned executable on Linux: a sealed file in memory, which nobody can change any more, the desk itself included.

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"github.com/certdesk/certdesk/internal/sandbox"
)

type pinned struct{ file *os.File }

func newPinned() (*pinned, error) {
	flags := unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate("certdesk-plugin", flags|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // before Linux 6.3
		fd, err = unix.MemfdCreate("certdesk-plugin", flags)
	}
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return &pinned{os.NewFile(uintptr(fd), "certdesk-plugin")}, nil
}

func (p *pinned) seal() error {
	_, err := unix.FcntlInt(p.file.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SEAL|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_WRITE)
	return os.NewSyscallError("seal", err)
}

func (p *pinned) spec() sandbox.Spec { return sandbox.Spec{Exec: p.file} }

func (p *pinned) close() { p.file.Close() }
