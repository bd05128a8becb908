package command

import (
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Handed says to whom a case goes, or why it is given back.
type Handed struct {
	To  string `json:"to,omitempty"`
	Why string `json:"why,omitempty"`

	back  []string // who gave it back: it goes to somebody else
	fresh bool     // nobody ever had it: there is no task to end
}

// Assign makes the review task and gives it to somebody at once; the reasons, for every colleague, are kept with it.
// Nobody available leaves the case unassigned, and the leads are told.
var Assign = Act[*records.Application, Handed]{flow.Assign, func(tx *Tx, app *records.Application, in Handed) error {
	candidates, err := tx.candidates(app)
	if err != nil {
		return err
	}
	candidates = slices.DeleteFunc(candidates, func(c flow.Candidate) bool { return slices.Contains(in.back, c.ID) })
	chosen, reasons := flow.Choose(caseOf(app), candidates)
	if chosen == "" && len(tx.steps) == 1 { // somebody asks for just this
		return flow.Refuse("nobody_fits")
	}
	if chosen == "" {
		if err := tx.endTask(app, "handed_on"); err != nil {
			return err
		}
		tx.newTask(app, "", reasons)
		tx.Update(app)
		return tx.TellRole(flow.Lead, "unassigned", Words{"ref": app.Ref})
	}
	if in.fresh {
		return tx.hand(app, chosen, reasons)
	}
	return tx.give(app, chosen, reasons)
}}

// give hands a case to a colleague, whoever had it, and tells them.
func (tx *Tx) give(app *records.Application, to string, reasons []flow.Why) error {
	if err := tx.endTask(app, "handed_on"); err != nil {
		return err
	}
	return tx.hand(app, to, reasons)
}

// candidates are the active reviewers with their present load.
func (tx *Tx) candidates(app *records.Application) ([]flow.Candidate, error) {
	all, err := tx.colleagues()
	if err != nil {
		return nil, err
	}
	loads, err := records.Loads(tx.DB)
	if err != nil {
		return nil, err
	}
	var list []flow.Candidate
	for _, s := range all {
		if !slices.Contains(records.List(s.Roles), string(flow.Reviewer)) {
			continue
		}
		list = append(list, tx.candidate(app, s, loads[s.ID]))
	}
	return list, nil
}

// candidate is a colleague as assignment sees them for a case.
func (tx *Tx) candidate(app *records.Application, s *records.Staff, load int) flow.Candidate {
	p := s.Person()
	return flow.Candidate{ID: s.ID, Types: p.Types, Present: !s.Absent(tx.Today()), Capacity: int(s.Capacity), Load: load,
		Suspended: s.SuspendedAt != "", Unpledged: s.Unpledged(tx.Today()), Blinds: p.Blinds, LastAssigned: s.LastAssigned, Conflicts: declared(app, s.ID)}
}

// caseOf is what assignment looks at of a case.
func caseOf(app *records.Application) flow.Case {
	s := app.Subject()
	c := flow.Case{ID: app.ID, Type: app.Type, Persons: s.Blinds, Attester: s.Attester, TakenBy: s.Taker, Applicant: app.Applicant}
	switch app.State {
	case flow.Proposed:
		c.Part = []string{s.Proposer}
	case flow.Appealed:
		c.Part = s.Decided
	case flow.Questioned, flow.Heard:
		c.Part = append(s.Decided, s.Proposer)
	}
	return c
}

func declared(app *records.Application, staff string) []string {
	if slices.Contains(records.List(app.Declared), staff) {
		return []string{app.ID}
	}
	return nil
}

func (tx *Tx) newTask(app *records.Application, to string, reasons []flow.Why) {
	t := &records.Task{Application: app.ID, Assignee: to, Why: why(reasons)}
	t.State = flow.Open
	tx.Insert(t)
}

// hand does so with a case that nobody has.
func (tx *Tx) hand(app *records.Application, to string, reasons []flow.Why) error {
	s, err := tx.colleague(to)
	if err != nil {
		return err
	}
	tx.newTask(app, to, reasons)
	s.LastAssigned = tx.Stamp()
	tx.Update(s)
	app.Assignee, app.AssignedAt, app.Deputy = to, tx.Stamp(), ""
	notice := "assigned"
	switch {
	case flow.Elsewhere(app.State):
		notice = string(app.State)
	case app.Late:
		notice = "overdue"
	}
	if !flow.Elsewhere(app.State) {
		app.State = flow.InReview
	}
	tx.handOnLater(app)
	tx.Update(app)
	tx.TellStaff(s, notice, Words{"ref": app.Ref, "due": app.DueOn})
	return nil
}

// endTask closes the open task of a case.
func (tx *Tx) endTask(app *records.Application, as string) error {
	open, err := records.All[*records.Task](tx.DB, dbx.HashExp{"application": app.ID, "state": string(flow.Open)})
	for _, t := range open {
		t.State, t.EndedAt, t.EndedAs = flow.Closed, tx.Stamp(), as
		tx.Update(t)
	}
	return err
}

// fit refuses a colleague for whom a case is not: the same rule as Assign, for one person.
func (tx *Tx) fit(app *records.Application, to string, full bool) ([]flow.Why, error) {
	candidates, err := tx.candidates(app)
	if err != nil {
		return nil, err
	}
	for _, c := range candidates {
		if c.ID != to {
			continue
		}
		if full {
			c.Capacity = max(c.Capacity, c.Load+1)
		}
		if to == app.Assignee { // what comes back is no new case
			c.Unpledged = false
		}
		chosen, reasons := flow.Choose(caseOf(app), []flow.Candidate{c})
		if chosen == "" {
			return nil, flow.Refuse("not_fit", string(reasons[0].Verdict))
		}
		return reasons, nil
	}
	return nil, flow.Refuse("not_fit", "not_qualified")
}

// Claim takes an unassigned case; one that somebody has is handed on, not taken.
var Claim = Act[*records.Application, Handed]{flow.Claim, func(tx *Tx, app *records.Application, _ Handed) error {
	if app.Assignee != "" {
		return flow.Refuse("not_now", string(flow.Claim), string(app.State))
	}
	reasons, err := tx.fit(app, tx.By.ID, true)
	if err != nil {
		return err
	}
	return tx.give(app, tx.By.ID, reasons)
}}

// Release gives a case back; it is assigned again at once, to somebody else if there is anybody, otherwise to nobody.
var Release = Act[*records.Application, Handed]{flow.Release, func(tx *Tx, app *records.Application, in Handed) error {
	return tx.giveBack(app, "released", in.Why)
}}

// DeclareConflict gives a case back for a conflict of interest; it does not come to this colleague again.
var DeclareConflict = Act[*records.Application, Handed]{flow.DeclareConflict, func(tx *Tx, app *records.Application, in Handed) error {
	if in.Why == "" {
		return flow.Refuse("reason_needed")
	}
	app.Declared = records.Join(append(records.List(app.Declared), app.Assignee)) // a lead may say it for the one who has it
	return tx.giveBack(app, "conflict", in.Why)
}}

// giveBack takes a case from its colleague and assigns it anew, to none of those who had it.
func (tx *Tx) giveBack(app *records.Application, as, reason string, had ...string) error {
	tx.Said(reason)
	if err := tx.endTask(app, as); err != nil {
		return err
	}
	back := append(had, app.Assignee)
	app.Assignee, app.AssignedAt, app.HandOn, app.Deputy = "", "", "", ""
	if !flow.Elsewhere(app.State) {
		app.State = flow.Submitted
	}
	tx.Update(app)
	if err := tx.flush(); err != nil { // what is closed and who is free is read again
		return err
	}
	return Follow(tx, Assign, app, Handed{back: back})
}

// Reassign hands a case to a colleague whom a lead chose. Capacity may be exceeded, nothing else.
var Reassign = Act[*records.Application, Handed]{flow.Reassign, func(tx *Tx, app *records.Application, in Handed) error {
	reasons, err := tx.fit(app, in.To, true)
	if err != nil {
		return err
	}
	tx.Said(in.Why)
	return tx.give(app, in.To, reasons)
}}
