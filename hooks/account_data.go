package hooks

import (
	"archive/zip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Download my data: everything the desk holds on an account and on the holders it acts for, as one ZIP written while it is read. A
// page to read, the same as JSON, and the originals of what was uploaded. It asks for a sign-in that is not old.

// dataFresh is how long after signing in the data are handed out without signing in again.
const dataFresh = 15 * time.Minute

func dataPage(c *call) error { return c.dataForm(nil) }

func (c *call) dataForm(err error) error {
	if _, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID); look != nil {
		return look
	}
	return c.show("account/data", ui.OwnData{Form: c.form("/account/data", err, nil), Fresh: c.fresh(), SignIn: "/sign-in?next=/account/data"}, back("/account"))
}

// fresh reports whether this browser signed in a short while ago.
func (c *call) fresh() bool {
	return c.session != nil && c.s.Desk.Now().Sub(records.Moment(c.session.Made)) < dataFresh
}

func dataPost(c *call) error {
	v, err := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.Export, c.by.ID)
	if err != nil {
		return err
	}
	if !c.fresh() {
		return c.dataForm(flow.Refuse("sign_in_again"))
	}
	if err := c.limitForm("data_day", c.by.ID); err != nil {
		return err
	}
	if _, err := run(c, command.ExportAccount, c.by.ID, struct{}{}); err != nil {
		return err
	}
	rows, holders, err := c.s.Desk.OwnData(v.Row)
	if err != nil {
		return err
	}
	t := &takeout{call: c, at: v.Now, settings: v.Settings, rows: rows, holders: holders}
	c.download(t.say("data.file")+" "+string(v.Today)+".zip", "application/zip")
	t.zip = zip.NewWriter(c.e.Response)
	for _, part := range []func() error{t.originals, t.page, t.json} {
		if err := errors.Join(c.ctx().Err(), part()); err != nil {
			return err
		}
	}
	return t.zip.Close()
}

// takeout is somebody's data on the way out.
type takeout struct {
	*call
	at       time.Time
	settings *records.Desk
	rows     map[string][]command.OwnRow
	holders  []command.OwnHolder
	files    map[string]string // of documents, by ID
	zip      *zip.Writer
}

func (t *takeout) say(key string) string { return t.s.UI.Text(t.lang, key) }

func (t *takeout) add(name string, method uint16) (io.Writer, error) {
	return t.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: t.at.In(t.s.Desk.Zone(t.settings)).Truncate(time.Second)})
}

// originals writes what was uploaded, as it was.
func (t *takeout) originals() error {
	t.files = map[string]string{}
	for _, h := range t.holders {
		for _, app := range h.Cases {
			typ, err := t.s.Desk.Type(app.Digest)
			if err != nil {
				return err
			}
			for i, doc := range app.Documents {
				name := app.Ref
				if name == "" {
					name = app.ID
				}
				name += "/" + documentName(i+1, slotNameIn(typ, doc.Slot, t.lang), doc.Media)
				if err := t.original(name, doc); err != nil {
					return fmt.Errorf("document %s: %w", doc.ID, err)
				}
			}
		}
	}
	return nil
}

func (t *takeout) original(name string, doc *records.Document) error {
	blob, err := t.s.Desk.Blobs.Open(doc.Key(), doc.Blob)
	if errors.Is(err, vault.ErrBlobMissing) || errors.Is(err, vault.ErrErased) {
		return nil
	}
	if err != nil {
		return err
	}
	defer blob.Close()
	w, err := t.add(name, zip.Store)
	if err != nil {
		return err
	}
	t.files[doc.ID] = name
	_, err = io.Copy(w, blob)
	return err
}

// slotNameIn is what a type calls a slot.
func slotNameIn(typ sdk.Type, id, lang string) string {
	for _, s := range typ.Slots {
		if s.ID == id {
			return s.Name.In(lang)
		}
	}
	return id
}

