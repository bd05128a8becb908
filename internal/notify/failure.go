// What went wrong on the way out, told apart by what is to be done about it.

package notify

import (
	"fmt"
	"time"

	"github.com/certdesk/certdesk/internal/schedule"
)

// Failure is a message that did not leave. Its words are kept beside the message: they name nobody.
type Failure struct {
	Code string // for machines: mail_refused, sms_later …
	Said string // the partner's words, or the network's
}

// Error returns both.
func (f *Failure) Error() string {
	if f.Said == "" {
		return f.Code
	}
	return fmt.Sprintf("%s: %s", f.Code, f.Said)
}

func later(code, said string) error { return &Failure{code, unnamed(said)} }

func laterAfter(d time.Duration, code, said string) error {
	return schedule.After(d, later(code, said))
}

func refused(code, said string) error { return schedule.Permanent(later(code, said)) }
