package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Documents of a draft: stored first, entered by the act; what nothing refers to is deleted.

// Stored is a document that was looked at, re-rendered, sealed and written before the act begins. Where it lies is no part
// of the input: the same form sent again stores it again elsewhere, and is the same act by Mark.
type Stored struct {
	Slot    string   `json:"slot"`
	Replace string   `json:"replace,omitempty"` // a document that it takes the place of
	Name    string   `json:"name"`
	Media   string   `json:"media"`
	Bytes   int64    `json:"bytes"`
	Pages   int64    `json:"pages"`
	Width   int64    `json:"width"`
	Height  int64    `json:"height"`
	Blur    int64    `json:"blur"`
	Blob    string   `json:"-"`
	Views   []string `json:"-"`
	Mark    string   `json:"mark"`
}

// AddDocument puts a stored document into its slot. The same picture again in the same slot is one document.
var AddDocument = Act[*records.Application, Stored]{flow.AddDocument, func(tx *Tx, app *records.Application, in Stored) error {
	t, err := tx.newest(app)
	if err != nil {
		return err
	}
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	slot, ok := slotOf(t, a, in.Slot)
	if !ok {
		return flow.Refuse("slot_unknown")
	}
	if err := tx.asks(app, t, a, "", in.Slot); err != nil {
		return err
	}
	if !slot.Takes(in.Media) {
		return flow.Refuse(notTaken(slot))
	}
	if err := tx.agreed(app); err != nil {
		return err
	}
	kept, err := records.Documents(tx.DB, app.ID)
	if err != nil {
		return err
	}
	if there, err := tx.intoSlot(app, slot, kept, in, flow.Kept); there || err != nil {
		return err
	}
	app.Place = "slot/" + in.Slot
	tx.Update(app)
	return nil
}}

// intoSlot puts a stored document beside those of its slot, in place of the one that it replaces, and answers which it is; the same
// picture again is there already. Refused with slot_full.
func (tx *Tx) intoSlot(app *records.Application, slot sdk.Slot, beside []*records.Document, in Stored, state flow.State) (there bool, err error) {
	n := 0
	for _, d := range beside {
		switch {
		case d.ID == in.Replace && d.Slot == in.Slot:
			tx.remove(app, d)
		case d.Slot == in.Slot && d.Mark == in.Mark:
			tx.Answer("id", d.ID) // Deposit deletes what came now
			return true, nil
		case d.Slot == in.Slot:
			n++
		}
	}
	if n >= max(1, slot.Files) {
		return false, flow.Refuse("slot_full")
	}
	d := in.row(tx)
	d.State, d.Application, d.Slot = state, app.ID, in.Slot
	if slot.DayCode {
		d.DayCode = tx.Desk.DayCode(app, tx.Today())
	}
	d.Name = tx.Seal(app.Key(), "documents.name "+d.ID, in.Name)
	tx.Insert(d)
	tx.Answer("id", d.ID)
	return false, nil
}

// agreed refuses documents of an account that has not agreed to what is done with them.
func (tx *Tx) agreed(app *records.Application) error {
	agreed, err := records.Consented(tx.DB, agreeing(tx.By.ID, app), "identity", AgreementVersion)
	if err == nil && !agreed {
		return flow.Refuse("identity_consent_needed")
	}
	return err
}

// notTaken is the code of the sentence that says what a slot takes instead.
func notTaken(s sdk.Slot) string {
	if s.Takes("application/pdf") {
		return "slot_pdf_only"
	}
	return "slot_pictures_only"
}

// row is the document that was stored.
func (in Stored) row(tx *Tx) *records.Document {
	d := &records.Document{Media: in.Media, Bytes: in.Bytes, Pages: in.Pages, Width: in.Width, Height: in.Height, Blur: in.Blur, Blob: in.Blob,
		Views: strings.Join(in.Views, ","), Mark: in.Mark, AddedBy: tx.Actor()}
	d.ID, d.State = records.NewID(), flow.Kept
	return d
}

// DayCode is the code of the day for a case: four digits that a recent photo has to show.
func (d *Desk) DayCode(app *records.Application, day flow.Day) string {
	sum := d.Vault.Blind("day", app.ID+" "+string(day))
	n := 0
	for _, c := range sum {
		n = (n*31 + int(c)) % 10000
	}
	return fmt.Sprintf("%04d", n)
}

func slotOf(t sdk.Type, a sdk.Answers, id string) (sdk.Slot, bool) {
	for _, s := range t.Slots {
		if s.ID == id && s.When.Shown(a) {
			return s, true
		}
	}
	return sdk.Slot{}, false
}

// Removal names a document.
type Removal struct {
	Document string `json:"document"`
}

// RemoveDocument takes a document out of a draft; its bytes are deleted.
var RemoveDocument = Act[*records.Application, Removal]{flow.RemoveDocument, func(tx *Tx, app *records.Application, in Removal) error {
	d, err := records.Load[*records.Document](tx.DB, in.Document)
	if err != nil || d.Application != app.ID || d.State != flow.Kept {
		return records.ErrNotFound
	}
	if d.Origin != "" && app.Kind == "change" {
		return flow.Refuse("kept")
	}
	app.Place = "slot/" + d.Slot
	tx.Update(app)
	tx.remove(app, d)
	return nil
}}

// remove takes a document out; its bytes are deleted, unless they are those of the earlier case that it was kept from.
func (tx *Tx) remove(_ *records.Application, d *records.Document) {
	blobs := append(records.List(d.Views), d.Blob)
	if d.Origin != "" {
		blobs = nil
	}
	d.State, d.Blob, d.Views = flow.Closed, "", ""
	tx.Update(d)
	tx.After(func() { tx.Desk.DropBlobs(blobs) })
}

// Deposit performs an act that enters stored documents. What was stored for nothing, by a refusal or by the same form
// again, is deleted; where it is not known whether a row names it, it stays for the sweep.
func Deposit[R records.Target, In any](ctx context.Context, d *Desk, by Caller, act Act[R, In], at At, in In, stored ...Stored) (Receipt, error) {
	r, err := Run(ctx, d, by, act, at, in)
	for _, s := range stored {
		named, look := records.Count(d.App.DB(), "documents", dbx.And(dbx.Or(dbx.HashExp{"application": at.ID}, dbx.HashExp{"holder": at.ID}), dbx.HashExp{"blob": s.Blob}))
		if look == nil && named == 0 {
			d.DropBlobs(append(s.Views, s.Blob))
		}
	}
	return r, err
}

// DropBlobs deletes stored bytes that nothing refers to any more. What cannot be deleted now, the sweep deletes.
func (d *Desk) DropBlobs(names []string) {
	for _, n := range names {
		if err := d.Blobs.Delete(n); err != nil && !errors.Is(err, vault.ErrBlobMissing) {
			d.Log.Error("blob not deleted", "blob", n, "error", err)
		}
	}
}
