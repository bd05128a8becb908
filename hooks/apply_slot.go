package hooks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/credential"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
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
	v := ui.Slot{Form: c.form(d.path("/slot/"+id), err, nil), Case: c.head(d), Slot: id, Name: s.Name.In(c.lang), Hint: s.Hint.In(c.lang), Optional: s.Optional,
		MaxMB: maxFileMB, MaxFiles: max(1, s.Files), Next: after, Step: step, Of: of, Percent: 100 * step / of, Return: ret,
		Pictures: accepts(s, "image/jpeg"), PDF: accepts(s, "application/pdf"), Camera: accepts(s, "image/jpeg"), Today: string(d.Today)}
	if t := c.uploadTrouble(err); t != "" {
		v.Form.Errors = []ui.FieldError{{Field: "file", Text: t}}
	}
	if s.DayCode {
		v.DayCode = c.s.Desk.DayCode(d.Row, d.Today)
	}
	if s.Attestable && d.t.Attested {
		v.VisitCode, v.Attested = d.Row.VisitCode, d.Row.AttestedBy != ""
	}
	if s.Form != nil {
		v.Blank = "/types/" + d.t.ID + "/forms/" + s.ID
	}
	for _, x := range check.Slots(d.t, d.a) {
		if x.OneOf != "" && x.OneOf == s.OneOf && x.ID != id {
			v.OneOf = append(v.OneOf, x.Name.In(c.lang))
		}
	}
	v.Files = c.files(d, id)
	agreed, look := records.Consented(c.s.Desk.App.DB(), c.by.ID, "identity", command.AgreementVersion)
	if look != nil {
		return look
	}
	if !agreed {
		v.NeedsAgree = "/consent?next=" + d.path("/slot/"+id)
	}
	status := http.StatusOK
	if err != nil {
		status = http.StatusUnprocessableEntity
	}
	return c.showAs(status, "apply/slot", v, back(before))
}

func accepts(s sdk.Slot, media string) bool {
	for _, a := range s.Accept {
		if a == media {
			return true
		}
	}
	return len(s.Accept) == 0
}

const blurred = 60

func (c *call) files(d *draft, slot string) []ui.File {
	var list []ui.File
	for _, doc := range d.docs {
		if doc.Slot != slot {
			continue
		}
		name, _ := c.s.Desk.Open(d.Row.Key(), "documents.name "+doc.ID, doc.Name)
		list = append(list, ui.File{ID: doc.ID, Name: name, Size: size(doc.Bytes), At: c.when(doc.Made), Pages: int(doc.Pages), Thumb: d.path("/documents/" + doc.ID + "/1"),
			View: d.path("/documents/" + doc.ID + "/1"), Remove: d.path("/documents/" + doc.ID + "/remove"), Blurred: doc.Blur > 0 && doc.Blur < blurred})
	}
	return list
}

func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// uploaded is a form with a file, read as a stream: nothing of it is written to disk in clear.
type uploaded struct {
	command.Stored
	fields map[string]string
	key    string
}

var errNoFile = flow.Refuse("upload_none")

// upload reads the form, looks at the file and stores it sealed under key.
func (c *call) upload(key string) (u uploaded, err error) {
	for _, name := range []string{"upload_hour", "upload_day"} {
		if err := c.limit(name, c.by.ID); err != nil {
			return u, err
		}
	}
	u.fields = map[string]string{}
	r, err := c.e.Request.MultipartReader()
	if err != nil {
		return u, errors.Join(errNoFile, err)
	}
	var data []byte
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return u, tooBig(err)
		}
		if part.FormName() != "file" {
			raw, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return u, tooBig(err)
			}
			u.fields[part.FormName()] = string(raw)
			continue
		}
		name, got, err := filePart(part.Header.Get("Content-Disposition"), part)
		if err != nil {
			return u, err
		}
		if len(data) == 0 { // the form has two inputs, for the camera and for files: the one that was used counts
			u.Name, data = name, got
		}
	}
	u.key, u.Replace = u.fields["key"], u.fields["replace"]
	if !c.trusts(u.fields["token"]) {
		return u, errCrossOrigin
	}
	if len(data) == 0 {
		return u, errNoFile
	}
	return u, c.store(&u.Stored, key, data)
}

