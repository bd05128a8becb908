package backup

// A copy, opened where it was put: as a desk without a door, a clock or a sender. Nothing can leave it.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own tables

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

type opened struct {
	app  core.App
	desk *command.Desk
}

// open opens a copy with its keys. Keys are checked first: they are the likeliest thing to be wrong.
func open(data, keys, root string) (*opened, error) {
	v, err := vault.Open(vault.Options{Dir: keys, RootFile: root})
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	if err := v.Close(); err != nil {
		return nil, err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: data, DBConnect: records.Connector()})
	if err := app.Bootstrap(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	d := &opened{app: app}
	if err := app.RunAllMigrations(); err != nil {
		return nil, errors.Join(err, d.close())
	}
	d.desk, err = command.Open(app, command.Options{Keys: keys, RootKey: root, Documents: filepath.Join(data, "documents"), Now: time.Now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (d *opened) close() (err error) {
	if d.desk != nil {
		err = d.desk.Close()
	}
	e := &core.TerminateEvent{App: d.app}
	return errors.Join(err, d.app.OnTerminate().Trigger(e, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() }))
}

// holds verifies the record of a copy, and that it is as long as its manifest says.
func (d *opened) holds(ctx context.Context, m Manifest) error {
	report, err := d.desk.Verify(ctx)
	if err != nil {
		return err
	}
	if !report.OK() {
		return fmt.Errorf("%w: %d differences, the first: %s %s", ErrNotHolds, len(report.Findings)+report.More, report.Findings[0].Kind, report.Findings[0].Text)
	}
	if report.Size != m.Size || report.Root != m.Root {
		return fmt.Errorf("%w: the manifest says %d entries and root %.12s, the copy has %d and %.12s", ErrNotHolds, m.Size, m.Root, report.Size, report.Root)
	}
	return nil
}

// Migrations are the changes of the schema that this program knows.
func Migrations() (files []string) {
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, m := range list.Items() {
			files = append(files, m.File)
		}
	}
	return files
}
