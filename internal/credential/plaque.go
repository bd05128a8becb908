// The plaque that an institution hangs beside its door: read from three metres away.

package credential

// Plaque draws the plaque on one A4 page on its side. It fails only when the verification address is too long
// for a QR code.
func Plaque(c Certificate, lang string) ([]byte, error) {
	p := newPaper(297, 210, lang, join(word("plaque", lang), c.Number), c.Desk.In(lang), c.ValidFrom)
	p.stroke(tint, .2)
	p.rosette(148.5, 98, 27, 62, 9, 36)
	p.border(8, 8)
	p.kind(c, lang)
	y := p.name(c, 62, 24, 38, 236)
	y = p.block(c.Proves.In(lang), style{size: 7.6, ink: black}, y+3, 226, 22, 1.5)
	if o := c.Proves.In(other(lang)); o != c.Proves.In(lang) {
		p.block(o, style{size: 4.4, ink: soft}, y+1.5, 220, max(142-y, 6), 1.4)
	}
	p.dates(c, lang, 148.5, 152)
	p.seal(243, 151, 18, c.Desk)
	p.text(243, 178.5, .5, c.Desk.ZhHans, style{size: fitSize(c.Desk.ZhHans, 6.4, 62), track: .06, fancy: true, ink: black})
	p.text(243, 184.5, .5, c.Desk.En, style{size: fitSize(c.Desk.En, 3.7, 66), ink: soft})
	p.across(c.State)
	p.scan(c, lang, 28, 150, 38)
	return p.bytes()
}

// kind is the type of the certificate as the plaque's heading, the other language below.
func (p *paper) kind(c Certificate, lang string) {
	s := style{size: 13, track: .34, fancy: true, ink: brand}
	if lang == "en" {
		s.track = .04
	}
	s, lines := fit(c.TypeName.In(lang), s, 230, 14, 1)
	for i, l := range lines {
		p.text(p.w/2, 41+s.size*(float64(i)-float64(len(lines)-1)), .5, l, s)
	}
	if o := c.TypeName.In(other(lang)); o != c.TypeName.In(lang) {
		p.text(p.w/2, 50, .5, o, style{size: fitSize(o, 5.2, 210), track: .12, ink: soft})
	}
	p.flourish(p.w/2, 57, 110)
}

func (p *paper) dates(c Certificate, lang string, x, y float64) {
	small, big := style{size: 4.4, ink: soft}, style{size: 5.8, fancy: true, ink: black}
	p.text(x, y, .5, word("number", lang), small)
	p.text(x, y+7.6, .5, c.Number, big)
	p.text(x, y+17, .5, word("expires", lang), small)
	p.text(x, y+24.6, .5, date(c.ExpiresOn, lang), big)
}
