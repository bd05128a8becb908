// The embedded fonts as one face for drawing into pictures.

package credential

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Face is the embedded fonts at a size in pixels. A character that no font has is drawn as a hollow box with its
// code point below, so that it is neither lost nor mistaken. A face is for one goroutine at a time.
func Face(size float64) font.Face {
	return &face{size: size, parts: map[typeface]font.Face{}}
}

type face struct {
	size  float64
	parts map[typeface]font.Face
}

func (f *face) part(t typeface) font.Face {
	if p, ok := f.parts[t]; ok {
		return p
	}
	p, err := opentype.NewFace(fonts[t]().font, &opentype.FaceOptions{Size: f.size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic("credential: face: " + err.Error())
	}
	f.parts[t] = p
	return p
}

func (f *face) Close() error {
	for _, p := range f.parts {
		p.Close()
	}
	return nil
}

func (f *face) Metrics() font.Metrics { return f.part(sans).Metrics() }

func (f *face) Kern(a, b rune) fixed.Int26_6 {
	if t := pick(a); t != none && t == pick(b) {
		return f.part(t).Kern(a, b)
	}
	return 0
}

func (f *face) GlyphAdvance(r rune) (fixed.Int26_6, bool) {
	if t := pick(r); t != none {
		return f.part(t).GlyphAdvance(r)
	}
	return fix(f.size), true
}

func (f *face) GlyphBounds(r rune) (fixed.Rectangle26_6, fixed.Int26_6, bool) {
	if t := pick(r); t != none {
		return f.part(t).GlyphBounds(r)
	}
	return fixed.Rectangle26_6{Min: fixed.Point26_6{Y: fix(-.8 * f.size)}, Max: fixed.Point26_6{X: fix(f.size), Y: fix(.2 * f.size)}}, fix(f.size), true
}

func (f *face) Glyph(dot fixed.Point26_6, r rune) (image.Rectangle, image.Image, image.Point, fixed.Int26_6, bool) {
	if t := pick(r); t != none {
		return f.part(t).Glyph(dot, r)
	}
	mask := f.box(r)
	at := mask.Bounds().Add(image.Pt(dot.X.Round(), dot.Y.Round()-int(.8*f.size)))
	return at, mask, image.Point{}, fix(f.size), true
}

// box draws the hollow box: four sides above the baseline, the code point below.
func (f *face) box(r rune) *image.Alpha {
	n := int(f.size + .5)
	m := image.NewAlpha(image.Rect(0, 0, n, int(1.1*f.size)+1))
	t := max(1, n/22)
	outer := image.Rect(n/8, n/10, n-n/8, n*8/10)
	draw.Draw(m, outer, image.NewUniform(color.Alpha{255}), image.Point{}, draw.Src)
	draw.Draw(m, outer.Inset(t), image.Transparent, image.Point{}, draw.Src)
	code := codePoint(r)
	size := fitSize(code, f.size*.26, f.size*.96)
	small := Face(size)
	defer small.Close()
	x := (f.size - textWidth(code, size)) / 2
	d := font.Drawer{Dst: m, Src: image.NewUniform(color.Alpha{255}), Face: small, Dot: fixed.Point26_6{X: fix(x), Y: fix(1.06 * f.size)}}
	d.DrawString(code)
	return m
}

func codePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }
