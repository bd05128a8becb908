// Package hooks is what answers: routes, pages, reads, the clock's entries, PocketBase's own events. It holds no rule and
// writes nothing: rules are in flow and policies, changes in command.
package hooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/notify"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/catalog"
	"github.com/certdesk/certdesk/ui"
)

// Server is the running desk: what the doors need.
type Server struct {
	Desk      *command.Desk
	Catalog   *catalog.Catalog
	Inspector *vault.Inspector
	UI        *ui.UI
	Config    config.Config
	Clock     *schedule.Clock
	Runner    *schedule.Runner
	Sender    *notify.Sender
	outbox    *schedule.Queue
	jobs      *schedule.Queue
	Log       *slog.Logger

	origin    *http.CrossOriginProtection
	counter   *counter
	setupCode string     // printed at start while the desk is not set up
	smsTested bool       // a test SMS left during the first run
	moving    sync.Mutex // one moves the demo's time at once
	copies    copies
	imports   importing
	ready     readiness
	metrics   *metrics
	lines     []line
	warm      *time.Timer // until the reader of documents is warmed
}

// warmAfter is how long a start leaves the processor to whoever waits for a page. Whoever sends a document sooner warms it.
const warmAfter = 3 * time.Second

// Register binds the desk to PocketBase. Everything is opened when the server starts, after the migrations; what cannot
// be opened refuses to start and says why.
func Register(app core.App, cfg config.Config, started func(*Server) error) {
	RegisterAt(app, cfg, schedule.ClockOptions{}, started)
}

// RegisterAt is Register with a clock of the caller's.
func RegisterAt(app core.App, cfg config.Config, clock schedule.ClockOptions, started func(*Server) error) {
	guard(app)
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		if err := checkStart(app, cfg.Maintenance); err != nil {
			return err
		}
		s, err := OpenAt(app, cfg, clock)
		if err != nil {
			return err
		}
		app.OnTerminate().BindFunc(func(te *core.TerminateEvent) error { s.Close(); return te.Next() })
		se.InstallerFunc = nil
		if err := s.begin(context.Background()); err != nil {
			return err
		}
		if err := s.Serve(se); err != nil {
			s.Close()
			return err
		}
		if started != nil {
			if err := started(s); err != nil {
				s.Close()
				return err
			}
		}
		return se.Next()
	})
}

// Open makes the parts of the desk, by the system's clock.
func Open(app core.App, cfg config.Config) (*Server, error) {
	return OpenAt(app, cfg, schedule.ClockOptions{})
}

// forever is how long a demo may have been left alone: its time is moved anyway.
const forever = 200 * 365 * 24 * time.Hour

// OpenAt makes the parts of the desk, by a clock of the caller's.
func OpenAt(app core.App, cfg config.Config, clock schedule.ClockOptions) (s *Server, err error) {
	s = &Server{Config: cfg, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel})), counter: newCounter(), origin: http.NewCrossOriginProtection()}
	desk, err := records.Load[*records.Desk](app.DB(), records.DeskID)
	if err != nil {
		return nil, err
	}
	clock.Offset = seconds(desk.ClockOffset)
	if cfg.Demo && desk.State == flow.New {
		clock.Offset = demoPast()
	}
	if desk.Demo {
		clock.Away = forever
	}
	s.imports.ctx, s.imports.stop = context.WithCancel(context.Background())
	s.Clock = schedule.NewClock(clock)
	if s.Desk, err = command.Open(app, command.Options{Keys: cfg.Keys, RootKey: cfg.RootKey, Documents: filepath.Join(app.DataDir(), "documents"), Policies: cfg.Policies, Calendar: cfg.Calendar,
		Now: s.Clock.Now, Log: s.Log}); err != nil {
		return nil, err
	}
	if cfg.DiskFloor > 0 {
		s.Desk.Free = s.free
	}
	if s.UI, err = ui.New(); err != nil {
		return nil, err
	}
	if s.Catalog, err = catalog.Open(catalog.Options{Dir: cfg.Plugins, Sandbox: cfg.PluginSandbox, Log: s.Log}); err != nil {
		return nil, err
	}
	if s.Inspector, err = vault.NewInspector(vault.InspectorOptions{CacheDir: filepath.Join(filepath.Dir(cfg.Dir), "cache"), Log: s.Log}); err != nil {
		return nil, err
	}
	if err := s.remember(); err != nil {
		return nil, err
	}
	s.openOutbox()
	s.openJobs()
	if s.Runner, err = schedule.NewRunner(s.Clock, s.Log, s.schedule()); err != nil {
		return nil, err
	}
	return s, s.learnTypes(context.Background())
}

