package backup

// Putting a copy back. Everything is fetched beside its place, summed, opened with its keys and verified there; only then is
// it moved to where the desk will find it. Until that moment nothing is touched, and a refusal leaves nothing behind.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

// Restore says what is put back, and where to.
type Restore struct {
	Data Place
	Keys Place  // nil: the keys that are in KeysDir already
	ID   string // of the copy; "" is the newest whole one

	Dir     string    // data folder, empty or not there yet
	KeysDir string    // folder of the keys; not there yet if they are put back too
	RootKey string    // file of the root key
	Root    *[32]byte // typed in from the recovery sheet; nil: from RootKey or the copy of the keys
	Version string
}

// Restored says what was put back.
type Restored struct {
	Manifest
	KeysID string // copy of the keys, the newest there is, so that what was erased since stays erased; "" if they were here
	Held   int    // messages that wait for a manager
}

// Run puts the desk back. ErrNone, ErrHalf, ErrDamaged, ErrNewer, ErrOther, ErrNotEmpty, ErrNotHolds, ErrRootWants, ErrNoRoom,
// or what the vault says of keys that do not fit: then nothing was touched.
func (r Restore) Run(ctx context.Context) (done Restored, err error) {
	if err := r.free(); err != nil {
		return done, err
	}
	data, keys := r.Dir+".restoring", r.KeysDir
	if r.Keys != nil {
		keys += ".restoring"
	}
	clean, err := begin(data, keys, r.Keys != nil)
	if err != nil {
		return done, err
	}
	defer clean()
	if done.Manifest, err = r.fetch(ctx, data, nil); err != nil {
		return done, err
	}
	root := r.RootKey
	if r.Keys != nil {
		if done.KeysID, err = r.fetchKeys(ctx, keys, done.Manifest); err != nil {
			return done, err
		}
		if root, err = r.placeRoot(keys); err != nil {
			return done, err
		}
	}
	d, err := open(data, keys, root)
	if err != nil {
		return done, err
	}
	if err = d.holds(ctx, done.Manifest); err == nil {
		done.Held, err = d.hold(ctx, done.Manifest)
	}
	if err := errors.Join(err, d.close()); err != nil {
		return done, err
	}
	return done, r.place(data, keys, root)
}

// free refuses a target with something in it.
func (r Restore) free() error {
	targets := []string{r.Dir}
	if r.Keys != nil {
		targets = append(targets, r.KeysDir)
	}
	for _, dir := range targets {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if len(entries) > 0 {
			return fmt.Errorf("%w: %s holds something, and nothing is ever put over it: move it away first, or name another folder", ErrNotEmpty, dir)
		}
	}
	if r.Keys == nil {
		if _, err := os.Stat(filepath.Join(r.KeysDir, "keys.db")); err != nil {
			return fmt.Errorf("%w: there are no keys in %s: name the place of their copies with --keys-from", vault.ErrKeysLost, r.KeysDir)
		}
	}
	return nil
}

// begin makes the folders beside the targets, over what a broken-off restore has left there.
func begin(data, keys string, both bool) (clean func(), err error) {
	dirs := []string{data}
	if both {
		dirs = append(dirs, keys)
	}
	clean = func() {
		for _, d := range dirs {
			os.RemoveAll(d)
		}
	}
	clean()
	for _, d := range dirs {
		if err := os.MkdirAll(d, 0o700); err != nil {
			clean()
			return nil, full(err)
		}
	}
	return clean, nil
}

// choose finds the copy: the one that is named, or the newest whole one.
func choose(ctx context.Context, from Place, kind, id string) (Manifest, error) {
	if id != "" {
		return read(ctx, from, kind, id)
	}
	ids, halves, err := whole(ctx, from, kind)
	if err != nil {
		return Manifest{}, err
	}
	if len(ids) == 0 && len(halves) > 0 {
		return Manifest{}, fmt.Errorf("%w: %s holds %s, and that is only half a copy", ErrHalf, from, halves[len(halves)-1])
	}
	if len(ids) == 0 {
		return Manifest{}, fmt.Errorf("%w: there is no copy of the %s in %s", ErrNone, kind, from)
	}
	return read(ctx, from, kind, ids[0])
}

// fetch brings data and documents, each against its sum. Where want is given, other documents are read and summed, not kept.
func (r Restore) fetch(ctx context.Context, to string, want func(name string) bool) (m Manifest, err error) {
	if m, err = choose(ctx, r.Data, "data", r.ID); err != nil {
		return m, err
	}
	if err := knows(m); err != nil {
		return m, err
	}
	for _, f := range m.Files {
		if f.Name == listingName {
			continue
		}
		if err := room(to, f.Bytes); err != nil {
			return m, err
		}
		if err := r.file(ctx, r.Data, m.at(f.Name), filepath.Join(to, f.Name), f.SHA256); err != nil {
			return m, err
		}
	}
	of, err := sums(ctx, r.Data, m)
	if err != nil {
		return m, err
	}
	for name, sum := range of {
		file := ""
		if want == nil || want(name) {
			file = filepath.Join(to, documentName(name))
		}
		if err := r.file(ctx, r.Data, documentName(name), file, sum); err != nil {
			return m, err
		}
	}
	return m, nil
}

