package ui

// The desk's modules are read as text: every sentence they say exists in both languages, every path they ask is a route,
// and nothing in them becomes markup or script.

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// deskModules returns the desk's modules by name.
func deskModules(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(deskFiles, "desk/*.js")
	if err != nil || len(names) < 10 {
		t.Fatalf("modules: %v, %v", names, err)
	}
	all := map[string]string{}
	for _, n := range names {
		raw, err := fs.ReadFile(Desk(), path.Base(n))
		if err != nil {
			t.Fatal(err)
		}
		all[path.Base(n)] = string(raw)
	}
	return all
}

func deskWords(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(Desk(), "locales/desk."+lang+".json")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	if err := json.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	return words
}

func deskRead(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var deskGap = regexp.MustCompile(`\{\w+\}`)

func TestDeskSpeaksBothLanguages(t *testing.T) {
	zh, en := deskWords(t, "zh-Hans"), deskWords(t, "en")
	if a, b := slices.Sorted(maps.Keys(zh)), slices.Sorted(maps.Keys(en)); !slices.Equal(a, b) {
		t.Errorf("the keys differ:\n%v\n%v", a, b)
	}
	for k := range zh {
		if strings.TrimSpace(zh[k]) == "" || strings.TrimSpace(en[k]) == "" {
			t.Errorf("%s is empty", k)
		}
		a, b := deskGap.FindAllString(zh[k], -1), deskGap.FindAllString(en[k], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s has other gaps in English: %v, %v", k, a, b)
		}
	}
}

var (
	deskKey     = regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9_]+)+)"`)
	deskMade    = regexp.MustCompile("`([a-z]+\\.[a-z_]*)\\$\\{")
	deskFile    = regexp.MustCompile(`\.(js|css|svg|json)$`)
	deskPath    = regexp.MustCompile("(?:GET\", |POST\", )?[\"`](/api/[^\"`]*)[\"`]")
	deskRoute   = regexp.MustCompile(`"(?:GET|POST) (/api/desk/[^"]*)"`)
	deskHole    = regexp.MustCompile(`\$\{[^{}]*\}`)
	deskNamed   = regexp.MustCompile(`\{[^{}]*\}`)
	deskForbids = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|"html-on|setAttribute\("on|\bon[a-z]+: "|javascript:`)
)

func TestDeskSaysWhatExistsAndNothingElse(t *testing.T) {
	words, used, prefixes := deskWords(t, "en"), map[string]bool{}, []string{}
	for name, js := range deskModules(t) {
		for _, m := range deskKey.FindAllStringSubmatch(js, -1) {
			if deskFile.MatchString(m[1]) {
				continue
			}
			used[m[1]] = true
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s says %q, which no locale has", name, m[1])
			}
		}
		for _, m := range deskMade.FindAllStringSubmatch(js, -1) {
			prefixes = append(prefixes, m[1])
		}
	}
	goSays, goWords := regexp.MustCompile(`say\("([a-z_.]+)"\)`), regexp.MustCompile(`"([a-z]+\.)"[,+ ]`) // files that leave the desk say them too
	names, err := filepath.Glob("../hooks/archive_*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text := deskRead(t, name)
		for _, m := range goSays.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s says %q, which no locale has", name, m[1])
			}
		}
		for _, m := range goWords.FindAllStringSubmatch(text, -1) {
			prefixes = append(prefixes, m[1])
		}
	}
	for k := range words {
		if !used[k] && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(k, p) }) {
			t.Errorf("nothing says %q", k)
		}
	}
}

// What the server sends by name has a word for people.
func TestDeskHasAWordForEveryName(t *testing.T) {
	words := deskWords(t, "zh-Hans")
	read := func(file, pattern string) []string {
		var all []string
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(deskRead(t, file), -1) {
			all = append(all, m[1])
		}
		if len(all) == 0 {
			t.Fatalf("%s: nothing found by %s", file, pattern)
		}
		return all
	}
	for _, c := range []struct{ prefix, file, pattern string }{
		{"act.", "../internal/flow/act.go", `(?m)^\t\w+ +Act += "([a-rt-z][a-z_]*|s[a-df-z][a-z_]*|se[a-df-z][a-z_]*)"`}, // but see_*
		{"state.", "../internal/flow/states.go", `(?m)^\t\w+ +State += "([a-z_]+)"`},
		{"noun.", "../internal/flow/states.go", `(?m)^\t\w+ +Noun += "([a-z_]+)"`},
		{"role.", "../internal/flow/act.go", `(?m)^\t\w+ +Role += "([a-z_]+)"`},
		{"fit.", "../internal/flow/assign_choose.go", `(?m)^\t\w+ +Fit += "([a-z_]+)"`},
		{"finding.", "../internal/ledger/verify_report.go", `(?m)^\t\w+ +Kind += "([a-z_]+)"`},
		{"notice.", "../internal/notify/messages.csv", `(?m)^([a-z_]+),(?:applicant|holder|staff|contact),`},
		{"search.by_", "../hooks/assign.go", `return "([a-z]+)", `},
		{"nav.", "desk/main.js", `link\("[a-z ]+", "([a-z]+)"`},
	} {
		for _, name := range read(c.file, c.pattern) {
			if _, ok := words[c.prefix+name]; !ok {
				t.Errorf("no word for %s%s", c.prefix, name)
			}
		}
	}
}

func TestDeskAsksOnlyWhatIsARoute(t *testing.T) {
	routes := map[string]bool{}
	for _, m := range deskRoute.FindAllStringSubmatch(deskRead(t, "../hooks/routes.go"), -1) {
		routes[deskNamed.ReplaceAllString(m[1], "{}")] = true
	}
	asked := 0
	for name, js := range deskModules(t) {
		for _, m := range deskPath.FindAllStringSubmatch(js, -1) {
			p := m[1]
			if i := strings.IndexByte(p, '?'); i >= 0 && !strings.Contains(p[:i], "${") || i >= 0 && strings.Count(p[:i], "${") == strings.Count(p[:i], "}") {
				p = p[:i]
			}
			p = deskHole.ReplaceAllString(p, "{}")
			asked++
			if !routes[p] {
				t.Errorf("%s asks %s, which is no route", name, m[1])
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d paths found", asked)
	}
}

func TestDeskModulesAreShortAndMakeNoMarkup(t *testing.T) {
	for name, js := range deskModules(t) {
		if n := strings.Count(js, "\n"); n > 400 {
			t.Errorf("%s has %d lines", name, n)
		}
		if bad := deskForbids.FindString(js); bad != "" {
			t.Errorf("%s has %q", name, bad)
		}
		if strings.Contains(js, `"_blank"`) && !strings.Contains(js, "noopener") {
			t.Errorf("%s opens a tab that can reach back", name)
		}
	}
	main := deskModules(t)["main.js"]
	if regexp.MustCompile(`(?m)^\s*import\s`).MatchString(main) {
		t.Error("main.js is pasted into a function: it cannot import statically")
	}
	if strings.Index(main, "\nconst { lang") < strings.LastIndex(main, "app.routes.") {
		t.Error("main.js awaits before its routes are registered")
	}
}

func TestDeskServesItsFilesOnly(t *testing.T) {
	for _, name := range []string{"main.js", "kit.js", "desk.css", "mark.svg", "locales/desk.en.json", "locales/desk.zh-Hans.json"} {
		if _, err := fs.Stat(Desk(), name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"../desk.go", "/main.js", "desk/main.js", "locales/portal.en.json", "locales/../desk/main.js", "none.js"} {
		if _, err := fs.Stat(Desk(), name); err == nil {
			t.Errorf("%s is served", name)
		}
	}
}
