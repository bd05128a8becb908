package hooks_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pquerna/otp/totp"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// Who is signed in, for how long, and what ends it; and where a form may come from.

// sum is the digest under which the secret of a cookie is kept.
func sum(s string) string {
	d := sha256.Sum256([]byte(s))
	return hex.EncodeToString(d[:])
}

// reply is an answer with its headers.
type reply struct {
	*http.Response
	body string
}

// raw sends one request as it is, with what the browser keeps, and follows nothing.
func raw(t *testing.T, b *testkit.Browser, method, path, media, body string, header map[string]string) reply {
	t.Helper()
	req, err := http.NewRequest(method, b.Base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	stay := *b.Client
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := stay.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var text strings.Builder
	buf := make([]byte, 32<<10)
	for {
		n, err := res.Body.Read(buf)
		text.Write(buf[:n])
		if err != nil {
			break
		}
	}
	return reply{res, text.String()}
}

func (r reply) cookie(name string) *http.Cookie {
	for _, c := range r.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// in reports whether the browser is signed in to the portal; a look in the background keeps no session alive.
func in(t *testing.T, b *testkit.Browser) bool {
	t.Helper()
	return raw(t, b, "GET", "/account", "", "", map[string]string{"X-Desk-Background": "1"}).StatusCode == 200
}

func inDesk(t *testing.T, b *testkit.Browser) bool {
	t.Helper()
	return raw(t, b, "GET", "/api/desk/me", "", "", map[string]string{"X-Desk-Background": "1"}).StatusCode == 200
}

const form = "application/x-www-form-urlencoded"

// signInAgain signs an account in by a mailed code, on its own or a shared device, and returns the answer that did it.
func signInAgain(t *testing.T, d *testkit.Desk, b *testkit.Browser, mail string, own bool) reply {
	t.Helper()
	d.Clock.Move(61 * time.Second)
	b.Get("/sign-in/email").Send("/sign-in/email", "contact", mail).Want(200)
	u, err := url.Parse(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	v := url.Values{"code": {d.Messages("code_sign_in")[0].Words["code"]}}
	if own {
		v.Set("own", "yes")
	}
	r := raw(t, b, "POST", "/sign-in/code?c="+u.Query().Get("c"), form, v.Encode(), map[string]string{"Sec-Fetch-Site": "same-origin"})
	if r.StatusCode != 303 {
		t.Fatalf("not signed in: %d %s", r.StatusCode, r.body)
	}
	return r
}

func TestAccountSessions(t *testing.T) {
	d := testkit.Open(t)
	b := d.Browser()
	const mail = "session@example.com"
	signUp(t, d, b, mail)
	t.Run("one's own device: 30 days, sliding", func(t *testing.T) {
		own := d.Browser()
		k := signInAgain(t, d, own, mail, true).cookie("certdesk_account")
		if k == nil || k.MaxAge != 30*24*3600 || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
			t.Fatalf("cookie: %+v", k)
		}
		for range 3 {
			d.Clock.Move(29 * 24 * time.Hour)
			own.Get("/account").Want(200)
			if !strings.HasPrefix(own.Path, "/account") {
				t.Fatalf("signed out while in use: %s", own.Path)
			}
		}
		d.Clock.Move(30*24*time.Hour + time.Minute)
		if in(t, own) {
			t.Fatal("still signed in after 30 days without use")
		}
	})
	t.Run("a shared device: until the browser closes", func(t *testing.T) {
		shared := d.Browser()
		k := signInAgain(t, d, shared, mail, false).cookie("certdesk_account")
		if k == nil || k.MaxAge != 0 || !k.Expires.IsZero() || !k.HttpOnly {
			t.Fatalf("cookie: %+v", k)
		}
		d.Clock.Move(11 * time.Hour)
		shared.Get("/account").Want(200)
		d.Clock.Move(time.Hour + time.Minute)
		if in(t, shared) {
			t.Fatal("still signed in on a shared device after 12 hours")
		}
	})
	t.Run("sign out", func(t *testing.T) {
		one, two, three := d.Browser(), d.Browser(), d.Browser()
		for _, x := range []*testkit.Browser{one, two, three} {
			signInAgain(t, d, x, mail, true)
		}
		kept := raw(t, one, "GET", "/account", "", "", nil).Request.Header.Get("Cookie")
		one.Get("/account").Want(200).Send("/sign-out").Want(200)
		if in(t, one) || !in(t, two) || !in(t, three) {
			t.Fatal("signing out ends this session, and this one only")
		}
		thief := &testkit.Browser{T: t, Base: d.URL, Client: &http.Client{}, Header: http.Header{}}
		if raw(t, thief, "GET", "/account", "", "", map[string]string{"Cookie": kept}).StatusCode == 200 {
			t.Fatal("a kept cookie still opens the account")
		}
		if r := raw(t, two, "POST", "/sign-out", form, "all=yes", map[string]string{"Sec-Fetch-Site": "same-origin"}); r.StatusCode != 303 {
			t.Fatalf("sign out everywhere: %d", r.StatusCode)
		}
		if in(t, two) || in(t, three) {
			t.Fatal("signing out everywhere left a session")
		}
	})
	t.Run("a new password ends every other session", func(t *testing.T) {
		one, two := d.Browser(), d.Browser()
		signInAgain(t, d, one, mail, true)
		signInAgain(t, d, two, mail, true)
		one.Get("/account/password").Want(200).Send("/account/password", "password", "a quite new password").Want(200)
		if !in(t, one) || in(t, two) {
			t.Fatal("a changed password keeps this session and ends the others")
		}
		d.Clock.Move(61 * time.Minute) // past the limit of codes in an hour
		three := d.Browser()
		three.Get("/reset").Want(200).Send("/reset", "contact", mail).Want(200)
		three.Send("/reset/code", "code", d.Messages("code_reset")[0].Words["code"], "password", "another new password").Want(200)
		if !in(t, three) || in(t, one) {
			t.Fatal("a reset signs in here and ends the others")
		}
		four := d.Browser()
		four.Get("/sign-in/password").Send("/sign-in/password", "contact", mail, "password", "a quite new password")
		if in(t, four) {
			t.Fatal("the old password still opens the account")
		}
	})
}

// A reset answers the same whether or not there is an account, the second time too.
func TestResetTellsNothing(t *testing.T) {
	d := testkit.Open(t)
	signUp(t, d, d.Browser(), "known@example.com")
	d.Clock.Move(61 * time.Second)
	var said [2][]string
	for i, mail := range []string{"known@example.com", "nobody@example.com"} {
		b := d.Browser()
		for range 2 {
			b.Get("/reset").Want(200).Send("/reset", "contact", mail)
			path, _, _ := strings.Cut(b.Path, "?")
			said[i] = append(said[i], path, strings.ReplaceAll(strings.ReplaceAll(b.Text(), mail, "MAIL"), mail[:2]+"***@example.com", "MASKED"))
		}
	}
	for i := range said[0] {
		if said[0][i] != said[1][i] {
			t.Errorf("known: %s\nunknown: %s", said[0][i], said[1][i])
		}
	}
	if n := len(d.Messages("code_reset")); n != 1 {
		t.Errorf("%d codes were sent", n)
	}
}

// secured is a desk that is no demo: nobody comes in without a second factor.
func secured(t *testing.T, change ...func(*config.Config)) *testkit.Desk {
	t.Helper()
	d := testkit.New(t, change...)
	url := d.URL
	if d.Config.URL != "" {
		url = d.Config.URL
	}
	d.Must(command.Run(t.Context(), d.Desk, command.Itself, command.SetUp, command.At{ID: records.DeskID}, command.Opening{
		Settings: command.Settings{NameZh: "认证中心", NameEn: "Desk", Zone: "Asia/Shanghai", Lang: "zh-Hans", PublicURL: url, Free: true, SMSTested: true},
		Manager:  "林经理", Email: "manager@example.com", Hash: "x", Factor: true}))
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	return d
}

type signedIn struct {
	Factor, Code string
	Me           *struct{ Email string }
}

func TestSecondFactor(t *testing.T) {
	d := secured(t)
	b := d.Browser()
	first := func(b *testkit.Browser) (s signedIn) {
		t.Helper()
		d.Clock.Move(16 * time.Minute) // so that no limit of sign-ins is met
		b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, &s).Want(200)
		if s.Me != nil || inDesk(t, b) {
			t.Fatal("the password alone opened the desk")
		}
		return s
	}
	s := first(b)
	if s.Factor != "mail" || s.Code == "" {
		t.Fatalf("first step: %+v", s)
	}
	for _, l := range d.Lines() {
		method, pattern, _ := strings.Cut(l.Pattern, " ")
		if !strings.HasPrefix(pattern, "/api/desk/") || strings.Contains(pattern, "sign-") || strings.HasSuffix(pattern, "/join") || strings.HasPrefix(pattern, "/api/desk/reset") ||
			strings.HasSuffix(pattern, "/complain") { // anybody may complain
			continue
		}
		path := strings.NewReplacer("{id}", absent, "{document}", absent, "{page}", "1").Replace(pattern)
		if r := raw(t, b, method, path, "application/json", "", map[string]string{"Sec-Fetch-Site": "same-origin"}); r.StatusCode != 401 {
			t.Errorf("between the factors %s answers %d: %.200s", l.Pattern, r.StatusCode, r.body)
		}
	}
	b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": s.Code, "digits": "000000"}, nil).Want(422)
	digits := d.Messages("staff_code")[0].Words["code"]
	b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": s.Code, "digits": digits}, nil).Want(200)
	if !inDesk(t, b) {
		t.Fatal("not in with both factors")
	}
	other := d.Browser()
	first(other)
	other.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": s.Code, "digits": digits}, nil).Want(422)
	d.Browser().Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": s.Code, "digits": digits}, nil).Want(401)
	t.Run("authenticator and recovery codes, each once", func(t *testing.T) { factors(t, d, b, first) })
	t.Run("a desk that is no demo has no demo pages", func(t *testing.T) {
		for _, path := range []string{"/demo", "/demo/outbox", "/demo/clock"} {
			d.Browser().Get(path).Want(404)
		}
		if r := raw(t, d.Browser(), "POST", "/demo/clock", form, "days=30", map[string]string{"Sec-Fetch-Site": "same-origin"}); r.StatusCode != 404 {
			t.Errorf("the demo's clock answers %d", r.StatusCode)
		}
	})
}

// Whoever opens the sign-in page again within the minute enters the code that was sent; one that was guessed at too often is
// no way in.
func TestSignInAgainWithinTheMinute(t *testing.T) {
	d := secured(t)
	in := map[string]string{"email": "chen@example.com", "password": testkit.Password}
	var one, two signedIn
	d.Browser().Call("POST", "/api/desk/sign-in", in, &one).Want(200)
	b := d.Browser()
	b.Call("POST", "/api/desk/sign-in", in, &two).Want(200)
	if two.Factor != "mail" || two.Code != one.Code || len(d.Messages("staff_code")) != 1 {
		t.Fatalf("first %+v, then %+v, %d mails", one, two, len(d.Messages("staff_code")))
	}
	if inDesk(t, b) {
		t.Fatal("the password alone opened the desk")
	}
	digits := d.Messages("staff_code")[0].Words["code"]
	wrong := map[bool]string{true: "111111", false: "222222"}[digits == "222222"]
	for range 6 {
		b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": two.Code, "digits": wrong}, nil)
	}
	b.Call("POST", "/api/desk/sign-in", in, nil)
	b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": two.Code, "digits": digits}, nil).Want(429)
	if inDesk(t, b) {
		t.Fatal("guesses without end")
	}
	d.Clock.Move(16 * time.Minute)
	b.Call("POST", "/api/desk/sign-in", in, &two).Want(200)
	if two.Code == one.Code {
		t.Fatal("the code that was guessed at is offered again")
	}
	all := d.Messages("staff_code") // the newest first
	b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": two.Code, "digits": all[0].Words["code"]}, nil).Want(200)
	if !inDesk(t, b) {
		t.Error("not in with both factors")
	}
}

func factors(t *testing.T, d *testkit.Desk, b *testkit.Browser, first func(*testkit.Browser) signedIn) {
	var begun struct{ Secret string }
	b.Call("POST", "/api/desk/factor/begin", nil, &begun).Want(200)
	b.Call("POST", "/api/desk/factor", map[string]string{"kind": "totp", "secret": begun.Secret, "digits": "123"}, nil).Want(422)
	key, recovery := enrol(t, b)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes", len(recovery))
	}
	one := d.Browser()
	if s := first(one); s.Factor != "totp" || s.Code != "" {
		t.Fatalf("first step: %+v", s)
	}
	spent, _ := totp.GenerateCode(key, time.Now())
	one.Call("POST", "/api/desk/sign-in/factor", map[string]string{"digits": spent}, nil).Want(422) // the one that set it up
	now, err := totp.GenerateCode(key, time.Now().Add(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	one.Call("POST", "/api/desk/sign-in/factor", map[string]string{"digits": now}, nil).Want(200)
	var again signedIn // at once: the same code, as it is and with a space, is spent
	two := d.Browser()
	two.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, &again).Want(200)
	for _, digits := range []string{now, " " + now, now[:3] + " " + now[3:]} {
		two.Call("POST", "/api/desk/sign-in/factor", map[string]string{"digits": digits}, nil).Want(422)
	}
	if inDesk(t, two) {
		t.Fatal("an authenticator's code opened the desk twice")
	}
	three := d.Browser()
	first(three)
	three.Call("POST", "/api/desk/sign-in/factor", map[string]string{"recovery": "wrong-wrong"}, nil).Want(422)
	three.Call("POST", "/api/desk/sign-in/factor", map[string]string{"recovery": strings.ToUpper(recovery[0])}, nil).Want(200)
	four := d.Browser()
	first(four)
	four.Call("POST", "/api/desk/sign-in/factor", map[string]string{"recovery": recovery[0]}, nil).Want(422)
	four.Call("POST", "/api/desk/sign-in/factor", map[string]string{"recovery": recovery[1]}, nil).Want(200)
}

func TestStaffSessions(t *testing.T) {
	d := testkit.Open(t)
	id := d.Staff("陈明", "chen@example.com", flow.Reviewer, flow.Lead)
	sign := func() (*testkit.Browser, reply) {
		t.Helper()
		d.Clock.Move(16 * time.Minute)
		b := d.Browser()
		r := raw(t, b, "POST", "/api/desk/sign-in", "application/json", `{"email":"chen@example.com","password":"`+testkit.Password+`"}`, map[string]string{"Sec-Fetch-Site": "same-origin"})
		if r.StatusCode != 200 || !inDesk(t, b) {
			t.Fatalf("not signed in: %d %s", r.StatusCode, r.body)
		}
		return b, r
	}
	b, r := sign()
	k := r.cookie("certdesk_staff")
	if k == nil || k.SameSite != http.SameSiteStrictMode || !k.HttpOnly || k.MaxAge != 0 || k.Path != "/" || strings.Contains(r.body, k.Value) {
		t.Fatalf("cookie: %+v", k)
	}
	d.Clock.Move(29 * time.Minute)
	b.Get("/api/desk/me").Want(200)
	d.Clock.Move(29 * time.Minute)
	if !inDesk(t, b) {
		t.Fatal("signed out while at work")
	}
	d.Clock.Move(2 * time.Minute)
	if inDesk(t, b) {
		t.Fatal("still signed in after 30 idle minutes; asking in the background is not work")
	}
	b, _ = sign()
	for range 12*60/20 - 1 {
		d.Clock.Move(20 * time.Minute)
		b.Get("/api/desk/me").Want(200)
	}
	d.Clock.Move(21 * time.Minute)
	b.Get("/api/desk/me").Want(401)
	one, _ := sign()
	two, _ := sign()
	one.Call("POST", "/api/desk/sign-out", nil, nil).Want(204)
	if inDesk(t, one) || !inDesk(t, two) {
		t.Fatal("signing out ends this session, and this one only")
	}
	one, _ = sign()
	two.Get("/api/desk/me").Want(200)
	one.Call("POST", "/api/desk/password", map[string]string{"old": testkit.Password, "new": testkit.Password}, nil).Want(200)
	if !inDesk(t, one) || inDesk(t, two) {
		t.Fatal("a new password keeps this session and ends the others")
	}
	manager := signInStaff(t, d, "manager@example.com")
	one.Get("/api/desk/team").Want(200)
	manager.Call("POST", "/api/desk/staff/"+id+"/grant-role", map[string][]string{"roles": {"reviewer"}, "types": {"individual"}}, nil).Want(200)
	one.Get("/api/desk/team").Want(403)
	one.Get("/api/desk/queue").Want(200)
	manager.Call("POST", "/api/desk/staff/"+id+"/deactivate", map[string]string{}, nil).Want(200)
	one.Get("/api/desk/queue").Want(401)
	late := d.Browser()
	late.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(422)
	if manager.Call("POST", "/api/desk/staff/"+staffID(t, d, "manager@example.com")+"/deactivate", map[string]string{}, nil); manager.Status != 403 {
		t.Errorf("a manager's own deactivation answers %d", manager.Status)
	}
}

func staffID(t *testing.T, d *testkit.Desk, mail string) string {
	t.Helper()
	s, err := records.Find[*records.Staff](d.App.DB(), dbx.HashExp{"email": mail})
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// A change comes from our own pages, or from nowhere.
func TestCrossSite(t *testing.T) {
	d := testkit.Open(t)
	b := d.Browser()
	signUp(t, d, b, "form@example.com")
	b.Get("/account").Want(200)
	const path, body = "/account", "channel=mail&lang=en"
	token := between(t, b.Body, `name="token" value="`, `"`)
	other := d.Browser()
	other.Get("/sign-in/email")
	foreign := between(t, other.Body, `name="token" value="`, `"`)
	for name, tc := range map[string]struct {
		header map[string]string
		body   string
		want   int
	}{
		"from another site":               {map[string]string{"Sec-Fetch-Site": "cross-site"}, body, 403},
		"from a sibling":                  {map[string]string{"Sec-Fetch-Site": "same-site"}, body, 403},
		"another site, with the token":    {map[string]string{"Sec-Fetch-Site": "cross-site"}, body + "&token=" + token, 403},
		"a foreign origin":                {map[string]string{"Origin": "https://evil.example.com"}, body, 403},
		"a foreign origin with the token": {map[string]string{"Origin": "https://evil.example.com"}, body + "&token=" + token, 403},
		"a hidden origin":                 {map[string]string{"Origin": "null"}, body, 403},
		"our own page":                    {map[string]string{"Sec-Fetch-Site": "same-origin"}, body, 303},
		"typed in":                        {map[string]string{"Sec-Fetch-Site": "none"}, body, 303},
		"our origin":                      {map[string]string{"Origin": d.URL}, body, 303},
		"neither, no token":               {nil, body, 403},
		"neither, a wrong token":          {nil, body + "&token=x", 403},
		"neither, somebody else's token":  {nil, body + "&token=" + foreign, 403},
		"neither, the token in the query": {map[string]string{"X-Query": token}, body, 403},
		"neither, with the token":         {nil, body + "&token=" + token, 303},
	} {
		if r := raw(t, b, "POST", path, form, tc.body, tc.header); r.StatusCode != tc.want {
			t.Errorf("%s answers %d, want %d", name, r.StatusCode, tc.want)
		}
	}
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	chen := signInStaff(t, d, "chen@example.com")
	for name, tc := range map[string]struct {
		media  string
		header map[string]string
		want   int
	}{
		"text from another site":   {"text/plain", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"JSON from another site":   {"application/json", map[string]string{"Origin": "https://evil.example.com"}, 403},
		"a form without a header":  {form, nil, 403},
		"text without a header":    {"text/plain", nil, 403},
		"no media type, no header": {"", nil, 403},
		"JSON without a header":    {"application/json; charset=utf-8", nil, 200},
		"our own page":             {"application/json", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
	} {
		r := raw(t, chen, "POST", "/api/desk/staff/"+staffID(t, d, "chen@example.com")+"/set-absence", tc.media, `{"from":"","until":""}`, tc.header)
		if r.StatusCode != tc.want {
			t.Errorf("%s answers %d, want %d: %s", name, r.StatusCode, tc.want, r.body)
		}
	}
}

func between(t *testing.T, s, a, z string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, a)
	inside, _, end := strings.Cut(rest, z)
	if !ok || !end {
		t.Fatalf("nothing between %q and %q", a, z)
	}
	return inside
}

// Before anybody set the desk up, how it listens says whether cookies need the TLS that they came over.
func TestCookiesOfANewDesk(t *testing.T) {
	for name, change := range map[string]func(*config.Config){
		"plain":  func(*config.Config) {},
		"domain": func(c *config.Config) { c.Domain = "desk.example.com" },
		"own":    func(c *config.Config) { c.TLSCert, c.TLSKey = "cert.pem", "key.pem" },
	} {
		r := raw(t, testkit.New(t, change).Browser(), "GET", "/setup", "", "", nil)
		for _, k := range r.Cookies() {
			if k.Secure != (name != "plain") || strings.HasPrefix(k.Name, "__Host-") != (name != "plain") {
				t.Errorf("%s: %s, secure %v", name, k.Name, k.Secure)
			}
		}
		if len(r.Cookies()) == 0 {
			t.Errorf("%s: no cookie", name)
		}
	}
}

// Every kind of answer carries the headers that keep a browser safe; pages with data are kept nowhere.
func TestSecurityHeaders(t *testing.T) {
	for name, change := range map[string]func(*config.Config){"http": nil, "https": func(c *config.Config) { c.URL = "https://desk.example.com" }} {
		t.Run(name, func(t *testing.T) {
			var d *testkit.Desk
			if change == nil {
				d = testkit.Open(t)
			} else {
				d = testkit.Open(t, change)
			}
			b := d.Browser()
			if name == "http" {
				signUp(t, d, b, "headers@example.com")
			}
			for path, kept := range map[string]bool{"/": false, "/sign-in": false, "/me": false, "/account": false, "/nowhere": false, "/api/nowhere": true, "/api/desk/me": true, "/api/desk/queue": true,
				"/verify?number=x": false, "/v/x": false, "/v/x/badge.svg": false, "/ui/portal.css": true, "/favicon.ico": true, "/robots.txt": true, "/_/": true, "/_/extensions.js": true,
				"/api/health": true, "/api/collections": true, "/types/individual/forms/work_proof": false, "/lang/en": true} {
				r := raw(t, b, "GET", path, "", "", nil)
				h := r.Header
				csp := h.Get("Content-Security-Policy")
				for _, must := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"} {
					if !strings.Contains(csp, must) {
						t.Errorf("%s: the policy lacks %s: %q", path, must, csp)
					}
				}
				if strings.Contains(csp, "script-src") || !strings.HasPrefix(path, "/_/") && strings.Contains(csp, "unsafe") {
					t.Errorf("%s: the policy opens scripts or styles: %q", path, csp)
				}
				if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
					t.Errorf("%s: %v", path, h)
				}
				if !kept && r.StatusCode != 303 && h.Get("Cache-Control") != "no-store" {
					t.Errorf("%s (%d) may be kept: %q", path, r.StatusCode, h.Get("Cache-Control"))
				}
				if (h.Get("Strict-Transport-Security") != "") != (name == "https") {
					t.Errorf("%s: Strict-Transport-Security %q", path, h.Get("Strict-Transport-Security"))
				}
				if h.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s is open to other sites", path)
				}
			}
			names(t, d, name == "https")
		})
	}
}

