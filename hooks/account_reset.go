package hooks

import (
	"encoding/json"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/ui"
)

// A forgotten password: a new one by a code; the answer is the same whether or not there is an account.

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
	return c.seeOther("/reset/code?c=" + id)
}

func resetCodePage(c *call) error { return c.resetForm(nil) }

func (c *call) resetForm(err error) error {
	row, g, found := c.codeRow()
	if found != nil {
		return c.seeOther("/reset")
	}
	return c.show("account/new_password", ui.NewPassword{Form: c.form("/reset/code?c="+row.ID, err, nil), Channel: g.Channel, Contact: maskContact(g.Contact), To: g.Contact, Again: "/reset",
		Trouble: c.s.Sender.Trouble(g.Channel)}, back("/reset"))
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
