package ui

import (
	"strings"
	"testing"
)

func TestDates(t *testing.T) {
	u := Must()
	for _, c := range []struct{ lang, in, date, day, at string }{
		{"zh-Hans", "2026-11-23", "2026 年 11 月 23 日", "2026 年 11 月 23 日（周一）", "2026 年 11 月 23 日"},
		{"zh-Hans", "2026-11-22 14:05", "2026 年 11 月 22 日", "2026 年 11 月 22 日（周日）", "2026 年 11 月 22 日 14:05"},
		{"en", "2026-11-23", "23 November 2026", "Monday 23 November 2026", "23 November 2026"},
		{"en", "2026-11-23T14:05", "23 November 2026", "Monday 23 November 2026", "23 November 2026, 14:05"},
		{"en", "2026-02-30", "2026-02-30", "2026-02-30", "2026-02-30"},
		{"zh-Hans", "", "", "", ""},
	} {
		x := u.texts[c.lang]
		plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
		if a, b, d := plain(x.date(c.in)), plain(x.dayName(c.in)), plain(x.dateTime(c.in)); a != c.date || b != c.day || d != c.at {
			t.Errorf("%s %q: %q %q %q", c.lang, c.in, a, b, d)
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{"+8613812345678": "138 **** 5678", "wang.xiuying@example.com": "wa***@example.com", "w@example.com": "***@example.com", "138****5678": "138****5678", "123": "****", "": "****"} {
		if got := mask(in); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
}

func TestTelephone(t *testing.T) {
	for in, want := range map[string]string{"400-000-0000": "tel:4000000000", "+86 10 1234": "tel:+86101234", `1"onx=`: "tel:1"} {
		if got := string(tel(in)); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// What fills a gap is never read as markup, and an address that is not ours leads nowhere.
func TestRichTextIsSafe(t *testing.T) {
	x := Must().texts["en"]
	for _, evil := range []string{"<script>", "**x** ~y~ | [a](/b)", "\uE0000\uE001", `"'&`} {
		h, err := x.rich("passed.h1", "name", evil)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script>", "<b>", `<a `, "<span"} {
			if strings.Contains(string(h), bad) {
				t.Errorf("%q becomes %q", evil, h)
			}
		}
	}
	for to, ok := range map[string]bool{"/me": true, "/": true, "tel:400": true, "https://x.example": true, "javascript:alert(1)": false, "//evil.example": false, `/\evil.example`: false, "data:x": false} {
		h, err := x.rich("landing.family", "to", to)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(h), `href="#"`) == ok {
			t.Errorf("%q: %s", to, h)
		}
	}
}

func TestPlurals(t *testing.T) {
	u := Must()
	for n, want := range map[int]string{1: "one working day", 2: "2 working days"} {
		if s := u.Text("en", "type.days", "n", n); !strings.Contains(s, want) {
			t.Errorf("%d: %q", n, s)
		}
	}
	if s := u.Text("fr", "type.days", "n", 3); !strings.Contains(s, "3\u00a0个工作日") {
		t.Errorf("another language is not the first: %q", s)
	}
	if s := u.Text("en", "no.such.key"); s != "no.such.key" {
		t.Errorf("an unknown key is %q", s)
	}
}

// A template that asks for a text that is not there, or does not give what its gaps need, stops the start.
func TestMissingTextsAreFound(t *testing.T) {
	u := Must()
	x := u.texts["en"]
	for _, c := range []struct {
		use use
		ok  bool
	}{
		{use{key: "type.days", pairs: []string{"n"}}, true},
		{use{key: "type.days"}, false},
		{use{key: "nothing"}, false},
		{use{key: "status", prefix: true}, true},
		{use{key: "nothing", prefix: true}, false},
	} {
		if err := x.checkUse(c.use); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.use, err)
		}
	}
	if _, err := x.plain("type.days"); err == nil {
		t.Error("a gap without a value passes")
	}
	if _, err := x.plain("type.days", "n"); err == nil {
		t.Error("half a pair passes")
	}
}

func TestAssets(t *testing.T) {
	u := Must()
	for _, name := range []string{"portal.css", "once.js", "upload.js", "copy.js", "code.js", "mark.svg"} {
		if a, ok := u.Asset(name); !ok || len(a.Data) == 0 || len(a.Digest) != 12 || a.Media == "" {
			t.Errorf("%s: %v %q %q", name, ok, a.Media, a.Digest)
		}
	}
	for _, name := range []string{"layout.html", "../embed.go", "apply/landing.html", ""} {
		if _, ok := u.Asset(name); ok {
			t.Errorf("%q is handed out", name)
		}
	}
}
