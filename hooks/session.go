package hooks

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

type ctx = context.Context

// Who is asking: a browser has a random name from its first page on that may have a form, an account or a colleague has a session in a row of
// its own. The cookie holds a secret, the row its digest.

const (
	guestCookie   = "certdesk_browser"
	accountCookie = "certdesk_account"
	staffCookie   = "certdesk_staff"
	deviceCookie  = "certdesk_device"
	langCookie    = "certdesk_lang"
	sizeCookie    = "certdesk_size"
)

const staffIdle = 30 * time.Minute

// enter makes the call: finds the session, checks where a change comes from.
func (s *Server) enter(e *core.RequestEvent, l line) (*call, error) {
	c := &call{s: s, e: e, line: l, json_: strings.HasPrefix(e.Request.URL.Path, "/api/")}
	c.lang, c.large = s.language(e.Request), cookie(e.Request, sizeCookie) == "large"
	c.guest = cookie(e.Request, guestCookie)
	if !isSecret(c.guest) && !(l.passing && e.Request.Header.Get("Cookie") == "") {
		c.guest = secret()
		s.setCookie(e.Response, guestCookie, c.guest, 365*24*time.Hour, http.SameSiteLaxMode)
	}
	c.by = command.Caller{Role: flow.Guest, ID: digest(c.guest)[:24]}
	kind, name := "applicant", accountCookie
	if c.json_ || s.takenBy(e.Request) {
		kind, name = "staff", staffCookie
	}
	if err := c.signedIn(kind, cookie(e.Request, name)); err != nil {
		return c, err
	}
	if e.Request.Method == http.MethodGet || e.Request.Method == http.MethodHead {
		return c, nil
	}
	if err := c.roomFor(l); err != nil {
		return c, err
	}
	if err := c.sameOrigin(); err != nil || c.session != nil {
		return c, err
	}
	return c, c.limit("post_ip", c.ip()) // who is signed in has limits by account
}

// token is what a form of this browser and session carries.
func (c *call) token() string { return c.s.Desk.Vault.Blind("token", c.guest+c.sessionID()) }

func (c *call) sessionID() string {
	if c.session == nil {
		return ""
	}
	return c.session.ID
}

// signedIn finds the session of the secret. A session that is over is no error: the browser is a guest again.
func (c *call) signedIn(kind, value string) error {
	if !isSecret(value) {
		return nil
	}
	row, err := records.Find[*records.Session](c.s.Desk.App.DB(), dbx.HashExp{"id": digest(value), "kind": kind, "state": string(flow.Active)})
	if err == records.ErrNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	now := c.s.Desk.Now()
	idle := now.Sub(records.Moment(row.Seen))
	if row.Until < records.Stamp(now) || kind == "staff" && idle > staffIdle {
		return nil
	}
	c.session = row
	if row.Passed {
		c.by = command.Account(row.Person)
		if kind == "staff" {
			c.by = command.Of(row.Person)
		}
	}
	if idle > time.Minute && c.e.Request.Header.Get("X-Desk-Background") == "" {
		err = c.s.Desk.Touch(c.ctx(), row)
	}
	if errors.Is(err, vault.ErrDiskFull) {
		return nil // reading goes on: the session lives until it would have ended anyway
	}
	return err
}

// sameOrigin refuses a change that another site sends. Browsers say where a request comes from; the few that do not must
// carry the form's token.
func (c *call) sameOrigin() error {
	r := c.e.Request
	if err := c.s.origin.Check(r); err != nil {
		return errCrossOrigin
	}
	if r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "" {
		return nil
	}
	if c.line.body > 0 {
		return nil // read as a stream: upload checks the token when it comes to it
	}
	if c.json_ {
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			return nil
		}
		return errCrossOrigin
	}
	if r.FormValue("token") != c.token() {
		return errCrossOrigin
	}
	return nil
}

// open sets the cookie of a new session and returns the digest for its row.
func (c *call) newSession(name string, keep time.Duration, site http.SameSite) string {
	value := secret()
	c.s.setCookie(c.e.Response, name, value, keep, site)
	return digest(value)
}

// setCookie writes a cookie in the scheme of the public URL, out of reach of scripts but for the language, which the desk's
// own script reads and sets; keep 0 lasts until the browser closes, below 0 ends it.
func (s *Server) setCookie(w http.ResponseWriter, name, value string, keep time.Duration, site http.SameSite) {
	k := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: name != langCookie, SameSite: site, Secure: s.https()}
	if keep != 0 {
		k.MaxAge = int(keep.Seconds())
	}
	http.SetCookie(w, k)
}

func (s *Server) cookieName(name string) string {
	if s.https() {
		return "__Host-" + name
	}
	return name
}

func cookie(r *http.Request, name string) string {
	for _, n := range []string{"__Host-" + name, name} {
		if k, err := r.Cookie(n); err == nil {
			return k.Value
		}
	}
	return ""
}

// language is the one chosen, or the first of the browser's that we speak, or the desk's.
func (s *Server) language(r *http.Request) string {
	switch cookie(r, langCookie) {
	case "en":
		return "en"
	case "zh-Hans":
		return "zh-Hans"
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch tag := strings.ToLower(strings.TrimSpace(part)); {
		case strings.HasPrefix(tag, "zh"):
			return "zh-Hans"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "zh-Hans"
}

func secret() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func isSecret(s string) bool { return len(s) == 43 }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
