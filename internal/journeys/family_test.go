package journeys

import (
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
)

// (4) A daughter applies for her father, who agrees by a code on his own phone; both are told.
func TestFamily(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	const father = "+8613900139000"
	p := tab(t, d, phoneWide, phoneHigh)
	byMail(t, d, p, "daughter@example.com")
	p.Go("/apply/individual").Leave("a[href*='/holders/new/other']")
	portal(t, p)
	p.Type("input[name=name]", "王德福").Leave("main form button.btn").At("/consent").Has("王德福")
	portal(t, p)
	p.Type("input[name=phone]", "13900139000").Leave("form[action*='/consent'] button.btn")
	portal(t, p)
	p.Type("input[name=code]", "000000").Leave("form[action*=consent] button.btn")
	p.Until("the refusal", "!!document.querySelector('.error')")
	portal(t, p)
	enter(p, code(t, d, "code_consent", father))
	p.At("/apply/individual").Has("王德福") // what she came for
	portal(t, p)
	begin(t, p)

	answers := individual.Example()
	for k, v := range map[string]string{"name": "王德福", "latin_name": "WANG DEFU", "resident_id": "110105194707150039", "phone": "13900139000"} {
		answers[k] = v
	}
	fill(t, p, answers, cards("王德福", answers["resident_id"], "男", "1947-07-15", answers["address"]))
	id := submit(t, p)

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Click(".desk-queue tbody a.desk-who")
	judge(t, r, "ok")
	pass(t, r)
	p.Go("/applications/" + id).Has("王德福")
	portal(t, p)
	to := map[string]bool{}
	for _, m := range d.Messages("certificate_issued") {
		to[m.To] = true
	}
	if !to["daughter@example.com"] || !to[father] {
		t.Errorf("told: %v", to)
	}
	record(t, d)
}
