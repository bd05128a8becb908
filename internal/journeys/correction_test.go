package journeys

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

const rightAddress = "北京市朝阳区样本路 88 号 2 单元 301"

// A correction: one answer and one document asked for, answered on a narrow phone in two sittings, approved.
func TestCorrection(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	id := handedIn(t, d, zhang)
	due := caseRow(t, d, id).DueOn

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Click(".desk-queue tbody a.desk-who")
	judge(t, r, "ok")
	asks(t, r)
	r.Expect("status of 401") // nobody works there meanwhile, and the session ends

	d.Clock.Move(26 * time.Hour)
	p := tab(t, d, narrowWide, narrowHigh)
	again(t, d, p, zhang)
	p.Go("/me")
	portal(t, p)
	p.Leave("main a[href='/applications/" + id + "']").Has("轮到您了").Has("未办结")
	portal(t, p)
	p.Leave("a.btn[href$='/correction']").Has("请补 2 样").Has("填写的户籍地址和证件上的不一样").Has("写到门牌号")
	portal(t, p)
	shot(t, p, "correction")
	p.Leave("main .actions a.btn").At("/correction/q/address").Has("北京市朝阳区样本路 88 号")
	portal(t, p)
	shot(t, p, "correction-question")
	p.Type("[name='q.address']", rightAddress).Leave("main form button.btn").At("/correction/slot/id_front")
	portal(t, p)
	shot(t, p, "correction-slot")
	// What is not asked for is not there, and cannot be filled in.
	p.Go("/applications/" + id + "/correction/q/name").At("/correction").Has("请补 2 样")
	p.Expect("status of 409")
	p.Go("/applications/" + id + "/q/name").Has("不能")
	if got := caseAnswers(t, d, id); got["address"] == rightAddress {
		t.Error("a part of an answer was written over the case")
	}

	// The second sitting, on another day: what was given is there, one item is left.
	d.Clock.Move(4 * 24 * time.Hour)
	p = tab(t, d, narrowWide, narrowHigh)
	again(t, d, p, zhang)
	p.Go("/applications/" + id + "/correction").Has("已补").Has("还差 1 样")
	portal(t, p)
	p.Leave("main .actions a.btn").At("/correction/slot/id_front")
	photograph(t, p, cards(zhang.name, zhang.number, zhang.sex, zhang.birth, rightAddress))
	p.At("/correction/check").Has(rightAddress)
	portal(t, p)
	shot(t, p, "correction-check")
	p.Leave("form[action$='/correction'] button.btn").Has("已经交上去了").Has("正在审核")
	portal(t, p)

	if moved := caseRow(t, d, id).DueOn; moved <= due {
		t.Errorf("the deadline was %s and is %s after five days that were waited", due, moved)
	}
	r = tab(t, d, desktopWide, desktopHigh) // the session of that day is over
	signIn(t, r, "chen@example.com")
	r.Click(".desk-queue tbody a.desk-who").Has("已交回").Has("已换")
	desk(t, r)
	shot(t, r, "desk-returned")
	r.Until("the change to stand out", "document.querySelectorAll('.desk-answer.changed del').length === 1 && document.querySelector('.desk-answer.changed').innerText.includes(%s)", rightAddress)
	r.Click("button", "与上轮对照")
	r.Until("both pictures", "[...document.querySelectorAll('.desk-canvas.two img')].filter((i) => i.complete && i.naturalWidth > 100).length === 2")
	desk(t, r)
	shot(t, r, "desk-compare")
	r.Until("the verdicts that the answer touched to be open", "document.querySelectorAll('.desk-item .v.ok[aria-checked=true]').length < document.querySelectorAll('.desk-item').length && document.querySelectorAll('.desk-item .v.ok[aria-checked=true]').length > 0")
	r.Click("button", "与上轮对照")
	for r.Sees(".desk-item.open .v.ok") {
		r.Click(".desk-item.open .v.ok")
		time.Sleep(50 * time.Millisecond)
	}
	pass(t, r)
	p.Go("/applications/" + id).Has("通过了")
	portal(t, p)
	record(t, d)
}

// asks asks for the address and the portrait side of the card.
func asks(t *testing.T, r *Tab) {
	t.Helper()
	r.Click(".desk-bar button", "请其补正")
	r.Until("the panel", "document.querySelectorAll('.desk-choice').length > 5")
	desk(t, r)
	r.Click(".desk-choice", "户籍地址").Click(".desk-choice", "身份证 人像面")
	r.Until("both items", "document.querySelectorAll('.desk-asked').length === 2")
	r.Click(".desk-asked:first-child .desk-chips button").Type(".desk-asked:first-child textarea", "写到门牌号。")
	r.Click(".desk-asked:nth-child(2) .desk-chips button")
	r.Until("the preview", "document.querySelector('.desk-phone').innerText.includes('写到门牌号')")
	desk(t, r)
	shot(t, r, "desk-correction")
	r.Click(".desk-panel [data-send]")
	r.Until("the panel to close", "!document.querySelector('.desk-panel')")
}

// again signs in somebody who was here before.
func again(t *testing.T, d *testkit.Desk, p *Tab, who somebody) {
	t.Helper()
	p.Go("/sign-in/email").Type("input[name=contact]", who.mail).Leave("form[action='/sign-in/email'] button.btn")
	p.Click("input[name=own]")
	enter(p, code(t, d, "code_sign_in", who.mail))
}

func caseRow(t *testing.T, d *testkit.Desk, id string) *records.Application {
	t.Helper()
	app, err := records.Load[*records.Application](d.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func caseAnswers(t *testing.T, d *testkit.Desk, id string) map[string]string {
	t.Helper()
	a, err := d.Desk.Answers(caseRow(t, d, id))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// shot keeps how a page looks, where CERTDESK_JOURNEY_PICTURES says.
func shot(t *testing.T, p *Tab, name string) {
	t.Helper()
	if dir := os.Getenv("CERTDESK_JOURNEY_PICTURES"); dir != "" {
		size, err := JS[[]int64](p, "[innerWidth, innerHeight, document.documentElement.scrollHeight]")
		if err != nil {
			t.Fatal(err)
		}
		p.Size(size[0], max(size[1], size[2]))
		defer p.Size(size[0], size[1])
		if err = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+"-"+name+".png"), p.Picture(), 0o644); err != nil {
			t.Log(err)
		}
	}
}
