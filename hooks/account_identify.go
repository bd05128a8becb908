package hooks

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// On a new browser a phone alone does not open an account that holds a certificate: numbers are given to others.

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
