package hooks

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// A code proves a contact, and goes on with what it was asked for.

// going is what a code goes on with.
type going struct {
	Channel string `json:"channel"`
	Contact string `json:"contact"`
	Hash    string `json:"hash,omitempty"`
	Next    string `json:"next,omitempty"`
	Holder  string `json:"holder,omitempty"`
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
	g.Channel, g.Contact = channel, to
	id, err := c.askCode(purpose, c.lang, g)
	if err != nil {
		return err
	}
	return c.seeOther("/sign-in/code?c=" + id + "&p=" + purpose)
}

// askCode sends a code to where it is to go on with, in normal form; it is for the caller alone.
func (c *call) askCode(purpose, lang string, g going) (id string, err error) {
	if g.Channel == "mail" {
		if err := c.limit("mail_contact_day", c.s.Desk.Vault.Blind("contact", g.Contact)); err != nil {
			return "", err
		}
	}
	payload, err := json.Marshal(g)
	if err != nil {
		return "", err
	}
	return command.AskCode(c.ctx(), c.s.Desk, c.by, command.Ask{Purpose: purpose, Channel: g.Channel, To: g.Contact, Lang: lang, Person: c.by.ID, Payload: string(payload)})
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
	change, other := c.codeWays(row.Purpose, g)
	return c.show("account/code", ui.Code{Form: c.form("/sign-in/code?c="+row.ID, err, nil), Purpose: row.Purpose, Channel: g.Channel, Contact: maskContact(g.Contact),
		Again: "/sign-in/again?c=" + row.ID, Change: change, Other: other, Minutes: 10, Own: row.Purpose != "contact" && row.Purpose != "withdraw", Next: g.Next,
		Trouble: c.s.Sender.Trouble(g.Channel)}, back(change))
}

// codeWays returns where another contact is given, and, to sign in, the other way to do so; empty: there is none.
func (c *call) codeWays(purpose string, g going) (change, other string) {
	next := ""
	if g.Next != "" {
		next = "?next=" + url.QueryEscape(g.Next)
	}
	page := map[string]string{"mail": "/email", "sms": "/phone"}
	switch purpose {
	case "confirm":
		return "/register" + next, ""
	case "contact":
		return "/account" + page[g.Channel], ""
	case "withdraw":
		return "/acting", ""
	}
	if g.Channel == "sms" && c.mailOffered() {
		other = "/sign-in/email" + next
	}
	if g.Channel == "mail" && c.smsOffered() {
		other = "/sign-in/phone" + next
	}
	return "/sign-in" + page[g.Channel] + next, other
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
