package notify

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/certdesk/certdesk/internal/schedule"
)

func settings(p *post, security string) MailSettings {
	return MailSettings{Host: "127.0.0.1", Port: p.Port, Security: security, Authority: p.Authority, From: "desk@example.org", FromName: "长青认证中心", ReplyTo: "ask@example.org", Timeout: 5}
}

func mailer(t *testing.T, s MailSettings) *Mailer {
	t.Helper()
	m, err := NewMailer(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

var aLetter = Letter{Subject: "您的个人认证：通过了", Text: "王䶮，您好：\n\n通过了\n", HTML: "<p>王䶮，您好：</p>"}

func to(name string) Mail { return Mail{ID: "m-" + name, To: name + "@example.net", Letter: aLetter} }

func TestMailArrives(t *testing.T) {
	for _, security := range []string{"none", "starttls", "tls"} {
		t.Run(security, func(t *testing.T) {
			p := newPost(t, nil).open(t, security)
			m := mailer(t, settings(p, security))
			for _, name := range []string{"a", "b", "c"} {
				if _, err := m.Send(t.Context(), to(name)); err != nil {
					t.Fatal(err)
				}
			}
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			got := p.letters()
			if len(got) != 3 || p.connections() != 1 {
				t.Fatal(len(got), "letters by", p.connections(), "connections")
			}
			d := got[0]
			if d.from != "desk@example.org" || !slices.Equal(d.to, []string{"a@example.net"}) {
				t.Fatal(d.from, d.to)
			}
			checkLetter(t, d)
		})
	}
}

func checkLetter(t *testing.T, d delivered) {
	t.Helper()
	msg := d.read(t)
	decode := func(s string) string {
		s, err := new(mime.WordDecoder).DecodeHeader(s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	from, err := msg.Header.AddressList("From")
	if err != nil || from[0].Name != "长青认证中心" || from[0].Address != "desk@example.org" {
		t.Fatal(from, err)
	}
	for name, want := range map[string]string{"Subject": aLetter.Subject, "To": "<a@example.net>", "Reply-To": "<ask@example.org>", "Message-Id": "<m-a@example.org>",
		"Auto-Submitted": "auto-generated", "Mime-Version": "1.0", "X-Mailer": "", "User-Agent": ""} {
		if got := decode(msg.Header.Get(name)); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, err := msg.Header.Date(); err != nil {
		t.Error(err)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, want := range []string{aLetter.Text, aLetter.HTML} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		var r io.Reader = part
		switch part.Header.Get("Content-Transfer-Encoding") {
		case "base64":
			r = base64.NewDecoder(base64.StdEncoding, part)
		case "quoted-printable":
			r = quotedprintable.NewReader(part)
		}
		raw, err := io.ReadAll(r)
		if got := strings.ReplaceAll(string(raw), "\r\n", "\n"); err != nil || got != want {
			t.Errorf("%q %v", got, err)
		}
	}
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Error("a third part", err)
	}
}

// code is what the row will say, and whether it is tried again.
func code(err error) (string, bool) {
	var f *Failure
	if !errors.As(err, &f) {
		return "", false
	}
	return f.Code, schedule.IsPermanent(err)
}

func TestMailErrorsAreToldApart(t *testing.T) {
	p := newPost(t, nil).open(t, "none")
	s := settings(p, "none")
	s.Timeout = 1
	m := mailer(t, s)
	for _, x := range []struct {
		name, code string
		permanent  bool
		said       string
	}{
		{"temp", "mail_later", false, "greylisted"},
		{"temp", "", false, ""},
		{"perm", "mail_refused", true, "no such user"},
		{"spam", "mail_refused", true, "looks like spam"},
		{"relay", "mail_settings", false, "Relaying denied"},
		{"drop", "mail_broken_off", false, ""},
		{"ok", "", false, ""},
		{"slow", "mail_broken_off", false, ""},
		{"ok2", "", false, ""},
	} {
		_, err := m.Send(t.Context(), to(x.name))
		got, permanent := code(err)
		if got != x.code || permanent != x.permanent || (err == nil) != (x.code == "") {
			t.Errorf("%s: %v permanent=%v", x.name, err, permanent)
		}
		if err != nil && (!strings.Contains(err.Error(), x.said) || strings.Contains(err.Error(), "@example.net")) {
			t.Errorf("%s: said %q", x.name, err)
		}
	}
	if n := len(p.letters()); n != 3 {
		t.Fatal(n, "letters")
	}
}

func TestMailDeadServerAndWrongSettings(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := &post{Port: ln.Addr().(*net.TCPAddr).Port}
	ln.Close()
	mute, err := net.Listen("tcp", "127.0.0.1:0") // takes calls and never says a word
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	silent := &post{Port: mute.Addr().(*net.TCPAddr).Port}
	locked := newPost(t, func(p *post) { p.auth = true }).open(t, "tls")
	unwanted := newPost(t, func(p *post) { p.from = &smtp.SMTPError{Code: 550, Message: "sender not known"} }).open(t, "none")
	plain := newPost(t, nil).open(t, "none")
	with := func(p *post, security string, change func(*MailSettings)) MailSettings {
		s := settings(p, security)
		s.Timeout = 1
		if change != nil {
			change(&s)
		}
		return s
	}
	for name, x := range map[string]struct {
		s    MailSettings
		code string
	}{
		"dead":                 {with(dead, "none", nil), "mail_unreachable"},
		"silent":               {with(silent, "none", nil), "mail_unreachable"},
		"unknown authority":    {with(locked, "tls", func(s *MailSettings) { s.Authority = "" }), "mail_unreachable"},
		"no starttls":          {with(plain, "starttls", nil), "mail_unreachable"},
		"tls against plain":    {with(plain, "tls", nil), "mail_unreachable"},
		"wrong password":       {with(locked, "tls", func(s *MailSettings) { s.User, s.Password = "desk", "wrong" }), "mail_settings"},
		"no password":          {with(locked, "tls", nil), "mail_settings"},
		"sender not welcome":   {with(unwanted, "none", nil), "mail_settings"},
		"right password":       {with(locked, "tls", func(s *MailSettings) { s.User, s.Password = "desk", "right" }), ""},
		"password not offered": {with(plain, "none", func(s *MailSettings) { s.User, s.Password = "desk", "right" }), "mail_settings"},
	} {
		m := mailer(t, x.s)
		_, err := m.Send(t.Context(), to("a"))
		if got, permanent := code(err); got != x.code || permanent {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "wrong") && strings.Contains(err.Error(), "password") {
			t.Errorf("%s tells the password: %v", name, err)
		}
	}
}

// A server that closes the connection between two messages is called again; nothing is lost or sent twice.
func TestMailConnectionGivenUpByServer(t *testing.T) {
	p := newPost(t, func(p *post) { p.keep = 1 }).open(t, "none")
	m := mailer(t, settings(p, "none"))
	for _, name := range []string{"a", "b", "c"} {
		if _, err := m.Send(t.Context(), to(name)); err != nil {
			t.Fatal(name, err)
		}
	}
	if n := len(p.letters()); n != 3 || p.connections() != 3 {
		t.Fatal(n, p.connections())
	}
}

func TestMailEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newPost(t, func(p *post) { p.slow = cancel }).open(t, "none")
	s := settings(p, "none")
	s.Timeout = 3600
	m := mailer(t, s)
	_, err := m.Send(ctx, to("slow"))
	if got, _ := code(err); got != "mail_broken_off" {
		t.Fatal(err)
	}
	if _, err := m.Send(ctx, to("ok")); err == nil {
		t.Fatal("sent after the end")
	}
}

func TestMailCannotBeInjectedInto(t *testing.T) {
	p := newPost(t, nil).open(t, "none")
	m := mailer(t, settings(p, "none"))
	for _, bad := range []string{"", "a", "a@", "@b.cn", "a@b", "a@localhost", "a@127.0.0.1", "a@[127.0.0.1]", "a b@c.cn", "a@b.cn,c@d.cn", "a@b.cn;c@d.cn", "<a@b.cn>", "A <a@b.cn>",
		"a@b.cn\r\nBcc: c@d.cn", "a\r\n@b.cn", "a@b.cn\x00", "\"a b\"@c.cn", ".a@b.cn", "a.@b.cn", "a..b@c.cn", "a@-b.cn", "a@b-.cn", "a@b..cn", "a@b.c", "王@b.cn", "a@@b.cn", "a@b@c.cn", "a@b.cn ",
		strings.Repeat("a", 65) + "@b.cn", "a@" + strings.Repeat("b.", 130) + "cn", "a@b.cn> SIZE=1", "a%b@c.cn\n"} {
		if _, err := m.Send(t.Context(), Mail{ID: "x", To: bad, Letter: aLetter}); !schedule.IsPermanent(err) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "a b", "a@b", "a>\r\nBcc: c@d.cn", strings.Repeat("a", 65), "-"} {
		if _, err := m.Send(t.Context(), Mail{ID: bad, To: "a@b.cn", Letter: aLetter}); !schedule.IsPermanent(err) {
			t.Errorf("ID %q: %v", bad, err)
		}
	}
	if n := len(p.letters()); n != 0 || p.connections() != 0 {
		t.Fatal("something was sent", n)
	}
	l := Letter{Subject: "Hello\r\nBcc: c@d.cn\r\n\r\nbody", Text: "line\r\n.\r\nMAIL FROM:<x@y.cn>\r\nRCPT TO:<c@d.cn>\n.\nend", HTML: "<p>.\r\n.\r\n</p>"}
	if _, err := m.Send(t.Context(), Mail{ID: "x", To: "a@b.cn", Letter: l}); err != nil {
		t.Fatal(err)
	}
	got := p.letters()
	if len(got) != 1 || !slices.Equal(got[0].to, []string{"a@b.cn"}) {
		t.Fatal(got)
	}
	msg := got[0].read(t)
	if msg.Header.Get("Bcc") != "" || msg.Header.Get("Subject") != "Hello Bcc: c@d.cn body" {
		t.Fatal(msg.Header)
	}
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{"A.b+c@Example.ORG": "A.b+c@example.org", "a@认证.中国": "a@xn--zc3a6b.xn--fiqs8s", "o'neil@x-y.co": "o'neil@x-y.co"} {
		if got, err := Address(in); err != nil || got != want {
			t.Error(in, got, err)
		}
	}
	for in, ok := range map[string]bool{"+8613800001234": true, "+4915112345678": true, "13800001234": false, "+0138000012": false, "+86 13800001234": false, "+86138000012345678": false, "": false, "+86138\n": false} {
		if _, err := Phone(in); (err == nil) != ok {
			t.Error(in, err)
		}
	}
}

func TestMailSettingsAreChecked(t *testing.T) {
	good := MailSettings{Host: "smtp.example.org", Security: "tls", From: "desk@example.org"}
	for want, change := range map[string]func(*MailSettings){
		"mail_host":        func(s *MailSettings) { s.Host = "smtp.example.org\r\n" },
		"mail_port":        func(s *MailSettings) { s.Port = 70000 },
		"mail_security":    func(s *MailSettings) { s.Security = "ssl" },
		"mail_plain":       func(s *MailSettings) { s.Security = "none" },
		"mail_from":        func(s *MailSettings) { s.From = "desk" },
		"mail_from_name":   func(s *MailSettings) { s.FromName = "Desk\r\nBcc: a@b.cn" },
		"mail_reply_to":    func(s *MailSettings) { s.ReplyTo = "a@b.cn, c@d.cn" },
		"mail_authority":   func(s *MailSettings) { s.Authority = "not PEM" },
		"mail_dkim_domain": func(s *MailSettings) { s.DKIM = DKIM{Domain: "example", Selector: "s", Key: "k"} },
		"mail_dkim_key":    func(s *MailSettings) { s.DKIM = DKIM{Domain: "example.org", Selector: "s", Key: "k"} },
	} {
		s := good
		change(&s)
		var e SettingsError
		if _, err := NewMailer(s); !errors.As(err, &e) || string(e) != want {
			t.Error(want, err)
		}
	}
	if _, err := NewMailer(good); err != nil {
		t.Fatal(err)
	}
	good.Security, good.AllowPlain = "none", true
	if _, err := NewMailer(good); err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]int{"tls": 465, "starttls": 587, "none": 25} {
		if got := (MailSettings{Security: s}).port(); got != want {
			t.Error(s, got)
		}
	}
}

// The signature is checked as RFC 6376 says, with nothing of the library that made it.
func TestMailIsSigned(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := newPost(t, nil).open(t, "none")
	s := settings(p, "none")
	s.DKIM = DKIM{"example.org", "s1", string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))}
	if _, err := mailer(t, s).Send(t.Context(), to("a")); err != nil {
		t.Fatal(err)
	}
	raw := p.letters()[0].raw
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	unfolded := regexp.MustCompile(`\r\n[ \t]+`).ReplaceAllString(head, " ")
	fields := map[string]string{}
	for _, line := range strings.Split(unfolded, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		fields[strings.ToLower(name)] = strings.TrimSpace(regexp.MustCompile(`[ \t]+`).ReplaceAllString(value, " "))
	}
	sig := fields["dkim-signature"]
	tag := func(name string) string {
		m := regexp.MustCompile(`(?:^|;)\s*` + name + `=([^;]*)`).FindStringSubmatch(sig)
		if m == nil {
			t.Fatal("no tag", name, "in", sig)
		}
		return strings.ReplaceAll(strings.TrimSpace(m[1]), " ", "")
	}
	if tag("d") != "example.org" || tag("s") != "s1" || tag("a") != "rsa-sha256" || tag("c") != "relaxed/relaxed" {
		t.Fatal(sig)
	}
	body = regexp.MustCompile(`[ \t]+\r\n`).ReplaceAllString(regexp.MustCompile(`[ \t]+`).ReplaceAllString(body, " "), "\r\n")
	body = strings.TrimRight(body, "\r\n") + "\r\n"
	if sum := sha256.Sum256([]byte(body)); base64.StdEncoding.EncodeToString(sum[:]) != tag("bh") {
		t.Error("body hash")
	}
	var signed strings.Builder
	used := map[string]bool{}
	for _, name := range strings.Split(strings.ToLower(tag("h")), ":") {
		if value, ok := fields[name]; ok && !used[name] {
			signed.WriteString(name + ":" + value + "\r\n")
		}
		used[name] = true
	}
	signed.WriteString("dkim-signature:" + strings.TrimSpace(regexp.MustCompile(`b=[^;]*$|\bb=[^;]*;`).ReplaceAllString(sig, "b=")))
	b, err := base64.StdEncoding.DecodeString(tag("b"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(signed.String()))
	if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], b); err != nil {
		t.Errorf("%v\n%s", err, signed.String())
	}
	if !used["from"] || !used["subject"] || !used["to"] {
		t.Error("not signed:", tag("h"))
	}
}
