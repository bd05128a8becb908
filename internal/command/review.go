package command

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Judged is a verdict on one item of the checklist.
type Judged struct {
	Item  string `json:"item"`
	Value string `json:"value"` // ok, bad, ask, or "" to take it back
	How   int64  `json:"how"`
	Note  string `json:"note"`
}

// Verdict keeps a reviewer's judgement on one item. It does not touch the case's revision: two items judged at once are
// no conflict.
var Verdict = Act[*records.Application, Judged]{flow.Verdict, func(tx *Tx, app *records.Application, in Judged) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	if err := flow.CheckVerdict(flow.ItemsShown(t, check.Asked(t, a)), in.Item, flow.ItemVerdict{Value: in.Value, How: int(in.How), Note: in.Note}); err != nil {
		return err
	}
	had, err := records.All[*records.Verdict](tx.DB, dbx.HashExp{"application": app.ID, "item": in.Item})
	if err != nil {
		return err
	}
	v := &records.Verdict{Application: app.ID, Item: in.Item}
	v.ID = records.NewID()
	if len(had) > 0 {
		v = had[0]
	}
	v.State, v.Value, v.How, v.By, v.At = flow.Active, in.Value, in.How, tx.By.ID, tx.Stamp()
	v.Note = tx.Seal(app.Key(), "verdicts.note "+v.ID, in.Note)
	if len(had) > 0 {
		tx.Update(v)
	} else {
		tx.Insert(v)
	}
	return nil
}}

// Remark is an internal note.
type Remark struct {
	Text string `json:"text"`
}

// Note keeps an internal note; the applicant never sees it.
var Note = Act[*records.Application, Remark]{flow.Note, func(tx *Tx, app *records.Application, in Remark) error {
	if n := len([]rune(in.Text)); n == 0 || n > 2000 {
		return flow.Refuse("note_length", "2000")
	}
	r := &records.Note{Application: app.ID, By: tx.By.ID}
	r.ID, r.State = records.NewID(), flow.Kept
	r.Text = tx.Seal(app.Key(), "notes.text "+r.ID, in.Text)
	tx.Insert(r)
	tx.Answer("id", r.ID)
	return nil
}}

// Seen says what a colleague looks at.
type Seen struct {
	Document string `json:"document,omitempty"`
}

const viewingMinutes = 15

// ViewCase records that a colleague opened a case: one entry for fifteen minutes.
var ViewCase = Act[*records.Application, Seen]{flow.ViewCase, func(tx *Tx, app *records.Application, _ Seen) error {
	return tx.viewed(app.ID)
}}

// ViewDocument records that a colleague looks at a document, before its first byte leaves.
var ViewDocument = Act[*records.Application, Seen]{flow.ViewDocument, func(tx *Tx, app *records.Application, in Seen) error {
	d, err := records.Load[*records.Document](tx.DB, in.Document)
	if err != nil || d.Application != app.ID || d.State == flow.Closed {
		return records.ErrNotFound
	}
	tx.Because(d.ID)
	return tx.viewed(d.ID)
}}

// viewed notes a viewing, or that the one of some minutes ago still counts: then no entry is made.
func (tx *Tx) viewed(target string) error {
	had, err := records.All[*records.Viewing](tx.DB, dbx.HashExp{"person": tx.By.ID, "target": target})
	if err != nil {
		return err
	}
	until := records.Stamp(tx.Now.Add(viewingMinutes * time.Minute))
	if len(had) == 0 {
		v := &records.Viewing{Person: tx.By.ID, Target: target, Until: until}
		v.State = flow.Active
		tx.Insert(v)
		return nil
	}
	if had[0].Until > tx.Stamp() {
		tx.steps = nil
		return nil
	}
	had[0].Until = until
	tx.Update(had[0])
	return nil
}

// Search is what somebody looks for among the cases or in the record.
type Search struct {
	Kind  string   `json:"kind"` // found by: ref, name, id, phone, number; or which question was asked of the record
	Hash  string   `json:"hash"` // keyed digest of what was typed
	Shown []string `json:"shown"`
}

