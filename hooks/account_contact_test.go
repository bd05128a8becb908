package hooks_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/testkit"
)

// A new mailbox or phone is proved by a code that goes there, on a page that leads back to the account in both languages; then it is
// the account's, and the old one is told. Who gives another first is asked for that one's code.
func TestNewContact(t *testing.T) {
	for _, lang := range []string{"zh-Hans", "en"} {
		d := testkit.Open(t)
		b := d.Browser()
		signUp(t, d, b, "wang@example.com")
		b.Get("/lang/" + lang)
		for _, c := range []struct{ page, wrong, contact string }{
			{"/account/email", "wrong@example.com", "new@example.com"}, {"/account/phone", "13800138077", "13800138066"}} {
			b.Get(c.page).Want(200).Send(c.page, "contact", c.wrong).Want(200)
			if !strings.Contains(b.Body, `href="`+c.page+`"`) || strings.Contains(b.Body, `href="/sign-in`) {
				t.Errorf("%s: %s leads elsewhere for another contact", lang, b.Path)
			}
			b.Get(c.page).Want(200).Send(c.page, "contact", c.contact).Want(200)
			b.Send("/sign-in/code", "code", "000000").Want(200)
			sent := d.Messages("code_confirm")[0]
			if b.Send("/sign-in/code", "code", sent.Words["code"]).Want(200); b.Path != "/account" {
				t.Errorf("%s: after the code at %s", lang, b.Path)
			}
		}
		b.Get("/account").Want(200).Has("ne***@example.com")
		if told := d.Messages("contact_changed"); len(told) != 1 || told[0].To != "wang@example.com" {
			t.Errorf("%s: told of the new mailbox: %+v", lang, told)
		}
	}
}

// The page that asks for a code does not say that a mail was sent while mails cannot be sent, and offers the other way.
func TestCodeWhileMailIsOut(t *testing.T) {
	d := testkit.Open(t, func(c *config.Config) { c.SMTP = "smtp://127.0.0.1:1?from=desk@example.com" })
	b := d.Browser()
	b.Get("/sign-in/email?next=/types").Want(200).Send("/sign-in/email", "contact", "wang@example.com").Want(200)
	_ = d.Runner.RunAll(t.Context())
	b.Get(b.Path).Want(200).Has("邮件暂时发不出去")
	if strings.Contains(b.Text(), "邮件已发到") || !strings.Contains(b.Body, `href="/sign-in/phone?next=%2Ftypes"`) {
		t.Error(b.Body)
	}
}

// Who forgot a password and gets no mail has another sent from the page that asks for its code, and says nothing twice.
func TestResetSentAgain(t *testing.T) {
	d := testkit.Open(t)
	signUp(t, d, d.Browser(), "wang@example.com")
	for who, mails := range map[string]int{"wang@example.com": 2, "nobody@example.com": 0} {
		b, before := d.Browser(), len(d.Messages("code_reset"))
		b.Get("/reset").Want(200).Send("/reset", "contact", who).Want(200).Has("邮件已发到")
		d.Later(2 * time.Minute)
		b.Get(b.Path).Want(200)
		_, again, _ := strings.Cut(b.Body, `<form method="post" action="/reset" `)
		again, _, _ = strings.Cut(again, "</form>")
		sent := url.Values{}
		for _, in := range hidden.FindAllStringSubmatch(again, -1) {
			sent.Set(in[1], in[2])
		}
		res, err := b.Client.PostForm(d.URL+"/reset", sent)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != 200 || res.Request.URL.Path != "/reset/code" {
			t.Errorf("%s: sent again, %d at %s", who, res.StatusCode, res.Request.URL)
		}
		if n := len(d.Messages("code_reset")) - before; n != mails {
			t.Errorf("%s: %d mails, want %d", who, n, mails)
		}
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)

// A wrong password is answered as it fits: colleagues have no digits to sign in with, and whoever changes a password is asked for the present one.
func TestWrongPasswordIsToldAsItFits(t *testing.T) {
	d := testkit.Open(t)
	colleague := d.Browser().Call("POST", "/api/desk/sign-in", map[string]string{"email": "manager@example.com", "password": "not the right one"}, nil)
	if !strings.Contains(colleague.Body, "staff_password_wrong") || strings.Contains(colleague.Body, "6 位") {
		t.Errorf("a colleague is told %s", colleague.Body)
	}
	b := d.Browser()
	b.Get("/register").Want(200).Send("/register", "contact", "wang@example.com", "password", "a long enough sentence").Want(200)
	b.Send("/sign-in/code", "code", d.Messages("code_confirm")[0].Words["code"]).Want(200)
	b.Send("/consent", "privacy", "yes", "identity", "yes").Want(200)
	b.Get("/account/password").Want(200).Send("/account/password", "old", "not the right one", "password", "another long sentence")
	if b.Has("现在的密码不对"); !strings.Contains(b.Body, `href="#old"`) {
		t.Error("the error does not lead to the present password")
	}
}
