// The A4 certificate that a person frames or hands in.

package credential

import (
	"fmt"
	"net/url"
)

const (
	soft = "#3a4650"
	tint = "#d9e6e1"
)

// PDF draws the certificate on one upright A4 page, with the language named first. It fails only when the
// verification address is too long for a QR code.
func PDF(c Certificate, lang string) ([]byte, error) {
	p := newPaper(210, 297, lang, join(word("certificate", lang), c.Number), c.Desk.In(lang), c.ValidFrom)
	p.stroke(tint, .2)
	p.rosette(105, 133, 29, 66, 9, 36)
	p.border(8, 8)
	p.label(184, 33, 1, word("number", lang), c.Number)
	p.heading(c, lang, 61)
	p.middle(c, lang)
	p.facts(c, lang, 26, 177, 158)
	p.signed(c, 152)
	p.across(c.State)
	p.scan(c, lang, 26, 236, 36) // over the word: whatever the state, the code must read
	return p.bytes()
}

// label writes a small word and, beside it, what it names.
func (p *paper) label(x, y, anchor float64, name, value string) {
	a, b := style{size: 3.9, ink: soft}, style{size: 4.3, fancy: true, ink: black}
	w := a.width(name+" ") + b.width(value)
	x -= w * anchor
	p.text(x, y, 0, name, a)
	p.text(x+a.width(name+" "), y, 0, value, b)
}

func (p *paper) heading(c Certificate, lang string, y float64) {
	big, small := style{size: 17, track: .34, fancy: true, ink: brand}, style{size: 4.6, track: .16, ink: soft}
	if lang == "en" {
		big.track = .06
		small.track = .34
	}
	p.text(p.w/2, y, .5, word("certificate", lang), big)
	p.text(p.w/2, y+10, .5, word("certificate", other(lang)), small)
	p.flourish(p.w/2, y+17, 70)
}

// flourish is the line with three diamonds under a heading.
func (p *paper) flourish(x, y, w float64) {
	p.stroke(brand, .4)
	p.line(x-w/2, y, x-5, y)
	p.line(x+5, y, x+w/2, y)
	for _, d := range []struct{ at, r float64 }{{0, 1.8}, {-3.6, .7}, {3.6, .7}} {
		p.fill(brand)
		p.polygon([]point{{x + d.at, y - d.r}, {x + d.at + d.r, y}, {x + d.at, y + d.r}, {x + d.at - d.r, y}}, "F")
	}
}

// middle holds the name and what is certified; between 88 and 172 mm everything finds its place.
func (p *paper) middle(c Certificate, lang string) {
	lead := style{size: 5.6, track: .3, ink: black}
	if lang == "en" {
		lead.track = .04
	}
	p.text(p.w/2, 95, .5, word("hereby", lang), lead)
	y := p.name(c, 101, 17, 31, 150)
	first, second := style{size: 6, ink: black}, style{size: 4, ink: soft}
	y = p.block(c.Proves.In(lang), first, y+4, 150, 28, 1.6)
	if o := c.Proves.In(other(lang)); o != c.Proves.In(lang) {
		p.block(o, second, y+2.5, 140, max(172-y-3, 6), 1.45)
	}
}

// name writes the holder's name and its Latin line from y downwards, and says where it ended.
func (p *paper) name(c Certificate, y, size, height, width float64) float64 {
	s := style{size: size, track: .18, fancy: true, ink: black}
	s, lines := fit(c.Name, s, width, height, 1.25)
	if len(lines) == 1 { // a short name keeps the middle of the space a long one would take
		y += (height*.72 - s.size*1.25) / 2
	}
	extra := 0.0
	for _, r := range c.Name {
		if pick(r) == none {
			extra = s.size * .22
		}
	}
	for _, l := range lines {
		y += s.size * 1.1
		p.text(p.w/2, y, .5, l, s)
		y += s.size*.15 + extra
	}
	if c.Latin == "" {
		return y + 2
	}
	return p.block(c.Latin, style{size: 5.2, ink: soft}, y+2.6, width, 12, 1.3)
}

// block writes a centred paragraph from y downwards, as large as the box allows, and says where it ended.
func (p *paper) block(text string, s style, y, width, height, leading float64) float64 {
	if text == "" {
		return y
	}
	lines := balance(text, s, width)
	if float64(len(lines))*s.size*leading > height {
		s, lines = fit(text, s, width, height, leading)
	}
	for _, l := range lines {
		y += s.size * leading
		p.text(p.w/2, y-s.size*(leading-1)/2, .5, l, s)
	}
	return y
}

type fact struct{ key, value, also string }

// facts is the table of four between two lines.
func (p *paper) facts(c Certificate, lang string, x, y, w float64) {
	kind := fact{"type", c.TypeName.In(lang), c.TypeName.In(other(lang))}
	if kind.also == kind.value {
		kind.also = ""
	}
	rows := []fact{kind, {"idtail", c.IDTail, ""}, {"from", date(c.ValidFrom, lang), ""}, {"expires", date(c.ExpiresOn, lang), ""}}
	if c.IDTail == "" {
		rows = append(rows[:1], rows[2:]...)
	}
	high := 13.2 * float64((len(rows)+1)/2)
	p.stroke(brand, .4)
	p.line(x, y, x+w, y)
	p.line(x, y+high+3, x+w, y+high+3)
	for i, f := range rows {
		col, at := x+float64(i%2)*w*.52, y+8.4+13.2*float64(i/2)
		p.text(col, at, 0, word(f.key, lang), style{size: 4.3, ink: soft})
		p.text(col, at+4.6, 0, word(f.key, other(lang)), style{size: 3.2, ink: soft})
		value := style{size: 4.9, fancy: true, ink: black}
		v, lines := fit(f.value, value, w*.48-29, 12, 1.2)
		for j, l := range lines {
			p.text(col+27, at+float64(j)*v.size*1.2, 0, l, v)
		}
		if f.also != "" && len(lines) == 1 {
			p.text(col+27, at+4.6, 0, f.also, style{size: fitSize(f.also, 3.2, w*.48-29), ink: soft})
		}
	}
}

// scan is the QR code with what to do with it.
func (p *paper) scan(c Certificate, lang string, x, y, side float64) {
	if !p.qr(c.VerifyURL, x-3, y, side) {
		return
	}
	x += side - 1
	y += side - 22.5
	p.text(x, y, 0, word("scan", lang), style{size: 4.3, fancy: true, ink: black})
	small := []string{word("result", lang), word("scan", other(lang)), host(c.VerifyURL)}
	if c.Hotline != "" {
		small = append(small, fmt.Sprintf(word("hotline", lang), c.Hotline))
	}
	for _, l := range small {
		y += 5
		p.text(x, y, 0, l, style{size: fitSize(l, 3.4, 52), ink: soft})
	}
}

func host(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// signed is the seal, the desk's name and the day.
func (p *paper) signed(c Certificate, x float64) {
	p.seal(x, 230, 18.5, c.Desk)
	y := 258.5
	p.text(x, y, .5, c.Desk.ZhHans, style{size: fitSize(c.Desk.ZhHans, 6, 62), track: .06, fancy: true, ink: black})
	p.text(x, y+6, .5, c.Desk.En, style{size: fitSize(c.Desk.En, 3.6, 66), ink: soft})
	day := formalDate(c.ValidFrom)
	if p.lang == "en" {
		day = date(c.ValidFrom, "en")
	}
	p.text(x, y+12.6, .5, day, style{size: 4.8, ink: black})
}
