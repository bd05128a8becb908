package cli_test

// The author's way: write a type, test it, build it, test the built file, put it into the folder, see it listed.

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run runs a command in dir and returns what it prints; it fails the test unless the command ends as expected.
func run(t *testing.T, dir string, ok bool, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if (err == nil) != ok {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func plugincmd(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plugincmd")
	run(t, ".", true, "go", "build", "-o", path, "./testdata/plugincmd")
	return path
}

func want(t *testing.T, out string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(out, p) {
			t.Errorf("%q is missing in:\n%s", p, out)
		}
	}
}

func TestPluginFromNothingToTheFolder(t *testing.T) {
	cmd, dir := plugincmd(t), t.TempDir()
	want(t, run(t, dir, true, cmd, "new", "volunteer", "--module", "example.org/volunteer"), "cd volunteer")
	home := filepath.Join(dir, "volunteer")
	run(t, home, true, "go", "vet", "./...")
	run(t, home, true, "go", "test", "./...")
	run(t, home, true, "go", "build", "-trimpath", "-o", "volunteer", ".")
	if out := run(t, home, true, "gofmt", "-l", "."); out != "" {
		t.Errorf("not formatted: %s", out)
	}
	want(t, run(t, home, true, cmd, "test", "./volunteer"), "volunteer 1.0.0", "志愿者认证", "fine")

	folder := filepath.Join(dir, "pb_plugins")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(home, "volunteer"))
	if err != nil {
		t.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{"volunteer": 0o755, "writable": 0o777} {
		if err := os.WriteFile(filepath.Join(folder, name), raw, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(folder, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	want(t, run(t, dir, true, cmd, "list"), "individual", "pension", "pb_plugins/volunteer", "plugin_refused", "written by others")

	// The source, once changed, is tested as it is: this one asks about a question that is not there.
	spoil := filepath.Join(home, "type.json")
	text, _ := os.ReadFile(spoil)
	if err := os.WriteFile(spoil, []byte(strings.Replace(string(text), `"holderName": "name"`, `"holderName": "nobody"`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	want(t, run(t, home, false, "go", "test", "./..."), "nobody")
	run(t, home, true, "go", "build", "-trimpath", "-o", "volunteer", ".")
	want(t, run(t, home, false, cmd, "test", "./volunteer"), "wrong", "nobody")
}

func TestPluginRefusals(t *testing.T) {
	cmd, dir := plugincmd(t), t.TempDir()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"a bundled name":    {[]string{"new", "pension"}, "comes with the desk"},
		"a name with space": {[]string{"new", "my type"}, "cannot be the name of a type"},
		"a bad module":      {[]string{"new", "mine", "--module", "-x"}, "cannot be a module path"},
		"something there":   {[]string{"new", "there"}, "exists"},
		"no such file":      {[]string{"test", "nothing"}, "no such file"},
		"no executable":     {[]string{"test", "text"}, "not executable"},
		"no program":        {[]string{"test", "script"}, "no executable of this system"},
		"no answers":        {[]string{"test", "--answers", "text", "script"}, "invalid character"},
		"no such command":   {[]string{"frobnicate"}, "unknown command"},
	} {
		t.Run(name, func(t *testing.T) {
			_ = os.Mkdir(filepath.Join(dir, "there"), 0o755)
			for file, mode := range map[string]os.FileMode{"text": 0o644, "script": 0o755} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte("#!/bin/sh\n"+strings.Repeat("true\n", 20)), mode); err != nil {
					t.Fatal(err)
				}
			}
			want(t, run(t, dir, false, cmd, c.args...), c.says)
		})
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "there")); len(left) != 0 {
		t.Errorf("something was written: %v", left)
	}
}
