package journeys

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// A new identity card: the holder says what has changed on a small phone, gives only that, the reviewer sees what differs, and
// the new certificate takes the place of the old one, which holds until then.
func TestChangeOfCard(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	certified(t, d, "chen@example.com", zhang)
	old, err := records.Find[*records.Certificate](d.App.DB(), dbx.HashExp{"state": "valid"})
	if err != nil {
		t.Fatal(err)
	}

	d.Clock.Move(2 * time.Minute) // another code may be asked for
	p := tab(t, d, narrowWide, narrowHigh)
	p.Go("/sign-in/email").Type("input[name=contact]", zhang.mail).Leave("form[action='/sign-in/email'] button.btn")
	p.Click("input[name=own]")
	enter(p, code(t, d, "code_sign_in", zhang.mail))
	p.Go("/certificates/" + old.ID)
	portal(t, p)
	p.Leave("form[action$='/request-change'] button").At("/changes")
	portal(t, p)
	p.Leave("main form button.btn").Has("至少选一项")
	portal(t, p)
	p.Click("input[name=changes][value=card]")
	p.Leave("main form button.btn").At("/q/card_until")
	portal(t, p)
	p.Type("[name='q.card_until.year']", "2041").Leave("main form button.btn").Has("1 处") // and “without end” still ticked
	p.Click("[name='q.card_until.long']")
	fill(t, p, map[string]string{"card_until": "2041-03-08"}, papers{
		"id_front": specimen.IDFront(zhang.name, zhang.number, zhang.sex, zhang.birth, "北京市朝阳区样本路 88 号"),
		"id_back":  specimen.IDBack("北京市公安局朝阳分局", "2021.03.08", "2041.03.08"),
	})
	p.At("/check").Has("身份证换了新的").Has("没有变，照原来的")
	submit(t, p)
	p.Go("/certificates/" + old.ID).Has("正在变更信息")
	portal(t, p)
	p.Go("/v/" + old.Code).Has("有效")

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Click(".desk-queue tbody a.desk-who")
	r.Until("what has changed", "(document.querySelector('.desk-changed')?.innerText ?? '').includes('身份证换了新的')")
	r.Until("what was before", "(document.querySelector('.desk-before')?.innerText ?? '').includes('原来')")
	judge(t, r, "ok")
	pass(t, r)

	told(t, d, "certificate_changed", zhang, 1)
	p.Go("/v/" + old.Code).Has("已换新")
	portal(t, p)
	p.Go("/certificates/" + old.ID)
	portal(t, p)
	p.Leave("main .lead a")
	portal(t, p)
	next, err := records.Load[*records.Certificate](d.App.DB(), strings.TrimPrefix(p.Path(), "/certificates/"))
	if err != nil || next.State != flow.Valid || next.ExpiresOn != old.ExpiresOn {
		t.Errorf("the new certificate is %+v: %v", next, err)
	}
	record(t, d)
}
