package hostile

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// What people do at such a desk.

var (
	sixDigits   = regexp.MustCompile(`\b\d{6}\b`)
	application = regexp.MustCompile(`/applications/([a-z0-9]{15})`)
)

// signUp registers by a mailed code and agrees to both notices.
func (p *process) signUp(b *testkit.Browser, mail string) {
	p.t.Helper()
	b.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", mail).Want(200)
	b.Send("/sign-in/code", "code", sixDigits.FindString(p.mails.Wait(p.t, mail, "验证码").Text), "own", "yes").Want(200)
	b.Send("/consent", "privacy", "yes", "identity", "yes").Want(200)
}

// start opens a draft for oneself, and returns its ID.
func (p *process) start(b *testkit.Browser, name string) string {
	p.t.Helper()
	b.Get("/holders/new/person?type=individual").Want(200).Send("/holders/new/person", "name", name).Want(200).Send("/apply/individual").Want(200)
	m := application.FindStringSubmatch(b.Path)
	if m == nil {
		p.t.Fatalf("no draft at %s:\n%s", b.Path, b.Text())
	}
	return m[1]
}

// fill answers every question and sends every document that is there, up to the last page.
func (p *process) fill(b *testkit.Browser, id string, answers map[string]string, papers map[string][]byte, name string) {
	p.t.Helper()
	var pairs []string
	for k, v := range answers {
		if v == check.Long {
			pairs = append(pairs, "q."+k+".long", "yes")
		} else {
			pairs = append(pairs, "q."+k, v)
		}
	}
	b.Get("/applications/" + id + "/q/name").Want(200)
	for range 40 {
		path, _, _ := strings.Cut(strings.TrimPrefix(b.Path, "/applications/"+id), "?")
		switch {
		case strings.HasPrefix(path, "/q/"):
			b.Send(path, pairs...).Want(200)
		case strings.HasPrefix(path, "/slot/"):
			if raw := papers[strings.TrimPrefix(path, "/slot/")]; raw != nil {
				b.Upload(path, name, raw).Want(200)
			}
			b.Upload(path, "", nil, "go", "next").Want(200)
		case path == "/check":
			return
		}
	}
	p.t.Fatalf("stuck at %s:\n%s", b.Path, b.Text())
}

// desk signs a colleague in, with the mailed code.
func (p *process) desk(b *testkit.Browser, mail, secret string) *testkit.Browser {
	p.t.Helper()
	var in struct{ Code string }
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": mail, "password": secret}, &in).Want(http.StatusOK)
	return b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": in.Code, "digits": sixDigits.FindString(p.mails.Wait(p.t, mail, "验证码").Text)}, nil).Want(http.StatusOK)
}

// reviewer invites somebody, who joins and signs in.
func (p *process) reviewer(m *testkit.Browser, name, mail, secret string) *testkit.Browser {
	p.t.Helper()
	m.Call("POST", "/api/desk/staff", map[string]any{"name": name, "email": mail, "roles": []string{"reviewer", "lead"}, "types": []string{"individual"}, "capacity": 20, "lang": "zh-Hans"}, nil).Want(http.StatusOK)
	code := regexp.MustCompile(`/join/([A-Za-z0-9._-]+)`).FindStringSubmatch(p.mails.Wait(p.t, mail, "/join/").Text)
	b := p.browser()
	b.Call("POST", "/api/desk/join", map[string]any{"code": code[1], "password": secret, "pledge": true}, nil).Want(http.StatusOK)
	return p.desk(b, mail, secret)
}

// authenticator sets one up for a colleague; its secret and the recovery codes are kept in p.made.
func (p *process) authenticator(b *testkit.Browser) {
	p.t.Helper()
	var begun struct{ Secret string }
	b.Call("POST", "/api/desk/factor/begin", nil, &begun).Want(http.StatusOK)
	now, err := totp.GenerateCode(begun.Secret, time.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	var enrolled struct{ Recovery []string }
	b.Call("POST", "/api/desk/factor", map[string]string{"kind": "totp", "secret": begun.Secret, "digits": now}, &enrolled).Want(http.StatusOK)
	if len(enrolled.Recovery) < 5 {
		p.t.Fatalf("recovery codes: %q", enrolled.Recovery)
	}
	p.made = map[string]string{"authenticator's secret": begun.Secret}
	for i, code := range enrolled.Recovery {
		p.made[fmt.Sprint("recovery code ", i)] = code
	}
}

// atOnce lets results leave at once, so that there is a certificate to stop.
func (p *process) atOnce() {
	p.t.Helper()
	var s map[string]any
	p.boss.Call("GET", "/api/desk/settings", nil, &s).Want(http.StatusOK)
	s["takeBackMinutes"], s["mail"] = 0, ""
	for _, shown := range []string{"rev", "smsDriver"} {
		delete(s, shown)
	}
	p.boss.Call("POST", "/api/desk/settings", s, nil).Want(http.StatusOK)
}
