package hooks_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// Public doors are counted: who comes too often is told so, in words, and may come again later.

// refusedUntil uses a door as often as its limit allows, then once more, then after its window.
func refusedUntil(t *testing.T, d *testkit.Desk, name string, use func() reply) {
	t.Helper()
	l := flow.LimitNamed(name)
	for i := range l.Count {
		if r := use(); r.StatusCode == 429 || strings.Contains(r.body, l.Text.ZhHans) {
			t.Fatalf("%s: use %d of %d was refused: %d", name, i+1, l.Count, r.StatusCode)
		}
	}
	if r := use(); !strings.Contains(r.body, l.Text.ZhHans) {
		t.Fatalf("%s: use %d answers %d: %.2000s", name, l.Count+1, r.StatusCode, r.body)
	}
	d.Clock.Move(l.Window + time.Second)
	if r := use(); strings.Contains(r.body, l.Text.ZhHans) {
		t.Fatalf("%s: still refused after %s", name, l.Window)
	}
}

func TestDoorsAreCounted(t *testing.T) {
	zh := map[string]string{"Accept-Language": "zh-CN", "Sec-Fetch-Site": "same-origin"}
	for name, use := range map[string]func(*testing.T, *testkit.Desk) func() reply{
		"verify_ip": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			return func() reply { return raw(t, b, "GET", "/v/x", "", "", zh) }
		},
		"verify_unknown": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			return func() reply { return raw(t, b, "GET", "/verify?number=C-2026-9999", "", "", zh) }
		},
		"sign_in_ip": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			n := 0
			return func() reply {
				n++
				v := url.Values{"contact": {"guess" + string(rune('a'+n%26)) + string(rune('a'+n/26)) + "@example.com"}, "password": {"x"}}
				return raw(t, b, "POST", "/sign-in/password", form, v.Encode(), zh)
			}
		},
		"post_ip": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			return func() reply { return raw(t, b, "POST", "/sign-in/email", form, "contact=x", zh) }
		},
		"sms_network_hour": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			n := 0
			return func() reply {
				n++
				from := map[string]string{"X-Forwarded-For": fmt.Sprintf("198.51.100.%d", n), "Accept-Language": "zh-CN", "Sec-Fetch-Site": "same-origin"}
				return raw(t, b, "POST", "/sign-in/phone", form, fmt.Sprintf("contact=139000077%02d", n), from)
			}
		},
		"sign_in_account": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			return func() reply {
				return raw(t, b, "POST", "/sign-in/password", form, "contact=one%40example.com&password=wrong", zh)
			}
		},
		"code_ip": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			n := 0
			return func() reply {
				n++
				v := url.Values{"contact": {"code" + string(rune('a'+n%26)) + string(rune('a'+n/26)) + "@example.com"}}
				return raw(t, b, "POST", "/sign-in/email", form, v.Encode(), zh)
			}
		},
		"reset_contact": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			return func() reply { return raw(t, b, "POST", "/reset", form, "contact=reset%40example.com", zh) }
		},
		"feedback_ip": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			return func() reply { return raw(t, b, "POST", "/feedback", form, "text=hello&easy=3&page=/", zh) }
		},
		"complaint_ip": func(t *testing.T, d *testkit.Desk) func() reply {
			b := d.Browser()
			return func() reply { return raw(t, b, "POST", "/complain", form, "text=hello&toward=unknown&kind=delay", zh) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := testkit.Open(t, func(c *config.Config) { c.Proxy = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
			refusedUntil(t, d, name, use(t, d))
		})
	}
}

// A colleague's password cannot be guessed at leisure, and the right one is refused too once too many were tried.
func TestStaffPasswordsAreCounted(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := d.Browser()
	tries := flow.LimitNamed("sign_in_staff").Count
	for range 2 * tries { // what was right is no guess
		b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(200)
	}
	for range tries {
		b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": "wrong"}, nil).Want(422)
	}
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "CHEN@example.com ", "password": testkit.Password}, nil).Want(429)
	var e struct {
		Code, Message string
		Wait          int
	}
	if err := json.Unmarshal([]byte(b.Body), &e); err != nil || e.Code != "limited" || e.Wait <= 0 || e.Message == "" {
		t.Errorf("%v %s", err, b.Body)
	}
	d.Clock.Move(flow.LimitNamed("sign_in_staff").Window + time.Second)
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(200)
}

// Codes to one contact: one a minute, five an hour, ten a day; each counts, whoever asks.
func TestCodesAreCounted(t *testing.T) {
	d := testkit.Open(t)
	sent := func() int { return len(d.Messages("code_sign_in")) }
	askCode := func() {
		t.Helper()
		b := d.Browser() // another browser each time
		b.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", "Codes@Example.com ")
		if b.Status >= 500 {
			t.Fatalf("%d:\n%s", b.Status, b.Text())
		}
	}
	askCode()
	askCode()
	d.Clock.Move(59 * time.Second)
	askCode()
	if n := sent(); n != 1 {
		t.Fatalf("%d codes within a minute", n)
	}
	for range 6 {
		d.Clock.Move(61 * time.Second)
		askCode()
	}
	if n := sent(); n != flow.LimitNamed("code_hour").Count {
		t.Fatalf("%d codes within an hour", n)
	}
	for range 8 {
		d.Clock.Move(61 * time.Minute)
		askCode()
	}
	if n := sent(); n != flow.LimitNamed("code_day").Count {
		t.Fatalf("%d codes within a day", n)
	}
	d.Clock.Move(24 * time.Hour)
	askCode()
	if n := sent(); n != flow.LimitNamed("code_day").Count+1 {
		t.Fatalf("%d codes after a day", n)
	}
}

