package command

import (
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Contact with the applicant stays on the case: messages both ways, sealed like the case itself, and the calls. Colleagues
// are not mailed about each: what is unread stands out in the queue. Notes are internal and are not part of it.

// Written is a message: words, attachments that were stored before, or both.
type Written struct {
	Text  string   `json:"text"`
	Files []Stored `json:"files,omitempty"`
}

// Message keeps what applicant or desk write to each other, at any time after the case was handed in: a closed case keeps it
// too. Whoever answers has read what came before. The applicant is told by their channel that there is something to read,
// not what; the desk sees the case as unread.
var Message = Act[*records.Application, Written]{flow.Message, func(tx *Tx, app *records.Application, in Written) error {
	text, side := strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n")), flow.SideOf(tx.By)
	if err := flow.CheckMessage(text, len(in.Files)); err != nil {
		return err
	}
	if side == flow.SideApplicant && len(in.Files) > 0 {
		if err := tx.agreed(app); err != nil {
			return err
		}
	}
	if err := tx.readBy(app, side); err != nil {
		return err
	}
	m := tx.entry(app, flow.KindMessage, side)
	m.Text = tx.Seal(app.Key(), "correspondence.text "+m.ID, text)
	tx.Insert(m)
	for _, f := range in.Files {
		d := f.row(tx)
		d.Application, d.Entry = app.ID, m.ID
		d.Name = tx.Seal(app.Key(), "documents.name "+d.ID, f.Name)
		tx.Insert(d)
	}
	tx.Update(app)
	tx.Answer("id", m.ID)
	if side == flow.SideApplicant {
		app.Unread = earlier(app.Unread, tx.Stamp())
		return nil
	}
	app.Unseen = earlier(app.Unseen, tx.Stamp())
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	return tx.TellCase(app, "message_waits", Words{"type": t.Name.In(app.Lang)})
}}

func (tx *Tx) entry(app *records.Application, kind, side string) *records.Correspondence {
	m := &records.Correspondence{Application: app.ID, Kind: kind, Side: side, By: tx.By.ID}
	m.ID, m.State = records.NewID(), flow.Kept
	return m
}

// earlier is the first of two moments; an empty one is none.
func earlier(a, b string) string {
	if a != "" && a < b {
		return a
	}
	return b
}

// MarkRead notes that one side has read what the other wrote, and needs not answer.
var MarkRead = Act[*records.Application, struct{}]{flow.MarkRead, func(tx *Tx, app *records.Application, _ struct{}) error {
	tx.Update(app)
	return tx.readBy(app, flow.SideOf(tx.By))
}}

// readBy marks what the other side wrote as read by now.
func (tx *Tx) readBy(app *records.Application, side string) error {
	unread := &app.Unread
	if side == flow.SideApplicant {
		unread = &app.Unseen
	}
	if *unread == "" {
		return nil
	}
	*unread = ""
	open, err := records.All[*records.Correspondence](tx.DB, dbx.And(dbx.HashExp{"application": app.ID, "kind": flow.KindMessage, "read_at": ""}, dbx.Not(dbx.HashExp{"side": side})))
	for _, m := range open {
		m.ReadAt = tx.Stamp()
		tx.Update(m)
	}
	return err
}

// CaseCall is a call to somebody about their case.
type CaseCall struct {
	Number  string `json:"number"` // which was rung
	Outcome string `json:"outcome"`
	Note    string `json:"note"`   // what was said, for colleagues
	NextOn  string `json:"nextOn"` // the day of the next try
}

// LogCaseCall keeps a call on the case. The day of the next try stands on the case row; a call without one takes it away.
var LogCaseCall = Act[*records.Application, CaseCall]{flow.LogCall, func(tx *Tx, app *records.Application, in CaseCall) error {
	if err := flow.CheckCall(in.Outcome, in.Note, flow.Day(in.NextOn), tx.Today()); err != nil {
		return err
	}
	number, err := normalContact("sms", in.Number)
	if err != nil {
		return err
	}
	c := tx.entry(app, flow.KindCall, flow.SideDesk)
	c.Outcome, c.NextOn = in.Outcome, in.NextOn
	c.Number = tx.Seal(app.Key(), "correspondence.number "+c.ID, number)
	c.Text = tx.Seal(app.Key(), "correspondence.text "+c.ID, strings.TrimSpace(in.Note))
	tx.Insert(c)
	app.CallOn = in.NextOn
	tx.Update(app)
	tx.Because(in.Outcome)
	tx.Answer("id", c.ID)
	return nil
}}
