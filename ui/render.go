package ui

// Rendering: every template is parsed and checked once, for each language; a page is written whole or not at all.

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"reflect"
	"strings"
	"sync"
)

// Languages are the languages of the portal, the first one where nobody chose.
var Languages = []string{"zh-Hans", "en"}

// UI is the portal, ready to render. It is safe for use by many goroutines.
type UI struct {
	pages  map[string]map[string]*template.Template // by language, by name
	texts  map[string]*texts                        // by language
	assets map[string]Asset
}

// Chrome is what stands around every page.
type Chrome struct {
	DeskName string // in the language of the page
	Hotline  string // as it is said: 400-000-0000; empty where the desk has none
	Hours    string // when somebody answers, in the language of the page
	Host     string // host of the public URL: pages say that no other address is ours
	SignedIn string // the contact that is signed in, masked; empty for a guest
	Counter  string // a colleague serves somebody at the counter: where they go back to; empty for everybody else
	Token    string // form token of this browser; a Form without one of its own carries it
	Path     string // path and query of this page: where the links for language and size come back to
	Notice   string // what was just done, said once at the top
	Demo     bool   // this desk is a demonstration
	Free     bool   // the desk charges nothing, and says so
}

// Page is one page to render.
type Page struct {
	Name   string // "apply/question"
	Lang   string // one of Languages; anything else is the first
	Large  bool   // text in 30 px
	Title  string // in place of the page's own
	Back   string // where "back" leads; empty: no such link
	Chrome Chrome
	View   any // the struct that the table of pages names for Name; nil where that is None
}

// HasErrors says whether the page reports something to put right; its title says so first.
func (p Page) HasErrors() bool {
	v, ok := p.View.(interface{ HasErrors() bool })
	return ok && v.HasErrors()
}

// New parses every template and text. It fails on a template that the table of pages does not name, on a page without a
// template, and on a text that is asked for and missing in a language, or asked for without what it has to name. It does so
// once in a program.
func New() (*UI, error) { return whole() }

var whole = sync.OnceValues(func() (*UI, error) {
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	u := &UI{pages: map[string]map[string]*template.Template{}, texts: map[string]*texts{}, assets: assets}
	for _, lang := range Languages {
		if u.texts[lang], err = loadTexts(lang); err != nil {
			return nil, err
		}
		if u.pages[lang], err = u.parse(lang); err != nil {
			return nil, fmt.Errorf("%s: %w", lang, err)
		}
	}
	return u, nil
})

// Must is New for a program that cannot go on without.
func Must() *UI {
	u, err := New()
	if err != nil {
		panic(err)
	}
	return u
}

func (u *UI) parse(lang string) (map[string]*template.Template, error) {
	base, err := template.New("layout").Funcs(u.funcs(lang)).Option("missingkey=error").ParseFS(files, "portal/layout.html", "portal/parts.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	names, err := templateNames()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, ok := Views[name]; !ok {
			return nil, fmt.Errorf("template %s is not in the table of pages", name)
		}
		t, err := template.Must(base.Clone()).ParseFS(files, "portal/"+name+".html")
		if err != nil {
			return nil, err
		}
		if err := u.texts[lang].check(t); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		pages[name] = t
	}
	for name := range Views {
		if pages[name] == nil {
			return nil, fmt.Errorf("page %s has no template", name)
		}
	}
	return pages, nil
}

func templateNames() (names []string, err error) {
	paths, err := fs.Glob(files, "portal/*/*.html")
	for _, p := range paths {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(p, "portal/"), ".html"))
	}
	return names, err
}

// Render writes the page. Nothing is written when it fails: on an unknown name, a view of the wrong type, or a text
// without its sentence.
func (u *UI) Render(w io.Writer, p Page) error {
	if u.pages[p.Lang] == nil {
		p.Lang = Languages[0]
	}
	t, want := u.pages[p.Lang][p.Name], Views[p.Name]
	if t == nil {
		return fmt.Errorf("ui: no page %q", p.Name)
	}
	if p.View == nil {
		p.View = None{}
	}
	v := reflect.ValueOf(p.View)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		p.View = v.Elem().Interface()
	}
	if reflect.TypeOf(p.View) != reflect.TypeOf(want) {
		return fmt.Errorf("ui: page %s is rendered from %T, not from %T", p.Name, want, p.View)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout.html", p); err != nil {
		return fmt.Errorf("ui: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Text returns the sentence of a key in lang, with named pairs for its gaps. An unknown key is answered by itself.
func (u *UI) Text(lang, key string, pairs ...any) string {
	t := u.texts[lang]
	if t == nil {
		t = u.texts[Languages[0]]
	}
	s, err := t.plain(key, pairs...)
	if err != nil {
		return key
	}
	return s
}

// Error returns the sentence for a refusal by its code; args fill its gaps in order. A code without a sentence of its own
// gets a general one: the code itself is for machines.
func (u *UI) Error(lang, code string, args []string) string {
	t := u.texts[lang]
	if t == nil {
		t = u.texts[Languages[0]]
	}
	pairs := []any{"a", "", "b", "", "c", ""}
	for i, a := range args {
		if i < 3 {
			pairs[2*i+1] = a
		}
	}
	if len(args) > 0 && isDay(args[0]) {
		pairs[1] = t.date(args[0])
	}
	s, err := t.plain("error."+code, pairs...)
	if err != nil {
		s, _ = t.plain("error.other")
	}
	return s
}