// file brings one file, or only reads it. ErrHalf if it is not there, ErrDamaged if it is another one.
func (r Restore) file(ctx context.Context, from Place, name, to, sum string) error {
	f, err := from.Open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s is missing in %s", ErrHalf, name, from)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	got := newSummed(vault.Until(ctx, f))
	if to == "" {
		_, err = io.Copy(io.Discard, got)
	} else if err = os.MkdirAll(filepath.Dir(to), 0o700); err == nil {
		err = writeSynced(to, got)
	}
	if err != nil {
		return full(err)
	}
	if got.sum() != sum {
		return fmt.Errorf("%w: %s in %s is not what was written there", ErrDamaged, name, from)
	}
	return nil
}

// knows refuses data that a newer version has changed the form of.
func knows(m Manifest) error {
	known := Migrations()
	for _, file := range m.Migrations {
		if !slices.Contains(known, file) {
			return fmt.Errorf("%w: the copy was made by version %s; it needs that version or a later one (%s is unknown here)", ErrNewer, m.Version, file)
		}
	}
	return nil
}

// fetchKeys brings the newest copy of this desk's keys.
func (r Restore) fetchKeys(ctx context.Context, to string, data Manifest) (string, error) {
	m, err := choose(ctx, r.Keys, "keys", "")
	if err != nil {
		return "", err
	}
	if m.Desk != data.Desk {
		return "", fmt.Errorf("%w: the keys in %s are those of desk %.12s, the data is that of desk %.12s", ErrOther, r.Keys, m.Desk, data.Desk)
	}
	if m.ID < data.ID {
		return "", fmt.Errorf("%w: the newest keys in %s are older than the data: the copy of the keys that belongs to it is missing", ErrHalf, r.Keys)
	}
	for _, f := range m.Files {
		if err := r.file(ctx, r.Keys, m.at(f.Name), filepath.Join(to, f.Name), f.SHA256); err != nil {
			return "", err
		}
	}
	return m.ID, nil
}

// placeRoot sees that there is a root key to open the copied keys with, and says where.
func (r Restore) placeRoot(keys string) (string, error) {
	copied := filepath.Join(keys, "root.key")
	if r.Root != nil {
		return copied, vault.WriteRoot(copied, *r.Root)
	}
	if _, err := os.Stat(copied); err == nil {
		return copied, nil
	}
	if _, err := os.Stat(r.RootKey); err == nil {
		return r.RootKey, nil
	}
	return "", fmt.Errorf("%w: the copy of the keys is without it; name its file with --root-key, or type it in from the recovery sheet with --sheet", ErrRootWants)
}

// place moves what was verified to where the desk will find it.
func (r Restore) place(data, keys, root string) error {
	moves := [][2]string{{data, r.Dir}}
	if r.Keys != nil {
		moves = append(moves, [2]string{keys, r.KeysDir})
		if filepath.Dir(root) == filepath.Clean(keys) && filepath.Dir(r.RootKey) != filepath.Clean(r.KeysDir) {
			if err := moveRoot(root, r.RootKey); err != nil {
				return err
			}
		}
	}
	for i, m := range moves {
		if err := os.Remove(m[1]); err != nil && !errors.Is(err, fs.ErrNotExist) { // it is empty
			return errors.Join(err, undo(moves[:i]))
		}
		if err := os.Rename(m[0], m[1]); err != nil {
			return errors.Join(err, undo(moves[:i]))
		}
		if err := syncFolder(filepath.Dir(m[1])); err != nil {
			return err
		}
	}
	return nil
}

// moveRoot puts the root key where the settings expect it, outside the folder of the keys. One that is there stays.
func moveRoot(from, to string) error {
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return errors.Join(writeSynced(to, bytes.NewReader(raw)), os.Remove(from))
}

func undo(moves [][2]string) (err error) {
	for _, m := range moves {
		err = errors.Join(err, os.Rename(m[1], m[0]))
	}
	return err
}

// hold keeps back every message of the time of the copy, ends every session, and puts the return on record.
func (d *opened) hold(ctx context.Context, m Manifest) (int, error) {
	r, err := command.Run(ctx, d.desk, command.Itself, command.Restore, command.At{ID: records.DeskID}, command.Return{Copy: m.ID, Made: m.Made, Size: m.Size, Root: m.Root})
	if err != nil {
		return 0, err
	}
	var n int
	_, err = fmt.Sscan(r.Answer["held"], &n)
	return n, err
}

// Age is how old a copy is.
func (m Manifest) Age(now time.Time) time.Duration { return now.Sub(made(m.ID)) }
