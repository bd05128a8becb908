package vault

// Making pictures smaller by averaging areas, and turning them upright. A large picture is never held
// a second time in full: it is drawn in strips.

import (
	"image"
	"image/draw"
)

// stripPixels bounds the strip that is drawn at once.
const stripPixels = 1 << 20

// fitSide gives the size with the longer side at most side, never larger than before.
func fitSide(w, h, side int) (int, int) {
	long := max(w, h)
	if long <= side {
		return w, h
	}
	return max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
}

// shrink draws src on white paper of w × h pixels, each the average of the area it covers.
func shrink(src image.Image, w, h int) *image.RGBA {
	b := src.Bounds()
	if b.Dx() == w && b.Dy() == h {
		return onPaper(src)
	}
	s := &averager{from: b.Size(), out: image.NewRGBA(image.Rect(0, 0, w, h)), row: make([]uint32, 3*w), sum: make([]uint64, 3*w)}
	rows := min(b.Dy(), max(1, stripPixels/b.Dx()))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), rows))
	for y := 0; y < b.Dy(); y += rows {
		draw.Draw(strip, strip.Bounds(), image.White, image.Point{}, draw.Src)
		draw.Draw(strip, strip.Bounds(), src, image.Pt(b.Min.X, b.Min.Y+y), draw.Over)
		for i := range min(rows, b.Dy()-y) {
			s.add(y+i, strip.Pix[i*strip.Stride:])
		}
	}
	return s.out
}

func onPaper(src image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: src.Bounds().Size()})
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), src, src.Bounds().Min, draw.Over)
	return out
}

// averager adds up rows. Lengths are counted in units in which both grids are whole numbers: a row of
// the source is out's height long, a row of out is the source's height long.
type averager struct {
	from image.Point
	out  *image.RGBA
	row  []uint32 // one source row, averaged across: sums of from.X units
	sum  []uint64 // the rows of out being filled: sums of from.X × from.Y units
	y    int      // that row of out
}

func (s *averager) add(y int, pix []byte) {
	s.across(pix)
	to := s.out.Bounds().Dy()
	for at, end := y*to, (y+1)*to; at < end; {
		edge := (s.y + 1) * s.from.Y
		part := min(end, edge) - at
		for i, v := range s.row {
			s.sum[i] += uint64(v) * uint64(part)
		}
		if at += part; at == edge {
			s.finish()
		}
	}
}

// across averages one row of pixels into row.
func (s *averager) across(pix []byte) {
	clear(s.row)
	to := s.out.Bounds().Dx()
	for x, cell := 0, 0; x < s.from.X; x++ {
		r, g, b := uint32(pix[4*x]), uint32(pix[4*x+1]), uint32(pix[4*x+2])
		for at, end := x*to, (x+1)*to; at < end; {
			edge := (cell + 1) * s.from.X
			part := uint32(min(end, edge) - at)
			s.row[3*cell] += r * part
			s.row[3*cell+1] += g * part
			s.row[3*cell+2] += b * part
			if at += int(part); at == edge {
				cell++
			}
		}
	}
}

func (s *averager) finish() {
	area := uint64(s.from.X) * uint64(s.from.Y)
	line := s.out.Pix[s.y*s.out.Stride:]
	for x := range s.out.Bounds().Dx() {
		for c := range 3 {
			line[4*x+c] = uint8((s.sum[3*x+c] + area/2) / area)
		}
		line[4*x+3] = 255
	}
	clear(s.sum)
	s.y++
}

// upright turns and mirrors a picture as its EXIF orientation says.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 || orientation > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			sx, sy := origin(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return out
}

// origin gives where the pixel that belongs at x, y lies in a picture of w × h.
func origin(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
