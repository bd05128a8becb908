package catalog

// The fuse, by a clock of its own.

import (
	"testing"
	"time"
)

func TestFuse(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	var f fuse
	for i, want := range []time.Duration{0, 0, 1, 2, 4, 8, 16, 32, 64, 120, 120, 120} {
		f.fail(now)
		if got := f.rest(now); got != want*time.Second {
			t.Errorf("after %d failures: %s, want %ds", i+1, got, want)
		}
		now = now.Add(f.rest(now))
		if got := f.rest(now); got != 0 {
			t.Errorf("it still rests for %s", got)
		}
	}
	for range 1000 {
		f.fail(now)
	}
	if f.rest(now) != longest {
		t.Error("many failures")
	}
}
