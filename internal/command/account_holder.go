package command

// Whom an account acts for: oneself, somebody who agreed, an institution and its members.

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// NewHolder is somebody to act for.
type NewHolder struct {
	Kind  sdk.HolderKind `json:"kind"`
	Own   bool           `json:"own"`   // the person behind the account
	Name  string         `json:"name"`  // normal form
	Phone string         `json:"phone"` // the holder's own, normal form; empty: a sheet will be photographed
}

// AddHolder adds a holder. Oneself and one's institution are in force at once; anybody else has to agree first.
// There is one holder for oneself.
var AddHolder = Act[*records.Applicant, NewHolder]{flow.AddHolder, func(tx *Tx, a *records.Applicant, in NewHolder) error {
	h := &records.Holder{Kind: string(in.Kind), Owner: a.ID, Own: in.Own}
	h.ID, h.State = records.NewID(), flow.Active
	if in.Own {
		if n, err := records.Count(tx.DB, "holders", dbx.HashExp{"owner": a.ID, "own": true}); err != nil || n > 0 {
			return orRefuse(err, "already_holders")
		}
		h.How, h.AgreedAt = "self", tx.Stamp()
	}
	other := !in.Own && in.Kind == sdk.HolderPerson
	if other && in.Phone != "" && a.PhoneBlind != "" && tx.Desk.BlindPhone(in.Phone) == a.PhoneBlind {
		return flow.Refuse("phone_is_yours")
	}
	if err := tx.NewKey(h.Key()); err != nil {
		return err
	}
	h.Name, h.NameBlind = tx.Seal(h.Key(), "holders.name "+h.ID, in.Name), tx.Desk.BlindName(in.Name)
	h.Phone, h.PhoneBlind = tx.Seal(h.Key(), "holders.phone "+h.ID, in.Phone), tx.Desk.BlindPhone(in.Phone)
	role := "owner"
	if other {
		h.State, role = flow.Pending, ""
	}
	tx.Insert(h)
	if role != "" {
		tx.join(h, a.ID, role)
	}
	tx.Answer("id", h.ID)
	return nil
}}

// Given is how a holder agreed to be acted for.
type Given struct {
	How   string `json:"how"`             // code or sheet
	Phone string `json:"phone,omitempty"` // the holder's own, proved by the code
	Sheet Stored `json:"sheet"`           // the photographed sheet
}

// AgreeActing records that a holder agreed: by a code from the holder's own phone, or by a photographed sheet. Both are told.
var AgreeActing = Act[*records.Holder, Given]{flow.Consent, func(tx *Tx, h *records.Holder, in Given) error {
	switch {
	case in.How == "sheet" && in.Sheet.Blob != "":
		d := in.Sheet.row(tx)
		d.Holder, d.Slot = h.ID, "consent"
		tx.Insert(d)
		h.Sheet = d.ID
	case in.How == "code" && in.Phone != "":
		h.Phone, h.PhoneBlind = tx.Seal(h.Key(), "holders.phone "+h.ID, in.Phone), tx.Desk.BlindPhone(in.Phone)
	default:
		return flow.Refuse("consent_how")
	}
	h.How, h.AgreedAt = in.How, tx.Stamp()
	tx.Update(h)
	tx.join(h, h.Owner, "helper")
	c := &records.Consent{Applicant: h.Owner, Holder: h.ID, Kind: "acting", Version: AgreementVersion, How: in.How}
	c.State = flow.Active
	tx.Insert(c)
	return tx.tellBoth(h, "consent_given")
}}

// EndActing withdraws the consent to be acted for; the holder or the helper may. Both are told; drafts stay, nothing new
// can be started or submitted.
var EndActing = Act[*records.Holder, struct{}]{flow.WithdrawConsent, func(tx *Tx, h *records.Holder, _ struct{}) error {
	tx.Update(h)
	for _, m := range h.Members() {
		m.State = flow.Withdrawn
		tx.Update(m)
	}
	given, err := records.All[*records.Consent](tx.DB, dbx.HashExp{"holder": h.ID, "state": string(flow.Active)})
	if err != nil {
		return err
	}
	for _, c := range given {
		c.State, c.WithdrawnAt = flow.Withdrawn, tx.Stamp()
		tx.Update(c)
	}
	return tx.tellBoth(h, "consent_withdrawn")
}}

func (tx *Tx) tellBoth(h *records.Holder, notice string) error {
	name, err := tx.Desk.HolderName(h)
	if err != nil {
		return err
	}
	a, err := records.Load[*records.Applicant](tx.DB, h.Owner)
	if err != nil {
		return err
	}
	words := Words{"holder": flow.MaskName(name)}
	if err := tx.TellAccount(a, notice, words); err != nil {
		return err
	}
	return tx.TellHolder(h, a.Lang, notice, words)
}

// Membership is an account that is to act for an institution, found by its confirmed contact.
type Membership struct {
	Channel string `json:"channel"`
	Contact string `json:"contact"`
	Role    string `json:"role"` // owner or clerk
}

// AddMember lets another account act for an institution.
var AddMember = Act[*records.Holder, Membership]{flow.AddMember, func(tx *Tx, h *records.Holder, in Membership) error {
	if h.Kind != string(sdk.HolderInstitution) || in.Role != "owner" && in.Role != "clerk" {
		return flow.Refuse("not_an_institution")
	}
	to, err := normalContact(in.Channel, in.Contact)
	if err != nil {
		return err
	}
	a, err := FindAccount(tx.Desk, tx.DB, in.Channel, to)
	if err != nil {
		return flow.Refuse("no_such_account")
	}
	return tx.joinAgain(h, a.ID, in.Role)
}}

// join lets an account act for a holder for whom it never did.
func (tx *Tx) join(h *records.Holder, account, role string) {
	m := &records.Member{Holder: h.ID, Applicant: account, Role: role}
	m.State = flow.Active
	tx.Insert(m)
}

// joinAgain lets an account act for a holder, for whom it may have acted before: there is one row for both.
func (tx *Tx) joinAgain(h *records.Holder, account, role string) error {
	had, err := records.All[*records.Member](tx.DB, dbx.HashExp{"holder": h.ID, "applicant": account})
	if err != nil {
		return err
	}
	if len(had) == 0 {
		tx.join(h, account, role)
		return nil
	}
	had[0].State, had[0].Role = flow.Active, role
	tx.Update(had[0])
	return nil
}

// Leaving names a membership that ends.
type Leaving struct {
	Member string `json:"member"`
}

// RemoveMember ends a membership; the last owner stays.
var RemoveMember = Act[*records.Holder, Leaving]{flow.RemoveMember, func(tx *Tx, h *records.Holder, in Leaving) error {
	owners := len(h.Subject().Owners)
	for _, m := range h.Members() {
		if m.ID != in.Member {
			continue
		}
		if m.Role == "owner" && owners == 1 {
			return flow.Refuse("last_owner")
		}
		m.State = flow.Closed
		tx.Update(m)
		return nil
	}
	return records.ErrNotFound
}}
