package testkit

import (
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Postbox is a real mail server that counts what came in, by Message-ID. Mail to an address that begins with "nobody" is
// refused for good.
type Postbox struct {
	Address string

	mu  sync.Mutex
	had map[string]int
}

// Mailed starts one.
func Mailed(t testing.TB) *Postbox {
	t.Helper()
	b := &Postbox{had: map[string]int{}}
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.Address = line.Addr().String()
	go server.Serve(line)
	t.Cleanup(func() { server.Close() })
	return b
}

// Had says how often each message came in, by the ID of its row.
func (b *Postbox) Had() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[string]int{}
	for id, n := range b.had {
		out[id] = n
	}
	return out
}

// NewSession begins a connection.
func (b *Postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{b}, nil }

type delivery struct{ box *Postbox }

func (d *delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (d *delivery) Reset()                               {}
func (d *delivery) Logout() error                        { return nil }

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person"}
	}
	return nil
}

// Data takes a mail in; it counts before it says OK, as a server that takes responsibility does.
func (d *delivery) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, m.Body); err != nil {
		return err
	}
	id, _, _ := strings.Cut(strings.Trim(m.Header.Get("Message-Id"), "<>"), "@")
	d.box.mu.Lock()
	defer d.box.mu.Unlock()
	d.box.had[id]++
	return nil
}
