//go:build linux && !race

package catalog

// A hostile type at each level of the sandbox: what it must not get at, and that nothing of it stays.

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
)

// hostile puts a type into a folder that knows where everything is.
func hostile(t *testing.T, dir, behaviour string, s any) Ref {
	t.Helper()
	plugin(t, dir, behaviour)
	path := filepath.Join(dir, behaviour)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.Index(raw, []byte("@@told:   "))
	end := start + bytes.Index(raw[start:], []byte("  @@"))
	if start < 0 || end-start < len(text)+7 {
		t.Fatalf("no room for %d bytes", len(text))
	}
	copy(raw[start+7:], text)
	put(t, path, raw, 0o755)
	return Ref{ID: behaviour, SHA256: digestOf(raw)}
}

// every attempt that a hostile type makes.
var every = []string{"passwd", "data", "data_write", "keys", "plugins_read", "plugins_list", "plugins_write", "temp_write", "host_environ", "host_memory", "host_signal", "host_trace",
	"tcp", "udp", "unix", "dns", "listen", "run"}

func TestHostileAtEachLevel(t *testing.T) {
	if sandbox.Available() != sandbox.Full {
		t.Fatalf("this machine gives %s only: the levels cannot be told apart", sandbox.Available())
	}
	host := t.TempDir()
	for dir, file := range map[string]string{"data": "data.db", "keys": "root.key"} {
		if err := os.Mkdir(filepath.Join(host, dir), 0o700); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(host, dir, file), []byte("secret"), 0o600)
	}
	short, err := os.MkdirTemp("", "s") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(short)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	socket, err := net.Listen("unix", filepath.Join(short, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for _, l := range []net.Listener{tcp, socket} {
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				c.Close()
			}
		}()
	}
	dir := folderFor(t)
	ref := hostile(t, dir, "hostile", map[string]any{"Data": filepath.Join(host, "data"), "Keys": filepath.Join(host, "keys"), "Plugins": dir,
		"Socket": socket.Addr().String(), "TCP": tcp.Addr().String(), "UDP": udp.LocalAddr().String(), "Host": os.Getpid()})
	for level, may := range map[sandbox.Level][]string{
		sandbox.Full: nil, sandbox.Landlock: nil,
		// Nothing is promised but limits; what the test can do itself it finds.
		sandbox.None: {"passwd", "data", "keys", "plugins_read", "plugins_list", "tcp", "udp", "unix", "listen", "host_signal"},
	} {
		t.Run(string(level), func(t *testing.T) {
			o := Options{Dir: dir}
			if level == sandbox.None {
				o.Sandbox = "off"
			}
			c := open(t, o)
			c.level = level
			found, err := check1(c, ref)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.Code)
			}
			slices.Sort(got)
			t.Logf("at level %s it could: %v", level, got)
			for _, code := range every {
				if may == nil && slices.Contains(got, code) {
					t.Errorf("%s: it could %s", level, code)
				}
			}
			for _, code := range may {
				if !slices.Contains(got, code) {
					t.Errorf("%s: the attempt %q itself does not work", level, code)
				}
			}
			for _, left := range []string{filepath.Join(host, "data", "planted"), filepath.Join(dir, "planted"), "/tmp/certdesk-hostile"} {
				os.Remove(left)
			}
		})
	}
}

// processes lists everything that runs with this among its arguments or as its program.
func processes(mark string) (out []string) {
	list, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range list {
		raw, _ := os.ReadFile(path)
		pid := filepath.Base(filepath.Dir(path))
		stat, _ := os.ReadFile("/proc/" + pid + "/stat")
		if _, state, _ := strings.Cut(string(stat), ") "); bytes.HasPrefix(raw, []byte(mark)) && !strings.HasPrefix(state, "Z") && pid != strconv.Itoa(os.Getpid()) {
			out = append(out, pid)
		}
	}
	return out
}

// TestLitter: a type cannot leave a process behind, in a session of its own, that would outlive it.
func TestLitter(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "litter")
	for level, want := range map[sandbox.Level]string{sandbox.Full: "alone", sandbox.Landlock: "alone", sandbox.None: "stays"} {
		t.Run(string(level), func(t *testing.T) {
			o := Options{Dir: dir}
			if level == sandbox.None {
				o.Sandbox = "off"
			}
			c := open(t, o)
			c.level = level
			found, err := check1(c, ref)
			if err != nil || len(found) != 1 || found[0].Code != want {
				t.Fatal(found, err)
			}
			c.Close()
			left := processes("stay\x00stay")
			for _, pid := range left {
				n, _ := strconv.Atoi(pid)
				_ = syscall.Kill(n, syscall.SIGKILL)
			}
			if (len(left) > 0) != (want == "stays") {
				t.Errorf("%v left", left)
			}
		})
	}
}

