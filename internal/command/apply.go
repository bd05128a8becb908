package command

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
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
	acc, err := tx.account(app.Applicant)
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
