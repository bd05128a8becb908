// People who do not exist: a flat drawn portrait, different for every seed.

package specimen

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// Photo draws a portrait as taken at home, the person holding a paper with the code of the day;
// an empty code leaves the paper away.
func Photo(seed, dayCode string) []byte {
	s := newSheet(width, 1200, color.RGBA{0xc9, 0xd6, 0xd2, 255}, "photo", seed)
	wall(s, s.seed)
	s.portrait(130, 120, 740, 1080, hash(seed), false)
	if dayCode != "" {
		s.box(286, 892, 440, 230, color.RGBA{0, 0, 0, 40})
		s.box(280, 884, 440, 230, color.RGBA{0xff, 0xfe, 0xf8, 255})
		size := min(120, 120*400/measure(120, dayCode))
		s.text(280+(440-measure(size, dayCode))/2, 1044, size, dayCode, ink)
		skin := skins[hash(seed)%4]
		s.ellipse(282, 1010, 34, 50, skin)
		s.ellipse(718, 1010, 34, 50, skin)
	}
	s.mark()
	light(s.RGBA)
	return encode(s.RGBA)
}

func wall(s sheet, seed uint64) {
	tones := []color.RGBA{{0xd8, 0xd2, 0xc4, 255}, {0xc6, 0xd4, 0xd8, 255}, {0xd9, 0xd9, 0xd2, 255}, {0xcf, 0xd8, 0xc8, 255}}
	s.box(0, 0, width, 1200, tones[seed%4])
	s.box(690, 90, 220, 300, color.RGBA{0xf2, 0xf4, 0xf2, 255})
	s.frame(690, 90, 220, 300, 10, color.RGBA{0x8a, 0x74, 0x5a, 255})
	s.ellipse(800, 300, 80, 50, color.RGBA{0xa9, 0xc2, 0xae, 255})
	s.box(0, 1040, width, 160, color.RGBA{0xa8, 0x96, 0x7e, 255})
}

var (
	skins  = []color.RGBA{{0xe8, 0xc3, 0xa2, 255}, {0xdd, 0xb0, 0x8c, 255}, {0xf0, 0xd0, 0xb4, 255}, {0xd2, 0xa4, 0x80, 255}}
	hairs  = []color.RGBA{{0x2b, 0x28, 0x28, 255}, {0x8d, 0x8c, 0x8a, 255}, {0xc9, 0xc8, 0xc4, 255}, {0x4a, 0x40, 0x3a, 255}, {0x6e, 0x6b, 0x68, 255}}
	shirts = []color.RGBA{{0x35, 0x4f, 0x6e, 255}, {0x5c, 0x3a, 0x46, 255}, {0x37, 0x5a, 0x4c, 255}, {0x6a, 0x62, 0x52, 255}, {0x7c, 0x2f, 0x2f, 255}}
)

// portrait draws head and shoulders inside a rectangle; plain puts them before a card's white ground.
func (s sheet) portrait(x, y, w, h float64, seed uint64, plain bool) {
	if plain {
		s.box(int(x), int(y), int(w), int(h), color.RGBA{0xf7, 0xfa, 0xfb, 255})
	}
	sub := sheet{s.SubImage(image.Rect(int(x), int(y), int(x+w), int(y+h))).(*image.RGBA), seed}
	skin, hair, shirt := skins[seed%4], hairs[seed/4%5], shirts[seed/20%5]
	u, cx, top := w/100, x+w/2, y+h*.12
	long := seed/100%2 == 0
	if long {
		sub.ellipse(cx, top+44*u, 33*u, 46*u, hair)
	}
	sub.ellipse(cx, y+h+12*u, 50*u, h*.16+30*u, shirt)
	sub.quad(cx-10*u, top+60*u, cx+10*u, top+60*u, cx+12*u, top+90*u, cx-12*u, top+90*u, darker(skin))
	sub.ellipse(cx, top+90*u, 13*u, 8*u, darker(skin))
	sub.ellipse(cx-25*u, top+42*u, 5*u, 8*u, darker(skin))
	sub.ellipse(cx+25*u, top+42*u, 5*u, 8*u, darker(skin))
	sub.ellipse(cx, top+38*u, 27*u, 36*u, hair)
	sub.ellipse(cx, top+44*u, 25*u, 31*u, skin)
	sub.fringe(cx, top, u, seed, hair)
	sub.features(cx, top, u, seed, skin, hair)
}

func (s sheet) fringe(cx, top, u float64, seed uint64, hair color.RGBA) {
	side := float64(seed/200%2)*2 - 1
	s.ellipse(cx-side*10*u, top+12*u, 19*u, 11*u, hair)
	s.ellipse(cx+side*13*u, top+13*u, 15*u, 9*u, hair)
}

