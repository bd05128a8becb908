//go:build unix

package cli

import "syscall"

// Private keeps every file that this process makes from other users of the machine. It is the first thing the program does.
func Private() { syscall.Umask(0o077) }
