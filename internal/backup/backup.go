// Package backup makes copies of a desk while it runs, tries by itself whether they can be put back, and puts them back.
// Data and keys go to different places: whoever holds one copy has nothing. A copy counts once its manifest is there, which
// is written last; whatever else lies in a place is half of something and is never taken for a whole.
package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/certdesk/certdesk/internal/vault"
)

// Failure is a refusal that callers tell apart; its text is the code. What a person can do about it is wrapped around it.
type Failure string

// Error returns the code.
func (f Failure) Error() string { return string(f) }

// What can be wrong with a copy, or in the way of one.
const (
	ErrBusy      Failure = "backup_under_way" // another one runs
	ErrNone      Failure = "no_copy"          // there is no whole copy in this place
	ErrHalf      Failure = "half_copy"        // it was broken off, or parts of it were lost since
	ErrDamaged   Failure = "damaged_copy"     // it is not what was written
	ErrNewer     Failure = "newer_data"       // a newer version wrote it
	ErrOther     Failure = "other_desk"       // the place, or the keys, belong to another desk
	ErrNotEmpty  Failure = "not_empty"        // it would be put over something
	ErrNotHolds  Failure = "record_changed"   // the record in it does not hold
	ErrNoDesk    Failure = "no_desk"          // there is nothing to copy
	ErrNoRoom    Failure = "no_room"          // the disk has too little room left
	ErrRootWants Failure = "root_key_needed"  // the copy of the keys is without the root key
)

// KeysDays is how long copies of keys live. What was erased is gone for good after it, and that is the promise.
const KeysDays = 30

// Desk says where the desk is that is copied.
type Desk struct {
	Dir     string // data folder
	Keys    string // folder of the keys
	RootKey string // file of the root key; it goes along with the keys only if it lies in their folder
	Version string // of this program
	Now     func() time.Time
}

// Copies is where copies go, and how many stay.
type Copies struct {
	Data, Keys Place
	Keep       int  // copies of the data; 0 removes none
	Prune      bool // false leaves old copies alone: nobody knows what day it is
}

// Make copies the desk while it runs: the data by SQLite's own means, the documents that are not there yet, the keys last,
// so that there is a key for everything that the data refers to. Broken off at any point it leaves no copy. Old copies are
// removed once the new one is whole. ErrBusy, ErrNoRoom, ErrOther, ErrNoDesk, or what a place says.
func (d Desk) Make(ctx context.Context, to Copies) (m Manifest, err error) {
	if _, err := os.Stat(filepath.Join(d.Dir, "data.db")); err != nil {
		return m, fmt.Errorf("%w: %w", ErrNoDesk, err)
	}
	unlock, err := lock(filepath.Join(d.Dir, "backup.lock"))
	if err != nil {
		return m, err
	}
	defer unlock()
	data, done, err := stage(d.Dir)
	if err != nil {
		return m, err
	}
	defer done()
	keys, done, err := stage(d.Keys)
	if err != nil {
		return m, err
	}
	defer done()
	m = Manifest{Format: format, Kind: "data", ID: d.id(), Made: stamp(d.now()), Version: d.Version}
	k := m
	k.Kind = "keys"
	for _, step := range []func() error{
		func() error { return d.data(ctx, data, to.Data, &m) },
		func() error { return d.keys(ctx, keys, to.Keys, &k, m.Desk) },
		func() error { return put(ctx, to.Keys, k) },
		func() error { return put(ctx, to.Data, m) },
	} {
		if err := step(); err != nil {
			return m, err
		}
	}
	if !to.Prune {
		return m, nil
	}
	return m, errors.Join(prune(ctx, to.Keys, "keys", d.now().AddDate(0, 0, -KeysDays), 0, m.ID), prune(ctx, to.Data, "data", time.Time{}, to.Keep, m.ID))
}

func (d Desk) now() time.Time {
	if d.Now == nil {
		return time.Now().UTC()
	}
	return d.Now().UTC()
}

const (
	idLayout = "20060102T150405.000Z"
	idLength = len(idLayout) + 5
)