// SearchRecord records that somebody searched, by what kind of key, and which rows they were shown.
var SearchRecord = Act[*records.Desk, Search]{flow.SearchRecord, func(tx *Tx, _ *records.Desk, in Search) error {
	tx.Because(in.Kind)
	tx.Shown(in.Shown)
	return nil
}}

// Check asks the type about a case again: its job is queued anew.
var Check = Act[*records.Application, struct{}]{flow.Check, func(tx *Tx, app *records.Application, _ struct{}) error {
	if app.Kind == "recheck" { // what it is about was found by the re-check
		return flow.Refuse("not_now", string(flow.Check), app.Kind)
	}
	app.Checked = "waiting"
	tx.Update(app)
	return tx.queueCheck(app)
}}

// queueCheck puts the type's check of a case into the queue; there is one for each case.
func (tx *Tx) queueCheck(app *records.Application) error {
	j, err := records.Find[*records.Job](tx.DB, dbx.HashExp{"kind": "check", "target": app.ID})
	if errors.Is(err, records.ErrNotFound) {
		tx.newCheck(app)
		return nil
	}
	if err != nil {
		return err
	}
	j.State, j.DueAt, j.Attempts, j.LeaseUntil, j.Error = flow.Queued, tx.Stamp(), 0, "", ""
	tx.Update(j)
	return nil
}

// newCheck does so for a case that was never checked.
func (tx *Tx) newCheck(app *records.Application) {
	j := &records.Job{Kind: "check", Target: app.ID, DueAt: tx.Stamp()}
	j.State = flow.Queued
	tx.Insert(j)
}

// Checked is what came of a type's check.
type Checked struct {
	Findings []sdk.Finding `json:"findings"`
	Failed   bool          `json:"failed"`
}

// RecordFindings keeps what a type's check said, in place of what it said before. A type that could not check is shown to
// the reviewer, who may decide all the same.
var RecordFindings = Act[*records.Application, Checked]{flow.RecordFindings, func(tx *Tx, app *records.Application, in Checked) error {
	app.Checked = "done"
	if in.Failed {
		app.Checked = "failed"
	}
	tx.Update(app)
	old, err := records.All[*records.Finding](tx.DB, dbx.HashExp{"application": app.ID, "state": string(flow.Active)})
	if err != nil {
		return err
	}
	for _, f := range old {
		f.State = flow.Superseded
		tx.Update(f)
	}
	for _, f := range in.Findings {
		row := &records.Finding{Application: app.ID, Level: string(f.Level)}
		row.ID, row.State = records.NewID(), flow.Active
		raw, _ := json.Marshal(f)
		row.Body = tx.Seal(app.Key(), "findings.body "+row.ID, string(raw))
		tx.Insert(row)
	}
	return nil
}}

// Attested is what a colleague at the counter saw.
type Attested struct {
	SawPerson   bool `json:"sawPerson"`
	SawOriginal bool `json:"sawOriginal"`
}

// AttestPresence records that a colleague saw the person and the original document; they never get the case.
var AttestPresence = Act[*records.Application, Attested]{flow.AttestPresence, func(tx *Tx, app *records.Application, in Attested) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if !t.Attested {
		return flow.Refuse("not_attestable")
	}
	if !in.SawPerson || !in.SawOriginal {
		return flow.Refuse("attest_both")
	}
	app.AttestedBy, app.AttestedAt = tx.By.ID, tx.Stamp()
	tx.Update(app)
	return nil
}}

// Facts are what a type is told about the documents of a case.
func Facts(docs []*records.Document) []sdk.Fact {
	var list []sdk.Fact
	for _, d := range docs {
		list = append(list, sdk.Fact{Slot: d.Slot, Media: d.Media, Pages: int(d.Pages), Width: int(d.Width), Height: int(d.Height), Bytes: d.Bytes, Blur: int(d.Blur)})
	}
	return list
}
