package sandbox

// How a locked-up child is made, started and ended on Linux.

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// waitDelay is how long Wait waits for a pipe that somebody else still holds after the child has ended.
const waitDelay = 2 * time.Second

// nobody is who a child is in its own user namespace.
const nobody = 65534

// Command prepares a child as spec says and tells the level it will have: the best available, at most
// spec.Level. Nothing is started. The caller may set stdin, stdout and stderr (null devices unless set)
// and append to ExtraFiles.
func Command(spec Spec) (*exec.Cmd, Level, error) {
	spec, err := spec.check()
	if err != nil {
		return nil, "", err
	}
	level := Available()
	if spec.Level != "" && level.AtLeast(spec.Level) {
		level = spec.Level
	}
	cmd, err := spec.command(level)
	return cmd, level, err
}

func (s Spec) command(level Level) (*exec.Cmd, error) {
	text, err := json.Marshal(plan{Level: level, Child: s.Child, Path: s.Path, Args: s.Args, ReadOnly: s.ReadOnly,
		ReadWrite: s.ReadWrite, Memory: s.Memory, Files: s.Files, FileSize: s.FileSize, CPU: s.CPU})
	if err != nil {
		return nil, &Error{Code: "spec_wrong", Cause: err}
	}
	cmd := &exec.Cmd{Path: "/proc/self/exe", Args: []string{launchName, string(text)}, Dir: "/", WaitDelay: waitDelay}
	cmd.Env = append([]string{}, s.Env...) // never nil: nil would inherit ours
	if s.Exec != nil {
		cmd.ExtraFiles = []*os.File{s.Exec}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if level == Full {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	}
	return cmd, nil
}

// Start starts what Command made. The child is killed when this process dies, and whatever it leaves
// behind in its group is killed when it ends itself. The caller still calls cmd.Wait.
func Start(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		// The signal on the parent's death is tied to the thread that started the child,
		// so this thread has to live as long as the child does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		pid := cmd.Process.Pid
		fd, err := unix.PidfdOpen(pid, 0)
		started <- nil
		if err == nil {
			awaitEnd(unix.P_PIDFD, fd)
			unix.Close(fd)
		} else {
			awaitEnd(unix.P_PID, pid)
		}
		_ = unix.Kill(-pid, unix.SIGKILL)
	}()
	return <-started
}

// awaitEnd returns when the process has ended, without taking its status from cmd.Wait.
func awaitEnd(kind, id int) {
	for {
		err := unix.Waitid(kind, id, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// Kill ends a started child and everything in its group at once. It may be called at any time, from
// anywhere, more than once; cmd.Wait then returns.
func Kill(cmd *exec.Cmd) {
	if cmd == nil || cmd.Process == nil || errors.Is(cmd.Process.Signal(syscall.Signal(0)), os.ErrProcessDone) {
		return
	}
	_ = unix.Kill(-cmd.Process.Pid, unix.SIGKILL)
}
