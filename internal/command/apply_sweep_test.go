package command_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/records"
)

// What no row names is deleted after a day; what a row names stays, however old it is.
func TestDocumentsThatNoRowNames(t *testing.T) {
	w := open(t)
	id := w.filled(w.wang, w.holder, "individual", nil)
	var named []string
	for _, d := range all[*records.Document](w, byCase(id)) {
		named = append(named, d.Blob, d.Views)
	}
	old := w.document(id, "id_front", "stored, and then the desk died")
	w.age(old.Blob, old.Views[0])
	w.age(named...)
	young := w.document(id, "id_front", "an upload under way")
	if n, err := w.Desk.Desk.SweepDocuments(w.ctx); err != nil || n != 2 {
		t.Fatalf("%d deleted, want 2: %v", n, err)
	}
	for _, name := range append(named, young.Blob, young.Views[0]) {
		if !w.kept(id, name) {
			t.Errorf("%s is gone", name)
		}
	}
	if w.kept(id, old.Blob) || w.kept(id, old.Views[0]) {
		t.Error("what no row names is still there")
	}
}

// Data older than the documents are a wrong restore: nothing is deleted.
func TestDocumentsOfAWrongRestore(t *testing.T) {
	w := open(t)
	id := w.filled(w.wang, w.holder, "individual", nil)
	var last command.Stored
	for range 110 {
		last = w.document(id, "id_front", "a document of later")
		w.age(last.Blob, last.Views[0])
	}
	if n, err := w.Desk.Desk.SweepDocuments(w.ctx); err == nil || n != 0 || !w.kept(id, last.Blob) {
		t.Fatalf("%d deleted: %v", n, err)
	}
}

// A form sent twice stores twice and enters once; of what was stored for nothing nothing is left, nor after a refusal.
func TestDocumentTwiceUnderOneKey(t *testing.T) {
	w := open(t)
	wang := command.Account(w.wang)
	id := w.draft(w.wang, w.holder, "individual", nil)
	at := command.At{ID: id, Key: "one form"}
	first, again, other := w.document(id, "id_front", "picture"), w.document(id, "id_front", "picture"), w.document(id, "id_front", "another")
	one, err := command.Deposit(w.ctx, w.Desk.Desk, wang, command.AddDocument, at, first, first)
	if err != nil {
		t.Fatal(err)
	}
	before := w.dump()
	two, err := command.Deposit(w.ctx, w.Desk.Desk, wang, command.AddDocument, at, again, again)
	if err != nil || asJSON(one) != asJSON(two) {
		t.Errorf("%+v %v, want %+v", two, err, one)
	}
	if _, err := command.Deposit(w.ctx, w.Desk.Desk, wang, command.AddDocument, at, other, other); err == nil {
		t.Error("another picture under the same key was taken")
	}
	w.same("the form again", before)
	if !w.kept(id, first.Blob) || !w.kept(id, first.Views[0]) || w.kept(id, again.Blob) || w.kept(id, again.Views[0]) || w.kept(id, other.Blob) {
		t.Error("the first picture is gone, or one that was stored for nothing is left")
	}
}

// age makes stored documents two days old.
func (w *world) age(names ...string) {
	w.T.Helper()
	then := time.Now().Add(-48 * time.Hour)
	for _, name := range names {
		if err := os.Chtimes(filepath.Join(w.App.DataDir(), "documents", name[:2], name), then, then); err != nil {
			w.T.Fatal(err)
		}
	}
}
