// Package testkit starts a whole desk for a test: a migrated folder, real keys, real routes on a real listener, a clock
// that the test moves, mails and SMS caught in the outbox.
package testkit

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own tables
	"github.com/pocketbase/pocketbase/ui"
	"golang.org/x/crypto/bcrypt"

	"github.com/certdesk/certdesk/hooks"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/internal/vault"
	_ "github.com/certdesk/certdesk/pb_migrations" // ours
	"github.com/certdesk/certdesk/plugins/catalog"
)

// Main runs the tests of a package that starts desks: the children of the desk are this test's own program.
func Main(m *testing.M, after ...func()) {
	sandbox.Reentry(vault.Child(), catalog.Child())
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() == "" { // what is measured runs as the product does
		debug.SetGCPercent(400) // hundreds of small desks, one after the other: collecting them took a fifth of the time
	}
	code := m.Run()
	for _, f := range after {
		f()
	}
	for _, dir := range made {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// made are the folders that this process copies from.
var made []string

func temp(name string) (string, error) {
	dir, err := os.MkdirTemp("", name)
	made = append(made, dir)
	return dir, err
}

// Desk is a running desk.
type Desk struct {
	*hooks.Server
	T   testing.TB
	App core.App
	URL string
	Dir string

	stop func()
}

var template = sync.OnceValues(func() (string, error) {
	dir, err := temp("certdesk-template-")
	if err != nil {
		return "", err
	}
	app, err := open(dir)
	if err != nil {
		return "", err
	}
	if err := app.RunAllMigrations(); err != nil {
		return "", err
	}
	return dir, terminate(app)
})

func open(dir string) (core.App, error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: records.Connector()})
	return app, app.Bootstrap()
}

// terminate ends an app as a program does: databases, and what watches its folder, which would hold all of it for ever.
func terminate(app core.App) error {
	return app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() })
}

// App opens an app on a copy of the migrated folder: a fresh migration costs half a second, a copy some milliseconds.
func App(t testing.TB) core.App {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	app, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminate(app) })
	return app
}

// Password is everybody's in tests.
const Password = "a long enough password"

var hash = sync.OnceValue(func() string {
	raw, _ := bcrypt.GenerateFromPassword([]byte(Password), bcrypt.MinCost)
	return string(raw)
})

func settings(dir string) (config.Config, error) {
	return config.Load(map[string]string{"dir": dir, "log-level": "error"}, nil, "")
}

// serve binds a desk to an app as the server does, without a listener.
func serve(app core.App, cfg config.Config, clock schedule.ClockOptions) (*hooks.Server, http.Handler, error) {
	var s *hooks.Server
	hooks.RegisterAt(app, cfg, clock, func(up *hooks.Server) error { s = up; return nil })
	router, err := apis.NewRouter(app)
	if err != nil {
		return nil, nil, err
	}
	router.GET("/_/{path...}", apis.Static(ui.DistDirFS, false)) // as apis.Serve does before the event
	se := &core.ServeEvent{App: app, Router: router}
	if err := app.OnServe().Trigger(se, func(*core.ServeEvent) error { return nil }); err != nil {
		return s, nil, err
	}
	mux, err := router.BuildMux()
	return s, mux, err
}

// New starts a desk that is not set up yet.
func New(t testing.TB, change ...func(*config.Config)) *Desk {
	t.Helper()
	return start(t, Started(t), schedule.ClockOptions{}, change)
}

func start(t testing.TB, app core.App, clock schedule.ClockOptions, change []func(*config.Config)) *Desk {
	t.Helper()
	cfg, err := settings(app.DataDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(&cfg)
	}
	s, mux, err := serve(app, cfg, clock)
	if err != nil {
		t.Fatal(err)
	}
	if !cfg.Maintenance {
		<-s.Runner.Caught() // or it may come upon what the test is about to make
	}
	d := &Desk{Server: s, T: t, App: app, Dir: filepath.Dir(app.DataDir())}
	server := httptest.NewServer(mux)
	d.URL = server.URL
	d.stop = sync.OnceFunc(func() { server.Close(); d.Server.Close() })
	t.Cleanup(d.stop)
	return d
}

// Again stops the desk and starts it anew on the same data, by this clock.
func (d *Desk) Again(clock schedule.ClockOptions, change ...func(*config.Config)) *Desk {
	d.T.Helper()
	d.stop()
	dir := d.App.DataDir()
	if err := terminate(d.App); err != nil {
		d.T.Fatal(err)
	}
	app, err := open(dir)
	if err != nil {
		d.T.Fatal(err)
	}
	d.T.Cleanup(func() { terminate(app) })
	return start(d.T, app, clock, change)
}

