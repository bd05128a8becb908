// Package sandbox locks up the processes that touch what strangers wrote: uploads and certification types.
// On Linux a child loses network, files and other processes before its first own instruction runs;
// on other systems it is an ordinary child process, and Level says so.
package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
)

// Level names how well a child is locked up.
type Level string

// The levels, best first. Full is namespaces of its own (user, net, pid, ipc, uts) together with everything
// Landlock does: no file but those named, no new socket but unix ones, no privilege. None promises nothing
// but the limits on memory and open files, where the system has them.
const (
	Full     Level = "full"
	Landlock Level = "landlock"
	None     Level = "none"
)

// rank orders the levels; an unknown level ranks below none.
func (l Level) rank() int {
	switch l {
	case Full:
		return 3
	case Landlock:
		return 2
	case None:
		return 1
	}
	return 0
}

// AtLeast reports whether l locks up as well as other or better.
func (l Level) AtLeast(other Level) bool { return l.rank() >= other.rank() && other.rank() > 0 }

// Child is a part of this binary that runs in a process of its own. Main sees its arguments in
// os.Args[1:] and returns the exit status.
type Child struct {
	Name string
	Main func() int
}

// Spec says what to run and what it may touch. Exactly one of Child, Path and Exec is set.
type Spec struct {
	Child     string   // re-executes this binary as that child
	Path      string   // or: a static executable
	Exec      *os.File // or: an open static executable, such as a sealed memfd; becomes the first of ExtraFiles
	Args      []string // arguments after the program's name
	Env       []string // the whole environment; nothing is inherited
	ReadOnly  []string // files and folders that may be read
	ReadWrite []string // files and folders that may be read and changed; nothing in them can be executed
	Memory    uint64   // address space in bytes, 0 for no limit
	Files     int      // open files, 0 for 128
	CPU       uint64   // seconds of processor time, of all its threads together, 0 for no limit
	FileSize  uint64   // largest file it may write in bytes, 0 for 1 MiB; pipes and sockets are not counted
	Level     Level    // highest wanted; "" for the best available
}

// Error is a refusal of this package: a code for machines and its cause for the log.
type Error struct {
	Code  string // spec_wrong, child_unknown, path_missing, not_entered, unsupported
	Cause error
}

// Error gives code and cause.
func (e *Error) Error() string { return fmt.Sprintf("sandbox: %s: %v", e.Code, e.Cause) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Cause: fmt.Errorf(format, args...)}
}

// A process that is meant to enter elsewhere than at main is started under one of these names.
const (
	launchName = "certdesk-launch"
	childName  = "certdesk-child"
)

// Exit statuses of a child that never became what it should be.
const (
	exitNoLock  = 97 // could not be locked up as promised
	exitNoExec  = 98 // the program could not be executed
	exitNoChild = 99 // this binary has no such child
)

// children holds what Reentry was given; nil until then, so that a program that forgot Reentry
// cannot start itself over and over.
var children map[string]func() int

// Reentry is the first line of main. In a process that Command started it runs the child, locked up,
// and does not return; otherwise it returns at once.
func Reentry(known ...Child) {
	children = map[string]func() int{probeName: probe}
	for _, c := range known {
		children[c.Name] = c.Main
	}
	switch {
	case len(os.Args) == 2 && os.Args[0] == launchName:
		os.Exit(launch(os.Args[1]))
	case len(os.Args) >= 2 && os.Args[0] == childName:
		os.Exit(enter(os.Args[1:]))
	}
}

func enter(args []string) int {
	main, known := children[args[0]]
	if !known {
		fmt.Fprintln(os.Stderr, "sandbox: no such child:", args[0])
		return exitNoChild
	}
	os.Args = args
	return main()
}

// check gives the spec with absolute paths, or says what is wrong with it.
func (s Spec) check() (Spec, error) {
	if children == nil {
		return s, refuse("not_entered", "Reentry was not called at the start of main")
	}
	ways := 0
	for _, set := range []bool{s.Child != "", s.Path != "", s.Exec != nil} {
		if set {
			ways++
		}
	}
	if ways != 1 {
		return s, refuse("spec_wrong", "exactly one of Child, Path and Exec is needed, %d given", ways)
	}
	if s.Level != "" && s.Level.rank() == 0 {
		return s, refuse("spec_wrong", "unknown level %q", s.Level)
	}
	if _, known := children[s.Child]; s.Child != "" && !known {
		return s, refuse("child_unknown", "%q", s.Child)
	}
	return s.absolute()
}

func (s Spec) absolute() (_ Spec, err error) {
	if s.Path != "" {
		if s.Path, err = existing(s.Path); err != nil {
			return s, err
		}
	}
	if s.ReadOnly, err = allExisting(s.ReadOnly); err != nil {
		return s, err
	}
	s.ReadWrite, err = allExisting(s.ReadWrite)
	return s, err
}

func allExisting(paths []string) ([]string, error) {
	var out []string
	for _, path := range paths {
		full, err := existing(path)
		if err != nil {
			return nil, err
		}
		out = append(out, full)
	}
	return out, nil
}

func existing(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", &Error{Code: "path_missing", Cause: err}
	}
	if _, err := os.Stat(full); err != nil {
		return "", &Error{Code: "path_missing", Cause: err}
	}
	return full, nil
}
