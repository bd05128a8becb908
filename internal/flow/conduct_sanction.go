package flow

// Sanctions: what false information leads to. It is set by a person on a holder, with what was found, and lasts until a day; it
// can be lifted before. Namesakes are not sanctioned: only the same holder, or the same ID number, is.

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The kinds of sanction.
const (
	SanctionWait  = "wait"  // so many days longer after each refusal
	SanctionBlock = "block" // nothing new, and no renewal, until the day
)

// How far a sanction can go.
const (
	SanctionYears = 10   // from today
	SanctionDays  = 1095 // longer
	SanctionRunes = 2000 // of what was found
)

// Sanctioned is a sanction on a holder, as rules look at it.
type Sanctioned struct {
	ID     string `json:"id,omitempty"`
	Kind   string `json:"kind"`
	Until  Day    `json:"until"`          // the last day on which it is in force
	Days   int    `json:"days,omitempty"` // wait: so many
	Lifted bool   `json:"lifted,omitempty"`
}

// InForce reports whether the sanction counts on this day.
func (s Sanctioned) InForce(today Day) bool { return !s.Lifted && !s.Until.Before(today) }

// CheckSanction refuses what cannot be set: an unknown kind (sanction_kind), a day that is over or too far (sanction_until), a
// wait of no or too many days (sanction_days), no reason for the holder (reason_needed), nothing it was seen by
// (evidence_needed) or too much of it (text_too_long).
func CheckSanction(s Sanctioned, reason, evidence string, today Day) error {
	switch {
	case !slices.Contains([]string{SanctionWait, SanctionBlock}, s.Kind):
		return Refuse("sanction_kind")
	case !s.Until.Valid() || !s.Until.After(today) || s.Until.After(today.AddDays(SanctionYears*366)):
		return Refuse("sanction_until", strconv.Itoa(SanctionYears))
	case s.Kind == SanctionWait && (s.Days < 1 || s.Days > SanctionDays), s.Kind == SanctionBlock && s.Days != 0:
		return Refuse("sanction_days", strconv.Itoa(SanctionDays))
	}
	if err := CheckReason(reason); err != nil {
		return err
	}
	switch n := utf8.RuneCountInString(strings.TrimSpace(evidence)); {
	case n < 2:
		return Refuse("evidence_needed")
	case n > SanctionRunes:
		return Refuse("text_too_long", strconv.Itoa(SanctionRunes))
	}
	return nil
}

// CoolDownUnder is CoolDownOf for a holder with sanctions: each wait after a refusal is longer by those in force, and nothing is
// submitted as long as one of them blocks.
func CoolDownUnder(outcomes []PastOutcome, sanctions []Sanctioned, today Day) CoolDown {
	longer := 0
	for _, s := range sanctions {
		if s.Kind == SanctionWait && s.InForce(today) {
			longer = max(longer, s.Days)
		}
	}
	return Blocked(coolDown(CoolDownRules(), outcomes, longer, today), sanctions, today)
}

// Blocked is c, or what blocks longer than it.
func Blocked(c CoolDown, sanctions []Sanctioned, today Day) CoolDown {
	for _, s := range sanctions {
		if s.Kind != SanctionBlock || !s.InForce(today) || c.Never {
			continue
		}
		if free := s.Until.AddDays(1); c.Until == "" || free.After(c.Until) {
			c = CoolDown{Until: free, Rule: RuleBlocked}
		}
	}
	return c
}

// RuleBlocked is the rule of a cool-down that a sanction sets.
const RuleBlocked = "blocked"
