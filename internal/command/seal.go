package command

import (
	"encoding/json"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Sealing what people entrust to us: one key per case and one per holder, "desk" for the rest. The context binds a sealed
// value to its table, column and row, so that it cannot be moved elsewhere.

const deskKey = "desk"

// Seal seals a text; an empty one stays empty. A key that cannot be made fails the act when it is closed.
func (tx *Tx) Seal(key, context, plain string) string {
	if plain == "" {
		return ""
	}
	sealed, err := tx.Desk.Vault.Seal(key, context, []byte(plain))
	if err != nil {
		tx.failed = err
	}
	return sealed
}

// Unseal opens a text; an empty one stays empty.
func (tx *Tx) Unseal(key, context, sealed string) (string, error) {
	return tx.Desk.Open(key, context, sealed)
}

// Open opens a sealed text outside a transaction.
func (d *Desk) Open(key, context, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	plain, err := d.Vault.Unseal(key, context, sealed)
	return string(plain), err
}

// NewKey makes a key before anything refers to it.
func (tx *Tx) NewKey(id string) error { return tx.Desk.Vault.NewKey(id) }

// Answers opens the answers of a case.
func (d *Desk) Answers(app *records.Application) (sdk.Answers, error) {
	raw, err := d.Open(app.Key(), "applications.answers "+app.ID, app.Answers)
	if err != nil || raw == "" {
		return sdk.Answers{}, err
	}
	var a sdk.Answers
	return a, json.Unmarshal([]byte(raw), &a)
}

func (tx *Tx) sealAnswers(app *records.Application, t sdk.Type, a sdk.Answers) {
	raw, _ := json.Marshal(a)
	app.Answers = tx.Seal(app.Key(), "applications.answers "+app.ID, string(raw))
	app.Name = tx.Seal(app.Key(), "applications.name "+app.ID, a[t.HolderName])
}

// CaseName opens the holder's name as answered in a case.
func (d *Desk) CaseName(app *records.Listed) (string, error) {
	return d.Open(app.Key(), "applications.name "+app.ID, app.Name)
}

// HolderName opens a holder's name.
func (d *Desk) HolderName(h *records.Holder) (string, error) {
	return d.Open(h.Key(), "holders.name "+h.ID, h.Name)
}

// HolderPhone opens a holder's own phone.
func (d *Desk) HolderPhone(h *records.Holder) (string, error) {
	return d.Open(h.Key(), "holders.phone "+h.ID, h.Phone)
}

// AccountPhone opens an account's phone.
func (d *Desk) AccountPhone(a *records.Applicant) (string, error) {
	return d.Open(deskKey, "applicants.phone "+a.ID, a.Phone)
}

// CertificateText opens the sealed texts of a certificate.
func (d *Desk) CertificateText(c *records.Certificate) (name, latin, tail, reason string, err error) {
	for _, f := range []struct {
		to     *string
		column string
		sealed string
	}{{&name, "name", c.Name}, {&latin, "latin", c.Latin}, {&tail, "id_tail", c.IDTail}, {&reason, "reason", c.Reason}} {
		if *f.to, err = d.Open(c.Key(), "certificates."+f.column+" "+c.ID, f.sealed); err != nil {
			return
		}
	}
	return
}

// BlindName, BlindID and BlindPhone are how names and numbers are found without being readable.
func (d *Desk) BlindName(name string) string   { return d.blind("name", name) }
func (d *Desk) BlindID(id string) string       { return d.blind("id", id) }
func (d *Desk) BlindPhone(phone string) string { return d.blind("phone", phone) }

func (d *Desk) blind(kind, s string) string {
	if s == "" {
		return ""
	}
	return d.Vault.Blind(kind, s)
}

// normalContact brings an address into the one form that is kept and compared.
func normalContact(channel, raw string) (string, error) {
	switch channel {
	case "mail":
		to, err := sdk.NormalEmail(raw)
		if err != nil {
			return "", flow.Refuse("email_wrong")
		}
		return to, nil
	case "sms":
		to, err := sdk.NormalPhone(raw)
		if err != nil {
			return "", flow.Refuse("phone_wrong")
		}
		return to, nil
	}
	return "", flow.Refuse("channel_unknown")
}

// Said opens what a person gave as the reason of an entry.
func (d *Desk) Said(e ledger.Entry) string {
	text, err := d.Open(deskKey, "ledger.payload "+e.Target, string(e.Payload))
	if err != nil || text == "" {
		return e.Reason
	}
	return text
}