// filePart reads a file up to the limit, and takes the rest off the line unkept.
func filePart(disposition string, r io.Reader) (string, []byte, error) {
	_, params, _ := mime.ParseMediaType(disposition)
	data, err := io.ReadAll(io.LimitReader(r, maxFileMB<<20+1))
	if err != nil {
		return "", nil, tooBig(err)
	}
	if len(data) > maxFileMB<<20 {
		if _, err := io.Copy(io.Discard, r); err != nil {
			return "", nil, tooBig(err)
		}
		return "", nil, flow.Refuse("upload_too_big", fmt.Sprint(maxFileMB))
	}
	return fileName(params["filename"]), data, nil
}

func tooBig(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return flow.Refuse("upload_too_big", fmt.Sprint(maxFileMB))
	}
	return errors.Join(flow.Refuse("upload_broken"), err)
}

// fileName keeps what a person called a file: its last part, without control characters, at most 100.
func fileName(raw string) string {
	var out []rune
	for _, r := range raw {
		switch {
		case r == '/' || r == '\\':
			out = out[:0]
		case r >= ' ' && r != 0x7f && !(r >= 0x202a && r <= 0x202e) && !(r >= 0x2066 && r <= 0x2069):
			out = append(out, r)
		}
	}
	return string(out[max(0, len(out)-100):])
}

// store looks at a file and writes original and pages, sealed.
func (c *call) store(u *command.Stored, key string, data []byte) error {
	return c.s.store(c.ctx(), u, key, data)
}

func (s *Server) store(ctx ctx, u *command.Stored, key string, data []byte) error {
	seen, err := s.Inspector.Inspect(ctx, data, u.Name)
	if err != nil {
		return err
	}
	return s.keep(ctx, u, key, data, seen)
}

// keep seals and writes a file that was looked at, and its pages: all of them, or none.
func (s *Server) keep(ctx ctx, u *command.Stored, key string, data []byte, seen vault.Inspected) (err error) {
	defer func() {
		if err != nil && u.Blob != "" {
			s.Desk.DropBlobs(append(u.Views, u.Blob))
		}
	}()
	original, err := s.Desk.Blobs.Put(ctx, key, bytes.NewReader(data))
	if err != nil {
		return err
	}
	u.Blob, u.Mark, u.Media, u.Bytes, u.Pages, u.Blur = original.Name, original.PlainSHA256, seen.Media, int64(len(data)), int64(len(seen.Pages)), int64(seen.Sharpness)
	u.Width, u.Height = int64(seen.Pages[0].Width), int64(seen.Pages[0].Height)
	for _, p := range seen.Pages {
		blob, err := s.Desk.Blobs.Put(ctx, key, bytes.NewReader(p.JPEG))
		if err != nil {
			s.Desk.DropBlobs(append(u.Views, u.Blob)) // half a document takes room from everybody
			return err
		}
		u.Views = append(u.Views, blob.Name)
	}
	return nil
}

// trusts checks the token of a multipart form, which could not be read before the body.
func (c *call) trusts(token string) bool {
	r := c.e.Request
	return r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "" || token == c.token
}

func isUpload(err error) bool {
	var refused *vault.Refusal
	return errors.As(err, &refused)
}

// uploadTrouble is the sentence for a file that was refused: the reason, and what to do.
func (c *call) uploadTrouble(err error) string {
	var refused *vault.Refusal
	if errors.As(err, &refused) {
		return c.s.UI.Error(c.lang, "upload_"+refused.Code, []string{fmt.Sprint(maxFileMB)})
	}
	return ""
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
