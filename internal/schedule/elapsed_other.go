//go:build !linux

// What has really passed, on systems that only try the desk out: Go's monotonic clock, which may stand still while a
// machine sleeps; such a sleep pauses the sweeps until a person resumes them.

package schedule

import "time"

func elapsed() time.Duration { return time.Since(started) }

var started = time.Now()

// bootID is not known: each start of the desk is compared by the calendar alone.
func bootID() string { return "" }
