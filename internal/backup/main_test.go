package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// home is a desk with something in it, and two places for copies.
type home struct {
	*testkit.Desk
	t      *testing.T
	ctx    context.Context
	desk   backup.Desk
	copies backup.Copies
	holder string
	blob   string // of the document
}

func open(t *testing.T) *home {
	t.Helper()
	d := testkit.Open(t)
	d.Runner.Stop()
	d.Desk.Committed = nil
	places := t.TempDir()
	h := &home{Desk: d, t: t, ctx: t.Context(), desk: backup.Desk{Dir: d.App.DataDir(), Keys: d.Config.Keys, RootKey: d.Config.RootKey, Version: "test", Now: d.Desk.Now},
		copies: backup.Copies{Data: backup.Folder(filepath.Join(places, "data")), Keys: backup.Folder(filepath.Join(places, "keys")), Keep: 3, Prune: true}}
	h.fill()
	return h
}

// fill puts a person, a case and a document into the desk, and a mail into its outbox.
func (h *home) fill() {
	account := run(h, command.Caller{Role: flow.Guest, ID: "browser"}, command.Register, records.DeskID, command.NewAccount{Channel: "mail", Contact: "wang@example.com", Lang: "zh-Hans", Proved: true}).Answer["id"]
	wang := command.Account(account)
	run(h, wang, command.Agree, account, command.Agreement{Kind: "privacy", Version: command.AgreementVersion})
	run(h, wang, command.Agree, account, command.Agreement{Kind: "identity", Version: command.AgreementVersion})
	h.holder = run(h, wang, command.AddHolder, account, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"}).Answer["id"]
	id := run(h, wang, command.Start, h.holder, command.Beginning{Type: "individual", Lang: "zh-Hans"}).Answer["id"]
	h.blob = h.document(wang, id, "id_front", "a canary in a picture")
	manager, err := records.All[*records.Staff](h.App.DB(), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	run(h, command.Of(manager[0].ID), command.SendTest, records.DeskID, command.Test{Channel: "mail", To: "test@example.com"})
}

func (h *home) document(by command.Caller, app, slot, text string) string {
	h.t.Helper()
	blob, err := h.Server.Desk.Blobs.Put(h.ctx, "case-"+app, strings.NewReader(text))
	if err != nil {
		h.t.Fatal(err)
	}
	run(h, by, command.AddDocument, app, command.Stored{Slot: slot, Name: "身份证.jpg", Media: "image/jpeg", Bytes: blob.Size, Pages: 1, Blob: blob.Name, Mark: blob.PlainSHA256})
	return blob.Name
}

func run[R records.Target, In any](h *home, by command.Caller, act command.Act[R, In], id string, in In) command.Receipt {
	h.t.Helper()
	r, err := command.Run(h.ctx, h.Server.Desk, by, act, command.At{ID: id}, in)
	if err != nil {
		h.t.Fatalf("%s: %v", act.Name, err)
	}
	return r
}

// make makes a copy, which has to succeed.
func (h *home) make() backup.Manifest {
	h.t.Helper()
	m, err := h.desk.Make(h.ctx, h.copies)
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// back is a restore of the newest copy to folders that are not there yet.
func (h *home) back() backup.Restore {
	dir := h.t.TempDir()
	return backup.Restore{Data: h.copies.Data, Keys: h.copies.Keys, Dir: filepath.Join(dir, "pb_data"), KeysDir: filepath.Join(dir, "keys"),
		RootKey: filepath.Join(dir, "keys", "root.key"), Version: "test"}
}

// untouched fails the test if a refused restore left anything.
func untouched(t *testing.T, r backup.Restore) {
	t.Helper()
	for _, dir := range []string{r.Dir, r.KeysDir} {
		entries, err := os.ReadDir(filepath.Dir(dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			t.Errorf("a refused restore left %s", e.Name())
		}
	}
}
