// The settings of the mail server, as a manager enters them.

package notify

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// MailSettings say by which server mail leaves. They are kept sealed: they hold a password.
type MailSettings struct {
	Host       string `json:"host"`
	Port       int    `json:"port"` // 0 means the usual one: 465 for tls, 587 for starttls, 25 for none
	User       string `json:"user"`
	Password   string `json:"password"`
	Security   string `json:"security"`             // tls, starttls, or none: on the same machine only
	AllowPlain bool   `json:"allowPlain,omitempty"` // none also to another machine: everybody on the way can read the mail
	Authority  string `json:"authority,omitempty"`  // PEM of a certificate authority of one's own
	From       string `json:"from"`
	FromName   string `json:"fromName"`
	ReplyTo    string `json:"replyTo"`
	DKIM       DKIM   `json:"dkim,omitzero"`
	Timeout    int    `json:"timeout,omitempty"` // seconds for one message, 15 if 0
}

// DKIM lets our own mail be told from forged mail by a key in the domain's DNS; empty where the server signs itself.
type DKIM struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Key      string `json:"key"` // PEM, RSA of at least 2048 bits or Ed25519
}

// SettingsError names the setting that is wrong: "mail_host", "sms_url" …
type SettingsError string

func (e SettingsError) Error() string { return "setting is wrong: " + string(e) }

func (s MailSettings) timeout() time.Duration {
	if s.Timeout <= 0 {
		return 15 * time.Second
	}
	return time.Duration(s.Timeout) * time.Second
}

func (s MailSettings) port() int {
	if s.Port != 0 {
		return s.Port
	}
	return map[string]int{"tls": 465, "starttls": 587, "none": 25}[s.Security]
}

// check returns the settings in normal form.
func (s MailSettings) check() (MailSettings, error) {
	var err error
	switch {
	case s.Host == "" || len(s.Host) > 253 || strings.ContainsFunc(s.Host, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' || r == '@' }):
		return s, SettingsError("mail_host")
	case s.Port < 0 || s.Port > 65535:
		return s, SettingsError("mail_port")
	case s.Security != "tls" && s.Security != "starttls" && s.Security != "none":
		return s, SettingsError("mail_security")
	case s.Security == "none" && !isLoopback(s.Host) && !s.AllowPlain:
		return s, SettingsError("mail_plain")
	case s.FromName != oneLine(s.FromName) || len(s.FromName) > 200:
		return s, SettingsError("mail_from_name")
	}
	if s.From, err = Address(s.From); err != nil {
		return s, SettingsError("mail_from")
	}
	if s.ReplyTo == "" {
		return s, nil
	}
	if s.ReplyTo, err = Address(s.ReplyTo); err != nil {
		return s, SettingsError("mail_reply_to")
	}
	return s, nil
}

func (s MailSettings) authorities() (*x509.CertPool, error) {
	if s.Authority == "" {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(s.Authority)) {
		return nil, SettingsError("mail_authority")
	}
	return pool, nil
}

// signer returns nil where nothing is signed by us.
func (d DKIM) signer() (*mail.DKIMSigner, error) {
	if d == (DKIM{}) {
		return nil, nil
	}
	if !hostName.MatchString(d.Domain) || !hostName.MatchString(d.Selector+".invalid") {
		return nil, SettingsError("mail_dkim_domain")
	}
	key, err := mail.PrivKeyFromPEM([]byte(d.Key))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", SettingsError("mail_dkim_key"), err)
	}
	if r, ok := key.(*rsa.PrivateKey); ok && r.N.BitLen() < 2048 {
		return nil, SettingsError("mail_dkim_key")
	}
	return mail.NewDKIMSigner(d.Domain, d.Selector, key), nil
}
