package records

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Auth is what PocketBase's auth collections have in every row.
type Auth struct {
	Email           string `db:"email"`
	EmailVisibility bool   `db:"emailVisibility"`
	Verified        bool   `db:"verified"` // the e-mail was confirmed
	Password        string `db:"password"` // bcrypt; empty where nobody can sign in by password
	TokenKey        string `db:"tokenKey"`
}

// Applicant is an account of the portal: an e-mail or a phone that acts for one or several holders.
type Applicant struct {
	Head
	Auth
	Phone      string `db:"phone"` // sealed
	PhoneBlind string `db:"phone_blind"`
	PhoneOK    bool   `db:"phone_ok"` // the phone was confirmed
	Channel    string `db:"channel"`  // mail or sms
	Lang       string `db:"lang"`
}

// Table names the table.
func (*Applicant) Table() string { return "applicants" }

// Noun says what the row is in the transition table.
func (*Applicant) Noun() flow.Noun { return flow.NounApplicant }

// Subject says whose account it is.
func (a *Applicant) Subject() flow.Subject { return flow.Subject{Account: a.ID} }

// Staff is a colleague who works at the desk.
type Staff struct {
	Head
	Auth
	Name         string `db:"name"`
	Roles        string `db:"roles"` // separated by commas
	Types        string `db:"types"` // the types a reviewer is qualified for, separated by commas
	Capacity     int64  `db:"capacity"`
	AbsentFrom   string `db:"absent_from"`  // first day of an absence
	AbsentUntil  string `db:"absent_until"` // last day of it
	NameBlind    string `db:"name_blind"`
	IDBlind      string `db:"id_blind"`
	PhoneBlind   string `db:"phone_blind"`
	Factor       string `db:"factor"` // "", "mail" or "totp"
	TOTP         string `db:"totp"`   // sealed secret
	Recovery     string `db:"recovery"`
	Lang         string `db:"lang"`
	LastAssigned string `db:"last_assigned"`
	Quiet        string `db:"quiet"`         // kinds of mail that they do without, separated by commas
	PledgedUntil string `db:"pledged_until"` // the last day for which they pledged to be neutral
	PledgeAskOn  string `db:"pledge_ask_on"` // they are asked for the next pledge on this day
	SuspendedAt  string `db:"suspended_at"`  // neither reviews nor leads since then
	SuspendedFor string `db:"suspended_for"` // the conduct case, if it was for one
}

// Table names the table.
func (*Staff) Table() string { return "staff" }

// Noun says what the row is in the transition table.
func (*Staff) Noun() flow.Noun { return flow.NounStaff }

// Subject says whose account it is.
func (s *Staff) Subject() flow.Subject { return flow.Subject{Account: s.ID} }

// Absent reports whether the colleague is away on that day.
func (s *Staff) Absent(day flow.Day) bool {
	return s.AbsentFrom != "" && s.AbsentFrom <= string(day) && string(day) <= s.AbsentUntil
}

// Unpledged reports whether a reviewer has not pledged for this day: no new case comes to them.
func (s *Staff) Unpledged(day flow.Day) bool {
	return s.Person().Has(flow.Reviewer) && s.PledgedUntil < string(day)
}

// Person is the colleague as the policy sees them: no role unless active; suspended in place of those that open cases.
func (s *Staff) Person() flow.Person {
	p := flow.Person{ID: s.ID, Types: List(s.Types), Blinds: []string{s.NameBlind, s.IDBlind, s.PhoneBlind}}
	if s.State == flow.Active {
		for _, r := range List(s.Roles) {
			if role := flow.Role(r); s.SuspendedAt == "" || role != flow.Reviewer && role != flow.Lead {
				p.Roles = append(p.Roles, role)
			}
		}
		if s.SuspendedAt != "" {
			p.Roles = append(p.Roles, flow.Barred)
		}
	}
	return p
}

// List splits a list separated by commas; nothing for an empty one.
func List(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// Join makes such a list, sorted, each once.
func Join(list []string) string {
	list = slices.Clone(list)
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ",")
}

// Session is a signed-in browser. Its ID is the digest of the secret in the cookie.
type Session struct {
	Head
	Person string `db:"person"`
	Kind   string `db:"kind"` // applicant or staff
	How    string `db:"how"`  // password, mail_code, sms_code, factor
	Seen   string `db:"seen"`
	Until  string `db:"until"`
	Shared bool   `db:"shared"` // a device that others use too: ends with the browser
	Passed bool   `db:"passed"` // the second factor was shown
}

// Table names the table.
func (*Session) Table() string { return "sessions" }

// Code is a short number sent to a contact, good once. Only its digest is kept.
type Code struct {
	Head
	Purpose string `db:"purpose"`
	Contact string `db:"contact"` // blind index of the e-mail or phone
	Person  string `db:"person"`  // the row it is for, or the browser that asked
	Digest  string `db:"digest"`
	Tries   int64  `db:"tries"`
	Until   string `db:"until"`
	Payload string `db:"payload"` // sealed: what to go on with
}

// Table names the table.
func (*Code) Table() string { return "codes" }

// Staffs reads the colleagues in these states, by name.
func Staffs(db dbx.Builder, states ...flow.State) ([]*Staff, error) {
	return All[*Staff](db, stateIn(states), "name", "id")
}

func stateIn(states []flow.State) dbx.Expression {
	values := make([]any, len(states))
	for i, s := range states {
		values[i] = string(s)
	}
	return dbx.In("state", values...)
}

// Token is PocketBase's token key; it must differ from row to row.
func (a *Auth) Token() *string { return &a.TokenKey }
