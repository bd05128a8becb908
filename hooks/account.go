package hooks

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Signing in to the portal: by a code to a phone or mailbox, or by a password. Whoever comes first gets an account on the
// way. Each answer is the same whether or not a contact is known.

// run performs an act for the one who is signed in, under the form's key and revision.
func run[R records.Target, In any](c *call, act command.Act[R, In], id string, in In) (command.Receipt, error) {
	at := c.at()
	at.ID = id
	return command.Run(c.ctx(), c.s.Desk, c.by, act, at, in)
}

// smsOffered reports whether codes go by SMS: only after a test SMS arrived.
func (c *call) smsOffered() bool {
	d, err := c.settings()
	return err == nil && (d.SMSTested || d.Demo)
}

func (c *call) mailOffered() bool {
	d, err := c.settings()
	return err == nil && (c.s.Config.SMTP != "" || d.Mail != "" || d.Demo)
}

func (c *call) next() string {
	if n := c.e.Request.FormValue("next"); n != "" {
		return safePath(n)
	}
	return "/me"
}

var signInPages = map[string]struct{ page, channel string }{
	"phone": {"account/phone", "sms"}, "email": {"account/email", "mail"}, "password": {"account/password", ""},
}

func signInPage(c *call) error {
	method := c.e.Request.PathValue("method")
	if method == "" {
		method = "email"
		if c.smsOffered() {
			method = "phone"
		}
	}
	p, ok := signInPages[method]
	if !ok {
		return records.ErrNotFound
	}
	return c.signInForm(p.page, "/sign-in/"+method, nil, nil)
}

func (c *call) signInForm(page, action string, err error, values map[string]string) error {
	next := c.e.Request.FormValue("next")
	if next != "" {
		next = safePath(next)
	}
	f := c.form(action, err, values)
	for i, e := range f.Errors {
		if e.Field == "email" || e.Field == "phone" {
			f.Errors[i].Field = "contact"
		}
	}
	return c.show(page, ui.SignIn{Form: f, SMS: c.smsOffered(), Mail: c.mailOffered(), Next: next}, back("/"))
}

func contactOf(channel, raw string) (string, error) {
	if channel == "sms" {
		to, err := sdk.NormalPhone(raw)
		if err != nil {
			return "", flow.Refuse("phone_wrong")
		}
		return to, nil
	}
	to, err := sdk.NormalEmail(raw)
	if err != nil {
		return "", flow.Refuse("email_wrong")
	}
	return to, nil
}

// signInPost sends a code, or checks a password.
func signInPost(c *call) error {
	method, v := c.e.Request.PathValue("method"), c.values()
	p, ok := signInPages[method]
	if !ok {
		return records.ErrNotFound
	}
	if method == "password" {
		return c.passwordPost(v)
	}
	if p.channel == "sms" && !c.smsOffered() {
		return records.ErrNotFound
	}
	err := c.sendCode("sign_in", p.channel, v["contact"], going{Next: v["next"]})
	if expected(err) {
		return c.signInForm(p.page, "/sign-in/"+method, err, v)
	}
	return err
}

// signIn opens a session and goes on.
func (c *call) signIn(id, how, next string) error {
	own := c.e.Request.FormValue("own") != ""
	keep := time.Duration(0)
	if own {
		keep = 30 * 24 * time.Hour
	}
	d := c.newSession(accountCookie, keep, http.SameSiteLaxMode)
	if _, err := command.Run(c.ctx(), c.s.Desk, command.Account(id), command.SignIn, command.At{ID: id},
		command.NewSession{Digest: d, How: how, Shared: !own, Known: c.knownDevice(id)}); err != nil {
		return err
	}
	c.s.setCookie(c.e.Response, deviceCookie, c.s.Desk.Vault.Blind("device", id), 365*24*time.Hour, http.SameSiteLaxMode)
	if next == "" {
		next = "/me"
	}
	agreed, err := records.Consented(c.s.Desk.App.DB(), id, "privacy", command.AgreementVersion)
	if err != nil {
		return err
	}
	if !agreed {
		return c.seeOther("/consent?next=" + url.QueryEscape(safePath(next)))
	}
	return c.seeOther(safePath(next))
}

func (c *call) passwordPost(v map[string]string) error {
	again := func(err error) error {
		return c.signInForm("account/password", "/sign-in/password", err, map[string]string{"contact": v["contact"], "next": v["next"]})
	}
	if err := c.limit("sign_in_ip", c.ip()); err != nil {
		return again(err)
	}
	channel := "mail"
	if !strings.Contains(v["contact"], "@") {
		channel = "sms"
	}
	to, err := contactOf(channel, v["contact"])
	if err != nil {
		return again(err)
	}
	if err := c.limit("sign_in_account", c.s.Desk.Vault.Blind("contact", to)); err != nil {
		return again(err)
	}
	a, err := command.FindAccount(c.s.Desk, c.s.Desk.App.DB(), channel, to)
	if err != nil && !errors.Is(err, records.ErrNotFound) {
		return err
	}
	hash := ""
	if a != nil && a.State == flow.Active {
		hash = a.Password
	}
	if !rightPassword(hash, v["password"]) {
		return again(flow.Refuse("password_wrong"))
	}
	return c.signIn(a.ID, "password", v["next"])
}

func registerPage(c *call) error { return c.signInForm("account/register", "/register", nil, nil) }

func registerPost(c *call) error {
	v := c.values()
	h, err := hash(v["password"])
	if err == nil {
		err = c.sendCode("confirm", "mail", v["contact"], going{Hash: h, Next: v["next"]})
	}
	if expected(err) {
		return c.signInForm("account/register", "/register", err, map[string]string{"contact": v["contact"], "next": v["next"]})
	}
	return err
}

func signOut(c *call) error {
	if c.session != nil {
		if _, err := command.Run(c.ctx(), c.s.Desk, c.by, command.SignOut, command.At{ID: c.by.ID},
			command.End{Digest: c.session.ID, All: c.values()["all"] != ""}); err != nil {
			return err
		}
	}
	c.s.setCookie(c.e.Response, accountCookie, "", -time.Second, http.SameSiteLaxMode)
	return c.seeOther("/signed-out")
}

func signedOutPage(c *call) error { return c.show("account/signed_out", nil) }
