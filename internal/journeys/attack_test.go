package journeys

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// Words that would run a script, wherever somebody can write or an author of a type can: in no page of the portal or the desk
// do they become anything but words.
func TestWordsOfAnAttacker(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pb_plugins")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	writtenIll(t, filepath.Join(folder, "ill"))
	d := &attackedDesk{Desk: testkit.Open(t, func(c *config.Config) { c.Plugins = folder }), t: t, card: specimen.IDFront("王秀英", "11010519491231002X", "女", "1949-12-31", "北京市"), cases: map[string]*ill{}}
	colleague := d.Staff(d.words.Next(60), illStaff, flow.Reviewer, flow.Lead, flow.Auditor, flow.Manager)
	putIn(t, d, colleague)
	t.Run("portal", func(t *testing.T) { attackedPortal(t, d) })
	t.Run("desk", func(t *testing.T) { attackedPages(t, d) })
}

// everyOne fails for attacks that no page showed.
func (a *attacked) everyOne() {
	a.t.Helper()
	for i, text := range testkit.Attacks() {
		if !a.shown[fmt.Sprintf("%s%02d", testkit.Mark, i)] {
			a.t.Errorf("no page shows %q", text)
		}
	}
	a.t.Logf("%d pages", a.pages)
}

func attackedPortal(t *testing.T, d *attackedDesk) {
	p := attackedTab(t, d.Desk, phoneWide, phoneHigh)
	p.Expect("status of 4") // forms that come back, pages that are not there
	at := func(paths ...string) {
		for _, path := range paths {
			p.Go(path)
			p.look("portal", true)
		}
	}
	c := d.cases
	x := "%22%3E%3Cx4c199%20onclick=alert(1)%3E" // in an address
	for _, lang := range []string{"zh-Hans", "en"} {
		p.as(d.Browser())
		p.Go("/lang/" + lang)
		at("/", "/types", "/types/ill", "/verify", "/sign-in", "/acting", "/feedback?page=/"+x, "/demo/outbox", "/help", "/nowhere/"+x, "/v/"+x)
		for name, one := range c {
			p.as(one.b)
			base := "/applications/" + one.id
			own := []string{base}
			if one.outcome != "" {
				own = append(own, base+"/letter")
			}
			if one.cert != "" {
				own = append(own, "/certificates/"+one.cert, "/certificates/"+one.cert+"/print", "/v/"+one.code)
			}
			switch name {
			case "institution":
				own = append(own, "/me", "/account", "/apply/institutional", "/holders/new?type="+x)
			case "not":
				own = append(own, "/me", "/account", "/apply/ill?why=yes")
			case "open":
				own = append(own, base+"/withdraw", base+"/messages")
			case "mainland":
				own = append(own, base+"/check", base+"/q/address", base+"/slot/photo")
			case "begun":
				own = append(own, base+"/check", base+"/q/name", base+"/q/student", base+"/q/field", base+"/q/service", base+"/slot/record", base+"/slot/id_front", base+"/discard")
			}
			at(own...)
		}
	}
	p.everyOne()
	t.Run("forms", func(t *testing.T) { attackedForms(t, d, p) })
}

// attackedForms sends every form with an attack in each of its fields, and looks at what comes back.
func attackedForms(t *testing.T, d *attackedDesk, p *attacked) {
	send := func(paths ...string) {
		for _, path := range paths {
			if p.Go(path); !p.enterAttacks(&d.words) {
				t.Errorf("%s has no form", path)
			}
			p.look("the form of "+path, false)
		}
	}
	guest := attackedTab(t, d.Desk, phoneWide, phoneHigh)
	guest.Expect("status of 4")
	mine := p
	p = guest
	send("/sign-in/email", "/sign-in/password", "/sign-in/phone", "/register", "/reset", "/acting", "/verify", "/feedback")
	p = mine
	institution, begun, mainland := d.cases["institution"], "/applications/"+d.cases["begun"].id, "/applications/"+d.cases["mainland"].id
	p.as(institution.b)
	holder, err := records.Find[*records.Holder](d.App.DB(), dbx.HashExp{"kind": "institution"})
	if err != nil {
		t.Fatal(err)
	}
	send("/holders/"+holder.ID+"/members", "/account/email", "/account/phone", "/account/password", "/holders/new/person?type=ill", "/holders/new/other?type=ill")
	p.as(d.cases["begun"].b)
	send(begun+"/q/name", begun+"/q/resident_id", begun+"/q/phone", begun+"/q/student", begun+"/q/field", begun+"/q/service", begun+"/check")
	p.as(d.cases["mainland"].b)
	send(mainland+"/q/name", mainland+"/q/resident_id", mainland+"/q/card_until", mainland+"/q/lives", mainland+"/q/address", mainland+"/q/phone")
}

