package sandbox

// The test binary is its own child: TestMain enters it like main does. The children below are the host
// and its victims.

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/certdesk/certdesk/internal/sandbox/testdata/attempts"
)

func TestMain(m *testing.M) {
	Reentry(
		Child{"attempts", func() int { return attempts.Report(os.Args[1:]) }},
		Child{"hog", attempts.Hog},
		Child{"spin", spin},
		Child{"sleep", func() int { time.Sleep(time.Hour); return 0 }},
		Child{"echo", echo},
		Child{"litter", litter},
		Child{"host", host},
		Child{"tell level", func() int { fmt.Println(Available()); return 0 }},
		Child{"no namespaces", withoutNamespaces},
		Child{"no landlock", withoutLandlock},
	)
	os.Exit(m.Run())
}

// spin uses every processor, and prints again and again how much time the system has counted: by the clock that limits go by.
func spin() int {
	const far = 1 << 30 // seconds
	if _, err := unix.Setitimer(unix.ITIMER_PROF, unix.Itimerval{Value: unix.Timeval{Sec: far}}); err != nil {
		fmt.Println(err)
		return 1
	}
	for range runtime.NumCPU() - 1 {
		go func() {
			for n := 0; ; n++ {
			}
		}()
	}
	for n := 0; ; n++ {
		if n%(1<<22) == 0 {
			left, err := unix.Getitimer(unix.ITIMER_PROF)
			fmt.Println(far*time.Second-time.Duration(left.Value.Nano()), err)
		}
	}
}

// echo proves that stdin, arguments and status go through.
func echo() int {
	n, _ := io.Copy(os.Stdout, os.Stdin)
	fmt.Print(strings.Join(os.Args, ","))
	return int(n)
}

// litter leaves a process behind in its group and ends.
func litter() int {
	cmd := exec.Cmd{Path: "/proc/self/exe", Args: []string{childName, "sleep"}, Stdin: os.Stdin, Stdout: os.Stderr, Stderr: os.Stderr}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(cmd.Process.Pid)
	return 0
}

// host starts a sleeper at a level, prints its pid and waits to be killed.
func host() int {
	cmd, _, err := Command(Spec{Child: "sleep", Level: Level(os.Args[1])})
	if err == nil {
		err = Start(cmd)
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(cmd.Process.Pid)
	time.Sleep(time.Hour)
	return 0
}

// withoutNamespaces is a container that forbids user namespaces; it runs in a user namespace of its own.
func withoutNamespaces() int {
	if err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(Available())
	return 0
}

// withoutLandlock is a kernel that knows no Landlock: a filter answers so.
func withoutLandlock() int {
	runtime.LockOSThread()
	filter := []unix.SockFilter{load(atCall), equals(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 1), give(answerNoCall), give(answerAllow)}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	if err == nil {
		err = unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
	}
	if err == nil {
		err = syscall.Exec(ownBinary, []string{childName, "tell level"}, os.Environ())
	}
	fmt.Println(err)
	return 1
}

// plain runs one of the children above without any sandbox.
func plain(args ...string) *exec.Cmd {
	return &exec.Cmd{Path: "/proc/self/exe", Args: append([]string{childName}, args...), Env: []string{}}
}

// firstLine starts cmd and gives the first line it prints.
func firstLine(t *testing.T, cmd *exec.Cmd, start func(*exec.Cmd) error) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := start(cmd); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v", err)
	}
	return strings.TrimSpace(line)
}

// gone waits until a process that is not our child has ended.
func gone(t *testing.T, pid string) {
	t.Helper()
	for range 600 {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") || strings.Contains(string(stat), ") X ") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("process %s still runs", pid)
}
