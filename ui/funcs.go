package ui

// What templates can do beside printing: sentences, dates in words, numbers to ring, fields.

import (
	"crypto/rand"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"time"
	"unicode"
)

func (u *UI) funcs(lang string) template.FuncMap {
	t := u.texts[lang]
	return template.FuncMap{
		"t": t.plain, "th": t.rich,
		"tk": func(prefix string, word any, pairs ...any) (string, error) {
			return t.plain(prefix+"."+fmt.Sprint(word), pairs...)
		},
		"date": t.date, "dayname": t.dayName, "weekday": t.weekday, "datetime": t.dateTime,
		"mask": mask, "tel": tel, "zh": t.script, "asset": u.address,
		"head": headOf, "field": t.field, "shape": Field.shape, "post": postOf, "hours": func(s int) int { return (s + 3599) / 3600 }, "minutes": func(s int) int { return (s + 59) / 60 }, "inc": func(n int) int { return n + 1 },
		"item":    func(i int, x CorrectionItem) numbered { return numbered{x, i + 1} },
		"english": func() bool { return lang == "en" },
	}
}

func (u *UI) address(name string) (string, error) {
	a, ok := u.assets[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return AssetRoot + name + "?v=" + a.Digest, nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// moment reads "2026-11-23" and "2026-11-23 14:05", already in the desk's zone.
func moment(s string) (time.Time, bool) {
	s = strings.Replace(s, "T", " ", 1)
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// date writes 2026-11-23 as 2026 年 11 月 23 日 or 23 November 2026; what is no date stays as it is.
func (t *texts) date(s string) string {
	at, ok := moment(s)
	switch {
	case !ok:
		return s
	case t.lang == "en":
		return at.Format("2\u00a0January 2006")
	}
	return at.Format("2006\u00a0年 1\u00a0月\u00a02\u00a0日")
}

var chineseDays = []string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// weekday names the day of the week.
func (t *texts) weekday(s string) string {
	at, ok := moment(s)
	switch {
	case !ok:
		return ""
	case t.lang == "en":
		return at.Weekday().String()
	}
	return chineseDays[at.Weekday()]
}

// dayName is a date with its day of the week.
func (t *texts) dayName(s string) string {
	switch {
	case t.weekday(s) == "":
		return s
	case t.lang == "en":
		return t.weekday(s) + " " + t.date(s)
	}
	return t.date(s) + "（" + t.weekday(s) + "）"
}

// dateTime is a date with the time of day.
func (t *texts) dateTime(s string) string {
	at, ok := moment(s)
	switch {
	case !ok:
		return s
	case !strings.Contains(s, ":"):
		return t.date(s)
	case t.lang == "en":
		return t.date(s) + ", " + at.Format("15:04")
	}
	return t.date(s) + " " + at.Format("15:04")
}

// mask hides the middle of an e-mail address or phone number that is shown to its owner. What is masked stays as it is.
func mask(s string) string {
	if strings.Contains(s, "*") {
		return s
	}
	if name, host, ok := strings.Cut(s, "@"); ok {
		r := []rune(name)
		return string(r[:min(2, max(0, len(r)-1))]) + "***@" + host
	}
	n := strings.TrimPrefix(s, "+86")
	if len(n) < 8 {
		return "****"
	}
	return n[:3] + " **** " + n[len(n)-4:]
}

var notDialled = regexp.MustCompile(`[^0-9+]`)

// tel is the address that rings a number.
func tel(s string) template.URL { return template.URL("tel:" + notDialled.ReplaceAllString(s, "")) }

// script marks Chinese words on an English page, so that they are read and drawn as Chinese.
func (t *texts) script(s string) template.HTML {
	h := template.HTMLEscapeString(s)
	if t.lang == "en" && strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return template.HTML(`<span lang="zh-Hans">` + h + `</span>`)
	}
	return template.HTML(h)
}

// numbered is an item with its place in the list, from 1 on.
type numbered struct {
	CorrectionItem
	I int
}

// head is what every form carries unseen.
type head struct{ Token, Key, Rev string }

// headOf fills in what a form leaves open: the browser's token, and a key of its own for each time it is drawn, so that
// the same form sent twice is one act.
func headOf(p Page, f Form) head {
	h := head{f.Token, f.Key, f.Rev}
	if h.Token == "" {
		h.Token = p.Chrome.Token
	}
	if h.Key == "" {
		h.Key = rand.Text()
	}
	return h
}

// post is a form of one button.
type post struct {
	Head                                 head
	Action, Text, About, Class, Name, ID string
}

// postOf makes a form of one button: its text, what it is about for those who do not see the page, its class.
func postOf(p Page, action, rev, text, about, class string, value ...string) post {
	b := post{Head: headOf(p, Form{Rev: rev}), Action: action, Text: text, About: about, Class: class}
	if len(value) == 2 {
		b.Name, b.ID = value[0], value[1]
	}
	return b
}