// Open starts a desk that is set up as a demo: nothing waits to be taken back, no second factor, mails and SMS are shown.
func Open(t testing.TB, change ...func(*config.Config)) *Desk {
	t.Helper()
	return OpenAt(t, schedule.ClockOptions{}, change...)
}

// OpenAt is Open by a clock of the test's.
func OpenAt(t testing.TB, clock schedule.ClockOptions, change ...func(*config.Config)) *Desk {
	t.Helper()
	d := start(t, Started(t), clock, change)
	d.Must(command.Run(context.Background(), d.Desk, command.Itself, command.SetUp, command.At{ID: records.DeskID}, command.Opening{
		Settings: command.Settings{NameZh: "长青认证中心", NameEn: "Evergreen Certification Desk", Zone: "Asia/Shanghai", Lang: "zh-Hans", PublicURL: d.URL, Hotline: "400-000-0000",
			HoursZh: "工作日 9:00 到 17:30", HoursEn: "weekdays 9:00 to 17:30", Free: true, SMSTested: true},
		Manager: "林经理", Email: "manager@example.com", Hash: hash(), Demo: true}))
	return d
}

// Must ends the test on an error.
func (d *Desk) Must(r command.Receipt, err error) command.Receipt {
	d.T.Helper()
	if err != nil {
		d.T.Fatal(err)
	}
	return r
}

// Staff makes an active colleague with these roles, qualified for every bundled type, and returns the row's ID.
func (d *Desk) Staff(name, email string, roles ...flow.Role) string {
	d.T.Helper()
	ctx := context.Background()
	in := command.Invitation{Name: name, Email: email, Types: []string{"individual", "institutional", "pension"}, Capacity: 20, Lang: "zh-Hans", Code: "x", Plain: "x"}
	for _, r := range roles {
		in.Roles = append(in.Roles, string(r))
	}
	id := d.Must(command.Run(ctx, d.Desk, command.Itself, command.Invite, command.At{ID: records.DeskID}, in)).Answer["id"]
	code, err := records.Find[*records.Code](d.App.DB(), dbx.HashExp{"person": id, "purpose": "invite"})
	if err != nil {
		d.T.Fatal(err)
	}
	d.Must(command.Run(ctx, d.Desk, command.Caller{Role: flow.Guest, ID: id}, command.Join, command.At{ID: id}, command.Joining{Code: code.ID, Hash: hash()}))
	return id
}

// Messages returns what was written to the outbox for one notice, newest first, opened.
func (d *Desk) Messages(notice string) (list []Message) {
	d.T.Helper()
	rows, err := records.All[*records.Message](d.App.DB(), dbx.HashExp{"notice": notice}, "made DESC", "id DESC")
	if err != nil {
		d.T.Fatal(err)
	}
	for _, m := range rows {
		to, words, err := d.Desk.MessageWords(m)
		if err != nil {
			d.T.Fatal(err)
		}
		list = append(list, Message{Row: m, To: to, Words: words})
	}
	return list
}

// Message is one message of the outbox, opened.
type Message struct {
	Row   *records.Message
	To    string
	Words map[string]string
}

// Move lets time pass and runs everything that falls due, day by day.
func (d *Desk) Move(by time.Duration) {
	d.T.Helper()
	for by > 0 {
		step := min(by, 24*time.Hour)
		d.Later(step)
		by -= step
		if err := d.Runner.RunAll(context.Background()); err != nil {
			d.T.Fatal(err)
		}
	}
}

// Later lets time pass; reviewers whose pledge is over make the next one.
func (d *Desk) Later(by time.Duration) {
	d.T.Helper()
	d.Clock.Move(by)
	today, err := d.Desk.Today(context.Background())
	if err != nil {
		d.T.Fatal(err)
	}
	all, err := records.Staffs(d.App.DB(), flow.Active)
	if err != nil {
		d.T.Fatal(err)
	}
	for _, s := range all {
		if s.Unpledged(today) {
			d.Must(command.Run(context.Background(), d.Desk, command.Of(s.ID), command.Pledge, command.At{ID: s.ID}, command.Pledging{Version: flow.PledgeVersion}))
		}
	}
}

// JSON reads a body as JSON.
func JSON(t testing.TB, r io.Reader) (out map[string]any) {
	t.Helper()
	if err := json.NewDecoder(r).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}
