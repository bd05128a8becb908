package sandbox

// What a child may do with files: read what is named for reading, change what is named for changing,
// execute the program itself and nothing else.

import (
	"errors"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

const (
	rightRead     = ll.AccessFSReadFile
	rightReadDir  = rightRead | ll.AccessFSReadDir
	rightWrite    = rightRead | ll.AccessFSWriteFile | ll.AccessFSTruncate
	rightWriteDir = rightReadDir | rightWrite | ll.AccessFSRemoveFile | ll.AccessFSRemoveDir |
		ll.AccessFSMakeReg | ll.AccessFSMakeDir | ll.AccessFSMakeSock
	rightExecute = rightRead | ll.AccessFSExecute
)

// lockFiles restricts files, TCP, signals and abstract sockets as far as this kernel's Landlock goes.
// A kernel without Landlock is an error, never a silent success.
func (p plan) lockFiles() error {
	if version, err := ll.LandlockGetABIVersion(); err != nil || version < 1 {
		return errors.Join(errors.New("not available in this kernel"), err)
	}
	rules := p.programRule()
	for _, path := range p.ReadOnly {
		rules = append(rules, rule(path, rightRead, rightReadDir))
	}
	for _, path := range p.ReadWrite {
		rules = append(rules, rule(path, rightWrite, rightWriteDir))
	}
	return landlock.V10.BestEffort().Restrict(rules...)
}

// programRule lets the program be executed; a memfd lies outside of every folder and needs no rule.
func (p plan) programRule() []landlock.Rule {
	switch {
	case p.Child != "":
		return []landlock.Rule{landlock.PathAccess(rightExecute, ownBinary)}
	case p.Path != "":
		return []landlock.Rule{landlock.PathAccess(rightExecute, p.Path)}
	}
	return nil
}

func rule(path string, file, dir landlock.AccessFSSet) landlock.Rule {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return landlock.PathAccess(dir, path)
	}
	return landlock.PathAccess(file, path)
}
