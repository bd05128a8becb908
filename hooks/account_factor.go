package hooks

// The second step of a colleague's sign-in: a mailed code, an authenticator, a recovery code; and setting an authenticator up.

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// staffFactor takes the second factor: a mailed code, an authenticator's, or a recovery code.
func staffFactor(c *call) error {
	var in struct {
		Code     string `json:"code"` // ID of the mailed code
		Digits   string `json:"digits"`
		Recovery string `json:"recovery"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if c.session == nil {
		return errSignIn
	}
	if err := c.limit("factor_wrong", c.session.Person); err != nil {
		return err
	}
	s, err := records.Load[*records.Staff](c.s.Desk.App.DB(), c.session.Person)
	if err != nil {
		return err
	}
	if err := c.shown(s, in.Code, in.Digits, in.Recovery); err != nil {
		return err
	}
	c.forget("factor_wrong", s.ID)
	d := c.newSession(staffCookie, 0, http.SameSiteStrictMode)
	by := command.Of(s.ID)
	if _, err := command.Run(c.ctx(), c.s.Desk, by, command.StaffSignOut, command.At{ID: s.ID}, command.End{Digest: c.session.ID}); err != nil {
		return err
	}
	if _, err := command.Run(c.ctx(), c.s.Desk, by, command.StaffSignIn, command.At{ID: s.ID},
		command.NewSession{Digest: d, How: "factor", Passed: true}); err != nil {
		return err
	}
	desk, err := c.settings()
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, signedIn{Me: c.meOf(s, desk)})
}

func (c *call) shown(s *records.Staff, code, entered, recovery string) error {
	switch {
	case recovery != "":
		_, err := command.Run(c.ctx(), c.s.Desk, command.Of(s.ID), command.UseRecovery, command.At{ID: s.ID},
			command.Recovery{Digest: digest(strings.ToLower(strings.ReplaceAll(recovery, "-", "")))})
		return err
	case code != "":
		p, err := command.EnterCode(c.ctx(), c.s.Desk, c.by, code, digits(entered))
		if err != nil {
			return err
		}
		if p.Purpose != "staff" || p.Person != s.ID {
			return flow.Refuse("code_void")
		}
		return nil
	}
	key, err := c.s.Desk.Open("desk", "staff.totp "+s.ID, s.TOTP)
	if err != nil {
		return err
	}
	return c.authenticator(s.ID, key, entered)
}

const stepSeconds = 30

// authenticator takes a code of an authenticator app by this machine's clock, one step more or less, and spends its step:
// a code is good once. A desk whose clock was moved takes the codes of today.
func (c *call) authenticator(staff, key, entered string) error {
	shown := digits(entered) // a code with a space in it is the same code
	for now, ahead := time.Now(), -1; key != "" && ahead <= 1; ahead++ {
		at := now.Add(time.Duration(ahead) * stepSeconds * time.Second)
		code, err := totp.GenerateCode(key, at)
		if err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(shown)) == 1 {
			return command.SpendStep(c.ctx(), c.s.Desk, staff, at.Unix()/stepSeconds)
		}
	}
	return flow.Refuse("code_wrong", "")
}

// factorBegin makes a secret for an authenticator app; it counts once a code of it was shown.
func factorBegin(c *call) error {
	v, err := command.Look[*records.Staff](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if err != nil {
		return err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: v.Settings.Name("en"), AccountName: v.Row.Email})
	if err != nil {
		return err
	}
	img, err := c.s.qr(key.URL())
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, map[string]string{"secret": key.Secret(), "qr": "data:image/png;base64," + base64.StdEncoding.EncodeToString(img), "url": url.PathEscape(key.URL())})
}

// factorEnrol sets the second factor and answers with ten recovery codes, shown once.
func factorEnrol(c *call) error {
	var in struct {
		Kind   string `json:"kind"`
		Secret string `json:"secret"`
		Digits string `json:"digits"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if c.by.Role == flow.Guest {
		return errSignIn
	}
	if in.Kind == "totp" {
		if err := c.authenticator(c.by.ID, in.Secret, in.Digits); err != nil {
			return err
		}
	}
	var plain, kept []string
	for range 10 {
		code := strings.ToLower(strings.NewReplacer("-", "x", "_", "y").Replace(secret()[:10]))
		plain, kept = append(plain, code[:5]+"-"+code[5:]), append(kept, digest(code))
	}
	if _, err := command.Run(c.ctx(), c.s.Desk, c.by, command.EnrolFactor, command.At{ID: c.by.ID},
		command.Factor{Kind: in.Kind, Secret: in.Secret, Recovery: kept}); err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, map[string]any{"recovery": plain})
}
