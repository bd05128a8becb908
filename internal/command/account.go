package command

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
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
	switch in.Channel {
	case "mail":
		a.Email, a.Verified = in.Contact, in.Proved
	case "sms":
		a.Phone, a.PhoneBlind, a.PhoneOK = tx.Seal(deskKey, "applicants.phone "+a.ID, in.Contact), tx.Desk.BlindPhone(in.Contact), in.Proved
	}
	if in.Proved {
		a.State = flow.Active
	}
	tx.Insert(a)
	tx.Answer("id", a.ID)
	return nil
}}

// Contact is an e-mail or phone that was proved by a code.
type Contact struct {
	Channel string `json:"channel"`
	To      string `json:"to"`
}

// ConfirmContact records that a contact was proved by a code sent there; a contact that it replaces is told.
var ConfirmContact = Act[*records.Applicant, Contact]{flow.ConfirmContact, func(tx *Tx, a *records.Applicant, in Contact) error {
	old := *a
	switch in.Channel {
	case "mail":
		a.Email, a.Verified = in.To, true
	case "sms":
		a.Phone, a.PhoneBlind, a.PhoneOK = tx.Seal(deskKey, "applicants.phone "+a.ID, in.To), tx.Desk.BlindPhone(in.To), true
	}
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
	a.Password, a.PhoneBlind, a.Email, a.Verified, a.PhoneOK = "", "", "", false, false
	a.Phone = ""
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
		m := &records.Member{Holder: h.ID, Applicant: a.ID, Role: role}
		m.State = flow.Active
		tx.Insert(m)
	}
	tx.Answer("id", h.ID)
	return nil
}}

func orRefuse(err error, code string, args ...string) error {
	if err != nil {
		return err
	}
	return flow.Refuse(code, args...)
}

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
	m := &records.Member{Holder: h.ID, Applicant: h.Owner, Role: "helper"}
	m.State = flow.Active
	tx.Insert(m)
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
	had, err := records.All[*records.Member](tx.DB, dbx.HashExp{"holder": h.ID, "applicant": a.ID})
	if err != nil {
		return err
	}
	if len(had) > 0 {
		had[0].State, had[0].Role = flow.Active, in.Role
		tx.Update(had[0])
		return nil
	}
	m := &records.Member{Holder: h.ID, Applicant: a.ID, Role: in.Role}
	m.State = flow.Active
	tx.Insert(m)
	return nil
}}

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

// FindAccount finds the account with a confirmed contact in its normal form. records.ErrNotFound if there is none.
func FindAccount(d *Desk, db dbx.Builder, channel, contact string) (*records.Applicant, error) {
	if channel == "sms" {
		return records.Find[*records.Applicant](db, dbx.HashExp{"phone_blind": d.BlindPhone(contact)})
	}
	return records.Find[*records.Applicant](db, dbx.HashExp{"email": contact})
}
