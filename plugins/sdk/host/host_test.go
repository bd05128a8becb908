package host

// The host's side against real processes.

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
)

var built string

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(built)
	os.Exit(code)
}

var build = sync.OnceValues(func() (string, error) {
	var err error
	if built, err = os.MkdirTemp("", "host-test-"); err != nil {
		return "", err
	}
	path := filepath.Join(built, "plugin")
	if out, err := exec.Command("go", "build", "-o", path, "./testdata/plugin").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func start(t *testing.T, o Options, args ...string) (*Conn, error) {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	o.Command = Executable(path, args...)
	if o.StartTimeout == 0 { // the machine may be busy
		o.StartTimeout = time.Minute
	}
	if o.Deadline == 0 {
		o.Deadline = time.Minute
	}
	c, err := Connect(context.Background(), o)
	if err == nil {
		t.Cleanup(c.Close)
	}
	return c, err
}

// printed is a log that says when it has got a text. What a plugin prints arrives by a goroutine of its own.
type printed struct {
	seen chan struct{}
	want string
	once sync.Once
}

func (p *printed) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(p.want)) {
		p.once.Do(func() { close(p.seen) })
	}
	return len(line), nil
}

func TestCalls(t *testing.T) {
	t.Setenv("CERTDESK_TEST_SECRET", "x")
	log := &printed{seen: make(chan struct{}), want: "describing"}
	c, err := start(t, Options{Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	typ, err := c.Describe(context.Background())
	if err != nil || typ.ID != "sample" || strings.Contains(typ.Name.En, "SECRET") {
		t.Fatalf("%+v, %v", typ, err)
	}
	found, err := c.Check(context.Background(), sdk.CheckRequest{Today: "2026-11-23", Answers: sdk.Answers{"name": "𠮷野"}})
	if err != nil || len(found) != 1 || found[0].Text != (sdk.Text{ZhHans: "𠮷野", En: "2026-11-23"}) {
		t.Fatalf("%v, %v", found, err)
	}
	if found, err = c.Recheck(context.Background(), sdk.RecheckRequest{}); err != nil || found != nil {
		t.Fatalf("%v, %v", found, err)
	}
	big := sdk.CheckRequest{Answers: sdk.Answers{"name": strings.Repeat("x", 2<<20)}}
	if _, err = c.Check(context.Background(), big); !errors.Is(err, ErrTooBig) {
		t.Fatalf("%v", err)
	}
	select {
	case <-log.seen:
	case <-time.After(time.Minute):
		t.Error("what it printed is not in the log")
	}
	c.Close()
	if _, err := c.Check(context.Background(), sdk.CheckRequest{}); !errors.Is(err, ErrDead) {
		t.Fatalf("%v", err)
	}
	<-c.Done()
}

func TestHandshakes(t *testing.T) {
	cert := strings.Repeat("A", 100)
	for name, c := range map[string]struct {
		line string
		want error
	}{
		"words":           {"hello\n", ErrAnswer},
		"no end":          {strings.Repeat("x", 1<<16), ErrAnswer},
		"network":         {"1|1|tcp|127.0.0.1:1|grpc|" + cert + "\n", ErrAnswer},
		"elsewhere":       {"1|1|unix|/run/docker.sock|grpc|" + cert + "\n", ErrAnswer},
		"out of the dir":  {"1|1|unix|DIR/../x|grpc|" + cert + "\n", ErrAnswer},
		"no socket":       {"1|1|unix|DIR/x|grpc|" + cert + "\n", ErrAnswer},
		"no certificate":  {"1|1|unix|DIR/x|grpc\n", ErrAnswer},
		"net/rpc":         {"1|1|unix|DIR/x|netrpc|" + cert + "\n", ErrAnswer},
		"another core":    {"2|1|unix|DIR/x|grpc|" + cert + "\n", ErrAnswer},
		"a later version": {"1|2|unix|DIR/x|grpc|" + cert + "\n", ErrVersion},
		"no version":      {"1|x|unix|DIR/x|grpc|" + cert + "\n", ErrAnswer},
		"nothing":         {"", ErrSlow},
	} {
		t.Run(name, func(t *testing.T) {
			timeout := time.Minute
			if c.want == ErrSlow {
				timeout = 200 * time.Millisecond
			}
			if _, err := start(t, Options{StartTimeout: timeout}, c.line); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

// TestStopped: a process that a signal has stopped is ended all the same.
func TestStopped(t *testing.T) {
	c, err := start(t, Options{Deadline: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(c.Pid(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for err == nil { // the signal takes a moment
		_, err = c.Describe(context.Background())
	}
	if !errors.Is(err, ErrSlow) {
		t.Errorf("%v", err)
	}
	c.Close()
	<-c.Done()
	if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its folder is left: %v", err)
	}
}

// TestHostGone: a plugin ends when the host's end of its standard input closes, as it does when the host dies.
func TestHostGone(t *testing.T) {
	c, err := start(t, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.proc.watch.Close()
	<-c.Done()
}

func TestNotStarted(t *testing.T) {
	if _, err := Connect(context.Background(), Options{Command: Executable("/nonexistent")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	want := errors.New("no")
	refuse := func([]string, string) (*exec.Cmd, error) { return nil, want }
	if _, err := Connect(context.Background(), Options{Command: refuse}); !errors.Is(err, want) {
		t.Errorf("%v", err)
	}
}

func TestByHand(t *testing.T) {
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "plugin") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestLines(t *testing.T) {
	var log bytes.Buffer
	l := newLines(slog.New(slog.NewTextHandler(&log, nil)), "sample")
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	l.now = func() time.Time { return now }
	for range 100 {
		_, _ = l.Write([]byte(strings.Repeat("x", 10000) + "\n"))
	}
	if n := strings.Count(log.String(), "\n"); n != maxPerSec || log.Len() > maxPerSec*(maxLine+200) {
		t.Errorf("%d lines, %d bytes", n, log.Len())
	}
	now = now.Add(time.Second)
	_, _ = l.Write([]byte("again\n"))
	if s := log.String(); !strings.Contains(s, "dropped=50") || !strings.Contains(s, "line=again") {
		t.Errorf("%s", s[len(s)-200:])
	}
}
