package command

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// NewAccount is an account in the making. Contact has the normal form; Hash is the bcrypt of a password, where one was set.
type NewAccount struct {
	Channel string `json:"channel"` // mail or sms: the kind of the contact
	Contact string `json:"contact"`
	Hash    string `json:"-"`
	Lang    string `json:"lang"`
	Proved  bool   `json:"proved"` // a code sent there was entered
}

// Register makes an account. With a password it waits for the code that confirms its e-mail; with a proved contact it is
// in force at once. Refused with already_applicants where the contact has an account.
var Register = Act[*records.Desk, NewAccount]{flow.Register, func(tx *Tx, _ *records.Desk, in NewAccount) error {
	a := &records.Applicant{Channel: in.Channel, Lang: in.Lang}
	a.ID, a.State, a.Password = records.NewID(), flow.New, in.Hash
	tx.setContact(a, in.Channel, in.Contact, in.Proved)
	if in.Proved {
		a.State = flow.Active
	}
	tx.Insert(a)
	tx.Answer("id", a.ID)
	return nil
}}

// setContact enters an e-mail or phone, in normal form, in place of what was there on that channel; the other one stays.
func (tx *Tx) setContact(a *records.Applicant, channel, to string, proved bool) {
	switch channel {
	case "mail":
		a.Email, a.Verified = to, proved
	case "sms":
		a.Phone, a.PhoneBlind, a.PhoneOK = tx.Seal(deskKey, "applicants.phone "+a.ID, to), tx.Desk.BlindPhone(to), proved
	}
}

// clearContacts leaves nothing by which anybody could sign in.
func clearContacts(a *records.Applicant) {
	a.Password, a.Email, a.Verified, a.Phone, a.PhoneBlind, a.PhoneOK = "", "", false, "", "", false
}

// Contact is an e-mail or phone that was proved by a code.
type Contact struct {
	Channel string `json:"channel"`
	To      string `json:"to"`
}

// ConfirmContact records that a contact was proved by a code sent there; a contact that it replaces is told.
var ConfirmContact = Act[*records.Applicant, Contact]{flow.ConfirmContact, func(tx *Tx, a *records.Applicant, in Contact) error {
	old := *a
	tx.setContact(a, in.Channel, in.To, true)
	if a.Channel == "" || a.Channel == "mail" && !a.Verified {
		a.Channel = in.Channel
	}
	tx.Update(a)
	if in.Channel == "mail" && old.Verified && old.Email != in.To {
		tx.TellContact("mail", old.Email, a.Lang, "contact_changed", nil)
	}
	if in.Channel == "sms" && old.PhoneOK && old.PhoneBlind != a.PhoneBlind {
		phone, err := tx.Unseal(deskKey, "applicants.phone "+a.ID, old.Phone)
		if err != nil {
			return err
		}
		tx.TellContact("sms", phone, a.Lang, "contact_changed", nil)
	}
	return nil
}}

// NewSession is a browser that signs in. Digest is of the secret in its cookie.
type NewSession struct {
	Digest string `json:"digest"`
	How    string `json:"how"` // password, mail_code, sms_code, totp, recovery
	Shared bool   `json:"shared"`
	Known  bool   `json:"known"`  // this browser was signed in to this account before
	Passed bool   `json:"passed"` // staff: the second factor was shown, or none is asked
}

// Session lifetimes.
const (
	accountDays   = 30 // sliding, on one's own device
	sharedHours   = 12 // at most, on a shared one; it also ends with the browser
	staffIdleMins = 30
	staffHours    = 12
)

// SignIn opens a session of an account. On a browser that it was never signed in on, the account is told.
var SignIn = Act[*records.Applicant, NewSession]{flow.SignIn, func(tx *Tx, a *records.Applicant, in NewSession) error {
	s := &records.Session{Person: a.ID, Kind: "applicant", How: in.How, Seen: tx.Stamp(), Shared: in.Shared, Passed: true}
	s.ID, s.State, s.Until = in.Digest, flow.Active, records.Stamp(tx.Now.AddDate(0, 0, accountDays))
	if in.Shared {
		s.Until = records.Stamp(tx.Now.Add(sharedHours * time.Hour))
	}
	tx.Insert(s)
	tx.Because(in.How)
	first, err := records.Count(tx.DB, "sessions", dbx.HashExp{"person": a.ID})
	if err != nil || first == 0 || in.Known {
		return err
	}
	return tx.TellAccount(a, "new_device", nil)
}}

// End says which sessions end: the one with this digest, or all.
type End struct {
	Digest string `json:"digest"`
	All    bool   `json:"all"`
}

// SignOut ends one session of an account, or all of them.
var SignOut = Act[*records.Applicant, End]{flow.SignOut, func(tx *Tx, a *records.Applicant, in End) error {
	return tx.endSessions(a.ID, in)
}}

func (tx *Tx) endSessions(person string, in End) error {
	where := dbx.HashExp{"person": person, "state": string(flow.Active)}
	if !in.All {
		where["id"] = in.Digest
	}
	open, err := records.All[*records.Session](tx.DB, where)
	for _, s := range open {
		s.State = flow.Closed
		tx.Update(s)
	}
	return err
}

// NewPassword sets a password by its bcrypt hash.
type NewPassword struct {
	Hash string `json:"-"`
	Keep string `json:"keep"` // the session that stays
}

// Reset sets a new password and ends every other session. The second factor of a colleague is not touched.
var Reset = Act[*records.Applicant, NewPassword]{flow.Reset, func(tx *Tx, a *records.Applicant, in NewPassword) error {
	a.Password = in.Hash
	tx.Update(a)
	return tx.endOthers(a.ID, in.Keep)
}}

