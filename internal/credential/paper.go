// Paper: a PDF page measured in millimetres, with lines of text that find their fonts, and shapes.

package credential

import (
	"fmt"
	"time"

	"github.com/signintech/gopdf"
)

const mm = 72 / 25.4

// paper keeps the first error, so that drawing code reads as a list of what is drawn.
type paper struct {
	pdf    gopdf.GoPdf
	w, h   float64 // millimetres
	lang   string
	loaded map[typeface]bool
	err    error
}

// newPaper starts a document. The date in it is the certificate's own, never today's.
func newPaper(w, h float64, lang, title, author, day string) *paper {
	p := &paper{w: w, h: h, lang: lang, loaded: map[typeface]bool{}}
	p.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: w * mm, H: h * mm}})
	info := gopdf.PdfInfo{Title: title, Author: author, Creator: "certdesk"}
	if t, err := time.Parse("2006-01-02", day); err == nil {
		info.CreationDate = t
	}
	p.pdf.SetInfo(info)
	p.pdf.AddPage()
	return p
}

func (p *paper) note(err error) {
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("credential: pdf: %w", err)
	}
}

// bytes ends the document.
func (p *paper) bytes() ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	b, err := p.pdf.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fmt.Errorf("credential: pdf: %w", err)
	}
	return mend(b, p.lang)
}

func (p *paper) stroke(c string, width float64) {
	k := hex(c)
	p.pdf.SetStrokeColor(k.R, k.G, k.B)
	p.pdf.SetLineWidth(width * mm)
}

func (p *paper) fill(c string) {
	k := hex(c)
	p.pdf.SetFillColor(k.R, k.G, k.B)
}

func (p *paper) line(x1, y1, x2, y2 float64) { p.pdf.Line(x1*mm, y1*mm, x2*mm, y2*mm) }

func (p *paper) rect(x, y, w, h float64, style string) {
	p.polygon([]point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, style)
}

func (p *paper) polygon(points []point, style string) {
	out := make([]gopdf.Point, len(points))
	for i, q := range points {
		out[i] = gopdf.Point{X: q.x * mm, Y: q.y * mm}
	}
	p.pdf.Polygon(out, style)
}

// shape fills an outline at a place and scale.
func (p *paper) shape(path string, x, y, scale float64, c string) {
	p.fill(c)
	for _, poly := range polygons(path) {
		for i, q := range poly {
			poly[i] = point{x + q.x*scale, y + q.y*scale}
		}
		p.polygon(poly, "F")
	}
}

// style of a line: size in millimetres of the em, letter-spacing in parts of it.
type style struct {
	size, track float64
	fancy       bool
	ink         string
	clear       float64 // transparency: 0 is solid
}

func (s style) width(text string) float64 { return lineWidth(text, s.size, s.track, s.fancy) }

// text writes a line from its baseline; anchor 0 starts at x, 0.5 is centred on it, 1 ends there.
func (p *paper) text(x, y, anchor float64, text string, s style) {
	x -= s.width(text) * anchor
	for _, r := range runs(text, s.fancy) {
		w := lineWidth(r.text, s.size, s.track, r.face == display) + s.track*s.size
		if r.face == none {
			p.hollow(x, y, []rune(r.text)[0], s)
		} else {
			p.write(x, y, r, s)
		}
		x += w
	}
}

func (p *paper) write(x, y float64, r run, s style) {
	name := p.use(r.face)
	k := hex(s.ink)
	p.pdf.SetTextColor(k.R, k.G, k.B)
	p.note(p.pdf.SetFont(name, "", s.size*mm))
	p.note(p.pdf.SetCharSpacing(s.track * s.size * mm))
	p.pdf.SetXY(x*mm, y*mm)
	if s.clear == 0 {
		p.note(p.pdf.Text(r.text))
		return
	}
	t, err := gopdf.NewTransparency(1-s.clear, "/Normal")
	p.note(err)
	p.pdf.SetXY(x*mm, (y-s.size*.88)*mm)
	p.note(p.pdf.CellWithOption(&gopdf.Rect{W: p.w * mm, H: s.size * mm}, r.text, gopdf.CellOption{Align: gopdf.Left | gopdf.Top, Transparency: &t}))
}

// hollow draws a character that no font has: an empty box, and its code point below.
func (p *paper) hollow(x, y float64, r rune, s style) {
	p.stroke(s.ink, s.size*.035)
	p.rect(x+s.size*.12, y-s.size*.76, s.size*.76, s.size*.76, "D")
	code := codePoint(r)
	size := fitSize(code, s.size*.24, s.size*.96)
	p.text(x+s.size/2, y+s.size*.24, .5, code, style{size: size, ink: s.ink})
}

// use loads a font into the document when a line first needs it.
func (p *paper) use(t typeface) string {
	f := fonts[t]()
	if !p.loaded[t] {
		p.note(p.pdf.AddTTFFontData(f.name, f.ttf))
		p.loaded[t] = true
	}
	return f.name
}

// qr draws a code with its quiet zone inside a square; it answers false when there is nothing to encode.
func (p *paper) qr(text string, x, y, side float64) bool {
	if text == "" {
		return false
	}
	rows, err := modules(text)
	if err != nil {
		p.note(err)
		return false
	}
	k := side / float64(len(rows)+2*quiet)
	p.fill(white)
	p.rect(x, y, side, side, "F")
	p.fill("#000000")
	bars(rows, func(i, j, n int) {
		// a hair of overlap, so that no viewer shows seams between rows
		p.rect(x+float64(i+quiet)*k, y+float64(j+quiet)*k, float64(n)*k, k*1.02, "F")
	})
	p.pdf.AddExternalLink(text, x*mm, y*mm, side*mm, side*mm)
	return true
}
