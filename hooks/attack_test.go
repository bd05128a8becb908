package hooks_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/certdesk/certdesk/internal/testkit"
)

// Every attack in every field of every form that a person writes in, and in every query that a page shows: what comes back is
// words. A browser does the same with some of them, and with what is kept (internal/journeys, TestWordsOfAnAttacker).

// becomes names what became of an attack in a page: an element, an attribute, an address, a script.
func becomes(t *testing.T, page string) (made []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if strings.Contains(n.Data, testkit.Mark) || n.Data == "iframe" || n.Data == "object" || n.Data == "base" || n.Data == "embed" {
			made = append(made, "the element "+n.Data)
		}
		if (n.Data == "script" || n.Data == "style") && n.FirstChild != nil && strings.Contains(n.FirstChild.Data, testkit.Mark) {
			made = append(made, "a "+n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.Contains(a.Key, testkit.Mark) || strings.HasPrefix(a.Key, "on") || a.Key == "style" && strings.Contains(a.Val, testkit.Mark):
				made = append(made, fmt.Sprintf("the attribute %s of %s", a.Key, n.Data))
			case a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction" || a.Key == "content" && n.Data == "meta":
				if u, err := url.Parse(strings.TrimSpace(a.Val)); err != nil || u.Host != "" && strings.Contains(u.Host, testkit.Mark) || u.Scheme != "" && u.Scheme != "tel" && u.Scheme != "mailto" && u.Scheme != "https" && u.Scheme != "http" {
					made = append(made, fmt.Sprintf("%s=%q of %s", a.Key, a.Val, n.Data))
				}
			}
		}
	}
	return made
}

// What is written into a page as it is, is found by becomes.
func TestAttacksAreFound(t *testing.T) {
	missed := 0
	for _, a := range testkit.Attacks() {
		page := `<!doctype html><title>x</title><p>` + a + `</p><p title="` + a + `"></p><p title='` + a + `'></p><p title=` + a + `></p><textarea>` + a + `</textarea><a href="` + a + `">x</a><p style="` + a + `"></p>`
		if len(becomes(t, page)) == 0 {
			missed++
			t.Logf("%q becomes nothing of itself", a)
		}
	}
	if missed > 8 { // those are for scripts, templates and other decoders than a browser's
		t.Errorf("%d attacks are none", missed)
	}
	if made := becomes(t, `<p title="&lt;x4c101&gt;">&lt;x4c101 onclick=alert(1)&gt;</p><a href="/x?y=%3Cx4c101%3E">javascript:x4c101</a>`); len(made) > 0 {
		t.Errorf("words are taken for more: %v", made)
	}
}

func TestEveryAttackComesBackAsWords(t *testing.T) {
	d := testkit.Open(t)
	guest, mine := d.Browser(), d.Browser()
	signUp(t, d, mine, "wang@example.com")
	draft := filled(t, mine, nil)
	q := func(page, field string) asking {
		return ask1(mine, "/applications/"+draft+"/q/"+page, "/q/"+page, "q."+field)
	}
	forms := []asking{
		ask1(guest, "/sign-in/email", "/sign-in/email", "contact"), ask1(guest, "/sign-in/phone", "/sign-in/phone", "contact"), ask1(guest, "/sign-in/password", "/sign-in/password", "contact"),
		ask1(guest, "/register", "/register", "contact"), ask1(guest, "/reset", "/reset", "contact"), ask1(guest, "/acting", "/acting", "contact"),
		ask1(guest, "/feedback", "/feedback", "text"), ask1(guest, "/feedback", "/feedback", "page"), ask1(guest, "/feedback", "/feedback", "contact"), ask1(guest, "/feedback", "/feedback", "clear"),
		ask1(mine, "/holders/new/person?type=individual", "/holders/new/person", "name"), ask1(mine, "/holders/new/person?type=individual", "/holders/new/person", "type"),
		ask1(mine, "/holders/new/other?type=individual", "/holders/new/other", "name"), ask1(mine, "/holders/new/institution", "/holders/new/institution", "type"),
		ask1(mine, "/account/email", "/account/email", "contact"), ask1(mine, "/account/phone", "/account/phone", "contact"),
		q("name", "name"), q("latin_name", "latin_name"), q("resident_id", "resident_id"), q("card_until", "card_until.year"), q("address", "address"), q("phone", "phone"),
	}
	asked := 0
	look := func(b *testkit.Browser, what, attack string) {
		t.Helper()
		asked++
		if b.Status >= 500 {
			t.Errorf("%s: %q answers %d", what, attack, b.Status)
		}
		for _, made := range becomes(t, b.Body) {
			t.Errorf("%s: %q becomes %s", what, attack, made)
		}
	}
	back := map[string]bool{}
	for _, attack := range testkit.Attacks() {
		for _, f := range forms {
			d.ForgetCounts()
			f.b.Get(f.page).Want(http.StatusOK).Send(f.action, f.field, attack)
			look(f.b, f.field+" of "+f.page, attack)
			if strings.Contains(f.b.Body, testkit.Mark) {
				back[f.field+" of "+f.page] = true
			}
		}
		for _, page := range []string{"/applications/" + draft + "/check", "/applications/" + draft + "/q/address"} { // where it is kept
			look(mine.Get(page).Want(http.StatusOK), page, attack)
			back[page] = back[page] || strings.Contains(mine.Body, testkit.Mark)
		}
		x := url.QueryEscape(attack)
		for _, path := range []string{"/feedback?page=/" + x, "/sign-in/email?next=/" + x, "/sign-in?next=" + x, "/verify?number=" + x, "/lang/en?back=" + x, "/nowhere/" + url.PathEscape(attack), "/types/" + url.PathEscape(attack), "/v/" + url.PathEscape(attack),
			"/register?next=" + x, "/reset/code?c=x&to=" + x, "/sign-in/code?c=x&to=" + x, "/signed-out?x=" + x} {
			d.ForgetCounts()
			if u, err := url.Parse(path); err != nil || strings.Contains(u.Path, "\x00") {
				continue
			}
			look(guest.Get(path), path, attack)
		}
	}
	for _, must := range []string{"contact of /sign-in/email", "contact of /register", "name of /holders/new/person?type=individual", "q.name of /applications/" + draft + "/q/name", "/applications/" + draft + "/check", "/applications/" + draft + "/q/address"} {
		if !back[must] {
			t.Errorf("%s shows no attack: nothing was tried there", must)
		}
	}
	t.Log(asked, "pages")
}

// asking is one field of one form.
type asking struct {
	b                   *testkit.Browser
	page, action, field string
}

func ask1(b *testkit.Browser, page, action, field string) asking {
	return asking{b, page, action, field}
}
