package sandbox

// The launcher is this binary in its first life as a child: it gives up what the plan takes away and
// becomes the program, so that not one instruction of the program runs unlocked.

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	ownBinary    = "/proc/self/exe"
	execFile     = 3 // where Exec arrives, as the first of ExtraFiles
	defaultFiles = 128
	defaultSize  = 1 << 20
)

// plan is a checked Spec on its way to the launcher.
type plan struct {
	Level               Level
	Child, Path         string
	Args                []string
	ReadOnly, ReadWrite []string
	Memory, FileSize    uint64
	CPU                 uint64
	Files               int
}

func launch(text string) int {
	var p plan
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return stop(exitNoLock, err)
	}
	runtime.LockOSThread() // privileges and the filter belong to the thread, and this is the one that executes
	debug.SetGCPercent(-1) // nothing may be allocated once the address space is limited
	run, err := p.prepare()
	if err != nil {
		return stop(exitNoExec, err)
	}
	if err := p.lock(); err != nil {
		return stop(exitNoLock, err)
	}
	return stop(exitNoExec, run())
}

// prepare makes all that execve needs, so that the call itself allocates nothing: the launcher's own address space may
// already be larger than the limit that it sets.
func (p plan) prepare() (run func() error, err error) {
	path, args := p.program()
	name, err := syscall.BytePtrFromString(path)
	if err != nil {
		return nil, err
	}
	argv, err := syscall.SlicePtrFromStrings(args)
	if err != nil {
		return nil, err
	}
	env, err := syscall.SlicePtrFromStrings(os.Environ())
	if err != nil {
		return nil, err
	}
	return func() error {
		_, _, errno := syscall.RawSyscall(syscall.SYS_EXECVE, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&env[0])))
		return errno
	}, nil
}

func stop(status int, err error) int {
	fmt.Fprintln(os.Stderr, "sandbox:", err)
	return status
}

// program gives what to execute. Exec's descriptor is closed by executing it.
func (p plan) program() (path string, argv []string) {
	switch {
	case p.Child != "":
		return ownBinary, append([]string{childName, p.Child}, p.Args...)
	case p.Path != "":
		return p.Path, append([]string{p.Path}, p.Args...)
	}
	unix.CloseOnExec(execFile)
	return fmt.Sprintf("/proc/self/fd/%d", execFile), append([]string{"program"}, p.Args...)
}

// lock takes away, in this order: new privileges, files, capabilities, system calls, and last memory,
// because locking needs some itself. At level none only privileges and limits.
func (p plan) lock() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	if p.Level.AtLeast(Landlock) {
		if err := p.lockFiles(); err != nil {
			return fmt.Errorf("landlock: %w", err)
		}
		if err := dropCapabilities(); err != nil {
			return fmt.Errorf("capabilities: %w", err)
		}
		if err := lockCalls(p.Level); err != nil {
			return fmt.Errorf("system calls: %w", err)
		}
	}
	return p.limit()
}

func dropCapabilities() error {
	var none [2]unix.CapUserData
	return unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0])
}

func (p plan) limit() error {
	files, size := uint64(defaultFiles), uint64(defaultSize)
	if p.Files > 0 {
		files = uint64(p.Files)
	}
	if p.FileSize > 0 {
		size = p.FileSize
	}
	limits := []struct {
		what int
		to   uint64
	}{{unix.RLIMIT_CORE, 0}, {unix.RLIMIT_NOFILE, files}, {unix.RLIMIT_FSIZE, size}, {unix.RLIMIT_CPU, p.CPU}, {unix.RLIMIT_AS, p.Memory}}
	for _, l := range limits {
		if l.to == 0 && (l.what == unix.RLIMIT_AS || l.what == unix.RLIMIT_CPU) {
			continue
		}
		if err := lower(l.what, l.to); err != nil {
			return fmt.Errorf("limit %d to %d: %w", l.what, l.to, err)
		}
	}
	return nil
}

// lower sets a limit that cannot be raised again; a limit that is already lower stays.
func lower(what int, to uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(what, &now); err != nil {
		return err
	}
	to = min(to, now.Max)
	return unix.Setrlimit(what, &unix.Rlimit{Cur: to, Max: to})
}
