package hooks

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

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

// going is what a code goes on with.
type going struct {
	Channel string `json:"channel"`
	Contact string `json:"contact"`
	Hash    string `json:"hash,omitempty"`
	Next    string `json:"next,omitempty"`
	Holder  string `json:"holder,omitempty"`
}

// smsOffered reports whether codes go by SMS: only after a test SMS arrived.
func (c *call) smsOffered() bool {
	d, err := c.settings()
	return err == nil && (d.SMSTested || d.Demo)
}

func (c *call) mailOffered() bool {
	d, err := c.settings()
	return err == nil && (d.Mail != "" || d.Demo)
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

// sendCode sends a code to a contact and goes on to the page that asks for it.
func (c *call) sendCode(purpose, channel, raw string, g going) error {
	to, err := contactOf(channel, raw)
	if err != nil {
		return err
	}
	if err := c.limit("code_ip", c.ip()); err != nil {
		return err
	}
	byNetwork := map[string][]string{"sms": {"sms_network_hour", "sms_network_day"}}
	for _, name := range byNetwork[channel] {
		if err := c.limit(name, network(c.ip())); err != nil {
			return err
		}
	}
	if channel == "mail" {
		if err := c.limit("mail_contact_day", c.s.Desk.Vault.Blind("contact", to)); err != nil {
			return err
		}
	}
	g.Channel, g.Contact = channel, to
	payload, _ := json.Marshal(g)
	id, err := command.AskCode(c.ctx(), c.s.Desk, c.by, command.Ask{Purpose: purpose, Channel: channel, To: to, Lang: c.lang, Person: c.by.ID, Payload: string(payload)})
	if err != nil {
		return err
	}
	return c.seeOther("/sign-in/code?c=" + id + "&p=" + purpose)
}

// codeRow reads a code that this browser asked for.
func (c *call) codeRow() (*records.Code, going, error) {
	var g going
	row, err := records.Load[*records.Code](c.s.Desk.App.DB(), c.e.Request.FormValue("c"))
	if err != nil {
		return nil, g, err
	}
	if row.Person != c.by.ID {
		return nil, g, records.ErrNotFound
	}
	raw, err := c.s.Desk.Open("desk", "codes.payload "+row.ID, row.Payload)
	if err != nil {
		return nil, g, err
	}
	return row, g, json.Unmarshal([]byte(raw), &g)
}

func codePage(c *call) error { return c.codeForm(nil) }

func (c *call) codeForm(err error) error {
	row, g, found := c.codeRow()
	if found != nil {
		return c.seeOther("/sign-in")
	}
	change := "/sign-in/email"
	if g.Channel == "sms" {
		change = "/sign-in/phone"
	}
	return c.show("account/code", ui.Code{Form: c.form("/sign-in/code?c="+row.ID, err, nil), Purpose: row.Purpose, Channel: g.Channel, Contact: maskContact(g.Contact),
		Again: "/sign-in/again?c=" + row.ID, Change: change, Minutes: 10, Own: row.Purpose != "contact" && row.Purpose != "withdraw", Next: g.Next}, back(change))
}

// codeAgain sends another code to the same contact.
func codeAgain(c *call) error {
	row, g, err := c.codeRow()
	if err != nil {
		return c.seeOther("/sign-in")
	}
	if err := c.sendCode(row.Purpose, g.Channel, g.Contact, g); err != nil {
		if expected(err) {
			return c.codeForm(err)
		}
		return err
	}
	return nil
}

// codePost proves the contact and goes on with what it was for.
func codePost(c *call) error {
	row, g, err := c.codeRow()
	if err != nil {
		return c.seeOther("/sign-in")
	}
	p, err := command.EnterCode(c.ctx(), c.s.Desk, c.by, row.ID, digits(c.values()["code"]))
	if expected(err) {
		return c.codeForm(err)
	}
	if err != nil {
		return err
	}
	switch p.Purpose {
	case "sign_in", "confirm":
		return c.proved(g)
	case "contact":
		if _, err := run(c, command.ConfirmContact, c.by.ID, command.Contact{Channel: g.Channel, To: g.Contact}); err != nil {
			return err
		}
		return c.seeOther("/account", "contact")
	case "withdraw":
		return c.actingProved(g.Contact)
	}
	return records.ErrNotFound
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r = r - '０' + '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// proved signs in whoever proved a contact, with a new account if there is none.
func (c *call) proved(g going) error {
	a, err := command.FindAccount(c.s.Desk, c.s.Desk.App.DB(), g.Channel, g.Contact)
	switch {
	case errors.Is(err, records.ErrNotFound):
		for name, by := range map[string]string{"register_ip": c.ip(), "register_network": network(c.ip())} {
			if err := c.limit(name, by); err != nil {
				return err
			}
		}
		r, err := command.Run(c.ctx(), c.s.Desk, c.by, command.Register, command.At{ID: records.DeskID},
			command.NewAccount{Channel: g.Channel, Contact: g.Contact, Hash: g.Hash, Lang: c.lang, Proved: true})
		if err != nil {
			return err
		}
		if a, err = records.Load[*records.Applicant](c.s.Desk.App.DB(), r.Answer["id"]); err != nil {
			return err
		}
	case err != nil:
		return err
	case a.State == flow.New:
		if _, err := command.Run(c.ctx(), c.s.Desk, command.Account(a.ID), command.ConfirmContact, command.At{ID: a.ID},
			command.Contact{Channel: g.Channel, To: g.Contact}); err != nil {
			return err
		}
	}
	if g.Channel == "sms" && !c.knownDevice(a.ID) {
		if ask, err := c.mustIdentify(a.ID, going{Next: g.Next}); err != nil || ask {
			return err
		}
	}
	return c.signIn(a.ID, map[string]string{"sms": "sms_code", "mail": "mail_code"}[g.Channel], g.Next)
}

// knownDevice reports whether this browser was signed in to the account before.
func (c *call) knownDevice(id string) bool {
	return cookie(c.e.Request, deviceCookie) == c.s.Desk.Vault.Blind("device", id)
}

// mustIdentify asks a new browser for the holder's ID number where the account holds a certificate: a phone number may
// have gone to somebody else.
func (c *call) mustIdentify(id string, g going) (bool, error) {
	db := c.s.Desk.App.DB()
	n, err := records.Count(db, "certificates", dbx.NewExp("holder IN (SELECT holder FROM members WHERE applicant={:a} AND state='active')", dbx.Params{"a": id}))
	if err != nil || n == 0 {
		return false, err
	}
	g.Holder = id
	payload, _ := json.Marshal(g)
	sealed, err := c.s.Desk.Vault.Seal("desk", "identify "+c.guest, payload)
	if err != nil {
		return false, err
	}
	c.s.setCookie(c.e.Response, "certdesk_identify", url.QueryEscape(sealed), 10*time.Minute, http.SameSiteLaxMode)
	return true, c.seeOther("/sign-in/identify")
}

func (c *call) identifying() (going, error) {
	var g going
	sealed, err := url.QueryUnescape(cookie(c.e.Request, "certdesk_identify"))
	if err != nil || sealed == "" {
		return g, records.ErrNotFound
	}
	raw, err := c.s.Desk.Open("desk", "identify "+c.guest, sealed)
	if err != nil {
		return g, records.ErrNotFound
	}
	return g, json.Unmarshal([]byte(raw), &g)
}

func identifyPage(c *call) error { return c.identifyForm(nil) }

func (c *call) identifyForm(err error) error {
	if _, found := c.identifying(); found != nil {
		return c.seeOther("/sign-in")
	}
	f := c.form("/sign-in/identify", err, nil)
	for i := range f.Errors {
		f.Errors[i].Field = "id_number"
	}
	return c.show("account/identify", ui.Identify{Form: f}, back("/sign-in"))
}

func identifyPost(c *call) error {
	g, err := c.identifying()
	if err != nil {
		return c.seeOther("/sign-in")
	}
	if err := c.limit("factor_wrong", g.Holder); err != nil {
		return c.identifyForm(err)
	}
	raw := c.values()["id_number"]
	number := strings.ToUpper(strings.ReplaceAll(raw, " ", ""))
	if id, err := sdk.ParseResidentID(raw, c.s.Desk.Now()); err == nil {
		number = id.Number
	} else if code, err := sdk.ParseCreditCode(raw); err == nil {
		number = code
	}
	holders, err := records.HoldersOf(c.s.Desk.App.DB(), g.Holder)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.IDBlind != "" && h.IDBlind == c.s.Desk.BlindID(number) {
			c.s.setCookie(c.e.Response, "certdesk_identify", "", -time.Second, http.SameSiteLaxMode)
			if g.Hash != "" {
				return c.resetTo(g.Holder, g.Hash)
			}
			return c.signIn(g.Holder, "sms_code", g.Next)
		}
	}
	return c.identifyForm(flow.Refuse("identify_wrong"))
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

func resetPage(c *call) error { return c.signInForm("account/reset", "/reset", nil, nil) }

// resetPost sends a code if the contact has an account; it answers the same if not.
func resetPost(c *call) error {
	v := c.values()
	again := func(err error) error { return c.signInForm("account/reset", "/reset", err, v) }
	channel := "mail"
	if !strings.Contains(v["contact"], "@") {
		channel = "sms"
	}
	to, err := contactOf(channel, v["contact"])
	if err == nil {
		err = c.limit("code_ip", c.ip())
	}
	if err == nil {
		err = c.limit("reset_contact", c.s.Desk.Vault.Blind("contact", to))
	}
	if err != nil {
		return again(err)
	}
	g := going{Channel: channel, Contact: to}
	if a, err := command.FindAccount(c.s.Desk, c.s.Desk.App.DB(), channel, to); err == nil && a.State == flow.Active {
		g.Holder = a.ID
	}
	payload, _ := json.Marshal(g)
	id, err := command.AskCode(c.ctx(), c.s.Desk, c.by, command.Ask{Purpose: "reset", Channel: channel, To: to, Lang: c.lang, Person: c.by.ID, Payload: string(payload),
		Mute: g.Holder == ""})
	if err != nil {
		return again(err)
	}
	return c.seeOther("/reset/code?c=" + id + "&to=" + url.QueryEscape(maskContact(to)))
}

func resetCodePage(c *call) error { return c.resetForm(nil) }

func (c *call) resetForm(err error) error {
	q := c.e.Request.URL.Query()
	to := url.Values{"c": {q.Get("c")}, "to": {q.Get("to")}}.Encode()
	return c.show("account/new_password", ui.NewPassword{Form: c.form("/reset/code?"+to, err, nil), Contact: q.Get("to"), Again: "/reset"}, back("/reset"))
}

func resetCodePost(c *call) error {
	v := c.values()
	h, err := hash(v["password"])
	if err != nil {
		return c.resetForm(err)
	}
	p, err := command.EnterCode(c.ctx(), c.s.Desk, c.by, c.e.Request.URL.Query().Get("c"), digits(v["code"]))
	if err == nil && (p.Purpose != "reset" || p.Person != c.by.ID) {
		err = flow.Refuse("code_void")
	}
	if expected(err) {
		return c.resetForm(err)
	}
	if err != nil {
		return err
	}
	var g going
	if err := json.Unmarshal([]byte(p.Payload), &g); err != nil {
		return err
	}
	if g.Channel == "sms" && !c.knownDevice(g.Holder) {
		if ask, err := c.mustIdentify(g.Holder, going{Hash: h}); err != nil || ask {
			return err
		}
	}
	return c.resetTo(g.Holder, h)
}

// resetTo sets the new password, which ends every session, and signs in.
func (c *call) resetTo(id, hash string) error {
	if _, err := command.Run(c.ctx(), c.s.Desk, command.Account(id), command.Reset, command.At{ID: id}, command.NewPassword{Hash: hash}); err != nil {
		return err
	}
	return c.signIn(id, "password", "/me")
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

func privacyPage(c *call) error {
	return c.show("account/privacy", ui.Privacy{Version: command.AgreementVersion, Since: "2026-11-01"}, back("/"))
}

func consentPage(c *call) error { return c.consentForm(nil) }

func (c *call) consentForm(err error) error {
	v, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if look != nil {
		return look
	}
	db := c.s.Desk.App.DB()
	privacy, err1 := records.Consented(db, v.Row.ID, "privacy", command.AgreementVersion)
	identity, err2 := records.Consented(db, v.Row.ID, "identity", command.AgreementVersion)
	if e := errors.Join(err1, err2); e != nil {
		return e
	}
	next := c.next()
	return c.show("account/consent", ui.Consent{Form: c.form("/consent", err, nil), Version: command.AgreementVersion, Privacy: !privacy, Identity: !identity, Next: next})
}

func consentPost(c *call) error {
	v := c.values()
	for _, kind := range []string{"privacy", "identity"} {
		if v[kind] == "" {
			continue
		}
		if _, err := command.Run(c.ctx(), c.s.Desk, c.by, command.Agree, command.At{ID: c.by.ID}, command.Agreement{Kind: kind, Version: command.AgreementVersion}); err != nil {
			return err
		}
	}
	agreed, err := records.Consented(c.s.Desk.App.DB(), c.by.ID, "privacy", command.AgreementVersion)
	if err != nil {
		return err
	}
	if !agreed {
		return c.consentForm(flow.Refuse("privacy_needed"))
	}
	return c.seeOther(c.next())
}

// chooseLang and chooseSize keep a preference of this browser.
func chooseLang(c *call) error {
	lang := c.e.Request.PathValue("lang")
	if lang != "en" && lang != "zh-Hans" {
		return records.ErrNotFound
	}
	c.s.setCookie(c.e.Response, langCookie, lang, 365*24*time.Hour, http.SameSiteLaxMode)
	return c.seeOther(safePath(c.e.Request.URL.Query().Get("back")))
}

func chooseSize(c *call) error {
	c.s.setCookie(c.e.Response, sizeCookie, c.e.Request.PathValue("size"), 365*24*time.Hour, http.SameSiteLaxMode)
	return c.seeOther(safePath(c.e.Request.URL.Query().Get("back")))
}
