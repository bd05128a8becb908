// The fonts, and which of them draws a character. They are packed into the program, so that a certificate looks
// the same on every machine; fonts/README.md says where they come from.

package credential

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/*.gz
var fontFiles embed.FS

// typeface names one of the embedded fonts; none draws the hollow box.
type typeface int

const (
	none    typeface = iota
	sans             // everything
	display          // titles and names, where it has every character of the line
	rare             // Extension B and later, where sans has nothing
)

type fontData struct {
	name string
	ttf  []byte
	font *sfnt.Font
}

var fonts = map[typeface]func() fontData{
	sans:    sync.OnceValue(func() fontData { return unpack("NotoSansSC-Regular") }),
	display: sync.OnceValue(func() fontData { return unpack("CertdeskDisplaySC-Bold") }),
	rare:    sync.OnceValue(func() fontData { return unpack("CertdeskRareHan-Regular") }),
}

// unpack reads an embedded font; a broken one is a broken build, so it panics.
func unpack(name string) fontData {
	f, err := fontFiles.Open("fonts/" + name + ".ttf.gz")
	if err != nil {
		panic("credential: " + err.Error())
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		panic("credential: " + name + ": " + err.Error())
	}
	data, err := io.ReadAll(z)
	if err != nil {
		panic("credential: " + name + ": " + err.Error())
	}
	parsed, err := sfnt.Parse(bytes.Clone(data))
	if err != nil {
		panic("credential: " + name + ": " + err.Error())
	}
	return fontData{name, data, parsed}
}

func has(t typeface, r rune) bool {
	i, err := fonts[t]().font.GlyphIndex(nil, r)
	return err == nil && i != 0
}

// pick names the font for a character of running text. The rare one is unpacked only when it is asked for.
func pick(r rune) typeface {
	switch {
	case has(sans, r):
		return sans
	case r >= 0x20000 && has(rare, r):
		return rare
	}
	return none
}

// run is a stretch of a line drawn with one font.
type run struct {
	face typeface
	text string
}

// runs splits a line by font. The display face takes a whole line or none of it: two weights within
// one name would look like a forgery.
func runs(text string, fancy bool) []run {
	if fancy && all(text, display) {
		return []run{{display, text}}
	}
	var out []run
	for _, r := range text {
		t := pick(r)
		if n := len(out); n > 0 && out[n-1].face == t && t != none {
			out[n-1].text += string(r)
			continue
		}
		out = append(out, run{t, string(r)})
	}
	return out
}

func all(text string, t typeface) bool {
	for _, r := range text {
		if !has(t, r) {
			return false
		}
	}
	return true
}

// advance is a character's width in parts of the font size; a hollow box is as wide as a Chinese character.
func advance(t typeface, r rune) float64 {
	if t == none {
		return 1
	}
	f := fonts[t]().font
	i, err := f.GlyphIndex(nil, r)
	if err != nil {
		return 1
	}
	a, err := f.GlyphAdvance(nil, i, fixed.I(1000), font.HintingNone)
	if err != nil {
		return 1
	}
	return float64(a) / 64000
}

// textWidth is the width of a line in the running font.
func textWidth(text string, size float64) float64 { return lineWidth(text, size, 0, false) }

func lineWidth(text string, size, track float64, fancy bool) float64 {
	w, n := 0.0, 0
	for _, r := range runs(text, fancy) {
		for _, c := range r.text {
			w += advance(r.face, c)
			n++
		}
	}
	if n > 1 {
		w += track * float64(n-1)
	}
	return w * size
}

// fitSize is the largest size up to the wish at which a line fits the room.
func fitSize(text string, wish, room float64) float64 {
	if w := textWidth(text, wish); w > room {
		return wish * room / w
	}
	return wish
}
