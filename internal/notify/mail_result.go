// What a mail server's answer means for the message: it is refused for good only where the server speaks about this
// recipient or this message; what it says about us is a setting for a person to put right, and the message is kept.

package notify

import (
	"errors"
	"strings"

	"github.com/wneessen/go-mail"
)

type dialError struct{ err error }

func (d *dialError) Error() string { return d.err.Error() }
func (d *dialError) Unwrap() error { return d.err }

func (d *dialError) failure() error {
	if strings.Contains(d.Error(), "AUTH") || strings.HasPrefix(d.Error(), "5") {
		return later("mail_settings", d.Error())
	}
	return later("mail_unreachable", d.Error())
}

func classify(err error) error {
	var s *mail.SendError
	if !errors.As(err, &s) {
		return later("mail_broken_off", err.Error())
	}
	code, said := s.ErrorCode(), serverSaid(s)
	switch {
	case code == 0:
		return later("mail_broken_off", said)
	case code < 500:
		return later("mail_later", said)
	case s.Reason == mail.ErrSMTPMailFrom || code == 530 || code == 535 || code == 538 || strings.Contains(strings.ToLower(said), "relay"):
		return later("mail_settings", said)
	}
	return refused("mail_refused", said)
}

// serverSaid is go-mail's account without the part that names the recipient.
func serverSaid(s *mail.SendError) string {
	said, _, _ := strings.Cut(s.Error(), ", affected ")
	return said
}

// answered tells whether the server refused in good order, so that the connection can serve the next message.
func (m *Mailer) answered(err error) bool {
	var s *mail.SendError
	return errors.As(err, &s) && s.ErrorCode() != 0 && s.ErrorCode() != 421 && (s.Reason == mail.ErrSMTPRcptTo || s.Reason == mail.ErrSMTPMailFrom)
}

// lineIsStale tells that the server gave up a connection between two messages: nothing of the new one was sent.
func lineIsStale(err error) bool {
	var s *mail.SendError
	if !errors.As(err, &s) {
		return false
	}
	return s.Reason == mail.ErrConnCheck || s.Reason == mail.ErrSMTPMailFrom && (s.ErrorCode() == 421 || s.ErrorCode() == 0)
}
