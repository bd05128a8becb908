//go:build faults

package fault_test

// The same by the end of the process: a child goes on with the life in the folder in which the one before died.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/testkit"
)

const childEnv = "CERTDESK_FAULT_CHILD"

// order is what a child is to do: the life from step From up to Fail, then that one with the N-th passage of Place the
// last thing it does.
type order struct {
	Dir, SMTP  string
	From, Fail int
	Place      string
	N          int
	Vars       map[string]string
	Had        []string // acts that were answered
}

// news is what a child says: when it has opened the desk, before the step that may end it, and, if it lives on, after.
type news struct {
	Dump   string // digest of what the desk holds
	Vars   map[string]string
	Failed bool // the place was passed, and the child lives: it cannot be
	Err    string
}

// child does as ordered. What it says reaches the parent also if it is ended in the middle.
func child() {
	debug.SetGCPercent(400) // hundreds of short lives: collecting took a sixth of them
	var o order
	say := func(n news) {
		if err := json.NewEncoder(os.Stdout).Encode(n); err != nil {
			os.Exit(3)
		}
	}
	if err := json.Unmarshal([]byte(os.Getenv(childEnv)), &o); err != nil {
		say(news{Err: err.Error()})
		os.Exit(2)
	}
	if err := o.do(say); err != nil {
		say(news{Err: err.Error()})
		os.Exit(2)
	}
}

func (o order) do(say func(news)) (err error) {
	if o.From < 0 { // the first start
		fault.Arm(o.Place, o.N, fault.Exit)
		l, err := testkit.Reopen(o.Dir, o.Vars)
		fault.Disarm()
		if err != nil {
			return err
		}
		return errors.Join(testkit.Whole(context.Background(), l.Desk), l.Close())
	}
	l, err := testkit.Reopen(o.Dir, o.Vars)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	all, ctx := steps(o.SMTP), context.Background()
	if err := errors.Join(testkit.Whole(ctx, l.Desk), once(l, o.Had, true), once(l, names(all), false)); err != nil {
		return fmt.Errorf("opened again: %w", err)
	}
	if err := o.tell(l, say); err != nil {
		return err
	}
	for _, s := range all[o.From:o.Fail] {
		if err := s.Do(ctx, l); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	if err := o.tell(l, say); err != nil {
		return err
	}
	fault.Arm(o.Place, o.N, fault.Exit)
	err = all[o.Fail].Do(ctx, l)
	_, failed := fault.Disarm()
	if err != nil {
		return fmt.Errorf("%s: %w", all[o.Fail].Name, err)
	}
	say(news{Vars: l.Vars, Failed: failed && o.Place != ""})
	return nil
}

func (o order) tell(l *testkit.Life, say func(news)) error {
	text, err := testkit.Dump(l.Desk.App.DB())
	sum := sha256.Sum256([]byte(text))
	say(news{Dump: hex.EncodeToString(sum[:]), Vars: l.Vars})
	return err
}

// run sends a child and returns what it said, and whether it was ended by the place it was told.
func (o order) run(t *testing.T) (said []news, ended bool) {
	t.Helper()
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(raw))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	for d := json.NewDecoder(&out); ; {
		var n news
		if d.Decode(&n) != nil {
			break
		}
		if n.Err != "" {
			t.Fatalf("step %d, %s %d: %s", o.Fail, o.Place, o.N, n.Err)
		}
		said = append(said, n)
	}
	var code *exec.ExitError
	if err != nil && (!errors.As(err, &code) || code.ExitCode() != -1) { // -1: by a signal
		t.Fatalf("step %d, %s: %v\n%s", o.Fail, o.Place, err, errs.String())
	}
	return said, err != nil
}

// everyExit is run in parts, each on a folder of its own that lived up to there without failing.
func everyExit(t *testing.T) {
	const parts = 4
	n := len(steps(""))
	for part := range parts {
		from, to := n*part/parts, n*(part+1)/parts
		t.Run(fmt.Sprintf("%d to %d", from, to), func(t *testing.T) {
			t.Parallel()
			exits(t, from, to)
		})
	}
}

