package hooks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// comes is somebody at the counter whose phone is lost: the desk, the account, its case, and who works there.
type comes struct {
	*testkit.Desk
	account, app       string
	chen, lead, portal *testkit.Browser
}

func comesToTheCounter(t *testing.T) *comes {
	t.Helper()
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	c := &comes{Desk: d, chen: signInStaff(t, d, "chen@example.com"), lead: signInStaff(t, d, "lead@example.com"), portal: d.Browser()}
	signUp(t, d, c.portal, "wang@example.com")
	a, err := records.Find[*records.Applicant](d.App.DB(), dbx.HashExp{"email": "wang@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	c.account = a.ID
	c.app = d.Plant(flow.NounApplication, flow.Approved, testkit.Around{Owner: a.ID})
	if _, err := d.App.DB().Update("applications", dbx.Params{"ref": ref}, dbx.HashExp{"id": c.app}).Execute(); err != nil {
		t.Fatal(err)
	}
	return c
}

const ref = "R-2026-000042"

func loaded[R records.Row](c *comes, id string) R {
	c.T.Helper()
	row, err := records.Load[R](c.App.DB(), id)
	if err != nil {
		c.T.Fatal(err)
	}
	return row
}

type foundHolder struct {
	ID       string
	Rev      int64
	Name     string
	Accounts []struct {
		ID, Role, Mail string
		Open           bool
	}
}

func (c *comes) find(b *testkit.Browser, q string) (h foundHolder) {
	c.T.Helper()
	var found struct{ Rows []foundHolder }
	b.Call("POST", "/api/desk/recoveries/find", map[string]string{"q": q}, &found).Want(200)
	if len(found.Rows) == 0 {
		return h
	}
	return found.Rows[0]
}

// code asks for a code to the new phone and reads it from the outbox.
func (c *comes) code(holder string) (id, digits string) {
	c.T.Helper()
	var sent struct{ Code, To string }
	c.chen.Call("POST", "/api/desk/holders/"+holder+"/recovery-code", map[string]string{"channel": "sms", "contact": "138 0013 8066", "lang": "zh-Hans"}, &sent).Want(200)
	if strings.Contains(sent.To, "13800138066") {
		c.T.Error("the whole number is shown:", sent.To)
	}
	return sent.Code, c.Messages("code_recovery")[0].Words["code"]
}

// TestRecoveryAtTheCounter leads a lost phone from the counter to the new one: found by number, the contact proved by its code, agreed by a
// second person, told, refused once from the portal, and given back after the days.
func TestRecoveryAtTheCounter(t *testing.T) {
	c := comesToTheCounter(t)
	c.portal.Call("POST", "/api/desk/recoveries/find", map[string]string{"q": ref}, nil).Want(401)
	if h := c.find(c.chen, "R-2026-999999"); h.ID != "" {
		t.Error("somebody was found by a number that is nobody's")
	}
	h := c.find(c.chen, ref)
	if h.Name != "李样本" || len(h.Accounts) != 1 || h.Accounts[0].ID != c.account || h.Accounts[0].Mail != "wa***@example.com" || h.Accounts[0].Open {
		t.Fatalf("found: %+v", h)
	}
	ask := func(b *testkit.Browser, code, digits string, change map[string]any) *testkit.Browser {
		in := map[string]any{"account": c.account, "who": "same", "seen": []string{"id_card"}, "note": "手机丢了，本人带证件来", "lang": "zh-Hans", "code": code, "digits": digits}
		for k, v := range change {
			in[k] = v
		}
		return b.Call("POST", "/api/desk/holders/"+h.ID+"/ask-recovery", in, nil)
	}
	code, digits := c.code(h.ID)
	ask(c.chen, code, digits, map[string]any{"seen": []string{}}).Want(422) // what is wrong in the form does not spend the code
	ask(c.chen, code, "000000", nil).Want(422)
	ask(c.lead, code, digits, nil).Want(422) // a code is for the colleague who sent it
	ask(c.chen, "none", digits, nil).Want(422)
	ask(c.chen, code, digits, nil).Want(200)
	if !c.find(c.lead, ref).Accounts[0].Open {
		t.Error("it is not shown that somebody came already")
	}

	list := func(b *testkit.Browser) (one struct {
		ID, State, Name, To, Note, Due, EndedBy string
		Rev                                     int64
		Agree, Drop, Mine                       bool
	}) {
		t.Helper()
		var out struct {
			Rows []struct {
				ID, State, Name, To, Note, Due, EndedBy string
				Rev                                     int64
				Agree, Drop, Mine                       bool
			}
		}
		b.Call("GET", "/api/desk/recoveries", nil, &out).Want(200)
		if len(out.Rows) == 0 {
			t.Fatal("nothing is listed")
		}
		return out.Rows[0]
	}
	if r := list(c.chen); r.Agree || !r.Drop || !r.Mine {
		t.Errorf("who took it in sees: %+v", r)
	}
	r := list(c.lead)
	if !r.Agree || !r.Drop || r.Name != "李样本" || r.To != "138****8066" {
		t.Errorf("the second person sees: %+v", r)
	}
	c.portal.Get("/account/recovery").Want(200) // nothing to say no to yet: the account's page
	if c.portal.Path != "/account" {
		t.Error("before anybody agreed:", c.portal.Path)
	}
	c.lead.Call("POST", "/api/desk/recoveries/"+r.ID+"/agree-recovery", nil, nil).Want(200)

	// the account says no
	c.portal.Get("/me").Has("有人到窗口找回您的账号")
	c.portal.Get("/account/recovery").Want(200).Has("不是我，停下来")
	c.portal.Send("/account/recovery").Want(200).Has("停下来了")
	if r := list(c.lead); r.State != "withdrawn" || r.EndedBy != "account" || r.Name != "" || r.Note != "" {
		t.Errorf("after it was refused: %+v", r)
	}

	// once more, and nobody says no
	code, digits = c.code(h.ID)
	ask(c.chen, code, digits, nil).Want(200)
	c.lead.Call("POST", "/api/desk/recoveries/"+list(c.lead).ID+"/agree-recovery", nil, nil).Want(200)
	c.Move(48 * time.Hour)
	c.lead = signInStaff(t, c.Desk, "lead@example.com")
	if r := list(c.lead); r.State != "pending" {
		t.Error("before its day:", r.State)
	}
	c.Move(24 * time.Hour)
	c.lead = signInStaff(t, c.Desk, "lead@example.com")
	if r := list(c.lead); r.State != "resolved" {
		t.Error("on its day:", r.State)
	}
	c.portal.Get("/me")
	if !strings.HasPrefix(c.portal.Path, "/sign-in") {
		t.Error("a session of before is open:", c.portal.Path)
	}
	fresh := c.Browser()
	fresh.Get("/sign-in/phone").Send("/sign-in/phone", "contact", "13800138066").Want(200)
	fresh.Send("/sign-in/code", "code", c.Messages("code_sign_in")[0].Words["code"]).Want(200)
	if a := loaded[*records.Applicant](c, c.account); !a.PhoneOK || a.Email != "" {
		t.Errorf("the account: %+v", a)
	}
	if !strings.Contains(fresh.Path, "identify") && !strings.Contains(fresh.Path, "consent") && fresh.Path != "/me" {
		t.Error("the new phone leads to:", fresh.Path)
	}
}
