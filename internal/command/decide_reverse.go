package command

// Reversing an approval: proposed by a lead, agreed by a second person, who suspends the certificate by it, answered by the
// holder, decided by somebody without part in the approval who did not propose it. Nobody of them can end it alone.

import (
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Reverse says that an approval was wrong, and why. Nothing changes for the holder until a second person agrees, who gets it at
// once like a review task. Refused with nothing_to_reverse where the certificate is worth nothing any more.
var Reverse = Act[*records.Application, flow.Reversal]{flow.Reverse, func(tx *Tx, app *records.Application, in flow.Reversal) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if err := flow.CheckReversal(in, t); err != nil {
		return err
	}
	c, err := tx.standing(app)
	if err != nil {
		return err
	}
	r := &records.Reversal{Application: app.ID, Certificate: c.ID, By: tx.By.ID, Reasons: records.Join(in.Reasons)}
	r.ID, r.State = records.NewID(), flow.Open
	r.Text = tx.Seal(app.Key(), "reversals.text "+r.ID, unixed(in.Text))
	tx.Insert(r)
	tx.Said(in.Text)
	if app.Part, err = tx.part(app); err != nil {
		return err
	}
	app.Proposer, app.Assignee, app.AssignedAt, app.HandOn, app.Late = tx.By.ID, "", "", "", false
	tx.schedule(app, t)
	tx.Update(app)
	return Follow(tx, Assign, app, Handed{})
}}

