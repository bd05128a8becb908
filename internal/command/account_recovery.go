package command

// A lost phone, a lost mailbox, an institution whose owner has left: a colleague sees who comes, a second one agrees, whoever has
// the account is told and has days to say no, and only then another contact, proved by a code, opens it.

import (
	"errors"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Lost is what a colleague saw of somebody who comes for an account. Contact is in normal form and was proved by a code.
type Lost struct {
	Account string   `json:"account"` // of those that act for the holder
	Who     string   `json:"who"`     // flow.SamePerson or flow.OtherPerson
	Channel string   `json:"channel"` // mail or sms
	Contact string   `json:"contact"`
	Seen    []string `json:"seen"` // flow.SeenID, flow.SeenLetter
	Note    string   `json:"note"`
	Lang    string   `json:"lang"`
}

// AskRecovery records that somebody came for an account that acts for a holder. Nothing changes until a second person agrees.
// Refused with not_acting, recovery_open, and as flow.CheckLost does.
var AskRecovery = Act[*records.Holder, Lost]{flow.AskRecovery, func(tx *Tx, h *records.Holder, in Lost) error {
	if err := flow.CheckLost(in.Who, in.Seen, in.Note, h.Kind == string(sdk.HolderInstitution)); err != nil {
		return err
	}
	to, err := normalContact(in.Channel, in.Contact)
	if err != nil {
		return err
	}
	if h.Member(in.Account) == nil {
		return flow.Refuse("not_acting")
	}
	if _, err := records.OpenRecovery(tx.DB, in.Account); !errors.Is(err, records.ErrNotFound) {
		return orRefuse(err, "recovery_open")
	}
	if in.Lang != "en" {
		in.Lang = "zh-Hans"
	}
	r := &records.Recovery{Holder: h.ID, Account: in.Account, Who: in.Who, Channel: in.Channel, Seen: records.Join(in.Seen), Lang: in.Lang, By: tx.By.ID}
	r.ID, r.State = records.NewID(), flow.Open
	r.Contact, r.Note = tx.Seal(h.Key(), "recoveries.contact "+r.ID, to), tx.Seal(h.Key(), "recoveries.note "+r.ID, unixed(in.Note))
	tx.Insert(r)
	tx.Because(in.Who)
	tx.Answer("id", r.ID)
	return nil
}}

// reached reports whether an account has a contact at which somebody was reached before.
func reached(a *records.Applicant) bool { return a.State == flow.Active && (a.Verified || a.PhoneOK) }

// AgreeRecovery is the second person's word. Everybody at every contact that the account has is told, and can say no until the day
// comes; where nobody could be told it counts at once.
var AgreeRecovery = Act[*records.Recovery, struct{}]{flow.AgreeRecovery, func(tx *Tx, r *records.Recovery, none struct{}) error {
	a, err := tx.account(r.Account)
	if err != nil {
		return err
	}
	r.Second, r.DueOn = tx.By.ID, string(flow.RecoverOn(tx.Today(), reached(a)))
	tx.Update(r)
	if !reached(a) {
		return Follow(tx, EndRecovery, r, none)
	}
	words, err := tx.holderWords(r.HolderRow())
	if err != nil {
		return err
	}
	words["until"] = r.DueOn
	if err := tx.tellAllOf(a, "recovery_agreed", words); err != nil {
		return err
	}
	return tx.TellHolder(r.HolderRow(), a.Lang, "recovery_agreed", words)
}}

func (tx *Tx) holderWords(h *records.Holder) (Words, error) {
	name, err := tx.Desk.HolderName(h)
	return Words{"holder": flow.MaskName(name)}, err
}

// tellAllOf tells an account at every contact that was confirmed: one of them may be lost.
func (tx *Tx) tellAllOf(a *records.Applicant, notice string, words Words) error {
	if a.Verified {
		tx.tell(records.Message{Person: a.ID, Channel: "mail", Notice: notice}, a.Lang, a.Email, words)
	}
	if !a.PhoneOK {
		return nil
	}
	phone, err := tx.Unseal(deskKey, "applicants.phone "+a.ID, a.Phone)
	if err == nil {
		tx.tell(records.Message{Person: a.ID, Channel: "sms", Notice: notice}, a.Lang, phone, words)
	}
	return err
}

// DropRecovery ends a recovery before it counts: a colleague says why, whoever has the account need not. That somebody said no to
// what two colleagues agreed to is told to leads and managers.
var DropRecovery = Act[*records.Recovery, Reasoned]{flow.DropRecovery, func(tx *Tx, r *records.Recovery, in Reasoned) error {
	own := tx.By.Has(flow.Applicant)
	if !own {
		if err := flow.CheckReason(in.Reason); err != nil {
			return err
		}
		tx.Said(unixed(in.Reason))
	}
	h := r.HolderRow()
	to, err := tx.Unseal(h.Key(), "recoveries.contact "+r.ID, r.Contact)
	if err != nil {
		return err
	}
	r.EndedBy, r.EndedAt, r.DueOn = tx.By.ID, tx.Stamp(), ""
	tx.Update(r)
	words, err := tx.holderWords(h)
	if err != nil {
		return err
	}
	tx.TellContact(r.Channel, to, r.Lang, "recovery_dropped", words)
	if !own {
		return nil
	}
	all, err := tx.colleagues()
	for _, s := range all {
		if p := s.Person(); p.Has(flow.Lead) || p.Has(flow.Manager) {
			tx.TellStaff(s, "recovery_refused", nil)
		}
	}
	return err
}}

// EndRecovery lets the proved contact open the account, or hands the holder to the account that has that contact already. What was
// there before opens nothing any more: every session, the password and every other contact end. A recovery whose holder or account is
// no more by then ends without it.
var EndRecovery = Act[*records.Recovery, struct{}]{flow.EndRecovery, func(tx *Tx, r *records.Recovery, _ struct{}) error {
	h := r.HolderRow()
	m := h.Member(r.Account)
	r.EndedAt = tx.Stamp()
	tx.Update(r)
	if m == nil || h.State != flow.Active {
		r.State = flow.Withdrawn
		return nil
	}
	r.State = flow.Resolved
	to, err := tx.Unseal(h.Key(), "recoveries.contact "+r.ID, r.Contact)
	if err != nil {
		return err
	}
	old, err := tx.account(r.Account)
	if err != nil {
		return err
	}
	words, err := tx.holderWords(h)
	if err != nil {
		return err
	}
	into, err := tx.opened(r, old, to)
	if err != nil {
		return err
	}
	if r.Into = into.ID; into.ID != old.ID {
		if err := tx.handOver(h, m, old, into, words); err != nil {
			return err
		}
	}
	tx.TellContact(r.Channel, to, r.Lang, "recovery_done", words)
	return nil
}}

// opened is the account that the proved contact opens: the one that has it, the lost one for the same person, or a new one.
func (tx *Tx) opened(r *records.Recovery, old *records.Applicant, to string) (*records.Applicant, error) {
	a, err := FindAccount(tx.Desk, tx.DB, r.Channel, to)
	known := err == nil
	switch {
	case err != nil && !errors.Is(err, records.ErrNotFound):
		return nil, err
	case known && a.ID != old.ID && a.State == flow.Active:
		return a, nil // it is somebody's, and stays as it is
	case known && a.ID != old.ID:
		return a, tx.opensOnly(a, r.Channel, to)
	case known, r.Who == flow.SamePerson && old.State == flow.Active:
		return old, tx.opensOnly(old, r.Channel, to)
	}
	a = &records.Applicant{Lang: r.Lang}
	a.ID, a.State = records.NewID(), flow.Active
	tx.onlyContact(a, r.Channel, to)
	tx.Insert(a)
	return a, nil
}

// opensOnly lets nothing but this contact open an account, tells what opened it before, and ends every session.
func (tx *Tx) opensOnly(a *records.Applicant, channel, to string) error {
	if err := tx.tellAllOf(a, "contact_changed", nil); err != nil {
		return err
	}
	a.State = flow.Active
	tx.onlyContact(a, channel, to)
	tx.Update(a)
	return tx.endSessions(a.ID, End{All: true})
}

func (tx *Tx) onlyContact(a *records.Applicant, channel, to string) {
	clearContacts(a)
	a.Channel = channel
	tx.setContact(a, channel, to, true)
}

// handOver lets another account act for a holder in place of one, in the same role; consents to be acted for go with it. An account
// that nobody can sign in to and that acts for nobody else is closed.
func (tx *Tx) handOver(h *records.Holder, m *records.Member, old, into *records.Applicant, words Words) error {
	if reached(old) {
		if err := tx.tellAllOf(old, "recovery_moved", words); err != nil {
			return err
		}
	}
	m.State = flow.Closed
	tx.Update(m)
	if has := h.Member(into.ID); has == nil || has.Role != "owner" {
		if err := tx.joinAgain(h, into.ID, m.Role); err != nil {
			return err
		}
	}
	if h.Owner == old.ID {
		h.Owner = into.ID
		tx.Update(h)
	}
	given, err := records.All[*records.Consent](tx.DB, dbx.HashExp{"holder": h.ID, "applicant": old.ID, "state": string(flow.Active)})
	if err != nil {
		return err
	}
	for _, c := range given {
		c.Applicant = into.ID
		tx.Update(c)
	}
	left, err := records.HoldersOf(tx.DB, old.ID)
	if err != nil || reached(old) || slices.ContainsFunc(left, func(x *records.Holder) bool { return x.ID != h.ID }) {
		return err
	}
	old.State = flow.Closed
	tx.emptyAccount(old)
	return nil
}
