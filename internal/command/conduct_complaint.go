package command

// Complaints reach who deals with them and nobody else: not the colleague whom they are about.

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Complaining is a complaint with the language and the contact of whoever makes it.
type Complaining struct {
	flow.Complaint
	Contact string `json:"contact"`
	Lang    string `json:"lang"`
}

// Complain opens a conduct case and tells those who deal with it. It answers with its reference, and never with whom it is about.
var Complain = Act[*records.Desk, Complaining]{flow.Complain, func(tx *Tx, _ *records.Desk, in Complaining) error {
	in.Text = strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n"))
	if err := flow.CheckComplaint(in.Complaint, in.Contact); err != nil {
		return err
	}
	c := &records.Conduct{Kind: in.Kind, Toward: in.Toward, Lang: in.Lang, DueOn: string(tx.Desk.Calendar.Add(tx.Today(), flow.ComplaintDays))}
	c.ID, c.State = records.NewID(), flow.Open
	if !tx.By.Has(flow.Guest) {
		c.Person = tx.By.ID
	}
	if err := tx.accuse(c, in.Complaint); err != nil {
		return err
	}
	n, err := tx.Number("K-" + year(tx.Today()))
	if err != nil {
		return err
	}
	c.Ref = flow.Number("K", tx.Year(), n)
	raw, err := json.Marshal(in.Complaint)
	if err != nil {
		return err
	}
	c.Text, c.Contact = tx.Seal(deskKey, "conduct_cases.text "+c.ID, string(raw)), tx.Seal(deskKey, "conduct_cases.contact "+c.ID, strings.TrimSpace(in.Contact))
	tx.Insert(c)
	tx.Answer("ref", c.Ref)
	return tx.tellHandlers(c, "complaint_received")
}}

// accuse finds out whom a complaint is about: the colleague who is named, otherwise who has or decided the case. Of namesakes it is the
// one with the case; where that does not tell them apart it stays open, and no manager hears of it if one of them is a manager.
func (tx *Tx) accuse(c *records.Conduct, in flow.Complaint) error {
	named, err := tx.namesakes(strings.TrimSpace(in.Name))
	if err != nil {
		return err
	}
	has := ""
	app, err := caseByRef(tx, in.Case)
	switch {
	case flow.Refused(err, "case_unknown"): // what was written is kept with the complaint
	case err != nil:
		return err
	default:
		if c.Application, has = app.ID, app.DecidedBy; app.Assignee != "" {
			has = app.Assignee
		}
	}
	is := func(what func(*records.Staff) bool) bool { return slices.ContainsFunc(named, what) }
	switch {
	case len(named) == 1:
		c.About = named[0].ID
	case is(func(s *records.Staff) bool { return s.ID == has }), len(named) == 0 && in.Toward != "manager":
		c.About = has
	case is(func(s *records.Staff) bool { return s.Person().Has(flow.Manager) }):
		c.Toward = "manager"
	}
	return nil
}

func (tx *Tx) namesakes(name string) (named []*records.Staff, err error) {
	all, err := tx.colleagues()
	for _, s := range all {
		if name != "" && s.Name == name {
			named = append(named, s)
		}
	}
	return named, err
}

func (tx *Tx) tellHandlers(c *records.Conduct, notice string) error {
	all, err := tx.colleagues()
	if err != nil {
		return err
	}
	handlers := records.HandlersOf(all, c)
	for _, s := range all {
		for _, id := range handlers {
			if s.ID == id {
				tx.TellStaff(s, notice, Words{"ref": c.Ref, "due": c.DueOn})
			}
		}
	}
	return nil
}

// ResolveConduct records what was found and what follows, tells whom it is about, and answers whoever complained. A measure of
// suspension is carried out in the same act.
var ResolveConduct = Act[*records.Conduct, flow.Resolution]{flow.Resolve, func(tx *Tx, c *records.Conduct, in flow.Resolution) error {
	if c.About == "" && in.About != "" {
		if in.About == tx.By.ID {
			return flow.Refuse("accused_self")
		}
		if _, err := tx.colleague(in.About); err != nil {
			return err
		}
		c.About = in.About
	}
	if err := flow.CheckResolution(in, c.About); err != nil {
		return err
	}
	c.Finding, c.Measure, c.DecidedBy, c.DecidedAt = in.Finding, in.Measure, tx.By.ID, tx.Stamp()
	c.Rule, c.Note = tx.Seal(deskKey, "conduct_cases.rule "+c.ID, strings.TrimSpace(in.Rule)), tx.Seal(deskKey, "conduct_cases.note "+c.ID, strings.TrimSpace(in.Note))
	c.AppealUntil = string(tx.Today().AddDays(flow.ConductAppealDays))
	tx.Update(c)
	tx.Because(strings.TrimSpace(in.Finding + " " + in.Measure))
	if err := tx.replyToComplaint(c, strings.TrimSpace(in.Reply)); err != nil {
		return err
	}
	if c.About == "" {
		return nil
	}
	s, err := tx.colleague(c.About)
	if err != nil {
		return err
	}
	tx.TellStaff(s, "conduct_resolved", Words{"ref": c.Ref, "until": c.AppealUntil})
	if in.Measure != "suspension" || s.SuspendedAt != "" {
		return nil
	}
	if s, err = records.Load[*records.Staff](tx.DB, s.ID); err != nil {
		return err
	}
	return Follow(tx, SuspendReviewer, s, Suspending{Why: c.Ref, Case: c.ID})
}}

