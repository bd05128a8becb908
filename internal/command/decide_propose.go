package command

// Four eyes: a proposal goes to a second person like a review task; confirmed it is decided, challenged or overtaken by other
// evidence it returns to whoever proposed it.

import (
	"slices"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Propose makes the result of a case whose type asks for a second person, who gets it at once: the least loaded of those who
// may have it. It is not in force until it is confirmed.
var Propose = Act[*records.Application, Result]{flow.Propose, func(tx *Tx, app *records.Application, in Result) error {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	if err := flow.CheckTogether(t); err != nil {
		return err
	}
	d := newDecision(app, tx.By.ID, flow.Proposed)
	if err := tx.weigh(app, t, in, d); err != nil {
		return err
	}
	tx.Insert(d)
	app.Proposer, app.Assignee, app.AssignedAt, app.HandOn = tx.By.ID, "", "", ""
	tx.Update(app)
	return Follow(tx, Assign, app, Handed{})
}}

// Opinion is what a second person says of a proposal.
type Opinion struct {
	Comment string `json:"comment"`
}

// Confirm lets a proposal be the decision. It is weighed again, as of today: what no longer carries it is refused.
var Confirm = Act[*records.Application, Opinion]{flow.Confirm, func(tx *Tx, app *records.Application, in Opinion) error {
	if err := flow.CheckComment(in.Comment, false); err != nil {
		return err
	}
	d, t, result, err := tx.proposal(app)
	if err != nil {
		return err
	}
	if err := tx.weigh(app, t, result, d); err != nil {
		return err
	}
	d.State = flow.Pending
	tx.seconded(app, d, in.Comment)
	app.SecondedBy, app.Assignee = tx.By.ID, app.Proposer
	return tx.decided(app, d)
}}

// Challenge returns a proposal to whoever made it, with a comment.
var Challenge = Act[*records.Application, Opinion]{flow.Challenge, func(tx *Tx, app *records.Application, in Opinion) error {
	if err := flow.CheckComment(in.Comment, true); err != nil {
		return err
	}
	d, err := tx.unpropose(app, flow.Challenged)
	if err != nil {
		return err
	}
	tx.seconded(app, d, in.Comment)
	return tx.returned(app)
}}

// void ends a proposal that its maker takes back, or whose evidence has changed: they have the case again.
func (tx *Tx) void(app *records.Application) error {
	_, err := tx.unpropose(app, flow.Withdrawn)
	if err == nil {
		tx.newTask(app, app.Assignee, nil)
	}
	return err
}

// unpropose ends a proposal as this; the case is its reviewer's, in review.
func (tx *Tx) unpropose(app *records.Application, as flow.State) (*records.Decision, error) {
	if err := tx.endTask(app, string(as)); err != nil {
		return nil, err
	}
	app.State, app.Assignee, app.AssignedAt = flow.InReview, app.Proposer, tx.Stamp()
	tx.handOnLater(app) // a late one is theirs for as long as one that was handed on
	return tx.dropProposal(app, as)
}

func (tx *Tx) dropProposal(app *records.Application, as flow.State) (*records.Decision, error) {
	d, err := made(tx, app, flow.Proposed)
	if err != nil {
		return nil, err
	}
	d.State, app.Proposer = as, ""
	tx.Update(d)
	tx.Update(app)
	return d, nil
}

// seconded enters who looked at a proposal, and what they said.
func (tx *Tx) seconded(app *records.Application, d *records.Decision, comment string) {
	d.Second, d.Comment = tx.By.ID, tx.Seal(app.Key(), "decisions.comment "+d.ID, comment)
	tx.Said(comment)
	tx.Update(d)
}

// overtaken voids the proposal of a case whose evidence an act has changed: answers, documents or verdicts. Whatever the
// act is, the second person never confirms what the first has not seen.
func (tx *Tx) overtaken(row records.Target) error {
	app, ok := row.(*records.Application)
	if !ok || app.State != flow.Proposed || !tx.evidence(app) {
		return nil
	}
	return Follow(tx, Act[*records.Application, struct{}]{flow.TakeBack, func(tx *Tx, app *records.Application, _ struct{}) error {
		return tx.void(app)
	}}, app, struct{}{})
}

// evidence reports whether what was noted so far changes what a case is decided by.
func (tx *Tx) evidence(app *records.Application) bool {
	return slices.ContainsFunc(tx.effects, func(e effect) bool {
		switch row := e.row.(type) {
		case *records.Document:
			return row.Application == app.ID
		case *records.Verdict:
			return row.Application == app.ID
		case *records.Application:
			return row.ID == app.ID && slices.ContainsFunc(records.Changed(row), func(c records.Column) bool { return c.Name == "answers" })
		}
		return false
	})
}

// proposal reads what was proposed, as the input of a decision.
func (tx *Tx) proposal(app *records.Application) (*records.Decision, sdk.Type, Result, error) {
	t, err := tx.Type(app.Digest)
	if err != nil {
		return nil, t, Result{}, err
	}
	d, err := made(tx, app, flow.Proposed)
	if err != nil {
		return nil, t, Result{}, err
	}
	extra, err := tx.Unseal(app.Key(), "decisions.extra "+d.ID, d.Extra)
	return d, t, Result{Outcome: d.Outcome, Reasons: records.List(d.Reasons), Extra: extra}, err
}

// returned gives a challenged case back to its reviewer and tells them; whoever may not have it any more is passed over.
func (tx *Tx) returned(app *records.Application) error {
	s, err := tx.colleague(app.Assignee)
	if err != nil {
		return err
	}
	if _, may := flow.MayHave(caseOf(app), tx.candidate(app, s, 0)); !may || !s.Person().Has(flow.Reviewer) {
		app.State, app.Assignee, app.AssignedAt = flow.Submitted, "", ""
		if err := tx.flush(); err != nil { // the task is over before the next begins
			return err
		}
		return Follow(tx, Assign, app, Handed{})
	}
	tx.newTask(app, s.ID, nil)
	tx.TellStaff(s, "challenged", Words{"ref": app.Ref, "due": app.DueOn})
	return nil
}
