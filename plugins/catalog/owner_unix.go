//go:build unix

package catalog

// Who may own a file that is run.

import (
	"os"
	"syscall"
)

func ownedByUs(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && (s.Uid == 0 || int(s.Uid) == os.Geteuid())
}
