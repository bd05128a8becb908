package journeys

import (
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// Feedback, signed out, becomes part of the month's summary; a manager reads it and adjusts a deadline because of it; what
// was changed is public, and an auditor finds who, when and why.
func TestFeedbackBecomesAChange(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("钱审计", "audit@example.com", flow.Auditor)
	p := tab(t, d, phoneWide, phoneHigh)
	p.Go("/feedback?page=/types/individual")
	portal(t, p)
	p.Click("label.pick:has(#easy-3)").Click("label.pick:has(#clear-1)").Type("textarea[name=text]", "等了五天才有结果，太久了").Leave("main form button.btn")
	p.At("/feedback/thanks")
	portal(t, p)

	today, err := d.Desk.Today(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	month := flow.MonthOf(today)
	third := flow.Day(month + "-01").AddMonths(1).AddDays(2)
	d.Clock.Move(time.Duration(third.Sub(today)) * 24 * time.Hour)
	if err := d.Desk.KeepMonths(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := d.Messages("summary"); len(m) != 1 || m[0].Words["month"] != month || m[0].Words["said"] != "1" || m[0].Words["hard"] != "1" || strings.Contains(m[0].Words["hardest"], "太久") {
		t.Fatalf("the summary: %+v", m)
	}

	m := tab(t, d, desktopWide, desktopHigh)
	signIn(t, m, "manager@example.com")
	m.Go("/_/#/desk/reports")
	m.Until("the charts", "document.querySelectorAll('.desk-chart canvas').length > 5")
	m.Until("the summary", "[...document.querySelectorAll('.desk-reports td')].some((e) => e.textContent.includes(%s))", month)
	desk(t, m)
	m.Go("/_/#/desk/types")
	m.Click("tbody .desk-acts button", "调整")
	m.Until("the terms", "!!document.querySelector('.desk-terms input[type=number]')")
	desk(t, m)
	m.Type(".desk-terms input[type=number]", "4").Type(".desk-terms textarea[required]", "大家说等得太久")
	m.Click(".desk-terms summary", "因为哪些留言").Click(".desk-terms .desk-tick label", "等了五天")
	m.Click(".desk-terms .modal-footer button", "先看看")
	m.Until("the preview", "document.querySelector('.desk-preview')?.textContent.includes('5 → 4')")
	m.Click(".desk-terms [data-send]")
	m.Until("the panel to go", "!document.querySelector('.desk-terms')")

	p.Go("/changes")
	p.Has("从 5 个工作日改成 4 个工作日").Has("大家说等得太久")
	portal(t, p)
	p.Go("/types/individual")
	p.Has("4")

	a := tab(t, d, desktopWide, desktopHigh)
	signIn(t, a, "audit@example.com")
	a.Go("/_/#/desk/record/rule_changes")
	a.Until("who, when and why", "[...document.querySelectorAll('.desk-archive tr, .desk-archive li')].some((e) => e.textContent.includes('大家说等得太久') && e.textContent.includes(%s))", string(third))
	desk(t, a)
}
