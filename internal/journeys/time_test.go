package journeys

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// (5) Time passes: the notices come, one holder renews from what is known, the certificate of another expires by itself.
func TestTime(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	certified(t, d, "chen@example.com", zhang)
	certified(t, d, "chen@example.com", li)
	all, err := records.All[*records.Certificate](d.App.DB(), dbx.HashExp{"state": "valid"}, "id")
	if err != nil || len(all) != 2 {
		t.Fatalf("%d certificates: %v", len(all), err)
	}
	until, err := time.Parse(time.DateOnly, all[0].ExpiresOn)
	if err != nil {
		t.Fatal(err)
	}
	d.Clock.Move(time.Until(until) - 33*24*time.Hour)

	p := tab(t, d, phoneWide, phoneHigh)
	p.Go("/demo/clock")
	portal(t, p)
	p.Leave("button[value=week]")
	for _, who := range []somebody{zhang, li} {
		told(t, d, "expiry_notice", who, 1)
	}
	p.Go("/sign-in/email").Type("input[name=contact]", zhang.mail).Leave("form[action='/sign-in/email'] button.btn")
	p.Click("input[name=own]")
	enter(p, code(t, d, "code_sign_in", zhang.mail))
	p.Go("/me")
	portal(t, p)
	p.Leave("main a[href*='/certificates/']")
	portal(t, p)
	p.Leave("form[action$='/renew'] button").At("/check")
	for range 10 {
		portal(t, p)
		if p.Sees("input[name=declared]") {
			break
		}
		p.Leave(".actions a.btn")
		for strings.Contains(p.Path(), "/slot/") {
			photograph(t, p, cards(zhang.name, zhang.number, zhang.sex, zhang.birth, "北京市朝阳区样本路 88 号"))
		}
	}
	submit(t, p)

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Click(".desk-queue tbody a.desk-who")
	judge(t, r, "ok")
	pass(t, r)

	r.Expect("status of 401") // the colleague went home: the session ends while time is moved
	for range 4 {
		p.Go("/demo/clock").Leave("button[value=week]")
	}
	p.Go("/demo/clock").Leave("button[value=week]")
	told(t, d, "expiry_notice", zhang, 1)
	told(t, d, "expiry_notice", li, 3)
	told(t, d, "expired", li, 1)
	for _, k := range all {
		now, err := records.Load[*records.Certificate](d.App.DB(), k.ID)
		if err != nil {
			t.Fatal(err)
		}
		p.Go("/v/" + k.Code)
		portal(t, p)
		switch now.State {
		case flow.Superseded:
			p.Has("已换新")
		case flow.Expired:
			p.Has("已到期")
		default:
			t.Errorf("certificate %s is %s", k.Number, now.State)
		}
	}
	record(t, d)
}

// told counts the notices of a kind that went to somebody.
func told(t *testing.T, d *testkit.Desk, notice string, who somebody, want int) {
	t.Helper()
	n := 0
	for _, m := range d.Messages(notice) {
		if m.To == who.mail {
			n++
		}
	}
	if n != want {
		t.Errorf("%s went to %s %d times, want %d", notice, who.mail, n, want)
	}
}
