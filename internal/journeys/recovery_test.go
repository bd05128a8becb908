package journeys

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// A pensioner has a new phone and no mailbox any more: at the counter a colleague sees the card and the code that arrived, another one
// agrees, the account of before is told and may say no, and after three days the new phone opens it.
func TestRecovery(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	p := tab(t, d, narrowWide, narrowHigh)
	byMail(t, d, p, "wang@example.com")
	account, err := records.Find[*records.Applicant](d.App.DB(), dbx.HashExp{"email": "wang@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	id := d.Plant(flow.NounApplication, flow.Approved, testkit.Around{Owner: account.ID})
	if _, err := d.App.DB().Update("applications", dbx.Params{"ref": "R-2026-000042"}, dbx.HashExp{"id": id}).Execute(); err != nil {
		t.Fatal(err)
	}

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Go("/_/#/desk/counter")
	r.Click("a[href='#/desk/recovery']")
	r.Until("the page", "!!document.querySelector('form[role=search] input')")
	desk(t, r)
	r.Type("form[role=search] input", "R-2026-000099").Click("form[role=search] button.btn")
	r.Has("没有找到")
	r.Type("form[role=search] input", "R-2026-000042").Click("form[role=search] button.btn")
	r.Has("李样本").Has("wa***@example.com")
	desk(t, r)
	r.Click("button", "受理")
	r.Until("the form", "!!document.querySelector('.desk-panel textarea')")
	desk(t, r)
	r.Type(".desk-panel textarea", "手机丢了，邮箱也停了。本人带证件来。")
	r.Type("#desk-lost-contact", "13800138066")
	r.Click(".desk-panel button", "发验证码")
	r.Has("已发到")
	r.Type("#desk-lost-code", code(t, d, "code_recovery", "+8613800138066"))
	r.Expect("422")
	shot(t, r, "panel")
	r.Click(".desk-panel [data-send]") // the card was not ticked: said, and the code is good still
	r.Has("要先看过身份证原件")
	r.Click(".desk-panel input[type=checkbox]")
	r.Click(".desk-panel [data-send]")
	r.Has("等另一位同事同意")
	desk(t, r)
	shot(t, r, "taken-in")
	dark(t, r, deskContrast)

	l := tab(t, d, desktopWide, desktopHigh)
	signIn(t, l, "lead@example.com")
	l.Go("/_/#/desk/recovery")
	l.Click("button", "同意")
	l.Has("本人带证件来")
	desk(t, l)
	l.Click(".desk-panel [data-send]")
	l.Has("等生效")
	desk(t, l)

	p.Go("/me")
	p.Has("有人到窗口找回您的账号")
	portal(t, p)
	p.Leave("a.btn[href='/account/recovery']")
	p.Has("不是我，停下来")
	shot(t, p, "portal")
	portal(t, p)
	dark(t, p, portalContrast)
	p.Leave("main .actions a.btn") // it was me

	d.Move(3 * 24 * time.Hour)
	q := tab(t, d, narrowWide, narrowHigh)
	q.Go("/sign-in/phone").Type("input[name=contact]", "13800138066").Leave("form[action='/sign-in/phone'] button.btn")
	enter(q, code(t, d, "code_sign_in", "+8613800138066"))
	portal(t, q)
	p.Go("/me").At("/sign-in")
	a, err := records.Load[*records.Applicant](d.App.DB(), account.ID)
	if err != nil || !a.PhoneOK || a.Email != "" {
		t.Errorf("the account: %+v %v", a, err)
	}
}
