//go:build faults

package fault

import (
	"fmt"
	"os"
	"sync"
	"syscall"
)

// How a place fails.
type How int

// An error is returned once. Exit ends the process at once, as a power cut does: nothing is closed, nothing is flushed.
const (
	Error How = iota
	Exit
)

// Failed is what a place that was told to fail returns.
type Failed struct{ Point string }

func (f *Failed) Error() string { return "fault at " + f.Point }

var (
	mu    sync.Mutex
	armed bool
	name  string // "" is any
	left  int
	way   How
	seen  []string
)

// Arm lets the n-th passage (1 is the next) through a place fail once; an empty point counts the passages of all.
func Arm(point string, n int, how How) {
	mu.Lock()
	defer mu.Unlock()
	armed, name, left, way, seen = true, point, n, how, nil
}

// Disarm lets nothing fail any more. It returns the places that were passed since Arm, in order, and whether one failed.
func Disarm() (passed []string, failed bool) {
	mu.Lock()
	defer mu.Unlock()
	armed = false
	return seen, left <= 0
}

// At lets the place with this name fail, if a test wants it to.
func At(point string) error {
	mu.Lock()
	defer mu.Unlock()
	if !armed {
		return nil
	}
	seen = append(seen, point)
	if name != "" && name != point {
		return nil
	}
	left--
	if left != 0 {
		return nil
	}
	if way == Exit {
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	return fmt.Errorf("%w", &Failed{point})
}
