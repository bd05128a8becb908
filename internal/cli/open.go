package cli

// Opening the data folder: PocketBase with our pragmas, its own migrations and ours. A demo and a real desk never share one.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own tables

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/records"
	_ "github.com/certdesk/certdesk/pb_migrations" // ours
)

// makeApp opens PocketBase on the data folder, which it makes where there is none, and brings its tables up to date.
func makeApp(cfg config.Config) (core.App, error) {
	copied, needed, err := backup.Desk{Dir: cfg.Dir, Keys: cfg.Keys, RootKey: cfg.RootKey, Version: release()}.BeforeUpgrade(context.Background())
	if err != nil {
		return nil, fmt.Errorf("nothing was changed: %w", err)
	}
	if needed {
		fmt.Fprintf(os.Stderr, "certdesk: the form of the data changes with this version; as it was, it is in %s (copy %s)\n",
			backup.Desk{Dir: cfg.Dir}.UpgradePlace(), copied.ID)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: cfg.Dir, DBConnect: records.Connector()})
	if err := app.Bootstrap(); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", cfg.Dir, err)
	}
	if err := app.RunAllMigrations(); err != nil {
		return nil, errors.Join(fmt.Errorf("data folder %s: %w", cfg.Dir, err), closeApp(app))
	}
	return app, nil
}

// openApp is makeApp for a data folder that has to be there already.
func openApp(cfg config.Config) (core.App, error) {
	if _, err := os.Stat(filepath.Join(cfg.Dir, "data.db")); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no desk in %s: name its folder with --dir", cfg.Dir)
	}
	return makeApp(cfg)
}

// closeApp ends what Bootstrap began.
func closeApp(app core.App) error {
	e := &core.TerminateEvent{App: app}
	return app.OnTerminate().Trigger(e, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() })
}

// openDesk opens the desk of an app without serving it.
func openDesk(app core.App, cfg config.Config) (*command.Desk, error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: max(cfg.LogLevel, slog.LevelWarn)}))
	return command.Open(app, command.Options{Keys: cfg.Keys, RootKey: cfg.RootKey, Documents: filepath.Join(cfg.Dir, "documents"), Policies: cfg.Policies, Calendar: cfg.Calendar,
		Now: time.Now, Log: log})
}

// keepApart refuses to serve a demo from a folder with real cases, and real cases from the folder of a demo.
func keepApart(app core.App, cfg config.Config) error {
	set, demo, err := command.Exists(app.DB())
	switch {
	case err != nil:
		return err
	case cfg.Demo && set && !demo:
		return fmt.Errorf("%s holds a real desk, and a demo must not touch it: give the demo a folder of its own with --dir", cfg.Dir)
	case cfg.Demo && cfg.SMS.URL != "":
		return errors.New("a demo sends no SMS, its numbers are made up: start it without --sms")
	case !cfg.Demo && demo && !cfg.Maintenance:
		return fmt.Errorf("%s holds a demo: start it with --demo, or give the real desk a folder of its own with --dir", cfg.Dir)
	}
	return nil
}
