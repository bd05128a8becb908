// Sending SMS: gateways differ, so each is a driver. A driver gets the text and also the template's key with its blanks:
// Chinese gateways send approved templates only.

package notify

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// SMS is one composed message to one number.
type SMS struct {
	ID       string // of the message's row; the same however often it is tried
	To       string // +8613800001234
	Template string // the notice's key
	Lang     string
	Params   []Param
	Text     string
	Sign     string // the desk's name
}

// SMSDriver sends SMS. Send returns what the gateway calls the message; its error is temporary, or Permanent.
type SMSDriver interface {
	Send(ctx context.Context, m SMS) (providerID string, err error)
}

// Shower is a driver that only shows messages: what it takes has not left the desk.
type Shower interface{ Shows() bool }

// SMSSettings say by which gateway SMS leave.
type SMSSettings struct {
	Driver     string `json:"driver"` // log or webhook
	URL        string `json:"url,omitempty"`
	Secret     string `json:"secret,omitempty"`     // signs what we send
	AuthHeader string `json:"authHeader,omitempty"` // a header that the gateway asks for, and its value
	AuthValue  string `json:"authValue,omitempty"`
}

var smsDrivers = map[string]func(SMSSettings, *slog.Logger) (SMSDriver, error){
	"log":     func(_ SMSSettings, log *slog.Logger) (SMSDriver, error) { return &LogSMS{Log: log}, nil },
	"webhook": func(s SMSSettings, _ *slog.Logger) (SMSDriver, error) { return NewWebhookSMS(s) },
}

// OpenSMS makes the driver that the settings name. Errors are SettingsError; an unknown name lists the known ones.
func OpenSMS(s SMSSettings, log *slog.Logger) (SMSDriver, error) {
	open, ok := smsDrivers[s.Driver]
	if !ok {
		return nil, fmt.Errorf("%w: %q is none of %s", SettingsError("sms_driver"), s.Driver, strings.Join(SMSDrivers(), ", "))
	}
	return open(s, log)
}

// SMSDrivers returns the names of the drivers.
func SMSDrivers() []string {
	var names []string
	for name := range smsDrivers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
