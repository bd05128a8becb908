package command

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Colleagues are invited, take the invitation with a password and a second factor, and are deactivated, never deleted.

// Invitation is a colleague to come. ID and phone are kept as blind indexes only, to keep them from cases of their own people.
type Invitation struct {
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Roles    []string `json:"roles"`
	Types    []string `json:"types"`
	Capacity int64    `json:"capacity"`
	ID       string   `json:"idNumber"`
	Phone    string   `json:"phone"`
	Lang     string   `json:"lang"`
	Code     string   `json:"-"` // digest of the code in the invitation, made by the caller
	Plain    string   `json:"-"` // the code itself, for the mail
}

// Invite makes a colleague and mails the invitation.
var Invite = Act[*records.Desk, Invitation]{flow.Invite, func(tx *Tx, _ *records.Desk, in Invitation) error {
	email, err := normalContact("mail", in.Email)
	if err != nil {
		return err
	}
	if in.Name == "" || len(in.Roles) == 0 {
		return flow.Refuse("name_and_role_needed")
	}
	for _, r := range in.Roles {
		if !slices.Contains(flow.StaffRoles, flow.Role(r)) {
			return flow.Refuse("role_unknown", r)
		}
	}
	if in.Capacity < 0 || in.Capacity > 500 {
		return flow.Refuse("capacity_wrong")
	}
	s := &records.Staff{Name: in.Name, Roles: records.Join(in.Roles), Types: records.Join(in.Types), Capacity: in.Capacity, Lang: in.Lang}
	s.Email, s.State = email, flow.Invited
	if err := tx.blindStaff(s, in.Name, in.ID, in.Phone); err != nil {
		return err
	}
	tx.Insert(s)
	tx.Answer("id", s.ID)
	return tx.invitation(s, in)
}}

func (tx *Tx) blindStaff(s *records.Staff, name, id, phone string) error {
	s.NameBlind = tx.Desk.BlindName(name)
	if id != "" {
		number, err := normalID(id, tx.Now)
		if err != nil {
			return err
		}
		s.IDBlind = tx.Desk.BlindID(number)
	}
	if phone != "" {
		to, err := normalContact("sms", phone)
		if err != nil {
			return err
		}
		s.PhoneBlind = tx.Desk.BlindPhone(to)
	}
	return nil
}

const invitationDays = 7

func (tx *Tx) invitation(s *records.Staff, in Invitation) error {
	c := &records.Code{Purpose: "invite", Contact: tx.Desk.Vault.Blind("contact", "mail "+s.Email), Person: s.ID, Digest: in.Code,
		Until: records.Stamp(tx.Now.Add(invitationDays * 24 * time.Hour))}
	c.State = flow.Open
	tx.Insert(c)
	tx.TellStaff(s, "staff_invited", Words{"link": tx.Settings.PublicURL + "/_/#/desk/join/" + c.ID + "." + in.Plain, "days": "7"})
	return nil
}

// Joining is an invitation that is taken.
type Joining struct {
	Code string `json:"code"` // ID of the code row
	Hash string `json:"-"`
}

// Join takes an invitation: the password is set, the colleague is in force. Taking it is their first pledge; the page says so.
var Join = Act[*records.Staff, Joining]{flow.ConfirmContact, func(tx *Tx, s *records.Staff, in Joining) error {
	c, err := records.Load[*records.Code](tx.DB, in.Code)
	if err != nil {
		return err
	}
	if c.Person != s.ID || c.Purpose != "invite" || c.State != flow.Open || c.Until < tx.Stamp() {
		return flow.Refuse("invitation_over")
	}
	c.State = flow.Closed
	tx.Update(c)
	s.Password, s.Verified, s.Factor = in.Hash, true, "mail"
	tx.Update(s)
	tx.pledge(s)
	return nil
}}

