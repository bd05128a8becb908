package hooks

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// The case file: everything about one case in one ZIP, written while it is read. It is the only place where the originals of the
// documents leave the desk. What the record says about the case comes with proofs, and every file has its digest in SHA256SUMS.

// caseFile sends a case as a file, after it is on record that it leaves.
func caseFile(c *call) error {
	d := c.s.Desk
	if _, err := command.Run(c.ctx(), d, c.by, command.ExportCase, c.at(), struct{}{}); err != nil {
		return err
	}
	v, err := command.Look[*records.Application](c.ctx(), d, c.by, flow.Export, c.id())
	if err != nil {
		return err
	}
	f := &bundle{call: c, view: v, app: v.Row, folder: v.Row.Ref + "/"}
	if err := f.read(); err != nil {
		return err
	}
	c.download(v.Row.Ref+".zip", "application/zip")
	f.zip = zip.NewWriter(c.e.Response)
	for _, part := range []func() error{f.paper, f.originals, f.record, f.sums} {
		if err := errors.Join(c.ctx().Err(), part()); err != nil {
			return err
		}
	}
	return f.zip.Close()
}

// bundle is a case file in the making.
type bundle struct {
	*call
	view     command.View[*records.Application]
	app      *records.Application
	typ      sdk.Type
	page     *casePage
	names    map[string]string
	docs     []*records.Document
	verdicts []*records.Verdict
	note     string // the checkpoint
	entries  []ledger.Entry
	folder   string
	zip      *zip.Writer
	digests  []string
	attached map[string][]string // numbers of the documents that came with an entry
}

// read reads what is small; the documents are read when they are written.
func (f *bundle) read() (err error) {
	d, db := f.s.Desk, f.s.Desk.App.DB()
	if f.typ, err = d.Type(f.app.Digest); err != nil {
		return err
	}
	if f.page, err = f.casePage(f.view); err != nil {
		return err
	}
	if f.names, err = f.staffNames(); err != nil {
		return err
	}
	if f.docs, err = records.All[*records.Document](db, dbx.HashExp{"application": f.app.ID}); err != nil {
		return err
	}
	if f.verdicts, err = records.All[*records.Verdict](db, dbx.HashExp{"application": f.app.ID}); err != nil {
		return err
	}
	about := &ledger.About{Nouns: []string{"applications"}, IDs: []string{f.app.ID}, Showing: string(flow.SearchRecord)}
	if f.page.Certificate != nil {
		about = &ledger.About{Nouns: []string{"applications", "certificates"}, IDs: []string{f.app.ID, f.page.Certificate.ID}, Showing: string(flow.SearchRecord)}
	}
	if f.note, err = d.Checkpoint(f.ctx()); err != nil {
		return err
	}
	for q := (ledger.Query{About: about, Limit: 1000}); ; {
		some, err := ledger.Search(db, q)
		if err != nil {
			return err
		}
		f.entries = append(f.entries, some...)
		if len(some) < q.Limit {
			return nil
		}
		q.After = some[len(some)-1].Seq
	}
}

// add starts a file of the bundle; what is written to it is digested on the way. done ends it.
func (f *bundle) add(name string, method uint16) (w io.Writer, done func(), err error) {
	now := f.view.Now.In(f.s.Desk.Zone(f.view.Settings))
	file, err := f.zip.CreateHeader(&zip.FileHeader{Name: f.folder + name, Method: method, Modified: now.Truncate(time.Second)})
	sum := sha256.New()
	return io.MultiWriter(file, sum), func() { f.digests = append(f.digests, hex.EncodeToString(sum.Sum(nil))+"  "+name) }, err
}

func (f *bundle) write(name string, content []byte) error {
	w, done, err := f.add(name, zip.Deflate)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	done()
	return err
}

// originals writes the documents as they were uploaded, each under a name that any system can keep. One that was taken back before
// it was handed in is not there any more.
func (f *bundle) originals() error {
	for i, doc := range f.docs {
		if err := f.original(i+1, doc); err != nil && (doc.State == flow.Kept || !errors.Is(err, vault.ErrBlobMissing)) {
			return fmt.Errorf("document %s: %w", doc.ID, err)
		}
	}
	return nil
}

func (f *bundle) original(n int, doc *records.Document) error {
	blob, err := f.s.Desk.Blobs.Open(doc.Key(), doc.Blob)
	if err != nil {
		return err
	}
	defer blob.Close()
	w, done, err := f.add(documentName(n, f.label(doc), doc.Media), zip.Store) // pictures and PDFs are compressed already
	if err != nil {
		return err
	}
	_, err = io.Copy(w, blob)
	done()
	return err
}

var endings = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}

func documentName(n int, slot, media string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' {
			return r
		}
		return '_'
	}, slot)
	if r := []rune(clean); len(r) > 40 {
		clean = string(r[:40])
	}
	return fmt.Sprintf("documents/%02d_%s%s", n, clean, endings[media])
}

// label is what a document is called: by its slot, or an attachment by what it came with.
func (f *bundle) label(doc *records.Document) string {
	if doc.Slot != "" {
		return slotNameIn(f.typ, doc.Slot, f.lang)
	}
	for _, shown := range f.page.Documents {
		if shown.ID == doc.ID {
			return shown.Label.In(f.lang)
		}
	}
	return f.say("talk.attachment")
}

// provedEntry is an entry as the record has it, and the hashes by which anybody can see that it is there.
type provedEntry struct {
	Seq   int64    `json:"seq"`
	Data  string   `json:"data"` // the bytes that are hashed
	Leaf  string   `json:"leaf"`
	Proof []string `json:"proof"`
}

// record writes what the ledger says about the case, with a signed checkpoint and proofs against it.
func (f *bundle) record() error {
	db := f.s.Desk.App.DB()
	at, err := ledger.NoteSize(f.note)
	if err != nil {
		return err
	}
	var seqs []int64
	for _, e := range f.entries {
		if e.Seq <= at {
			seqs = append(seqs, e.Seq)
		}
	}
	proofs, size, root, err := ledger.Proved(db, at, seqs)
	if err != nil {
		return err
	}
	list := []provedEntry{}
	for _, seq := range seqs {
		data, err := ledger.Data(db, seq)
		if err != nil {
			return err
		}
		list = append(list, provedEntry{seq, string(data), proofs[seq].Leaf, proofs[seq].Path})
	}
	raw, err := json.MarshalIndent(map[string]any{"size": size, "root": root, "key": f.s.Desk.PublicKey(), "entries": list}, "", " ")
	if err != nil {
		return err
	}
	return errors.Join(f.write("record.json", raw), f.write("checkpoint.txt", []byte(f.note)))
}

// sums ends the bundle with the digest of every file in it, as sha256sum writes and checks them.
func (f *bundle) sums() error {
	w, err := f.zip.Create(f.folder + "SHA256SUMS")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, strings.Join(f.digests, "\n")+"\n")
	return err
}

func (f *bundle) say(key string) string { return ui.DeskWords(f.lang)(key) }
