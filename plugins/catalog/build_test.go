package catalog

// What the tests run is built: types from testdata/plugin, a desk from testdata/desk. This binary itself is executed
// again as the sandbox's launcher only.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestMain(m *testing.M) {
	sandbox.Reentry()
	os.Setenv("CERTDESK_TEST_SECRET", "x")
	code := m.Run()
	os.RemoveAll(built)
	os.Exit(code)
}

var built string // the folder of what was built once for all tests

var buildOnce = sync.OnceValue(func() error {
	var err error
	if built, err = os.MkdirTemp("", "catalog-test-"); err != nil {
		return err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-o", built+"/", "./testdata/plugin", "./testdata/desk")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
})

// program returns the bytes of something built.
func program(t *testing.T, name string) []byte {
	t.Helper()
	if err := buildOnce(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(built, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// plugin puts a type that behaves so into a folder, and returns its ref.
func plugin(t *testing.T, dir, behaviour string) Ref {
	t.Helper()
	mark := func(s string) []byte { return []byte(fmt.Sprintf("@@behaviour:%-20s@@", s)) }
	raw := bytes.Replace(program(t, "plugin"), mark("good"), mark(behaviour), 1)
	put(t, filepath.Join(dir, behaviour), raw, 0o755)
	return Ref{ID: behaviour, SHA256: digestOf(raw)}
}

func put(t *testing.T, path string, raw []byte, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, raw, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// folderFor returns a folder that nobody else can write.
func folderFor(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// open returns a catalog of a folder, without bundled types unless o has some; its end leaves no process behind.
func open(t *testing.T, o Options) *Catalog {
	t.Helper()
	if o.Bundled == nil {
		o.Bundled = map[string]func() sdk.Certification{}
	}
	if o.Sandbox == "" {
		o.Sandbox = testSandbox
	}
	o.Start, o.Deadline = positive(o.Start, time.Minute), positive(o.Deadline, time.Minute) // the machine may be busy
	o.Log = slog.New(slog.NewTextHandler(testLog{t}, nil))
	c, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		noChildren(t)
	})
	return c
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	if l.t.Context().Err() == nil {
		l.t.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

func noChildren(t *testing.T) {
	t.Helper()
	eventually(t, "no process is left", func() bool { return len(descendants(os.Getpid())) == 0 })
}

// eventually waits for what has to come true, however long a slow machine takes.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("not within a minute: %s", what)
}

func check1(c *Catalog, ref Ref) ([]sdk.Finding, error) {
	return c.Check(context.Background(), ref, sdk.CheckRequest{Today: "2026-11-23", Answers: sdk.Answers{"name": "张三"}})
}
