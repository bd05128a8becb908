package backup_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

var testTime = time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)

func is(err error, want error) bool { return errors.Is(err, want) }

func (h *home) application() *records.Application {
	h.t.Helper()
	apps, err := records.All[*records.Application](h.App.DB(), nil)
	if err != nil || len(apps) == 0 {
		h.t.Fatal(err)
	}
	return apps[0]
}

// reads opens what was put back, and reads names and documents.
func (h *home) reads(r backup.Restore, blobs ...string) {
	h.t.Helper()
	d, done, err := backup.Peek(r.Dir, r.KeysDir, r.RootKey)
	if err != nil {
		h.t.Fatal(err)
	}
	defer done()
	row, err := records.Load[*records.Holder](d.App.DB(), h.holder)
	if err != nil {
		h.t.Fatal(err)
	}
	if name, err := d.HolderName(row); err != nil || name != "王秀英" {
		h.t.Errorf("the holder is %q: %v", name, err)
	}
	for _, b := range blobs {
		f, err := d.Blobs.Open(h.application().Key(), b)
		if err == nil {
			_, err = io.Copy(io.Discard, f)
			f.Close()
		}
		if err != nil {
			h.t.Errorf("document %s: %v", b, err)
		}
	}
	if report, err := d.Verify(h.ctx); err != nil || !report.OK() {
		h.t.Errorf("the record of what was put back: %+v, %v", report, err)
	}
}

// TestRoundTrip copies a desk while eight people write, and puts it back on another machine: the record holds, sealed names
// and documents open, nothing that waited is sent, every session has ended, and the return is on record.
func TestRoundTrip(t *testing.T) {
	h := open(t)
	ctx, stop := context.WithCancel(h.ctx)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, err := command.Run(h.ctx, h.Server.Desk, command.Itself, command.GiveFeedback, command.At{ID: records.DeskID}, command.Said{Page: "/", Score: 5, Text: "好"}); err != nil && !is(err, command.ErrForbidden) {
					return
				}
				run(h, command.Caller{Role: flow.Guest, ID: "browser"}, command.GiveFeedback, records.DeskID, command.Said{Page: "/", Score: 5, Text: "好"})
			}
		})
	}
	var ids []string
	for range 3 {
		ids = append(ids, h.make().ID)
	}
	stop()
	wg.Wait()
	queued, err := records.Count(h.App.DB(), "messages", dbx.HashExp{"state": "queued"})
	if err != nil || queued == 0 {
		t.Fatalf("%d messages wait: %v", queued, err)
	}
	for _, id := range ids {
		r := h.back()
		r.ID = id
		done, err := r.Run(h.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if done.Held != queued {
			t.Errorf("%d messages were held, %d waited", done.Held, queued)
		}
		h.reads(r, h.blob)
		h.returned(r, done)
		private(t, r.Dir)
		private(t, r.KeysDir)
	}
}

// returned looks at what a restore has to leave behind.
func (h *home) returned(r backup.Restore, done backup.Restored) {
	h.t.Helper()
	d, end, err := backup.Peek(r.Dir, r.KeysDir, r.RootKey)
	if err != nil {
		h.t.Fatal(err)
	}
	defer end()
	for what, where := range map[string]struct {
		table string
		exp   dbx.Expression
		want  int
	}{
		"messages that would leave": {"messages", dbx.HashExp{"state": "queued"}, 0},
		"messages held":             {"messages", dbx.HashExp{"state": "held"}, done.Held},
		"open sessions":             {"sessions", dbx.HashExp{"state": "active"}, 0},
	} {
		if n, err := records.Count(d.App.DB(), where.table, where.exp); err != nil || n != where.want {
			h.t.Errorf("%s: %d, want %d (%v)", what, n, where.want, err)
		}
	}
	var act, data string
	if err := d.App.DB().NewQuery("SELECT act, data FROM ledger_entries ORDER BY seq DESC LIMIT 1").Row(&act, &data); err != nil || act != "restore" || !strings.Contains(data, done.ID) {
		h.t.Errorf("the last entry is %s %s: %v", act, data, err)
	}
}