func (tx *Tx) replyToComplaint(c *records.Conduct, reply string) error {
	contact, err := tx.Unseal(deskKey, "conduct_cases.contact "+c.ID, c.Contact)
	if err != nil || reply == "" {
		return err
	}
	words := Words{"ref": c.Ref, "answer": reply}
	if to, err := normalContact("mail", contact); err == nil {
		tx.TellContact("mail", to, c.Lang, "complaint_answered", words)
		return nil
	}
	if contact != "" {
		tx.tell(records.Message{Channel: "ring", Notice: "complaint_answered"}, c.Lang, contact, words)
		return nil
	}
	a, err := tx.account(c.Person)
	if err != nil {
		return noneIsFine(err) // nobody was signed in, or a colleague complained
	}
	return tx.TellAccount(a, "complaint_answered", words)
}

// AppealConduct is what the colleague says against a finding.
var AppealConduct = Act[*records.Conduct, Reasoned]{flow.Appeal, func(tx *Tx, c *records.Conduct, in Reasoned) error {
	text := strings.TrimSpace(in.Reason)
	if err := flow.CheckAppeal(text, 0, 0, flow.Day(c.AppealUntil), tx.Today()); err != nil {
		return err
	}
	c.Appeal, c.AppealedAt = tx.Seal(deskKey, "conduct_cases.appeal "+c.ID, text), tx.Stamp()
	tx.Update(c)
	return tx.tellHandlers(c, "conduct_appealed")
}}

// DecideConductAppeal answers it, by somebody who did not decide the case: the finding stands, or it is taken back together with
// the suspension that it led to.
var DecideConductAppeal = Act[*records.Conduct, flow.AppealAnswer]{flow.DecideAppeal, func(tx *Tx, c *records.Conduct, in flow.AppealAnswer) error {
	if err := flow.CheckConductAnswer(in); err != nil {
		return err
	}
	c.State, c.AnsweredBy, c.AnsweredAt = in.Outcome, tx.By.ID, tx.Stamp()
	c.Answer = tx.Seal(deskKey, "conduct_cases.answer "+c.ID, strings.TrimSpace(in.Text))
	tx.Update(c)
	tx.Because(string(in.Outcome))
	s, err := records.Load[*records.Staff](tx.DB, c.About)
	if err != nil {
		return err
	}
	tx.TellStaff(s, "conduct_appeal_decided", Words{"ref": c.Ref})
	if in.Outcome == flow.AppealChanged && s.SuspendedFor == c.ID && s.State == flow.Active {
		return Follow(tx, EndSuspension, s, Reasoned{Reason: c.Ref})
	}
	return nil
}}

// ConductText is what is sealed of a conduct case, opened.
type ConductText struct {
	flow.Complaint
	Contact, Rule, Note, Appeal, Answer string
}

// ConductText opens a conduct case; what was erased is empty.
func (d *Desk) ConductText(c *records.Conduct) (t ConductText, err error) {
	raw := ""
	for _, f := range []struct {
		column, sealed string
		into           *string
	}{{"text", c.Text, &raw}, {"contact", c.Contact, &t.Contact}, {"rule", c.Rule, &t.Rule}, {"note", c.Note, &t.Note}, {"appeal", c.Appeal, &t.Appeal}, {"answer", c.Answer, &t.Answer}} {
		if *f.into, err = d.Open(deskKey, "conduct_cases."+f.column+" "+c.ID, f.sealed); err != nil {
			return t, err
		}
	}
	if raw != "" {
		err = json.Unmarshal([]byte(raw), &t.Complaint)
	}
	return t, err
}

// ViewComplaint records that a colleague opened a conduct case: one entry for fifteen minutes.
var ViewComplaint = Act[*records.Conduct, Seen]{flow.ViewComplaint, func(tx *Tx, c *records.Conduct, _ Seen) error {
	return tx.viewed(c.ID)
}}

// ConductCases reads the conduct cases that somebody may see: those they deal with, for an auditor all, each without those about
// themselves that are open; and what was found about themselves.
func (d *Desk) ConductCases(db dbx.Builder, by flow.Person) (list []*records.Conduct, err error) {
	all, err := records.All[*records.Conduct](db, nil, "made DESC", "id DESC")
	if err != nil || len(all) == 0 {
		return nil, err
	}
	staff, err := records.Staffs(db, flow.Active)
	for _, c := range all {
		c.Meet(staff)
		if d.decision(by, c, flow.ViewComplaint).Allow {
			list = append(list, c)
		}
	}
	return list, err
}
