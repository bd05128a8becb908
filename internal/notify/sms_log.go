// The driver that sends nothing: it writes the text into the log, for trying out. Texts hold codes: not for real people.

package notify

import (
	"context"
	"log/slog"
)

// LogSMS writes messages into the log, their numbers masked.
type LogSMS struct{ Log *slog.Logger }

// Send logs one line.
func (l *LogSMS) Send(_ context.Context, m SMS) (string, error) {
	if _, err := Phone(m.To); err != nil {
		return "", refused("sms_number", "")
	}
	l.Log.Info("sms", "id", m.ID, "to", MaskPhone(m.To), "template", m.Template, "text", m.Text)
	return "log-" + m.ID, nil
}

// Shows says that nothing leaves.
func (l *LogSMS) Shows() bool { return true }

// MaskPhone hides the middle of a number.
func MaskPhone(s string) string {
	if len(s) < 8 {
		return "…"
	}
	return s[:3] + "…" + s[len(s)-4:]
}

// Capture is the demo's mail driver: messages stay in the outbox, where a page shows them.
type Capture struct{}

// Send keeps nothing and sends nothing: the row is the message.
func (Capture) Send(_ context.Context, m Mail) (string, error) {
	if _, err := Address(m.To); err != nil {
		return "", refused("mail_address", "")
	}
	return "", nil
}

// Close does nothing.
func (Capture) Close() error { return nil }

// Shows says that nothing leaves.
func (Capture) Shows() bool { return true }
