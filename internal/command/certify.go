package command

import (
	"crypto/rand"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Issue makes the certificate of an approved case, once; a re-check has none to make. It supersedes what the holder had of the type, in the same
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
	c.ID = records.NewID()
	c.Number, c.Code = flow.Number("C", tx.Year(), n), flow.NewCode(rand.Reader)
	named, err := tx.supersede(app, c)
	if err != nil {
		return err
	}
	tx.dates(app, c, named, t)
	tx.evidenceDates(c, t, a)
	tx.sealCertificate(c, t, a)
	if app.Kind == "change" && len(t.Persons) > 0 {
		tx.nameHolder(app.HolderRow(), tx.Desk.BlindName(a[t.Persons[0].Name]), tx.Desk.BlindID(a[t.Persons[0].ID]), a[t.HolderName])
	}
	tx.Insert(c)
	tx.Answer("certificate", c.ID)
	return tx.TellCase(app, issuedNotice(app, c), Words{"number": c.Number, "until": c.ExpiresOn, "type": t.Name.In(app.Lang)})
}}

// issuedNotice says how the holder hears of a certificate: one that follows a suspended one is suspended too.
func issuedNotice(app *records.Application, c *records.Certificate) string {
	switch {
	case c.State == flow.Suspended:
		return "certificate_held"
	case app.Kind == "change":
		return "certificate_changed"
	}
	return "certificate_issued"
}

// dates says from when to when a certificate holds. A renewal runs on from the day after the one it renews, so that renewing early
// costs no time; a change ends when that one ends, with the same notices and re-checks: nothing else was looked at.
func (tx *Tx) dates(app *records.Application, c, named *records.Certificate, t sdk.Type) {
	today := tx.Today()
	c.ValidFrom = string(today)
	if app.Kind == "change" {
		c.ExpiresOn, c.RecheckOn, c.WarnOn, c.Told = named.ExpiresOn, named.RecheckOn, named.WarnOn, named.Told
		return
	}
	from := today
	if named != nil && today.Before(flow.Day(named.ExpiresOn)) {
		from = flow.Day(named.ExpiresOn).AddDays(1)
	}
	c.ExpiresOn = string(flow.Expires(from, t.Validity))
	if t.Recheck.EveryMonths > 0 {
		c.RecheckOn = string(flow.NextRecheck(today, t.Recheck.EveryMonths))
	}
	c.WarnOn = string(flow.NextNotice(flow.Day(c.ExpiresOn), t.Recheck.NoticeDays, 0))
}

func (tx *Tx) sealCertificate(c *records.Certificate, t sdk.Type, a sdk.Answers) {
	seal := func(column, s string) string { return tx.Seal(c.Key(), "certificates."+column+" "+c.ID, s) }
	c.Name, c.Latin = seal("name", a[t.HolderName]), seal("latin", a[t.LatinName])
	if len(t.Persons) > 0 {
		if id := a[t.Persons[0].ID]; len(id) > 4 {
			c.IDTail = seal("id_tail", id[len(id)-4:])
		}
	}
}

// supersede ends every certificate of the holder and type that is still good, and the one that a renewal or a change names, in favour of c:
// of one holder and type there is one at most. A suspension goes over to c, with its reason, and so does a hearing. It returns the one that is named, as it was.
func (tx *Tx) supersede(app *records.Application, c *records.Certificate) (*records.Certificate, error) {
	before, err := records.All[*records.Certificate](tx.DB, dbx.Or(dbx.HashExp{"holder": app.Holder, "type": app.Type, "state": []any{"valid", "suspended"}}, dbx.HashExp{"id": app.Certificate}))
	if err != nil {
		return nil, err
	}
	var named *records.Certificate
	var states []flow.State
	for _, old := range before {
		states = append(states, old.State)
		if old.State == flow.Suspended && c.Reason == "" {
			reason, err := tx.Unseal(old.Key(), "certificates.reason "+old.ID, old.Reason)
			if err != nil {
				return nil, err
			}
			c.Reason = tx.Seal(c.Key(), "certificates.reason "+c.ID, reason)
		}
		if old.Hearing != "" {
			c.Hearing, old.Hearing = old.Hearing, ""
		}
		if old.ID == app.Certificate {
			was := *old
			named, c.Shows = &was, old.Shows
			if !flow.Follows(app.Kind, old.State) {
				return nil, flow.Refuse("not_now", string(flow.Issue), string(old.State))
			}
		}
		if err := Follow(tx, superseding(c.ID), old, struct{}{}); err != nil {
			return nil, err
		}
	}
	c.State = flow.Standing(states)
	return named, nil
}

func superseding(by string) Act[*records.Certificate, struct{}] {
	return Act[*records.Certificate, struct{}]{flow.Issue, func(tx *Tx, old *records.Certificate, _ struct{}) error {
		old.SupersededBy, old.WarnOn, old.RecheckOn, old.EvidenceOn, old.EvidenceWarn, old.Proposed = by, "", "", "", "", ""
		tx.Update(old)
		return nil
	}}
}

// ended reports whether the certificate that a passed case was to follow is no more: it was revoked or replaced meanwhile, or
// has ended before its change was decided.
func (tx *Tx) ended(app *records.Application) (bool, error) {
	if app.Certificate == "" {
		return false, nil
	}
	old, err := records.Load[*records.Certificate](tx.DB, app.Certificate)
	return err == nil && !flow.Follows(app.Kind, old.State), err
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
		if err := flow.CheckReason(in.Reason); err != nil {
			return err
		}
		if c.Hearing != "" { // its holder was promised to be heard, and an answer by somebody else
			return flow.Refuse("in_hearing")
		}
		tx.Said(in.Reason)
		c.Proposed = "" // a lead has answered
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
