package sandbox

// What the filter has to know about amd64.

import "golang.org/x/sys/unix"

const (
	auditArch        = unix.AUDIT_ARCH_X86_64
	firstForeignCall = 0x40000000 // from here on: calls of the x32 kind
)

// forkCalls make a process without saying how.
var forkCalls = []uint32{unix.SYS_FORK, unix.SYS_VFORK}