func unixed(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// standing is the certificate that came of an approval, as long as it is worth something and no other approval behind it is
// being reversed.
func (tx *Tx) standing(app *records.Application) (*records.Certificate, error) {
	c, err := records.Standing(tx.DB, app.ID)
	if err == records.ErrNotFound {
		return nil, flow.Refuse("nothing_to_reverse")
	}
	if err == nil && c.Hearing != "" {
		return nil, flow.Refuse("in_hearing")
	}
	return c, err
}

// AgreeReversal suspends the certificate, and tells its holder why and until when they can answer.
var AgreeReversal = Act[*records.Application, Opinion]{flow.AgreeReversal, func(tx *Tx, app *records.Application, in Opinion) error {
	if err := flow.CheckComment(in.Comment, false); err != nil {
		return err
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	c, err := tx.standing(app)
	if err != nil {
		return err
	}
	r, err := tx.seconding(app, in.Comment)
	if err != nil {
		return err
	}
	due := flow.HearingUntil(t, tx.Today(), tx.Desk.Calendar)
	r.Due, r.Suspended = string(due), c.State == flow.Valid
	why, err := tx.Desk.Finding(app, r, t)
	if err != nil {
		return err
	}
	app.Assignee, app.AssignedAt, app.Deputy, app.HandOn, app.RemindOn, app.Late = "", "", "", "", "", false
	app.DueOn, app.AnswerDue, app.AnswerAskOn = r.Due, r.Due, string(nextReminder(due, t, tx.Today()))
	tx.Update(app)
	if err := tx.endTask(app, "reversal_agreed"); err != nil {
		return err
	}
	if err := tx.heardOn(c, app, why); err != nil {
		return err
	}
	return tx.TellCertificate(c, "hearing", Words{"type": t.Name.In(app.Lang), "ref": app.Ref, "until": r.Due, "reason": why})
}}

// seconding reads the reversal that waits for its second person, and enters who that is and what they say.
func (tx *Tx) seconding(app *records.Application, comment string) (*records.Reversal, error) {
	r, err := records.ReversalOf(tx.DB, app.ID)
	if err != nil {
		return nil, err
	}
	r.Second, r.Comment = tx.By.ID, tx.Seal(app.Key(), "reversals.comment "+r.ID, comment)
	tx.Said(comment)
	tx.Update(r)
	return r, nil
}

// heardOn suspends a certificate for as long as its holder is heard. One that is suspended already stays so, for its own reason.
func (tx *Tx) heardOn(c *records.Certificate, app *records.Application, why string) error {
	valid := c.State == flow.Valid
	return tx.standAs(c, flow.Suspend, valid, func() {
		if c.Hearing, c.Proposed = app.ID, ""; valid {
			c.Reason = tx.Seal(c.Key(), "certificates.reason "+c.ID, why)
		}
	})
}

// standAs changes a certificate as an act of its own, where it is one.
func (tx *Tx) standAs(c *records.Certificate, act flow.Act, really bool, change func()) error {
	if !really {
		change()
		tx.Update(c)
		return nil
	}
	return Follow(tx, Act[*records.Certificate, struct{}]{act, func(tx *Tx, c *records.Certificate, _ struct{}) error {
		change()
		tx.Update(c)
		return nil
	}}, c, struct{}{})
}

// Finding says why an approval is wrong as its holder reads it: the reasons of the type, and what was found.
func (d *Desk) Finding(app *records.Application, r *records.Reversal, t sdk.Type) (string, error) {
	text, err := d.Open(app.Key(), "reversals.text "+r.ID, r.Text)
	if err != nil {
		return "", err
	}
	reasons, err := flow.ReversalReasons(t, records.List(r.Reasons))
	if err != nil {
		return "", err
	}
	var lines []string
	for _, one := range reasons {
		lines = append(lines, one.Text.In(app.Lang))
	}
	return strings.Join(append(lines, text), "\n"), nil
}

// DropReversal is what a second person does who does not agree: the approval stands, and its holder never hears of it.
var DropReversal = Act[*records.Application, Opinion]{flow.DropReversal, func(tx *Tx, app *records.Application, in Opinion) error {
	if err := flow.CheckComment(in.Comment, true); err != nil {
		return err
	}
	r, err := tx.seconding(app, in.Comment)
	if err != nil {
		return err
	}
	r.State = flow.Challenged
	lead, err := tx.colleague(r.By)
	if err != nil {
		return err
	}
	tx.TellStaff(lead, "reversal_dropped", Words{"ref": app.Ref})
	return tx.settled(app, "reversal_dropped")
}}

// settled ends what began with Reverse: the case is its reviewer's again, as every closed one is.
func (tx *Tx) settled(app *records.Application, as string) error {
	app.Proposer, app.Deputy, app.HandOn, app.RemindOn, app.Late = "", "", "", "", false
	app.Assignee = app.DecidedBy
	tx.Update(app)
	return tx.endTask(app, as)
}

// AnswerHearing is what a holder says to it. It is kept with its attachments, and goes to whoever decides at once.
var AnswerHearing = Act[*records.Application, Written]{flow.AnswerHearing, func(tx *Tx, app *records.Application, in Written) error {
	text := unixed(in.Text)
	if err := flow.CheckHearing(text, len(in.Files)); err != nil {
		return err
	}
	r, err := records.ReversalOf(tx.DB, app.ID)
	if err != nil {
		return err
	}
	r.Answer = tx.Seal(app.Key(), "reversals.answer "+r.ID, text)
	r.AnsweredBy, r.AnsweredAt = tx.By.ID, tx.Stamp()
	tx.Update(r)
	if err := tx.attach(app, r.ID, in.Files); err != nil {
		return err
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if err := tx.decideNow(app, r, t); err != nil {
		return err
	}
	return tx.TellCase(app, "hearing_received", Words{"type": t.Name.In(app.Lang), "due": app.DueOn})
}}

// EndHearing goes on without an answer once the last day for it is past.
var EndHearing = Act[*records.Application, struct{}]{flow.EndHearing, func(tx *Tx, app *records.Application, _ struct{}) error {
	if err := flow.CheckHearingOver(flow.Day(app.AnswerDue), tx.Today()); err != nil {
		return err
	}
	r, err := records.ReversalOf(tx.DB, app.ID)
	if err != nil {
		return err
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	return tx.decideNow(app, r, t)
}}

// decideNow gives a case whose holder was heard to somebody new to it; to the second person where there is nobody else, and to
// nobody where they may not have it either: then the leads are told.
func (tx *Tx) decideNow(app *records.Application, r *records.Reversal, t sdk.Type) error {
	app.AnswerDue, app.AnswerAskOn, app.HandOn, app.Late = "", "", "", false
	tx.schedule(app, t)
	tx.Update(app)
	candidates, err := tx.candidates(app)
	if err != nil {
		return err
	}
	of := caseOf(app)
	of.Part = append(of.Part, r.Second)
	if chosen, why := flow.Choose(of, candidates); chosen != "" {
		return tx.give(app, chosen, why)
	}
	return Follow(tx, Assign, app, Handed{})
}

// DecideReversal ends it: the certificate is good again, or it is revoked. One that ended or was replaced meanwhile stays as it is.
var DecideReversal = Act[*records.Application, flow.ReversalAnswer]{flow.DecideReversal, func(tx *Tx, app *records.Application, in flow.ReversalAnswer) error {
	if err := flow.CheckReversalAnswer(in); err != nil {
		return err
	}
	r, err := records.ReversalOf(tx.DB, app.ID)
	if err != nil {
		return err
	}
	r.State, r.DecidedBy, r.DecidedAt = in.Outcome, tx.By.ID, tx.Stamp()
	r.Decision = tx.Seal(app.Key(), "reversals.decision "+r.ID, in.Text)
	tx.Update(r)
	tx.Because(string(in.Outcome))
	tx.Said(in.Text)
	if app.State = flow.Approved; in.Outcome == flow.Reversed {
		if err := tx.undo(app); err != nil {
			return err
		}
	}
	if err := tx.settled(app, "reversal_decided"); err != nil {
		return err
	}
	return tx.heardAll(app, r, in)
}}

// undo lets the result of a case stand no longer.
func (tx *Tx) undo(app *records.Application) error {
	d, err := made(tx, app, flow.Sent)
	if err != nil {
		return err
	}
	d.State = flow.Superseded
	tx.Update(d)
	app.State, app.ClosedAt = flow.Reversed, tx.Stamp()
	return nil
}

// heardAll does to the certificate what was decided, and tells its holder. What was suspended before stays suspended if the approval
// stands.
func (tx *Tx) heardAll(app *records.Application, r *records.Reversal, in flow.ReversalAnswer) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	c, err := records.Find[*records.Certificate](tx.DB, dbx.HashExp{"hearing": app.ID})
	if err != nil {
		return err
	}
	act, worth := flow.Reinstate, r.Suspended && c.State == flow.Suspended
	if in.Outcome == flow.Reversed {
		act, worth = flow.Revoke, c.State == flow.Suspended || c.State == flow.Valid
	}
	err = tx.standAs(c, act, worth, func() {
		if c.Hearing = ""; worth {
			c.Reason = tx.Seal(c.Key(), "certificates.reason "+c.ID, in.Text)
		}
	})
	if err != nil {
		return err
	}
	return tx.TellCertificate(c, "reversal_"+string(in.Outcome), Words{"type": t.Name.In(app.Lang), "ref": app.Ref, "answer": in.Text, "again": map[bool]string{true: "yes"}[worth]})
}
