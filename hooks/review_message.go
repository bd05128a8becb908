package hooks

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// The correspondence of a case: one page for the applicant, a part of the case page for colleagues. Attachments come in as
// evidence does: sealed while they arrive, looked at in the locked-up child, shown as pages drawn anew.

const messageBody = (flow.MessageFiles + 1) * maxFileMB << 20

// message reads a form with a message and performs the act. What was entered comes back with any refusal.
func (c *call) message(app *records.Application) (r command.Receipt, entered map[string]string, err error) {
	in, err := c.receive(app.Key(), flow.MessageFiles+1)
	entered = in.fields
	if err != nil {
		return r, entered, err
	}
	written := command.Written{Text: in.fields["text"]}
	if err := c.mayWrite(written, &in); err != nil {
		c.s.drop(&in)
		return r, entered, err
	}
	if err := c.s.storeAll(c.ctx(), app.Key(), &in); err != nil {
		return r, entered, err
	}
	written.Files = in.stored
	r, err = command.Deposit(c.ctx(), c.s.Desk, c.by, command.Message, command.At{ID: app.ID, Key: in.key()}, written, in.stored...)
	return r, entered, err
}

// mayWrite says what is wrong before any file is looked at: too long, too often, no room.
func (c *call) mayWrite(w command.Written, in *received) error {
	if err := flow.CheckMessage(w.Text, len(in.files)); err != nil {
		return err
	}
	limits := []string{"message_hour", "message_day"}
	if c.by.Role != flow.Applicant {
		limits = []string{"message_person"}
	}
	for _, name := range limits {
		if err := c.limitOnce(name, c.by.ID, in.key()); err != nil {
			return err
		}
	}
	for range in.files {
		if err := c.countUpload(); err != nil {
			return err
		}
	}
	if len(in.files) > 0 {
		return c.s.Desk.Room(flow.AddDocument)
	}
	return nil
}

// messagesPage shows an applicant the correspondence of their case.
func messagesPage(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	return c.messages(d, nil, nil)
}

func (c *call) messages(d *draft, err error, values map[string]string) error {
	if d.Row.Ref == "" { // nobody reads a draft: there is nobody to write to
		return c.seeOther(d.path(""))
	}
	v := ui.Messages{Form: c.form(d.path("/messages"), err, values), Case: c.head(d), State: string(flow.Outside(d.Row.State)), Closed: slices.Contains(closedStates, flow.Outside(d.Row.State)),
		MaxMB: maxFileMB, MaxFiles: flow.MessageFiles, MaxRunes: flow.MessageRunes}
	v.Case.Messages = "" // it is this page
	if t := c.uploadTrouble(err); t != "" {
		v.Form.Errors = []ui.FieldError{{Field: "file", Text: t}}
	}
	if v.News {
		v.Read = d.path("/messages/read")
	}
	var look error
	if v.Entries, look = c.said(d); look != nil {
		return look
	}
	if v.NeedsAgree, look = c.needsAgree(d, d.path("/messages")); look != nil {
		return look
	}
	return c.showAs(formStatus(err), "review/messages", v, back(d.path("")))
}

var closedStates = []flow.State{flow.Approved, flow.Rejected, flow.Withdrawn, flow.Lapsed, flow.Reversed}

// said is the correspondence as the applicant may see it: of a call what came of it, not what was noted.
func (c *call) said(d *draft) ([]ui.Said, error) {
	entries, files, err := correspondence(c.s.Desk, d.Row)
	var list []ui.Said
	for _, e := range entries {
		s := ui.Said{By: "desk", At: c.when(e.Made), Call: e.Outcome, Text: e.text, New: e.Side == flow.SideDesk && e.Kind == flow.KindMessage && e.ReadAt == ""}
		switch {
		case e.Kind == flow.KindCall:
			s.Text = ""
		case e.Side == flow.SideApplicant && e.By == c.by.ID:
			s.By, s.Read = "you", c.when(e.ReadAt)
		case e.Side == flow.SideApplicant:
			s.By, s.Read = "other", c.when(e.ReadAt)
		}
		var trouble error
		if s.Files, trouble = c.sentFiles(d, files[e.ID]); trouble != nil {
			return nil, trouble
		}
		list = append(list, s)
	}
	return list, err
}

// sentFiles are documents as the page of whoever sent them shows them.
func (c *call) sentFiles(d *draft, rows []*records.Document) (list []ui.File, err error) {
	for _, f := range rows {
		name, err := c.s.Desk.Open(d.Row.Key(), "documents.name "+f.ID, f.Name)
		if err != nil {
			return nil, err
		}
		at := d.path("/documents/" + f.ID + "/")
		list = append(list, ui.File{ID: f.ID, Name: name, Size: size(f.Bytes), Pages: int(f.Pages), Thumb: at + "1", View: at})
	}
	return list, nil
}

