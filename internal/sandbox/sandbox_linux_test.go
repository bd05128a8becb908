package sandbox

// What a locked-up child can and cannot do, at each level, as root and as nobody.

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// scene is a folder with a file that is named, one that is not, and a folder that may be changed,
// beside a host that listens on TCP and UDP.
type scene struct{ readable, writable, port string }

func newScene(t *testing.T) scene {
	t.Helper()
	dir := t.TempDir()
	s := scene{readable: filepath.Join(dir, "named", "named.txt"), writable: filepath.Join(dir, "own")}
	for _, d := range []string{filepath.Dir(s.readable), s.writable} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{s.readable, filepath.Join(filepath.Dir(s.readable), "beside.txt")} {
		if err := os.WriteFile(f, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, s.port, _ = net.SplitHostPort(l.Addr().String())
	return s
}

func (s scene) args() []string {
	return []string{s.readable, s.writable, strconv.Itoa(os.Getpid()), s.port}
}

func (s scene) spec(level Level) Spec {
	return Spec{Args: s.args(), Env: []string{"ONLY=this"}, ReadOnly: []string{s.readable}, ReadWrite: []string{s.writable}, Files: 64, Level: level}
}

func report(t *testing.T, spec Spec) map[string]string {
	t.Helper()
	cmd, level, err := Command(spec)
	if err != nil {
		t.Fatal(err)
	}
	if level != spec.Level {
		t.Fatalf("level %q, wanted %q", level, spec.Level)
	}
	var out, failures bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &failures
	if err := Start(cmd); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, failures.String())
	}
	var got map[string]string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return got
}

// program builds the executable of testdata.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	build := exec.Command("go", "build", "-o", path, "./testdata/program")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// sealed gives the executable as a memfd that nobody can change.
func sealed(t *testing.T, path string) *os.File {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.MemfdCreate("program", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "program")
	t.Cleanup(func() { f.Close() })
	if _, err := f.Write(text); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL); err != nil {
		t.Fatal(err)
	}
	return f
}

var (
	allowed = []string{"named file", "own folder", "unix socket"}
	denied  = []string{"passwd", "list root", "change named", "beside named", "run own file", "big file", "outside", "temp",
		"host environ", "host signal", "shell", "tcp", "tcp listen", "udp", "udp listen", "raw", "netlink", "unix connect", "unix datagram", "unix packets", "process", "namespace", "trace"}
)

func TestWhatAChildCanDo(t *testing.T) {
	path := program(t)
	ways := map[string]func(*Spec){
		"child":  func(s *Spec) { s.Child = "attempts" },
		"path":   func(s *Spec) { s.Path = path },
		"memory": func(s *Spec) { s.Exec = sealed(t, path) },
	}
	for name, way := range ways {
		for _, level := range []Level{Full, Landlock} {
			t.Run(name+" "+string(level), func(t *testing.T) {
				spec := newScene(t).spec(level)
				way(&spec)
				got := report(t, spec)
				for _, what := range allowed {
					if got[what] != "" {
						t.Errorf("%s: %s", what, got[what])
					}
				}
				for _, what := range denied {
					if got[what] == "" {
						t.Errorf("%s succeeded", what)
					}
				}
				if got["env"] != "[ONLY=this]" {
					t.Errorf("environment %s", got["env"])
				}
				if got["limits"] != "files 64 core 0 size 1048576" {
					t.Errorf("limits: %s", got["limits"])
				}
			})
		}
	}
}

func TestLevelNonePromisesLimitsOnly(t *testing.T) {
	spec := newScene(t).spec(None)
	spec.Child = "attempts"
	got := report(t, spec)
	if got["passwd"] != "" || got["tcp"] != "" {
		t.Errorf("level none hides what it does not promise: %v", got)
	}
	if got["env"] != "[ONLY=this]" || got["limits"] != "files 64 core 0 size 1048576" {
		t.Errorf("environment %s, limits %s", got["env"], got["limits"])
	}
}

func TestMemoryHogDies(t *testing.T) {
	for _, level := range []Level{Full, Landlock, None} {
		cmd, _, err := Command(Spec{Child: "hog", Memory: 1 << 30, Level: level})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := Start(cmd); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || out.Len() > 0 {
			t.Errorf("%s: the hog lived: %v %s", level, err, out.String())
		}
	}
}