func (tx *Tx) endOthers(person, keep string) error {
	open, err := records.All[*records.Session](tx.DB, dbx.And(dbx.HashExp{"person": person, "state": string(flow.Active)}, dbx.Not(dbx.HashExp{"id": keep})))
	for _, s := range open {
		s.State = flow.Closed
		tx.Update(s)
	}
	return err
}

// Agreement is what an account agrees to, in the version it was shown.
type Agreement struct {
	Kind    string `json:"kind"` // privacy or identity
	Version string `json:"version"`
}

// AgreementVersion is the version of the privacy notice and of the consent for identity documents that is shown now.
const AgreementVersion = "2026-11"

// Agree records the privacy notice or the separate consent for identity documents.
var Agree = Act[*records.Applicant, Agreement]{flow.Consent, func(tx *Tx, a *records.Applicant, in Agreement) error {
	if in.Version != AgreementVersion || in.Kind != "privacy" && in.Kind != "identity" {
		return flow.Refuse("version_changed")
	}
	had, err := records.Consented(tx.DB, a.ID, in.Kind, in.Version)
	if err != nil || had {
		return err
	}
	c := &records.Consent{Applicant: a.ID, Kind: in.Kind, Version: in.Version, How: "page"}
	c.State = flow.Active
	tx.Insert(c)
	return nil
}}

// Disagree withdraws a consent; what was done on its ground stays done, new documents are not taken until it is given again.
var Disagree = Act[*records.Applicant, Agreement]{flow.WithdrawConsent, func(tx *Tx, a *records.Applicant, in Agreement) error {
	given, err := records.All[*records.Consent](tx.DB, dbx.HashExp{"applicant": a.ID, "kind": in.Kind, "state": string(flow.Active)})
	for _, c := range given {
		c.State, c.WithdrawnAt = flow.Withdrawn, tx.Stamp()
		tx.Update(c)
	}
	return err
}}

// Preference is how and in which language an account wants to be told.
type Preference struct {
	Channel string `json:"channel"`
	Lang    string `json:"lang"`
}

// ChooseChannel sets the preference. A channel needs a confirmed contact.
var ChooseChannel = Act[*records.Applicant, Preference]{flow.ChooseChannel, func(tx *Tx, a *records.Applicant, in Preference) error {
	if in.Channel == "sms" && !a.PhoneOK || in.Channel == "mail" && !a.Verified || !slices.Contains([]string{"mail", "sms"}, in.Channel) {
		return flow.Refuse("channel_not_confirmed")
	}
	if in.Lang != "zh-Hans" && in.Lang != "en" {
		return flow.Refuse("language_unknown")
	}
	a.Channel, a.Lang = in.Channel, in.Lang
	tx.Update(a)
	return nil
}}

// CloseAccount closes an account that nothing waits for. Certificates stay in the record of their holders.
var CloseAccount = Act[*records.Applicant, struct{}]{flow.CloseAccount, func(tx *Tx, a *records.Applicant, _ struct{}) error {
	open, err := records.Count(tx.DB, "applications", dbx.And(dbx.HashExp{"applicant": a.ID},
		dbx.In("state", "submitted", "in_review", "awaiting_applicant", "on_hold", "proposed", "decided", "appealed", "questioned", "hearing", "heard")))
	if err != nil {
		return err
	}
	if open > 0 {
		return flow.Refuse("applications_open")
	}
	tx.emptyAccount(a)
	tx.forget(flow.NounApplicant, a.ID)
	tx.destroy("account-" + a.ID) // there is no such key: its name stays on the list of what was erased
	if err := tx.endSessions(a.ID, End{All: true}); err != nil {
		return err
	}
	if err := tx.emptyAll("person", a.ID); err != nil { // what was sent to the account, and what it said
		return err
	}
	return tx.eraseOwn(a)
}}

func (tx *Tx) emptyAccount(a *records.Applicant) {
	clearContacts(a)
	tx.Update(a)
}

// eraseOwn erases, of the holders that only this account acted for, the cases that no rule asks to keep, and the holders of whom
// nothing is left then. The rest goes when its time is over.
func (tx *Tx) eraseOwn(a *records.Applicant) error {
	holders, err := records.HoldersOf(tx.DB, a.ID)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h, err = records.Load[*records.Holder](tx.DB, h.ID); err != nil {
			return err
		}
		if slices.ContainsFunc(h.Members(), func(m *records.Member) bool { return m.Applicant != a.ID }) {
			continue
		}
		if err := tx.eraseWhatMay(h); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) eraseWhatMay(h *records.Holder) error {
	apps, err := tx.keptCases(h)
	if err != nil {
		return err
	}
	left := 0
	for _, app := range apps {
		held, err := tx.held(app)
		if err != nil {
			return err
		}
		carried, err := tx.carried(app)
		if err != nil {
			return err
		}
		if app.State == flow.Draft || len(carried) > 0 || !flow.AtOnce(held) {
			left++
			continue
		}
		if err := tx.eraseCase(app); err != nil {
			return err
		}
	}
	live, err := records.Count(tx.DB, "certificates", dbx.HashExp{"holder": h.ID})
	if err != nil || left > 0 || live > 0 {
		return err
	}
	return tx.eraseHolder(h)
}

func orRefuse(err error, code string, args ...string) error {
	if err != nil {
		return err
	}
	return flow.Refuse(code, args...)
}

// FindAccount finds the account with a confirmed contact in its normal form. records.ErrNotFound if there is none.
func FindAccount(d *Desk, db dbx.Builder, channel, contact string) (*records.Applicant, error) {
	if channel == "sms" {
		return records.Find[*records.Applicant](db, dbx.HashExp{"phone_blind": d.BlindPhone(contact)})
	}
	return records.Find[*records.Applicant](db, dbx.HashExp{"email": contact})
}
