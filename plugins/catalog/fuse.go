package catalog

// Leaving a type alone that fails again and again, so that it does not eat the machine: after three failures in a row it
// rests for a second, then twice as long each time, up to two minutes.

import "time"

const (
	patience = 3
	longest  = 2 * time.Minute
)

type fuse struct {
	failures int
	until    time.Time
}

// rest returns how long the type still rests.
func (f *fuse) rest(now time.Time) time.Duration { return max(0, f.until.Sub(now)) }

// fail counts a failure.
func (f *fuse) fail(now time.Time) {
	f.failures++
	if f.failures >= patience {
		f.until = now.Add(min(time.Second<<min(f.failures-patience, 10), longest))
	}
}
