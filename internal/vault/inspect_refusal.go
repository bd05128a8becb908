package vault

// Why an upload is not accepted: a code and nothing else; the sentence for people lives with the labels.

import (
	_ "embed"
	"errors"
	"slices"
	"strings"
)

//go:embed inspect_codes.txt
var refusalCodes string

// Refusal is an upload that is not accepted. Nothing of it is kept.
type Refusal struct {
	Code string // one of RefusalCodes
}

// Error names the code.
func (r *Refusal) Error() string { return "upload refused: " + r.Code }

// RefusalCodes are all codes there are; each needs a sentence in every language.
func RefusalCodes() []string { return strings.Fields(refusalCodes) }

// reason is a refusal on its way to the log, with what the decoder said.
type reason struct {
	code  string
	cause error
}

func (r *reason) Error() string { return r.code + ": " + r.cause.Error() }

func refuseUpload(code, cause string) error { return &reason{code: code, cause: errors.New(cause)} }

// reasonOf gives code and cause of any error; an error without a code is "failed".
func reasonOf(err error) (code, cause string) {
	var r *reason
	if errors.As(err, &r) && slices.Contains(RefusalCodes(), r.code) {
		return r.code, r.cause.Error()
	}
	return "failed", err.Error()
}
