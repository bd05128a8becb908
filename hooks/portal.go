package hooks

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// The portal's pages: what stands around each of them, how one is written, and how an error looks to a person.

// show writes a page.
func (c *call) show(name string, view any, change ...func(*ui.Page)) error {
	return c.showAs(http.StatusOK, name, view, change...)
}

func (c *call) showAs(status int, name string, view any, change ...func(*ui.Page)) error {
	p := c.page(name, view)
	for _, f := range change {
		f(&p)
	}
	return c.showPage(status, p)
}

// formStatus is that of a form: shown to be filled in, or again because something was wrong.
func formStatus(wrong error) int {
	if wrong != nil {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

func (c *call) page(name string, view any) ui.Page {
	return ui.Page{Name: name, Lang: c.lang, Large: c.large, View: view, Chrome: c.chrome()}
}

func (c *call) showPage(status int, p ui.Page) error {
	var b bytes.Buffer
	if err := c.s.UI.Render(&b, p); err != nil {
		return err
	}
	return c.html(status, b.Bytes())
}

// html sends a page that is made.
func (c *call) html(status int, text []byte) error {
	h := c.e.Response.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Length", strconv.Itoa(len(text)))
	c.e.Response.WriteHeader(status)
	_, err := c.e.Response.Write(text)
	return err
}

func back(to string) func(*ui.Page) { return func(p *ui.Page) { p.Back = to } }

func (c *call) chrome() ui.Chrome {
	ch := ui.Chrome{Token: c.token(), Path: c.e.Request.URL.RequestURI(), Notice: c.notice()}
	if c.e.Request.Method != http.MethodGet {
		ch.Path = c.e.Request.URL.Path
	}
	d, err := c.settings()
	if err != nil {
		return ch
	}
	ch.DeskName, ch.Hotline, ch.Hours, ch.Demo, ch.Free = d.Name(c.lang), d.Hotline, d.Hours(c.lang), d.Demo, d.Free
	if u, err := url.Parse(c.s.publicURL()); err == nil {
		ch.Host = u.Host
	}
	ch.Counter = counterOf(c)
	if c.by.Role == flow.Applicant {
		ch.SignedIn = c.contact()
	}
	return ch
}

// contactsOf are the contacts of an account, masked; empty where there is none.
func (c *call) contactsOf(a *records.Applicant) (mail, phone string, err error) {
	phone, err = c.s.Desk.AccountPhone(a)
	return maskContact(a.Email), maskContact(phone), err
}

// contact is the account's contact, masked.
func (c *call) contact() string {
	a, err := records.Load[*records.Applicant](c.s.Desk.App.DB(), c.by.ID)
	if err != nil {
		return ""
	}
	if a.PhoneOK {
		if phone, err := c.s.Desk.AccountPhone(a); err == nil {
			return flow.MaskPhone(phone)
		}
	}
	return maskContact(a.Email)
}

func maskContact(to string) string {
	name, host, mail := strings.Cut(to, "@")
	if !mail {
		if to == "" {
			return ""
		}
		return flow.MaskPhone(to)
	}
	r := []rune(name)
	return string(r[:min(2, len(r))]) + "***@" + host
}

func (c *call) settings() (*records.Desk, error) {
	return c.s.Desk.Settings()
}

const noticeCookie = "certdesk_notice"

// notice is what was just done, said once on the next page: a key of the texts.
func (c *call) notice() string {
	key := cookie(c.e.Request, noticeCookie)
	if key == "" || c.e.Request.Method != http.MethodGet {
		return ""
	}
	c.s.setCookie(c.e.Response, noticeCookie, "", -time.Second, http.SameSiteLaxMode)
	return c.s.UI.Text(c.lang, "notice."+key)
}

// seeOther answers a form: the next page is a new request, and going back sends nothing twice.
func (c *call) seeOther(to string, notice ...string) error {
	if len(notice) > 0 {
		c.s.setCookie(c.e.Response, noticeCookie, notice[0], time.Minute, http.SameSiteLaxMode)
	}
	http.Redirect(c.e.Response, c.e.Request, to, http.StatusSeeOther)
	return nil
}

// safePath keeps a way back inside the portal.
func safePath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, "\\") {
		return "/"
	}
	if to = u.RequestURI(); strings.HasPrefix(to, "//") { // written anew, %2f may have become a slash
		return "/"
	}
	return to
}