// However busy the machine is, a child gets the processor time it was given, and no more. The
// system counts it in whole ticks; what it reports of a child that ended is reckoned otherwise, and
// on a busy machine off by a fifth. So the child itself reads the count by which it is limited.
func TestProcessorTime(t *testing.T) {
	const given = 3 * time.Second
	for _, level := range []Level{Full, Landlock, None} {
		cmd, _, err := Command(Spec{Child: "spin", CPU: uint64(given / time.Second), Level: level})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := Start(cmd); err != nil {
			t.Fatal(err)
		}
		err = cmd.Wait()
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		counted, _ := time.ParseDuration(strings.TrimSuffix(lines[len(lines)-1], " <nil>"))
		used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if err == nil || counted < given*9/10 || used > 5*time.Second {
			t.Errorf("%s: it ended with %v after %s of processor time, %s by the count of the limit", level, err, used, counted)
		}
	}
}

func TestDiesWithItsHost(t *testing.T) {
	for _, level := range []Level{Full, Landlock, None} {
		h := plain("host", string(level))
		pid := firstLine(t, h, (*exec.Cmd).Start)
		if err := h.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = h.Wait()
		gone(t, pid)
	}
}

func TestKillEndsTheChild(t *testing.T) {
	for _, level := range []Level{Full, Landlock, None} {
		cmd, _, err := Command(Spec{Child: "sleep", Level: level})
		if err != nil {
			t.Fatal(err)
		}
		Kill(cmd) // not started: nothing happens
		if err := Start(cmd); err != nil {
			t.Fatal(err)
		}
		Kill(cmd)
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Errorf("%s: %v", level, err)
		}
		Kill(cmd) // ended: nothing happens
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	cmd, _, err := Command(Spec{Child: "litter", Level: None}) // locked up it could make no process at all
	if err != nil {
		t.Fatal(err)
	}
	pid := firstLine(t, cmd, Start)
	if err := cmd.Wait(); err != nil {
		t.Fatal(pid, err)
	}
	gone(t, pid)
}

func TestStdinArgumentsAndStatusGoThrough(t *testing.T) {
	cmd, _, err := Command(Spec{Child: "echo", Args: []string{"a b", "ü"}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout = strings.NewReader("seven77"), &out
	if err := Start(cmd); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 7 || out.String() != "seven77echo,a b,ü" {
		t.Errorf("%v %q", err, out.String())
	}
	if cmd, _, err = Command(Spec{Child: "echo"}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Start(cmd), cmd.Wait()); err != nil {
		t.Errorf("without stdin it is empty: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	for name, c := range map[string]struct {
		spec Spec
		code string
	}{
		"nothing to run":    {Spec{}, "spec_wrong"},
		"two things to run": {Spec{Child: "echo", Path: "/bin/true"}, "spec_wrong"},
		"unknown level":     {Spec{Child: "echo", Level: "best"}, "spec_wrong"},
		"unknown child":     {Spec{Child: "nobody"}, "child_unknown"},
		"missing program":   {Spec{Path: missing}, "path_missing"},
		"missing file":      {Spec{Child: "echo", ReadOnly: []string{missing}}, "path_missing"},
		"missing folder":    {Spec{Child: "echo", ReadWrite: []string{missing}}, "path_missing"},
	} {
		_, _, err := Command(c.spec)
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != c.code || errors.Unwrap(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMainWithoutReentryStartsNothing(t *testing.T) {
	kept := children
	defer func() { children = kept }()
	children = nil
	if level := Available(); level != None {
		t.Errorf("level %q", level)
	}
	var refused *Error
	if _, _, err := Command(Spec{Path: "/bin/true"}); !errors.As(err, &refused) || refused.Code != "not_entered" {
		t.Errorf("%v", err)
	}
}

// A launcher that cannot lock up must not run the program.
func TestNoLockNoProgram(t *testing.T) {
	cmd, err := Spec{Child: "echo", ReadOnly: []string{"/gone/before/start"}}.command(Landlock)
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitNoLock || len(out) > 0 {
		t.Errorf("%v %q", err, out)
	}
	if out, err = plain("no such child").Output(); !errors.As(err, &exit) || exit.ExitCode() != exitNoChild {
		t.Errorf("%v %q", err, out)
	}
}

func TestAvailable(t *testing.T) {
	if got := Available(); got != Full {
		t.Errorf("as uid %d: %s", os.Getuid(), got)
	}
	own := plain("no namespaces")
	own.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}}
	kernel := plain("no landlock")
	cases := map[string]struct {
		cmd  *exec.Cmd
		want string
	}{"without user namespaces": {own, "landlock"}, "without Landlock": {kernel, "none"}}
	if os.Getuid() == 0 {
		other := plain("tell level")
		other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		cases["as nobody"] = struct {
			cmd  *exec.Cmd
			want string
		}{other, "full"}
	}
	for name, c := range cases {
		if out, err := c.cmd.CombinedOutput(); strings.TrimSpace(string(out)) != c.want {
			t.Errorf("%s: %q %v", name, out, err)
		}
	}
}
