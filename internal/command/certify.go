package command

import (
	"crypto/rand"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Issue makes the certificate of an approved case, once; a re-check has none to make. A renewal supersedes the certificate that it renews, in the same
// transaction.
var Issue = Act[*records.Application, struct{}]{flow.Issue, func(tx *Tx, app *records.Application, _ struct{}) error {
	had, err := records.Count(tx.DB, "certificates", dbx.HashExp{"application": app.ID})
	if err != nil {
		return err
	}
	if had > 0 || app.Kind == "recheck" {
		return flow.Refuse("not_now", string(flow.Issue), string(app.State))
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	a, err := tx.Desk.Answers(app)
	if err != nil {
		return err
	}
	n, err := tx.Number("C-" + year(tx.Today()))
	if err != nil {
		return err
	}
	c := &records.Certificate{Type: app.Type, Digest: app.Digest, Holder: app.Holder, Application: app.ID, Lang: app.Lang, Shows: "masked"}
	if app.HolderRow().Kind == string(sdk.HolderInstitution) {
		c.Shows = "full"
	}
	c.ID, c.State = records.NewID(), flow.Valid
	c.Number, c.Code = flow.Number("C", tx.Year(), n), flow.NewCode(rand.Reader)
	from := tx.Today()
	if err := tx.supersede(app, c, &from); err != nil {
		return err
	}
	c.ValidFrom, c.ExpiresOn = string(from), string(flow.Expires(from, t.Validity))
	if app.Certificate != "" {
		c.ValidFrom = string(tx.Today())
	}
	if t.Recheck.EveryMonths > 0 {
		c.RecheckOn = string(flow.NextRecheck(tx.Today(), t.Recheck.EveryMonths))
	}
	c.WarnOn = string(flow.NextNotice(flow.Day(c.ExpiresOn), t.Recheck.NoticeDays, 0))
	tx.sealCertificate(c, t, a)
	tx.Insert(c)
	tx.Answer("certificate", c.ID)
	return tx.TellCase(app, "certificate_issued", Words{"number": c.Number, "until": c.ExpiresOn, "type": t.Name.In(app.Lang)})
}}

func (tx *Tx) sealCertificate(c *records.Certificate, t sdk.Type, a sdk.Answers) {
	seal := func(column, s string) string { return tx.Seal(c.Key(), "certificates."+column+" "+c.ID, s) }
	c.Name, c.Latin = seal("name", a[t.HolderName]), seal("latin", a[t.LatinName])
	if len(t.Persons) > 0 {
		if id := a[t.Persons[0].ID]; len(id) > 4 {
			c.IDTail = seal("id_tail", id[len(id)-4:])
		}
	}
}

// supersede ends the certificate that a renewal renews. The new one runs on from the day after the old one, so that
// renewing early costs no time.
func (tx *Tx) supersede(app *records.Application, c *records.Certificate, from *flow.Day) error {
	if app.Certificate == "" {
		return nil
	}
	old, err := records.Load[*records.Certificate](tx.DB, app.Certificate)
	if err != nil {
		return err
	}
	if tx.Today().Before(flow.Day(old.ExpiresOn)) {
		*from = flow.Day(old.ExpiresOn).AddDays(1)
	}
	if old.State == flow.Revoked || old.State == flow.Superseded {
		return flow.Refuse("not_now", string(flow.Issue), string(old.State))
	}
	return Follow(tx, Act[*records.Certificate, struct{}]{flow.Issue, func(tx *Tx, old *records.Certificate, _ struct{}) error {
		old.SupersededBy, old.WarnOn, old.RecheckOn = c.ID, "", ""
		tx.Update(old)
		return nil
	}}, old, struct{}{})
}

// Showing is what the public page shows of the holder's name.
type Showing struct {
	Shows string `json:"shows"` // full, masked or none
}

// ShowPublicly sets it.
var ShowPublicly = Act[*records.Certificate, Showing]{flow.ShowPublicly, func(tx *Tx, c *records.Certificate, in Showing) error {
	if !slices.Contains([]string{"full", "masked", "none"}, in.Shows) {
		return flow.Refuse("showing_unknown")
	}
	c.Shows = in.Shows
	tx.Update(c)
	return nil
}}

// Reasoned is an act that needs a reason in words.
type Reasoned struct {
	Reason string `json:"reason"`
}

func standing(notice string) func(*Tx, *records.Certificate, Reasoned) error {
	return func(tx *Tx, c *records.Certificate, in Reasoned) error {
		if n := len([]rune(in.Reason)); n < 2 || n > 500 {
			return flow.Refuse("reason_needed")
		}
		tx.Said(in.Reason)
		c.Reason = tx.Seal(c.Key(), "certificates.reason "+c.ID, in.Reason)
		tx.Update(c)
		return tx.TellCertificate(c, notice, Words{"reason": in.Reason})
	}
}

// Suspend, Reinstate and Revoke change what a certificate is worth, with a reason, at once.
var (
	Suspend   = Act[*records.Certificate, Reasoned]{flow.Suspend, standing("certificate_suspended")}
	Reinstate = Act[*records.Certificate, Reasoned]{flow.Reinstate, standing("certificate_reinstated")}
	Revoke    = Act[*records.Certificate, Reasoned]{flow.Revoke, standing("certificate_revoked")}
)

// CertificatesOf reads the certificates of a holder, newest first.
func CertificatesOf(db dbx.Builder, holder string) ([]*records.Certificate, error) {
	return records.All[*records.Certificate](db, dbx.HashExp{"holder": holder}, "made DESC")
}