// Five wrong entries void a code: the right one is refused after them. A code is good once, for ten minutes, in one browser.
func TestCodesAreVoid(t *testing.T) {
	d := testkit.Open(t)
	fresh := func(mail string) (*testkit.Browser, string) {
		t.Helper()
		b := d.Browser()
		b.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", mail).Want(200)
		return b, d.Messages("code_sign_in")[0].Words["code"]
	}
	b, code := fresh("void@example.com")
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range flow.LimitNamed("code_wrong").Count {
		b.Send("/sign-in/code", "code", wrong)
		if in(t, b) {
			t.Fatal("a wrong code opened an account")
		}
	}
	b.Send("/sign-in/code", "code", code)
	if in(t, b) {
		t.Fatal("the right code after five wrong ones opened an account")
	}
	b, code = fresh("late@example.com")
	d.Clock.Move(10*time.Minute + time.Second)
	b.Send("/sign-in/code", "code", code)
	if in(t, b) {
		t.Fatal("a code opened an account after ten minutes")
	}
	b, code = fresh("stolen@example.com")
	thief := d.Browser()
	thief.Get("/sign-in/email")
	r := raw(t, thief, "POST", b.Path, form, "code="+code, map[string]string{"Sec-Fetch-Site": "same-origin"})
	if in(t, thief) {
		t.Fatalf("a code opened an account in another browser: %d", r.StatusCode)
	}
	where := b.Path
	b.Send("/sign-in/code", "code", code).Want(200)
	raw(t, b, "POST", "/sign-out", form, "", map[string]string{"Sec-Fetch-Site": "same-origin"})
	if in(t, b) {
		t.Fatal("not signed out")
	}
	raw(t, b, "POST", where, form, "code="+code, map[string]string{"Sec-Fetch-Site": "same-origin"})
	if in(t, b) {
		t.Fatal("a code opened an account twice")
	}
}

// On a new device an SMS alone does not open an account that holds a certificate, nor does a password set by it.
func TestPhoneOnNewDevice(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := d.Browser()
	const phone = "13900007788"
	b.Get("/sign-in/phone").Want(200).Send("/sign-in/phone", "contact", phone).Want(200)
	b.Send("/sign-in/code", "code", d.Messages("code_sign_in")[0].Words["code"], "own", "yes").Want(200)
	b.Send("/consent", "privacy", "yes", "identity", "yes").Want(200)
	pass(t, signInStaff(t, d, "chen@example.com"), apply(t, d, b, nil))
	next := d.Browser()
	d.Clock.Move(2 * time.Minute)
	next.Get("/sign-in/phone").Want(200).Send("/sign-in/phone", "contact", phone).Want(200)
	next.Send("/sign-in/code", "code", d.Messages("code_sign_in")[0].Words["code"]).Want(200)
	if in(t, next) || !strings.HasPrefix(next.Path, "/sign-in/identify") {
		t.Fatalf("a code by SMS led to %s", next.Path)
	}
	if next.Has("您的身份证号码"); strings.Contains(next.Text(), "王秀英") || strings.Contains(next.Text(), "王*英") {
		t.Error("who has only the phone reads whose it was")
	}
	next.Send("/sign-in/identify", "id_number", "110105194912310048").Want(200)
	if in(t, next) {
		t.Fatal("a wrong ID number opened the account")
	}
	thief := d.Browser()
	d.Clock.Move(2 * time.Minute)
	thief.Get("/reset").Want(200).Send("/reset", "contact", phone).Want(200)
	thief.Send("/reset/code", "code", d.Messages("code_reset")[0].Words["code"], "password", "the thief's password").Want(200)
	if in(t, thief) || !strings.HasPrefix(thief.Path, "/sign-in/identify") || !in(t, b) {
		t.Fatalf("a reset by SMS led to %s", thief.Path)
	}
	other := d.Browser()
	other.Get("/sign-in/password").Send("/sign-in/password", "contact", phone, "password", "the thief's password")
	if in(t, other) {
		t.Fatal("a password set by SMS alone opened the account")
	}
	thief.Send("/sign-in/identify", "id_number", "11010519491231002x").Want(200) // it was the holder after all
	if !in(t, thief) || in(t, b) {
		t.Fatal("the right number sets the password, signs in and ends the other sessions")
	}
}

// A limit that no door asks for protects nothing.
func TestEveryLimitHasADoor(t *testing.T) {
	var source strings.Builder
	for _, dir := range []string{".", "../internal/command"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(raw)
		}
	}
	for _, l := range flow.Limits() {
		if !strings.Contains(source.String(), `"`+l.Name+`"`) {
			t.Errorf("no door asks for the limit %s", l.Name)
		}
	}
}