// TestHostileEnds: however a type misbehaves while it is asked, the answer says what it did, and its process is gone.
func TestHostileEnds(t *testing.T) {
	for behaviour, want := range map[string]string{"hog": Dead, "longline": Answer, "drip": Slow} {
		t.Run(behaviour, func(t *testing.T) {
			dir := folderFor(t)
			ref := plugin(t, dir, behaviour)
			o := Options{Dir: dir}
			if want == Slow {
				o.Deadline = 2 * time.Second
			}
			if behaviour == "drip" {
				o.Start = 2 * time.Second
			}
			c := open(t, o)
			if _, err := check1(c, ref); Code(err) != want {
				t.Fatalf("code %q, want %q: %v", Code(err), want, err)
			}
			noChildren(t)
		})
	}
}

// TestKilledWhileAnswering: a type that is killed in the middle of an answer is tried once more, then the answer says so.
func TestKilledWhileAnswering(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "slow")
	c := open(t, Options{Dir: dir})
	if _, _, _, err := c.Describe(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error)
	go func() {
		_, err := check1(c, ref)
		answered <- err
	}()
	for {
		select {
		case err := <-answered:
			if Code(err) != Dead || !errors.Is(err, ErrUnavailable) {
				t.Fatalf("%v", err)
			}
			noChildren(t)
			return
		case <-time.After(300 * time.Millisecond):
			for _, pid := range descendants(os.Getpid()) {
				n, _ := strconv.Atoi(pid)
				_ = syscall.Kill(n, syscall.SIGKILL)
			}
		}
	}
}

// TestSwapped: the file is exchanged at every moment between the look and the start; what runs is what was pinned.
func TestSwapped(t *testing.T) {
	dir := folderFor(t)
	good := plugin(t, dir, "good")
	path := filepath.Join(dir, "good")
	right, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wrong := bytes.Replace(right, []byte("@@behaviour:good "), []byte("@@behaviour:liar "), 1)
	stop, swapped := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				swapped <- n
				return
			default:
			}
			raw := right
			if n++; n%2 == 1 {
				raw = wrong
			}
			next := filepath.Join(dir, ".next") // hidden: no type
			_ = os.WriteFile(next, raw, 0o755)
			_ = os.Chmod(next, 0o755)
			_ = os.Rename(next, path)
		}
	}()
	c := open(t, Options{Dir: dir, Idle: time.Millisecond})
	ran := 0
	for range 12 {
		found, err := check1(c, good)
		switch {
		case err == nil && len(found) == 1 && found[0].Code == "seen":
			ran++
		case err == nil:
			t.Errorf("another executable answered: %v", found)
		case Code(err) != Digest && Code(err) != Refused && Code(err) != Unknown && Code(err) != Unreadable && Code(err) != Resting:
			t.Errorf("%v", err)
		}
	}
	close(stop)
	t.Logf("%d of 12 ran, %d swaps", ran, <-swapped)
	put(t, path, wrong, 0o755)
	c.Close()
	again := open(t, Options{Dir: dir})
	if _, err := check1(again, good); Code(err) != Digest {
		t.Errorf("the other executable alone: %v", err)
	}
	put(t, path, right, 0o755)
	if found, err := check1(again, good); err != nil || found[0].Code != "seen" {
		t.Errorf("the right one: %v %v", found, err)
	}
}

// TestPinnedIsSealed: between the digest and the start nobody can change what will run, the desk itself included.
func TestPinnedIsSealed(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir})
	p, err := c.folder.pin(ref)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	put(t, filepath.Join(dir, "good"), []byte("something else"), 0o755)
	if _, err := p.file.WriteAt([]byte("x"), 0); err == nil {
		t.Error("what was pinned can be written")
	}
	if err := p.file.Truncate(0); err == nil {
		t.Error("what was pinned can be cut off")
	}
	raw := make([]byte, 1<<20)
	if n, err := p.file.ReadAt(raw, 0); err != nil || n == 0 || !bytes.HasPrefix(raw, []byte("\x7fELF")) {
		t.Errorf("%d %v", n, err)
	}
}