// id names a copy: its moment, and a word by which two in one second are told apart.
func (d Desk) id() string {
	var raw [2]byte
	rand.Read(raw[:])
	return d.now().Format(idLayout) + "-" + hex.EncodeToString(raw[:])
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// stage is a folder for what is on its way, empty whatever a crash left there.
func stage(beside string) (dir string, done func(), err error) {
	dir = filepath.Join(beside, "backup.tmp")
	done = func() { os.RemoveAll(dir) }
	if err := os.RemoveAll(dir); err != nil {
		return "", nil, err
	}
	return dir, done, os.Mkdir(dir, 0o700)
}

// data copies data.db and the documents, and fills in the manifest.
func (d Desk) data(ctx context.Context, stage string, to Place, m *Manifest) error {
	if err := d.database(ctx, stage, to, m); err != nil {
		return err
	}
	named, err := rowsName(filepath.Join(stage, "data.db"))
	if err != nil {
		return err
	}
	return d.documents(ctx, stage, to, m, named)
}

// database copies data.db and fills in what the manifest says of it.
func (d Desk) database(ctx context.Context, stage string, to Place, m *Manifest) error {
	live, file := filepath.Join(d.Dir, "data.db"), filepath.Join(stage, "data.db")
	if err := room(stage, size(live, live+"-wal")); err != nil {
		return err
	}
	if err := snapshot(ctx, live, file); err != nil {
		return err
	}
	if err := m.describe(file); err != nil {
		return err
	}
	if err := belongs(ctx, to, "data", m.Desk); err != nil {
		return err
	}
	return m.put(ctx, to, "data.db", file)
}

// keys copies the keys. The root key goes along if it lies in the same folder.
func (d Desk) keys(ctx context.Context, stage string, to Place, m *Manifest, desk string) error {
	m.Desk = desk
	if err := belongs(ctx, to, "keys", desk); err != nil {
		return err
	}
	file := filepath.Join(stage, "keys.db")
	if err := snapshot(ctx, filepath.Join(d.Keys, "keys.db"), file); err != nil {
		return err
	}
	files := map[string]string{"keys.db": file, "ledger.key": filepath.Join(d.Keys, "ledger.key")}
	if filepath.Dir(d.RootKey) == filepath.Clean(d.Keys) {
		files["root.key"] = d.RootKey
	}
	for _, name := range []string{"keys.db", "ledger.key", "root.key"} {
		if files[name] == "" {
			continue
		}
		if err := m.put(ctx, to, name, files[name]); err != nil {
			return err
		}
	}
	return nil
}

// documents copies those that are not in the place yet: a document never changes, and its name is never used again.
func (d Desk) documents(ctx context.Context, stage string, to Place, m *Manifest, named []string) error {
	store, err := vault.Folder(filepath.Join(d.Dir, "documents"))
	if err != nil {
		return err
	}
	sums, err := pool(ctx, to)
	if err != nil {
		return err
	}
	list, have := newListing(), map[string]bool{}
	err = store.Names(func(name string, _ time.Time) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		sum, known := sums[name]
		if !known {
			if sum, err = copyDocument(ctx, store, to, name); errors.Is(err, fs.ErrNotExist) {
				return nil // removed meanwhile
			} else if err != nil {
				return err
			}
		}
		have[name] = true
		list.add(name, sum)
		return nil
	})
	if err != nil {
		return err
	}
	m.Documents = len(have)
	if m.Missing, err = missing(filepath.Join(d.Dir, "data.db"), named, have); err != nil {
		return err
	}
	file := filepath.Join(stage, listingName)
	if err := os.WriteFile(file, list.bytes(), 0o600); err != nil {
		return err
	}
	return m.put(ctx, to, listingName, file)
}

func copyDocument(ctx context.Context, from vault.Store, to Place, name string) (sum string, err error) {
	f, err := from.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	r := newSummed(f)
	if err := to.Put(ctx, documentName(name), r); err != nil {
		return "", err
	}
	return r.sum(), nil
}

// size is what files need together, and some room to spare.
func size(files ...string) (n int64) {
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			n += info.Size()
		}
	}
	return n
}
