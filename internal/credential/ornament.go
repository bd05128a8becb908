// Line art: border, rosette and seal. Fine lines that a copier blurs; they need no colour, so the page prints in black
// and white. The seal is a scalloped rosette with a shield: it must not be taken for a state seal.

package credential

import (
	"math"
	"strings"
)

// border draws two frames with interlaced waves between them and a small rosette at each corner.
func (p *paper) border(margin, band float64) {
	m, b := margin, band
	p.stroke(brand, .16)
	p.waves(m+b, m, p.w-2*m-2*b, b, false)
	p.waves(m+b, p.h-m-b, p.w-2*m-2*b, b, false)
	p.waves(m+b, m, p.h-2*m-2*b, b, true)
	p.waves(m+b, p.w-m-b, p.h-2*m-2*b, b, true)
	p.stroke(brand, .9)
	p.rect(m, m, p.w-2*m, p.h-2*m, "D")
	p.stroke(brand, .5)
	p.rect(m+b, m+b, p.w-2*(m+b), p.h-2*(m+b), "D")
	p.stroke(brand, .2)
	p.rect(m+b+1.6, m+b+1.6, p.w-2*(m+b+1.6), p.h-2*(m+b+1.6), "D")
	for _, x := range []float64{m + b/2, p.w - m - b/2} {
		for _, y := range []float64{m + b/2, p.h - m - b/2} {
			p.corner(x, y, b/2+1)
		}
	}
}

// waves fills a band with phase-shifted waves of two lengths, as an engraver's lathe does.
// The band starts at (a, b) and runs along x, or along y when upright is set.
func (p *paper) waves(a, b, length, width float64, upright bool) {
	n := math.Round(length / 8)
	l, mid, amp := length/n, b+width/2, width*.42
	seg := l / 4
	const k = .3642 // control point of a quarter sine, in quarters
	for phase := range 6 {
		for _, sign := range []float64{1, -1} {
			off := float64(phase) * l / 12
			f := func(t float64) (float64, float64) {
				w := 2 * math.Pi / l
				slow := 1 - .35*math.Cos(w*t/2)
				return mid + sign*amp*slow*.72*math.Sin(w*(t+off)),
					sign * amp * .72 * (slow*w*math.Cos(w*(t+off)) + .35*w/2*math.Sin(w*t/2)*math.Sin(w*(t+off)))
			}
			for t := 0.0; t < length-1e-9; t += seg {
				e := min(t+seg, length)
				h := (e - t) * k
				y0, d0 := f(t)
				y1, d1 := f(e)
				p.curve(upright, a+t, y0, a+t+h, y0+d0*h, a+e-h, y1-d1*h, a+e, y1)
			}
		}
	}
}

func (p *paper) curve(upright bool, v ...float64) {
	for i := range v {
		v[i] *= mm
	}
	if upright {
		v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7] = v[1], v[0], v[3], v[2], v[5], v[4], v[7], v[6]
	}
	p.pdf.Curve(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], "D")
}

func (p *paper) corner(x, y, r float64) {
	p.fill(white)
	p.stroke(brand, .5)
	p.rect(x-r, y-r, 2*r, 2*r, "DF")
	p.stroke(brand, .16)
	p.rosette(x, y, r*.28, r*.88, 5, 7)
	p.shape(disc(1), x, y, r*.16, brand)
}

// rosette draws strands of waves around a circle between two radii.
func (p *paper) rosette(x, y, inner, outer float64, lobes, strands int) {
	mid, amp := (inner+outer)/2, (outer-inner)/2
	n := max(120, lobes*24)
	for k := range strands {
		shift := 2 * math.Pi * float64(k) / float64(strands)
		pts := make([]point, n)
		for i := range pts {
			a := 2 * math.Pi * float64(i) / float64(n)
			r := mid + amp*math.Cos(float64(lobes)*a+shift)
			pts[i] = point{x + r*math.Cos(a), y + r*math.Sin(a)}
		}
		p.polygon(pts, "D")
	}
}

func (p *paper) ring(x, y, r, width float64, ink string) {
	p.stroke(ink, width)
	pts := make([]point, 180)
	for i := range pts {
		a := 2 * math.Pi * float64(i) / 180
		pts[i] = point{x + r*math.Cos(a), y + r*math.Sin(a)}
	}
	p.polygon(pts, "D")
}

// seal draws the desk's mark around a centre: its name above and below, a rosette and the shield within.
func (p *paper) seal(x, y, r float64, desk Text) {
	u := r / 58
	pts := make([]point, 36*12)
	for i := range pts {
		a := 2 * math.Pi * float64(i) / float64(len(pts))
		d := (56 + 2.6*math.Abs(math.Sin(18*a))) * u
		pts[i] = point{x + d*math.Cos(a), y + d*math.Sin(a)}
	}
	p.fill(white)
	p.stroke(brand, 1.1*u)
	p.polygon(pts, "DF")
	p.ring(x, y, 53.6*u, 1.5*u, brand)
	p.ring(x, y, 51.2*u, .5*u, brand)
	p.arc(x, y, 38.6*u, 10.5*u, .62, desk.ZhHans, false)
	p.arc(x, y, 46.4*u, 5.6*u, .12, strings.ToUpper(desk.En), true)
	p.ring(x, y, 33*u, .6*u, brand)
	p.stroke(brand, .32*u)
	p.rosette(x, y, 19.5*u, 32*u, 18, 8)
	p.fill(white)
	p.shape(disc(1), x, y, 18.6*u, white)
	p.ring(x, y, 18.6*u, 1.1*u, brand)
	p.shape(shield, x, y+.3*u, .52*u, brand)
	p.shape(looks["valid"].sign, x, y+.3*u, .52*u, white)
}

// arc writes a text along a circle, above its centre or (under) below it, in at most 150 degrees.
func (p *paper) arc(x, y, r, size, track float64, text string, under bool) {
	s := style{size: size, track: track, fancy: true, ink: brand}
	if room := r * 150 * math.Pi / 180; s.width(text) > room {
		s.track = min(track, .1)
		if w := s.width(text); w > room {
			s.size *= room / w
		}
	}
	total := s.width(text)
	at := -total / 2
	for _, c := range text {
		w := s.width(string(c))
		deg := (at + w/2) / r * 180 / math.Pi
		px, py := x, y-r
		turn := -deg
		if under {
			px, py, turn = x, y+r, deg
		}
		p.pdf.Rotate(turn, x*mm, y*mm)
		p.text(px, py, .5, string(c), s)
		p.pdf.RotateReset()
		at += w + s.track*s.size
	}
}

// across writes the state over the whole page when it is not valid, in both languages, so that no copy passes.
func (p *paper) across(state string) {
	state, l := lookOf(state)
	if !l.watchful {
		return
	}
	text := word(state, p.lang) + " " + strings.ToUpper(word(state, other(p.lang)))
	if p.lang == "en" {
		text = strings.ToUpper(word(state, "en")) + " " + word(state, "zh-Hans")
	}
	diagonal := math.Hypot(p.w, p.h)
	s := style{size: 60, fancy: true, ink: "#7a1010", clear: .68}
	s.size *= min(1, diagonal*.55/s.width(text))
	p.pdf.Rotate(math.Atan2(p.h, p.w)*180/math.Pi, p.w/2*mm, p.h/2*mm)
	p.text(p.w/2, p.h/2+s.size*.36, .5, text, s)
	p.pdf.RotateReset()
}
