package journeys

import (
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/institutional"
)

// (2) A clerk applies for an institution. It is not passed, for two reasons, which a second person challenges and then confirms (5); the letter is read, the cool-down is seen before
// anything is filled in again.
func TestInstitution(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	clerk := tab(t, d, phoneWide, phoneHigh)
	byMail(t, d, clerk, "clerk@example.com")
	owner := tab(t, d, desktopWide, desktopHigh)
	byMail(t, d, owner, "owner@example.com")
	answers := institutional.Example()
	owner.Go("/holders/new/institution")
	portal(t, owner)
	owner.Type("input[name=name]", answers["org_name"]).Leave("main form button.btn")
	portal(t, owner)
	id := holderOf(t, d)
	owner.Go("/holders/" + id + "/members")
	portal(t, owner)
	owner.Type("input[name=contact]", "clerk@example.com").Click("input[value=clerk]").Leave("form[action$='/members'] button.btn")
	owner.Until("the clerk to be a member", "document.querySelectorAll('ul.rows li').length === 2")
	portal(t, owner)

	clerk.Go("/apply/institutional").Has(answers["org_name"])
	begin(t, clerk)
	card := cards(answers["legal_name"], answers["legal_resident_id"], "男", "1968-01-01", "北京市朝阳区样本路 12 号")
	fill(t, clerk, answers, papers{
		"licence":        specimen.Licence(answers["org_name"], answers["credit_code"], "民办非企业单位", answers["legal_name"], "2015 年 3 月 1 日", "长期", answers["address"]),
		"legal_id_front": card["id_front"], "legal_id_back": card["id_back"],
		"authorization": specimen.Letter("授权书", []string{"兹授权周经办办理认证申请。", answers["org_name"]}),
	})
	application := submit(t, clerk)

	d.Staff("李审核", "li@example.com", flow.Reviewer)
	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Has(answers["org_name"]).Click(".desk-queue tbody a.desk-who")
	r.Click(".desk-item:nth-child(1) .v.bad")
	r.Click(".desk-bar button.danger")
	r.Until("the reasons", "document.querySelectorAll('.desk-reason').length > 4")
	r.Click("label[for=reason-not_registered]").Click("label[for=reason-authorization_unsigned]")
	r.Until("two reasons", "document.querySelectorAll('.desk-reason.active').length === 2")
	r.Until("the letter", "(document.querySelector('.desk-letter')?.innerText ?? '').includes('盖公章')")
	desk(t, r)
	r.Click(".desk-panel [data-send]")
	r.Until("the queue", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")

	clerk.Go("/applications/" + application).Has("正在复核")
	portal(t, clerk)

	second := tab(t, d, desktopWide, desktopHigh)
	signIn(t, second, "li@example.com")
	second.Has(answers["org_name"]).Click(".desk-queue tbody a.desk-who")
	second.Until("the proposal", "!!document.querySelector('.desk-bar .success')")
	desk(t, second)
	dark(t, second, deskContrast)
	shot(t, second, "proposal")
	second.Click(".desk-bar .danger").Type(".desk-panel textarea", "盖章在第二页，请再看看。")
	desk(t, second)
	shot(t, second, "challenge")
	second.Click(".desk-panel [data-send]")
	second.Until("the queue", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")

	r.Go("/_/#/desk/queue").Click(".desk-queue tbody a.desk-who").Has("盖章在第二页")
	desk(t, r)
	shot(t, r, "challenged")
	r.Click(".desk-bar button.danger").Click("label[for=reason-not_registered]").Click("label[for=reason-authorization_unsigned]")
	r.Until("two reasons again", "document.querySelectorAll('.desk-reason.active').length === 2")
	r.Until("the letter again", "(document.querySelector('.desk-panel .desk-letter')?.innerText ?? '').includes('盖公章')")
	r.Click(".desk-panel [data-send]")
	r.Until("the queue again", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")

	second.Go("/_/#/desk/queue").Click(".desk-queue tbody a.desk-who")
	second.Until("the second proposal", "!!document.querySelector('.desk-bar .success')")
	second.Click(".desk-bar .success")
	second.Until("the question", "!!document.querySelector('.desk-panel textarea')")
	desk(t, second)
	second.Click(".desk-panel [data-send]")
	second.Until("the queue", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")

	clerk.Go("/applications/" + application).Has("登记系统里查不到这家机构").Has("没有盖公章")
	portal(t, clerk)
	clerk.Leave("a[href$='/letter']").Has("登记系统里查不到这家机构").Has("没有盖公章")
	portal(t, clerk)
	clerk.Go("/apply/institutional")
	portal(t, clerk)
	clerk.Leave("a[href*='why=yes']").Has("30")
	portal(t, clerk)
	if m := d.Messages("result_not_passed"); len(m) == 0 {
		t.Error("nobody was told")
	}
	record(t, d)
}
