package journeys

import (
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// Not passed, the cool-down seen, applied again from what was said before with what was refused marked, approved.
func TestApplyAgain(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	old := handedIn(t, d, zhang)
	r := d.Browser()
	r.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(200)
	for item, value := range map[string]string{"readable": "bad", "address": "bad"} {
		r.Call("POST", "/api/desk/applications/"+old+"/verdict", map[string]any{"item": item, "value": value}, nil).Want(200)
	}
	r.Call("POST", "/api/desk/applications/"+old+"/decide", map[string]any{"outcome": "not_passed", "reasons": []string{"unreadable", "address_differs", "number_not_found"}}, nil).Want(200)

	p := tab(t, d, phoneWide, phoneHigh)
	again(t, d, p, zhang)
	p.Go("/applications/" + old).Has("这次没有通过")
	portal(t, p)
	p.Leave("a.btn[href='/apply/individual']").Has("上次填的和还能用的材料会带过来")
	portal(t, p)
	p.Leave("form[action='/apply/individual'] button.btn").Has("请过些天").Has("30 天")
	portal(t, p)
	shot(t, p, "cooldown")
	p.Leave("form[action='/apply/individual'] button.btn").At("/check").Has("这次从上次的申请开始").Has(zhang.name)
	portal(t, p)
	shot(t, p, "check")
	p.Leave(".error-summary a[href*='/q/address']").Has("上次没通过，是因为这里").Has("写到门牌号")
	portal(t, p)
	shot(t, p, "question")
	p.Type("[name='q.address']", rightAddress).Leave("main form button.btn").At("/check")
	for _, slot := range []string{"id_front", "household"} {
		p.Leave(".error-summary a[href*='/slot/" + slot + "']").Has("上次没通过，是因为这里")
		portal(t, p)
		photograph(t, p, cards(zhang.name, zhang.number, zhang.sex, zhang.birth, rightAddress))
		p.At("/check")
	}
	p.Has("到那天来这里按一下就行")
	portal(t, p)

	p.Go("/demo/clock").Leave("button[value=month]")
	p = tab(t, d, phoneWide, phoneHigh)
	again(t, d, p, zhang)
	p.Go("/me")
	p.Leave("main a[href*='/applications/']")
	p.Go("/applications/" + strings.Split(p.Path(), "/")[2] + "/check")
	anew := submit(t, p)
	if anew == old {
		t.Fatal("the old case was handed in again")
	}
	desktop := tab(t, d, desktopWide, desktopHigh)
	signIn(t, desktop, "chen@example.com")
	desktop.Click(".desk-queue tbody a.desk-who")
	judge(t, desktop, "ok")
	pass(t, desktop)
	p.Go("/applications/" + anew).Has("通过了")
	portal(t, p)
	record(t, d)
}
