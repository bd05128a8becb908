//go:build unix

package bench

import (
	"syscall"
	"time"
)

// processor is how long this program has been on a processor.
func processor() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
