package journeys

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// (4) A refusal is appealed on a 320 px phone, with a picture, and decided by somebody who had no part in it: passed after all,
// with its certificate. What is too long comes back whole; a second appeal has no form.
func TestAppeal(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	id := handedIn(t, d, zhang)
	r := d.Browser()
	r.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(200)
	r.Call("POST", "/api/desk/applications/"+id+"/decide", map[string]any{"outcome": "not_passed", "reasons": []string{"number_not_found"}}, nil).Want(200)
	d.Staff("李审核", "li@example.com", flow.Reviewer)

	p := tab(t, d, narrowWide, narrowHigh)
	again(t, d, p, zhang)
	p.Go("/applications/" + id).Has("可以申诉一次")
	portal(t, p)
	shot(t, p, "refused")
	p.Leave("a.btn[href$='/appeal']").Has("哪里不对")
	portal(t, p)
	shot(t, p, "form")
	long := strings.Repeat("号码是对的。", 900)
	p.Type("textarea[name=text]", long)
	p.Expect("status of 422")
	p.Leave("form[action$='/appeal'] button.btn").Has("您写的都还在")
	portal(t, p)
	p.Until("all that was written", "document.querySelector('textarea[name=text]').value.length === %s", len([]rune(long)))
	file := filepath.Join(t.TempDir(), "letter.jpg")
	if err := os.WriteFile(file, specimen.Letter("户籍证明", []string{"号码核对无误。"}), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Type("textarea[name=text]", "号码是对的，派出所开了证明。").Files("#file", file)
	p.Leave("form[action$='/appeal'] button.btn").Has("我们收到了").Has("派出所开了证明").Has("letter.jpg")
	portal(t, p)
	dark(t, p, portalContrast)
	shot(t, p, "waits")
	p.Go("/applications/" + id).Has("正在看您的申诉")
	portal(t, p)

	li := tab(t, d, desktopWide, desktopHigh)
	signIn(t, li, "li@example.com")
	li.Click(".desk-queue tbody a.desk-who").Has("派出所开了证明")
	desk(t, li)
	dark(t, li, deskContrast)
	shot(t, li, "case")
	li.Click(".desk-bar button", "决定申诉")
	li.Until("the outcomes", "document.querySelectorAll('.desk-panel input[type=radio]').length === 3")
	li.Click(".desk-panel label", "改为通过").Type(".desk-panel textarea", "您说得对，号码已经核对无误。")
	desk(t, li)
	shot(t, li, "answer")
	li.Click(".desk-panel [data-send]")
	li.Until("the queue", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")

	p.Go("/applications/" + id).Has("通过了")
	portal(t, p)
	p.Go("/applications/" + id + "/appeal").Has("改为通过").Has("您说得对")
	portal(t, p)
	shot(t, p, "answered")
	if p.Sees("form[action$='/appeal']") {
		t.Error("a result that was appealed can be appealed again")
	}
	if m := d.Messages("appeal_changed"); len(m) == 0 {
		t.Error("nobody was told")
	}
	record(t, d)
}
