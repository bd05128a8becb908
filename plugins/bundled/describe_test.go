// Package bundled has no code: its tests hold what the bundled types have in common, over all of them.
package bundled

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/bundled/institutional"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
	"github.com/certdesk/certdesk/plugins/sdk/sdktest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const today = "2026-11-23"

type bundled struct {
	id      string
	cert    sdk.Certification
	example func() sdk.Answers
}

var all = []bundled{
	{"individual", individual.New(), individual.Example},
	{"institutional", institutional.New(), institutional.Example},
	{"pension", pension.New(), pension.Example},
}

func (b bundled) describe(t *testing.T) sdk.Type {
	t.Helper()
	typ, err := b.cert.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func TestDescriptions(t *testing.T) {
	for _, b := range all {
		t.Run(b.id, func(t *testing.T) {
			typ := b.describe(t)
			for _, err := range check.Description(typ) {
				t.Error(err)
			}
			if typ.ID != b.id || typ.Letters.Passed == (sdk.Text{}) || typ.Letters.NotPassed == (sdk.Text{}) || len(typ.Reasons) < 10 {
				t.Errorf("%s, letters %+v, %d reasons", typ.ID, typ.Letters, len(typ.Reasons))
			}
		})
	}
}

// TestGolden compares each description as it leaves the process with the one read in the last review.
func TestGolden(t *testing.T) {
	for _, b := range all {
		t.Run(b.id, func(t *testing.T) {
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", " ")
			if err := e.Encode(b.describe(t)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", b.id+".json")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s differs; read the difference, then run: go test ./plugins/bundled -update", path)
			}
		})
	}
}

// TestConformance asks each type everything that a desk asks, over the real wire, on each way through its form.
func TestConformance(t *testing.T) {
	ways := map[string][]map[string]string{
		"individual":    {{}, {"latin_name": "", "resident_id": "81000019980902013X"}},
		"institutional": {{}, {"scope": "medical\nother", "scope_other": "理发"}},
		"pension": {{}, {"lives": "hmt", "region": "macau", "region_address": "样本街 1 号"},
			{"lives": "abroad", "country": "加拿大", "country_address": "1 Example Street"}},
	}
	for _, b := range all {
		t.Run(b.id, func(t *testing.T) {
			var examples []sdk.Answers
			for _, way := range ways[b.id] {
				a := b.example()
				maps.Copy(a, way)
				examples = append(examples, a)
			}
			sdktest.Run(t, b.cert, examples...)
		})
	}
}

// TestPlan holds the numbers that were agreed on for each type.
func TestPlan(t *testing.T) {
	for id, want := range map[string]struct {
		holder       sdk.HolderKind
		months, days int
		attested     bool
		people       int
	}{
		"individual":    {sdk.HolderPerson, 36, 5, false, 1},
		"institutional": {sdk.HolderInstitution, 24, 10, false, 3},
		"pension":       {sdk.HolderPerson, 12, 3, true, 1},
	} {
		typ := all[slices.IndexFunc(all, func(b bundled) bool { return b.id == id })].describe(t)
		if !slices.Equal(typ.Holders, []sdk.HolderKind{want.holder}) || typ.Validity != want.months || typ.ReviewDays != want.days ||
			typ.Attested != want.attested || len(typ.Persons) != want.people {
			t.Errorf("%s: %v %d %d %v %v", id, typ.Holders, typ.Validity, typ.ReviewDays, typ.Attested, typ.Persons)
		}
		if !slices.Equal(typ.Recheck.NoticeDays, []int{30, 7, 1}) || typ.Recheck.RenewDays != 60 || typ.Recheck.EveryMonths != 6 {
			t.Errorf("%s: %+v", id, typ.Recheck)
		}
	}
}

// TestScripts holds that each language is written in its own script: a text left untranslated would be seen here.
func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("*/*.json")
	if err != nil || len(paths) < 9 {
		t.Fatal(err, paths)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(path, err)
		}
		texts(v, func(zh, en string) {
			if zh == "" && en == "" {
				return
			}
			if !strings.ContainsFunc(zh, isHan) || strings.ContainsFunc(strings.NewReplacer("长期", "", "营业期限", "", "有效期限", "").Replace(en), isHan) {
				t.Errorf("%s: %q, %q", path, zh, en)
			}
		})
	}
}

func isHan(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF }

func texts(v any, see func(zh, en string)) {
	switch v := v.(type) {
	case map[string]any:
		if zh, ok := v["zh-Hans"].(string); ok {
			en, _ := v["en"].(string)
			see(zh, en)
		}
		for _, x := range v {
			texts(x, see)
		}
	case []any:
		for _, x := range v {
			texts(x, see)
		}
	}
}

// TestFindingsPointAtSomething holds that what the findings of a type point at is there, and that each says something.
func TestFindingsPointAtSomething(t *testing.T) {
	for _, b := range all {
		typ := b.describe(t)
		say, err := sdk.LoadPhrases(os.DirFS(b.id), "findings.json")
		if err != nil {
			t.Fatal(err)
		}
		for code, f := range say {
			item := slices.ContainsFunc(typ.Checklist, func(i sdk.Item) bool { return i.ID == f.Item })
			if f.Question != "" && !typ.Asks(f.Question) || f.Slot != "" && !typ.Asks(f.Slot) || !item || f.Text.ZhHans == "" || f.Text.En == "" || f.Level == "" {
				t.Errorf("%s %s: %+v", b.id, code, f)
			}
		}
	}
}

// TestReasonsAreReachable holds that a reviewer meets every reason at some line of the checklist.
func TestReasonsAreReachable(t *testing.T) {
	for _, b := range all {
		typ := b.describe(t)
		for _, r := range typ.Reasons {
			if !slices.ContainsFunc(typ.Checklist, func(i sdk.Item) bool { return slices.Contains(i.Reasons, r.ID) }) {
				t.Errorf("%s: %s belongs to no line of the checklist", b.id, r.ID)
			}
		}
	}
}
