package backup_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// TestErasedRowsAreErasedAgain puts back a copy that is older than an erasure: the newest copy of the keys says who was erased, and their rows
// are emptied again, on record.
func TestErasedRowsAreErasedAgain(t *testing.T) {
	h := open(t)
	old := h.make()
	app := h.application()
	run(h, command.Account(app.Applicant), command.Discard, app.ID, struct{}{})
	manager, err := records.Find[*records.Staff](h.App.DB(), dbx.HashExp{"roles": "manager"})
	if err != nil {
		t.Fatal(err)
	}
	run(h, command.Of(manager.ID), command.EraseHolder, h.holder, command.Erasing{Asked: "asked_holder"})
	run(h, command.Account(app.Applicant), command.CloseAccount, app.Applicant, struct{}{})
	h.make()

	r := h.back()
	r.ID = old.ID
	if _, err := r.Run(h.ctx); err != nil {
		t.Fatal(err)
	}
	d, done, err := backup.Peek(r.Dir, r.KeysDir, r.RootKey)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	holder, err := records.Load[*records.Holder](d.App.DB(), h.holder)
	if err != nil || holder.State != flow.Erased || holder.Name != "" || holder.NameBlind != "" || holder.IDBlind != "" {
		t.Errorf("the holder came back: %+v %v", holder, err)
	}
	account, err := records.Load[*records.Applicant](d.App.DB(), app.Applicant)
	if err != nil || account.Email != "" || account.State != flow.Closed {
		t.Errorf("the account came back: %q %s %v", account.Email, account.State, err)
	}
	back, err := records.Load[*records.Application](d.App.DB(), app.ID)
	if err != nil || back.ErasedAt == "" || back.Name != "" || back.Answers != "" {
		t.Errorf("the case came back: %+v %v", back, err)
	}
	if f, err := d.Blobs.Open(app.Key(), h.blob); err == nil {
		f.Close()
		t.Error("the document came back")
	}
	if report, err := d.Verify(h.ctx); err != nil || !report.OK() {
		t.Errorf("the record: %+v %v", report, err)
	}
}
