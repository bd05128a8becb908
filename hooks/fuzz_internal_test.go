package hooks

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
)

// asked is a request that has come to a door.
func asked(r *http.Request) *call {
	return &call{s: &Server{}, e: &core.RequestEvent{Event: router.Event{Request: r, Response: httptest.NewRecorder()}}}
}

// FuzzSafePath: a way back never leads out of the portal, whatever a browser makes of it.
func FuzzSafePath(f *testing.F) {
	for _, s := range []string{"/", "/me?a=b#c", "//evil.example", `/\evil.example`, "https://evil.example", "javascript:alert(1)", "/%09/evil.example", "/\t/evil.example", "/%2f/evil.example", "/..//evil.example", "/./", "?x", "", "/a\r\nSet-Cookie: x=y", "http:/evil.example", "/%5cevil.example"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://desk.example/sign-in")
	f.Fuzz(func(t *testing.T, to string) {
		got := safePath(to)
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || !strings.HasPrefix(got, "/") || len(got) > 1 && (got[1] == '/' || got[1] == '\\') || strings.ContainsAny(got, "\r\n\t") {
			t.Errorf("%q leads to %q (%v)", to, got, err)
		}
	})
}

// FuzzFileName: a name is one line of what can be seen, no longer than a hundred characters, and stays as it is.
func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a.jpg", `C:\fakepath\a.jpg`, "../../a", "\u202egpj.exe", "\x00\x1b[31m", "\u2028", "\xff", strings.Repeat("证", 300), "a\u200db", "\ufeff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		name := fileName(raw)
		if fileName(name) != name || utf8.RuneCountInString(name) > 100 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\") ||
			strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) }) {
			t.Errorf("%q is called %q", raw, name)
		}
	})
}

// FuzzMultipart: a form without a file is read or refused in words; how many fields it has, and how they are called, costs nothing.
func FuzzMultipart(f *testing.F) {
	form := func(names ...string) []byte {
		var out bytes.Buffer
		w := multipart.NewWriter(&out)
		_ = w.SetBoundary("b")
		for _, n := range names {
			_ = w.WriteField(n, "x")
		}
		w.Close()
		return out.Bytes()
	}
	f.Add("multipart/form-data; boundary=b", form("key", "token"))
	f.Add("multipart/form-data; boundary=b", form(strings.Split(strings.Repeat("a,", 100), ",")...))
	f.Add("multipart/form-data", form("key"))
	f.Add("multipart/mixed; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=\"a\"; name*=utf-8''file\r\n\r\nx\r\n--b--"))
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--b--"))
	f.Fuzz(func(t *testing.T, media string, body []byte) {
		if bytes.Contains(body, []byte("file")) && !bytes.HasSuffix(body, []byte("\r\n\r\n\r\n--b--")) {
			return // what becomes of files is the corpus' to show
		}
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", media)
		u := received{fields: map[string]string{}}
		c := asked(r)
		defer func() { _ = recover() }() // there is no store behind this door
		err := c.parts(&u, "key", 1)
		var refused *flow.Refusal
		if err != nil && !isUpload(err) && !expected(err) {
			t.Errorf("%v (%v)", err, refused)
		}
		for name, v := range u.fields {
			if len(v) > formField || len(u.fields) > formFields {
				t.Errorf("%d fields, %q has %d bytes", len(u.fields), name, len(v))
			}
		}
	})
}

// FuzzForm: what a form says is what a browser wrote, and the key and revision of an act are bounded.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"", "a=b&a=c", "key=" + strings.Repeat("x", 5000), "rev=99999999999999999999", "rev=-1&key=%00", "%zz=1", "a;b=c", "=&=", strings.Repeat("a=&", 2000), "q.name=%ff"} {
		f.Add(s, `"3"`)
	}
	f.Fuzz(func(t *testing.T, body, match string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header["If-Match"] = []string{match}
		c := asked(r)
		c.values()
		if at := c.at(); len(at.Key) > 100 {
			t.Errorf("a key of %d bytes", len(at.Key))
		}
	})
}

// FuzzJSON: an act's input is refused as body_wrong, or is one that is written and read as the same.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{"", "{}", `{"nameZh":"x"}`, `{"nameZh":"x","nameZh":"y"}`, `{"NAMEZH":"x"}`, `{"x":1}`, `{}{}`, `[]`, `null`, `{"takeBackMinutes":1e400}`, `{"takeBackMinutes":-0}`, `{"mail":"\ud800"}`, strings.Repeat("[", 20_000)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var in, again command.Settings
		if err := asked(httptest.NewRequest("POST", "/", bytes.NewReader(body))).json(&in); err != nil {
			if !flow.Refused(err, "body_wrong") && !flow.Refused(err, "body_too_large") {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := asked(httptest.NewRequest("POST", "/", bytes.NewReader(raw))).json(&again); err != nil || in != again {
			t.Errorf("%q is read as %+v, and again as %+v (%v)", body, in, again, err)
		}
	})
}

// FuzzHeaders: cookies, languages and forwarded addresses are what they may be, whatever a client sends.
func FuzzHeaders(f *testing.F) {
	for _, s := range []string{"", "certdesk_account=a; __Host-certdesk_account=b", "certdesk_account=\"a b\"", "certdesk_lang=xx", "a=b; a=c;;=", "\x00", "zh-TW;q=0.1,en", "en,,,", "198.51.100.1, ::1", "::ffff:127.0.0.1", "fe80::1%eth0", "999.1.1.1", "127.0.0.1:80"} {
		f.Add(s, s, s)
	}
	proxy := []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}
	f.Fuzz(func(t *testing.T, cookies, languages, forwarded string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header = http.Header{"Cookie": {cookies}, "Accept-Language": {languages}, "X-Forwarded-For": {forwarded}}
		s := &Server{}
		if l := s.language(r); l != "en" && l != "zh-Hans" {
			t.Errorf("%q speaks %q", languages, l)
		}
		for _, name := range []string{accountCookie, staffCookie, langCookie} {
			if v := cookie(r, name); strings.ContainsAny(v, ";\r\n\x00") {
				t.Errorf("%q is %q", cookies, v)
			}
		}
		r.RemoteAddr = "203.0.113.9:1"
		if ip := clientIP(r, proxy); ip != "203.0.113.9" {
			t.Errorf("nobody's proxy makes it %q", ip)
		}
		r.RemoteAddr = "192.0.2.1:1"
		if _, err := netip.ParseAddr(clientIP(r, proxy)); err != nil {
			t.Errorf("%q is the address %v", forwarded, err)
		}
		_ = network(forwarded)
		_, _ = io.Discard.Write(nil)
	})
}
