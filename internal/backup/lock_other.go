//go:build !unix

package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
)

// lock lets one copy be made at a time. After a crash the file has to be removed by hand: operation is on Linux.
func lock(file string) (unlock func(), err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w: wait until it has ended, or remove %s", ErrBusy, file)
	}
	if err != nil {
		return nil, err
	}
	return func() { f.Close(); os.Remove(file) }, nil
}

func room(string, int64) error { return nil }

// Free is not known here.
func Free(string) (int64, error) { return math.MaxInt64, nil }

func diskFull(error) bool { return false }
