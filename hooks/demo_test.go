package hooks

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// The demo's data files can be read, name each other rightly, and make numbers that hold.
func TestDemoData(t *testing.T) {
	sd := &seeder{staff: map[string]string{}, accounts: map[string]*demoAccount{}, cases: map[string]*demoCase{}}
	if err := sd.read(); err != nil {
		t.Fatal(err)
	}
	if len(sd.cases) < 40 {
		t.Errorf("%d cases", len(sd.cases))
	}
	numbers := map[string]string{}
	for key, p := range sd.people {
		if _, err := sdk.ParseResidentID(p.id.Number, time.Now()); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if other := numbers[p.id.Number]; other != "" {
			t.Errorf("%s and %s have one number", key, other)
		}
		numbers[p.id.Number] = key
	}
	for key, c := range sd.cases {
		if r, _ := c.follows(); r != "" && sd.cases[r] == nil {
			t.Errorf("%s renews %q, which is no case", key, r)
		}
		if c.started() < 1 || c.started() >= sd.desk.Days {
			t.Errorf("%s starts %q days ago", key, c.row["started"])
		}
	}
	for _, lang := range []string{"zh-Hans", "en"} {
		for _, p := range (&Server{}).demoPeople(lang) {
			if p.What == "" || p.User == "" || p.Name == "" {
				t.Errorf("%s: %+v", lang, p)
			}
		}
	}
}

// On whatever day the demo is started, weekends and holidays leave the order of what happens as it is: a case begins, is
// decided, and only then something becomes of its certificate, and all of it lies in the past.
func TestDemoHistory(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	sd := &seeder{staff: map[string]string{}, accounts: map[string]*demoAccount{}, cases: map[string]*demoCase{}}
	sd.s = &Server{Desk: &command.Desk{Calendar: flow.CalendarCN()}}
	if err := sd.read(); err != nil {
		t.Fatal(err)
	}
	sd.zone = zone
	for day := flow.Day("2025-01-01"); day < "2028-12-31"; day = day.AddDays(1) {
		sd.today = day
		sd.plan()
		at, ended := map[string]time.Time{}, map[string]time.Time{}
		for _, e := range sd.events {
			at[e.name] = e.at
			if !e.at.Before(sd.at(-1, 0)) {
				t.Fatalf("%s: %s is planned for %s", day, e.name, e.at)
			}
		}
		for _, c := range sd.inOrder() {
			key, of, had := c.row["key"], c.row["account"]+c.row["holder"]+c.row["type"], at[c.row["key"]]
			if had.Sub(ended[of]) < time.Hour {
				t.Fatalf("%s: %s begins at %s, the case before it ended at %s", day, key, had, ended[of])
			}
			steps := []string{key + " withdrawn", key + " looked at", key + " decided"}
			for _, then := range strings.Fields(c.row["then"]) {
				act, _, _ := strings.Cut(then, "@")
				steps = append(steps, key+" "+act)
			}
			for _, step := range steps {
				if is, planned := at[step]; planned {
					if is.Sub(had) < time.Hour {
						t.Fatalf("%s: %s at %s, what comes before it at %s", day, step, is, had)
					}
					had = is
				}
			}
			ended[of] = had
		}
	}
}

// The first run has a sentence in both languages for all it can say, and zones that exist.
func TestSetupData(t *testing.T) {
	var d setupData
	if err := json.Unmarshal(setupJSON, &d); err != nil {
		t.Fatal(err)
	}
	for code, text := range d.Texts {
		if text.ZhHans == "" || text.En == "" {
			t.Errorf("%s has not both languages", code)
		}
	}
	for _, z := range d.Zones {
		if _, err := time.LoadLocation(z.ID); err != nil {
			t.Error(err)
		}
	}
}
