package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// rendered renders every sample in every language, at both sizes.
func rendered(t *testing.T, look func(name string, page Page, body string, doc *html.Node)) {
	t.Helper()
	u, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages {
		for i, s := range samples(lang) {
			page := samplePage(lang, s)
			page.Large = i%2 == 0
			name := lang + " " + s.name + " " + s.as
			var b bytes.Buffer
			if err := u.Render(&b, page); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			doc, err := html.Parse(bytes.NewReader(b.Bytes()))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			look(name, page, b.String(), doc)
		}
	}
}

func TestEveryPageHasASample(t *testing.T) {
	for _, lang := range Languages {
		seen := map[string]bool{}
		for _, s := range samples(lang) {
			seen[s.name] = true
		}
		for name := range Views {
			if !seen[name] {
				t.Errorf("%s: no sample of %s", lang, name)
			}
		}
	}
}

func TestEveryPageRenders(t *testing.T) {
	left := regexp.MustCompile(`<no value>|%!|ZgotmplZ|[^*]\*\*[^*]|\{\{|\x{E000}`)
	rendered(t, func(name string, page Page, body string, doc *html.Node) {
		if m := left.FindString(body); m != "" {
			t.Errorf("%s: %q is left in the page", name, m)
		}
		if n := len(all(doc, "h1")); n != 1 {
			t.Errorf("%s: %d headings of the first level", name, n)
		}
		title := strings.TrimSpace(inner(all(doc, "title")[0]))
		if page.HasErrors() != (strings.HasPrefix(title, "错误：") || strings.HasPrefix(title, "Error: ")) {
			t.Errorf("%s: title %q", name, title)
		}
		if !strings.HasSuffix(title, " · "+page.Chrome.DeskName) || strings.HasPrefix(title, " ·") {
			t.Errorf("%s: title %q", name, title)
		}
		if got := attr(all(doc, "html")[0], "lang"); got != page.Lang {
			t.Errorf("%s: lang is %q", name, got)
		}
	})
}

// A language that leaves a word of the other one in a page was forgotten there.
func TestEnglishPagesAreEnglish(t *testing.T) {
	u := Must()
	for key := range u.texts["en"].gaps {
		s := fmt.Sprint(u.texts["en"].fixed[key])
		if hanzi.MatchString(s) && !slices.Contains([]string{"date.long.hint", "shows.masked.text"}, key) {
			t.Errorf("%s: Chinese in %q", key, s)
		}
	}
}

var hanzi = regexp.MustCompile(`\p{Han}`)

func TestEveryControlHasALabel(t *testing.T) {
	rendered(t, func(name string, _ Page, _ string, doc *html.Node) {
		labels, ids := map[string]bool{}, map[string]int{}
		walkHTML(doc, func(n *html.Node) {
			if n.Data == "label" {
				labels[attr(n, "for")] = true
			}
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
		})
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: id %s is there %d times", name, id, n)
			}
		}
		walkHTML(doc, func(n *html.Node) {
			for _, ref := range strings.Fields(attr(n, "aria-describedby") + " " + attr(n, "aria-labelledby")) {
				if ids[ref] == 0 {
					t.Errorf("%s: %s refers to %s, which is not there", name, n.Data, ref)
				}
			}
			if to := attr(n, "href"); n.Data == "a" && strings.HasPrefix(to, "#") && ids[to[1:]] == 0 {
				t.Errorf("%s: a link leads to %s, which is not there", name, to)
			}
			if n.Data == "img" && attr(n, "alt") == "" {
				t.Errorf("%s: a picture without words", name)
			}
			if !slices.Contains([]string{"input", "select", "textarea"}, n.Data) || attr(n, "type") == "hidden" {
				return
			}
			if !labels[attr(n, "id")] && !inside(n, "label") {
				t.Errorf("%s: %s %s has no label", name, n.Data, attr(n, "name"))
			}
		})
	})
}

