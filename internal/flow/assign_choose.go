package flow

import (
	"cmp"
	"slices"
)

// Case is what assignment looks at of an application.
type Case struct {
	ID        string
	Type      string
	Persons   []string // the persons of the case, as blind indexes
	Attester  string   // attested the applicant's presence
	TakenBy   string   // took it at the counter
	Applicant string
	Part      []string // had part in what is to be looked at by somebody else
}

// Candidate is a colleague who might get a case.
type Candidate struct {
	ID           string
	Types        []string
	Present      bool
	Capacity     int // open cases that are enough
	Load         int // open cases now
	Blinds       []string
	Unpledged    bool     // has not made this year's pledge
	Suspended    bool     // by a manager
	LastAssigned string   // a time in its text form, so that it sorts; empty: never yet
	Conflicts    []string // cases for which a conflict was declared
}

// Fit says why a colleague got a case, or was passed over.
type Fit string

// The ways to fit, the first reason that applies.
const (
	FitChosen       Fit = "chosen"
	FitNotQualified Fit = "not_qualified" // not for this type
	FitConflict     Fit = "conflict"      // is, or is close to, a person of the case
	FitAttester     Fit = "attester"      // attested the presence
	FitHelper       Fit = "helper"        // took the application at the counter
	FitPart         Fit = "part"          // proposed or decided what somebody else is to look at
	FitSuspended    Fit = "suspended"
	FitUnpledged    Fit = "unpledged" // has not made this year's pledge
	FitAbsent       Fit = "absent"
	FitFull         Fit = "full"
	FitBusier       Fit = "busier" // fit, but somebody else has more room, or has waited longer
)

// Why is what is kept of one colleague about one assignment: shown to leads and auditors, and to the one who got it.
type Why struct {
	Staff    string `json:"staff"`
	Verdict  Fit    `json:"verdict"`
	Load     int    `json:"load"`
	Capacity int    `json:"capacity"`
}

// Choose returns who gets the case: of those who may have it, the least loaded in relation to capacity; among equals
// who has gone longest without a new case, then by ID, so that the same question has the same answer. Nobody fit: "".
// Why has one line for each colleague, the chosen first, the others by ID.
func Choose(c Case, staff []Candidate) (chosen string, why []Why) {
	fit := slices.DeleteFunc(slices.Clone(staff), func(s Candidate) bool { return unfit(c, s) != "" })
	if len(fit) > 0 {
		chosen = slices.MinFunc(fit, lessBusy).ID
	}
	for _, s := range staff {
		v := unfit(c, s)
		switch {
		case chosen != "" && s.ID == chosen:
			v = FitChosen
		case v == "":
			v = FitBusier
		}
		why = append(why, Why{s.ID, v, s.Load, s.Capacity})
	}
	slices.SortFunc(why, func(a, b Why) int {
		switch {
		case a.Verdict == FitChosen:
			return -1
		case b.Verdict == FitChosen:
			return 1
		}
		return cmp.Compare(a.Staff, b.Staff)
	})
	return chosen, why
}

// MayHave reports whether a colleague may be given a case at all, by whatever way, apart from presence and room; the
// reason if not.
func MayHave(c Case, s Candidate) (Fit, bool) {
	v := unfit(c, s)
	return v, v == "" || v == FitAbsent || v == FitFull
}

func unfit(c Case, s Candidate) Fit {
	switch {
	case s.ID == "" || !slices.Contains(s.Types, c.Type):
		return FitNotQualified
	case s.ID == c.Applicant || slices.Contains(s.Conflicts, c.ID) || meet(s.Blinds, c.Persons):
		return FitConflict
	case s.ID == c.Attester:
		return FitAttester
	case s.ID == c.TakenBy:
		return FitHelper
	case slices.Contains(c.Part, s.ID):
		return FitPart
	case s.Suspended:
		return FitSuspended
	case s.Unpledged:
		return FitUnpledged
	case !s.Present:
		return FitAbsent
	case s.Load >= s.Capacity:
		return FitFull
	}
	return ""
}

// lessBusy compares a.Load/a.Capacity with b.Load/b.Capacity without dividing; both have room.
func lessBusy(a, b Candidate) int {
	return cmp.Or(
		cmp.Compare(int64(a.Load)*int64(b.Capacity), int64(b.Load)*int64(a.Capacity)),
		cmp.Compare(a.LastAssigned, b.LastAssigned),
		cmp.Compare(a.ID, b.ID),
	)
}