// StaffSignIn opens a session of a colleague. Until the second factor was shown it opens nothing else.
var StaffSignIn = Act[*records.Staff, NewSession]{flow.SignIn, func(tx *Tx, s *records.Staff, in NewSession) error {
	row := &records.Session{Person: s.ID, Kind: "staff", How: in.How, Seen: tx.Stamp(), Passed: in.Passed}
	row.ID, row.State, row.Until = in.Digest, flow.Active, records.Stamp(tx.Now.Add(staffHours*time.Hour))
	tx.Insert(row)
	tx.Because(in.How)
	return nil
}}

// StaffSignOut ends one session of a colleague, or all of them.
var StaffSignOut = Act[*records.Staff, End]{flow.SignOut, func(tx *Tx, s *records.Staff, in End) error {
	return tx.endSessions(s.ID, in)
}}

// StaffReset sets a new password; the second factor stays as it is.
var StaffReset = Act[*records.Staff, NewPassword]{flow.Reset, func(tx *Tx, s *records.Staff, in NewPassword) error {
	s.Password = in.Hash
	tx.Update(s)
	return tx.endOthers(s.ID, in.Keep)
}}

// Factor is a second factor that was shown to work.
type Factor struct {
	Kind     string   `json:"kind"` // totp or mail
	Secret   string   `json:"-"`
	Recovery []string `json:"-"` // digests of the recovery codes
}

// EnrolFactor sets a colleague's second factor and their recovery codes.
var EnrolFactor = Act[*records.Staff, Factor]{flow.EnrolFactor, func(tx *Tx, s *records.Staff, in Factor) error {
	if in.Kind != "totp" && in.Kind != "mail" {
		return flow.Refuse("factor_unknown")
	}
	s.Factor, s.TOTP, s.Recovery = in.Kind, tx.Seal(deskKey, "staff.totp "+s.ID, in.Secret), strings.Join(in.Recovery, ",")
	tx.Update(s)
	return nil
}}

// Recovery is a recovery code, by its digest.
type Recovery struct {
	Digest string `json:"digest"`
}

// UseRecovery spends one recovery code.
var UseRecovery = Act[*records.Staff, Recovery]{flow.SignIn, func(tx *Tx, s *records.Staff, in Recovery) error {
	codes := records.List(s.Recovery)
	i := slices.Index(codes, in.Digest)
	if i < 0 {
		return flow.Refuse("recovery_wrong")
	}
	s.Recovery = strings.Join(slices.Delete(codes, i, i+1), ",")
	tx.Update(s)
	return nil
}}

// Roles are the roles and types that a colleague is to have.
type Roles struct {
	Roles []string `json:"roles"`
	Types []string `json:"types"`
}

// GrantRole sets what a colleague may do. The last manager stays one; open cases that they may no longer judge go back.
var GrantRole = Act[*records.Staff, Roles]{flow.GrantRole, func(tx *Tx, s *records.Staff, in Roles) error {
	for _, r := range in.Roles {
		if !slices.Contains(flow.StaffRoles, flow.Role(r)) {
			return flow.Refuse("role_unknown", r)
		}
	}
	if len(in.Roles) == 0 {
		return flow.Refuse("name_and_role_needed")
	}
	if s.Person().Has(flow.Manager) && !slices.Contains(in.Roles, string(flow.Manager)) {
		if err := tx.otherManager(s.ID); err != nil {
			return err
		}
	}
	s.Roles, s.Types = records.Join(in.Roles), records.Join(in.Types)
	tx.Update(s)
	return tx.fewer(s)
}}

// fewer hands back what a colleague may no longer judge, and says what is short of people without them.
func (tx *Tx) fewer(s *records.Staff) error {
	if err := tx.handBack(s); err != nil {
		return err
	}
	return tx.sayShort()
}