// Serve binds the routes and starts the clock.
func (s *Server) Serve(se *core.ServeEvent) error {
	if !s.Config.Maintenance {
		freeze(se.App)
	}
	s.superuserMail(se.App)
	if u := s.publicURL(); u != "" {
		if err := s.origin.AddTrustedOrigin(strings.TrimSuffix(u, "/")); err != nil {
			return fmt.Errorf("public URL %q: %w", u, err)
		}
	}
	se.Router.Unbind(apis.DefaultCorsMiddlewareId, apis.DefaultActivityLoggerMiddlewareId)
	se.Router.Bind(requestLog)
	s.lines = s.mount(se)
	s.files(se)
	se.Router.Bind(s.fence(s.lines))
	if err := s.serveMetrics(se); err != nil {
		return err
	}
	se.UIExtensions = append(se.UIExtensions, core.UIExtension{Name: "desk", FS: ui.Desk()})
	if s.Config.Maintenance {
		return nil
	}
	if err := errors.Join(s.outbox.Free(), s.jobs.Free()); err != nil { // this process is the only one
		return err
	}
	s.warm = time.AfterFunc(warmAfter, func() { s.Inspector.Warm(context.Background()) })
	s.Desk.Committed = func() { s.Runner.Wake("messages"); s.Runner.Wake("jobs") }
	s.Runner.Start()
	return nil
}

// Close stops the clock and the children.
func (s *Server) Close() {
	if s.warm != nil {
		s.warm.Stop()
	}
	s.metrics.close()
	s.imports.stop()
	s.imports.running.Wait()
	s.Runner.Stop()
	s.Catalog.Close()
	s.Desk.Close()
}

// publicURL is the address that people see, without a slash at its end.
func (s *Server) publicURL() string {
	if s.Config.URL != "" {
		return strings.TrimSuffix(s.Config.URL, "/")
	}
	d, err := s.Desk.Settings()
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(d.PublicURL, "/")
}

// https reports whether people come over TLS: by the public URL, and as long as none is known, by how the desk listens.
func (s *Server) https() bool {
	return strings.HasPrefix(firstOf(s.publicURL(), s.local()), "https://")
}

// learnTypes makes rows for the types on disk, and enables the bundled ones in the version that this binary carries.
func (s *Server) learnTypes(ctx context.Context) error {
	if err := s.findTypes(ctx); err != nil {
		return err
	}
	for _, f := range s.Catalog.Found() {
		if !f.Bundled || f.Err != nil {
			continue
		}
		row, err := records.Load[*records.Type](s.Desk.App.DB(), f.ID)
		if err != nil {
			return err
		}
		if row.State == flow.Disabled || row.State == flow.Enabled && row.SHA256 == f.SHA256 {
			continue
		}
		sw, err := s.describe(ctx, catalog.Ref{ID: f.ID, SHA256: f.SHA256})
		if err != nil {
			s.Log.Error("bundled type does not answer", "type", f.ID, "error", err)
			continue
		}
		if _, err := command.Run(ctx, s.Desk, command.Itself, command.SwitchType, command.At{ID: f.ID}, sw); err != nil {
			return err
		}
	}
	return nil
}

// findTypes makes rows for types on disk that have none.
func (s *Server) findTypes(ctx context.Context) error {
	for _, f := range s.Catalog.Found() {
		_, err := records.Load[*records.Type](s.Desk.App.DB(), f.ID)
		if err == nil {
			continue
		}
		if !errors.Is(err, records.ErrNotFound) {
			return err
		}
		if _, err := command.Run(ctx, s.Desk, command.Itself, command.FindType, command.At{ID: records.DeskID},
			command.FoundType{ID: f.ID, Bundled: f.Bundled, Path: filepath.Base(f.Path)}); err != nil {
			return err
		}
	}
	return nil
}

// describe asks a type for its description.
func (s *Server) describe(ctx context.Context, ref catalog.Ref) (command.Switching, error) {
	t, raw, d, err := s.Catalog.Describe(ctx, ref)
	if err != nil {
		return command.Switching{}, errors.Join(flow.Refuse("type_trouble", ref.ID), err)
	}
	if t.ID != ref.ID {
		return command.Switching{}, flow.Refuse("type_other_name", t.ID)
	}
	return command.Switching{On: true, SHA256: ref.SHA256, Digest: d, Body: string(raw), NameZh: t.Name.ZhHans, NameEn: t.Name.En, Ver: t.Version, Path: ref.ID, Level: string(s.Catalog.Level())}, nil
}
