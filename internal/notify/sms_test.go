package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/schedule"
)

const secret = "0123456789abcdef"

var anSMS = SMS{ID: "m-1", To: "+8613800001234", Template: "code_sign_in", Lang: "zh-Hans", Params: []Param{{"code", "604218"}, {"minutes", "10"}},
	Text: "【长青认证中心】登录验证码604218", Sign: "长青认证中心"}

// gateway is a real HTTP server on the other side of the webhook.
type gateway struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []webhookSMS
	heads  []http.Header
	wrong  []string
}

func newGateway(t *testing.T, answer http.HandlerFunc) *gateway {
	t.Helper()
	g := &gateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		var m webhookSMS
		err = errors.Join(err, json.Unmarshal(raw, &m))
		g.mu.Lock()
		if err != nil || r.Method != http.MethodPost || r.Header.Get(HeaderSignature) != "v1="+Sign(secret, r.Header.Get(HeaderTimestamp), raw) {
			g.wrong = append(g.wrong, fmt.Sprint(r.Method, r.Header, err))
		}
		g.bodies, g.heads = append(g.bodies, m), append(g.heads, r.Header)
		g.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(func() {
		g.Close()
		if len(g.wrong) > 0 {
			t.Error("not as promised:", g.wrong)
		}
	})
	return g
}

func (g *gateway) calls() int { g.mu.Lock(); defer g.mu.Unlock(); return len(g.bodies) }

func webhook(t *testing.T, url string) *WebhookSMS {
	t.Helper()
	w, err := NewWebhookSMS(SMSSettings{URL: url, Secret: secret, AuthHeader: "Authorization", AuthValue: "Bearer abc"})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func says(status int, body string, head ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(head); i += 2 {
			w.Header().Set(head[i], head[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestWebhookPostsTheMessage(t *testing.T) {
	g := newGateway(t, says(200, `{"id":"p-77"}`))
	w := webhook(t, g.URL)
	w.now = func() time.Time { return time.Unix(1795400000, 0) }
	id, err := w.Send(t.Context(), anSMS)
	if err != nil || id != "p-77" {
		t.Fatal(id, err)
	}
	if !reflect.DeepEqual(g.bodies[0], webhookSMS(anSMS)) {
		t.Fatalf("%+v", g.bodies[0])
	}
	for name, want := range map[string]string{"Content-Type": "application/json", HeaderIdempotency: "m-1", HeaderTimestamp: "1795400000", "Authorization": "Bearer abc"} {
		if got := g.heads[0].Get(name); got != want {
			t.Error(name, got)
		}
	}
	// worked out by another program, so that integrators can check theirs
	if got := Sign(secret, "1795400000", []byte(`{"id":"m-1"}`)); got != "79f2c460b24783b61c0c2e14b012e2dc88afc2f93ef45583f0e77dae4fdf2c8c" {
		t.Error(got)
	}
}

func TestWebhookAnswers(t *testing.T) {
	for name, x := range map[string]struct {
		answer    http.HandlerFunc
		code      string
		permanent bool
		said      string
	}{
		"no content":            {says(204, ""), "", false, ""},
		"not JSON":              {says(200, "OK"), "", false, ""},
		"known already":         {says(409, `{"id":"p-1"}`), "", false, ""},
		"error in a good reply": {says(200, `{"error":"quota used up"}`), "sms_later", false, "quota used up"},
		"permanent error":       {says(200, `{"error":"number 13800001234 is barred","permanent":true}`), "sms_refused", true, "number (number) is barred"},
		"permanent by 500":      {says(500, `{"error":"barred","permanent":true}`), "sms_refused", true, "barred"},
		"temporary by 400":      {says(400, `{"error":"later","permanent":false}`), "sms_later", false, "later"},
		"409 with an error":     {says(409, `{"error":"busy","permanent":false}`), "sms_later", false, "busy"},
		"bad request":           {says(400, ""), "sms_refused", true, "400"},
		"unprocessable":         {says(422, `{"error":"template unknown"}`), "sms_refused", true, "template unknown"},
		"unauthorised":          {says(401, ""), "sms_settings", false, "401"},
		"not found":             {says(404, "<html>"), "sms_settings", false, "404"},
		"too many":              {says(429, "", "Retry-After", "90"), "sms_later", false, "429"},
		"server error":          {says(500, ""), "sms_later", false, "500"},
		"unavailable":           {says(503, "", "Retry-After", "soon"), "sms_later", false, "503"},
		"redirect":              {says(302, "", "Location", "http://127.0.0.1:1/"), "sms_settings", false, "302"},
		"permanent redirect":    {says(308, "", "Location", "/again"), "sms_settings", false, "308"},
		"cut off":               {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "sms_unreachable", false, ""},
		"cut off in the middle": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			_, _ = io.WriteString(w, "{")
			panic(http.ErrAbortHandler)
		}, "sms_unreachable", false, ""},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			for range 1000 {
				_, _ = w.Write(bytes.Repeat([]byte(" "), 1000))
			}
		}, "", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t, x.answer)
			_, err := webhook(t, g.URL).Send(t.Context(), anSMS)
			got, permanent := code(err)
			if got != x.code || permanent != x.permanent || err != nil && !strings.Contains(err.Error(), x.said) || g.calls() != 1 {
				t.Fatalf("%v permanent=%v after %d calls", err, permanent, g.calls())
			}
			if err != nil && (strings.Contains(err.Error(), "13800001234") || strings.Contains(err.Error(), g.URL)) {
				t.Fatal("names somebody:", err)
			}
		})
	}
}

