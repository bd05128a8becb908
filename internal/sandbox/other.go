//go:build !linux

package sandbox

// The twin for systems without namespaces and Landlock: children are ordinary processes with an
// environment of their own, and the level is none. Made for demo and development, not for operation.

import (
	"os"
	"os/exec"
	"time"
)

const probeName = "certdesk-probe"

func probe() int { return 1 }

func launch(string) int { return exitNoLock }

// Available is none on this system.
func Available() Level { return None }

// Command prepares a child as spec says; limits and paths have no effect on this system, and Exec is refused.
func Command(spec Spec) (*exec.Cmd, Level, error) {
	spec, err := spec.check()
	if err != nil {
		return nil, "", err
	}
	if spec.Exec != nil {
		return nil, "", refuse("unsupported", "an open file cannot be executed on this system")
	}
	cmd := &exec.Cmd{Path: spec.Path, Args: append([]string{spec.Path}, spec.Args...), WaitDelay: 2 * time.Second}
	if spec.Child != "" {
		self, err := os.Executable()
		if err != nil {
			return nil, "", &Error{Code: "unsupported", Cause: err}
		}
		cmd.Path, cmd.Args = self, append([]string{childName, spec.Child}, spec.Args...)
	}
	cmd.Env = append([]string{}, spec.Env...)
	setGroup(cmd)
	return cmd, None, nil
}

// Start starts what Command made. On this system the child outlives a host that dies.
func Start(cmd *exec.Cmd) error { return cmd.Start() }

// Kill ends a started child at once, with its group where the system has groups.
func Kill(cmd *exec.Cmd) {
	if cmd != nil && cmd.Process != nil {
		killGroup(cmd.Process)
	}
}
