package journeys

import (
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// (6) A reviewer pledges and registers a gift; a complaint is written on a phone by somebody who is not signed in, first far too
// long; the manager finds it founded and suspends the reviewer: the case in hand goes to somebody else at once, what the reviewer
// decided is looked at again, and the reviewer reads the finding and appeals.
func TestConduct(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	d.Staff("钱审计", "audit@example.com", flow.Auditor)
	decided, open := handedIn(t, d, zhang), handedIn(t, d, li)
	r := d.Browser()
	r.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(200)
	r.Call("POST", "/api/desk/applications/"+decided+"/decide", map[string]any{"outcome": "not_passed", "reasons": []string{"number_not_found"}}, nil).Want(200)
	d.Staff("李审核", "lishenhe@example.com", flow.Reviewer)

	chen := tab(t, d, desktopWide, desktopHigh)
	signIn(t, chen, "chen@example.com")
	chen.Go("/_/#/desk/conduct")
	chen.Until("the pledge", "document.querySelector('.desk-pledge')?.textContent.includes('不收受')")
	chen.Type(".desk-conduct form input[type=text]", "水果一箱，约 120 元").Click(".desk-conduct form button.btn.block")
	chen.Until("the gift in the register", "document.querySelector('.desk-conduct table')?.textContent.includes('水果一箱')")
	desk(t, chen)
	dark(t, chen, deskContrast)
	shot(t, chen, "pledge and gift")

	p := tab(t, d, narrowWide, narrowHigh)
	p.Go("/complain").Has("不用登录")
	portal(t, p)
	shot(t, p, "complaint")
	long := strings.Repeat("一直没有人理我。", 6250)
	p.Click("label.pick:has(input[name=toward][value=reviewer])").Click("label.pick:has(input[name=kind][value=delay])")
	if n, err := JS[int](p, "(() => { const e = document.querySelector('textarea[name=text]'); e.value = %s; return e.value.length; })()", long); err != nil || n != 50_000 {
		t.Fatal(n, err)
	}
	p.Type("input[name=name]", "陈明").Type("input[name=contact]", "zhao@example.com")
	p.Expect("status of 422")
	p.Leave("main form button.btn").Has("您写的都还在下面").Has("50000")
	portal(t, p)
	p.Until("all that was written", "document.querySelector('textarea[name=text]').value.length === 50000")
	p.Type("textarea[name=text]", "等了三周，打电话也没有人理。")
	p.Leave("main form button.btn").Has("K-20")
	portal(t, p)
	shot(t, p, "thanks")

	chen.Go("/_/#/desk/conduct")
	chen.Until("nothing about it", "document.querySelector('.desk-conduct')?.textContent.includes('没有与您有关的')")

	m := tab(t, d, desktopWide, desktopHigh)
	signIn(t, m, "manager@example.com")
	m.Go("/_/#/desk/conduct")
	m.Click(".desk-conduct tbody a.desk-who").Has("打电话也没有人理").Has("zhao@example.com")
	desk(t, m)
	shot(t, m, "case")
	m.Click(".desk-row-acts button", "作出认定")
	m.Until("the panel", "!!document.querySelector('.desk-panel select')")
	if chosen, err := JS[string](m, "(document.querySelector('.desk-panel select').value = 'suspension')"); err != nil || chosen != "suspension" {
		t.Fatal(chosen, err)
	}
	m.Type(".desk-panel input[type=text]", "廉洁承诺第二条").Type(".desk-panel textarea", "三周没有办理，也没有接电话。")
	desk(t, m)
	shot(t, m, "resolve")
	m.Click(".desk-panel [data-send]")
	m.Until("the finding", "!document.querySelector('.desk-panel') && document.querySelector('.desk-conduct')?.textContent.includes('停职')")

	l := tab(t, d, desktopWide, desktopHigh)
	signIn(t, l, "lead@example.com")
	l.Go("/_/#/desk/case/" + open).Has("李审核")
	l.Go("/_/#/desk/conduct")
	l.Click(".desk-conduct button", "重新看")
	l.Until("the panel", "document.querySelectorAll('.desk-panel input[type=radio]').length === 2")
	desk(t, l)
	l.Click(".desk-panel label", "没有问题").Click(".desk-panel [data-send]")
	l.Until("looked at", "!document.querySelector('.desk-panel') && document.querySelector('.desk-conduct')?.textContent.includes('没有问题')")
	desk(t, l)
	dark(t, l, deskContrast)
	shot(t, l, "look again")

	c := tab(t, d, desktopWide, desktopHigh)
	signIn(t, c, "chen@example.com")
	c.Until("the page of conduct", "location.hash.startsWith('#/desk/conduct')")
	c.Click(".desk-conduct tbody a.desk-who").Has("三周没有办理")
	if c.Sees("a[href='#/desk/queue']") {
		t.Error("a suspended reviewer is offered the queue")
	}
	c.Click(".desk-row-acts button", "申诉").Type(".desk-panel textarea", "那三周我在请假。")
	desk(t, c)
	c.Click(".desk-panel [data-send]")
	c.Until("the appeal", "!document.querySelector('.desk-panel') && document.querySelector('.desk-conduct')?.textContent.includes('那三周我在请假')")
	shot(t, c, "appeal")
	record(t, d)
}
