package journeys

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// What people do again and again: sign in by a code, agree, answer one question a page, photograph one paper a page.

// code is the newest code of a kind that the desk wrote to its outbox.
func code(t *testing.T, d *testkit.Desk, notice, to string) string {
	t.Helper()
	for _, m := range d.Messages(notice) {
		if m.To == to {
			return m.Words["code"]
		}
	}
	t.Fatalf("no %s for %s in the outbox", notice, to)
	return ""
}

// enter types a code and goes on.
func enter(p *Tab, digits string) {
	p.T.Helper()
	p.Type("input[name=code]", digits)
	p.Leave("form[action*=code] button.btn, form[action*=consent] button.btn")
}

// agree gives both consents.
func agree(t *testing.T, p *Tab) {
	t.Helper()
	p.At("/consent")
	portal(t, p)
	p.Click("input[name=privacy]").Click("input[name=identity]")
	p.Leave("form[action='/consent'] button.btn")
}

// byMail signs in with a mailed code on one's own device.
func byMail(t *testing.T, d *testkit.Desk, p *Tab, mail string) {
	t.Helper()
	p.Go("/sign-in/email").Type("input[name=contact]", mail).Leave("form[action='/sign-in/email'] button.btn")
	p.Click("input[name=own]")
	enter(p, code(t, d, "code_sign_in", mail))
	agree(t, p)
}

// answer fills in the page of questions that is open, and goes on.
func answer(t *testing.T, p *Tab, answers map[string]string) {
	t.Helper()
	names, err := JS[[]string](p, `[...new Set([...document.querySelectorAll('main form [name^="q."]')].map((e) => e.name.split('.')[1]))]`)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: no questions: %v", p.Path(), err)
	}
	for _, n := range names {
		v, field := answers[n], `[name="q.`+n+`"]`
		switch {
		case v == check.Long:
			p.Click(`[name="q.` + n + `.long"]`)
		case p.Sees(`[name="q.` + n + `.year"]`):
			parts := strings.Split(v, "-")
			for i, part := range []string{"year", "month", "day"} {
				p.Type(`[name="q.`+n+`.`+part+`"]`, strings.TrimLeft(parts[i], "0"))
			}
		case p.Sees("input[type=checkbox]"+field) || p.Sees("input[type=radio]"+field):
			for _, one := range strings.Split(v, "\n") {
				p.Click(field + `[value="` + one + `"]`)
			}
		case v != "":
			p.Type(field, v)
		}
	}
	p.Leave("main form button.btn")
}

// papers are the drawn documents of somebody, by slot; one that is not there is passed over.
type papers map[string][]byte

func cards(name, number, sex, birth, address string) papers {
	return papers{
		"id_front":  specimen.IDFront(name, number, sex, birth, address),
		"id_back":   specimen.IDBack("北京市公安局朝阳分局", "2016.05.10", "长期"),
		"household": specimen.Household(name, "户主", sex, birth, number, address),
	}
}

// photograph sends the document of the slot that is open, and goes on. With scripts it is sent as soon as it is taken.
func photograph(t *testing.T, p *Tab, all papers) {
	t.Helper()
	slot, _, _ := strings.Cut(p.Path()[strings.LastIndex(p.Path(), "/slot/")+6:], "?")
	if raw := all[slot]; raw != nil {
		file := filepath.Join(t.TempDir(), slot+".jpg")
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		p.Until("the page to be ready", "document.readyState === 'complete'")
		p.Files("#file", file)
		if p.plain {
			p.Leave(".actions.send button")
		}
		p.Until("the picture to be there", "(() => { const i = document.querySelector('#files img'); return !!i && i.complete && i.naturalWidth > 0; })()")
		portal(t, p)
	}
	p.Leave("main > .actions a.btn")
}

// fill goes through questions and documents until everything is given.
func fill(t *testing.T, p *Tab, answers map[string]string, all papers) {
	t.Helper()
	for range 40 {
		portal(t, p)
		switch path := p.Path(); {
		case strings.Contains(path, "/q/"):
			answer(t, p, answers)
		case strings.Contains(path, "/slot/"):
			photograph(t, p, all)
		case strings.Contains(path, "/check"):
			return
		default:
			t.Fatalf("astray at %s:\n%s", path, p.Text())
		}
	}
	t.Fatalf("%s: no end of it", p.Path())
}

// submit declares and hands in; it returns the application's ID.
func submit(t *testing.T, p *Tab) string {
	t.Helper()
	p.At("/check").Click("input[name=declared]")
	p.Leave("form[action$='/submit'] button.btn")
	p.At("/submitted").Has("R-20")
	portal(t, p)
	return strings.Split(p.Path(), "/")[2]
}

// signIn brings a colleague into the dashboard.
func signIn(t *testing.T, p *Tab, mail string) {
	t.Helper()
	p.Expect("/api/desk/me")
	p.Go("/_/")
	p.Until("the sign-in form", "!!document.querySelector('#desk-email')")
	desk(t, p)
	p.Type("#desk-email", mail).Type("#desk-password", testkit.Password).Click("form.desk-form button.btn")
	p.Until("the desk to open", "location.hash.startsWith('#/desk/')")
}

// open opens a page of the desk and waits until it is drawn. The page where one is already is not drawn again.
func (p *Tab) open(page string) {
	p.T.Helper()
	if p.Path() != "/_/#/desk/"+page {
		p.do(run("document.querySelector('h1')?.setAttribute('data-before', '')"))
	}
	p.Go("/_/#/desk/"+page).Until("the page "+page, "document.title !== '' && !!document.querySelector('.page.desk h1:not([data-before])') && !document.querySelector('.page .loader')")
}
