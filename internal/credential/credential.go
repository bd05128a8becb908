// Package credential draws what a certificate looks like: badge, QR code, A4 certificate, plaque and printed sheets.
// Everything is drawn on request from the values given and never stored: the same values give the same bytes,
// so a picture can never say something else than the record behind it.
package credential

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
	"time"
)

// Text is a sentence or a name in the desk's two languages.
type Text struct{ ZhHans, En string }

// In gives the text in the language named ("zh-Hans" or "en"); a missing translation falls back to the other one.
func (t Text) In(lang string) string {
	if (lang == "en" && t.En != "") || t.ZhHans == "" {
		return t.En
	}
	return t.ZhHans
}

// Certificate holds what may be shown of a certificate. State is one of valid, suspended, revoked, expired and
// superseded; dates are written 2006-01-02. An unknown state is drawn as revoked: nothing here may look more
// valid than it is.
type Certificate struct {
	Number, Code, State    string
	TypeName, Proves, Desk Text
	Name, Latin, IDTail    string
	ValidFrom, ExpiresOn   string
	VerifyURL, Hotline     string
}

//go:embed words.csv
var wordsCSV string

var dictionary = sync.OnceValue(func() map[string]Text {
	rows, err := csv.NewReader(strings.NewReader(wordsCSV)).ReadAll()
	if err != nil {
		panic("credential: words.csv: " + err.Error())
	}
	m := make(map[string]Text, len(rows))
	for _, r := range rows[1:] {
		m[r[0]] = Text{r[1], r[2]}
	}
	return m
})

// word looks a text up in words.csv; an unknown key is shown as it is.
func word(key, lang string) string {
	t, ok := dictionary()[key]
	if !ok {
		return key
	}
	return t.In(lang)
}

func other(lang string) string {
	if lang == "en" {
		return "zh-Hans"
	}
	return "en"
}

// date writes a civil date the way people read it; what is no date is shown as it came.
func date(day, lang string) string {
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		return day
	}
	if lang == "en" {
		return t.Format("2 January 2006")
	}
	return fmt.Sprintf("%d 年 %d 月 %d 日", t.Year(), t.Month(), t.Day())
}

// formalDate writes a date in Chinese numerals, as under a seal: 二〇二六年十一月二十三日.
func formalDate(day string) string {
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		return day
	}
	var b strings.Builder
	for _, d := range t.Format("2006") {
		b.WriteRune([]rune("〇一二三四五六七八九")[d-'0'])
	}
	return b.String() + "年" + numeral(int(t.Month())) + "月" + numeral(t.Day()) + "日"
}

func numeral(n int) string {
	digits := []rune(" 一二三四五六七八九")
	s := ""
	if n >= 20 {
		s = string(digits[n/10])
	}
	if n >= 10 {
		s += "十"
	}
	if n%10 != 0 {
		s += string(digits[n%10])
	}
	return s
}
