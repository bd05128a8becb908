//go:build !race

package catalog

// Types locked up. A binary built for the race detector cannot start locked up, because it needs a loader; with it, the
// other tests run their types without a sandbox.

import (
	"os"
	"testing"

	"github.com/certdesk/certdesk/internal/sandbox"
)

const testSandbox = ""

func TestLockedUp(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "escape")
	c := open(t, Options{Dir: dir})
	if level := c.Level(); !level.AtLeast(sandbox.Landlock) {
		t.Fatalf("level %s", level)
	}
	if found, err := check1(c, ref); err != nil || len(found) != 0 {
		t.Fatalf("it could: %v, %v", found, err)
	}
	c.Close()
	loose := open(t, Options{Dir: dir, Sandbox: "off"})
	found, err := check1(loose, ref)
	if err != nil || len(found) == 0 || loose.Level() != sandbox.None {
		t.Fatalf("with the sandbox off the test itself finds nothing: %v, %v", found, err)
	}
	os.Remove("/tmp/certdesk-escaped")
	for _, f := range found {
		if f.Code == "secret_seen" {
			t.Error("the desk's environment reached the type")
		}
	}
}

func TestNoSandbox(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir})
	c.level = sandbox.None // as on a system without Landlock
	if _, err := check1(c, ref); Code(err) != NoSandbox {
		t.Fatalf("%v", err)
	}
	if f := c.Found(); len(f) != 1 || Code(f[0].Err) != NoSandbox {
		t.Fatalf("%+v", f)
	}
	if _, err := Open(Options{Sandbox: "of"}); err == nil {
		t.Error("a misspelt setting is accepted")
	}
}
