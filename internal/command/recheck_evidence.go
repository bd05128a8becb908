package command

import (
	"strings"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Evidence that ends before its certificate: the holder is told in time, a change asks only for that, and when it has ended and
// nobody answered, a re-check is opened for a person.

// evidenceDates keeps in a new certificate when its evidence ends.
func (tx *Tx) evidenceDates(c *records.Certificate, t sdk.Type, a sdk.Answers) {
	on, _ := flow.EvidenceEnds(t, a, tx.Today(), flow.Day(c.ExpiresOn))
	c.EvidenceOn, c.EvidenceWarn = string(on), ""
	if on != "" {
		c.EvidenceWarn = string(flow.NextEvidenceNotice(on, t.Recheck.NoticeDays, tx.Today().AddDays(-1)))
	}
}

// WarnEvidence tells the holder that evidence is about to end, and how to send it anew.
var WarnEvidence = Act[*records.Certificate, struct{}]{flow.Warn, func(tx *Tx, c *records.Certificate, _ struct{}) error {
	if c.EvidenceWarn == "" || flow.Day(c.EvidenceWarn).After(tx.Today()) {
		return flow.Refuse("not_now", string(flow.Warn), string(c.State))
	}
	t, what, err := tx.ending(c)
	if err != nil {
		return err
	}
	c.EvidenceWarn = string(flow.NextEvidenceNotice(flow.Day(c.EvidenceOn), t.Recheck.NoticeDays, tx.Today()))
	tx.Update(c)
	if what == nil {
		return nil
	}
	return tx.TellCertificate(c, "evidence_ends", Words{"type": t.Name.In(c.Lang), "what": slotNames(what, c.Lang), "until": c.EvidenceOn})
}}

// ending reads the slots of a certificate whose evidence ends on the day that it keeps.
func (tx *Tx) ending(c *records.Certificate) (sdk.Type, []sdk.Slot, error) {
	t, err := tx.Type(c.Digest)
	if err != nil {
		return t, nil, err
	}
	app, err := records.Load[*records.Application](tx.DB, c.Application)
	if err != nil {
		return t, nil, err
	}
	a, err := tx.Desk.Answers(app)
	_, slots := flow.EvidenceEnds(t, a, flow.Day(c.EvidenceOn), flow.Day(c.ExpiresOn))
	return t, slots, err
}

func slotNames(list []sdk.Slot, lang string) string {
	var names []string
	for _, s := range list {
		names = append(names, s.Name.In(lang))
	}
	return strings.Join(names, map[string]string{"en": ", "}[lang]+map[string]string{"zh-Hans": "、"}[lang])
}

// RecheckEvidence opens a re-check of a certificate whose evidence has ended. While a renewal, a change or a re-check is open it waits
// a month.
var RecheckEvidence = Act[*records.Certificate, struct{}]{flow.Recheck, func(tx *Tx, c *records.Certificate, _ struct{}) error {
	if c.EvidenceOn == "" || !flow.Day(c.EvidenceOn).Before(tx.Today()) {
		return flow.Refuse("not_now", string(flow.Recheck), string(c.State))
	}
	tx.Update(c)
	if open, err := OpenOn(tx.DB, c.ID); err != nil || open != nil {
		c.EvidenceOn = string(flow.NextRecheck(tx.Today(), 1))
		return err
	}
	t, slots, err := tx.ending(c)
	if err != nil {
		return err
	}
	var found []sdk.Finding
	for _, s := range slots {
		found = append(found, sdk.Finding{Code: "evidence_over", Level: sdk.Warn, Slot: s.ID,
			Text: sdk.Text{ZhHans: s.Name.ZhHans + "已于 " + c.EvidenceOn + " 到期，还没有交新的。", En: s.Name.En + " ended on " + c.EvidenceOn + "; no new one was sent."}})
	}
	c.EvidenceOn, c.EvidenceWarn = "", ""
	tx.Answer("outcome", "task")
	return tx.recheckCase(c, t, Rechecked{Findings: found})
}}

// proposeSuspension asks the leads to suspend, after a re-check that was not passed or that the holder did not answer.
func (tx *Tx) proposeSuspension(app *records.Application) error {
	c, err := records.Load[*records.Certificate](tx.DB, app.Certificate)
	if err != nil || c.State != flow.Valid {
		return err
	}
	c.Proposed = app.ID
	tx.Update(c)
	return tx.TellRole(flow.Lead, "recheck_needed", Words{"ref": app.Ref, "number": c.Number})
}

// KeepValid answers a proposal to suspend: a lead has looked, and the certificate stays as it is. Refused with reason_needed and
// nothing_proposed.
var KeepValid = Act[*records.Certificate, Reasoned]{flow.KeepValid, func(tx *Tx, c *records.Certificate, in Reasoned) error {
	if err := flow.CheckReason(in.Reason); err != nil {
		return err
	}
	if c.Proposed == "" {
		return flow.Refuse("nothing_proposed")
	}
	tx.Said(in.Reason)
	c.Proposed = ""
	tx.Update(c)
	return nil
}}

// keepStill enters into a renewal the evidence that still holds, so that one page shows all that is known.
func (tx *Tx) keepStill(app *records.Application, t sdk.Type, a sdk.Answers, from *records.Application) error {
	docs, err := records.Documents(tx.DB, from.ID)
	if err != nil {
		return err
	}
	for _, d := range docs {
		s, ok := slotOf(t, a, d.Slot)
		if !ok || !flow.Keeps(s, a, tx.Today()) {
			continue
		}
		if err := tx.keep(app, from, d); err != nil {
			return err
		}
	}
	return nil
}