// names looks at what the cookies are called, and that scripts read none but the language: with the prefix that browsers guard where the public URL has https.
func names(t *testing.T, d *testkit.Desk, https bool) {
	t.Helper()
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := d.Browser()
	b.Client.Jar, _ = cookiejar.New(nil)
	for _, r := range []reply{raw(t, b, "GET", "/sign-in/email", "", "", nil), raw(t, b, "GET", "/lang/en", "", "", nil),
		raw(t, b, "POST", "/api/desk/sign-in", "application/json", `{"email":"chen@example.com","password":"`+testkit.Password+`"}`, map[string]string{"Sec-Fetch-Site": "same-origin"})} {
		if len(r.Cookies()) == 0 {
			t.Fatalf("%s set no cookie: %d %s", r.Request.URL, r.StatusCode, r.body)
		}
		for _, k := range r.Cookies() {
			if strings.HasPrefix(k.Name, "__Host-") != https || k.Secure != https || !k.HttpOnly && !strings.HasSuffix(k.Name, "_lang") || k.Path != "/" || k.Domain != "" {
				t.Errorf("cookie: %+v", k)
			}
		}
	}
}

// What a guest is told about an error is for a person and for a machine, and nothing of the inside.
func TestErrorsSayNothingOfTheInside(t *testing.T) {
	d := testkit.Open(t)
	for _, path := range []string{"/api/desk/queue", "/api/desk/applications/x", "/api/nowhere"} {
		r := raw(t, d.Browser(), "GET", path, "", "", map[string]string{"Accept-Language": "en"})
		var e struct {
			Status        int
			Code, Message string
		}
		if err := json.Unmarshal([]byte(r.body), &e); err != nil || e.Status != r.StatusCode || e.Code == "" || e.Message == "" || strings.Contains(r.body, "sql") {
			t.Errorf("%s: %v %s", path, err, r.body)
		}
	}
}