// sentWith are the documents that came with one entry of a case.
func (c *call) sentWith(d *draft, entry string) ([]ui.File, error) {
	rows, err := records.All[*records.Document](c.s.Desk.App.DB(), dbx.HashExp{"application": d.Row.ID, "entry": entry, "state": string(flow.Kept)})
	if err != nil {
		return nil, err
	}
	return c.sentFiles(d, rows)
}

// opened is an entry of a correspondence with what is sealed in it.
type opened struct {
	*records.Correspondence
	text, number string
}

// correspondence opens what was said on a case, with the attachments of each entry.
func correspondence(d *command.Desk, app *records.Application) ([]opened, map[string][]*records.Document, error) {
	rows, err := records.CorrespondenceOf(d.App.DB(), app.ID)
	if err != nil {
		return nil, nil, err
	}
	var list []opened
	for _, row := range rows {
		o := opened{Correspondence: row}
		if o.text, err = d.Open(app.Key(), "correspondence.text "+row.ID, row.Text); err != nil {
			return nil, nil, err
		}
		if o.number, err = d.Open(app.Key(), "correspondence.number "+row.ID, row.Number); err != nil {
			return nil, nil, err
		}
		list = append(list, o)
	}
	attached, err := records.Attachments(d.App.DB(), app.ID)
	files := map[string][]*records.Document{}
	for _, f := range attached {
		files[f.Entry] = append(files[f.Entry], f)
	}
	return list, files, err
}

// messagesPost keeps what an applicant wrote.
func messagesPost(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	_, entered, err := c.message(d.Row)
	if expected(err) && !flow.Refused(err, "not_now") || isUpload(err) {
		return c.messages(d, err, entered)
	}
	if err != nil {
		return err
	}
	if slices.Contains(closedStates, d.Row.State) {
		return c.seeOther(d.path("/messages"), "message_closed")
	}
	return c.seeOther(d.path("/messages"), "message")
}

// messagesRead notes that an applicant has read what the desk wrote.
func messagesRead(c *call) error {
	if _, err := run(c, command.MarkRead, c.id(), struct{}{}); err != nil {
		return err
	}
	return c.seeOther("/applications/" + c.id() + "/messages")
}

// deskMessage keeps what a colleague wrote. It is a form with files, not JSON.
func deskMessage(c *call) error {
	v, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, flow.Message, c.id())
	if err != nil {
		return err
	}
	r, _, err := c.message(v.Row)
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, r)
}

// caseEntry is one entry of the correspondence as colleagues see it.
type caseEntry struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Side    string   `json:"side"`
	Who     string   `json:"who"`
	At      string   `json:"at"`
	Text    string   `json:"text"`
	Number  string   `json:"number,omitempty"`
	Outcome string   `json:"outcome,omitempty"`
	NextOn  string   `json:"nextOn,omitempty"`
	ReadAt  string   `json:"readAt,omitempty"`
	Files   []string `json:"files,omitempty"` // of the documents
}

// caseTalk adds the correspondence; its attachments stand among the documents, after the evidence.
func (c *call) caseTalk(p *casePage, v command.View[*records.Application], _ sdk.Type, names map[string]string) error {
	d, app := c.s.Desk, v.Row
	p.Messages, p.Unread, p.CallOn = []caseEntry{}, app.Unread, app.CallOn
	entries, files, err := correspondence(d, app)
	if err != nil {
		return err
	}
	n := 0
	for _, e := range entries {
		line := caseEntry{ID: e.ID, Kind: e.Kind, Side: e.Side, Who: names[e.By], At: e.Made, Text: e.text, Number: e.number, Outcome: e.Outcome, NextOn: e.NextOn, ReadAt: e.ReadAt}
		for _, f := range files[e.ID] {
			name, err := d.Open(app.Key(), "documents.name "+f.ID, f.Name)
			if err != nil {
				return err
			}
			n++
			label := sdk.Text{ZhHans: "附件 " + strconv.Itoa(n), En: "Attachment " + strconv.Itoa(n)}
			p.Documents = append(p.Documents, caseDocument{f.ID, "", label, name, f.Media, f.Pages, f.Width, f.Height, f.Bytes, f.Made, "", false, e.ID})
			line.Files = append(line.Files, f.ID)
		}
		p.Messages = append(p.Messages, line)
	}
	who, err := records.Load[*records.Applicant](d.App.DB(), app.Speaker())
	if err == nil && who.PhoneOK {
		p.Phone, err = d.AccountPhone(who)
	}
	return err
}
