package backup

// Before a new version changes the form of the data, the data is copied as it was. Documents and keys are not touched by a
// change of form, so they stay where they are.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// UpgradeKeep is how many copies of this kind stay.
const UpgradeKeep = 3

// UpgradePlace is where the copy goes: beside the data folder.
func (d Desk) UpgradePlace() Folder {
	return Folder(filepath.Join(filepath.Dir(d.Dir), "before-upgrade"))
}

// BeforeUpgrade copies data.db if this program is about to change its form; needed says whether it was. Data that a newer
// version has changed is refused with ErrNewer: this one would read it wrongly. A folder without data needs nothing.
func (d Desk) BeforeUpgrade(ctx context.Context) (m Manifest, needed bool, err error) {
	live := filepath.Join(d.Dir, "data.db")
	if _, err := os.Stat(live); errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	applied, err := migrations(live)
	if err != nil || len(applied) == 0 {
		return m, false, err
	}
	known := Migrations()
	for _, file := range applied {
		if !slices.Contains(known, file) {
			return m, false, fmt.Errorf("%w: a newer version of this program has changed the data in %s (%s is unknown here): start that version or a later one", ErrNewer, d.Dir, file)
		}
	}
	if !slices.ContainsFunc(known, func(file string) bool { return !slices.Contains(applied, file) }) {
		return m, false, nil
	}
	m, err = d.onlyData(ctx, d.UpgradePlace())
	return m, true, err
}

func migrations(file string) (applied []string, err error) {
	db, err := reading(file)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var n int
	if err := db.NewQuery("SELECT count(*) FROM sqlite_master WHERE name = '_migrations'").Row(&n); err != nil || n == 0 {
		return nil, err
	}
	return applied, db.NewQuery("SELECT file FROM _migrations ORDER BY file").Column(&applied)
}

// onlyData copies data.db alone.
func (d Desk) onlyData(ctx context.Context, to Place) (m Manifest, err error) {
	unlock, err := lock(filepath.Join(d.Dir, "backup.lock"))
	if err != nil {
		return m, err
	}
	defer unlock()
	dir, done, err := stage(d.Dir)
	if err != nil {
		return m, err
	}
	defer done()
	m = Manifest{Format: format, Kind: "data", ID: d.id(), Made: stamp(d.now()), Version: d.Version}
	if err := d.database(ctx, dir, to, &m); err != nil {
		return m, err
	}
	if err := put(ctx, to, m); err != nil {
		return m, err
	}
	return m, prune(ctx, to, "data", time.Time{}, UpgradeKeep, m.ID)
}
