package command

import (
	"context"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Applying again after a case that came to its end without a certificate: its answers and the evidence that is still good are
// carried over, copied under the key of the new case before the act begins; what was refused is not.

// Begin starts an application from the last one of the holder for the type, if there is one that the caller may see; otherwise
// from nothing. The copies of a start that did not happen are deleted.
func Begin(ctx context.Context, d *Desk, by Caller, at At, in Beginning) (Receipt, error) {
	old, found, err := d.startsFrom(ctx, by, at.ID, in)
	if err != nil || !found {
		return Run(ctx, d, by, Start, at, in)
	}
	in.From, in.id = old.ID, records.NewID()
	if in.evidence, err = d.carry(ctx, by, old, in); err != nil {
		return Receipt{}, err
	}
	r, err := Run(ctx, d, by, Start, at, in)
	for _, s := range in.evidence {
		named, look := records.Count(d.App.DB(), "documents", dbx.HashExp{"blob": s.Blob})
		if look == nil && named == 0 {
			d.DropBlobs(append(s.Views, s.Blob))
		}
	}
	return r, err
}

// startsFrom finds the application to start from. A draft that is open goes on as it is.
func (d *Desk) startsFrom(ctx context.Context, by Caller, holder string, in Beginning) (*records.Application, bool, error) {
	if _, err := Look[*records.Holder](ctx, d, by, flow.Start, holder); err != nil {
		return nil, false, err
	}
	open, err := records.Count(d.App.DB(), "applications", dbx.HashExp{"applicant": by.ID, "holder": holder, "type": in.Type, "state": string(flow.Draft)})
	if err != nil || open > 0 {
		return nil, false, err
	}
	old, found, err := records.Ended(d.App.DB(), holder, in.Type)
	if err != nil || !found {
		return nil, false, err
	}
	if _, err := Look[*records.Application](ctx, d, by, flow.SeeApplication, old.ID); err != nil {
		return nil, false, nil // somebody else's: start from nothing
	}
	return old, true, nil
}

// Before is what an earlier application of the holder comes to for a new one.
type Before struct {
	Row       *records.Application
	Answers   sdk.Answers
	Documents []*records.Document
	Refused   map[string][]string   // reasons, by the field that they concern
	Asked     map[string]flow.Asked // what was asked for and not answered, by field
}

// Before reads an earlier application: with what was written to a correction that was never taken.
func (d *Desk) Before(db dbx.Builder, old *records.Application) (*Before, error) {
	b := &Before{Row: old, Refused: map[string][]string{}, Asked: map[string]flow.Asked{}}
	t, err := d.Type(old.Digest)
	if err != nil {
		return nil, err
	}
	if b.Answers, err = d.Answers(old); err != nil {
		return nil, err
	}
	if b.Documents, err = records.Documents(db, old.ID); err != nil {
		return nil, err
	}
	if err := d.refusedOf(db, t, b); err != nil {
		return nil, err
	}
	rounds, err := records.Corrections(db, old.ID)
	if err != nil || len(rounds) == 0 || rounds[0].State == flow.Resolved {
		return b, err
	}
	r, err := d.Round(db, old, t, rounds[0])
	if err != nil {
		return nil, err
	}
	b.Answers = r.Given.Over(b.Answers)
	have := r.Have()
	b.Documents = append(slices.DeleteFunc(b.Documents, func(x *records.Document) bool { return have[x.Slot] > 0 }), r.Documents...)
	for _, item := range r.Asked.Items {
		if _, given := r.Given.Answers[item.Of]; item.Of != "" && !given && have[item.Of] == 0 {
			b.Asked[item.Of] = item
		}
	}
	return b, nil
}

func (d *Desk) refusedOf(db dbx.Builder, t sdk.Type, b *Before) error {
	made, err := records.All[*records.Decision](db, dbx.HashExp{"application": b.Row.ID, "state": string(flow.Sent), "outcome": flow.NotPassed})
	if err != nil || len(made) == 0 {
		return err
	}
	verdicts, err := Verdicts(db, b.Row.ID)
	b.Refused = flow.Concerned(t, records.List(made[len(made)-1].Reasons), verdicts)
	return err
}

// good reports whether a document may be used once more.
func (b *Before) good(t sdk.Type, doc *records.Document, kept sdk.Answers) bool {
	_, asked := b.Asked[doc.Slot]
	at := slices.IndexFunc(check.Slots(t, kept), func(s sdk.Slot) bool { return s.ID == doc.Slot })
	return at >= 0 && !asked && len(b.Refused[doc.Slot]) == 0 && flow.StillGood(check.Slots(t, kept)[at], doc.Media, kept)
}

// carry copies the evidence that is still good, sealed anew under the key of the new case. Without the consent to store
// identity documents there is none.
func (d *Desk) carry(ctx context.Context, by Caller, old *records.Application, in Beginning) (all []Stored, err error) {
	defer func() {
		if err != nil {
			for _, s := range all {
				d.DropBlobs(append(s.Views, s.Blob))
			}
		}
	}()
	agreed, err := records.Consented(d.App.DB(), by.ID, "identity", AgreementVersion)
	if err != nil || !agreed {
		return nil, err
	}
	b, err := d.Before(d.App.DB(), old)
	if err != nil {
		return nil, err
	}
	typ, err := records.Load[*records.Type](d.App.DB(), in.Type)
	if err != nil {
		return nil, err
	}
	t, err := d.Type(typ.Digest)
	if err != nil {
		return nil, err
	}
	today, err := d.Today(ctx)
	if err != nil {
		return nil, err
	}
	key := (&records.Application{Head: records.Head{ID: in.id}}).Key()
	if err := d.Vault.NewKey(key); err != nil {
		return nil, err
	}
	kept := flow.StillTrue(t, b.Answers, today)
	for _, doc := range b.Documents {
		if !b.good(t, doc, kept) {
			continue
		}
		s, err := d.copied(ctx, old.Key(), key, doc)
		all = append(all, s)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// copied seals a document and its pages anew. What it gives back is to be deleted if there is an error.
func (d *Desk) copied(ctx context.Context, from, to string, doc *records.Document) (s Stored, err error) {
	s = Stored{Slot: doc.Slot, Media: doc.Media, Bytes: doc.Bytes, Pages: doc.Pages, Width: doc.Width, Height: doc.Height, Blur: doc.Blur, Mark: doc.Mark}
	if s.Name, err = d.Open(from, "documents.name "+doc.ID, doc.Name); err != nil {
		return s, err
	}
	for _, name := range append([]string{doc.Blob}, records.List(doc.Views)...) {
		r, err := d.Blobs.Open(doc.Key(), name)
		if err != nil {
			return s, err
		}
		blob, err := d.Blobs.Put(ctx, to, r)
		r.Close()
		if err != nil {
			return s, err
		}
		if s.Blob == "" {
			s.Blob = blob.Name
		} else {
			s.Views = append(s.Views, blob.Name)
		}
	}
	return s, nil
}

// startFrom fills a new draft from an earlier application.
func (tx *Tx) startFrom(app *records.Application, h *records.Holder, t sdk.Type, in Beginning) error {
	old, err := records.Load[*records.Application](tx.DB, in.From)
	if err != nil {
		return err
	}
	ended := slices.Contains([]flow.State{flow.Rejected, flow.Withdrawn, flow.Lapsed}, old.State)
	if old.Holder != h.ID || old.Type != in.Type || !ended {
		return flow.Refuse("not_now", string(flow.Start), string(old.State))
	}
	b, err := tx.Desk.Before(tx.DB, old)
	if err != nil {
		return err
	}
	app.ID, app.Previous = in.id, old.ID
	if err := tx.draft(app, t, flow.StillTrue(t, b.Answers, tx.Today())); err != nil {
		return err
	}
	for _, s := range in.evidence {
		doc := s.row(tx)
		doc.Application, doc.Slot = app.ID, s.Slot
		doc.Name = tx.Seal(app.Key(), "documents.name "+doc.ID, s.Name)
		tx.Insert(doc)
	}
	return nil
}
