package command

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// Erasing: the key of a case or of a holder is destroyed, and in the same act every sealed text, blind index and document of theirs
// goes from the rows. Rows, states and days stay, and with them the figures and the record, which verifies as before.
//
// The names of destroyed keys stay in keys.db, apart from the data: that is the list by which a copy of before is erased again when
// it is put back. The key goes right after the act is committed, and again at the next sweep if the desk died in between.

// PlanErasure reckons until when a closed case is kept: from the day on which it was over, and so was its certificate.
var PlanErasure = Act[*records.Application, struct{}]{flow.PlanErasure, func(tx *Tx, app *records.Application, _ struct{}) error {
	over := flow.DayOf(records.Moment(app.ClosedAt), tx.Desk.location(tx.Settings.Zone))
	made, err := records.All[*records.Certificate](tx.DB, dbx.HashExp{"application": app.ID})
	if err != nil {
		return err
	}
	for _, c := range made {
		switch c.State {
		case flow.Valid, flow.Suspended:
			return flow.Refuse("erase_certificate")
		case flow.Expired:
			over = max(over, flow.Day(c.ExpiresOn))
		default:
			over = tx.Today() // revoked or replaced since this was looked at last, the day before
		}
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	app.KeptFrom, app.EraseOn = app.ClosedAt, string(flow.KeptUntil(over, t.Retention))
	tx.Update(app)
	tx.Because(app.EraseOn)
	return nil
}}

// Erase erases a case whose time is over and whose erasure a manager has agreed to.
var Erase = Act[*records.Application, struct{}]{flow.Erase, func(tx *Tx, app *records.Application, _ struct{}) error {
	if err := tx.mayErase(app); err != nil {
		return err
	}
	if app.EraseOn == "" || app.EraseOn > string(tx.Today()) || app.EraseOn > tx.Settings.EraseUntil {
		return flow.Refuse("erase_not_yet", app.EraseOn)
	}
	if refs, err := tx.carried(app); err != nil || len(refs) > 0 {
		return orRefuse(err, "erase_carried", strings.Join(refs, " "))
	}
	tx.Because("kept until " + app.EraseOn)
	if err := tx.eraseCase(app); err != nil {
		return err
	}
	return tx.forgetHolder(app)
}}

// Erasing says on whose request. It is a word that stays on record: a sentence about somebody could not.
type Erasing struct {
	Asked string `json:"asked"` // of flow.EraseAsked
}

// EraseHolder erases everything about a holder, on their request or that of whoever may speak for them. Refused with asked_needed.
var EraseHolder = Act[*records.Holder, Erasing]{flow.Erase, func(tx *Tx, h *records.Holder, in Erasing) error {
	if !slices.Contains(flow.EraseAsked, in.Asked) {
		return flow.Refuse("asked_needed")
	}
	apps, err := tx.keptCases(h)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if err := tx.mayErase(app); err != nil {
			return err
		}
	}
	if live, err := records.Count(tx.DB, "certificates", dbx.And(dbx.HashExp{"holder": h.ID}, dbx.In("state", "valid", "suspended"))); err != nil || live > 0 {
		return orRefuse(err, "erase_certificate")
	}
	tx.Because(in.Asked)
	for _, app := range apps {
		if err := tx.eraseCase(app); err != nil {
			return err
		}
	}
	return tx.eraseHolder(h)
}}

// LegalHold keeps a case from being erased as long as it stands; LiftHold ends it. Why is on record, sealed.
var (
	LegalHold = Act[*records.Application, Reasoned]{flow.LegalHold, holding(true)}
	LiftHold  = Act[*records.Application, Reasoned]{flow.LiftHold, holding(false)}
)

func holding(on bool) func(*Tx, *records.Application, Reasoned) error {
	return func(tx *Tx, app *records.Application, in Reasoned) error {
		if err := flow.CheckReason(in.Reason); err != nil {
			return err
		}
		switch {
		case app.ErasedAt != "":
			return flow.Refuse("erased")
		case app.LegalHold == on:
			return flow.Refuse(map[bool]string{true: "held_already", false: "not_held"}[on])
		}
		tx.Said(in.Reason)
		app.LegalHold = on
		tx.Update(app)
		return nil
	}
}

// Agreed says up to which day a manager has seen what would be erased, and how many cases that were.
type Agreed struct {
	Until string `json:"until"`
	Cases int    `json:"cases"`
}

// DueToErase is the condition on cases that are erased on a day, or should have been.
func DueToErase(until string) dbx.Expression {
	return dbx.And(dbx.NewExp("erase_on<>'' AND erase_on<={:until} AND erased_at='' AND legal_hold=FALSE", dbx.Params{"until": until}), dbx.In("state", closedStates()...))
}

