package sandbox

// What the filter has to know about arm64.

import "golang.org/x/sys/unix"

const (
	auditArch        = unix.AUDIT_ARCH_AARCH64
	firstForeignCall = 0x40000000
)

// forkCalls make a process without saying how.
var forkCalls = []uint32{}
