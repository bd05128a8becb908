package testkit

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/certdesk/certdesk/internal/config"
)

// A real mail server, for what leaves by mail.

// Received is a mail as it came in: the row that it was sent for, its plain text, and all of it as it was sent.
type Received struct{ ID, To, Subject, Text, Raw string }

// Postbox is a mail server that keeps what it is given. Mail to an address that begins with "nobody" is refused for good.
type Postbox struct {
	Address string // host:port

	mu    sync.Mutex
	mails []Received
}

// NewSession starts one connection's mail.
func (b *Postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{box: b}, nil }

type session struct {
	box *Postbox
	to  string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person"}
	}
	s.to = to
	return nil
}

// Data takes a mail in; it is kept before it says OK, as a server that takes responsibility does.
func (s *session) Data(r io.Reader) error {
	var whole bytes.Buffer
	m, err := mail.ReadMessage(io.TeeReader(r, &whole))
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	text, err := words(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	if err != nil {
		return err
	}
	id, _, _ := strings.Cut(strings.Trim(m.Header.Get("Message-Id"), "<>"), "@")
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.mails = append(s.box.mails, Received{id, s.to, subject, text, whole.String()})
	return nil
}

// words reads the plain text of a mail.
func words(media, coding string, body io.Reader) (string, error) {
	kind, args, err := mime.ParseMediaType(media)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(kind, "multipart/") {
		for parts := multipart.NewReader(body, args["boundary"]); ; {
			part, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return "", nil
			}
			if err != nil {
				return "", err
			}
			if s, err := words(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part); s != "" || err != nil {
				return s, err
			}
		}
	}
	if kind != "text/plain" {
		return "", nil
	}
	switch coding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	raw, err := io.ReadAll(body)
	return string(raw), err
}

// Wait returns the newest mail to somebody whose subject or text contains part.
func (b *Postbox) Wait(t testing.TB, to, part string) Received {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		b.mu.Lock()
		for i := len(b.mails) - 1; i >= 0; i-- {
			if m := b.mails[i]; m.To == to && strings.Contains(m.Subject+"\n"+m.Text, part) {
				b.mu.Unlock()
				return m
			}
		}
		had := b.mails
		b.mu.Unlock()
		if time.Now().After(end) {
			t.Fatalf("no mail to %s with %q; there is %q", to, part, had)
		}
	}
}

// All returns every mail so far.
func (b *Postbox) All() []Received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.mails)
}

// Had says how often each message came in, by the ID of its row.
func (b *Postbox) Had() map[string]int {
	had := map[string]int{}
	for _, m := range b.All() {
		had[m.ID]++
	}
	return had
}

// OpenPostbox starts one for a test.
func OpenPostbox(t testing.TB) *Postbox {
	t.Helper()
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &Postbox{Address: line.Addr().String()}
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	go server.Serve(line)
	t.Cleanup(func() { server.Close() })
	return b
}

// Mailed says how a desk gets to know of it.
func (b *Postbox) Mailed(c *config.Config) { c.SMTP = "smtp://" + b.Address + "?from=desk@example.com" }
