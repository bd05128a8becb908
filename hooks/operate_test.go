package hooks_test

import (
	"context"
	"database/sql"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

func backedUp(t *testing.T) (*testkit.Desk, string) {
	places := t.TempDir()
	d := testkit.Open(t, func(c *config.Config) {
		c.Backup = config.Backup{Data: filepath.Join(places, "a", "data"), Keys: filepath.Join(places, "b", "keys"), At: "03:00", Keep: 3}
	})
	d.Runner.Stop()
	return d, places
}

func copiesIn(t *testing.T, places string) int {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(places, "a", "data", "data", "*", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestNightly makes one copy a night and no more, tries one a week, and tells the managers once a day when it fails.
func TestNightly(t *testing.T) {
	d, places := backedUp(t)
	line := d.Line("backup")
	run := func(fails bool) {
		t.Helper()
		if err := line(context.Background()); (err != nil) != fails {
			t.Fatalf("the line: %v", err)
		}
	}
	run(false)
	run(false)
	if n := copiesIn(t, places); n != 1 {
		t.Fatalf("%d copies of the first night", n)
	}
	tried, _ := os.ReadFile(filepath.Join(places, "a", "data", "trial.json"))
	if s := d.CopyState(); len(tried) == 0 || !s.TrialOK || s.At == "" || s.Late || s.Failed != "" {
		t.Fatalf("after the first night: %s %+v", tried, s)
	}
	d.Clock.Move(24 * time.Hour)
	run(false)
	if again, _ := os.ReadFile(filepath.Join(places, "a", "data", "trial.json")); copiesIn(t, places) != 2 || string(again) != string(tried) {
		t.Errorf("after two nights: %d copies, tried %s", copiesIn(t, places), again)
	}
	for range 6 {
		d.Clock.Move(24 * time.Hour)
		run(false)
	}
	if again, _ := os.ReadFile(filepath.Join(places, "a", "data", "trial.json")); copiesIn(t, places) != 3 || string(again) == string(tried) {
		t.Errorf("after a week: %d copies, tried %s", copiesIn(t, places), again)
	}
	if n := len(d.Messages("backup_failed")); n != 0 {
		t.Errorf("%d managers were told without a reason", n)
	}
	if err := os.RemoveAll(filepath.Join(places, "b")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(places, "b"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := d.Desk.Settings()
	if err != nil {
		t.Fatal(err)
	}
	zone := d.Desk.Zone(s)
	d.Clock.Move(flow.DayOf(d.Clock.Now(), zone).AddDays(1).In(zone).Add(10 * time.Hour).Sub(d.Clock.Now())) // the next morning: two hours later is the same day
	run(true)
	run(false) // not again within the hour
	d.Clock.Move(2 * time.Hour)
	run(true)
	if s := d.CopyState(); s.Failed == "" {
		t.Error("the lead's page does not say that it failed")
	}
	if n := len(d.Messages("backup_failed")); n != 1 {
		t.Errorf("the manager was told %d times of one day's failure", n)
	}
}

// TestReady tells alive from able: a database that cannot be written and a lost key are not ready, and still alive.
func TestReady(t *testing.T) {
	d := testkit.Open(t)
	d.Runner.Stop()
	status := func(path string) (int, string) {
		r, err := http.Get(d.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		raw, _ := io.ReadAll(r.Body)
		return r.StatusCode, string(raw)
	}
	if code, body := status("/api/ready"); code != 200 || !strings.Contains(body, `"ready":true`) {
		t.Errorf("a desk that is well: %d %s", code, body)
	}
	if _, err := d.App.NonconcurrentDB().NewQuery("PRAGMA query_only=ON").Execute(); err != nil {
		t.Fatal(err)
	}
	d.AskAgain()
	if code, body := status("/api/ready"); code != 503 || !strings.Contains(body, `"database":false`) || !strings.Contains(body, `"keys":true`) {
		t.Errorf("a database that cannot be written: %d %s", code, body)
	}
	if code, _ := status("/api/health"); code != 200 {
		t.Errorf("alive: %d", code)
	}
	if _, err := d.App.NonconcurrentDB().NewQuery("PRAGMA query_only=OFF").Execute(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		floor uint64
		ready bool
	}{{0, true}, {1 << 62, false}, {1, true}} {
		d.Config.DiskFloor = c.floor
		d.AskAgain()
		if code, body := status("/api/ready"); (code == 200) != c.ready || strings.Contains(body, `"disk":false`) == c.ready {
			t.Errorf("a floor of %d bytes: %d %s", c.floor, code, body)
		}
	}
	keys, err := sql.Open("sqlite", filepath.Join(d.Config.Keys, "keys.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	if _, err := keys.Exec("UPDATE keys SET wrapped = x'00' WHERE id = 'desk'"); err != nil { // what is in memory still opens everything
		t.Fatal(err)
	}
	d.AskAgain()
	if code, body := status("/api/ready"); code != 503 || !strings.Contains(body, `"keys":false`) || !strings.Contains(body, `"database":true`) {
		t.Errorf("the desk's key is gone from the disk: %d %s", code, body)
	}
}

// TestMetrics serves figures where it was told to, and nothing of a person in them.
func TestMetrics(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	d := testkit.Open(t, func(c *config.Config) { c.Metrics = at })
	d.Must(command.Run(t.Context(), d.Desk, command.Caller{Role: flow.Guest, ID: "browser"}, command.Register, command.At{ID: records.DeskID},
		command.NewAccount{Channel: "mail", Contact: "canary@example.com", Lang: "zh-Hans", Proved: true}))
	for _, path := range []string{"/", "/v/canarycode", "/applications/canaryid", "/api/health", "/canary"} {
		d.Browser().Get(path)
	}
	front := `certdesk_http_answers_total{route="GET /{$}",status="200"}`
	raw := d.Browser().Get("http://" + at + "/metrics").Body
	for end := time.Now().Add(20 * time.Second); !strings.Contains(raw, front) && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		raw = d.Browser().Get("http://" + at + "/metrics").Body // an answer is counted when it is over, which its reader may know sooner
	}
	for _, want := range []string{front, "certdesk_ready 1", "certdesk_ledger_entries ", "certdesk_disk_free_bytes", `certdesk_line_runs_total{line="messages"}`, "go_goroutines"} {
		if !strings.Contains(raw, want) {
			t.Errorf("%s is missing in\n%s", want, raw)
		}
	}
	if strings.Contains(raw, "canary") {
		t.Error("something of a person is in the figures")
	}
	if r, err := http.Get(d.URL + "/metrics"); err != nil || r.StatusCode != 404 {
		t.Errorf("the public address serves figures too: %v %v", r, err)
	}
}
