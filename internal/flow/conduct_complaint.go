package flow

// Complaints about colleagues: what one says, who deals with it, what can be found and what follows.

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a complaint can be about, and what can follow from one that is founded.
var (
	ComplaintKinds = []string{"attitude", "delay", "money", "unfair", "secrecy", "other"}
	Measures       = []string{"talk", "training", "warning", "suspension"}
)

// Figures of a conduct case.
const (
	ComplaintRunes    = 5000
	ComplaintDays     = 10 // working days until it is found out
	ConductAppealDays = 15
)

// The findings.
const (
	Founded   = "founded"
	Unfounded = "unfounded"
)

// Complaint is what somebody says about a colleague.
type Complaint struct {
	Kind   string `json:"kind"`
	Toward string `json:"toward"` // reviewer, manager, or "" for whoever does not know
	Name   string `json:"name"`   // of the colleague, as far as it is known
	Case   string `json:"case"`   // the reference of the case
	Text   string `json:"text"`
}

// CheckComplaint refuses an unknown kind (complaint_kind) or person (complaint_toward), nothing said (complaint_empty) and too
// much (complaint_length, with what is taken and how much it is; text_too_long for the rest).
func CheckComplaint(c Complaint, contact string) error {
	switch n := utf8.RuneCountInString(c.Text); {
	case !slices.Contains(ComplaintKinds, c.Kind):
		return Refuse("complaint_kind")
	case !slices.Contains([]string{"reviewer", "manager", ""}, c.Toward):
		return Refuse("complaint_toward")
	case strings.TrimSpace(c.Text) == "":
		return Refuse("complaint_empty")
	case n > ComplaintRunes:
		return Refuse("complaint_length", strconv.Itoa(ComplaintRunes), strconv.Itoa(n))
	case utf8.RuneCountInString(contact) > 200 || utf8.RuneCountInString(c.Name) > 100 || utf8.RuneCountInString(c.Case) > 100:
		return Refuse("text_too_long", "100")
	}
	return nil
}

// Handlers are those who deal with a case about a colleague: the managers; about the only manager, or about one who is not
// named, the auditors; where there are none, the leads. Never whom it is about, never who decided it already.
func Handlers(staff []Person, about, toward string, decided ...string) []string {
	roles := []Role{Manager, Auditor, Lead}
	if toward == "manager" && about == "" {
		roles = []Role{Auditor, Lead}
	}
	for _, r := range roles {
		var all []string
		for _, p := range staff {
			if p.Has(r) && p.ID != about && !slices.Contains(decided, p.ID) {
				all = append(all, p.ID)
			}
		}
		if len(all) > 0 {
			return all
		}
	}
	return nil
}

// Resolution is what was found, and what follows.
type Resolution struct {
	Finding string `json:"finding"`
	Measure string `json:"measure,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Note    string `json:"note"`            // whom it is about reads it
	Reply   string `json:"reply,omitempty"` // the person who complained reads it
	About   string `json:"about,omitempty"` // whom it is about, where that was not known
}

// CheckResolution refuses an unknown finding (finding_unknown); where it is founded, nobody whom it is about (accused_unknown), no
// measure (measure_unknown) or no rule (rule_needed); no or too many words (reason_needed, text_too_long).
func CheckResolution(r Resolution, about string) error {
	founded := r.Finding == Founded
	switch n := utf8.RuneCountInString(strings.TrimSpace(r.Note)); {
	case !founded && r.Finding != Unfounded:
		return Refuse("finding_unknown")
	case founded && about == "":
		return Refuse("accused_unknown")
	case founded != slices.Contains(Measures, r.Measure):
		return Refuse("measure_unknown")
	case founded && strings.TrimSpace(r.Rule) == "":
		return Refuse("rule_needed")
	case n < 2:
		return Refuse("reason_needed")
	case n > ComplaintRunes || utf8.RuneCountInString(r.Reply) > ComplaintRunes || utf8.RuneCountInString(r.Rule) > 200:
		return Refuse("text_too_long", strconv.Itoa(ComplaintRunes))
	}
	return nil
}

// CheckConductAnswer refuses an outcome of an appeal that a conduct case does not have (unknown_outcome), and no or too many words
// (comment_needed).
func CheckConductAnswer(a AppealAnswer) error {
	if !slices.Contains(in(Upheld, AppealChanged), a.Outcome) {
		return Refuse("unknown_outcome", string(a.Outcome))
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(a.Text)); n < 2 || n > AppealRunes {
		return Refuse("comment_needed")
	}
	return nil
}

// CheckLookedAgain refuses too long a note on a decision that was looked at again, and a wrong decision without one (reason_needed).
func CheckLookedAgain(right bool, note string) error {
	if right && utf8.RuneCountInString(note) <= reasonRunes {
		return nil
	}
	return CheckReason(note)
}
