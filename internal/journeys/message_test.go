package journeys

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// A conversation on a 320 px phone, with a picture; the reviewer answers at the keyboard; then the case is held until a day,
// two colleagues meet on it, and it goes on by itself.
func TestConversation(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	p := tab(t, d, narrowWide, narrowHigh)
	byMail(t, d, p, "wang@example.com")
	account, err := records.Find[*records.Applicant](d.App.DB(), dbx.HashExp{"email": "wang@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	id := d.Plant(flow.NounApplication, flow.InReview, testkit.Around{Owner: account.ID, Assignee: chen})
	p.Go("/applications/" + id)
	portal(t, p)
	p.Leave("a[href$='/messages']")
	portal(t, p)
	file := filepath.Join(t.TempDir(), "book.jpg")
	if err := os.WriteFile(file, specimen.Letter("户口本首页", []string{"住址：样本路 1 号"}), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Type("textarea[name=text]", "首页拍好了，还要别的吗？").Files("#file", file)
	p.Leave("form[action$='/messages'] button.btn")
	p.Has("首页拍好了").Has("已经发出")
	p.Until("the picture", "(() => { const i = document.querySelector('.talk img'); return !!i && i.complete && i.naturalWidth > 0; })()")
	portal(t, p)
	dark(t, p, portalContrast)

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Has("未读留言")
	desk(t, r)
	r.Click(".desk-queue tbody a.desk-who")
	r.Until("the conversation", "document.querySelectorAll('.desk-talk li.unread').length === 1")
	desk(t, r)
	r.Click(".desk-talk button", "book.jpg")
	r.Until("the attachment", "[...document.querySelectorAll('.desk-canvas img')].some((i) => i.complete && i.naturalWidth > 100 && i.alt.includes('附件'))")
	r.Type("#desk-message", "不用了，谢谢。").Click("#desk-talk form button", "发送")
	r.Until("the answer", "document.querySelectorAll('.desk-talk li').length === 2 && !document.querySelector('.desk-talk li.unread')")
	dark(t, r, deskContrast)

	p.Go("/me")
	portal(t, p)
	p.Leave("a.btn[href$='/messages']")
	p.Has("不用了，谢谢。")
	portal(t, p)
	p.Leave("form[action$='/read'] button")
	p.Until("it to be read", "!document.querySelector('.talk li.new')")

	// Two at one case: what the second one typed stays, and they hear who did what.
	r.Type("#desk-message", "还没写完的一句")
	r.Click(".desk-menu button").Click(".dropdown-item", "暂缓")
	r.Type(".desk-panel textarea", "等派出所的回复")
	desk(t, r)
	today, err := d.Desk.Today(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.Type(".desk-panel input[type=text]", string(today.AddDays(3)))
	lead := d.Browser()
	lead.Call("POST", "/api/desk/sign-in", map[string]string{"email": "lead@example.com", "password": testkit.Password}, nil).Want(200)
	lead.Call("POST", "/api/desk/applications/"+id+"/mark-read", map[string]string{}, nil).Want(200)
	r.Expect("409")
	r.Click(".desk-panel [data-send]")
	r.Until("who was quicker", "document.querySelector('.desk-panel .desk-alert')?.innerText.includes('周组长')")
	r.Until("what was typed to be there", "document.querySelector('.desk-panel textarea').value === '等派出所的回复' && document.querySelector('#desk-message').value === '还没写完的一句'")
	r.Click(".desk-panel [data-send]")
	r.Until("the second try, on the case as it is now", "!document.querySelector('.desk-panel') && document.querySelector('.desk-bar').innerText.includes('派出所')")
	desk(t, r)
	p.Go("/applications/" + id).Has("暂缓到")
	portal(t, p)
	d.Move(4 * 24 * time.Hour)
	p.Go("/applications/" + id).Has("继续办理")
}
