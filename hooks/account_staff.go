package hooks

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/pocketbase/dbx"
	"golang.org/x/crypto/bcrypt"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Colleagues sign in with a password and a second factor. The cookie is HttpOnly and bound to a row; the dashboard's own
// store gets a ticket that opens its pages and is worth nothing elsewhere.

type signIn struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// signedIn is what the dashboard is told: whether a second factor is due, and who is here.
type signedIn struct {
	Factor string `json:"factor,omitempty"` // mail or totp: due now
	Code   string `json:"code,omitempty"`   // ID of the mailed code
	Me     *me    `json:"me,omitempty"`
}

// me is the colleague at the screen.
type me struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Email  string   `json:"email"`
	Roles  []string `json:"roles"`
	Types  []string `json:"types"`
	Lang   string   `json:"lang"`
	Desk   string   `json:"desk"`
	Demo   bool     `json:"demo"`
	Factor string   `json:"factor"`
	Absent string   `json:"absentUntil,omitempty"`
	Quiet  []string `json:"quiet"` // kinds of mail that they do without
	Today  string   `json:"today"`
	Zone   string   `json:"zone"`
	Pledge string   `json:"pledge,omitempty"` // due: no new case comes without it; soon: it ends within weeks
}

// nobody is the digest of a password that nobody has. It is written here and not made: every child of the desk is this
// program again, and would make it too.
const nobody = "$2a$10$DE.5xh3F0JbOtWFE7Erh1esVRuErhnAfxpsmQegL2pbYNepr32/0q"

// rightPassword compares, taking as long for an account that is not there.
func rightPassword(hash, password string) bool {
	if hash == "" {
		bcrypt.CompareHashAndPassword([]byte(nobody), []byte(password))
		return false
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}

func staffSignIn(c *call) error {
	var in signIn
	if err := c.json(&in); err != nil {
		return err
	}
	email := strings.ToLower(strings.TrimSpace(in.Email))
	if err := c.limit("sign_in_ip", c.ip()); err != nil {
		return err
	}
	if err := c.limit("sign_in_staff", email); err != nil {
		return err
	}
	row, err := records.Find[*records.Staff](c.s.Desk.App.DB(), dbx.HashExp{"email": email})
	if err != nil && err != records.ErrNotFound {
		return err
	}
	hash := ""
	if row != nil && row.State == flow.Active {
		hash = row.Password
	}
	if !rightPassword(hash, in.Password) {
		return flow.Refuse("staff_password_wrong")
	}
	c.forget("sign_in_staff", email)
	desk, err := c.settings()
	if err != nil {
		return err
	}
	passed := !desk.SecondFactor && desk.Demo
	d := c.newSession(staffCookie, 0, http.SameSiteStrictMode)
	if _, err := command.Run(c.ctx(), c.s.Desk, command.Of(row.ID), command.StaffSignIn, command.At{ID: row.ID},
		command.NewSession{Digest: d, How: "password", Passed: passed}); err != nil {
		return err
	}
	if passed {
		return c.e.JSON(http.StatusOK, signedIn{Me: c.meOf(row, desk)})
	}
	if row.Factor == "totp" {
		return c.e.JSON(http.StatusOK, signedIn{Factor: "totp"})
	}
	id, err := command.AskCode(c.ctx(), c.s.Desk, c.by, command.Ask{Purpose: "staff", Channel: "mail", To: row.Email, Lang: row.Lang, Person: row.ID})
	if flow.Refused(err, "code_wait") { // whoever opens the page again within the minute enters the one that was sent
		id, err = c.sentTo(row, err)
	}
	if err != nil {
		return err
	}
	if err := c.s.printCode(row.ID); err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, signedIn{Factor: "mail", Code: id})
}

// sentTo returns the code of a colleague that is good still, or the refusal of another one.
func (c *call) sentTo(row *records.Staff, refused error) (string, error) {
	sent, err := records.Newest[*records.Code](c.s.Desk.App.DB(), dbx.HashExp{"purpose": "staff", "person": row.ID, "state": string(flow.Open)})
	if errors.Is(err, records.ErrNotFound) || err == nil && !records.Moment(sent.Until).After(c.s.Desk.Now()) {
		return "", refused
	}
	if err != nil {
		return "", err
	}
	return sent.ID, nil
}

// printCode shows a colleague's code to whoever started the program, as long as no mail server is set: without it the
// first manager could not come in to set one.
func (s *Server) printCode(staff string) error {
	mail, err := s.mailDriver()
	if err != nil || mail != nil {
		return err
	}
	m, err := records.Newest[*records.Message](s.Desk.App.DB(), dbx.HashExp{"person": staff, "notice": "staff_code"})
	if err != nil {
		return err
	}
	to, words, err := s.Desk.MessageWords(m)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "\n  没有邮件服务器 · no mail server is set. 登录验证码 · sign-in code for %s: %s\n\n", to, words["code"])
	return nil
}

