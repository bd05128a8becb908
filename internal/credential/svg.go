// The SVG form of a drawing. Texts are escaped and stay texts, so that a screen reader and a search find them.

package credential

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const svgFonts = `'Noto Sans CJK SC','Noto Sans SC','PingFang SC','HarmonyOS Sans SC','Microsoft YaHei',sans-serif`

func (s scene) svg() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-label="%s" lang="%s">`+"\n",
		num(s.w), num(s.h), num(s.w), num(s.h), escape(s.title), escape(s.lang))
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(s.title))
	for _, p := range s.shapes {
		at := ""
		if p.scale != 0 {
			at = fmt.Sprintf(` transform="translate(%s %s) scale(%s)"`, num(p.x), num(p.y), num(p.scale))
		}
		fmt.Fprintf(&b, `<path d="%s" fill="%s"%s/>`+"\n", p.path, p.fill, at)
	}
	fmt.Fprintf(&b, `<g font-family="%s">`+"\n", svgFonts)
	for _, l := range s.labels {
		weight := ""
		if l.bold {
			weight = ` font-weight="700"`
		}
		fmt.Fprintf(&b, `<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n", num(l.x), num(l.y), num(l.size), l.fill, weight, escape(l.text))
	}
	b.WriteString("</g>\n</svg>\n")
	return []byte(b.String())
}

// escape makes a text safe inside XML; what XML cannot hold (control characters, broken UTF-8) becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\'':
			b.WriteString("&#39;")
		case unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Mark is the product's sign: a shield with a check, as SVG.
func Mark() []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="-32 -32 64 64" role="img" aria-label="certdesk">
<title>certdesk</title>
<path d="` + shield + `" fill="` + brand + `"/>
<path d="` + looks["valid"].sign + `" fill="#ffffff"/>
</svg>
`)
}