func closedStates() []any {
	all := make([]any, len(flow.ClosedStates))
	for i, s := range flow.ClosedStates {
		all[i] = string(s)
	}
	return all
}

// AgreeErasure lets the desk erase the cases that a manager has been shown. If they are others by now, it is refused: look again.
var AgreeErasure = Act[*records.Desk, Agreed]{flow.AgreeErasure, func(tx *Tx, d *records.Desk, in Agreed) error {
	if day := flow.Day(in.Until); !day.Valid() || tx.Today().Before(day) {
		return flow.Refuse("day_wrong")
	}
	n, err := records.Count(tx.DB, "applications", DueToErase(in.Until))
	if err != nil {
		return err
	}
	if n != in.Cases || n == 0 {
		return flow.Refuse("erase_others", strconv.Itoa(n))
	}
	d.EraseUntil = max(d.EraseUntil, in.Until)
	tx.Update(d)
	tx.Because(strconv.Itoa(n) + " cases until " + in.Until)
	return nil
}}

func (tx *Tx) held(app *records.Application) (flow.Keeping, error) {
	live, err := records.Count(tx.DB, "certificates", dbx.And(dbx.HashExp{"application": app.ID}, dbx.In("state", "valid", "suspended")))
	return flow.Keeping{State: app.State, LegalHold: app.LegalHold, Erased: app.ErasedAt != "", Certificate: live > 0}, err
}

// carried names the cases that still show documents which were handed in with this one: they are sealed with its key.
func (tx *Tx) carried(app *records.Application) (refs []string, err error) {
	err = tx.DB.Select("ref").From("applications").Where(dbx.NewExp("id<>{:app} AND id IN (SELECT application FROM documents WHERE origin={:app} AND state='kept')", dbx.Params{"app": app.ID})).Column(&refs)
	return refs, err
}

func (tx *Tx) mayErase(app *records.Application) error {
	h, err := tx.held(app)
	return errors.Join(err, flow.MayErase(h))
}

func (tx *Tx) keptCases(h *records.Holder) ([]*records.Application, error) {
	return records.All[*records.Application](tx.DB, dbx.HashExp{"holder": h.ID, "erased_at": ""})
}

// eraseCase empties a case and all rows about it. Its key goes once the act is committed.
func (tx *Tx) eraseCase(app *records.Application) error {
	if err := tx.emptyAll("application", app.ID); err != nil {
		return err
	}
	records.EmptySealed(app)
	app.VisitCode, app.ErasedAt, app.EraseOn = "", tx.Stamp(), ""
	tx.Update(app)
	tx.forget(flow.NounApplication, app.ID)
	tx.destroy(app.Key())
	return nil
}

// eraseHolder empties a holder, the certificates, and whatever else names them.
func (tx *Tx) eraseHolder(h *records.Holder) error {
	if err := tx.emptyAll("holder", h.ID); err != nil {
		return err
	}
	if err := tx.emptyAll("person", h.ID); err != nil { // what was sent to their own phone
		return err
	}
	if err := tx.forgetCodes(h); err != nil {
		return err
	}
	if err := tx.closeUnreachable(h); err != nil {
		return err
	}
	records.EmptySealed(h)
	h.NameBlind, h.IDBlind, h.PhoneBlind, h.State = "", "", "", flow.Erased
	tx.Update(h)
	tx.forget(flow.NounHolder, h.ID)
	tx.destroy(h.Key())
	return nil
}

// closeUnreachable closes the account that was made for a holder alone and that nobody can sign in to, at the counter or with a register
// of before: the number by which the holder can be rung is kept there.
func (tx *Tx) closeUnreachable(h *records.Holder) error {
	made, err := records.All[*records.Applicant](tx.DB, dbx.And(dbx.HashExp{"id": h.Owner, "email": "", "phone_ok": false, "state": string(flow.Active)},
		dbx.NewExp("NOT EXISTS (SELECT 1 FROM holders o WHERE o.owner=applicants.id AND o.id<>{:holder} AND o.state<>'erased')", dbx.Params{"holder": h.ID})))
	if err != nil {
		return err
	}
	for _, a := range made {
		if a = tx.noted(a).(*records.Applicant); a.State == flow.Closed {
			continue
		}
		a.State = flow.Closed
		tx.emptyAccount(a)
		tx.forget(flow.NounApplicant, a.ID)
		tx.destroy("account-" + a.ID)
		if err := tx.emptyAll("person", a.ID); err != nil {
			return err
		}
	}
	return nil
}

