// The PNG form of a drawing: the same shapes and lines as in SVG, with the embedded fonts.

package credential

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("credential: png: %w", err)
	}
	return b.Bytes(), nil
}

func (s scene) raster(img draw.Image, k float64) {
	for _, p := range s.shapes {
		scale := p.scale
		if scale == 0 {
			scale = 1
		}
		fillPath(img, p.path, p.x*k, p.y*k, scale*k, hex(p.fill))
	}
	for _, l := range s.labels {
		drawText(img, l.x*k, l.y*k, l.size*k, l.text, hex(l.fill), l.bold)
	}
}

func fillPath(img draw.Image, path string, dx, dy, k float64, c color.Color) {
	b := img.Bounds()
	z := vector.NewRasterizer(b.Dx(), b.Dy())
	at := func(p point) (float32, float32) { return float32(p.x*k + dx), float32(p.y*k + dy) }
	for _, s := range steps(path) {
		switch s.op {
		case 'M':
			z.MoveTo(at(s.p[0]))
		case 'L':
			z.LineTo(at(s.p[0]))
		case 'C':
			ax, ay := at(s.p[0])
			bx, by := at(s.p[1])
			cx, cy := at(s.p[2])
			z.CubeTo(ax, ay, bx, by, cx, cy)
		case 'Z':
			z.ClosePath()
		}
	}
	z.Draw(img, b, image.NewUniform(c), image.Point{})
}

// drawText writes one line from its baseline. Bold is the regular face drawn a few times, a hair apart.
func drawText(img draw.Image, x, y, size float64, text string, c color.Color, bold bool) {
	f := Face(size)
	defer f.Close()
	shifts := []float64{0}
	if bold {
		shifts = []float64{0, size * .018, size * .036}
	}
	for _, dx := range shifts {
		d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: f, Dot: fixed.Point26_6{X: fix(x + dx), Y: fix(y)}}
		d.DrawString(text)
	}
}

func fix(v float64) fixed.Int26_6 { return fixed.Int26_6(v*64 + .5) }

func hex(s string) color.RGBA {
	c := color.RGBA{A: 255}
	fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B)
	return c
}
