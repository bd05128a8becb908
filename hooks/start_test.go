package hooks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/hooks"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// What is not safe does not start, and says why in words that name the thing.

// start serves an app without a listener, and stops it again.
func start(t *testing.T, app core.App, change ...func(*config.Config)) error {
	t.Helper()
	cfg, err := config.Load(map[string]string{"dir": app.DataDir(), "log-level": "error"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(&cfg)
	}
	var s *hooks.Server
	hooks.Register(app, cfg, func(up *hooks.Server) error { s = up; return nil })
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	err = app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(*core.ServeEvent) error { return nil })
	if s != nil {
		s.Close()
	}
	return err
}

// again opens the folder of an app once more, as the next start does.
func again(t *testing.T, app core.App) core.App {
	t.Helper()
	dir := app.DataDir()
	if err := app.ClearBootstrap(); err != nil {
		t.Fatal(err)
	}
	next := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: records.Connector()})
	if err := next.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { next.ClearBootstrap() })
	return next
}

func TestStartRefused(t *testing.T) {
	collection := func(name string, change func(*core.Collection)) func(*testing.T, core.App) {
		return func(t *testing.T, app core.App) {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				t.Fatal(err)
			}
			change(c)
			if err := app.Save(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	save := func(c *core.Collection) func(*testing.T, core.App) {
		return func(t *testing.T, app core.App) {
			if err := app.Save(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	open, mine := "", "id != ''"
	view := core.NewViewCollection("report")
	view.ViewQuery = "SELECT id, email FROM staff"
	for name, tc := range map[string]struct {
		spoil func(*testing.T, core.App)
		says  []string
	}{
		"an open list rule":      {collection("applications", func(c *core.Collection) { c.ListRule = &open }), []string{"applications", "list", "--maintenance"}},
		"a conditional rule":     {collection("staff", func(c *core.Collection) { c.ViewRule = &mine }), []string{"staff", "view", "--maintenance"}},
		"an open creation":       {collection("feedback", func(c *core.Collection) { c.CreateRule = &open }), []string{"feedback", "create"}},
		"an open change":         {collection("holders", func(c *core.Collection) { c.UpdateRule = &open }), []string{"holders", "update"}},
		"an open deletion":       {collection("certificates", func(c *core.Collection) { c.DeleteRule = &open }), []string{"certificates", "delete"}},
		"PocketBase's passwords": {collection("applicants", func(c *core.Collection) { c.PasswordAuth.Enabled = true }), []string{"applicants", "past the desk"}},
		"PocketBase's codes":     {collection("staff", func(c *core.Collection) { c.OTP.Enabled = true }), []string{"staff", "past the desk"}},
		"a foreign collection":   {save(core.NewBaseCollection("notes_of_ours")), []string{"notes_of_ours", "not the desk's"}},
		"a view":                 {save(view), []string{"report", "not the desk's"}},
		"batch requests": {func(t *testing.T, app core.App) {
			s := app.Settings()
			s.Batch.Enabled, s.Batch.MaxRequests, s.Batch.Timeout = true, 10, 3
			if err := app.Save(s); err != nil {
				t.Fatal(err)
			}
		}, []string{"batch"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := testkit.Started(t)
			tc.spoil(t, app)
			refused(t, start(t, app), tc.says...)
		})
	}
}

func refused(t *testing.T, err error, says ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("it started")
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("the error does not name %q: %v", s, err)
		}
	}
}

// A desk that is set up never makes new keys: what it has sealed would be lost for good.
func TestStartWithoutKeys(t *testing.T) {
	for name, tc := range map[string]struct {
		lose string
		says string
	}{
		"keys.db":    {"keys.db", "keys"},
		"root.key":   {"root.key", "root.key"},
		"ledger.key": {"ledger.key", "ledger.key"},
	} {
		t.Run(name, func(t *testing.T) {
			app := testkit.Started(t)
			if err := start(t, app); err != nil {
				t.Fatal(err)
			}
			if _, err := app.NonconcurrentDB().Update("desk", dbx.Params{"state": "open"}, dbx.HashExp{"id": records.DeskID}).Execute(); err != nil {
				t.Fatal(err)
			}
			keys := filepath.Join(filepath.Dir(app.DataDir()), "keys")
			for _, f := range []string{tc.lose, tc.lose + "-wal", tc.lose + "-shm"} {
				if err := os.Remove(filepath.Join(keys, f)); err != nil && f == tc.lose {
					t.Fatal(err)
				}
			}
			refused(t, start(t, again(t, app)), tc.says)
			if _, err := os.Stat(filepath.Join(keys, tc.lose)); !os.IsNotExist(err) {
				t.Errorf("a new %s was made: %v", tc.lose, err)
			}
		})
	}
}

// The keys of another desk open nothing, and are not taken.
func TestStartWithForeignKeys(t *testing.T) {
	one, two := testkit.Started(t), testkit.App(t)
	for _, app := range []core.App{one, two} {
		if err := start(t, app); err != nil {
			t.Fatal(err)
		}
	}
	foreign := func(c *config.Config) {
		c.Keys = filepath.Join(filepath.Dir(two.DataDir()), "keys")
		c.RootKey = filepath.Join(c.Keys, "root.key")
	}
	if _, err := one.NonconcurrentDB().Update("desk", dbx.Params{"state": "open", "mark": strings.Repeat("other", 8)}, dbx.HashExp{"id": records.DeskID}).Execute(); err != nil {
		t.Fatal(err)
	}
	refused(t, start(t, again(t, one), foreign), "keys")
}

// A team's own policies are read whole or not at all.
func TestStartWithPolicies(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(policy, decisions string) (string, string)
		says  []string
	}{
		"as they are": {func(p, d string) (string, string) { return p, d }, nil},
		"a misspelt act": {func(p, d string) (string, string) {
			return strings.Replace(p, "reviewer, decide,", "reviewer, decdie,", 1), d
		}, []string{"policies", "policy.csv", "decdie"}},
		"a misspelt effect": {func(p, d string) (string, string) {
			return strings.Replace(p, "assignee, allow", "assignee, alow", 1), d
		}, []string{"policies", "policy.csv", "alow"}},
		"cut off":           {func(p, d string) (string, string) { return p[:strings.Index(p, "# decide")], d }, []string{"policies", "policy.csv"}},
		"empty":             {func(p, d string) (string, string) { return "", d }, []string{"policies", "policy.csv"}},
		"without decisions": {func(p, d string) (string, string) { return p, "" }, []string{"policies", "decisions.csv"}},
		"more than was agreed": {func(p, d string) (string, string) {
			return strings.Replace(p, "p, auditor, see_record", "p, auditor, see_team", 1), d
		}, []string{"policies", "see_"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			read := func(f string) string {
				raw, err := os.ReadFile(filepath.Join("..", "policies", f))
				if err != nil {
					t.Fatal(err)
				}
				return string(raw)
			}
			policy, decisions := tc.spoil(read("policy.csv"), read("decisions.csv"))
			for f, text := range map[string]string{"model.conf": read("model.conf"), "policy.csv": policy, "decisions.csv": decisions} {
				if err := os.WriteFile(filepath.Join(dir, f), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := start(t, testkit.Started(t), func(c *config.Config) { c.Policies = dir })
			if tc.says == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refused(t, err, tc.says...)
		})
	}
	refused(t, start(t, testkit.Started(t), func(c *config.Config) { c.Policies = filepath.Join(t.TempDir(), "none") }), "policies")
}

// A misspelt setting is named, with the one that was probably meant.
func TestStartWithSettings(t *testing.T) {
	for name, tc := range map[string]struct {
		flags map[string]string
		env   []string
		file  string
		says  []string
	}{
		"a flag":       {map[string]string{"htpp": ":80"}, nil, "", []string{"htpp", "is http meant?"}},
		"environment":  {nil, []string{"CERTDESK_PROXI=127.0.0.1"}, "", []string{"CERTDESK_PROXI", "CERTDESK_PROXY"}},
		"the file":     {nil, nil, "superuser-ip = 127.0.0.1\n", []string{"superuser-ip", ":1"}},
		"a value":      {map[string]string{"proxy": "everybody"}, nil, "", []string{"proxy", "everybody"}},
		"a wrong bool": {map[string]string{"maintenance": "perhaps"}, nil, "", []string{"maintenance", "perhaps"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := ""
			if tc.file != "" {
				file = filepath.Join(t.TempDir(), "certdesk.conf")
				if err := os.WriteFile(file, []byte(tc.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := config.Load(tc.flags, tc.env, file)
			refused(t, err, tc.says...)
		})
	}
}

// A demo does not touch a folder with real cases.
func TestDemoKeepsOff(t *testing.T) {
	set, demo, err := command.Exists(testkit.Open(t).App.DB())
	if err != nil || !set || !demo {
		t.Errorf("a demo's folder: set %v, demo %v, %v", set, demo, err)
	}
	set, demo, err = command.Exists(testkit.Started(t).DB())
	if err != nil || set || demo {
		t.Errorf("an empty folder: set %v, demo %v, %v", set, demo, err)
	}
}