// What one presses has a class that the style sheet gives its size: 60 px for what a page is for, 44 px for the rest.
func TestTargetsHaveTheirSize(t *testing.T) {
	rendered(t, func(name string, _ Page, _ string, doc *html.Node) {
		walkHTML(doc, func(n *html.Node) {
			switch typ := attr(n, "type"); {
			case n.Data == "button" && !hasClass(n, "btn") && !hasClass(n, "link"):
				t.Errorf("%s: button %q has no class of a target", name, inner(n))
			case n.Data == "input" && (typ == "checkbox" || typ == "radio") && !insideClass(n, "pick"):
				t.Errorf("%s: %s stands outside a .pick", name, attr(n, "name"))
			}
		})
	})
	css := read(t, "portal/portal.css")
	for _, want := range []string{"--target: 60px", "--small-target: 44px", "--size: 20px", "--size: 30px"} {
		if !strings.Contains(css, want) {
			t.Errorf("the style sheet does not say %s", want)
		}
	}
}

// A form that changes something is posted, and carries token, key and rev; what only reads carries none of them.
func TestForms(t *testing.T) {
	rendered(t, func(name string, _ Page, _ string, doc *html.Node) {
		for _, f := range all(doc, "form") {
			have := map[string]string{}
			for _, i := range all(f, "input") {
				have[attr(i, "name")] = attr(i, "value")
			}
			_, rev := have["rev"]
			if attr(f, "method") == "get" {
				if have["token"] != "" || have["key"] != "" {
					t.Errorf("%s: a form that reads carries a token", name)
				}
				continue
			}
			if attr(f, "method") != "post" || have["token"] != "tok" || len(have["key"]) < 20 || !rev {
				t.Errorf("%s: form to %s: method %q token %q key %q rev %v", name, attr(f, "action"), attr(f, "method"), have["token"], have["key"], rev)
			}
			if len(all(f, "button")) == 0 {
				t.Errorf("%s: form to %s has no button", name, attr(f, "action"))
			}
		}
	})
}

func TestErrorsLeadToTheirFields(t *testing.T) {
	rendered(t, func(name string, page Page, body string, doc *html.Node) {
		if !page.HasErrors() {
			return
		}
		var focus bool
		walkHTML(doc, func(n *html.Node) {
			focus = focus || attr(n, "id") == "errors" && hasAttr(n, "autofocus") && attr(n, "role") == "alert" && attr(n, "tabindex") == "-1"
		})
		if !focus {
			t.Errorf("%s: no summary with the focus", name)
		}
	})
}

func TestValuesAreKept(t *testing.T) {
	u := Must()
	f := Form{Action: "/x", Errors: []FieldError{{"contact", "no"}}, Values: map[string]string{"contact": `a"<b>@c`}}
	var b bytes.Buffer
	if err := u.Render(&b, Page{Name: "account/email", Lang: "en", View: SignIn{Form: f}}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `value="a&#34;&lt;b&gt;@c"`) {
		t.Error("what was entered is not in the field, or not escaped")
	}
}

func TestRenderRefuses(t *testing.T) {
	u := Must()
	for _, p := range []Page{{Name: "apply/nothing"}, {Name: "apply/landing", View: Catalogue{}}, {Name: "apply/landing"}, {Name: ""}} {
		var b bytes.Buffer
		if err := u.Render(&b, p); err == nil || b.Len() > 0 {
			t.Errorf("%q from %T: %v, %d bytes written", p.Name, p.View, err, b.Len())
		}
	}
	var b bytes.Buffer
	if err := u.Render(&b, Page{Name: "apply/landing", Lang: "fr", View: &Landing{}}); err != nil || !strings.Contains(b.String(), `lang="zh-Hans"`) {
		t.Errorf("an unknown language is not the first one: %v", err)
	}
}

func TestLocalesAgree(t *testing.T) {
	keys := func(lang string) map[string]json.RawMessage {
		m := map[string]json.RawMessage{}
		for _, part := range parts {
			if err := json.Unmarshal([]byte(read(t, "locales/"+part+"."+lang+".json")), &m); err != nil {
				t.Fatal(err)
			}
		}
		return m
	}
	zh, en := keys("zh-Hans"), keys("en")
	u := Must()
	for k := range zh {
		if en[k] == nil {
			t.Errorf("%s is not in English", k)
		}
		a, b := slices.Clone(u.texts["zh-Hans"].gaps[k]), slices.Compact(slices.Sorted(slices.Values(u.texts["en"].gaps[k])))
		slices.Sort(a)
		if !slices.Equal(slices.Compact(a), b) {
			t.Errorf("%s: gaps differ: %v, %v", k, a, b)
		}
		if len(zh[k]) < 3 || len(en[k]) < 3 {
			t.Errorf("%s is empty", k)
		}
	}
	for k := range en {
		if zh[k] == nil {
			t.Errorf("%s is not in Chinese", k)
		}
	}
}

