// QR codes. Level Q bears a quarter of the code being scratched or stamped over; the quiet zone of four modules
// belongs to the picture, because pages forget it.

package credential

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

const quiet = 4

// modules encodes a text; it fails when the text is empty or too long for a QR code of level Q.
func modules(text string) ([][]bool, error) {
	if text == "" {
		return nil, fmt.Errorf("credential: nothing to write into the QR code")
	}
	code, err := qr.Encode(text, qr.Q, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("credential: QR code of %d bytes: %w", len(text), err)
	}
	n := code.Bounds().Dx()
	rows := make([][]bool, n)
	for y := range rows {
		rows[y] = make([]bool, n)
		for x := range rows[y] {
			r, _, _, _ := code.At(x, y).RGBA()
			rows[y][x] = r == 0
		}
	}
	return rows, nil
}

// bars calls f for every horizontal run of dark modules.
func bars(rows [][]bool, f func(x, y, n int)) {
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if x > start {
				f(start, y, x-start)
			}
		}
	}
}

// QRSVG draws the text as a QR code with its quiet zone.
func QRSVG(text string) ([]byte, error) {
	rows, err := modules(text)
	if err != nil {
		return nil, err
	}
	n := len(rows) + 2*quiet
	var d strings.Builder
	bars(rows, func(x, y, w int) { fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, w, w) })
	return []byte(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`+"\n",
		n, n, n*6, n*6, n, n, d.String())), nil
}

// QRPNG draws the text as a QR code that fits into px by px pixels; every module is the same whole number
// of pixels, and what is left over widens the quiet zone. It fails when px is too small for one pixel a module.
func QRPNG(text string, px int) ([]byte, error) {
	rows, err := modules(text)
	if err != nil {
		return nil, err
	}
	n := len(rows) + 2*quiet
	k := px / n
	if k < 1 || px > 8000 {
		return nil, fmt.Errorf("credential: this QR code needs %d to 8000 pixels, not %d", n, px)
	}
	img := image.NewPaletted(image.Rect(0, 0, px, px), color.Palette{color.White, color.Black})
	off := (px - len(rows)*k) / 2
	bars(rows, func(x, y, w int) {
		for j := range k {
			for i := range w * k {
				img.SetColorIndex(off+x*k+i, off+y*k+j, 1)
			}
		}
	})
	return encodePNG(img)
}