// The settings say that the mail server of the start goes before theirs.
func TestSettingsNameTheMailServerOfTheStart(t *testing.T) {
	for _, change := range [][]func(*config.Config){nil, {testkit.OpenPostbox(t).Mailed}} {
		d := testkit.Open(t, change...)
		b := d.Browser()
		b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "manager@example.com", "password": testkit.Password}, nil).Want(200)
		var said struct {
			MailAtStart *struct{ Host, From string }
		}
		b.Call("GET", "/api/desk/settings", nil, &said).Want(200)
		if m := said.MailAtStart; (m != nil) != (change != nil) || m != nil && (m.Host != "127.0.0.1" || m.From != "desk@example.com") {
			t.Errorf("given at the start %v: %+v", change != nil, m)
		}
	}
}

// Signing in by a mailed code is offered wherever mails can be sent: by the desk's settings, or by the one of the start.
func TestMailIsOffered(t *testing.T) {
	box := testkit.OpenPostbox(t)
	for name, c := range map[string]struct {
		change []func(*config.Config)
		want   bool
	}{"no mail server": {nil, false}, "one given at the start": {[]func(*config.Config){box.Mailed}, true}} {
		d := testkit.Open(t, c.change...)
		if _, err := d.App.DB().NewQuery("UPDATE desk SET demo=FALSE, mail=''").Execute(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(1100 * time.Millisecond) // the row of the desk is kept for a second
		if got := strings.Contains(d.Browser().Get("/sign-in/password").Want(200).Body, "/sign-in/email"); got != c.want {
			t.Errorf("%s: offered %v", name, got)
		}
	}
}
