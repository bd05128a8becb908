//go:build !unix

package host

// Where there are no process groups, the process alone is started and killed.

import "os/exec"

func startGroup(cmd *exec.Cmd) error { return cmd.Start() }

func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}
