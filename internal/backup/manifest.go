package backup

// The manifest: what belongs to a copy, with the sum of each file, what wrote it, and how far its record reached.

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

const (
	format       = 1
	manifestName = "manifest.json"
	trialName    = "trial.json"       // how the last trial went, at the top of the place
	listingName  = "documents.sha256" // in the form that sha256sum -c reads, from the top of the place
)

// Manifest says what a copy consists of.
type Manifest struct {
	Format     int      `json:"format"`
	Kind       string   `json:"kind"` // data or keys
	ID         string   `json:"id"`
	Made       string   `json:"made"` // RFC 3339, UTC
	Version    string   `json:"version"`
	PocketBase string   `json:"pocketbase,omitempty"`
	Desk       string   `json:"desk"`                 // the mark that ties keys and data together
	Migrations []string `json:"migrations,omitempty"` // of the schema
	Size       int64    `json:"ledger_size,omitempty"`
	Root       string   `json:"ledger_root,omitempty"`
	Documents  int      `json:"documents,omitempty"`
	Missing    []string `json:"missing,omitempty"` // documents that rows name and that were not on disk
	Files      []File   `json:"files"`
}

// File is one file of a copy.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// at is the name of a file of this copy in its place.
func (m Manifest) at(name string) string { return path.Join(m.Kind, m.ID, name) }

// put copies a file into the place and notes its sum.
func (m *Manifest) put(ctx context.Context, to Place, name, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := newSummed(f)
	if err := to.Put(ctx, m.at(name), r); err != nil {
		return fmt.Errorf("%s: %w", to, err)
	}
	m.Files = append(m.Files, File{name, r.n, r.sum()})
	return nil
}

// put writes the manifest itself: from now on the copy counts.
func put(ctx context.Context, to Place, m Manifest) error {
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return to.Put(ctx, m.at(manifestName), bytes.NewReader(append(raw, '\n')))
}

// read reads the manifest of a copy. ErrHalf if there is none, ErrDamaged if it cannot be read, ErrNewer.
func read(ctx context.Context, from Place, kind, id string) (m Manifest, err error) {
	raw, err := all(ctx, from, path.Join(kind, id, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%w: %s/%s in %s has no manifest: it was never finished", ErrHalf, kind, id, from)
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil || m.Kind != kind || m.ID != id {
		return m, fmt.Errorf("%w: the manifest of %s/%s in %s is not one", ErrDamaged, kind, id, from)
	}
	if m.Format > format {
		return m, fmt.Errorf("%w: copy %s was made by version %s", ErrNewer, id, m.Version)
	}
	return m, nil
}

func all(ctx context.Context, from Place, name string) ([]byte, error) {
	f, err := from.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// whole lists the copies of a place that are whole, newest first, and those that are not.
func whole(ctx context.Context, from Place, kind string) (ids, halves []string, err error) {
	names, err := from.List(ctx, kind+"/")
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, n := range names {
		id, file, _ := strings.Cut(strings.TrimPrefix(n, kind+"/"), "/")
		if len(id) == idLength {
			seen[id] = seen[id] || file == manifestName
		}
	}
	for id, counts := range seen {
		if counts {
			ids = append(ids, id)
		} else {
			halves = append(halves, id)
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	slices.Sort(halves)
	return ids, halves, nil
}

// belongs refuses a place in which another desk keeps its copies.
func belongs(ctx context.Context, to Place, kind, desk string) error {
	ids, _, err := whole(ctx, to, kind)
	if err != nil || len(ids) == 0 {
		return err
	}
	m, err := read(ctx, to, kind, ids[0])
	if err != nil {
		return err
	}
	if m.Desk != desk {
		return fmt.Errorf("%w: %s holds the copies of desk %.12s, this is desk %.12s: give each a place of its own", ErrOther, to, m.Desk, desk)
	}
	return nil
}

// listing names documents with their sums.
type listing struct{ b bytes.Buffer }

func newListing() *listing { return &listing{} }

func (l *listing) add(name, sum string) { fmt.Fprintf(&l.b, "%s  %s\n", sum, documentName(name)) }
func (l *listing) bytes() []byte        { return l.b.Bytes() }

// documentName is where a document lies in a place: beside the copies, since all of them share it.
func documentName(name string) string { return path.Join("documents", name[:2], name) }

// sums reads the documents of one copy with their sums.
func sums(ctx context.Context, from Place, m Manifest) (map[string]string, error) {
	if !slices.ContainsFunc(m.Files, func(f File) bool { return f.Name == listingName }) {
		return nil, nil // a copy from before an upgrade: its documents stayed where they were
	}
	raw, err := all(ctx, from, m.at(listingName))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrHalf, m.at(listingName), err)
	}
	if !m.holds(listingName, raw) {
		return nil, fmt.Errorf("%w: %s in %s", ErrDamaged, m.at(listingName), from)
	}
	of := map[string]string{}
	for s := bufio.NewScanner(bytes.NewReader(raw)); s.Scan(); {
		sum, name, ok := strings.Cut(s.Text(), "  ")
		if !ok || len(path.Base(name)) < 3 {
			return nil, fmt.Errorf("%w: %s in %s", ErrDamaged, m.at(listingName), from)
		}
		of[path.Base(name)] = sum
	}
	return of, nil
}

func (m Manifest) holds(name string, raw []byte) bool {
	i := slices.IndexFunc(m.Files, func(f File) bool { return f.Name == name })
	sum := sha256.Sum256(raw)
	return i >= 0 && m.Files[i].SHA256 == hex.EncodeToString(sum[:])
}

// pool is every document that the newest whole copy of a place vouches for.
func pool(ctx context.Context, from Place) (map[string]string, error) {
	ids, _, err := whole(ctx, from, "data")
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	m, err := read(ctx, from, "data", ids[0])
	if err != nil {
		return nil, err
	}
	there, err := from.List(ctx, "documents/")
	if err != nil {
		return nil, err
	}
	of, err := sums(ctx, from, m)
	if err != nil {
		return nil, nil // what cannot be vouched for is copied again
	}
	have := map[string]string{}
	for _, n := range there {
		if sum, ok := of[path.Base(n)]; ok {
			have[path.Base(n)] = sum
		}
	}
	return have, nil
}

// summed computes the sum of what is read through it.
type summed struct {
	r io.Reader
	h hash.Hash
	n int64
}

func newSummed(r io.Reader) *summed { return &summed{r: r, h: sha256.New()} }

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.h.Write(p[:n])
	s.n += int64(n)
	return n, err
}

func (s *summed) sum() string { return hex.EncodeToString(s.h.Sum(nil)) }
