package cli_test

// Upgrades: the data of every release, as its own program wrote it, is opened by today's program. testdata/releases holds one
// archive a release; a new one is made by the release itself with "make fixture RELEASE=x.y.z".

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/sdk"
)

var fixture = flag.String("fixture", "", "write testdata/releases/NAME.tar.gz with the data of this version")

const fixtureHolder = "王秀英"

// TestUpgrade opens the data of each release: it is copied as it was, migrated, and its record and its sealed names hold.
func TestUpgrade(t *testing.T) {
	if *fixture != "" {
		makeFixture(t, filepath.Join("testdata", "releases", *fixture+".tar.gz"))
	}
	files, err := filepath.Glob("testdata/releases/*.tar.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no releases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := machine(t)
			unpack(t, file, s.dir)
			pending := waits(t, s)
			want(t, types(t, "archive", "verify", "--dir", s.data), "The record holds")
			if kept, _ := filepath.Glob(filepath.Join(s.dir, "before-upgrade", "data", "*", "manifest.json")); (len(kept) > 0) != pending {
				t.Errorf("copies from before: %v, and changes of form were due: %v", kept, pending)
			}
			if waits(t, s) {
				t.Error("changes of form are still due")
			}
			places := t.TempDir()
			want(t, types(t, "backup", "--try", "--dir", s.data, "--backup", places+"/a/data", "--backup-keys", places+"/b/keys"), "1 documents are whole, 2 sealed names and documents were opened")
		})
	}
}

// waits reports whether today's program would change the form of the data.
func waits(t *testing.T, s site) bool {
	t.Helper()
	known, applied := backup.Migrations(), query(t, filepath.Join(s.data, "data.db"), "SELECT group_concat(file) FROM _migrations")
	for _, file := range known {
		if !strings.Contains(applied, file) {
			return true
		}
	}
	return false
}