// json writes every row, for other programs.
func (t *takeout) json() error {
	w, err := t.add("data.json", zip.Deflate)
	if err != nil {
		return err
	}
	type holder struct {
		Rows  map[string][]command.OwnRow   `json:"rows"`
		Cases []map[string][]command.OwnRow `json:"cases"`
	}
	all := []holder{}
	for _, h := range t.holders {
		one := holder{Rows: h.Rows, Cases: []map[string][]command.OwnRow{}}
		for _, app := range h.Cases {
			one.Cases = append(one.Cases, app.Rows)
		}
		all = append(all, one)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{"made": records.Stamp(t.at), "account": t.rows, "holders": all, "files": t.files})
}

//go:embed account_data.html
var dataHTML string

var dataTemplate = template.Must(template.New("data").Parse(dataHTML))

type dataFact struct{ Name, Text, File string }

type dataPart struct {
	Title string
	Facts []dataFact
}

func (p *dataPart) add(name, text string, file ...string) {
	if text == "" {
		return
	}
	f := dataFact{Name: name, Text: text}
	if len(file) > 0 {
		f.File = file[0]
	}
	p.Facts = append(p.Facts, f)
}

// page writes what somebody can read.
func (t *takeout) page() error {
	parts := []dataPart{t.account()}
	for _, h := range t.holders {
		p := dataPart{Title: h.Name}
		p.add(t.say("data.since"), t.when(h.Made))
		for _, k := range h.Rows["certificates"] {
			p.add(t.say("data.certificate"), textOf(k["number"])+" · "+t.word("state.", textOf(k["state"]))+" · "+textOf(k["expires_on"]))
		}
		parts = append(parts, p)
		for _, app := range h.Cases {
			one, err := t.ofCase(app)
			if err != nil {
				return err
			}
			parts = append(parts, one)
		}
	}
	w, err := t.add("index.html", zip.Deflate)
	if err != nil {
		return err
	}
	return dataTemplate.Execute(w, map[string]any{"Lang": t.lang, "Title": t.say("data.h1"), "Desk": t.settings.Name(t.lang), "At": t.when(records.Stamp(t.at)), "What": t.say("data.what"), "Parts": parts})
}

func textOf(v any) string {
	s, _ := v.(string)
	return s
}

func (t *takeout) account() dataPart {
	p := dataPart{Title: t.say("data.account")}
	for _, a := range t.rows["applicants"] {
		p.add(t.say("data.email"), textOf(a["email"]))
		p.add(t.say("data.phone"), textOf(a["phone"]))
		p.add(t.say("data.since"), t.when(textOf(a["made"])))
	}
	for _, s := range t.rows["sessions"] {
		p.add(t.say("data.signed_in"), t.when(textOf(s["made"])))
	}
	for _, m := range t.rows["messages"] {
		p.add(t.say("data.sent"), t.when(textOf(m["made"]))+" · "+textOf(m["recipient"]))
	}
	return p
}

func (t *takeout) ofCase(app command.OwnCase) (dataPart, error) {
	typ, err := t.s.Desk.Type(app.Digest)
	if err != nil {
		return dataPart{}, err
	}
	a, err := t.s.Desk.Answers(app.Application)
	if err != nil {
		return dataPart{}, err
	}
	p := dataPart{Title: typ.Name.In(t.lang) + " " + app.Ref}
	p.add(t.say("data.submitted"), t.when(app.SubmittedAt))
	for _, row := range app.Rows["applications"] {
		p.add(t.say("data.state"), t.word("state.", textOf(row["state"])))
	}
	for _, answer := range t.answersOf(typ, a) {
		said := answer.Value
		if shown := answer.Shown.In(t.lang); shown != "" {
			said = shown
		}
		p.add(answer.Label.In(t.lang), said)
	}
	for i, doc := range app.Documents {
		if file := t.files[doc.ID]; file != "" {
			p.add(t.say("data.document")+" "+strconv.Itoa(i+1), slotNameIn(typ, doc.Slot, t.lang), file)
		}
	}
	for _, said := range app.Rows["correspondence"] {
		p.add(t.say("data.message")+" "+t.when(textOf(said["made"])), textOf(said["text"]))
	}
	for _, decided := range app.Rows["decisions"] {
		p.add(t.say("data.result"), textOf(decided["letter"]))
	}
	return p, nil
}