func TestWebhookDeadAndSlow(t *testing.T) {
	g := newGateway(t, says(200, ""))
	w := webhook(t, g.URL)
	g.Close()
	if got, _ := code(second(w.Send(t.Context(), anSMS))); got != "sms_unreachable" {
		t.Fatal(got)
	}
	hold := make(chan struct{})
	slow := newGateway(t, func(http.ResponseWriter, *http.Request) { <-hold })
	defer close(hold)
	w = webhook(t, slow.URL)
	if w.client.Timeout != 10*time.Second {
		t.Fatal(w.client.Timeout)
	}
	w.client.Timeout = 50 * time.Millisecond
	if got, permanent := code(second(w.Send(t.Context(), anSMS))); got != "sms_unreachable" || permanent {
		t.Fatal(got)
	}
}

func second(_ string, err error) error { return err }

func TestSMSNumbersAreChecked(t *testing.T) {
	g := newGateway(t, says(200, ""))
	for _, bad := range []string{"", "13800001234", "+86 138", "+8613800001234,+8613800005678"} {
		m := anSMS
		m.To = bad
		for _, d := range []SMSDriver{webhook(t, g.URL), &LogSMS{slog.Default()}} {
			if _, err := d.Send(t.Context(), m); !schedule.IsPermanent(err) {
				t.Error(bad, err)
			}
		}
	}
	if g.calls() != 0 {
		t.Fatal(g.calls())
	}
}

func TestSMSSettingsAreChecked(t *testing.T) {
	good := SMSSettings{Driver: "webhook", URL: "https://sms.example.org/send?x=1", Secret: secret}
	if _, err := OpenSMS(good, slog.Default()); err != nil {
		t.Fatal(err)
	}
	for want, changes := range map[string][]func(*SMSSettings){
		"sms_driver":      {func(s *SMSSettings) { s.Driver = "pigeon" }, func(s *SMSSettings) { s.Driver = "" }},
		"sms_url":         {func(s *SMSSettings) { s.URL = "" }, func(s *SMSSettings) { s.URL = "https://u:p@sms.example.org" }, func(s *SMSSettings) { s.URL = "/send" }, func(s *SMSSettings) { s.URL = "https://a\nb" }},
		"sms_url_plain":   {func(s *SMSSettings) { s.URL = "http://sms.example.org" }, func(s *SMSSettings) { s.URL = "ftp://127.0.0.1/" }, func(s *SMSSettings) { s.URL = "http://127.0.0.1.example.org" }},
		"sms_secret":      {func(s *SMSSettings) { s.Secret = "short" }},
		"sms_auth_header": {func(s *SMSSettings) { s.AuthHeader = "A b" }, func(s *SMSSettings) { s.AuthHeader, s.AuthValue = "A", "x\r\nB: y" }},
	} {
		for i, change := range changes {
			s := good
			change(&s)
			var e SettingsError
			if _, err := OpenSMS(s, slog.Default()); !errors.As(err, &e) || string(e) != want {
				t.Error(want, i, err)
			}
		}
	}
	for _, u := range []string{"http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:80/"} {
		s := good
		s.URL = u
		if _, err := OpenSMS(s, slog.Default()); err != nil {
			t.Error(u, err)
		}
	}
}

func TestLogDriver(t *testing.T) {
	var b bytes.Buffer
	d, err := OpenSMS(SMSSettings{Driver: "log"}, slog.New(slog.NewJSONHandler(&b, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if id, err := d.Send(t.Context(), anSMS); err != nil || id != "log-m-1" || !shows(d) {
		t.Fatal(id, err)
	}
	if s := b.String(); strings.Contains(s, "13800001234") || !strings.Contains(s, "+86…1234") || !strings.Contains(s, anSMS.Text) || strings.Count(s, "\n") != 1 {
		t.Fatal(s)
	}
	if MaskPhone("+1234") != "…" {
		t.Fatal("short numbers are shown")
	}
}
