package catalog

// A whole desk, small: bundled types as processes of the same binary, dropped-in ones beside them, and nothing left
// when it is killed.

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/sandbox"
)

type said struct {
	ID, Path, SHA256, Name, Digest, Code string
	Bundled                              bool
	Level                                sandbox.Level
}

func TestDesk(t *testing.T) {
	dir := folderFor(t)
	plugin(t, dir, "good")
	plugin(t, dir, "dead")
	self := digestOf(program(t, "desk"))
	cmd := exec.Command(filepath.Join(built, "desk"), dir, "once")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	got := map[string]said{}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var s said
		if err := d.Decode(&s); err != nil {
			t.Fatal(err)
		}
		got[s.ID] = s
	}
	for _, id := range []string{"individual", "institutional", "pension"} {
		if s := got[id]; !s.Bundled || s.SHA256 != self || s.Name == "" || s.Code != "" {
			t.Errorf("%s: %+v\n%s", id, s, stderr.Bytes())
		}
	}
	if s := got["good"]; s.Name != "样例认证" || s.Bundled || s.Code != "" {
		t.Errorf("good: %+v", s)
	}
	if s := got["dead"]; s.Code != Dead {
		t.Errorf("dead: %+v", s)
	}
}

// TestDeskKilled: the types of a desk that is killed end with it.
func TestDeskKilled(t *testing.T) {
	dir := folderFor(t)
	plugin(t, dir, "good")
	program(t, "desk")
	cmd := exec.Command(filepath.Join(built, "desk"), dir, "stay")
	tmp, err := os.MkdirTemp("", "desk") // what a killed desk leaves behind; short, for the sockets
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(tmp)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "staying" {
	}
	types := descendants(cmd.Process.Pid)
	if len(types) < 4 {
		t.Errorf("%d processes of types, want 4", len(types))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	eventually(t, "every type has ended with its desk", func() bool {
		for _, pid := range types {
			raw, _ := os.ReadFile("/proc/" + pid + "/stat")
			if _, state, ok := strings.Cut(string(raw), ") "); ok && !strings.HasPrefix(state, "Z") {
				return false
			}
		}
		return true
	})
}

// descendants lists the processes whose parent is pid.
func descendants(pid int) (out []string) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		raw, _ := os.ReadFile(path)
		_, after, ok := strings.Cut(string(raw), ") ")
		if f := strings.Fields(after); ok && len(f) > 1 && f[1] == strconv.Itoa(pid) {
			out = append(out, filepath.Base(filepath.Dir(path)))
		}
	}
	return out
}
