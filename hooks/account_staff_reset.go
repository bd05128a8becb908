package hooks

import (
	"net/http"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// A colleague's forgotten password: a new one by a code to the address at the desk. It lets nobody in: signing in with it
// asks for the second factor as always. The answer is the same whether or not somebody has that address.

func staffForgot(c *call) error {
	var in struct {
		Email string `json:"email"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	to, err := contactOf("mail", in.Email)
	if err == nil {
		err = c.limit("code_ip", c.ip())
	}
	if err == nil {
		err = c.limit("reset_contact", c.s.Desk.Vault.Blind("contact", to))
	}
	if err != nil {
		return err
	}
	ask := command.Ask{Purpose: "staff_reset", Channel: "mail", To: to, Lang: c.lang, Person: c.by.ID, Mute: true}
	row, err := records.Find[*records.Staff](c.s.Desk.App.DB(), dbx.HashExp{"email": to})
	if err != nil && err != records.ErrNotFound {
		return err
	}
	if err == nil && row.State == flow.Active {
		ask.Payload, ask.Lang, ask.Mute = row.ID, row.Lang, false
	}
	id, err := command.AskCode(c.ctx(), c.s.Desk, c.by, ask)
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, map[string]string{"code": id})
}

// staffForgotCode sets the new password and ends every session of the colleague.
func staffForgotCode(c *call) error {
	var in struct {
		Code     string `json:"code"` // what staffForgot answered
		Digits   string `json:"digits"`
		Password string `json:"password"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if err := c.limit("sign_in_ip", c.ip()); err != nil {
		return err
	}
	h, err := hash(in.Password)
	if err != nil {
		return err
	}
	p, err := command.EnterCode(c.ctx(), c.s.Desk, c.by, in.Code, digits(in.Digits))
	if err == nil && (p.Purpose != "staff_reset" || p.Person != c.by.ID || p.Payload == "") {
		err = flow.Refuse("code_void")
	}
	if err != nil {
		return err
	}
	if _, err := command.Run(c.ctx(), c.s.Desk, command.Of(p.Payload), command.StaffReset, command.At{ID: p.Payload}, command.NewPassword{Hash: h}); err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, struct{}{})
}