// needsPerson reports whether the route is for somebody who is signed in, so that a guest is asked to.
func (c *call) needsPerson() bool {
	switch c.line.Act {
	case flow.SignIn, flow.Register, flow.Reset, flow.SetUp, flow.GiveFeedback, actPublic:
		return false
	}
	return true
}

// form builds the form of a page, from what was entered if it comes back.
func (c *call) form(action string, err error, values map[string]string) ui.Form {
	f := ui.Form{Action: action, Token: c.token(), Key: secret(), Values: values}
	if err == nil {
		return f
	}
	var problems *command.Problems
	if errors.As(err, &problems) {
		for _, p := range problems.List {
			f.Errors = append(f.Errors, ui.FieldError{Field: p.Field, Text: p.Text.In(c.lang)})
		}
		return f
	}
	t := c.s.troubleOf(c, err)
	f.Errors = []ui.FieldError{{Field: fieldOf[t.Code], Text: t.Message}}
	return f
}

// fieldOf says at which field a refusal is shown; the others stand above the form.
var fieldOf = map[string]string{
	"email_wrong": "email", "phone_wrong": "phone", "password_wrong": "password", "old_password_wrong": "old", "password_length": "password", "password_common": "password",
	"code_wrong": "code", "code_void": "code", "code_late": "code", "declaration_needed": "declared",
	"text_too_long": "text", "feedback_empty": "text", "name_wrong": "name", "institution_name_wrong": "name", "message_empty": "text", "message_length": "text", "message_files": "file", "slot_full": "file", "slot_pdf_only": "file", "slot_pictures_only": "file", "setup_code_wrong": "code",
}

// values are the fields of a posted form.
func (c *call) values() map[string]string {
	out := map[string]string{}
	if err := c.e.Request.ParseForm(); err != nil {
		return out
	}
	for k, v := range c.e.Request.PostForm {
		if k != "token" && k != "key" && k != "rev" {
			out[k] = strings.Join(v, "\n")
		}
	}
	return out
}

// expected reports whether an error belongs at the form rather than on a page of its own.
func expected(err error) bool {
	var refusal *flow.Refusal
	var problems *command.Problems
	var lim *limited
	return errors.As(err, &refusal) || errors.As(err, &problems) || errors.As(err, &lim)
}

// failPage shows an error to a person.
func (s *Server) failPage(c *call, t trouble) error {
	if t.Status == http.StatusUnauthorized {
		return c.seeOther("/sign-in?next=" + url.QueryEscape(c.e.Request.URL.RequestURI()))
	}
	if limitedView, ok := s.limitView(c, t); ok {
		return c.showAs(t.Status, "error/429", limitedView)
	}
	return c.showError(t)
}

// notFoundPage answers an unknown path to a person.
func (s *Server) notFoundPage(e *core.RequestEvent) error {
	c := &call{s: s, e: e, lang: s.language(e.Request), large: cookie(e.Request, sizeCookie) == "large", by: command.Caller{Role: flow.Guest}}
	return c.showError(trouble{Status: http.StatusNotFound, Code: "not_found"})
}

// closed answers while the desk is under maintenance.
func (s *Server) closed(e *core.RequestEvent) error {
	e.Response.Header().Set("Retry-After", "600")
	if strings.HasPrefix(e.Request.URL.Path, "/api/") {
		return e.JSON(http.StatusServiceUnavailable, trouble{Status: 503, Code: "maintenance", Message: s.UI.Error(s.language(e.Request), "maintenance", nil)})
	}
	c := &call{s: s, e: e, lang: s.language(e.Request), by: command.Caller{Role: flow.Guest}}
	return c.showError(trouble{Status: http.StatusServiceUnavailable, Code: "maintenance"})
}
