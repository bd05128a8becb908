// Sending mail. One connection serves the messages of one round; a message has the same Message-ID however often it is
// tried, so that a server that had it already can tell.

package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Mail is one composed message to one address.
type Mail struct {
	ID string // of the message's row
	To string
	Letter
}

// MailDriver sends mail. Send returns what the partner calls the message; its error is temporary, or Permanent. Close
// ends a connection that is kept between messages; the next Send opens another.
type MailDriver interface {
	Send(ctx context.Context, m Mail) (providerID string, err error)
	Close() error
}

// Mailer sends by SMTP. It is safe for concurrent use; messages go one after the other.
type Mailer struct {
	s      MailSettings
	tls    *tls.Config
	signer *mail.DKIMSigner

	mu     sync.Mutex
	client *mail.Client
	line   *smtp.Client
	conn   net.Conn
}

// NewMailer checks the settings; it does not connect. Errors are SettingsError.
func NewMailer(s MailSettings) (*Mailer, error) {
	s, err := s.check()
	if err != nil {
		return nil, err
	}
	roots, err := s.authorities()
	if err != nil {
		return nil, err
	}
	m := &Mailer{s: s, tls: &tls.Config{ServerName: s.Host, RootCAs: roots, MinVersion: tls.VersionTLS12}}
	if m.signer, err = s.DKIM.signer(); err != nil {
		return nil, err
	}
	return m, nil
}

// Send hands one message to the server.
//
// Errors: mail_address (permanent), mail_refused (permanent: the server will not have it for this recipient), mail_later
// (the server says so), mail_settings (the server does not want us: kept, for a person to put right), mail_unreachable,
// mail_broken_off (it may have arrived all the same).
func (m *Mailer) Send(ctx context.Context, one Mail) (string, error) {
	msg, err := m.message(one)
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	reused := m.line != nil
	err = m.try(ctx, msg)
	if reused && lineIsStale(err) {
		m.hangUp()
		err = m.try(ctx, msg)
	}
	if msg.IsDelivered() { // go-mail also reports an error when only the tidying up after it failed
		if err != nil {
			m.hangUp()
		}
		return unnamed(msg.ServerResponse()), nil
	}
	var dial *dialError
	if errors.As(err, &dial) {
		return "", dial.failure()
	}
	if !m.answered(err) {
		m.hangUp()
	}
	return "", classify(err)
}

func (m *Mailer) try(ctx context.Context, msg *mail.Msg) error {
	if err := m.dial(ctx); err != nil {
		return &dialError{err}
	}
	defer context.AfterFunc(ctx, m.cut(m.conn))()
	return m.client.SendWithSMTPClient(m.line, msg)
}

// cut returns what ends a connection in the middle when the caller stops waiting.
func (m *Mailer) cut(conn net.Conn) func() { return func() { _ = conn.SetDeadline(time.Unix(1, 0)) } }

func (m *Mailer) dial(ctx context.Context) error {
	if m.line != nil {
		return nil
	}
	client, err := mail.NewClient(m.s.Host, m.options()...)
	if err != nil {
		return err
	}
	m.client = client
	ctx, cancel := context.WithTimeout(ctx, m.s.timeout())
	defer cancel()
	m.line, err = client.DialToSMTPClientWithContext(ctx)
	if err != nil && m.conn != nil { // go-mail leaves the connection open when the greeting fails
		_ = m.conn.Close()
		m.conn, m.line = nil, nil
	}
	return err
}

func (m *Mailer) options() []mail.Option {
	_, domain, _ := strings.Cut(m.s.From, "@")
	o := []mail.Option{mail.WithPort(m.s.port()), mail.WithTimeout(m.s.timeout()), mail.WithHELO(domain), mail.WithTLSConfig(m.tls),
		mail.WithoutSMTPUTF8(), mail.WithDialContextFunc(m.connect)}
	switch m.s.Security {
	case "tls":
		o = append(o, mail.WithSSL())
	case "starttls":
		o = append(o, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		o = append(o, mail.WithTLSPolicy(mail.NoTLS))
	}
	if m.s.User == "" {
		return o
	}
	plain, login := mail.SMTPAuthPlain, mail.SMTPAuthLogin
	if m.s.Security == "none" {
		plain, login = mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc
	}
	return append(o, mail.WithUsername(m.s.User), mail.WithPassword(m.s.Password),
		mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, plain, login))
}

// connect opens the connection and remembers it, so that it can be cut.
func (m *Mailer) connect(ctx context.Context, network, address string) (conn net.Conn, err error) {
	if m.s.Security == "tls" {
		conn, err = (&tls.Dialer{Config: m.tls}).DialContext(ctx, network, address)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if err == nil {
		m.conn = conn
	}
	return conn, err
}

// hangUp drops a connection of which it is not known what the server thinks.
func (m *Mailer) hangUp() {
	if m.conn != nil {
		_ = m.conn.Close()
	}
	m.line, m.conn = nil, nil
}

// Close says goodbye to the server, if there is a connection.
func (m *Mailer) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.line == nil {
		return nil
	}
	err := m.client.CloseWithSMTPClient(m.line)
	m.hangUp()
	return err
}

var messageID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// message makes what is sent. Nothing in it comes from a person without having been checked or made one line.
func (m *Mailer) message(one Mail) (*mail.Msg, error) {
	to, err := Address(one.To)
	if err != nil {
		return nil, refused("mail_address", "")
	}
	if !messageID.MatchString(one.ID) {
		return nil, refused("mail_id", "")
	}
	o := []mail.MsgOption{mail.WithNoDefaultUserAgent(), mail.WithEncoding(encodingFor(one.Text + one.HTML))}
	if m.signer != nil {
		o = append(o, mail.WithDKIM(m.signer))
	}
	msg := mail.NewMsg(o...)
	_, domain, _ := strings.Cut(m.s.From, "@")
	msg.SetMessageIDWithValue(one.ID + "@" + domain)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.Subject(oneLine(one.Subject))
	msg.SetBodyString(mail.TypeTextPlain, one.Text)
	if one.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, one.HTML)
	}
	err = errors.Join(msg.FromFormat(m.s.FromName, m.s.From), msg.To(to))
	if m.s.ReplyTo != "" {
		err = errors.Join(err, msg.ReplyTo(m.s.ReplyTo))
	}
	if err != nil {
		return nil, refused("mail_address", "")
	}
	return msg, nil
}

// encodingFor keeps Latin text readable on the way and Chinese text short.
func encodingFor(s string) mail.Encoding {
	if len(s) > utf8.RuneCountInString(s)*5/4 {
		return mail.EncodingB64
	}
	return mail.EncodingQP
}
