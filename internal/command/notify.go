package command

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Words fill the blanks of a notice.
type Words = map[string]string

// Telling people: a message is a row of the act's own transaction, sealed, sent after the commit. Who has neither a
// confirmed e-mail nor a phone is put on the list of people to ring or write to; nobody is forgotten in silence.

// tell notes a message to one address.
func (tx *Tx) tell(m records.Message, lang, to string, words Words) {
	if lang == "" {
		lang = tx.Settings.Lang
	}
	full := Words{"desk": tx.Settings.Name(lang), "hotline": tx.Settings.Hotline, "hours": tx.Settings.Hours(lang), "url": tx.Settings.PublicURL}
	for k, v := range words {
		full[k] = v
	}
	raw, _ := json.Marshal(full)
	m.ID = records.NewID()
	m.Lang, m.DueAt, m.State = lang, tx.Stamp(), flow.Queued
	if m.Channel == "ring" {
		m.State = flow.Ring
	}
	m.Recipient, m.Words = tx.Seal(deskKey, "messages.recipient "+m.ID, to), tx.Seal(deskKey, "messages.words "+m.ID, string(raw))
	tx.Insert(&m)
}

// TellContact tells an address that need not belong to anybody yet.
func (tx *Tx) TellContact(channel, to, lang, notice string, words Words) {
	tx.tell(records.Message{Channel: channel, Notice: notice}, lang, to, words)
}

// TellAccount tells an account by its preference, or by what it has.
func (tx *Tx) TellAccount(a *records.Applicant, notice string, words Words, about ...records.Row) error {
	m := records.Message{Person: a.ID, Notice: notice}
	for _, row := range about {
		switch r := row.(type) {
		case *records.Application:
			m.Application = r.ID
		case *records.Certificate:
			m.Certificate = r.ID
		}
	}
	phone, err := tx.Unseal(deskKey, "applicants.phone "+a.ID, a.Phone)
	if err != nil {
		return err
	}
	to := ""
	switch {
	case a.PhoneOK && (a.Channel == "sms" || !a.Verified):
		m.Channel, to = "sms", phone
	case a.Verified:
		m.Channel, to = "mail", a.Email
	default:
		m.Channel, to = "ring", phone+" "+a.Email
	}
	tx.tell(m, a.Lang, to, words)
	return nil
}

// TellHolder tells the holder on their own phone, where they have one that is not the account's.
func (tx *Tx) TellHolder(h *records.Holder, lang, notice string, words Words) error {
	if h.Own || h.Kind != string(sdk.HolderPerson) {
		return nil
	}
	phone, err := tx.Unseal(h.Key(), "holders.phone "+h.ID, h.Phone)
	if err != nil {
		return err
	}
	if phone == "" {
		tx.tell(records.Message{Person: h.ID, Channel: "ring", Notice: notice}, lang, "", words)
		return nil
	}
	tx.tell(records.Message{Person: h.ID, Channel: "sms", Notice: notice}, lang, phone, words)
	return nil
}

// TellCase tells the account that filled in a case, and its holder. Where that one acts for the holder no more, those do who act now.
func (tx *Tx) TellCase(app *records.Application, notice string, words Words) error {
	if words == nil {
		words = Words{}
	}
	words["ref"] = app.Ref
	if app.Speaker() != app.Applicant {
		return tx.TellActing(app.HolderRow(), app.Lang, notice, words, app)
	}
	a, err := tx.account(app.Applicant)
	if err != nil {
		return err
	}
	if err := tx.TellAccount(a, notice, words, app); err != nil {
		return err
	}
	return tx.TellHolder(app.HolderRow(), a.Lang, notice, words)
}

// TellCertificate tells everybody who acts for the holder of a certificate, and the holder.
func (tx *Tx) TellCertificate(c *records.Certificate, notice string, words Words) error {
	words["number"] = c.Number
	return tx.TellActing(c.HolderRow(), c.Lang, notice, words, c)
}

// TellActing tells everybody who acts for a holder, and the holder.
func (tx *Tx) TellActing(h *records.Holder, lang, notice string, words Words, about ...records.Row) error {
	for _, m := range h.Members() {
		a, err := tx.account(m.Applicant)
		if err != nil {
			return err
		}
		if a.State != flow.Active {
			continue
		}
		if err := tx.TellAccount(a, notice, words, about...); err != nil {
			return err
		}
	}
	return tx.TellHolder(h, lang, notice, words)
}