func (c *call) meOf(s *records.Staff, desk *records.Desk) *me {
	today := flow.DayOf(c.s.Desk.Now(), c.s.Desk.Zone(desk))
	roles := []string{}
	for _, r := range s.Person().Roles { // of a suspended colleague others than the row names
		roles = append(roles, string(r))
	}
	m := &me{ID: s.ID, Name: s.Name, Email: s.Email, Roles: roles, Types: listed(s.Types), Lang: s.Lang, Desk: desk.Name(c.lang),
		Demo: desk.Demo, Factor: s.Factor, Quiet: listed(s.Quiet), Today: string(today), Zone: desk.Zone}
	if s.Unpledged(today) {
		m.Pledge = "due"
	} else if s.Person().Has(flow.Reviewer) && asksPledge(s, today) {
		m.Pledge = "soon"
	}
	if s.Absent(today) {
		m.Absent = s.AbsentUntil
	}
	return m
}

func staffSignOut(c *call) error {
	if c.session != nil {
		if _, err := command.Run(c.ctx(), c.s.Desk, command.Of(c.session.Person), command.StaffSignOut, command.At{ID: c.session.Person},
			command.End{Digest: c.session.ID}); err != nil {
			return err
		}
	}
	c.s.setCookie(c.e.Response, staffCookie, "", -1, http.SameSiteStrictMode)
	return c.e.NoContent(http.StatusNoContent)
}

func staffMe(c *call) error {
	v, err := command.Look[*records.Staff](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if err != nil {
		return err
	}
	return c.answer(c.meOf(v.Row, v.Settings))
}

// minPassword follows OWASP ASVS 5.0, 6.2.1: long, and nothing else asked.
const minPassword = 12

func hash(password string) (string, error) {
	if n := len([]rune(password)); n < minPassword || len(password) > 72 {
		return "", flow.Refuse("password_length", fmt.Sprint(minPassword))
	}
	if common(password) {
		return "", flow.Refuse("password_common")
	}
	raw, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	return string(raw), err
}

func staffJoin(c *call) error {
	var in struct {
		Code     string `json:"code"` // "<row>.<secret>" from the invitation
		Password string `json:"password"`
		Pledge   bool   `json:"pledge"` // the text of the pledge was agreed to
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if err := c.limit("sign_in_ip", c.ip()); err != nil {
		return err
	}
	id, plain, _ := strings.Cut(in.Code, ".")
	row, err := records.Load[*records.Code](c.s.Desk.App.DB(), id)
	if err != nil || row.Purpose != "invite" || row.Digest != digest(plain) {
		return flow.Refuse("invitation_over")
	}
	if !in.Pledge {
		return flow.Refuse("pledge_needed")
	}
	h, err := hash(in.Password)
	if err != nil {
		return err
	}
	r, err := command.Run(c.ctx(), c.s.Desk, command.Caller{Role: flow.Guest, ID: row.Person}, command.Join, command.At{ID: row.Person}, command.Joining{Code: id, Hash: h})
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, r)
}

func staffPassword(c *call) error {
	var in struct {
		Old string `json:"old"`
		New string `json:"new"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if c.by.Role == flow.Guest {
		return errSignIn
	}
	v, err := command.Look[*records.Staff](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if err != nil {
		return err
	}
	if err := c.limit("sign_in_account", "password "+v.Row.ID); err != nil {
		return err
	}
	if !rightPassword(v.Row.Password, in.Old) {
		return flow.Refuse("old_password_wrong")
	}
	h, err := hash(in.New)
	if err != nil {
		return err
	}
	r, err := command.Run(c.ctx(), c.s.Desk, c.by, command.StaffReset, command.At{ID: v.Row.ID}, command.NewPassword{Hash: h, Keep: c.session.ID})
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, r)
}

// colleague is one line of the staff page.
type colleague struct {
	ID          string   `json:"id"`
	Rev         int64    `json:"rev"`
	Name        string   `json:"name"`
	Email       string   `json:"email"`
	State       string   `json:"state"`
	Roles       []string `json:"roles"`
	Types       []string `json:"types"`
	Capacity    int64    `json:"capacity"`
	Load        int      `json:"load"`
	AbsentFrom  string   `json:"absentFrom"`
	AbsentUntil string   `json:"absentUntil"`
	Factor      string   `json:"factor"`
	Avoids      bool     `json:"avoids"` // name, number or phone is known: conflicts are seen
	Unpledged   bool     `json:"unpledged"`
	Suspended   bool     `json:"suspended"`
}

func (c *call) colleagues(db dbx.Builder) ([]colleague, error) {
	all, err := records.Staffs(db, flow.Invited, flow.Active, flow.Deactivated)
	if err != nil {
		return nil, err
	}
	loads, err := records.Loads(db)
	if err != nil {
		return nil, err
	}
	today, err := c.s.Desk.Today(c.ctx())
	if err != nil {
		return nil, err
	}
	list := []colleague{}
	for _, s := range all {
		list = append(list, colleague{s.ID, s.Rev, s.Name, s.Email, string(s.State), listed(s.Roles), listed(s.Types), s.Capacity, loads[s.ID],
			s.AbsentFrom, s.AbsentUntil, s.Factor, s.IDBlind != "", s.State == flow.Active && s.Unpledged(today), s.SuspendedAt != ""})
	}
	return list, nil
}

func staffList(c *call, _ command.View[*records.Desk]) (any, error) {
	return c.colleagues(c.s.Desk.App.DB())
}

func staffInvite(c *call) error {
	var in command.Invitation
	if err := c.json(&in); err != nil {
		return err
	}
	in.Plain = secret()
	in.Code = digest(in.Plain)
	r, err := command.Run(c.ctx(), c.s.Desk, c.by, command.Invite, c.at(), in)
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, r)
}
