// A mail's second form: the same text with larger type, made for old eyes. Inline styles only, no picture, no link but one
// that the notice itself brings.

package notify

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

type page struct {
	lang, title, desk, body, foot, link string
}

const (
	fontStyle    = "font-family:'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
	textStyle    = "margin:0 0 16px;font-size:19px;line-height:1.7;overflow-wrap:anywhere"
	firstStyle   = "margin:8px 0 16px;font-size:28px;line-height:1.35;overflow-wrap:anywhere"
	headStyle    = "margin:28px 0 8px;font-size:21px;line-height:1.4;overflow-wrap:anywhere"
	boxStyle     = "border:2px solid #c9d2cc;border-radius:12px;padding:16px 18px;margin:0 0 16px"
	countStyle   = "margin:0;font-size:18px;color:#45525e;font-weight:bold"
	reasonStyle  = "margin:2px 0 6px;font-size:20px;line-height:1.4;overflow-wrap:anywhere"
	adviceStyle  = "margin:12px 0 0;font-size:19px;line-height:1.7;background:#f3f6f4;border-left:6px solid #0b4f43;padding:10px 14px;overflow-wrap:anywhere"
	linkStyle    = "color:#0b4f43;font-weight:bold"
	bannerStyle  = "background:#0b4f43;color:#ffffff;padding:14px 20px;font-size:20px;line-height:1.4"
	footStyle    = "border-top:2px solid #c9d2cc;padding:16px 20px 24px;font-size:18px;line-height:1.6;color:#45525e"
	documentHTML = `<!doctype html><html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light"><title>%s</title></head>
<body style="margin:0;background:#f3f6f4;color:#14202b;` + fontStyle + `;-webkit-text-size-adjust:100%%">
<div style="max-width:600px;margin:0 auto;background:#ffffff">
<div role="banner" style="` + bannerStyle + `"><b>%s</b></div>
<div role="main" style="padding:24px 20px 8px">
%s</div>
<div role="contentinfo" style="` + footStyle + `">%s</div>
</div></body></html>
`
)

func (p page) html() string {
	var main strings.Builder
	headed := false
	for _, one := range paragraphs(p.body) {
		main.WriteString(p.block(one, &headed))
	}
	foot := strings.Join(paragraphs(p.foot), "\n\n")
	return fmt.Sprintf(documentHTML, html.EscapeString(p.lang), html.EscapeString(p.title), html.EscapeString(p.desk), main.String(), breaks(foot))
}

// paragraphs are what empty lines part.
func paragraphs(s string) []string {
	var all []string
	for _, one := range regexp.MustCompile(`\n\s*\n`).Split(s, -1) {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

var point = regexp.MustCompile(`^(第 \d+ 处|Point \d+)\n`)

// block is one paragraph: a numbered reason, the notice's own link, a heading, or plain text.
var webAddress = regexp.MustCompile(`^https?://`)

func (p page) block(s string, headed *bool) string {
	switch {
	case point.MatchString(s):
		return box(s)
	case s == p.link && webAddress.MatchString(s): // nothing else is made a link, whatever stands for it
		u := html.EscapeString(s)
		return `<p style="` + textStyle + `"><a href="` + u + `" style="` + linkStyle + `">` + u + "</a></p>\n"
	case isHeading(s) && !*headed:
		*headed = true
		return `<h1 style="` + firstStyle + `">` + html.EscapeString(s) + "</h1>\n"
	case isHeading(s):
		return `<h2 style="` + headStyle + `">` + html.EscapeString(s) + "</h2>\n"
	}
	return `<p style="` + textStyle + `">` + breaks(s) + "</p>\n"
}

// isHeading tells a line that stands alone, is short and ends without a stop.
func isHeading(s string) bool {
	if strings.Contains(s, "\n") || utf8.RuneCountInString(s) > 60 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	return !strings.ContainsRune("。，：；！.,:;!", last)
}

// box is a numbered reason: its number, what is wrong, more on it, what to do.
func box(s string) string {
	lines := strings.Split(s, "\n")
	var b strings.Builder
	b.WriteString(`<div style="` + boxStyle + `"><p style="` + countStyle + `">` + html.EscapeString(lines[0]) + `</p><h2 style="` + reasonStyle + `">` + html.EscapeString(lines[1]) + "</h2>")
	for _, line := range lines[2:] {
		label, rest, ok := strings.Cut(line, "怎么办：")
		if !ok {
			label, rest, ok = strings.Cut(line, "What to do: ")
		}
		if ok && label == "" {
			b.WriteString(`<p style="` + adviceStyle + `"><b>` + html.EscapeString(strings.TrimSuffix(line, rest)) + "</b>" + html.EscapeString(rest) + "</p>")
			continue
		}
		b.WriteString(`<p style="` + textStyle + `">` + html.EscapeString(line) + "</p>")
	}
	return b.String() + "</div>\n"
}

func breaks(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") }
