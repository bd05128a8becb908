package catalog

// Types that behave, and types that do not: what the desk gets, and that nothing is left running.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestGood(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir})
	typ, raw, digest, err := c.Describe(context.Background(), ref)
	if err != nil || typ.ID != "sample" || digestOf(raw) != digest {
		t.Fatalf("%q, digest %s, %v", typ.ID, digest, err)
	}
	found, err := check1(c, ref)
	if err != nil || len(found) != 1 || found[0].Code != "seen" {
		t.Fatalf("%v, %v", found, err)
	}
	if found, err = c.Recheck(context.Background(), ref, sdk.RecheckRequest{Today: "2026-11-23"}); err != nil || len(found) != 0 {
		t.Fatalf("%v, %v", found, err)
	}
	byType := Ref{ID: "sample", SHA256: ref.SHA256} // as it is called once it has been described
	if _, _, again, err := c.Describe(context.Background(), byType); err != nil || again != digest {
		t.Fatalf("%s, %v", again, err)
	}
}

// TestBad asks every type that misbehaves. At none of them the process survives.
func TestBad(t *testing.T) {
	for behaviour, want := range map[string]string{
		"dead": Dead, "garbage": Answer, "network": Answer, "elsewhere": Answer, "future": Version,
		"renamed": "", "wrong": Answer, "impostor": Answer,
		"crash": Dead, "huge": Answer, "panic": Failed, "fails": Failed, "unavailable": Unavailable, "unsupported": Unsupported,
	} {
		t.Run(behaviour, func(t *testing.T) {
			dir := folderFor(t)
			ref := plugin(t, dir, behaviour)
			c := open(t, Options{Dir: dir, Bundled: map[string]func() sdk.Certification{"individual": func() sdk.Certification { return nil }}})
			if _, err := check1(c, ref); Code(err) != want {
				t.Fatalf("code %q, want %q: %v", Code(err), want, err)
			}
			switch want {
			case Dead, Answer, Version:
				noChildren(t)
			}
		})
	}
}

// TestSlow has its own deadline: a type that never answers is killed at it, and so is one that never starts.
func TestSlow(t *testing.T) {
	for _, behaviour := range []string{"silent", "slow"} {
		t.Run(behaviour, func(t *testing.T) {
			dir := folderFor(t)
			ref := plugin(t, dir, behaviour)
			c := open(t, Options{Dir: dir, Deadline: time.Second, Start: map[string]time.Duration{"silent": time.Second}[behaviour]})
			_, err := check1(c, ref)
			if Code(err) != Slow || !errors.Is(err, ErrUnavailable) {
				t.Fatalf("%v", err)
			}
			noChildren(t)
		})
	}
}

// TestCallersContext: the end of the caller's context is not the type's fault, and does not kill it.
func TestCallersContext(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "slow")
	c := open(t, Options{Dir: dir, Deadline: time.Minute})
	if _, _, _, err := c.Describe(context.Background(), ref); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Check(ctx, ref, sdk.CheckRequest{}); !errors.Is(err, context.DeadlineExceeded) || Code(err) != "" {
		t.Fatalf("%v", err)
	}
	if r, _ := c.run(ref); r.conn == nil || ended(r.conn) || r.fuse.failures != 0 {
		t.Error("the process was ended")
	}
}

func TestStopped(t *testing.T) {
	// A process that is stopped by a signal answers neither calls nor requests to end.
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir, Deadline: 5 * time.Second})
	if _, err := check1(c, ref); err != nil {
		t.Fatal(err)
	}
	r, _ := c.run(ref)
	pid := r.conn.Pid()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is stopped", func() bool {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		_, state, _ := strings.Cut(string(raw), ") ")
		return err == nil && strings.HasPrefix(state, "T")
	})
	if _, err := check1(c, ref); Code(err) != Slow {
		t.Fatalf("%v", err)
	}
	noChildren(t)
	if _, err := check1(c, ref); err != nil {
		t.Fatalf("after a new start: %v", err)
	}
}

func TestKilledBetweenCalls(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir})
	for range 3 {
		if _, err := check1(c, ref); err != nil {
			t.Fatal(err)
		}
		r, _ := c.run(ref)
		_ = syscall.Kill(r.conn.Pid(), syscall.SIGKILL)
	}
	if found, err := check1(c, ref); err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
}

func TestIdle(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir, Idle: 20 * time.Millisecond})
	if _, err := check1(c, ref); err != nil {
		t.Fatal(err)
	}
	noChildren(t)
	if _, err := check1(c, ref); err != nil {
		t.Fatal(err)
	}
}

func TestResting(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "dead")
	c := open(t, Options{Dir: dir})
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c.now = func() time.Time { return now }
	for _, want := range []string{Dead, Dead, Dead, Resting, Resting} {
		if _, err := check1(c, ref); Code(err) != want || !errors.Is(err, ErrUnavailable) {
			t.Fatalf("want %s: %v", want, err)
		}
	}
	now = now.Add(time.Second)
	for _, want := range []string{Dead, Resting} {
		if _, err := check1(c, ref); Code(err) != want {
			t.Fatalf("want %s: %v", want, err)
		}
	}
	put(t, filepath.Join(dir, "dead"), program(t, "plugin"), 0o755) // mended, but it is another executable now
	now = now.Add(time.Minute)
	if _, err := check1(c, ref); Code(err) != Digest {
		t.Fatalf("%v", err)
	}
}

func TestFindingsAreMended(t *testing.T) {
	dir := folderFor(t)
	many, liar := plugin(t, dir, "many"), plugin(t, dir, "liar")
	c := open(t, Options{Dir: dir})
	found, err := check1(c, many)
	if err != nil || len(found) != 50 || found[0].Level != sdk.Bad {
		t.Errorf("%d findings, %v", len(found), err)
	}
	found, err = check1(c, liar)
	want := []sdk.Finding{{Code: "other", Level: sdk.Warn, Text: sdk.Text{ZhHans: "a bc", En: "a bc"}}}
	if err != nil || !slices.Equal(found, want) {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestPrinting(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "prints")
	c := open(t, Options{Dir: dir, Deadline: time.Minute})
	for range 2 {
		if _, err := check1(c, ref); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClosed(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir})
	if _, err := check1(c, ref); err != nil {
		t.Fatal(err)
	}
	c.Close()
	noChildren(t)
	if _, err := check1(c, ref); Code(err) != Closed {
		t.Fatalf("%v", err)
	}
	c.Close()
}

func TestManyAtOnce(t *testing.T) {
	dir := folderFor(t)
	refs := []Ref{plugin(t, dir, "good"), plugin(t, dir, "crash"), plugin(t, dir, "fails")}
	c := open(t, Options{Dir: dir, Idle: time.Millisecond})
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			_, err := check1(c, refs[i%3])
			if want := []string{"", Dead, Failed}[i%3]; Code(err) != want && Code(err) != Resting {
				t.Errorf("%s: %v", refs[i%3].ID, err)
			}
		})
	}
	all.Wait()
}
