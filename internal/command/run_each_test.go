package command_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// Several rows under one commit: one that is refused, one whose second table cannot be written, one that panics and one that is not
// there leave nothing behind and hold up nobody; every other one has its effect and its own entry.
func TestEachFailsAlone(t *testing.T) {
	w := open(t)
	var ids []string
	for range 3 {
		account, holder := w.somebody()
		for _, typ := range []string{"individual", "pension"} {
			ids = append(ids, w.draft(account, holder, typ, nil))
		}
	}
	refused, unwritten, panics := ids[1], ids[2], ids[4]
	broken := errors.New("broken")
	after := map[string]bool{}
	act := command.Act[*records.Application, string]{Name: flow.Remind, Do: func(tx *command.Tx, app *records.Application, in string) error {
		n := &records.Note{Application: app.ID, Text: in}
		n.State = flow.Kept
		tx.Insert(n)
		app.Place = in
		tx.Update(app)
		tx.After(func() { after[app.ID] = true })
		switch app.ID {
		case refused:
			return broken
		case panics:
			panic("no more")
		case unwritten:
			f := &records.Finding{Application: app.ID}
			f.ID, f.State = records.NewID(), flow.Kept
			again := *f
			tx.Insert(f)
			tx.Insert(&again)
		}
		return nil
	}}
	w.sql("UPDATE applications SET state='in_review'")
	left := map[string]string{}
	for _, id := range []string{refused, unwritten, panics} {
		left[id] = load[*records.Application](w, id).Place
	}
	before, err := ledger.Size(w.App.DB())
	if err != nil {
		t.Fatal(err)
	}
	list := append(ids[:len(ids):len(ids)], "nowhere")
	errs := command.RunEach(w.ctx, w.Desk.Desk, command.Itself, act, list, "done")
	if len(errs) != len(list) {
		t.Fatalf("%d answers for %d rows", len(errs), len(list))
	}
	for i, id := range list {
		var want string
		switch id {
		case refused:
			want = "broken"
		case unwritten:
			want = "UNIQUE"
		case panics:
			want = "panicked: no more"
		case "nowhere":
			want = "not found"
		}
		if want == "" && errs[i] != nil || want != "" && (errs[i] == nil || !strings.Contains(errs[i].Error(), want)) {
			t.Errorf("row %d: %v, want %q", i, errs[i], want)
		}
		if id == "nowhere" {
			continue
		}
		notes, place := len(all[*records.Note](w, dbx.HashExp{"application": id})), load[*records.Application](w, id).Place
		if was, failed := left[id]; failed && (notes != 0 || place != was || after[id]) {
			t.Errorf("row %d failed, and left %d notes and %q", i, notes, place)
		} else if !failed && (notes != 1 || place != "done" || !after[id]) {
			t.Errorf("row %d: %d notes, place %q", i, notes, place)
		}
	}
	now, err := ledger.Size(w.App.DB())
	if err != nil || now-before != 3 {
		t.Errorf("%d entries for three rows, %v", now-before, err)
	}
}

// A commit that fails undoes all that it would have kept, and says so of each.
func TestEachOfAFailedCommit(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	ids := []string{w.draft(account, holder, "individual", nil), w.draft(account, holder, "pension", nil)}
	w.sql("UPDATE applications SET state='in_review'")
	before := w.dump()
	act := command.Act[*records.Application, struct{}]{Name: flow.Remind, Do: func(tx *command.Tx, app *records.Application, _ struct{}) error {
		app.Place = "done"
		tx.Update(app)
		if app.ID == ids[1] { // the transaction is gone under it
			_, err := tx.DB.NewQuery("ROLLBACK").Execute()
			return errors.Join(errors.New("lost"), err)
		}
		return nil
	}}
	errs := command.RunEach(w.ctx, w.Desk.Desk, command.Itself, act, ids, struct{}{})
	if len(errs) != 2 || errs[0] == nil || errs[1] == nil {
		t.Errorf("%v", errs)
	}
	w.same("a transaction that is lost", before)
}
