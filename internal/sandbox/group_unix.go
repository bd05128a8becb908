//go:build unix && !linux

package sandbox

// Process groups of the other unix systems.

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

func setGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) {
	if !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone) {
		_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}
