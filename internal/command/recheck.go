package command

import (
	"fmt"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Warn tells the holder that a certificate is about to expire: each of the type's notices at most once, a missed one not
// after a later one.
var Warn = Act[*records.Certificate, struct{}]{flow.Warn, func(tx *Tx, c *records.Certificate, _ struct{}) error {
	t, err := tx.Type(c.Digest)
	if err != nil {
		return err
	}
	days, due := flow.Notices(flow.Day(c.ExpiresOn), t.Recheck.NoticeDays, int(c.Told), tx.Today())
	if due {
		c.Told = int64(days)
	}
	c.WarnOn = string(flow.NextNotice(flow.Day(c.ExpiresOn), t.Recheck.NoticeDays, int(c.Told)))
	tx.Update(c)
	if !due {
		return nil
	}
	left := flow.Day(c.ExpiresOn).Sub(tx.Today())
	return tx.TellCertificate(c, "expiry_notice", Words{"days": fmt.Sprint(left), "until": c.ExpiresOn, "type": t.Name.In(c.Lang)})
}}

// Expire ends a certificate after its last day.
var Expire = Act[*records.Certificate, struct{}]{flow.Expire, func(tx *Tx, c *records.Certificate, _ struct{}) error {
	if !flow.Day(c.ExpiresOn).Before(tx.Today()) {
		return flow.Refuse("not_now", string(flow.Expire), string(c.State))
	}
	t, err := tx.Type(c.Digest)
	if err != nil {
		return err
	}
	c.WarnOn, c.RecheckOn, c.EvidenceOn, c.EvidenceWarn, c.Proposed = "", "", "", "", ""
	tx.Update(c)
	return tx.TellCertificate(c, "expired", Words{"until": c.ExpiresOn, "type": t.Name.In(c.Lang)})
}}

// Renew opens a draft that starts from what is known, with the evidence that still holds: one page shows it all. Refused with too_early before the type's window, and with open_renewal,
// open_change or open_recheck while one is open.
var Renew = Act[*records.Certificate, struct{}]{flow.Renew, func(tx *Tx, c *records.Certificate, _ struct{}) error {
	typ, t, err := tx.openType(c.Type)
	if err != nil {
		return err
	}
	if err := tx.oneAtATime(c); err != nil {
		return err
	}
	if opens := flow.RenewalOpens(flow.Day(c.ExpiresOn), t.Recheck.RenewDays); tx.Today().Before(opens) {
		return flow.Refuse("too_early", string(opens))
	}
	app, a, old, err := tx.draftOf(c, "renewal", typ, t)
	if err != nil {
		return err
	}
	return tx.keepStill(app, t, a, old)
}}

// draftOf opens a draft of this kind that starts from what was certified, and returns it with those answers and the case they come from.
func (tx *Tx) draftOf(c *records.Certificate, kind string, typ *records.Type, t sdk.Type) (app *records.Application, a sdk.Answers, old *records.Application, err error) {
	if old, err = records.Load[*records.Application](tx.DB, c.Application); err != nil {
		return nil, nil, nil, err
	}
	if a, err = tx.Desk.Answers(old); err != nil {
		return nil, nil, nil, err
	}
	app = &records.Application{Kind: kind, Type: c.Type, Digest: typ.Digest, Holder: c.Holder, Applicant: tx.By.ID, Certificate: c.ID, Lang: c.Lang}
	return app, a, old, tx.draft(app, t, a)
}

// Rechecked is what a type's re-check of a certificate said.
type Rechecked struct {
	Findings []sdk.Finding `json:"findings"`
	Failed   bool          `json:"failed"`
	Due      int64         `json:"due"` // certificates of the type that were due when the sweep began
}

// Recheck keeps what the type said of certified information. All well moves the next re-check on; anything else, and a
// type that could not check, opens a task for a person, unless a renewal, a change or a re-check is open anyway: then it asks again in a
// month. Only a person suspends. Too many of a type that go badly on one day
// stop the desk's own re-checks of it; see StopRecheck.
var Recheck = Act[*records.Certificate, Rechecked]{flow.Recheck, func(tx *Tx, c *records.Certificate, in Rechecked) error {
	stopped, err := tx.recheckStopped(c.Type)
	if err != nil {
		return err
	}
	if stopped && tx.By.Has(flow.System) {
		return flow.Refuse("recheck_stopped", c.Type)
	}
	t, err := tx.Type(c.Digest)
	if err != nil {
		return err
	}
	c.RecheckOn = ""
	if t.Recheck.EveryMonths > 0 {
		c.RecheckOn = string(flow.NextRecheck(tx.Today(), t.Recheck.EveryMonths))
	}
	tx.Update(c)
	if !in.Failed && !adverse(in.Findings) {
		tx.Answer("outcome", "fine")
		return nil
	}
	if open, err := OpenOn(tx.DB, c.ID); err != nil || open != nil {
		c.RecheckOn = string(flow.NextRecheck(tx.Today(), 1)) // somebody is looking at it, or will
		tx.Answer("outcome", "open")
		return err
	}
	tx.Answer("outcome", "task")
	if err := tx.recheckCase(c, t, in); err != nil {
		return err
	}
	return tx.countAdverse(c, in.Due)
}}

func adverse(list []sdk.Finding) bool {
	for _, f := range list {
		if f.Level == sdk.Warn || f.Level == sdk.Bad {
			return true
		}
	}
	return false
}

// recheckCase opens a case in review, with the answers that were certified.
func (tx *Tx) recheckCase(c *records.Certificate, t sdk.Type, in Rechecked) error {
	old, err := records.Load[*records.Application](tx.DB, c.Application)
	if err != nil {
		return err
	}
	a, err := tx.Desk.Answers(old)
	if err != nil {
		return err
	}
	n, err := tx.Number("R-" + year(tx.Today()))
	if err != nil {
		return err
	}
	app := &records.Application{Kind: "recheck", Type: c.Type, Digest: c.Digest, Holder: c.Holder, Applicant: old.Applicant, Certificate: c.ID, Lang: c.Lang,
		Ref: flow.Number("R", tx.Year(), n), SubmittedAt: tx.Stamp(), Checked: "done"}
	app.ID, app.State = records.NewID(), flow.Submitted
	tx.schedule(app, t)
	if err := tx.NewKey(app.Key()); err != nil {
		return err
	}
	app.SetHolder(c.HolderRow())
	tx.sealAnswers(app, t, a)
	tx.Insert(app)
	if err := tx.index(app, t, a); err != nil {
		return err
	}
	if err := Follow(tx, RecordFindings, app, Checked{Findings: in.Findings, Failed: in.Failed}); err != nil {
		return err
	}
	return Follow(tx, Assign, app, Handed{fresh: true})
}

// rechecked ends a re-check: passed changes nothing; not passed asks the leads to suspend, with the certificate's number.
func (tx *Tx) rechecked(app *records.Application, d *records.Decision) error {
	app.State = flow.Approved
	if d.Outcome == flow.Passed {
		return nil
	}
	app.State = flow.Rejected
	return tx.proposeSuspension(app)
}
