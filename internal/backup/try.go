package backup

// Trying a copy: a copy that was never put back is a hope. It is put back beside the desk, opened, verified, something
// sealed and a document are read, and it is taken away again. The outcome is kept beside the copies.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

// Trial is how it went.
type Trial struct {
	ID        string `json:"id"` // of the copy
	At        string `json:"at"`
	Version   string `json:"version"`
	OK        bool   `json:"ok"`
	Error     string `json:"error,omitempty"` // what was wrong, for the log and the lead
	Entries   int64  `json:"entries"`
	Documents int    `json:"documents"` // read and summed
	Opened    int    `json:"opened"`    // sealed names and documents that were opened
}

// When is when it was.
func (t Trial) When() time.Time {
	at, _ := time.Parse(time.RFC3339, t.At)
	return at
}

const (
	sampleRows      = 20
	sampleDocuments = 3
)

// Try puts the newest copy back in a folder beside the desk, looks at it and removes it. Nothing leaves it: it has no sender.
// The error is for what kept it from looking; what is wrong with the copy is in the trial, which is also kept in the place.
func (d Desk) Try(ctx context.Context, from Copies) (t Trial, err error) {
	unlock, err := lock(filepath.Join(d.Dir, "backup.lock"))
	if err != nil {
		return t, err
	}
	defer unlock()
	m, err := choose(ctx, from.Data, "data", "")
	if err != nil {
		return t, err
	}
	t = Trial{ID: m.ID, At: stamp(d.now()), Version: d.Version, Documents: m.Documents, Entries: m.Size}
	wrong := d.attempt(ctx, from, m, &t)
	if ctx.Err() != nil || errors.Is(wrong, ErrNoRoom) {
		return t, wrong // says nothing about the copy
	}
	if t.OK = wrong == nil; wrong != nil {
		t.Error = wrong.Error()
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	return t, from.Data.Put(ctx, trialName, bytes.NewReader(append(raw, '\n')))
}

func (d Desk) attempt(ctx context.Context, from Copies, m Manifest, t *Trial) (err error) {
	dir := filepath.Join(filepath.Dir(d.Dir), "backup-trial")
	data, keys := filepath.Join(dir, "data"), filepath.Join(dir, "keys")
	clean, err := begin(data, keys, true)
	if err != nil {
		return err
	}
	defer func() { clean(); os.Remove(dir) }()
	r := Restore{Data: from.Data, Keys: from.Keys, ID: m.ID, Dir: data, KeysDir: keys, RootKey: d.RootKey, Version: d.Version}
	var sample []string
	if m, err = r.fetch(ctx, data, func(name string) bool {
		if sample == nil { // data.db comes before the documents
			sample = newestDocuments(filepath.Join(data, "data.db"))
		}
		return slices.Contains(sample, name)
	}); err != nil {
		return err
	}
	if _, err = r.fetchKeys(ctx, keys, m); err != nil {
		return err
	}
	root, err := r.placeRoot(keys)
	if err != nil {
		return err
	}
	o, err := open(data, keys, root)
	if err != nil {
		return err
	}
	if err = o.holds(ctx, m); err == nil {
		t.Opened, err = o.sample(sample)
	}
	if err == nil && len(m.Missing) > 0 {
		err = fmt.Errorf("%w: %d documents that the record names were not on disk, the first is %s", ErrHalf, len(m.Missing), m.Missing[0])
	}
	return errors.Join(err, o.close())
}

// newestDocuments names some documents to be opened. A data.db that cannot be read is found out by those who open it next.
func newestDocuments(file string) []string {
	names := []string{}
	db, err := reading(file)
	if err != nil {
		return names
	}
	defer db.Close()
	if err := db.NewQuery("SELECT blob FROM documents WHERE state = 'kept' ORDER BY made DESC LIMIT {:n}").Bind(dbx.Params{"n": sampleDocuments}).Column(&names); err != nil {
		return []string{}
	}
	return names
}

// sample opens sealed names, and the documents that were put back.
func (o *opened) sample(blobs []string) (n int, err error) {
	holders, err := records.All[*records.Holder](o.app.DB(), dbx.NewExp("name<>''"), "made DESC")
	if err != nil {
		return 0, err
	}
	for _, h := range holders[:min(len(holders), sampleRows)] {
		if _, err := o.desk.HolderName(h); err == nil {
			n++
		} else if !errors.Is(err, vault.ErrErased) {
			return n, fmt.Errorf("holder %s: %w", h.ID, err)
		}
	}
	documents, err := records.All[*records.Document](o.app.DB(), dbx.HashExp{"state": "kept"}, "made DESC")
	if err != nil {
		return n, err
	}
	for _, doc := range documents {
		if !slices.Contains(blobs, doc.Blob) {
			continue
		}
		if err := o.document(doc); err == nil {
			n++
		} else if !errors.Is(err, vault.ErrErased) {
			return n, fmt.Errorf("document %s: %w", doc.ID, err)
		}
	}
	return n, nil
}

func (o *opened) document(doc *records.Document) error {
	f, err := o.desk.Blobs.Open(doc.Key(), doc.Blob)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}

// Status is how the copies of a desk stand.
type Status struct {
	Newest  string    // ID of the newest whole copy, "" if there is none
	Made    time.Time // when it was made
	Copies  int
	Missing int    // documents that were not on disk
	Trial   *Trial // the newest there is
}

// Look reads how the copies stand.
func Look(ctx context.Context, c Copies) (s Status, err error) {
	ids, _, err := whole(ctx, c.Data, "data")
	if err != nil || len(ids) == 0 {
		return s, err
	}
	m, err := read(ctx, c.Data, "data", ids[0])
	if err != nil {
		return s, err
	}
	s = Status{Newest: ids[0], Made: made(ids[0]), Copies: len(ids), Missing: len(m.Missing)}
	raw, err := all(ctx, c.Data, trialName)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	var t Trial
	if err == nil && json.Unmarshal(raw, &t) == nil { // one that cannot be read is as good as none: it is made anew
		s.Trial = &t
	}
	return s, err
}
