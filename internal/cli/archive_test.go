package cli_test

// The record from outside: a checkpoint taken out of the house, and what it shows of a database that was put back.

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/cli"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// certdesk runs a command on the folder of a desk, and wants this exit (an error that says its code; "" for none).
func certdesk(t *testing.T, dir, exit string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	root := cli.Root(nil)
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(append(args, "--dir", filepath.Join(dir, "data")))
	err := root.ExecuteContext(t.Context())
	if got := fmt.Sprint(err); exit == "" && err != nil || exit != "" && !strings.Contains(got, exit) {
		t.Fatalf("%v: %v, want %q\n%s", args, err, exit, out.String())
	}
	return out.String()
}

func TestArchive(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	dir := t.TempDir()
	copyTo := func(name string) string {
		t.Helper()
		to := filepath.Join(dir, name)
		if _, err := d.App.DB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute(); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(to, os.DirFS(d.Dir)); err != nil {
			t.Fatal(err)
		}
		private(t, filepath.Join(to, "keys"))
		return to
	}
	older := copyTo("older")
	d.Staff("吴同事", "wu@example.com", flow.Lead)
	newer := copyTo("newer")

	note := certdesk(t, newer, "", "archive", "witness")
	if again := certdesk(t, newer, "", "archive", "witness"); again != note || !strings.HasPrefix(note, "certdesk/") {
		t.Fatalf("the same record, signed twice:\n%s\n%s", note, again)
	}
	key := strings.TrimSpace(certdesk(t, newer, "", "archive", "key"))
	if name, _, _ := strings.Cut(note, "\n"); !strings.HasPrefix(key, name+"+") {
		t.Errorf("the key %q is not that of %q", key, name)
	}
	kept := filepath.Join(dir, "checkpoint")
	if err := os.WriteFile(kept, []byte(note), 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, certdesk(t, newer, "", "archive", "verify", "--checkpoint", kept), "elsewhere    1 checkpoints hold", "The record holds")
	want(t, certdesk(t, older, "", "archive", "verify"), "The record holds")
	want(t, certdesk(t, older, "exit 1", "archive", "verify", "--checkpoint", kept), "CHANGED", "witness", "its end was cut off")
	want(t, certdesk(t, older, "exit 1", "archive", "verify", "--json", "--checkpoint", kept), `"kind":"witness"`)
	want(t, certdesk(t, newer, "exit 2", "archive", "verify", "--checkpoint", filepath.Join(dir, "nothing")), "checkpoint")
	if err := os.WriteFile(kept, []byte(strings.Replace(note, "\n", "\n1", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, certdesk(t, newer, "exit 1", "archive", "verify", "--checkpoint", kept), "CHANGED", "witness")
	certdesk(t, filepath.Join(dir, "none"), "there is no desk", "archive", "witness")
}

// private gives a copied folder of keys the modes that a desk insists on.
func private(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Chmod(filepath.Join(dir, f.Name()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
}