func exits(t *testing.T, from, to int) {
	box := testkit.OpenPostbox(t)
	all := steps(box.Address)
	o := order{Dir: filepath.Join(t.TempDir(), "desk"), SMTP: box.Address, Vars: map[string]string{}}
	o.lived(t, all[:from])
	o.From = from
	kills, swept, before, ended, where := 0, 0, "", false, ""
	for i := from; i < to; i++ {
		if kills-swept > 50 {
			o.night(t)
			swept = kills
		}
		o.Fail = i
		for _, at := range places(passages[all[i].Name], i) {
			undone := ended && !slices.Contains(after, o.Place) && !strings.HasPrefix(where, "mails")
			o.Place, o.N = at.place, at.n
			var said []news
			said, ended = o.run(t)
			if len(said) < 2 || !ended && len(said) > 2 && said[2].Failed {
				t.Fatalf("%s, %s: %d words were heard", all[i].Name, at.place, len(said))
			}
			if undone && said[0].Dump != before {
				t.Fatalf("%s is half-done", where)
			}
			o.Vars, o.From, o.Had, before = said[1].Vars, i, acts(all[:i]), said[1].Dump
			if !ended { // done, before it came to this place again
				o.Vars, o.From = said[2].Vars, i+1
				break
			}
			kills++
			where = all[i].Name + " ended at " + at.place
		}
	}
	l, err := testkit.Reopen(o.Dir, o.Vars)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, s := range all[o.From:] { // the rest of the life is as if nothing had happened
		if err := s.Do(t.Context(), l); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	settled(t, l, all, box, kills)
	t.Logf("%d times ended", kills)
}

// night sweeps what ended uploads left, as the desk does each night: it refuses to sweep away hundreds of documents at once.
func (o *order) night(t *testing.T) {
	t.Helper()
	l, err := testkit.Reopen(o.Dir, o.Vars)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := aged(o.Dir, 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Desk.SweepDocuments(t.Context()); err != nil {
		t.Error(err)
	}
}

// lived prepares the folder.
func (o *order) lived(t *testing.T, all []testkit.Step) {
	t.Helper()
	if err := testkit.Learned(o.Dir); err != nil {
		t.Fatal(err)
	}
	l, err := testkit.Reopen(o.Dir, o.Vars)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if err := s.Do(t.Context(), l); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

type passage struct {
	place string
	n     int
}

// places are where a process is ended in the i-th act: with PROOF=full at each passage, otherwise at two places in turn,
// so that each comes up in many acts. Those after the act is on disk come last, since the act is done then; and the one
// that is passed only if chance gives a document a new folder after them.
func places(passed []string, i int) (all []passage) {
	count, full := map[string]int{}, os.Getenv("PROOF") == "full"
	for _, p := range passed {
		count[p]++
		if count[p] == 1 || full && !slices.Contains(after, p) {
			all = append(all, passage{p, count[p]})
		}
	}
	if n := len(all); n > 2 && !full {
		all = []passage{all[i%n], all[(i+n/2)%n]}
	}
	last := func(p passage) int {
		return 1 + slices.Index([]string{"blob.delete", "command.committed", "quiet.committed", "blob.folder"}, p.place)
	}
	slices.SortStableFunc(all, func(a, b passage) int { return last(a) - last(b) })
	return all
}

// firstStart are the places of the first start, where keys are made.
var firstStart = []string{"ledger.key.write", "ledger.key.sync", "ledger.key.rename", "ledger.key.folder", "keys.root.write", "keys.root.sync", "keys.root.rename",
	"keys.root.folder", "keys.create", "keys.fill", "keys.rename", "keys.folder", "keys.bind"}

// TestFirstStart fails where the keys are made, once with an error and once by the end of the process, and starts again.
func TestFirstStart(t *testing.T) {
	for _, place := range firstStart {
		for _, how := range []fault.How{fault.Error, fault.Exit} {
			dir := filepath.Join(t.TempDir(), "desk")
			if err := testkit.Migrated(dir); err != nil {
				t.Fatal(err)
			}
			if how == fault.Exit {
				if _, ended := (order{Dir: dir, From: -1, Place: place, N: 1}).run(t); !ended {
					t.Errorf("the first start does not pass %s", place)
				}
			} else {
				fault.Arm(place, 1, fault.Error)
				_, err := testkit.Reopen(dir, nil)
				fault.Disarm()
				var f *fault.Failed
				if !errors.As(err, &f) {
					t.Errorf("an error at %s ended as %v", place, err)
				}
			}
			begins(t, dir, place)
		}
	}
}

// begins starts the desk again and sets it up.
func begins(t *testing.T, dir, place string) {
	t.Helper()
	l, err := testkit.Reopen(dir, map[string]string{})
	if err != nil {
		t.Errorf("started again after %s: %v", place, err)
		return
	}
	defer l.Close()
	if err := steps("127.0.0.1:25")[0].Do(t.Context(), l); err != nil {
		t.Errorf("set up after %s: %v", place, err)
	}
	if err := testkit.Whole(t.Context(), l.Desk); err != nil {
		t.Errorf("after %s: %v", place, err)
	}
}