func TestNoTextIsUnused(t *testing.T) {
	u := Must()
	used := map[string]bool{}
	under := map[string]bool{"error": true, "answer": true, "notice": true, "receipt": true, "help.about": true, "data": true, "complain.kind": true, "complain.toward": true} // the server asks for those by Text and Error
	used["help.type"], used["change.hint"] = true, true
	for _, p := range u.pages["en"] {
		for _, x := range usesOf(p) {
			if x.prefix {
				under[x.key] = true
			} else {
				used[x.key] = true
			}
		}
	}
	for key := range u.texts["en"].gaps {
		i := strings.LastIndex(key, ".")
		if !used[key] && (i < 0 || !under[key[:i]]) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestErrorSentences(t *testing.T) {
	u := Must()
	for _, lang := range Languages {
		for key := range u.texts[lang].gaps {
			code, ok := strings.CutPrefix(key, "error.")
			if s := u.Error(lang, code, []string{"2026-12-23"}); ok && (strings.Contains(s, "error.") || strings.Contains(s, "<no value>")) {
				t.Errorf("%s %s: %q", lang, code, s)
			}
		}
	}
	for code, want := range map[string]string{"code_wait": "请等 45 秒", "cool_down": "2026", "nothing_known": "没有办成"} {
		if s := u.Error("zh-Hans", code, map[string][]string{"code_wait": {"45"}, "cool_down": {"2026-12-23"}}[code]); !strings.Contains(s, want) {
			t.Errorf("%s: %q", code, s)
		}
	}
}

func TestFloor(t *testing.T) {
	rules := floor(t)
	check := func(name, kind, text string) {
		for _, r := range rules {
			if m := r.is.FindString(text); r.kind == kind && m != "" {
				t.Errorf("%s uses %q: %s", name, m, r.why)
			}
		}
	}
	for name, a := range Must().assets {
		text := string(a.Data)
		if strings.HasSuffix(name, ".css") {
			check(name, "css", comment.ReplaceAllString(text, ""))
		} else if strings.HasSuffix(name, ".js") {
			check(name, "js", text)
			if n := strings.Count(text, "\n"); n >= 150 {
				t.Errorf("%s has %d lines", name, n)
			}
		}
	}
	rendered(t, func(name string, _ Page, body string, _ *html.Node) { check(name, "html", body) })
}

// Every rule of the floor catches what it names.
func TestFloorRefuses(t *testing.T) {
	for kind, bad := range map[string][]string{
		"css":  {"a:has(b){}", "a{&:hover{}}", "@container (x){}", "a{aspect-ratio:1}", "a{inset:0}", "a{text-wrap:balance}", "@layer x;", "a{width:10dvh}", "@media (width > 3px){}", "a{accent-color:red}"},
		"js":   {"a?.b", "a ?? b", "a ||= b", "x.replaceAll('a','b')", "structuredClone(x)", "x.innerHTML = y", "x.at(-1)"},
		"html": {`<p style="x">`, `<b onclick="x">`, `<script>`, `<input placeholder="x">`},
	} {
		for _, text := range bad {
			if !slices.ContainsFunc(floor(t), func(r floorRule) bool { return r.kind == kind && r.is.MatchString(text) }) {
				t.Errorf("%s %q passes", kind, text)
			}
		}
	}
}

type floorRule struct {
	kind, why string
	is        *regexp.Regexp
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

func floor(t *testing.T) (rules []floorRule) {
	for line := range strings.Lines(read(t, "floor.txt")) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 3 {
			t.Fatalf("floor.txt: %q", line)
		}
		rules = append(rules, floorRule{parts[0], parts[2], regexp.MustCompile("(?m)" + parts[1])})
	}
	return rules
}

func TestFirstPageIsLight(t *testing.T) {
	u := Must()
	var b bytes.Buffer
	if err := u.Render(&b, samplePage("zh-Hans", samples("zh-Hans")[0])); err != nil {
		t.Fatal(err)
	}
	n := b.Len()
	for name, a := range u.assets {
		if strings.Contains(b.String(), name+"?v="+a.Digest) {
			n += len(a.Data)
		}
	}
	if n >= 60_000 {
		t.Errorf("the first page has %d bytes in all", n)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
