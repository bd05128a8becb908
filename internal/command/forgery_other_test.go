package command_test

// The independent verifier, docs/verify.py, on the same desk and the same forgeries: it was written from the description
// of the format, so that where the two differ, one of the three is wrong.

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/testkit"
)

// python runs the verifier over the data of the desk as it lies on disk, and returns what it names: a line each of kind,
// entry, table and row.
func python(t *testing.T, w *world, witness ...string) []string {
	t.Helper()
	args := []string{"../../docs/verify.py", filepath.Join(w.App.DataDir(), "data.db"), "--key", w.Desk.Desk.PublicKey()}
	for i, note := range witness {
		file := filepath.Join(t.TempDir(), fmt.Sprint("checkpoint", i))
		if err := os.WriteFile(file, []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--checkpoint", file)
	}
	cmd := exec.Command("python3", args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("python3: %v\n%s", err, errs.String())
	}
	var told []string
	for line := range strings.Lines(out.String()) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		told = append(told, strings.Join(cells[:4], " "))
	}
	if (err == nil) != (len(told) == 0) {
		t.Fatalf("%v, but it names %q", err, told)
	}
	slices.Sort(told)
	return slices.Compact(told)
}

// ours is the same of our own findings.
func ours(findings []ledger.Finding) (told []string) {
	for _, f := range findings {
		told = append(told, fmt.Sprintf("%s %d %s %s", f.Kind, f.Seq, f.Noun, f.ID))
	}
	slices.Sort(told)
	return slices.Compact(told)
}

func agree(t *testing.T, w *world, what string, witness ...string) {
	t.Helper()
	report, err := w.Desk.Desk.Verify(w.ctx, witness...)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if a, b := ours(report.Findings), python(t, w, witness...); !slices.Equal(a, b) {
		t.Errorf("%s:\nours   %q\npython %q", what, a, b)
	}
}

// TestIndependentVerifier asks both about the desk as it is, and about forgeries from every corner of the table.
func TestIndependentVerifier(t *testing.T) {
	w, beside := recorded(t)
	if told := python(t, w); len(told) > 0 {
		t.Fatalf("the good desk: %q", told)
	}
	every, met := 100, 0
	if everything {
		every = 5
	}
	list := forgeries(w, beside)
	for i := 0; i < len(list); i += every {
		if list[i].forge(beside) {
			agree(t, w, list[i].what)
			met++
		}
		beside.Back("good", list[i].table)
	}
	for _, f := range checkpointForgeries(beside) {
		if f.forge(beside) {
			agree(t, w, f.what)
		}
		beside.Back("good", f.table)
	}
	t.Log(met, "of the forgeries")
	if met < 20 {
		t.Errorf("only %d forgeries", met)
	}
}

// TestOlderDatabase puts a whole older database back, with everything that belongs to it: in itself it holds, and only a
// checkpoint that was kept elsewhere shows that its end was cut off. A record made anew by somebody without the key is
// found by the checkpoints beside it, one by somebody with the key by the one elsewhere.
func TestOlderDatabase(t *testing.T) {
	w, beside := recorded(t)
	d := w.Desk.Desk
	elsewhere, err := d.Checkpoint(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	beside.Keep("good")
	kinds := func(what string, witness []string, want ...ledger.Kind) {
		t.Helper()
		report, err := d.Verify(w.ctx, witness...)
		if err != nil {
			t.Fatal(err)
		}
		var got []ledger.Kind
		for _, f := range report.Findings {
			if !slices.Contains(got, f.Kind) {
				got = append(got, f.Kind)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v: %+v", what, got, want, report.Findings)
		}
		agree(t, w, what, witness...)
	}
	kinds("as it is", []string{elsewhere})
	beside.Back("early")
	kinds("an older database", nil)
	kinds("an older database, with a checkpoint from elsewhere", []string{elsewhere}, ledger.BadCheckpoint, ledger.BadWitness)
	beside.Back("good")

	beside.Must("DELETE FROM checkpoints WHERE size=(SELECT max(size) FROM checkpoints)")
	kinds("a checkpoint removed", nil)
	kinds("a checkpoint removed that was given out", []string{elsewhere}, ledger.BadCheckpoint)
	beside.Back("good")

	again(t, beside)
	kinds("a record made anew", nil, ledger.BadCheckpoint)
	beside.Must("DELETE FROM checkpoints")
	kinds("a record made anew, its checkpoints gone", nil)
	if _, err := d.Checkpoint(w.ctx); err != nil { // the forger has the key, too
		t.Fatal(err)
	}
	kinds("a record made anew and signed", nil)
	kinds("a record made anew and signed, with a checkpoint from elsewhere", []string{elsewhere}, ledger.BadWitness)
	beside.Back("good")
	kinds("a checkpoint of another record", []string{strings.Replace(elsewhere, "\n", "x\n", 1)}, ledger.BadWitness)
}

// again writes the whole record anew, as it would be had a reviewer never looked at a document.
func again(t *testing.T, beside *testkit.Beside) {
	t.Helper()
	entries, err := ledger.Search(beside.DB, ledger.Query{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"ledger_entries", "ledger_hashes", "ledger_rows"} {
		beside.Must("DELETE FROM " + table)
	}
	changed := false
	for _, e := range entries {
		if e.Act == "suspend" {
			e.Actor, changed = "staff:somebodyelse000", true
		}
		if _, err := ledger.Append(beside.DB, e); err != nil {
			t.Fatal(err)
		}
	}
	if !changed {
		t.Fatal("nothing to forge")
	}
}
