package flow

import (
	"errors"
	"strings"
)

// Refusal says that a rule does not allow an act now. Code is for machines and for the locale files, which hold the
// sentence for people; Args are the parts that the sentence names.
type Refusal struct {
	Code string
	Args []string
}

func (r *Refusal) Error() string {
	if len(r.Args) == 0 {
		return "refused: " + r.Code
	}
	return "refused: " + r.Code + " (" + strings.Join(r.Args, ", ") + ")"
}

// Refuse makes a Refusal.
func Refuse(code string, args ...string) error { return &Refusal{code, args} }

// Refused reports whether err is a refusal with this code.
func Refused(err error, code string) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Code == code
}
