package journeys

import (
	"testing"

	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
)

// (3) The applicant's part on an old, narrow phone without JavaScript, by phone number and SMS.
func TestPlain(t *testing.T) {
	d := testkit.Open(t)
	p := tab(t, d, narrowWide, narrowHigh)
	p.Scripts(false)
	const phone = "+8613800138000"
	p.Go("/")
	portal(t, p)
	p.Leave("main a.btn[href='/sign-in']")
	portal(t, p)
	p.Type("input[name=contact]", "138 0013 8000").Leave("form[action='/sign-in/phone'] button.btn")
	portal(t, p)
	p.Click("input[name=own]")
	enter(p, code(t, d, "code_sign_in", phone))
	agree(t, p)
	portal(t, p)
	p.Go("/size/large?back=/types").At("/types")
	portal(t, p)
	p.Leave("a.card[href='/types/individual']").Leave("a.btn[href='/apply/individual']").Leave("a[href*='/holders/new/person']")
	p.Type("input[name=name]", individual.Example()["name"]).Leave("main form button.btn")
	begin(t, p)
	mistake(t, p)
	answers := individual.Example()
	fill(t, p, answers, cards(answers["name"], answers["resident_id"], "女", "1949-12-31", answers["address"]))
	id := submit(t, p)
	p.Leave("main a.btn[href='/applications/" + id + "']").Has("R-20")
	portal(t, p)
	p.Go("/me").Has("R-20")
	portal(t, p)
	if m := d.Messages("submitted"); len(m) != 1 || m[0].To != phone {
		t.Errorf("told by SMS: %+v", m)
	}
	record(t, d)
}

// mistake leaves the first question empty, and reads at the field what to do.
func mistake(t *testing.T, p *Tab) {
	t.Helper()
	p.Type("main form input[type=text]", " ").Leave("main form button.btn")
	p.Until("the field that is wrong", "document.querySelectorAll('#errors a, .field.bad .error').length >= 2")
	portal(t, p)
}
