package journeys

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/certdesk/certdesk/internal/config"
)

// A real mail server, for what leaves by mail.

// received is a mail as it came in.
type received struct{ to, subject, text string }

type postbox struct {
	mu    sync.Mutex
	mails []received
}

// NewSession starts one connection's mail.
func (b *postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{box: b}, nil }

type session struct {
	box *postbox
	to  string
}

func (s *session) Mail(string, *smtp.MailOptions) error      { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { s.to = to; return nil }
func (s *session) Reset()                                    {}
func (s *session) Logout() error                             { return nil }

func (s *session) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
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
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.mails = append(s.box.mails, received{s.to, subject, text})
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

// wait returns the newest mail to somebody whose subject or text contains part.
func (b *postbox) wait(t *testing.T, to, part string) received {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		b.mu.Lock()
		for i := len(b.mails) - 1; i >= 0; i-- {
			if m := b.mails[i]; m.to == to && strings.Contains(m.subject+"\n"+m.text, part) {
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

// mailed starts a mail server, and says how a desk gets to know of it.
func mailed(t *testing.T) (*postbox, func(*config.Config)) {
	t.Helper()
	b := &postbox{}
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(line)
	t.Cleanup(func() { server.Close() })
	return b, func(c *config.Config) { c.SMTP = "smtp://" + line.Addr().String() + "?from=desk@example.com" }
}