func (s sheet) features(cx, top, u float64, seed uint64, skin, hair color.RGBA) {
	dark := color.RGBA{0x2a, 0x22, 0x20, 255}
	for _, d := range []float64{-1, 1} {
		s.ellipse(cx+d*10*u, top+41*u, 4.4*u, 2.4*u, color.RGBA{0xfb, 0xfa, 0xf7, 255})
		s.ellipse(cx+d*10*u, top+41*u, 2.1*u, 2.3*u, dark)
		s.quad(cx+d*5*u, top+35*u, cx+d*15*u, top+34*u, cx+d*15*u, top+35.6*u, cx+d*5*u, top+36.8*u, hair)
		if seed/400%3 == 0 { // glasses
			s.circle(cx+d*10*u, top+41*u, 7*u, .8*u, dark)
		}
		if seed/1200%2 == 0 { // lines of age
			s.quad(cx+d*13*u, top+51*u, cx+d*13.6*u, top+51*u, cx+d*11.6*u, top+60*u, cx+d*11*u, top+60*u, darker(skin))
		}
	}
	s.quad(cx-.8*u, top+44*u, cx+.8*u, top+44*u, cx+3*u, top+54*u, cx-3*u, top+54*u, darker(skin))
	s.ellipse(cx, top+62*u, 8*u, 2.2*u, color.RGBA{0xb0, 0x5f, 0x55, 255})
	s.ellipse(cx, top+60.8*u, 8*u, 1.4*u, skin)
}

func darker(c color.RGBA) color.RGBA {
	return color.RGBA{uint8(int(c.R) * 88 / 100), uint8(int(c.G) * 86 / 100), uint8(int(c.B) * 84 / 100), 255}
}

func (s sheet) ellipse(x, y, rx, ry float64, c color.Color) {
	pts := make([]float64, 0, 144)
	for i := range 72 {
		a := 2 * math.Pi * float64(i) / 72
		pts = append(pts, x+rx*math.Cos(a), y+ry*math.Sin(a))
	}
	s.fill(c, pts...)
}

func (s sheet) disc(x, y, r float64, c color.Color) { s.ellipse(x, y, r, r, c) }

// circle draws a ring of the given line width.
func (s sheet) circle(x, y, r, line float64, c color.Color) {
	var pts []float64
	for _, k := range []float64{1, -1} {
		for i := range 61 {
			a := k * 2 * math.Pi * float64(i) / 60
			d := r + k*line/2
			pts = append(pts, x+d*math.Cos(a), y+d*math.Sin(a))
		}
	}
	s.fill(c, pts...)
}

func (s sheet) quad(x1, y1, x2, y2, x3, y3, x4, y4 float64, c color.Color) {
	s.fill(c, x1, y1, x2, y2, x3, y3, x4, y4)
}

// fill paints a polygon given as x, y, x, y and so on, clipped to the sheet.
func (s sheet) fill(c color.Color, xy ...float64) {
	x0, y0, x1, y1 := xy[0], xy[1], xy[0], xy[1]
	for i := 2; i+1 < len(xy); i += 2 {
		x0, y0, x1, y1 = min(x0, xy[i]), min(y0, xy[i+1]), max(x1, xy[i]), max(y1, xy[i+1])
	}
	b := image.Rect(int(x0)-1, int(y0)-1, int(x1)+2, int(y1)+2).Intersect(s.Bounds())
	if b.Empty() {
		return
	}
	z := vector.NewRasterizer(b.Dx(), b.Dy())
	at := func(i int) (float32, float32) {
		return float32(xy[i] - float64(b.Min.X)), float32(xy[i+1] - float64(b.Min.Y))
	}
	z.MoveTo(at(0))
	for i := 2; i+1 < len(xy); i += 2 {
		z.LineTo(at(i))
	}
	z.ClosePath()
	z.Draw(s.RGBA, b, image.NewUniform(c), image.Point{})
}

// waves draws the fine ground of a card.
func (s sheet) waves(c color.RGBA) {
	b := s.Bounds()
	for y := -40; y < b.Dy()+40; y += 14 {
		var up, down []float64
		for x := 0; x <= b.Dx(); x += 10 {
			v := float64(y) + 16*math.Sin(float64(x)/70+float64(y)/90)
			up = append(up, float64(x), v)
			down = append([]float64{float64(x), v + 2.4}, down...)
		}
		s.fill(c, append(up, down...)...)
	}
}
