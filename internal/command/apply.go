package command

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Beginning is an application to start.
type Beginning struct {
	Type string `json:"type"`
	Lang string `json:"lang"`
}

// Start opens a draft for a holder, or gives back the one that is open: two tabs make one application.
// Refused with type_not_open and wrong_holder; a cool-down does not keep anybody from filling in, only from submitting.
var Start = Act[*records.Holder, Beginning]{flow.Start, func(tx *Tx, h *records.Holder, in Beginning) error {
	typ, err := records.Load[*records.Type](tx.DB, in.Type)
	if err != nil || typ.State != flow.Enabled {
		return flow.Refuse("type_not_open")
	}
	t, err := tx.Type(typ.Digest)
	if err != nil {
		return err
	}
	if !holds(t, h) {
		return flow.Refuse("wrong_holder")
	}
	open, err := records.All[*records.Application](tx.DB, dbx.HashExp{"applicant": tx.By.ID, "holder": h.ID, "type": in.Type, "state": string(flow.Draft)})
	if err != nil {
		return err
	}
	if len(open) > 0 {
		tx.Answer("id", open[0].ID)
		return nil
	}
	app := &records.Application{Kind: "new", Type: in.Type, Digest: typ.Digest, Holder: h.ID, Applicant: tx.By.ID, Lang: in.Lang}
	return tx.draft(app, t, sdk.Answers{})
}}

func holds(t sdk.Type, h *records.Holder) bool {
	for _, k := range t.Holders {
		if string(k) == h.Kind {
			return true
		}
	}
	return false
}

// draft makes a new draft with these answers.
func (tx *Tx) draft(app *records.Application, t sdk.Type, a sdk.Answers) error {
	app.ID, app.State = records.NewID(), flow.Draft
	n, err := tx.Number("visit")
	if err != nil {
		return err
	}
	app.VisitCode = fmt.Sprintf("%06d", n%1_000_000)
	if err := tx.NewKey(app.Key()); err != nil {
		return err
	}
	tx.sealAnswers(app, t, a)
	tx.Insert(app)
	tx.Answer("id", app.ID)
	return nil
}

// PageAnswers are the answers of one page, as they were entered.
type PageAnswers struct {
	Page    string            `json:"page"`
	Entered map[string]string `json:"entered"`
}

// Problems says what is not right with a form, at which field.
type Problems struct{ List []sdk.Problem }

func (p *Problems) Error() string { return fmt.Sprintf("%d problems", len(p.List)) }

// SaveDraft keeps the answers of one page. A draft follows the newest description of its type. What does not fit is
// answered with Problems, and nothing of the page is kept in place of what was there.
var SaveDraft = Act[*records.Application, PageAnswers]{flow.SaveDraft, func(tx *Tx, app *records.Application, in PageAnswers) error {
	t, err := tx.newest(app)
	if err != nil {
		return err
	}
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	norm, problems := check.Page(t, in.Page, in.Entered, a, string(tx.Today()))
	if len(problems) > 0 {
		return &Problems{problems}
	}
	for k := range in.Entered {
		delete(a, k)
	}
	for k, v := range norm {
		a[k] = v
	}
	app.Place = "q/" + in.Page
	tx.sealAnswers(app, t, a)
	tx.Update(app)
	return nil
}}

// newest lets a draft follow a new description of its type.
func (tx *Tx) newest(app *records.Application) (sdk.Type, error) {
	typ, err := records.Load[*records.Type](tx.DB, app.Type)
	if err != nil {
		return sdk.Type{}, err
	}
	if typ.Digest != "" && typ.Digest != app.Digest {
		app.Digest = typ.Digest
		tx.Answer("newer", typ.Version)
	}
	return tx.Type(app.Digest)
}

