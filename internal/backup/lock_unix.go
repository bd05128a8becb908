//go:build unix

package backup

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// lock lets one copy be made at a time, whichever process makes it. It ends with the process.
func lock(file string) (unlock func(), err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, full(err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: wait until it has ended", ErrBusy)
		}
		return nil, err
	}
	return func() { f.Close() }, nil
}

// room refuses a folder whose disk has not enough room for n bytes, and some to spare for the desk itself.
func room(dir string, n int64) error {
	free, err := Free(dir)
	if err != nil || free >= n+spare {
		return err
	}
	return fmt.Errorf("%w: %s has %d MB free, %d MB are needed", ErrNoRoom, dir, free>>20, (n+spare)>>20)
}

// Free is how many bytes are free for us on the disk of a folder.
func Free(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
