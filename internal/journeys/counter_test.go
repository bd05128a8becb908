package journeys

import (
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
)

// Somebody without phone or e-mail comes to the counter: a colleague takes the application on the same pages, reads it back, prints
// the sheet; another one reviews it.
func TestCounter(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("李审核", "li.review@example.com", flow.Reviewer)

	p := tab(t, d, desktopWide, desktopHigh)
	signIn(t, p, "chen@example.com")
	p.Go("/_/#/desk/counter")
	p.Until("the counter", "!!document.querySelector('.desk-form input[type=checkbox]')")
	desk(t, p)
	p.Type(".desk-form input[type=text]", zhang.name).Click(".desk-form input[type=checkbox]").Click(".desk-form button.btn:not(.sm)")
	p.Until("the first page", "location.pathname.startsWith('/applications/')")
	answers := individual.Example()
	answers["name"], answers["resident_id"], answers["latin_name"] = zhang.name, zhang.number, zhang.latin
	fill(t, p, answers, cards(zhang.name, zhang.number, zhang.sex, zhang.birth, "北京市朝阳区样本路 88 号"))
	p.At("/check").Has("读给本人听")
	id := submit(t, p)
	app, err := records.Load[*records.Application](d.App.DB(), id)
	if err != nil || app.TakenBy == "" || app.Assignee == app.TakenBy {
		t.Fatalf("taken by %s, with %s: %v", app.TakenBy, app.Assignee, err)
	}
	p.Go("/_/#/desk/counter")
	p.Until("the case among those taken", "(document.querySelector('.desk-table')?.innerText ?? '').includes(%s)", app.Ref)
	desk(t, p)

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "li.review@example.com")
	r.Click(".desk-queue tbody a.desk-who")
	judge(t, r, "ok")
	pass(t, r)
	if app, err = records.Load[*records.Application](d.App.DB(), id); err != nil || app.State != flow.Approved {
		t.Errorf("%s: %v", app.State, err)
	}
	record(t, d)
}
