package command

import (
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Changed information: an application that starts from what was certified, asks what has changed, and asks anew only that.

// RequestChange opens a draft with all that was certified. The certificate holds on meanwhile, whatever comes of it.
// Refused with renew_instead near the end, and with open_renewal, open_change or open_recheck while one is open.
var RequestChange = Act[*records.Certificate, struct{}]{flow.RequestChange, func(tx *Tx, c *records.Certificate, _ struct{}) error {
	typ, t, err := tx.openType(c.Type)
	if err != nil {
		return err
	}
	if err := flow.RequestableChange(flow.Day(c.ExpiresOn), t.Recheck.RenewDays, tx.Today()); err != nil {
		return err
	}
	if err := tx.oneAtATime(c); err != nil {
		return err
	}
	_, _, _, err = tx.draftOf(c, "change", typ, t)
	return err
}}

// openType reads a type that takes applications, and its newest description.
func (tx *Tx) openType(id string) (*records.Type, sdk.Type, error) {
	typ, err := records.Load[*records.Type](tx.DB, id)
	if err != nil || typ.State != flow.Enabled {
		return nil, sdk.Type{}, flow.Refuse("type_not_open")
	}
	t, err := tx.Type(typ.Digest)
	return typ, t, err
}

// oneAtATime refuses a second case on a certificate; the unique index does so too, without a reason.
func (tx *Tx) oneAtATime(c *records.Certificate) error {
	open, err := OpenOn(tx.DB, c.ID)
	if err != nil || open == nil {
		return err
	}
	return flow.OneAtATime(open.Kind, open.Ref)
}

// OpenOn finds the renewal, change or re-check that is open on a certificate; nil if there is none.
func OpenOn(db dbx.Builder, certificate string) (*records.Application, error) {
	open, err := records.Some[*records.Application](db, dbx.And(dbx.HashExp{"certificate": certificate},
		dbx.NewExp("state IN ('draft','submitted','in_review','awaiting_applicant','on_hold','decided')")), 1)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	return open[0], nil
}

// What has changed, as the holder says it: changes of the type, by ID.
type WhatChanged struct {
	Changes []string `json:"changes"`
}

// ChooseChanges keeps what has changed. What is not named goes back to what was certified, answers and evidence; the evidence of
// what is named has to be sent anew. Refused with nothing_changed and change_unknown.
var ChooseChanges = Act[*records.Application, WhatChanged]{flow.SaveDraft, func(tx *Tx, app *records.Application, in WhatChanged) error {
	if app.Kind != "change" {
		return flow.Refuse("not_now", string(flow.SaveDraft), app.Kind)
	}
	if len(in.Changes) == 0 {
		return flow.Refuse("nothing_changed")
	}
	t, err := tx.newest(app)
	if err != nil {
		return err
	}
	was, err := tx.Desk.Certified(tx.DB, app)
	if err != nil {
		return err
	}
	known := check.Changes(t, was.Answers)
	var chosen []string
	for _, c := range known {
		if slices.Contains(in.Changes, c.ID) {
			chosen = append(chosen, c.ID)
		}
	}
	for _, id := range in.Changes {
		if !slices.Contains(chosen, id) {
			return flow.Refuse("change_unknown")
		}
	}
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	app.Changes, app.Place = records.Join(chosen), "changes"
	open := check.Reopened(t, was.Certified, chosen, a, string(tx.Today()))
	for _, p := range t.Pages {
		if open.Pages[p.ID] {
			continue
		}
		for _, q := range p.Questions {
			delete(a, q.ID)
			if v, ok := was.Answers[q.ID]; ok {
				a[q.ID] = v
			}
		}
	}
	tx.sealAnswers(app, t, a)
	tx.Update(app)
	return tx.keepEvidence(app, t, was, open)
}}

// Certified is what a change starts from.
type Certified struct {
	check.Certified
	Case      *records.Application
	Documents []*records.Document
}

// Certified reads what was certified by the certificate of a change.
func (d *Desk) Certified(db dbx.Builder, app *records.Application) (was Certified, err error) {
	c, err := records.Load[*records.Certificate](db, app.Certificate)
	if err != nil {
		return was, err
	}
	if was.Case, err = records.Load[*records.Application](db, c.Application); err != nil {
		return was, err
	}
	if was.Answers, err = d.Answers(was.Case); err != nil {
		return was, err
	}
	if was.Documents, err = records.Documents(db, was.Case.ID); err != nil {
		return was, err
	}
	was.Attested, was.Have = was.Case.AttestedBy != "", map[string]int{}
	for _, doc := range was.Documents {
		was.Have[doc.Slot]++
	}
	return was, nil
}

// keepEvidence brings the documents of a change in line with what is asked anew: what is kept lies there as it was certified,
// what is asked anew holds only what was sent for it. A presence that was attested is kept unless a picture is asked for instead.
func (tx *Tx) keepEvidence(app *records.Application, t sdk.Type, was Certified, open check.Open) error {
	have, err := records.Documents(tx.DB, app.ID)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, d := range have {
		switch {
		case open.Slots[d.Slot] != (d.Origin != ""):
			kept[d.Slot] = kept[d.Slot] || d.Origin != ""
		default:
			tx.remove(app, d)
		}
	}
	for _, d := range was.Documents {
		if !open.Slots[d.Slot] && !kept[d.Slot] {
			if err := tx.keep(app, was.Case, d); err != nil {
				return err
			}
		}
	}
	anew := slices.ContainsFunc(t.Slots, func(s sdk.Slot) bool { return s.Attestable && open.Slots[s.ID] })
	switch {
	case anew && app.AttestedAt == was.Case.AttestedAt:
		app.AttestedBy, app.AttestedAt = "", ""
	case !anew && app.AttestedBy == "":
		app.AttestedBy, app.AttestedAt = was.Case.AttestedBy, was.Case.AttestedAt
	}
	return nil
}

// keep enters a document of the certified case into a change. Its bytes stay where they are, under the key they came with.
func (tx *Tx) keep(app, from *records.Application, d *records.Document) error {
	name, err := tx.Unseal(from.Key(), "documents.name "+d.ID, d.Name)
	if err != nil {
		return err
	}
	k := &records.Document{Application: app.ID, Slot: d.Slot, Media: d.Media, Bytes: d.Bytes, Pages: d.Pages, Width: d.Width, Height: d.Height, Blur: d.Blur,
		Blob: d.Blob, Views: d.Views, Mark: d.Mark, AddedBy: d.AddedBy, DayCode: d.DayCode, Origin: d.Origin}
	if k.Origin == "" {
		k.Origin = from.ID
	}
	k.ID, k.State = records.NewID(), flow.Kept
	k.Name = tx.Seal(app.Key(), "documents.name "+k.ID, name)
	tx.Insert(k)
	return nil
}

// Asked says what of a draft is asked: nil for everything, as in all kinds but a change.
func (d *Desk) Asked(db dbx.Builder, app *records.Application, t sdk.Type, a sdk.Answers, today flow.Day) (*check.Open, error) {
	if app.Kind != "change" {
		return nil, nil
	}
	was, err := d.Certified(db, app)
	if err != nil {
		return nil, err
	}
	open := check.Reopened(t, was.Certified, records.List(app.Changes), a, string(today))
	return &open, nil
}

// asks refuses with kept what a change does not ask: to change it, it has to be named among what has changed.
func (tx *Tx) asks(app *records.Application, t sdk.Type, a sdk.Answers, page, slot string) error {
	open, err := tx.Desk.Asked(tx.DB, app, t, a, tx.Today())
	if err != nil || open == nil || open.Pages[page] || open.Slots[slot] {
		return err
	}
	return flow.Refuse("kept")
}
