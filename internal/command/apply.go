package command

import (
	"fmt"
	"slices"
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
	From string `json:"from,omitempty"` // an earlier application that it starts from

	id       string   // of the draft, and what was copied for it
	evidence []Stored // under its key, before the act began
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
	if in.From != "" && in.id != "" {
		return tx.startFrom(app, h, t, in)
	}
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
	if app.State = flow.Draft; app.ID == "" {
		app.ID = records.NewID()
	}
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
	if err := tx.asks(app, t, a, in.Page, ""); err != nil {
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
	if app.Kind == "change" && app.Changes == "" {
		return flow.Refuse("nothing_changed")
	}
	if err := tx.complete(app, t, a); err != nil {
		return err
	}
	number := ""
	if len(t.Persons) > 0 {
		number = tx.Desk.BlindID(a[t.Persons[0].ID]) // the holder's row does not have it yet
	}
	cool, err := tx.Desk.CoolDownFor(tx.DB, app, tx.Settings, tx.Today(), number)
	if err != nil {
		return err
	}
	if cool.Rule == flow.RuleBlocked {
		return flow.Refuse("blocked", string(cool.Until))
	}
	if !cool.Now() {
		return flow.Refuse("cool_down", string(cool.Until))
	}
	n, err := tx.Number("R-" + year(tx.Today()))
	if err != nil {
		return err
	}
	app.Ref, app.SubmittedAt = flow.Number("R", tx.Year(), n), tx.Stamp()
	tx.schedule(app, t)
	app.Checked = "waiting"
	tx.Update(app)
	if err := tx.index(app, t, a); err != nil {
		return err
	}
	tx.newCheck(app)
	tx.Answer("ref", app.Ref)
	notice := "submitted"
	if app.TakenBy != "" {
		notice = "taken_by_counter"
	}
	if err := tx.TellCase(app, notice, Words{"due": app.DueOn, "type": t.Name.In(app.Lang)}); err != nil {
		return err
	}
	return Follow(tx, Assign, app, Handed{fresh: true})
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

// index enters everybody named in the case into the blind index, and the holder's name and number into the holder's row. Who
// was named before stays in it.
func (tx *Tx) index(app *records.Application, t sdk.Type, a sdk.Answers) error {
	blinds := slices.Clone(app.Persons())
	enter := func(kind, blind string) {
		if blind != "" && !slices.Contains(blinds, blind) {
			blinds = append(blinds, blind)
			tx.Insert(&records.Person{Head: records.Head{State: flow.Active}, Application: app.ID, Kind: kind, Blind: blind})
		}
	}
	for i, p := range t.Persons {
		name, id := tx.Desk.BlindName(a[p.Name]), tx.Desk.BlindID(a[p.ID])
		enter("name", name)
		enter("id", id)
		if i == 0 && app.Kind != "change" { // what has changed is the holder's once it is approved
			tx.nameHolder(app.HolderRow(), name, id, a[t.HolderName])
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

// nameHolder keeps name and number in the holder's row, where they are others than before.
func (tx *Tx) nameHolder(h *records.Holder, nameBlind, idBlind, name string) {
	if h.NameBlind == nameBlind && h.IDBlind == idBlind {
		return
	}
	h.NameBlind, h.IDBlind = nameBlind, idBlind
	h.Name = tx.Seal(h.Key(), "holders.name "+h.ID, name)
	tx.Update(h)
}

// CoolDownFor reckons when a draft may be submitted: a new application by all that came before it and by sanctions on the holder or
// on whoever has one of the numbers, a change by the changes of the same certificate, a renewal at once unless a sanction blocks it.
func (d *Desk) CoolDownFor(db dbx.Builder, app *records.Application, desk *records.Desk, today flow.Day, numbers ...string) (flow.CoolDown, error) {
	if app.Kind == "change" {
		all, err := d.outcomes(db, dbx.HashExp{"certificate": app.Certificate, "kind": "change"}, desk)
		return flow.CoolDownOf(all, today), err
	}
	on, err := sanctionsOn(db, app.Holder, numbers...)
	if err != nil || app.Kind != "new" {
		return flow.Blocked(flow.CoolDown{}, on, today), err
	}
	all, err := d.outcomes(db, ofType(app.Holder, app.Type), desk)
	return flow.CoolDownUnder(all, on, today), err
}

// CoolDown reckons from recent outcomes of this holder and type when one may apply again.
func (d *Desk) CoolDown(db dbx.Builder, holder, typ string, desk *records.Desk, today flow.Day) (flow.CoolDown, error) {
	return d.CoolDownFor(db, &records.Application{Kind: "new", Holder: holder, Type: typ}, desk, today)
}

// ofType are the applications that a cool-down for a type looks at.
func ofType(holder, typ string) dbx.Expression {
	return dbx.And(dbx.HashExp{"holder": holder, "type": typ}, dbx.Not(dbx.In("kind", "recheck", "change", "imported")))
}

// CoolDownAfter reckons what the cool-down would be if a case were not passed today for these reasons.
func (d *Desk) CoolDownAfter(db dbx.Builder, app *records.Application, reasons []sdk.Reason, desk *records.Desk, today flow.Day) (flow.CoolDown, error) {
	of := ofType(app.Holder, app.Type)
	if app.Kind == "change" {
		of = dbx.HashExp{"certificate": app.Certificate, "kind": "change"}
	}
	all, err := d.outcomes(db, of, desk)
	if err != nil {
		return flow.CoolDown{}, err
	}
	all = append(all, flow.PastOutcome{On: today, Result: flow.Rejected, AfterDays: flow.LongestWait(reasons), Malicious: app.Malicious})
	if app.Kind == "change" {
		return flow.CoolDownOf(all, today), nil
	}
	on, err := sanctionsOn(db, app.Holder)
	return flow.CoolDownUnder(all, on, today), err
}

// outcomes are how applications ended, as a cool-down looks at them.
func (d *Desk) outcomes(db dbx.Builder, of dbx.Expression, desk *records.Desk) (all []flow.PastOutcome, err error) {
	past, err := records.All[*records.Application](db, dbx.And(of, dbx.NewExp("state in ('rejected','withdrawn','approved','lapsed')")), "closed_at")
	if err != nil {
		return nil, err
	}
	for _, p := range past {
		o := flow.PastOutcome{On: flow.DayOf(records.Moment(p.ClosedAt), d.Zone(desk)), Result: p.State, Malicious: p.Malicious}
		switch {
		case p.Never:
			o.AfterDays = -1
		case p.AgainOn != "":
			o.AfterDays = flow.Day(p.AgainOn).Sub(o.On)
		}
		all = append(all, o)
	}
	return all, nil
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
	app.ClosedAt, app.ReleaseAt, app.HeldOn, app.HeldUntil = tx.Stamp(), "", "", ""
	if err := tx.endRound(app, flow.Withdrawn); err != nil {
		return err
	}
	if app.Proposer != "" {
		if _, err := tx.dropProposal(app, flow.Withdrawn); err != nil {
			return err
		}
	}
	return tx.TellCase(app, "withdrawn", nil)
}}

func normalID(raw string, today time.Time) (string, error) {
	id, err := sdk.ParseResidentID(raw, today)
	if err != nil {
		return "", flow.Refuse("id_wrong")
	}
	return id.Number, nil
}
