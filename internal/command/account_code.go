package command

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Codes prove that somebody reads a contact: six digits, good once, for ten minutes, void after five wrong tries. Asking
// answers the same whether or not the contact is known. Only the digest of a code is kept.

const (
	codeMinutes = 10
	codeTries   = 5
)

// Ask is a code to be sent.
type Ask struct {
	Purpose string // sign_in, confirm, reset, consent, withdraw, recovery, staff
	Channel string
	To      string // normal form
	Lang    string
	Person  string // row or browser that it is for
	Payload string // what to go on with, sealed
	Words   Words
	Mute    bool // nobody is told: the contact has no account, and whoever asks must not learn that
}

// AskCode sends a code and returns its ID. Refused with code_wait (seconds) within a minute of the last one, and with
// code_limit where a contact had too many.
func AskCode(ctx context.Context, d *Desk, by Caller, in Ask) (id string, err error) {
	number, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	digits := fmt.Sprintf("%06d", number)
	contact := d.Vault.Blind("contact", in.Channel+" "+in.To)
	return d.quiet(ctx, by, func(tx *Tx) (string, error) {
		if err := tx.codeAllowed(contact); err != nil {
			return "", err
		}
		c := &records.Code{Purpose: in.Purpose, Contact: contact, Person: in.Person, Until: records.Stamp(tx.Now.Add(codeMinutes * time.Minute))}
		c.ID, c.State = records.NewID(), flow.Open
		c.Digest = d.Vault.Blind("code", c.ID+" "+digits)
		c.Payload = tx.Seal(deskKey, "codes.payload "+c.ID, in.Payload)
		tx.Insert(c)
		words := Words{"code": digits, "minutes": fmt.Sprint(codeMinutes)}
		for k, v := range in.Words {
			words[k] = v
		}
		if in.Mute {
			return c.ID, nil
		}
		tx.tell(records.Message{Person: staffOf(in), Channel: in.Channel, Notice: codeNotice[in.Purpose]}, in.Lang, in.To, words)
		return c.ID, nil
	})
}

var codeNotice = map[string]string{
	"sign_in": "code_sign_in", "contact": "code_confirm", "confirm": "code_confirm", "reset": "code_reset", "consent": "code_consent", "withdraw": "code_confirm", "recovery": "code_recovery", "staff": "staff_code", "staff_reset": "code_reset",
}

func (tx *Tx) codeAllowed(contact string) error {
	sent, err := records.All[*records.Code](tx.DB, dbx.And(dbx.HashExp{"contact": contact}, dbx.NewExp("purpose<>'invite'"), // nobody asked for an invitation: who joins at once gets a code at once
		dbx.NewExp("made > {:since}", dbx.Params{"since": records.Stamp(tx.Now.Add(-24 * time.Hour))})), "made DESC")
	if err != nil {
		return err
	}
	if len(sent) > 0 && sent[0].State != flow.Closed { // whoever used the last one may need the next at once
		if wait := flow.LimitNamed("code_minute").Window - tx.Now.Sub(records.Moment(sent[0].Made)); wait > 0 {
			return flow.Refuse("code_wait", fmt.Sprint(int(wait.Seconds())+1))
		}
	}
	for _, l := range []flow.Limit{flow.LimitNamed("code_hour"), flow.LimitNamed("code_day")} {
		n := 0
		for _, c := range sent {
			if tx.Now.Sub(records.Moment(c.Made)) < l.Window {
				n++
			}
		}
		if n >= l.Count {
			return flow.Refuse("code_limit")
		}
	}
	return nil
}

// Proof is a code that was entered rightly.
type Proof struct {
	Purpose, Contact, Person, Payload string
}

// EnterCode proves a contact. Refused with code_wrong (tries left), code_void, code_late; a code is good once.
func EnterCode(ctx context.Context, d *Desk, by Caller, id, digits string) (Proof, error) {
	var p Proof
	var refused error
	_, err := d.quiet(ctx, by, func(tx *Tx) (string, error) {
		c, err := records.Load[*records.Code](tx.DB, id)
		if errors.Is(err, records.ErrNotFound) {
			return "", flow.Refuse("code_void")
		}
		if err != nil {
			return "", err
		}
		switch {
		case c.State != flow.Open || c.Tries >= codeTries:
			return "", flow.Refuse("code_void")
		case c.Until < tx.Stamp():
			return "", flow.Refuse("code_late")
		}
		c.Tries++
		tx.Update(c)
		if d.Vault.Blind("code", c.ID+" "+digits) != c.Digest {
			refused = flow.Refuse("code_wrong", fmt.Sprint(codeTries-c.Tries)) // the try is kept
			return "", nil
		}
		c.State = flow.Closed
		p = Proof{Purpose: c.Purpose, Contact: c.Contact, Person: c.Person}
		p.Payload, err = tx.Unseal(deskKey, "codes.payload "+c.ID, c.Payload)
		return "", err
	})
	return p, errors.Join(err, refused)
}

// SpendStep spends a step of a colleague's authenticator: that one and all before it are refused from then on with
// code_wrong, by another process and after a restart too.
func SpendStep(ctx context.Context, d *Desk, staff string, step int64) error {
	_, err := d.quiet(ctx, Of(staff), func(tx *Tx) (string, error) {
		first, err := tx.Raise("totp "+staff, step)
		if err == nil && !first {
			err = flow.Refuse("code_wrong", "")
		}
		return "", err
	})
	return err
}

// quiet runs a change of rows that only serve the running: no ledger entry, none of the ledger's tables.
func (d *Desk) quiet(ctx context.Context, by Caller, f func(tx *Tx) (string, error)) (id string, err error) {
	if id, err = d.quietly(ctx, by, f); err == nil && d.Committed != nil {
		d.Committed()
	}
	return id, err
}

// quietly is quiet for what gives senders and queues nothing to do.
func (d *Desk) quietly(ctx context.Context, by Caller, f func(tx *Tx) (string, error)) (id string, err error) {
	var tx *Tx
	err = d.App.RunInTransaction(func(txApp core.App) (err error) {
		tx = &Tx{Context: ctx, Desk: d, DB: txApp.DB(), Now: d.Now().UTC(), caller: by, answer: Words{}}
		if tx.Settings, err = records.Load[*records.Desk](tx.DB, records.DeskID); err != nil {
			return err
		}
		if id, err = f(tx); err != nil {
			return err
		}
		for _, e := range tx.effects {
			if records.Logged(e.row.Table()) {
				return fmt.Errorf("%s is written by acts only", e.row.Table())
			}
		}
		if err := errors.Join(tx.flush(), tx.failed); err != nil {
			return err
		}
		return fault.At("quiet.commit")
	})
	if err == nil {
		err = fault.At("quiet.committed")
	}
	if err != nil {
		return "", noted(err)
	}
	return id, nil
}

// Touch keeps a session alive that is in use.
func (d *Desk) Touch(ctx context.Context, s *records.Session) error {
	_, err := d.quiet(ctx, Caller{}, func(tx *Tx) (string, error) {
		row, err := records.Load[*records.Session](tx.DB, s.ID)
		if err != nil {
			return "", err
		}
		row.Seen = tx.Stamp()
		if row.Kind == "applicant" && !row.Shared {
			row.Until = records.Stamp(tx.Now.AddDate(0, 0, accountDays))
		}
		tx.Update(row)
		return "", nil
	})
	return err
}

// staffOf names the colleague that a second factor is for; other codes belong to nobody yet.
func staffOf(in Ask) string {
	if in.Purpose == "staff" {
		return in.Person
	}
	return ""
}