// handBack gives those open cases of a colleague back, to be assigned anew, that are no longer for them to judge.
func (tx *Tx) handBack(s *records.Staff) error {
	if err := tx.flush(); err != nil { // so that none of the cases comes back to them
		return err
	}
	open, err := records.All[*records.Application](tx.DB, dbx.And(dbx.HashExp{"assignee": s.ID}, dbx.NewExp(records.InHands)))
	if err != nil {
		return err
	}
	p := s.Person()
	for _, o := range open {
		if p.Has(flow.Reviewer) && slices.Contains(p.Types, o.Type) {
			continue
		}
		app, err := records.Load[*records.Application](tx.DB, o.ID)
		if err != nil {
			return err
		}
		if err := Follow(tx, Release, app, Handed{}); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) otherManager(but string) error {
	all, err := records.Staffs(tx.DB, flow.Active)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.ID != but && s.Person().Has(flow.Manager) {
			return nil
		}
	}
	return flow.Refuse("last_manager")
}

// OneRole is a role to take away.
type OneRole struct {
	Role string `json:"role"`
}

// RevokeRole takes one role away. A colleague keeps at least one; the last manager stays one; open cases that they may no
// longer judge go back.
var RevokeRole = Act[*records.Staff, OneRole]{flow.RevokeRole, func(tx *Tx, s *records.Staff, in OneRole) error {
	roles := records.List(s.Roles)
	i := slices.Index(roles, in.Role)
	if i < 0 {
		return flow.Refuse("role_unknown", in.Role)
	}
	if len(roles) == 1 {
		return flow.Refuse("name_and_role_needed")
	}
	if in.Role == string(flow.Manager) {
		if err := tx.otherManager(s.ID); err != nil {
			return err
		}
	}
	s.Roles = records.Join(slices.Delete(roles, i, i+1))
	tx.Update(s)
	return tx.fewer(s)
}}

// Recover helps a colleague who lost the second factor: a mailed code takes its place, the recovery codes are void,
// every session ends, and they are told. The password stays as it is.
var Recover = Act[*records.Staff, struct{}]{flow.Recover, func(tx *Tx, s *records.Staff, _ struct{}) error {
	s.Factor, s.TOTP, s.Recovery = "mail", "", ""
	tx.Update(s)
	tx.TellStaff(s, "staff_recovered", Words{})
	return tx.endSessions(s.ID, End{All: true})
}}

// Capacity is how many open cases a colleague can have.
type Capacity struct {
	Capacity int64 `json:"capacity"`
}

// SetCapacity sets it; 0 takes no new cases.
var SetCapacity = Act[*records.Staff, Capacity]{flow.SetCapacity, func(tx *Tx, s *records.Staff, in Capacity) error {
	if in.Capacity < 0 || in.Capacity > 500 {
		return flow.Refuse("capacity_wrong")
	}
	s.Capacity = in.Capacity
	tx.Update(s)
	return nil
}}

// Absence is when a colleague is away, first and last day; both empty is present.
type Absence struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// SetAbsence enters it.
var SetAbsence = Act[*records.Staff, Absence]{flow.SetAbsence, func(tx *Tx, s *records.Staff, in Absence) error {
	if in.From != "" || in.Until != "" {
		if !flow.Day(in.From).Valid() || !flow.Day(in.Until).Valid() || in.Until < in.From {
			return flow.Refuse("absence_wrong")
		}
	}
	s.AbsentFrom, s.AbsentUntil = in.From, in.Until
	tx.Update(s)
	return nil
}}

// Deactivate ends a colleague's work here: their sessions end, their open cases go back to be assigned.
var Deactivate = Act[*records.Staff, struct{}]{flow.Deactivate, func(tx *Tx, s *records.Staff, _ struct{}) error {
	if err := tx.otherManager(s.ID); strings.Contains(s.Roles, string(flow.Manager)) && err != nil {
		return err
	}
	tx.Update(s)
	if err := tx.endSessions(s.ID, End{All: true}); err != nil {
		return err
	}
	return tx.fewer(s)
}}

// why turns the reasons of an assignment into what the task keeps.
func why(list []flow.Why) string {
	raw, _ := json.Marshal(list)
	return string(raw)
}