// TellStaff tells a colleague by mail, unless they do without this kind of mail or find it in the digest.
func (tx *Tx) TellStaff(s *records.Staff, notice string, words Words) {
	if !flow.Alerted(notice, records.List(s.Quiet)) {
		return
	}
	if words == nil {
		words = Words{}
	}
	words["name"] = s.Name
	tx.tell(records.Message{Person: s.ID, Channel: "mail", Notice: notice}, s.Lang, s.Email, words)
}

// TellRole tells every active colleague who has the role.
func (tx *Tx) TellRole(role flow.Role, notice string, words Words) error {
	all, err := tx.colleagues()
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Person().Has(role) {
			tx.TellStaff(s, notice, words)
		}
	}
	return nil
}

// Resend puts a message that did not arrive into the queue again.
var Resend = Act[*records.Message, struct{}]{flow.Resend, func(tx *Tx, m *records.Message, _ struct{}) error {
	m.Attempts, m.DueAt, m.LeaseUntil, m.Error = 0, tx.Stamp(), "", ""
	tx.Update(m)
	return nil
}}

// Call is what came of ringing somebody or writing to them.
type Call struct {
	Outcome string `json:"outcome"`
}

// LogCall records that a person was reached by other means.
var LogCall = Act[*records.Message, Call]{flow.LogCall, func(tx *Tx, m *records.Message, in Call) error {
	if in.Outcome == "" || len([]rune(in.Outcome)) > 300 {
		return flow.Refuse("call_outcome_needed")
	}
	tx.Said(in.Outcome)
	m.SentAt = tx.Stamp()
	tx.Update(m)
	return nil
}}

// Test is an address to send a test to.
type Test struct {
	Channel string `json:"channel"` // mail or sms
	To      string `json:"to"`
}

// SendTest sends a test mail or SMS.
var SendTest = Act[*records.Desk, Test]{flow.SendTest, func(tx *Tx, d *records.Desk, in Test) error {
	to, err := normalContact(in.Channel, in.To)
	if err != nil {
		return err
	}
	tx.TellContact(in.Channel, to, d.Lang, "test", nil)
	return nil
}}

// MessageWords opens a message for sending: to whom, with which words.
func (d *Desk) MessageWords(m *records.Message) (to string, words Words, err error) {
	if to, err = d.Open(deskKey, "messages.recipient "+m.ID, m.Recipient); err != nil { // empty: to be written to, nobody knows where
		return "", nil, err
	}
	raw, err := d.Vault.Unseal(deskKey, "messages.words "+m.ID, m.Words)
	if err != nil {
		return "", nil, err
	}
	if err := json.Unmarshal(raw, &words); err != nil {
		return "", nil, fmt.Errorf("message %s: %w", m.ID, err)
	}
	return to, words, nil
}

// TellCalendarEnds tells the managers once for each end of the holiday file: deadlines beyond it know no holidays.
func (d *Desk) TellCalendarEnds(ctx context.Context) error {
	until := string(d.Calendar.Ends())
	_, err := d.quiet(ctx, Itself, func(tx *Tx) (string, error) {
		told, err := records.Count(tx.DB, "jobs", dbx.HashExp{"kind": "calendar_ends", "target": until})
		if err != nil || told > 0 {
			return "", err
		}
		j := &records.Job{Kind: "calendar_ends", Target: until, DueAt: tx.Stamp()}
		j.State = "done"
		tx.Insert(j)
		return "", tx.TellRole(flow.Manager, "calendar_ends", Words{"until": until})
	})
	return err
}

// TellBackup tells the managers once a day that the copies of the desk are in trouble: failed, late or trial.
func (d *Desk) TellBackup(ctx context.Context, trouble string) error {
	_, err := d.quiet(ctx, Itself, func(tx *Tx) (string, error) {
		what := trouble + " " + string(tx.Today())
		told, err := records.Count(tx.DB, "jobs", dbx.HashExp{"kind": "backup", "target": what})
		if err != nil || told > 0 {
			return "", err
		}
		j := &records.Job{Kind: "backup", Target: what, DueAt: tx.Stamp()}
		j.State = "done"
		tx.Insert(j)
		return "", tx.TellRole(flow.Manager, "backup_"+trouble, nil)
	})
	return err
}

// TellSuperuser passes a mail of PocketBase's own (a superuser's code) through the outbox.
func (d *Desk) TellSuperuser(ctx context.Context, to, subject, text, html string) error {
	_, err := d.quiet(ctx, Itself, func(tx *Tx) (string, error) {
		tx.TellContact("mail", to, "en", "superuser_mail", Words{"subject": subject, "text": text, "html": html})
		return "", nil
	})
	return err
}
