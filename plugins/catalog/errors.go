package catalog

// What can go wrong with a type: a code for machines, and the cause for the log. Sentences for people are elsewhere.

import (
	"context"
	"errors"
	"fmt"

	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/host"
)

// The codes of an Error.
const (
	Unknown     = "plugin_unknown"     // there is no such type or file
	Refused     = "plugin_refused"     // the file is not one that may be run: a link, writable by others, not static …
	Unreadable  = "plugin_unreadable"  // the file cannot be read
	Digest      = "plugin_digest"      // the file is not the one that was pinned
	NoSandbox   = "plugin_sandbox"     // it cannot be locked up as required here
	Dead        = "plugin_dead"        // its process ended
	Slow        = "plugin_slow"        // it did not start or answer in time, and was killed
	Answer      = "plugin_answer"      // what it answered is no answer: garbage, too large, a description against the rules
	Version     = "plugin_version"     // it speaks another version of the protocol
	Request     = "plugin_request"     // the question is too large to be asked
	Resting     = "plugin_resting"     // it has failed again and again and is left alone for a while
	Failed      = "plugin_failed"      // the type itself failed
	Unavailable = "plugin_unavailable" // the type itself says that something is not there now
	Unsupported = "plugin_unsupported" // the type itself says that it cannot do this
	Closed      = "plugin_closed"      // the desk is stopping
)

// ErrUnavailable is what errors.Is finds in every error after which trying again later makes sense.
var ErrUnavailable = errors.New("not available now")

var errWeak = errors.New("types from outside need at least landlock, or --plugin-sandbox=off")

// later holds the codes that may go away by themselves.
var later = map[string]bool{Dead: true, Slow: true, Resting: true, Unavailable: true, Closed: true}

// Error is what went wrong with one type.
type Error struct {
	Code  string
	ID    string
	Cause error
}

// Error gives code, type and cause.
func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %v", e.Code, e.ID, e.Cause) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is(err, ErrUnavailable) true where trying again later makes sense.
func (e *Error) Is(target error) bool { return target == ErrUnavailable && later[e.Code] }

// Code returns the code of an error of this package, "" for any other.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func fail(code, id string, cause error) *Error { return &Error{Code: code, ID: id, Cause: cause} }

// typed turns any error of a call into an *Error; the end of the caller's own context stays what it is.
func (r *run) typed(err error) error {
	var own *Error
	if errors.As(err, &own) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fail(codeOf(err), r.ref.ID, err)
}

func codeOf(err error) string {
	var locked *sandbox.Error
	switch {
	case errors.As(err, &locked):
		return NoSandbox
	case errors.Is(err, sdk.ErrUnavailable):
		return Unavailable
	case errors.Is(err, sdk.ErrUnsupported):
		return Unsupported
	case errors.Is(err, host.ErrSlow):
		return Slow
	case errors.Is(err, host.ErrVersion):
		return Version
	case errors.Is(err, host.ErrTooBig):
		return Request
	case errors.Is(err, host.ErrFailed):
		return Failed
	case errors.Is(err, host.ErrAnswer):
		return Answer
	}
	return Dead
}

// broken says whether an error is a reason to end the process and to think less of the type.
func broken(err error) bool {
	var own *Error
	if errors.As(err, &own) {
		return own.Code == Answer
	}
	return errors.Is(err, host.ErrDead) || errors.Is(err, host.ErrSlow) || errors.Is(err, host.ErrAnswer)
}