func attackedPages(t *testing.T, d *attackedDesk) {
	p := attackedTab(t, d.Desk, desktopWide, desktopHigh)
	p.Go("/lang/zh-Hans")
	signIn(t, p.Tab, illStaff)
	for _, lang := range []string{"zh-Hans", "en"} {
		p.Go("/lang/" + lang)
		for _, page := range []string{"queue", "team", "attest", "certificates", "outbox", "outbox?state=ring", "staff", "types", "record", "record/any", "record/register", "feedback", "settings", "account"} {
			p.open(page)
			p.look("desk", true)
		}
		for name, c := range d.cases {
			if name == "mainland" || name == "begun" || lang == "en" && name != "open" && name != "passed" {
				continue // not handed in, or looked at in Chinese
			}
			p.open("case/" + c.id)
			p.do(run("document.querySelectorAll('details').forEach((e) => (e.open = true))"))
			p.look("the case "+name, true)
			if c.cert != "" {
				p.open("certificates/" + c.cert)
				p.look("the certificate of "+name, true)
			}
		}
		attackedPanels(p, d)
	}
	p.everyOne()
}

// attackedPanels opens what a page of the desk shows on request.
func attackedPanels(p *attacked, d *attackedDesk) {
	panel := func(what string) {
		p.t.Helper()
		p.Until(what, "!!document.querySelector('.desk-panel')")
		p.look(what, true)
		p.Keys(kb.Escape)
		p.Until("the panel to close", "!document.querySelector('.desk-panel')")
	}
	p.open("case/" + d.cases["abroad"].id)
	p.Click(".desk-pass")
	p.Until("the letter", "(document.querySelector('.desk-letter')?.innerText ?? '').length > 40")
	panel("passing")
	p.open("case/" + d.cases["open"].id)
	p.Click(".desk-bar button.danger")
	p.Until("the reasons", "document.querySelectorAll('.desk-reason').length > 4")
	panel("not passing")
	p.open("types")
	p.Click(`.desk-types button[aria-label*="x4c1"]`)
	panel("switching a type off")
	p.open("staff")
	p.Until("the menu of whoever is invited", `(() => { const all = [...document.querySelectorAll('tr')].filter((r) => r.innerText.includes('invited@example.com')); const b = all[0]?.querySelector('.desk-menu > button'); if (b) b.id = 'more-invited'; return !!b; })()`)
	p.Click("#more-invited").Click(".dropdown-item:has(.ri-shield-user-line)")
	p.Until("the roles", "document.querySelectorAll('.desk-panel .desk-ticks label').length > 4")
	p.look("roles", true)
	p.Click(".desk-panel [data-send]")
	p.Until("what is said when it is done", "!document.querySelector('.desk-panel') && document.body.innerText.includes('x4c1')")
	p.look("roles saved", true)
	p.open("record/any")
	p.Click("form.desk-ask button.btn:not(.circle)")
	p.Until("the record", "document.querySelectorAll('.desk-archive tbody tr').length > 20")
	p.look("the record", true)
	p.open("queue")
	p.Type("[data-search]", testkit.Attacks()[16]).Keys(kb.Enter)
	p.Until("what the search says", "!document.querySelector('.page .loader') && document.querySelector('[data-search]').value !== ''")
	p.look("search", true)
}
