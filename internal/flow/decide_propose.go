package flow

// Four eyes: where a type asks for it, one person proposes a result and another confirms or challenges it. That the second
// is another person is the policy's to say (the relation proposer); here is when it applies, and what a challenge has to say.

import (
	"strings"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// FourEyes is how many people a decision takes where the type asks for a second one.
const FourEyes = 2

// MaxComment is the longest comment on a proposal, in characters.
const MaxComment = 1000

// CheckAlone refuses a decision by one person where the type asks for two: propose_needed.
func CheckAlone(t sdk.Type) error {
	if t.FourEyes {
		return Refuse("propose_needed")
	}
	return nil
}

// CheckTogether refuses a proposal where one person decides: decide_needed.
func CheckTogether(t sdk.Type) error {
	if !t.FourEyes {
		return Refuse("decide_needed")
	}
	return nil
}

// CheckComment refuses a comment that is too long (comment_too_long) and, where one is needed, none (comment_needed).
func CheckComment(text string, needed bool) error {
	if utf8.RuneCountInString(text) > MaxComment {
		return Refuse("comment_too_long", "1000")
	}
	if needed && strings.TrimSpace(text) == "" {
		return Refuse("comment_needed")
	}
	return nil
}

// Short returns which of these types ask for more people than there are, and how many there are: the desk says so when the
// rule is switched on and when somebody leaves, not when a case is there.
func Short(types []sdk.Type, reviewers []Candidate) (list []Shortage) {
	for _, t := range types {
		n := 0
		for _, r := range reviewers {
			if v, ok := MayHave(Case{Type: t.ID}, r); ok && v != FitConflict {
				n++
			}
		}
		if t.FourEyes && n < FourEyes {
			list = append(list, Shortage{t.ID, n, FourEyes})
		}
	}
	return list
}

// Shortage is a type whose rule needs more people than there are.
type Shortage struct {
	Type string `json:"type"`
	Have int    `json:"have"`
	Need int    `json:"need"`
}
