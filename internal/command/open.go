package command

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/policies"
)

// Options say where the parts of a desk are.
type Options struct {
	RootKey   string // file of the root key; "": root.key beside the keys
	Keys      string // folder of keys.db and the ledger's signing key, apart from the data
	Documents string // folder of the sealed documents
	Policies  string // folder of a team's own policy files; "" takes the built-in ones
	Calendar  string // file of a team's own holidays; "" takes the built-in ones
	Now       func() time.Time
	Log       *slog.Logger
}

// Open opens the desk of an app that is bootstrapped and migrated. Keys are made on the first start only: a desk that has
// rows and no keys does not start.
func Open(app core.App, o Options) (*Desk, error) {
	cal, err := ReadCalendar(o.Calendar)
	if err != nil {
		return nil, err
	}
	d := &Desk{App: app, Now: o.Now, Log: o.Log, Calendar: cal}
	row, err := records.Load[*records.Desk](app.DB(), records.DeskID)
	if err != nil {
		return nil, err
	}
	if d.Vault, err = openVault(vault.Options{Dir: o.Keys, RootFile: o.RootKey}, row); err != nil {
		return nil, fmt.Errorf("keys in %s: %w", o.Keys, err)
	}
	if err := errors.Join(d.Vault.Bind(row.Mark), d.Vault.NewKey(deskKey)); err != nil {
		return nil, errors.Join(fmt.Errorf("keys in %s: %w", o.Keys, err), d.Vault.Close())
	}
	if d.Blobs, err = d.Vault.Blobs(o.Documents); err != nil {
		return nil, err
	}
	if d.Policy, err = openPolicy(o.Policies); err != nil {
		return nil, fmt.Errorf("policies: %w", err)
	}
	d.key, err = openLedgerKey(filepath.Join(o.Keys, "ledger.key"), row)
	return d, err
}

// ReadCalendar reads a team's own holidays, the built-in ones where file is "". What is wrong is named with its line, and
// nothing of the file is used: a calendar that is half right moves deadlines unseen.
func ReadCalendar(file string) (flow.Calendar, error) {
	if file == "" {
		return flow.CalendarCN(), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return flow.Calendar{}, fmt.Errorf("calendar: %w", err)
	}
	defer f.Close()
	c, err := flow.ParseCalendar(f)
	if err != nil {
		return flow.Calendar{}, fmt.Errorf("calendar: %s: %w", file, err)
	}
	return c, nil
}

func openVault(o vault.Options, row *records.Desk) (*vault.Vault, error) {
	v, err := vault.Open(o)
	if errors.Is(err, vault.ErrKeysLost) && row.State == flow.New {
		return vault.Create(o)
	}
	return v, err
}

// openLedgerKey reads the key that signs checkpoints; it is made on the first start only.
func openLedgerKey(file string, row *records.Desk) (ledger.Key, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) && row.State == flow.New {
		return ledger.MakeKey(file, "certdesk/"+row.Mark[:12])
	}
	return ledger.LoadKey(file)
}

func openPolicy(dir string) (*policies.Policy, error) {
	if dir == "" {
		return policies.Embedded()
	}
	var files fs.FS = os.DirFS(dir)
	return policies.Load(files)
}

// Close closes the keys.
func (d *Desk) Close() error { return d.Vault.Close() }

// Exists reports whether the data folder of an app holds real cases: a demo refuses to touch those.
func Exists(db dbx.Builder) (set, demo bool, err error) {
	row, err := records.Load[*records.Desk](db, records.DeskID)
	if err != nil {
		return false, false, err
	}
	return row.State != flow.New, row.Demo, nil
}

// RunInTransaction lends the writing connection to a queue over tables that only serve the running.
func (d *Desk) RunInTransaction(f func(tx dbx.Builder) error) error {
	return d.App.RunInTransaction(func(txApp core.App) error { return f(txApp.DB()) })
}
