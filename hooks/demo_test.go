package hooks

import (
	"encoding/json"
	"testing"
	"time"

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
		if r := c.row["renews"]; r != "" && sd.cases[r] == nil {
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
