package command

import (
	"strings"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Serving somebody at the counter or on the phone: a colleague opens the application and fills in the same pages for them. Who
// takes a case never reviews it.

// Taking is somebody who is served. Phone is where they can be rung, if they have one; it opens no account, and an account that has
// this number is not touched.
type Taking struct {
	Type   string `json:"type"`
	Name   string `json:"name"`
	Phone  string `json:"phone,omitempty"`
	How    string `json:"how"`    // counter or phone
	Agreed bool   `json:"agreed"` // the privacy notice and the consent for identity documents were read out, and agreed to
	Lang   string `json:"lang"`
}

// Take opens an application for somebody without an account of their own: an account that nobody can sign in to, the holder, and
// the draft. Refused with taken_how, consent_needed, name_wrong, phone_wrong, type_not_open and wrong_holder.
var Take = Act[*records.Desk, Taking]{flow.Take, func(tx *Tx, _ *records.Desk, in Taking) error {
	if in.How != "counter" && in.How != "phone" {
		return flow.Refuse("taken_how")
	}
	if !in.Agreed {
		return flow.Refuse("consent_needed")
	}
	name, err := sdk.NormalName(in.Name)
	if err != nil {
		return flow.Refuse("name_wrong")
	}
	phone := ""
	if strings.TrimSpace(in.Phone) != "" {
		if phone, err = normalContact("sms", in.Phone); err != nil {
			return err
		}
	}
	typ, t, err := tx.openType(in.Type)
	if err != nil {
		return err
	}
	h := &records.Holder{Kind: string(sdk.HolderPerson), Own: true, How: in.How, AgreedAt: tx.Stamp()}
	h.ID, h.State = records.NewID(), flow.Active
	if !holds(t, h) {
		return flow.Refuse("institution_itself")
	}
	if in.Lang != "en" {
		in.Lang = "zh-Hans"
	}
	a := &records.Applicant{Lang: in.Lang}
	a.ID, a.State = records.NewID(), flow.Active
	a.Phone = tx.Seal(deskKey, "applicants.phone "+a.ID, phone)
	tx.Insert(a)
	for _, kind := range []string{"privacy", "identity"} {
		c := &records.Consent{Applicant: a.ID, Kind: kind, Version: AgreementVersion, How: in.How}
		c.State = flow.Active
		tx.Insert(c)
	}
	if err := tx.NewKey(h.Key()); err != nil {
		return err
	}
	h.Owner = a.ID
	h.Name, h.NameBlind = tx.Seal(h.Key(), "holders.name "+h.ID, name), tx.Desk.BlindName(name)
	tx.Insert(h)
	tx.join(h, a.ID, "owner")
	tx.Because(in.How)
	app := &records.Application{Kind: "new", Type: in.Type, Digest: typ.Digest, Holder: h.ID, Applicant: a.ID, TakenBy: tx.By.ID, Lang: in.Lang}
	app.SetHolder(h)
	return tx.draft(app, t, sdk.Answers{t.HolderName: name})
}}

// agreeing is the account whose consent counts for a document: the one who adds it, or the one it is taken for.
func agreeing(by string, app *records.Application) string {
	if app.TakenBy == by {
		return app.Applicant
	}
	return by
}

// IdentityAgreed reports whether identity documents may be added to a case by this person.
func (d *Desk) IdentityAgreed(by string, app *records.Application) (bool, error) {
	return records.Consented(d.App.DB(), agreeing(by, app), "identity", AgreementVersion)
}
