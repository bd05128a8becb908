package journeys

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// (4) A wrong approval is reversed: a lead says what was found, a second person agrees and the public page says suspended at once;
// the holder answers on a 320 px phone, with a picture; somebody else decides, and the certificate is revoked.
func TestReversal(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	id := certified(t, d, "chen@example.com", zhang)
	d.Staff("李审核", "li@example.com", flow.Reviewer)
	d.Staff("赵审核", "zhao@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	mails := map[string]string{}
	for _, mail := range []string{"li@example.com", "zhao@example.com"} {
		who, err := records.Find[*records.Staff](d.App.DB(), dbx.HashExp{"email": mail})
		if err != nil {
			t.Fatal(err)
		}
		mails[who.ID] = mail
	}
	c, err := records.Find[*records.Certificate](d.App.DB(), dbx.HashExp{"application": id})
	if err != nil {
		t.Fatal(err)
	}
	public := "/v/" + c.Code

	lead := tab(t, d, desktopWide, desktopHigh)
	signIn(t, lead, "lead@example.com")
	lead.Go("/_/#/desk/case/" + id).Has("张守义")
	lead.Until("the entry of the menu", `(() => { const i = [...document.querySelectorAll(".desk-walk .dropdown-item")].find((x) => x.textContent.includes("撤销通过")); i?.click(); return !!i; })()`) // the menu is drawn anew while the machine checks
	lead.Until("the panel", "!!document.querySelector('.desk-panel textarea')")
	desk(t, lead)
	shot(t, lead, "why")
	lead.Click(".desk-panel label", "材料是假的").Type(".desk-panel textarea", "户口本的编号在派出所查不到。")
	lead.Click(".desk-panel [data-send]")
	lead.Until("that it waits", "!document.querySelector('.desk-panel') && document.querySelector('.desk-bar').innerText.includes('在等')")
	desk(t, lead)
	shot(t, lead, "questioned")

	p := tab(t, d, narrowWide, narrowHigh)
	p.Go(public).Has("证书有效")
	again(t, d, p, zhang)
	p.Go("/applications/" + id).Has("通过了")

	second := tab(t, d, desktopWide, desktopHigh)
	signIn(t, second, mails[caseRow(t, d, id).Assignee])
	second.Click(".desk-queue tbody a.desk-who").Has("查不到")
	desk(t, second)
	dark(t, second, deskContrast)
	shot(t, second, "second")
	second.Click(".desk-bar button", "暂停证书").Type(".desk-panel textarea", "我也查了，没有。").Click(".desk-panel [data-send]")
	second.Until("the queue", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")
	p.Go(public).Has("暂停")
	portal(t, p)
	told(t, d, "hearing", zhang, 1)

	p.Go("/me").Has("证书暂停了，请说明情况")
	portal(t, p)
	shot(t, p, "me")
	p.Go("/certificates/" + c.ID).Has("请在")
	portal(t, p)
	shot(t, p, "certificate")
	p.Leave("a.btn[href$='/hearing']").Has("请您说明情况").Has("查不到")
	portal(t, p)
	dark(t, p, portalContrast)
	shot(t, p, "hearing")
	long := strings.Repeat("户口本是真的。", 800)
	p.Type("textarea[name=text]", long)
	p.Expect("status of 422")
	p.Leave("form[action$='/hearing'] button.btn").Has("您写的都还在")
	portal(t, p)
	file := filepath.Join(t.TempDir(), "letter.jpg")
	if err := os.WriteFile(file, specimen.Letter("户籍证明", []string{"去年补办。"}), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Type("textarea[name=text]", "户口本去年补办过，编号是新的。").Files("#file", file)
	p.Leave("form[action$='/hearing'] button.btn").Has("我们收到了").Has("编号是新的").Has("letter.jpg")
	p.Until("the picture that was sent", "(() => { const i = document.querySelector('.slot img'); return !!i && i.complete && i.naturalWidth > 0; })()")
	portal(t, p)
	shot(t, p, "waits")
	p.Go("/applications/" + id).Has("正在核实")
	portal(t, p)

	decider := tab(t, d, desktopWide, desktopHigh)
	signIn(t, decider, mails[caseRow(t, d, id).Assignee])
	decider.Click(".desk-queue tbody a.desk-who").Has("编号是新的")
	desk(t, decider)
	shot(t, decider, "heard")
	decider.Click(".desk-bar button", "决定")
	decider.Until("the outcomes", "document.querySelectorAll('.desk-panel input[type=radio]').length === 2")
	decider.Click(".desk-panel label", "撤销").Type(".desk-panel textarea", "派出所回函：没有补办记录。")
	desk(t, decider)
	shot(t, decider, "decision")
	decider.Click(".desk-panel [data-send]")
	decider.Until("the queue", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")

	p.Go("/applications/" + id).Has("证书已撤销")
	portal(t, p)
	shot(t, p, "reversed")
	p.Leave("a.btn[href$='/hearing']").Has("没有补办记录")
	portal(t, p)
	shot(t, p, "answer")
	p.Go(public).Has("撤销")
	told(t, d, "reversal_reversed", zhang, 1)
	record(t, d)
}
