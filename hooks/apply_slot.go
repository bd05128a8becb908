package hooks

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/credential"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
	"github.com/certdesk/certdesk/ui"
)

// One slot a page: a picture is looked at in the locked-up child, re-rendered, sealed and stored; only then the act begins.

const (
	maxFileMB  = 10
	uploadBody = 40 << 20 // what is taken off the line, so that the browser shows the answer instead of a broken connection
)

func slotPage(c *call) error {
	d, err := c.draft(flow.SeeDraft)
	if err != nil {
		return err
	}
	return c.slot(d, nil)
}

func (c *call) slot(d *draft, err error) error {
	id := c.e.Request.PathValue("slot")
	before, after, step, of := d.around("/slot/" + id)
	if step == 0 {
		return c.seeOther(d.resume())
	}
	var s sdk.Slot
	for _, x := range d.t.Slots {
		if x.ID == id {
			s = x
		}
	}
	ret := c.e.Request.URL.Query().Get("return") != ""
	if ret {
		before, after = d.path("/check"), d.path("/check")
	}
	v := c.slotView(d, s)
	v.Form, v.Next, v.Step, v.Of, v.Percent, v.Return = c.form(d.path("/slot/"+id), err, nil), after, step, of, 100*step/of, ret
	if t := c.uploadTrouble(err); t != "" {
		v.Form.Errors = []ui.FieldError{{Field: "file", Text: t}}
	}
	if s.Attestable && d.t.Attested {
		v.VisitCode, v.Attested = d.Row.VisitCode, d.Row.AttestedBy != ""
	}
	for _, x := range check.Slots(d.t, d.a) {
		if x.OneOf != "" && x.OneOf == s.OneOf && x.ID != id {
			v.OneOf = append(v.OneOf, x.Name.In(c.lang))
		}
	}
	v.Files = c.files(d, id)
	remarks, look := c.remarks(d)
	if look != nil {
		return look
	}
	v.Remark = remarks[id]
	if v.NeedsAgree, look = c.needsAgree(d, d.path("/slot/"+id)); look != nil {
		return look
	}
	return c.showAs(formStatus(err), "apply/slot", v, back(before))
}

// slotView is what a slot asks for, wherever it is asked.
func (c *call) slotView(d *draft, s sdk.Slot) ui.Slot {
	v := ui.Slot{Case: c.head(d), Slot: s.ID, Name: s.Name.In(c.lang), Hint: s.Hint.In(c.lang), Optional: s.Optional, MaxMB: maxFileMB, MaxFiles: max(1, s.Files),
		Pictures: s.Takes("image/jpeg"), PDF: s.Takes("application/pdf"), Camera: s.Takes("image/jpeg"), Today: string(d.Today)}
	if s.DayCode {
		v.DayCode = c.s.Desk.DayCode(d.Row, d.Today)
	}
	if s.Form != nil {
		v.Blank = "/types/" + d.t.ID + "/forms/" + s.ID
	}
	return v
}

// needsAgree is where the consent for identity documents is given, with the way back; "" where it is given.
func (c *call) needsAgree(d *draft, next string) (string, error) {
	agreed, err := c.s.Desk.IdentityAgreed(c.by.ID, d.Row)
	if err != nil || agreed {
		return "", err
	}
	return "/consent?next=" + next, nil
}

const blurred = 60

func (c *call) files(d *draft, slot string) []ui.File { return c.filesOf(d, d.docs, slot, "") }

// filesOf shows documents of a slot; part names the pages that they can be removed on.
func (c *call) filesOf(d *draft, docs []*records.Document, slot, part string) []ui.File {
	var list []ui.File
	for _, doc := range docs {
		if doc.Slot != slot {
			continue
		}
		name, _ := c.s.Desk.Open(d.Row.Key(), "documents.name "+doc.ID, doc.Name)
		list = append(list, ui.File{ID: doc.ID, Name: name, Size: size(doc.Bytes), At: c.when(doc.Made), Pages: int(doc.Pages), Thumb: d.path("/documents/" + doc.ID + "/1"),
			View: d.path("/documents/" + doc.ID + "/1"), Remove: d.path(part + "/documents/" + doc.ID + "/remove"), Blurred: doc.Blur > 0 && doc.Blur < blurred})
	}
	return list
}

func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

func slotPost(c *call) error {
	d, err := c.draft(flow.SeeDraft)
	if err != nil {
		return err
	}
	id := c.e.Request.PathValue("slot")
	u, err := c.upload(d.Row.Key())
	wants := c.e.Request.Header.Get("Accept") == "application/json"
	switch {
	case errors.Is(err, errNoFile) && (u.fields["go"] == "next" || d.have[id] > 0):
		_, after, _, _ := d.around("/slot/" + id)
		if u.fields["return"] != "" {
			after = d.path("/check")
		}
		return c.seeOther(after)
	case err == nil:
		u.Slot = id
		err = c.addDocument(d, u)
	}
	if err != nil && wants {
		t := c.s.troubleOf(c, err)
		if m := c.uploadTrouble(err); m != "" {
			t.Status, t.Message = http.StatusUnprocessableEntity, m
		}
		return c.e.JSON(t.Status, t)
	}
	if expected(err) || isUpload(err) {
		return c.slot(d, err)
	}
	if err != nil {
		return err
	}
	to := d.path("/slot/" + id)
	if u.fields["return"] != "" {
		to += "?return=yes"
	}
	if wants {
		return c.e.JSON(http.StatusOK, map[string]string{"to": to})
	}
	return c.seeOther(to)
}

// addDocument runs the act.
func (c *call) addDocument(d *draft, u uploaded) error {
	_, err := command.Deposit(c.ctx(), c.s.Desk, c.by, command.AddDocument, command.At{ID: d.Row.ID, Key: u.key}, u.Stored, u.Stored)
	return err
}

func documentRemove(c *call) error {
	v, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, flow.SeeDraft, c.id())
	if err != nil {
		return err
	}
	doc, err := records.Load[*records.Document](c.s.Desk.App.DB(), c.e.Request.PathValue("document"))
	if err != nil {
		return err
	}
	if _, err := run(c, command.RemoveDocument, v.Row.ID, command.Removal{Document: doc.ID}); err != nil {
		return err
	}
	return c.seeOther("/applications/" + v.Row.ID + "/slot/" + doc.Slot)
}

// documentPage sends a page of one's own document.
func documentPage(c *call) error {
	v, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, flow.SeeDocumentOwn, c.id())
	if err != nil {
		return err
	}
	return c.sendPage(v.Row, c.e.Request.PathValue("document"))
}

// sheet sends a blank form to print.
func (c *call) sheet(f *sdk.Form) error {
	var paragraphs, lines []string
	for _, p := range f.Body {
		paragraphs = append(paragraphs, p.In(c.lang))
	}
	for _, l := range f.Lines {
		lines = append(lines, l.In(c.lang))
	}
	pdf, err := credential.Sheet(f.Title.In(c.lang), paragraphs, lines, "", "")
	if err != nil {
		return err
	}
	return c.send("application/pdf", "inline; filename=form.pdf", pdf)
}

// send writes bytes of a kind.
func (c *call) send(media, disposition string, data []byte) error {
	h := c.e.Response.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", disposition)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	_, err := c.e.Response.Write(data)
	return err
}
