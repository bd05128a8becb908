//go:build linux && (amd64 || arm64)

package sandbox

// The filter over system calls closes what Landlock leaves open on most kernels: every socket but unix
// streams (UDP above all), every connection to somebody else's, new processes and namespaces, other processes, and the corners of the kernel that no child of
// ours has business in.

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// deniedCalls answer EPERM.
var deniedCalls = []uint32{
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER, // would open sockets past the filter
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD, unix.SYS_KCMP,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_CHROOT, unix.SYS_PIVOT_ROOT, unix.SYS_MOUNT, unix.SYS_UMOUNT2,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
	unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_REBOOT, unix.SYS_ACCT, unix.SYS_QUOTACTL,
}

// Offsets in struct seccomp_data; both architectures are little-endian, the low half comes first.
const (
	atCall   = 0
	atArch   = 4
	atFirst  = 16
	atSecond = 24

	socketKind = 0xf // the bits of a socket's type that are not flags
)

const (
	answerKill   = unix.SECCOMP_RET_KILL_PROCESS
	answerAllow  = unix.SECCOMP_RET_ALLOW
	answerDenied = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	answerAccess = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
	answerNoCall = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// lockCalls installs the filter on this thread; what the thread executes inherits it for good.
func lockCalls(Level) error {
	filter := callFilter()
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
	runtime.KeepAlive(filter)
	return err
}

func callFilter() []unix.SockFilter {
	f := []unix.SockFilter{
		load(atArch), equals(auditArch, 1, 0), give(answerKill), // another architecture counts calls differently
		load(atCall),
		{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, K: firstForeignCall, Jt: 0, Jf: 1}, give(answerNoCall),
		equals(unix.SYS_CLONE3, 0, 1), give(answerNoCall), // its flags lie in memory; the C library and Go fall back to clone
	}
	for _, call := range append(deniedCalls, forkCalls...) {
		f = append(f, equals(call, 0, 1), give(answerDenied))
	}
	f = append(f,
		equals(unix.SYS_CONNECT, 0, 1), give(answerAccess), // a child is called, it calls nobody: no service of the host behind a path
		// Only streams, which reach nobody without connect; a datagram names its receiver in memory that no filter sees.
		equals(unix.SYS_SOCKET, 0, 7), load(atFirst), equals(unix.AF_UNIX, 0, 4), load(atSecond),
		unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: socketKind}, equals(unix.SOCK_STREAM, 0, 1), give(answerAllow), give(answerAccess),
		// Threads only: a process of its own could leave the group and outlive everybody.
		equals(unix.SYS_CLONE, 0, 4), load(atFirst),
		unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: unix.CLONE_THREAD, Jt: 1, Jf: 0}, give(answerDenied), give(answerAllow),
		give(answerAllow))
	return f
}

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

func equals(value uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: value, Jt: yes, Jf: no}
}

func give(answer uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: answer}
}