// Stored is a document that was looked at, re-rendered, sealed and written before the act begins.
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
	Blob    string   `json:"blob"`
	Views   []string `json:"views"`
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
	agreed, err := records.Consented(tx.DB, tx.By.ID, "identity", AgreementVersion)
	if err != nil {
		return err
	}
	if !agreed {
		return flow.Refuse("identity_consent_needed")
	}
	kept, err := records.Documents(tx.DB, app.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, d := range kept {
		switch {
		case d.ID == in.Replace && d.Slot == in.Slot:
			tx.remove(app, d)
		case d.Slot == in.Slot && d.Mark == in.Mark:
			tx.Answer("id", d.ID)
			tx.After(func() { tx.Desk.DropBlobs(append(in.Views, in.Blob)) })
			return nil
		case d.Slot == in.Slot:
			n++
		}
	}
	if n >= max(1, slot.Files) {
		return flow.Refuse("slot_full")
	}
	d := in.row(tx)
	d.Application, d.Slot = app.ID, in.Slot
	if slot.DayCode {
		d.DayCode = tx.Desk.DayCode(app, tx.Today())
	}
	d.Name = tx.Seal(app.Key(), "documents.name "+d.ID, in.Name)
	tx.Insert(d)
	app.Place = "slot/" + in.Slot
	tx.Update(app)
	tx.Answer("id", d.ID)
	return nil
}}

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
	app.Place = "slot/" + d.Slot
	tx.Update(app)
	tx.remove(app, d)
	return nil
}}

func (tx *Tx) remove(_ *records.Application, d *records.Document) {
	blobs := append(records.List(d.Views), d.Blob)
	d.State, d.Blob, d.Views = flow.Closed, "", ""
	tx.Update(d)
	tx.After(func() { tx.Desk.DropBlobs(blobs) })
}

// DropBlobs deletes stored bytes that nothing refers to any more.
func (d *Desk) DropBlobs(names []string) {
	for _, n := range names {
		if err := d.Blobs.Delete(n); err != nil && !errors.Is(err, vault.ErrBlobMissing) {
			d.Log.Error("blob not deleted", "blob", n, "error", err)
		}
	}
}

// Discard throws a draft away, its documents with it.
var Discard = Act[*records.Application, struct{}]{flow.Discard, func(tx *Tx, app *records.Application, _ struct{}) error {
	kept, err := records.Documents(tx.DB, app.ID)
	if err != nil {
		return err
	}
	for _, d := range kept {
		tx.remove(app, d)
	}
	app.Answers, app.Name, app.ClosedAt = "", "", tx.Stamp()
	tx.Update(app)
	return nil
}}

// Submission is the applicant's declaration that all is true.
type Submission struct {
	Declared bool `json:"declared"`
}

// Submit hands the case in: complete, declared, no cool-down running. It gets its reference and its deadline, the
// persons in it are indexed, the type's check is queued, and the review task is made and assigned at once.
var Submit = Act[*records.Application, Submission]{flow.Submit, func(tx *Tx, app *records.Application, in Submission) error {
	if !in.Declared {
		return flow.Refuse("declaration_needed")
	}
	t, err := tx.newest(app)
	if err != nil {
		return err
	}
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	if err := tx.complete(app, t, a); err != nil {
		return err
	}
	cool, err := tx.Desk.CoolDown(tx.DB, app.Holder, app.Type, tx.Settings, tx.Today())
	if err != nil {
		return err
	}
	if app.Kind == "new" && !cool.Now() {
		return flow.Refuse("cool_down", string(cool.Until))
	}
	n, err := tx.Number("R-" + year(tx.Today()))
	if err != nil {
		return err
	}
	app.Ref, app.SubmittedAt = flow.Number("R", tx.Year(), n), tx.Stamp()
	app.DueOn = string(tx.Desk.Calendar.Add(tx.Today(), t.ReviewDays))
	app.RemindOn = string(tx.Desk.Calendar.Add(tx.Today(), max(1, t.ReviewDays-2)))
	app.Checked = "waiting"
	tx.Update(app)
	if err := tx.index(app, t, a); err != nil {
		return err
	}
	if err := tx.queueCheck(app); err != nil {
		return err
	}
	tx.Answer("ref", app.Ref)
	if err := tx.TellCase(app, "submitted", Words{"due": app.DueOn, "type": t.Name.In(app.Lang)}); err != nil {
		return err
	}
	return Follow(tx, Assign, app, Handed{})
}}

