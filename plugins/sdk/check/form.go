package check

// Is a form complete and still right today? Asked before it is submitted, and again when it is.

import (
	"strconv"
	"strings"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Form says all that is missing or wrong in a form, in the order of its pages and then of its slots: required answers,
// formats (a card may have expired since it was entered), and evidence. have is the number of files in each slot;
// attested says that a staff member has attested presence, which stands in for the slots marked Attestable.
func Form(t sdk.Type, a sdk.Answers, have map[string]int, attested bool, today string) []sdk.Problem {
	var problems []sdk.Problem
	for _, p := range Pages(t, a) {
		for _, q := range p.Questions {
			if norm, wrong := Answer(q, a[q.ID], today); wrong != nil {
				problems = append(problems, *wrong)
			} else if norm != a[q.ID] {
				problems = append(problems, sdk.Wrong(q.ID, "other"))
			}
		}
	}
	return append(problems, evidence(Slots(t, a), have, attested && t.Attested)...)
}

func evidence(shown []sdk.Slot, have map[string]int, attested bool) []sdk.Problem {
	var problems []sdk.Problem
	groups := map[string]bool{}
	for _, s := range shown {
		if have[s.ID] > s.Limit() {
			problems = append(problems, both(s.ID, "files_many", s.Name, "slot", "max", strconv.Itoa(s.Limit())))
		}
		if have[s.ID] > 0 || s.Optional || attested && s.Attestable {
			continue
		}
		if s.OneOf == "" {
			problems = append(problems, both(s.ID, "slot_missing", s.Name, "slot"))
			continue
		}
		if !groups[s.OneOf] {
			groups[s.OneOf] = true
			if names, filled := group(shown, s.OneOf, have, attested); !filled {
				problems = append(problems, both(s.ID, "group_missing", names, "slots"))
			}
		}
	}
	return problems
}

// group says whether any slot of a group is filled, and what its slots are called.
func group(shown []sdk.Slot, name string, have map[string]int, attested bool) (names sdk.Text, filled bool) {
	var zh, en []string
	for _, s := range shown {
		if s.OneOf == name {
			filled = filled || have[s.ID] > 0 || attested && s.Attestable
			zh, en = append(zh, s.Name.ZhHans), append(en, s.Name.En)
		}
	}
	return sdk.Text{ZhHans: strings.Join(zh, "，或者 "), En: strings.Join(en, ", or ")}, filled
}

// both makes a problem whose sentence names something in the language of the sentence.
func both(field, code string, name sdk.Text, place string, pairs ...string) sdk.Problem {
	zh := sdk.Wrong(field, code, append([]string{place, name.ZhHans}, pairs...)...)
	en := sdk.Wrong(field, code, append([]string{place, name.En}, pairs...)...)
	zh.Text.En = en.Text.En
	return zh
}

// Place is where in a form something is missing: on a page, or at a slot.
type Place struct {
	Page    string // "" if it is a slot
	Slot    string // "" if it is a page
	Problem sdk.Problem
}

// Missing returns the first thing that is missing or wrong, to go there; false if the form is complete.
func Missing(t sdk.Type, a sdk.Answers, have map[string]int, attested bool, today string) (Place, bool) {
	problems := Form(t, a, have, attested, today)
	if len(problems) == 0 {
		return Place{}, false
	}
	first := Place{Problem: problems[0]}
	if _, page, ok := t.Question(problems[0].Field); ok {
		first.Page = page.ID
	} else {
		first.Slot = problems[0].Field
	}
	return first, true
}

// Derived is what the answers say without being asked, by the question that it follows from.
type Derived map[string]sdk.ResidentID

// endOfTime is a day on which everybody is born: whether a number could be right was asked when it was entered.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Facts derives birth date, sex and province from each ID number that was answered.
func Facts(t sdk.Type, a sdk.Answers) Derived {
	d := Derived{}
	for _, p := range Pages(t, a) {
		for _, q := range p.Questions {
			if q.Kind != sdk.KindResidentID {
				continue
			}
			if id, err := sdk.ParseResidentID(a[q.ID], endOfTime); err == nil {
				d[q.ID] = id
			}
		}
	}
	return d
}