// TestUpgradeIsCopiedFirst: a change of form is preceded by a copy that can be put back, and one that fails leaves the data
// as it was; without the copy nothing is changed; data of a newer version is refused.
func TestUpgradeIsCopiedFirst(t *testing.T) {
	s := machine(t)
	setUp(t, s)
	before := core.AppMigrations
	defer func() { core.AppMigrations = before }()
	later := func(up func(core.App) error) {
		core.AppMigrations = core.MigrationsList{}
		core.AppMigrations.Copy(before)
		core.AppMigrations.Add(&core.Migration{File: "2099000000_later.go", Up: up})
	}
	later(func(core.App) error { return errors.New("it does not fit") })
	if _, err := typed("", "archive", "verify", "--dir", s.data); err == nil {
		t.Error("a change of form that failed was not noticed")
	}
	core.AppMigrations = before
	want(t, types(t, "archive", "verify", "--dir", s.data), "The record holds")

	later(func(app core.App) error {
		_, err := app.DB().NewQuery("UPDATE desk SET name_zh = 'changed by the new form'").Execute()
		return err
	})
	lock := filepath.Join(s.dir, "before-upgrade")
	if err := errors.Join(os.RemoveAll(lock), os.WriteFile(lock, []byte("in the way"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := typed("", "archive", "verify", "--dir", s.data); err == nil {
		t.Error("the form was changed without a copy")
	}
	if name := query(t, filepath.Join(s.data, "data.db"), "SELECT name_zh FROM desk"); name != "长青认证中心" {
		t.Errorf("without a copy the data was changed: %s", name)
	}
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	typed("", "archive", "verify", "--dir", s.data) // finds the row that the migration changed behind the record's back
	if name := query(t, filepath.Join(s.data, "data.db"), "SELECT name_zh FROM desk"); name != "changed by the new form" {
		t.Fatalf("the form was not changed: %s", name)
	}
	core.AppMigrations = before // the old program again
	if _, err := typed("", "archive", "verify", "--dir", s.data); err == nil || !strings.Contains(err.Error(), "exit") && !errors.Is(err, backup.ErrNewer) {
		t.Errorf("the old program with the new data: %v", err)
	}
	if err := os.Rename(s.data, s.data+".new"); err != nil {
		t.Fatal(err)
	}
	types(t, "restore", "--from", lock, "--dir", s.data)
	want(t, types(t, "archive", "verify", "--dir", s.data), "The record holds")
	if name := query(t, filepath.Join(s.data, "data.db"), "SELECT name_zh FROM desk"); name != "长青认证中心" {
		t.Errorf("put back is %s", name)
	}
}

// makeFixture writes the data of this version: a desk with a person, a draft, a sealed name and a sealed document.
func makeFixture(t *testing.T, file string) {
	t.Helper()
	d := testkit.Open(t)
	d.Runner.Stop()
	ctx := t.Context()
	account := command.Account(d.Must(command.Run(ctx, d.Desk, command.Caller{Role: flow.Guest, ID: "browser"}, command.Register, command.At{ID: records.DeskID},
		command.NewAccount{Channel: "mail", Contact: "wang@example.com", Lang: "zh-Hans", Proved: true})).Answer["id"])
	for _, kind := range []string{"privacy", "identity"} {
		d.Must(command.Run(ctx, d.Desk, account, command.Agree, command.At{ID: account.ID}, command.Agreement{Kind: kind, Version: command.AgreementVersion}))
	}
	holder := d.Must(command.Run(ctx, d.Desk, account, command.AddHolder, command.At{ID: account.ID}, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: fixtureHolder})).Answer["id"]
	app := d.Must(command.Run(ctx, d.Desk, account, command.Start, command.At{ID: holder}, command.Beginning{Type: "individual", Lang: "zh-Hans"})).Answer["id"]
	blob, err := d.Desk.Blobs.Put(ctx, "case-"+app, strings.NewReader("a document"))
	if err != nil {
		t.Fatal(err)
	}
	d.Must(command.Run(ctx, d.Desk, account, command.AddDocument, command.At{ID: app}, command.Stored{Slot: "id_front", Name: "身份证.jpg", Media: "image/jpeg", Bytes: blob.Size, Pages: 1, Blob: blob.Name, Mark: blob.PlainSHA256}))
	if _, err := d.Desk.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	places, house := t.TempDir(), t.TempDir()
	copies := backup.Copies{Data: backup.Folder(places + "/data"), Keys: backup.Folder(places + "/keys")}
	m, err := backup.Desk{Dir: d.App.DataDir(), Keys: d.Config.Keys, RootKey: d.Config.RootKey, Version: *fixture}.Make(ctx, copies)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(os.CopyFS(house+"/pb_data", os.DirFS(places+"/data/data/"+m.ID)), os.CopyFS(house+"/pb_data/documents", os.DirFS(places+"/data/documents")),
		os.CopyFS(house+"/keys", os.DirFS(places+"/keys/keys/"+m.ID)))
	if err != nil {
		t.Fatal(err)
	}
	pack(t, house, file)
}

func pack(t *testing.T, dir, file string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z, _ := gzip.NewWriterLevel(f, gzip.BestCompression)
	w := tar.NewWriter(z)
	if err := errors.Join(w.AddFS(os.DirFS(dir)), w.Close(), z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() > 1<<20 {
		t.Errorf("the data of a release is to be small: %v %v", info, err)
	}
}

func unpack(t *testing.T, file, dir string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil || !filepath.IsLocal(h.Name) {
			t.Fatal(err, h)
		}
		to := filepath.Join(dir, h.Name)
		if h.FileInfo().IsDir() {
			err = os.MkdirAll(to, 0o700)
		} else {
			var raw []byte
			if raw, err = io.ReadAll(r); err == nil {
				err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, raw, 0o600))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// query reads one value out of a database.
func query(t *testing.T, file, sql string) (out string) {
	t.Helper()
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	db, err := dbx.Open("sqlite", file+"?_pragma=query_only(ON)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.NewQuery(sql).Row(&out); err != nil {
		t.Fatal(err)
	}
	return out
}
