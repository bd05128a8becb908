package testkit

// The folders that desks of tests are copied from: what is slow is done once in a process.

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/hooks"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/records"
)

// learned is a folder of a desk that is not set up and knows the bundled types: asking three types costs a second, a
// copy some milliseconds.
var learned = sync.OnceValues(func() (string, error) {
	from, err := template()
	if err != nil {
		return "", err
	}
	dir, err := temp("certdesk-learned-")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(dir, "data"), os.DirFS(from)); err != nil {
		return "", err
	}
	if err := ShareCache(dir); err != nil {
		return "", err
	}
	app, err := open(filepath.Join(dir, "data"))
	if err != nil {
		return "", err
	}
	cfg, err := settings(app.DataDir())
	if err != nil {
		return "", err
	}
	for tries := 0; ; tries++ { // a type that does not answer in time on a busy machine is asked again
		s, err := hooks.Open(app, cfg)
		if err != nil {
			return "", err
		}
		s.Close()
		silent, err := records.Count(app.DB(), "types", dbx.HashExp{"bundled": true, "digest": ""})
		if err != nil {
			return "", err
		}
		if silent == 0 {
			break
		}
		if tries == 10 {
			return "", fmt.Errorf("%d bundled types do not answer", silent)
		}
	}
	return dir, errors.Join(terminate(app), os.Remove(filepath.Join(dir, "cache")))
})

// ShareCache lets a folder use the compiled document reader of this person's other tests: compiling it takes ten seconds.
func ShareCache(dir string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	cache = filepath.Join(cache, "certdesk-tests")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return err
	}
	return os.Symlink(cache, filepath.Join(dir, "cache"))
}

// Started opens an app on a copy of a folder in which a desk has started once and was not set up: it has keys and knows
// the bundled types.
func Started(t testing.TB) core.App {
	t.Helper()
	from, err := learned()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := errors.Join(os.CopyFS(dir, os.DirFS(from)), ShareCache(dir), private(filepath.Join(dir, "keys"))); err != nil {
		t.Fatal(err)
	}
	app, err := open(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminate(app) })
	return app
}

// Living opens a life on such a folder.
func Living(t testing.TB) *Life {
	t.Helper()
	app := Started(t)
	l := &Life{Vars: map[string]string{}}
	if err := l.open(app); err != nil {
		t.Fatal(err)
	}
	l.Dir = filepath.Dir(app.DataDir())
	t.Cleanup(func() { l.Desk.Close() })
	return l
}

// Reopen opens the desk of a folder in which it died or was stopped, with what its client knew.
func Reopen(dir string, vars map[string]string) (*Life, error) {
	app, err := open(filepath.Join(dir, "data"))
	if err != nil {
		return nil, err
	}
	l := &Life{Vars: vars, Dir: dir}
	if err := l.open(app); err != nil {
		return nil, errors.Join(err, terminate(app))
	}
	return l, nil
}

// Close stops the desk and its app.
func (l *Life) Close() error { return errors.Join(l.Desk.Close(), terminate(l.Desk.App)) }

// Migrated copies the folder of a desk that never started: tables, and no keys.
func Migrated(dir string) error {
	from, err := template()
	if err != nil {
		return err
	}
	return os.CopyFS(filepath.Join(dir, "data"), os.DirFS(from))
}

// Learned copies the folder of a desk that has started once and was not set up.
func Learned(dir string) error {
	from, err := learned()
	if err != nil {
		return err
	}
	return errors.Join(os.CopyFS(dir, os.DirFS(from)), private(filepath.Join(dir, "keys")))
}

// open opens the desk of an app, at the time of the life.
func (l *Life) open(app core.App) (err error) {
	l.Desk, err = command.Open(app, command.Options{Keys: filepath.Join(filepath.Dir(app.DataDir()), "keys"), Documents: filepath.Join(app.DataDir(), "documents"),
		Now: l.Now, Log: slog.New(slog.DiscardHandler)})
	return err
}

// private gives a copied folder of keys the modes that a desk insists on.
func private(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return os.Chmod(path, 0o600)
	})
}
