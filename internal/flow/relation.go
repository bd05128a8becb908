package flow

import "slices"

// Relation says how a person stands to a row. Policies name relations, never people.
type Relation string

// The relations. Everybody stands in Any to every row.
const (
	Any           Relation = "any"
	Self          Relation = "self"           // it is the person's own account
	Owner         Relation = "owner"          // the row was made for a holder that this account owns
	Member        Relation = "member"         // a member of the institution that holds it
	Helper        Relation = "helper"         // acts for the holder, by the holder's consent
	Assignee      Relation = "assignee"       // has the review task
	Attester      Relation = "attester"       // attested the applicant's presence
	Taker         Relation = "taker"          // took the application at the counter
	Conflicted    Relation = "conflicted"     // is, or declared to be close to, a person of the case
	DecidedBefore Relation = "decided_before" // decided on it earlier
	Proposer      Relation = "proposer"       // proposed the decision that waits
	Deputy        Relation = "deputy"         // named for this one case
	OutOfType     Relation = "out_of_type"    // is not qualified for the type
	Addressee     Relation = "addressee"      // it is addressed to this person
	Successor     Relation = "successor"      // has the case that this one was merged into
	Accused       Relation = "accused"        // it is about this colleague
	Handler       Relation = "handler"        // deals with it
)

// Person is somebody who acts: an account, a colleague, a guest, or the desk itself.
type Person struct {
	ID     string
	Roles  []Role
	Types  []string // a reviewer's types
	Blinds []string // a colleague's name, ID number and phone, as blind indexes
}

// Has reports whether the person has the role.
func (p Person) Has(r Role) bool { return slices.Contains(p.Roles, r) }

// Staff reports whether the person works at the desk.
func (p Person) Staff() bool { return p.Has(Barred) || slices.ContainsFunc(StaffRoles, p.Has) }

// Subject is what a row says about the people around it. Each row states it once, in package records.
type Subject struct {
	Account   string   // the account that this row is
	Owners    []string // accounts that own the holder
	Members   []string // accounts that are members of the holder
	Helpers   []string // accounts that act for the holder by consent
	Assignee  string
	Attester  string
	Taker     string
	Proposer  string
	Deputy    string
	Addressee string
	Successor string
	Accused   string
	Handlers  []string
	Decided   []string // staff who decided on it earlier
	Declared  []string // staff who declared a conflict
	Type      string
	Blinds    []string // the persons of the case, as blind indexes
}

// Relations returns every relation of p to s, Any first. It is the only place that computes them.
func Relations(p Person, s Subject) []Relation {
	all := []Relation{Any}
	if p.ID == "" {
		return all
	}
	is := func(r Relation, yes bool) {
		if yes {
			all = append(all, r)
		}
	}
	is(Self, s.Account == p.ID)
	is(Owner, slices.Contains(s.Owners, p.ID))
	is(Member, slices.Contains(s.Members, p.ID))
	is(Helper, slices.Contains(s.Helpers, p.ID))
	is(Assignee, s.Assignee == p.ID)
	is(Attester, s.Attester == p.ID)
	is(Taker, s.Taker == p.ID)
	is(Proposer, s.Proposer == p.ID)
	is(Deputy, s.Deputy == p.ID)
	is(Addressee, s.Addressee == p.ID)
	is(Successor, s.Successor == p.ID)
	is(Accused, s.Accused == p.ID)
	is(Handler, slices.Contains(s.Handlers, p.ID))
	is(DecidedBefore, slices.Contains(s.Decided, p.ID))
	is(Conflicted, slices.Contains(s.Declared, p.ID) || meet(p.Blinds, s.Blinds))
	is(OutOfType, s.Type != "" && p.Has(Reviewer) && !slices.Contains(p.Types, s.Type) && s.Deputy != p.ID)
	return all
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return x != "" && slices.Contains(b, x) })
}
