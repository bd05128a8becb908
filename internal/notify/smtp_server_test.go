package notify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// post is a real SMTP server in the test's process. What it does with a message depends on the recipient's name: temp is
// told to come again the first time, perm does not exist, spam is refused after the text, drop loses the connection in the
// middle, slow never gets an answer, relay is not ours to deliver.
type post struct {
	Port      int
	Authority string // PEM, where it speaks TLS

	server *smtp.Server
	mu     sync.Mutex
	got    []delivered
	conns  map[string]bool
	seen   map[string]int
	hold   chan struct{} // closed at the end: slow sessions go home
	auth   bool
	from   error  // answer to every MAIL FROM
	slow   func() // called when a text arrives that gets no answer
	keep   int    // messages a connection may bring; 0 any
}

type delivered struct {
	from string
	to   []string
	raw  string
}

func newPost(t *testing.T, set func(*post)) *post {
	t.Helper()
	p := &post{seen: map[string]int{}, conns: map[string]bool{}, hold: make(chan struct{})}
	if set != nil {
		set(p)
	}
	p.server = smtp.NewServer(p)
	p.server.Domain, p.server.AllowInsecureAuth, p.server.ErrorLog = "post.example.org", true, log.New(io.Discard, "", 0)
	return p
}

// open listens: plainly, with STARTTLS or with TLS from the start.
func (p *post) open(t *testing.T, security string) *post {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.Port = ln.Addr().(*net.TCPAddr).Port
	if security != "none" {
		p.server.TLSConfig, p.Authority = ownCertificate(t)
	}
	if security == "tls" {
		ln = tls.NewListener(ln, p.server.TLSConfig)
	}
	done := make(chan error, 1)
	go func() { done <- p.server.Serve(ln) }()
	t.Cleanup(func() {
		close(p.hold)
		_ = p.server.Close()
		if err := <-done; err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return p
}

func ownCertificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func (p *post) letters() []delivered {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]delivered(nil), p.got...)
}

func (p *post) connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.conns)
}

// NewSession is called for each connection.
func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) {
	p.mu.Lock()
	p.conns[c.Conn().RemoteAddr().String()] = true // a session begins anew after STARTTLS
	p.mu.Unlock()
	return &visit{p: p, c: c}, nil
}

type visit struct {
	p    *post
	c    *smtp.Conn
	d    delivered
	who  string
	sent int
}

func (v *visit) Reset()        { v.d = delivered{} }
func (v *visit) Logout() error { return nil }

func (v *visit) AuthMechanisms() []string {
	if v.p.auth {
		return []string{sasl.Plain}
	}
	return nil
}

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "desk" || password != "right" {
			return smtp.ErrAuthFailed
		}
		v.who = user
		return nil
	}), nil
}

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if v.p.auth && v.who == "" {
		return smtp.ErrAuthRequired
	}
	if v.p.from != nil {
		return v.p.from
	}
	if v.p.keep > 0 && v.sent >= v.p.keep {
		_ = v.c.Conn().Close()
	}
	v.d.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.p.mu.Lock()
	v.p.seen[to]++
	first := v.p.seen[to] == 1
	v.p.mu.Unlock()
	v.d.to = append(v.d.to, to)
	switch name, _, _ := strings.Cut(to, "@"); {
	case name == "temp" && first:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, try again"}
	case name == "perm":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<" + to + ">: no such user"}
	case name == "relay":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Relaying denied"}
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	name, _, _ := strings.Cut(v.d.to[0], "@")
	switch name {
	case "drop":
		_, _ = io.CopyN(io.Discard, r, 10)
		_ = v.c.Conn().Close()
		return io.ErrUnexpectedEOF
	case "slow":
		if v.p.slow != nil {
			v.p.slow()
		}
		<-v.p.hold
		return io.ErrUnexpectedEOF
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if name == "spam" {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "looks like spam"}
	}
	v.d.raw = string(raw)
	v.sent++
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	v.p.got = append(v.p.got, v.d)
	return nil
}

// read takes a message apart as a mail program does.
func (d delivered) read(t *testing.T) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(d.raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}