func private(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && !slices.Contains([]string{".notify", "auxiliary.db"}, filepath.Base(path)) {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestRefusals: each copy that is wrong in one way is refused by its own name, and nothing is left where it would have gone.
func TestRefusals(t *testing.T) {
	h := open(t)
	m := h.make()
	data, keys := string(h.copies.Data.(backup.Folder)), string(h.copies.Keys.(backup.Folder))
	in := func(name string) string { return filepath.Join(data, "data", m.ID, name) }
	for name, c := range map[string]struct {
		spoil  func(t *testing.T, r *backup.Restore)
		want   error
		leaves bool // the target was there before
	}{
		"no copy at all":           {func(t *testing.T, r *backup.Restore) { r.Data = backup.Folder(t.TempDir()) }, backup.ErrNone, false},
		"a copy that is not there": {func(t *testing.T, r *backup.Restore) { r.ID = "20200101T000000.000Z-abcd" }, backup.ErrHalf, false},
		"no manifest":              {func(t *testing.T, r *backup.Restore) { lose(t, in("manifest.json")) }, backup.ErrHalf, false},
		"a manifest cut off":       {func(t *testing.T, r *backup.Restore) { cut(t, in("manifest.json")) }, backup.ErrDamaged, false},
		"no data.db":               {func(t *testing.T, r *backup.Restore) { lose(t, in("data.db")) }, backup.ErrHalf, false},
		"data.db cut off":          {func(t *testing.T, r *backup.Restore) { cut(t, in("data.db")) }, backup.ErrDamaged, false},
		"one bit of data.db":       {func(t *testing.T, r *backup.Restore) { flip(t, in("data.db")) }, backup.ErrDamaged, false},
		"no list of documents":     {func(t *testing.T, r *backup.Restore) { lose(t, in("documents.sha256")) }, backup.ErrHalf, false},
		"a list of documents cut":  {func(t *testing.T, r *backup.Restore) { flip(t, in("documents.sha256")) }, backup.ErrDamaged, false},
		"a document lost":          {func(t *testing.T, r *backup.Restore) { lose(t, filepath.Join(data, "documents", h.blob[:2], h.blob)) }, backup.ErrHalf, false},
		"a document changed":       {func(t *testing.T, r *backup.Restore) { flip(t, filepath.Join(data, "documents", h.blob[:2], h.blob)) }, backup.ErrDamaged, false},
		"the keys of another desk": {func(t *testing.T, r *backup.Restore) { anotherDesk(t, filepath.Join(keys, "keys", m.ID)) }, backup.ErrOther, false},
		"no keys":                  {func(t *testing.T, r *backup.Restore) { r.Keys = backup.Folder(t.TempDir()) }, backup.ErrNone, false},
		"no keys.db":               {func(t *testing.T, r *backup.Restore) { lose(t, filepath.Join(keys, "keys", m.ID, "keys.db")) }, backup.ErrHalf, false},
		"a root key lost":          {func(t *testing.T, r *backup.Restore) { withoutRoot(t, keys, m.ID) }, backup.ErrRootWants, false},
		"another root key":         {func(t *testing.T, r *backup.Restore) { r.Root = &[32]byte{1} }, vault.ErrKeysWrong, false},
		"a newer form of the data": {func(t *testing.T, r *backup.Restore) {
			replace(t, in("manifest.json"), `"_migrations_`, `"`)
			replace(t, in("manifest.json"), `"migrations": [`, `"migrations": ["2099999999_later.go",`)
		}, backup.ErrNewer, false},
		"a newer form of the copy": {func(t *testing.T, r *backup.Restore) { replace(t, in("manifest.json"), `"format": 1`, `"format": 2`) }, backup.ErrNewer, false},
		"another root of the record": {func(t *testing.T, r *backup.Restore) {
			replace(t, in("manifest.json"), `"ledger_root": "`, `"ledger_root": "x`)
		}, backup.ErrNotHolds, false},
		"a forged row": {func(t *testing.T, r *backup.Restore) {
			forge(t, in("data.db"), "UPDATE holders SET agreed_at = '2020-01-01'")
			resum(t, in("manifest.json"), in("data.db"), m)
		}, backup.ErrNotHolds, false},
		"a folder with something in it": {func(t *testing.T, r *backup.Restore) {
			write(t, filepath.Join(r.Dir, "data.db"), "precious")
		}, backup.ErrNotEmpty, true},
		"keys where the keys would go": {func(t *testing.T, r *backup.Restore) {
			write(t, filepath.Join(r.KeysDir, "keys.db"), "precious")
		}, backup.ErrNotEmpty, true},
	} {
		t.Run(name, func(t *testing.T) {
			restored := snapshotOf(t, data, keys)
			defer restored()
			h.t = t
			r := h.back()
			c.spoil(t, &r)
			if _, err := r.Run(t.Context()); !is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if !c.leaves {
				untouched(t, r)
			} else if raw, err := os.ReadFile(filepath.Join(r.Dir, "data.db")); err == nil && string(raw) != "precious" {
				t.Error("what was there was changed")
			}
		})
	}
}

// TestBrokenOff breaks the making of a copy off at every file, by an error, by a full disk and by an end: no half is ever
// taken for a whole, the copy before stays, and the next one is whole.
func TestBrokenOff(t *testing.T) {
	h := open(t)
	before := h.make()
	h.another("one more document")
	whole := h.copies
	for name, fail := range map[string]error{"error": errors.New("broken"), "full": syscall.ENOSPC, "end": context.Canceled} {
		for n := range 20 {
			breaking := &breaking{Place: whole.Data, keys: whole.Keys, at: n, err: fail}
			h.copies.Data, h.copies.Keys = breaking, breakingKeys{breaking}
			_, err := h.desk.Make(h.ctx, h.copies)
			if err == nil {
				if n < 5 {
					t.Fatalf("a copy has %d files only: the test does not reach what it is for", n)
				}
				break
			}
			if !is(err, fail) {
				t.Errorf("%s at file %d: %v", name, n, err)
			}
			s, err := backup.Look(h.ctx, whole)
			if err != nil || s.Newest < before.ID || s.Copies < 1 {
				t.Fatalf("%s at file %d left %+v: %v", name, n, s, err)
			}
			r := h.back()
			r.Data, r.Keys = whole.Data, whole.Keys
			if done, err := r.Run(h.ctx); err != nil || done.ID != s.Newest {
				t.Fatalf("%s at file %d: the copy before: %v", name, n, err)
			}
			if left, _ := filepath.Glob(filepath.Join(h.desk.Dir, "backup.tmp")); len(left) > 0 {
				t.Errorf("%s at file %d left %v", name, n, left)
			}
		}
		h.copies = whole
		before = h.make()
	}
}

// breaking is a place that fails at the n-th file, having taken half of it.
type breaking struct {
	backup.Place
	keys  backup.Place
	n, at int
	err   error
}

type breakingKeys struct{ *breaking }

func (b breakingKeys) Put(ctx context.Context, name string, r io.Reader) error {
	return b.put(ctx, b.keys, name, r)
}
func (b breakingKeys) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	return b.keys.Open(ctx, name)
}
func (b breakingKeys) List(ctx context.Context, prefix string) ([]string, error) {
	return b.keys.List(ctx, prefix)
}
func (b breakingKeys) Delete(ctx context.Context, name string) error { return b.keys.Delete(ctx, name) }

func (b *breaking) Put(ctx context.Context, name string, r io.Reader) error {
	return b.put(ctx, b.Place, name, r)
}

func (b *breaking) put(ctx context.Context, to backup.Place, name string, r io.Reader) error {
	if b.n++; b.n-1 != b.at {
		return to.Put(ctx, name, r)
	}
	err := to.Put(ctx, name, io.MultiReader(io.LimitReader(r, 40), failing{b.err}))
	if err == nil {
		return errors.New("half a file was kept")
	}
	return err
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestTwoAtOnce: the second is told to wait, and a process that died holds nobody up.
func TestTwoAtOnce(t *testing.T) {
	h := open(t)
	inside := make(chan struct{})
	h2 := *h
	slow := &waiting{Place: h.copies.Data, inside: inside, on: make(chan struct{})}
	h2.copies.Data = slow
	ended := make(chan error, 1)
	go func() {
		_, err := h2.desk.Make(h.ctx, h2.copies)
		ended <- err
	}()
	<-inside
	if _, err := h.desk.Make(h.ctx, h.copies); !is(err, backup.ErrBusy) {
		t.Errorf("the second: %v", err)
	}
	if _, err := h.desk.Try(h.ctx, h.copies); !is(err, backup.ErrBusy) {
		t.Errorf("a trial meanwhile: %v", err)
	}
	close(slow.on)
	if err := <-ended; err != nil {
		t.Errorf("the first: %v", err)
	}
	h.make()
}

type waiting struct {
	backup.Place
	once   sync.Once
	inside chan struct{}
	on     chan struct{}
}

func (w *waiting) Put(ctx context.Context, name string, r io.Reader) error {
	w.once.Do(func() { close(w.inside); <-w.on })
	return w.Place.Put(ctx, name, r)
}

// TestDays: copies of keys go after their thirty days, copies of data beyond their number, halves after a day, and documents
// that no copy names; what one of them still names stays. A clock that nobody trusts removes nothing.
func TestDays(t *testing.T) {
	h := open(t)
	now := testTime
	h.desk.Now = func() time.Time { return now }
	h.copies.Keep = 2
	first := h.make()
	half := filepath.Join(string(h.copies.Data.(backup.Folder)), "data", "20261126T040000.000Z-abcd")
	write(t, filepath.Join(half, "data.db"), "half")
	gone := filepath.Join(string(h.copies.Data.(backup.Folder)), "documents", h.blob[:2], h.blob)
	app := h.application()
	docs, err := records.Documents(h.App.DB(), app.ID)
	if err != nil {
		t.Fatal(err)
	}
	run(h, command.Account(app.Applicant), command.RemoveDocument, app.ID, command.Removal{Document: docs[0].ID})
	now = now.AddDate(0, 0, 29)
	second := h.make()
	h.there("keys", first.ID, second.ID)
	if _, err := os.Stat(half); !is(err, fs.ErrNotExist) {
		t.Errorf("the half copy is still there: %v", err)
	}
	if _, err := os.Stat(gone); err != nil {
		t.Errorf("a document that the first copy names: %v", err)
	}
	now = now.AddDate(0, 0, 2)
	h.copies.Prune = false
	third := h.make()
	h.there("keys", first.ID, second.ID, third.ID)
	h.copies.Prune = true
	fourth := h.make()
	h.there("keys", second.ID, third.ID, fourth.ID)
	h.there("data", third.ID, fourth.ID)
	if _, err := os.Stat(gone); !is(err, fs.ErrNotExist) {
		t.Errorf("a document that no copy names is still there: %v", err)
	}
	now = now.AddDate(0, 0, 40) // nobody made one for forty days: only the fresh one is left
	fifth := h.make()
	h.there("keys", fifth.ID)
}

// there compares the copies in a place with those expected.
func (h *home) there(kind string, want ...string) {
	h.t.Helper()
	place := h.copies.Data
	if kind == "keys" {
		place = h.copies.Keys
	}
	names, err := place.List(h.ctx, kind+"/")
	if err != nil {
		h.t.Fatal(err)
	}
	got := map[string]bool{}
	for _, n := range names {
		got[strings.Split(n, "/")[1]] = true
	}
	if len(got) != len(want) {
		h.t.Errorf("%s: %v, want %v", kind, got, want)
	}
	for _, id := range want {
		if !got[id] {
			h.t.Errorf("%s: %s is gone", kind, id)
		}
	}
}

// TestErasedStaysErased: a person whose key was destroyed after the copy does not come back with it.
func TestErasedStaysErased(t *testing.T) {
	h := open(t)
	first := h.make()
	if err := h.Server.Desk.Vault.DestroyKey("holder-" + h.holder); err != nil {
		t.Fatal(err)
	}
	h.make()
	r := h.back()
	r.ID = first.ID
	if _, err := r.Run(h.ctx); err != nil {
		t.Fatal(err)
	}
	d, done, err := backup.Peek(r.Dir, r.KeysDir, r.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	row, err := records.Load[*records.Holder](d.App.DB(), h.holder)
	if err != nil {
		t.Fatal(err)
	}
	if name, err := d.HolderName(row); err != nil || name != "" || row.State != flow.Erased || row.NameBlind != "" {
		t.Errorf("an erased holder came back: %q %+v %v", name, row, err)
	}
}

// TestTrial: a good copy passes and says what was opened; one that was damaged since, or whose keys do not fit, is found out;
// a document that was lost from the disk is named. Nothing is left beside the desk.
func TestTrial(t *testing.T) {
	h := open(t)
	m := h.make()
	good, err := h.desk.Try(h.ctx, h.copies)
	if err != nil || !good.OK || good.Opened < 2 || good.Documents != 1 || good.Entries != m.Size {
		t.Fatalf("%+v, %v", good, err)
	}
	s, err := backup.Look(h.ctx, h.copies)
	if err != nil || s.Trial == nil || *s.Trial != good || s.Newest != m.ID {
		t.Fatalf("%+v, %v", s, err)
	}
	data := string(h.copies.Data.(backup.Folder))
	for name, spoil := range map[string]func(){
		"damaged_copy": func() { flip(t, filepath.Join(data, "data", m.ID, "data.db")) },
		"half_copy":    func() { lose(t, filepath.Join(data, "documents", h.blob[:2], h.blob)) },
		"root_key_needed": func() {
			withoutRoot(t, string(h.copies.Keys.(backup.Folder)), m.ID)
			h.desk.RootKey = "/nowhere/root.key"
		},
	} {
		back, root := snapshotOf(t, data, string(h.copies.Keys.(backup.Folder))), h.desk.RootKey
		spoil()
		trial, err := h.desk.Try(h.ctx, h.copies)
		if err != nil || trial.OK || !strings.Contains(trial.Error, name) {
			t.Errorf("%s: %+v, %v", name, trial, err)
		}
		back()
		h.desk.RootKey = root
	}
	lose(t, filepath.Join(h.desk.Dir, "documents", h.blob[:2], h.blob))
	if m = h.make(); len(m.Missing) != 1 || m.Missing[0] != h.blob {
		t.Errorf("lost from the disk: %v", m.Missing)
	}
	if trial, err := h.desk.Try(h.ctx, h.copies); err != nil || trial.OK || !strings.Contains(trial.Error, h.blob) {
		t.Errorf("a document lost from the disk: %+v, %v", trial, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(h.desk.Dir), "backup-trial*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestOtherDesk: one place never takes the copies of two desks.
func TestOtherDesk(t *testing.T) {
	for _, kind := range []string{"data", "keys"} {
		h := open(t)
		m := h.make()
		place := map[string]backup.Place{"data": h.copies.Data, "keys": h.copies.Keys}[kind]
		anotherDesk(t, filepath.Join(string(place.(backup.Folder)), kind, m.ID))
		if _, err := h.desk.Make(h.ctx, h.copies); !is(err, backup.ErrOther) {
			t.Errorf("another desk's %s: %v", kind, err)
		}
	}
}

// anotherDesk makes a copy that of another desk.
func anotherDesk(t *testing.T, copied string) {
	replace(t, filepath.Join(copied, "manifest.json"), `"desk": "`, `"desk": "f`)
}

// TestSumsAreStandard: what lies in a folder can be checked without this program.
func TestSumsAreStandard(t *testing.T) {
	h := open(t)
	m := h.make()
	tool, err := exec.LookPath("sha256sum")
	if err != nil {
		if runtime.GOOS != "linux" {
			t.Skip("sha256sum is a tool of Linux")
		}
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "--check", "--strict", filepath.Join("data", m.ID, "documents.sha256"))
	cmd.Dir = string(h.copies.Data.(backup.Folder))
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), h.blob) {
		t.Errorf("%s %v", out, err)
	}
}

// TestNothingInClear searches the copies for what was entrusted to the desk.
func TestNothingInClear(t *testing.T) {
	h := open(t)
	h.make()
	for _, place := range []backup.Place{h.copies.Data, h.copies.Keys} {
		err := filepath.WalkDir(string(place.(backup.Folder)), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			for _, canary := range []string{"王秀英", "身份证.jpg", "a canary in a picture"} {
				if strings.Contains(string(raw), canary) {
					t.Errorf("%s is readable in %s", canary, path)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// Spoiling.

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func lose(t *testing.T, file string) {
	t.Helper()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, file string, how func([]byte) []byte) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, string(how(raw)))
}

func cut(t *testing.T, file string) {
	change(t, file, func(raw []byte) []byte { return raw[:len(raw)/2] })
}

func flip(t *testing.T, file string) {
	change(t, file, func(raw []byte) []byte { raw[len(raw)/2] ^= 1; return raw })
}

func replace(t *testing.T, file, old, with string) {
	change(t, file, func(raw []byte) []byte { return []byte(strings.Replace(string(raw), old, with, 1)) })
}

func withoutRoot(t *testing.T, keys, id string) {
	t.Helper()
	dir := filepath.Join(keys, "keys", id)
	lose(t, filepath.Join(dir, "root.key"))
	change(t, filepath.Join(dir, "manifest.json"), func(raw []byte) []byte {
		text := string(raw)
		i := strings.Index(text, `"name": "root.key"`)
		i = strings.LastIndex(text[:i], ",\n    {")
		return []byte(text[:i] + "\n  ]\n}\n")
	})
}

func forge(t *testing.T, file, sql string) {
	t.Helper()
	db, err := dbx.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.NewQuery(sql).Execute(); err != nil {
		t.Fatal(err)
	}
}

// resum writes the true sum of a file into the manifest, as somebody would who forges it with care.
func resum(t *testing.T, manifest, file string, m backup.Manifest) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	for _, f := range m.Files {
		if f.Name == filepath.Base(file) {
			replace(t, manifest, f.SHA256, hex.EncodeToString(sum[:]))
			replace(t, manifest, fmt.Sprintf(`"bytes": %d`, f.Bytes), fmt.Sprintf(`"bytes": %d`, len(raw)))
		}
	}
}

// snapshotOf keeps folders as they are, for putting them back after they were spoilt.
func snapshotOf(t *testing.T, dirs ...string) (back func()) {
	t.Helper()
	kept := t.TempDir()
	for i, dir := range dirs {
		if err := os.CopyFS(filepath.Join(kept, fmt.Sprint(i)), os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for i, dir := range dirs {
			if err := errors.Join(os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(filepath.Join(kept, fmt.Sprint(i))))); err != nil {
				t.Fatal(err)
			}
		}
	}
}
