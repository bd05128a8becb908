// Package specimen draws the made-up documents of the demo and of tests: cards and papers lying on a table, a little askew,
// marked 样本 SPECIMEN all over, so that a review screen looks alive and nobody can take a page for a real one.
// The same input gives the same bytes.
package specimen

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"strings"
	"sync"

	"github.com/certdesk/certdesk/internal/credential"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

const width = 1000

var (
	ink     = color.RGBA{0x22, 0x26, 0x2b, 255}
	label   = color.RGBA{0x2f, 0x6f, 0x8f, 255}
	red     = color.RGBA{0xa8, 0x2a, 0x22, 255}
	pale    = color.RGBA{0xe9, 0xf2, 0xf5, 255}
	paper   = color.RGBA{0xfb, 0xfa, 0xf5, 255}
	stamped = color.NRGBA{0xb0, 0x20, 0x20, 54}
)

// sheet is a document before it lies on the table.
type sheet struct {
	*image.RGBA
	seed uint64
}

func newSheet(w, h int, ground color.Color, seed ...string) sheet {
	s := sheet{image.NewRGBA(image.Rect(0, 0, w, h)), hash(seed...)}
	draw.Draw(s.RGBA, s.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	return s
}

func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

func (s sheet) box(x, y, w, h int, c color.Color) {
	draw.Draw(s.RGBA, image.Rect(x, y, x+w, y+h), image.NewUniform(c), image.Point{}, draw.Over)
}

func (s sheet) frame(x, y, w, h, t int, c color.Color) {
	s.box(x, y, w, t, c)
	s.box(x, y+h-t, w, t, c)
	s.box(x, y, t, h, c)
	s.box(x+w-t, y, t, h, c)
}

// text writes a line from its baseline and says where it ended.
func (s sheet) text(x, y, size float64, t string, c color.Color) float64 {
	f := credential.Face(size)
	defer f.Close()
	d := font.Drawer{Dst: s.RGBA, Src: image.NewUniform(c), Face: f, Dot: fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}}
	d.DrawString(t)
	return float64(d.Dot.X) / 64
}

func measure(size float64, t string) float64 {
	f := credential.Face(size)
	defer f.Close()
	return float64(font.MeasureString(f, t)) / 64
}

func (s sheet) centred(y, size float64, t string, c color.Color) {
	w := measure(size, t)
	if room := float64(s.Bounds().Dx()) * .9; w > room {
		size, w = size*room/w, room
	}
	s.text((float64(s.Bounds().Dx())-w)/2, y, size, t, c)
}

// para writes a text broken at a width and says where the next line would be.
func (s sheet) para(x, y, size, room, leading float64, t string, c color.Color) float64 {
	f := credential.Face(size)
	defer f.Close()
	line := ""
	for _, r := range t {
		if line != "" && !strings.ContainsRune("，。、；：）", r) && float64(font.MeasureString(f, line+string(r)))/64 > room {
			s.text(x, y, size, line, c)
			y, line = y+size*leading, ""
		}
		line += string(r)
	}
	s.text(x, y, size, line, c)
	return y + size*leading
}

// mark writes 样本 SPECIMEN across the whole document, again and again.
func (s sheet) mark() {
	b, w := s.Bounds(), slanted()
	for row, y := 0, -130; y < b.Dy(); row, y = row+1, y+150 {
		for x := -120 + row%2*200; x < b.Dx(); x += 420 {
			draw.Draw(s.RGBA, w.Bounds().Add(image.Pt(x, y)), w, image.Point{}, draw.Over)
		}
	}
}

// slanted is the mark's text, turned once for all.
var slanted = sync.OnceValue(func() *image.RGBA {
	const size, a = 44, -.42
	text := "样本 SPECIMEN"
	flat := image.NewRGBA(image.Rect(0, 0, int(measure(size, text))+4, size*7/5))
	sheet{flat, 0}.text(2, size*1.05, size, text, stamped)
	turned := image.NewRGBA(image.Rect(0, 0, flat.Bounds().Dx(), 220))
	xdraw.CatmullRom.Transform(turned, f64.Aff3{math.Cos(a), -math.Sin(a), 0, math.Sin(a), math.Cos(a), 150}, flat, flat.Bounds(), xdraw.Over, nil)
	return turned
})

// onTable lays the document on a table, turned by a degree or two, with a shadow, and takes its picture.
func (s sheet) onTable() []byte {
	s.mark()
	b := s.Bounds()
	scale := float64(width-120) / float64(b.Dx())
	out := sheet{image.NewRGBA(image.Rect(0, 0, width, int(float64(b.Dy())*scale)+130)), s.seed}
	table(out.RGBA, s.seed)
	a := (float64(s.seed%61) - 30) / 1000
	c, n := math.Cos(a)*scale, math.Sin(a)*scale
	w, h := float64(b.Dx()), float64(b.Dy())
	x := width/2 - c*w/2 + n*h/2
	y := float64(out.Bounds().Dy())/2 - n*w/2 - c*h/2
	for i := range 6 {
		d := float64(i)*1.6 + 1
		out.quad(x+d, y+d*1.3, x+c*w+d, y+n*w+d*1.3, x+c*w-n*h+d, y+n*w+c*h+d*1.3, x-n*h+d, y+c*h+d*1.3, color.RGBA{A: 22})
	}
	xdraw.ApproxBiLinear.Transform(out.RGBA, f64.Aff3{c, -n, x, n, c, y}, s.RGBA, b, xdraw.Over, nil)
	light(out.RGBA)
	return encode(out.RGBA)
}

// table paints wood: soft stripes that follow the seed.
func table(img *image.RGBA, seed uint64) {
	tones := [][3]float64{{150, 118, 86}, {122, 128, 130}, {168, 150, 124}, {104, 92, 82}}
	t := tones[seed%4]
	b := img.Bounds()
	bend, grain := make([]float64, b.Dx()), make([]float64, b.Dx())
	for x := range bend {
		bend[x], grain[x] = 2*math.Sin(float64(x)/170+float64(seed%7)), math.Sin(float64(x)/60)
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			v := float64(y)
			g := 7*math.Sin(v/9+bend[x]) + 4*math.Sin(v/2.3+grain[x]) + float64((uint64(x*7919+y*104729)+seed)%5)
			i := img.PixOffset(x, y)
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(t[0]+g), uint8(t[1]+g), uint8(t[2]+g), 255
		}
	}
}

// light darkens the picture away from an imagined window, as a phone's picture is.
func light(img *image.RGBA) {
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			u, v := float64(x)/float64(b.Dx())-.35, float64(y)/float64(b.Dy())-.25
			k := 1.02 - .2*(u*u+v*v)
			i := img.PixOffset(x, y)
			for c := range 3 {
				img.Pix[i+c] = uint8(min(255, float64(img.Pix[i+c])*k))
			}
		}
	}
}

func encode(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 84}); err != nil {
		panic("specimen: " + err.Error()) // a picture in memory of a fixed size: cannot fail
	}
	return b.Bytes()
}