// emptyAll empties every row that names a row in this column. A case has a key and an erasure of its own.
func (tx *Tx) emptyAll(column, id string) error {
	about, err := records.Naming(tx.DB, column, id)
	if err != nil {
		return err
	}
	for _, row := range about {
		row = tx.noted(row)
		switch r := row.(type) {
		case *records.Application:
			continue
		case *records.Recovery:
			tx.forget(flow.NounRecovery, r.ID)
		case *records.Certificate:
			if column == "holder" {
				tx.forget(flow.NounCertificate, r.ID)
				if err := tx.emptyAll("certificate", r.ID); err != nil {
					return err
				}
			} else {
				continue // of a case that is erased: it stands for the holder
			}
		}
		if err := tx.empty(row); err != nil {
			return err
		}
	}
	return nil
}

// noted is the row as this act has changed it already, if it has.
func (tx *Tx) noted(row records.Row) records.Row {
	for _, e := range tx.effects {
		if e.row.Table() == row.Table() && e.row.Header().ID == row.Header().ID {
			return e.row
		}
	}
	return row
}

// empty takes from a row what is sealed in it and by what it could be found; a sanction is found by its blind indexes as before.
func (tx *Tx) empty(row records.Row) error {
	changed := records.EmptySealed(row)
	switch r := row.(type) {
	case *records.Person:
		if r.Blind == "" {
			return nil
		}
		r.Blind, changed = "", true
	case *records.Document:
		shared, err := records.Count(tx.DB, "documents", dbx.And(dbx.HashExp{"blob": r.Blob, "state": string(flow.Kept)}, dbx.NewExp("id<>{:id}", dbx.Params{"id": r.ID})))
		if err != nil {
			return err
		}
		if blobs := append(records.List(r.Views), r.Blob); r.Blob != "" && shared == 0 { // what is shared goes with its last row, or by the sweep
			tx.After(func() { tx.Desk.DropBlobs(blobs) })
		}
		r.Blob, r.Views, r.Mark, r.State, changed = "", "", "", flow.Erased, true
	case *records.Message:
		if r.State == flow.Queued || r.State == flow.Held || r.State == flow.Ring {
			r.State, r.LeaseUntil, changed = flow.Discarded, "", true
		}
	case *records.Recovery: // there is nothing left to give back
		if r.State == flow.Open || r.State == flow.Pending {
			r.State, r.DueOn, r.EndedAt, changed = flow.Withdrawn, "", tx.Stamp(), true
		}
	}
	if changed {
		tx.Update(row)
	}
	return nil
}

// forgetCodes takes from codes that were sent to a holder's own phone where they went.
func (tx *Tx) forgetCodes(h *records.Holder) error {
	phone, err := tx.Desk.HolderPhone(h)
	if err != nil || phone == "" {
		return err
	}
	sent, err := records.All[*records.Code](tx.DB, dbx.HashExp{"contact": tx.Desk.Vault.Blind("contact", "sms "+phone)})
	for _, c := range sent {
		c.Contact, c.Payload = "", ""
		tx.Update(c)
	}
	return err
}

// forget has the personal part of the entries about a row emptied with the act.
func (tx *Tx) forget(noun flow.Noun, id string) {
	tx.forgotten = append(tx.forgotten, [2]string{string(noun), id})
}

// destroy has a key destroyed once the act is committed.
func (tx *Tx) destroy(key string) {
	tx.After(func() {
		if err := tx.Desk.Vault.DestroyKey(key); err != nil {
			tx.Desk.Log.Error("key not destroyed yet", "key", key, "error", err)
		}
	})
}

// emptyEntries empties the personal part of the entries about rows that are erased.
func (tx *Tx) emptyEntries() error {
	for _, f := range tx.forgotten {
		if _, err := ledger.Erase(tx.DB, f[0], f[1]); err != nil {
			return err
		}
	}
	return nil
}

// forgetHolder erases the holder of a case that was erased, if nothing else is kept about them and nobody acts for them any more.
func (tx *Tx) forgetHolder(app *records.Application) error {
	h := app.HolderRow()
	left, err := records.Count(tx.DB, "applications", dbx.And(dbx.HashExp{"holder": h.ID, "erased_at": ""}, dbx.NewExp("id<>{:app}", dbx.Params{"app": app.ID})))
	if err != nil || left > 0 || h.State == flow.Erased {
		return err
	}
	live, err := records.Count(tx.DB, "certificates", dbx.And(dbx.HashExp{"holder": h.ID}, dbx.In("state", "valid", "suspended")))
	if err != nil || live > 0 {
		return err
	}
	for _, m := range h.Members() {
		a, err := tx.account(m.Applicant)
		if err != nil {
			return err
		}
		if a.State != flow.Closed {
			return nil
		}
	}
	return tx.eraseHolder(h)
}
