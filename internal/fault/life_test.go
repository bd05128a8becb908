//go:build faults

package fault_test

// Every act of a whole life fails at every place where it can, once with an error and once by the end of the process,
// and is tried again. Nothing is half-done, nothing that was acknowledged is lost, nothing is done twice.
//
// An error is tried at every passage of every place. A process is ended at two places of each act in turn; with PROOF=full,
// at every passage.

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/testkit"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		child()
		return
	}
	testkit.Main(m)
}

// after are the places that are passed when an act is on disk already: what fails there undoes nothing.
var after = []string{"command.committed", "quiet.committed", "blob.delete"}

// passages are the places that each act passes, in order, as errors met them; the ends of processes go by it.
var passages = map[string][]string{}

// TestEveryAct ends processes at the places that it met before with errors.
func TestEveryAct(t *testing.T) {
	if t.Run("errors", everyError) {
		t.Run("exits", everyExit)
	}
}

func everyError(t *testing.T) {
	l := testkit.Living(t)
	box := testkit.OpenPostbox(t)
	all := steps(box.Address)
	for _, s := range all {
		tried(t, l, s)
	}
	settled(t, l, all, box, len(passages["mails leave"])+len(passages["mails leave first"]))
	var met []string
	for _, places := range passages {
		met = append(met, places...)
	}
	for _, p := range fault.Points {
		if !slices.Contains(met, p) && !slices.Contains(firstStart, p) {
			t.Errorf("no act passes %s", p)
		}
	}
}

// tried does a step with each of its passages failing in turn, until it is done.
func tried(t *testing.T, l *testkit.Life, s testkit.Step) {
	t.Helper()
	before := dump(t, l)
	for n := 1; ; n++ {
		fault.Arm("", n, fault.Error)
		err := s.Do(t.Context(), l)
		passed, failed := fault.Disarm()
		if !failed {
			if err != nil {
				t.Fatalf("%s: %v", s.Name, err)
			}
			if n == 1 || len(passed) > len(passages[s.Name]) {
				passages[s.Name] = passed
			}
			break
		}
		place := passed[len(passed)-1]
		what := s.Name + " with an error at " + place
		passages[s.Name] = passed
		rest := dump(t, l)
		if rest != before && !slices.Contains(after, place) && !isSend(s) {
			t.Fatalf("%s is half-done: %v", what, err)
		}
		before = rest
		if err == nil && !slices.Contains(after, place) && !isSend(s) {
			t.Fatalf("%s, and nobody heard of it", what)
		}
		var f *fault.Failed
		if err != nil && !errors.As(err, &f) {
			t.Fatalf("%s is told as %v", what, err)
		}
		if err == nil && place == "blob.delete" {
			break // done; what could not be deleted is left to the sweep
		}
	}
	if err := testkit.Whole(t.Context(), l.Desk); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	if slices.Contains(passages[s.Name], "command.committed") || slices.Contains(passages[s.Name], "quiet.committed") {
		again(t, l, s)
	}
}

// again does a step that is done: the same answer, and nothing is written.
func again(t *testing.T, l *testkit.Life, s testkit.Step) {
	t.Helper()
	before, vars := dump(t, l), asText(l.Vars)
	if err := s.Do(t.Context(), l); err != nil {
		t.Errorf("%s again: %v", s.Name, err)
	}
	if dump(t, l) != before || asText(l.Vars) != vars {
		t.Errorf("%s again wrote something, or answered something else", s.Name)
	}
}

// settled looks at the whole: the record holds, every act is in it once, every mail came in, at most one time more than
// there were failures, and of documents that no row names the sweep leaves none.
func settled(t *testing.T, l *testkit.Life, all []testkit.Step, box *testkit.Postbox, failures int) {
	t.Helper()
	if err := testkit.Whole(t.Context(), l.Desk); err != nil {
		t.Error(err)
	}
	if err := once(l, acts(all), true); err != nil {
		t.Error(err)
	}
	extra := 0
	for _, n := range box.Had() {
		extra += max(n-1, 0)
	}
	if extra > failures {
		t.Errorf("%d mails more than there are, after %d failures", extra, failures)
	}
	if err := delivered(l, box); err != nil {
		t.Error(err)
	}
	swept(t, l)
}

func swept(t *testing.T, l *testkit.Life) {
	t.Helper()
	if err := aged(l.Dir, 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Desk.SweepDocuments(t.Context()); err != nil {
		t.Error(err)
	}
	if err := testkit.Whole(t.Context(), l.Desk); err != nil {
		t.Errorf("after the sweep: %v", err)
	}
	if left := unnamed(t, l); len(left) > 0 {
		t.Errorf("the sweep left %v", left)
	}
}

func dump(t *testing.T, l *testkit.Life) string {
	t.Helper()
	out, err := testkit.Dump(l.Desk.App.DB())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func isSend(s testkit.Step) bool { return strings.HasPrefix(s.Name, "mails") }
