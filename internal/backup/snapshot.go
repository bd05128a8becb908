package backup

// Taking a copy of a database that is being written to: SQLite's VACUUM INTO over a connection of its own sees one moment
// of it, whatever the desk does meanwhile. The files themselves are never copied: half of them would be in the log.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite" // the driver that PocketBase uses

	"github.com/certdesk/certdesk/internal/ledger"
)

// snapshot writes a database as it is at one moment into a new file, and returns once it is on disk.
func snapshot(ctx context.Context, live, file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // private before there is anything in it
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", live+"?_pragma=busy_timeout(10000)&_pragma=temp_store(MEMORY)")
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", file); err != nil {
		return fmt.Errorf("copy %s: %w", filepath.Base(live), full(err))
	}
	return synced(file)
}

// describe reads from a snapshot what the manifest says of it.
func (m *Manifest) describe(file string) error {
	db, err := reading(file)
	if err != nil {
		return err
	}
	defer db.Close()
	var whole string
	if err := db.NewQuery("PRAGMA quick_check(1)").Row(&whole); err != nil || whole != "ok" {
		return errors.Join(fmt.Errorf("%w: data.db: %s", ErrDamaged, whole), err)
	}
	m.PocketBase = module("github.com/pocketbase/pocketbase")
	err1 := db.NewQuery("SELECT mark FROM desk").Row(&m.Desk)
	err2 := db.NewQuery("SELECT file FROM _migrations ORDER BY file").Column(&m.Migrations)
	size, root, err3 := ledger.Top(db)
	m.Size, m.Root = size, root
	return errors.Join(err1, err2, err3)
}

// rowsName lists the documents that the rows of a snapshot name.
func rowsName(file string) ([]string, error) {
	db, err := reading(file)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return kept(db)
}

func reading(file string) (*dbx.DB, error) {
	return dbx.Open("sqlite", file+"?_pragma=busy_timeout(10000)&_pragma=query_only(ON)")
}

// kept lists every blob that the rows of documents name.
func kept(db dbx.Builder) (names []string, err error) {
	var rows []struct {
		Blob  string `db:"blob"`
		Views string `db:"views"`
	}
	if err := db.NewQuery("SELECT blob, views FROM documents WHERE state = 'kept'").All(&rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		for name := range strings.SplitSeq(r.Blob+","+r.Views, ",") {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// missing lists the documents that rows name, that were not on disk, and that no act has removed since: they are lost.
func missing(live string, named []string, have map[string]bool) (lost []string, err error) {
	for _, n := range named {
		if !have[n] {
			lost = append(lost, n)
		}
	}
	if len(lost) == 0 {
		return nil, nil
	}
	db, err := reading(live)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	still, err := kept(db)
	return slices.DeleteFunc(lost, func(n string) bool { _, found := slices.BinarySearch(still, n); return !found }), err
}

// module is the version of a module that this program was built with.
func module(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, d := range info.Deps {
		if d.Path == path {
			return d.Version
		}
	}
	return ""
}

// PocketBase is the version of PocketBase that this program was built with; "" in tests, which do not say.
func PocketBase() string { return module("github.com/pocketbase/pocketbase") }

// synced makes a file survive a power cut.
func synced(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(full(f.Sync()), f.Close())
}

// syncFolder makes what was made, renamed or removed in a folder survive a power cut.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
