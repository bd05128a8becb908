package hooks_test

import (
	"strings"
	"testing"

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