func (tx *Tx) complete(app *records.Application, t sdk.Type, a sdk.Answers) error {
	kept, err := records.Documents(tx.DB, app.ID)
	if err != nil {
		return err
	}
	have := map[string]int{}
	for _, d := range kept {
		have[d.Slot]++
	}
	if problems := check.Form(t, a, have, app.AttestedBy != "", string(tx.Today())); len(problems) > 0 {
		return &Problems{problems}
	}
	return nil
}

// index enters everybody named in the case into the blind index, and the holder's name and number into the holder's row.
func (tx *Tx) index(app *records.Application, t sdk.Type, a sdk.Answers) error {
	var blinds []string
	enter := func(kind, blind string) {
		if blind != "" {
			blinds = append(blinds, blind)
			tx.Insert(&records.Person{Head: records.Head{State: flow.Active}, Application: app.ID, Kind: kind, Blind: blind})
		}
	}
	for i, p := range t.Persons {
		name, id := tx.Desk.BlindName(a[p.Name]), tx.Desk.BlindID(a[p.ID])
		enter("name", name)
		enter("id", id)
		if h := app.HolderRow(); i == 0 && (h.NameBlind != name || h.IDBlind != id) {
			h.NameBlind, h.IDBlind = name, id
			h.Name = tx.Seal(h.Key(), "holders.name "+h.ID, a[t.HolderName])
			tx.Update(h)
		}
	}
	for _, p := range t.Pages {
		for _, q := range p.Questions {
			if q.Kind == sdk.KindPhone {
				enter("phone", tx.Desk.BlindPhone(a[q.ID]))
			}
		}
	}
	acc, err := records.Load[*records.Applicant](tx.DB, app.Applicant)
	if err != nil {
		return err
	}
	enter("phone", acc.PhoneBlind)
	app.SetPersons(blinds)
	return nil
}

// CoolDown reckons from recent outcomes of this holder and type when one may apply again.
func (d *Desk) CoolDown(db dbx.Builder, holder, typ string, desk *records.Desk, today flow.Day) (flow.CoolDown, error) {
	past, err := records.All[*records.Application](db, dbx.And(dbx.HashExp{"holder": holder, "type": typ}, dbx.Not(dbx.HashExp{"kind": "recheck"}),
		dbx.In("state", "rejected", "withdrawn", "approved", "lapsed")), "closed_at")
	if err != nil {
		return flow.CoolDown{}, err
	}
	var all []flow.PastOutcome
	for _, p := range past {
		o := flow.PastOutcome{On: flow.DayOf(records.Moment(p.ClosedAt), d.Zone(desk)), Result: p.State}
		switch {
		case p.Never:
			o.AfterDays = -1
		case p.AgainOn != "":
			o.AfterDays = flow.Day(p.AgainOn).Sub(o.On)
		}
		all = append(all, o)
	}
	return flow.CoolDownOf(all, today), nil
}

// Withdraw takes a submitted case back; it is no result and starts no cool-down. A re-check is the desk's own case, and
// nobody else's to take back.
var Withdraw = Act[*records.Application, struct{}]{flow.Withdraw, func(tx *Tx, app *records.Application, _ struct{}) error {
	if app.Kind == "recheck" {
		return flow.Refuse("not_now", string(flow.Withdraw), app.Kind)
	}
	if err := tx.endTask(app, "withdrawn"); err != nil {
		return err
	}
	app.ClosedAt, app.ReleaseAt = tx.Stamp(), ""
	tx.Update(app)
	return tx.TellCase(app, "withdrawn", nil)
}}

func normalID(raw string, today time.Time) (string, error) {
	id, err := sdk.ParseResidentID(raw, today)
	if err != nil {
		return "", flow.Refuse("id_wrong")
	}
	return id.Number, nil
}
