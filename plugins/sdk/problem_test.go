package sdk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSentences holds that every sentence is there in both languages with the same places.
func TestSentences(t *testing.T) {
	place := regexp.MustCompile(`\{[a-z]+\}`)
	for code, s := range sentences {
		if s.ZhHans == "" || s.En == "" {
			t.Errorf("%s lacks a language", code)
		}
		for _, p := range place.FindAllString(s.ZhHans+s.En, -1) {
			if !strings.Contains(s.ZhHans, p) || !strings.Contains(s.En, p) {
				t.Errorf("%s: %s is in one language only", code, p)
			}
		}
	}
}

// TestEveryCodeHasASentence reads the codes out of the source, and holds that no sentence is left over.
func TestEveryCodeHasASentence(t *testing.T) {
	used := map[string]bool{"other": true, "required": true, "required_choice": true}
	named := regexp.MustCompile(`(?:FormatError\{(?:Code: )?|(?:wrong|Wrong|both)\([^"\n]*)"([a-z_]+)"`)
	for _, dir := range []string{".", "check"} {
		paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatal(err, paths)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
				used[m[1]] = true
			}
		}
	}
	for code := range used {
		if _, ok := sentences[code]; !ok {
			t.Errorf("%s has no sentence", code)
		}
	}
	for code := range sentences {
		if !used[code] {
			t.Errorf("the sentence of %s is never said", code)
		}
	}
}

func TestWrong(t *testing.T) {
	p := Wrong("note", "text_length", "max", "200")
	if p.Field != "note" || p.Code != "text_length" || !strings.Contains(p.Text.ZhHans, "最多 200 个字") || strings.Contains(p.Text.En, "{") {
		t.Errorf("%+v", p)
	}
	if p := Wrong("a", "slot_missing", "slot", "{slot}"); !strings.Contains(p.Text.En, "“{slot}”") {
		t.Errorf("a value was read for places: %+v", p)
	}
	other, _ := Sentence("other")
	if p := Wrong("a", "no_such_code"); p.Text != other {
		t.Errorf("%+v", p)
	}
	if p := WrongFormat("id", fmt.Errorf("at the door: %w", FormatError{"id_checksum"})); p.Code != "id_checksum" {
		t.Errorf("%+v", p)
	}
	if p := WrongFormat("id", errors.New("out of paper")); p.Code != "other" || p.Text != other {
		t.Errorf("%+v", p)
	}
}
