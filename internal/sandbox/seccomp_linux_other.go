//go:build linux && !amd64 && !arm64

package sandbox

// Architectures for which the filter over system calls is not written: a network namespace closes
// sockets there, and without one the level is none.

import "errors"

func lockCalls(level Level) error {
	if level == Full {
		return nil
	}
	return errors.New("no filter for this architecture")
}
