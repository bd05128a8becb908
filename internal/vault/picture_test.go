package vault

// Scaling and the two hints, apart from any file.

import (
	"image"
	"image/color"
	"math"
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/internal/hostile/corpus"
)

// A picture of one colour stays that colour at any size, and every pixel is written.
func TestShrinkKeepsColour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 70)
		w, h, tw, th := side.Draw(t, "w"), side.Draw(t, "h"), side.Draw(t, "to w"), side.Draw(t, "to h")
		c := color.RGBA{rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b"), 255}
		src := image.NewRGBA(image.Rect(5, 7, 5+w, 7+h))
		for i := 0; i < len(src.Pix); i += 4 {
			src.Pix[i], src.Pix[i+1], src.Pix[i+2], src.Pix[i+3] = c.R, c.G, c.B, 255
		}
		out := shrink(src, tw, th)
		for i := 0; i < len(out.Pix); i += 4 {
			if [4]byte(out.Pix[i:i+4]) != [4]byte{c.R, c.G, c.B, 255} {
				t.Fatalf("%d: %v", i/4, out.Pix[i:i+4])
			}
		}
	})
}

func TestShrinkAverages(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 3, 1))
	copy(src.Pix, []byte{0, 90, 240})
	out := shrink(src, 2, 1) // each pixel covers one and a half
	if out.Pix[0] != 30 || out.Pix[4] != 190 {
		t.Errorf("%v", out.Pix)
	}
}

func TestHints(t *testing.T) {
	sharp := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for y := range 1200 {
		for x := range 1600 {
			v := uint8((x/40+y/30)%2*200 + x%50)
			sharp.SetRGBA(x, y, color.RGBA{v, v / 2, 255 - v, 255})
		}
	}
	blurred := shrink(shrink(sharp, 40, 30), 1600, 1200)
	for range 3 {
		blurred = smooth(blurred)
	}
	if s, b := sharpness(sharp), sharpness(blurred); s < 4*b {
		t.Errorf("sharp %d, blurred %d", s, b)
	}
	scene := hills(1600, 1200)
	if d := bits.OnesCount64(differenceHash(scene) ^ differenceHash(shrink(scene, 801, 599))); d > 4 {
		t.Errorf("the same picture, smaller: %d bits differ", d)
	}
	if d := bits.OnesCount64(differenceHash(scene) ^ differenceHash(upright(scene, 2))); d < 20 {
		t.Errorf("another picture: %d bits differ", d)
	}
	if got := sharpness(corpus.Quarters(2, 2)); got != 0 {
		t.Errorf("too small to tell: %d", got)
	}
}

// hills gets brighter and darker in wide waves, as a photo does.
func hills(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			a, b := float64(x)/float64(w), float64(y)/float64(h)
			v := uint8(128 + 120*math.Sin(7*a+3*b)*math.Cos(4*b-2*a))
			img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	return img
}

func smooth(img *image.RGBA) *image.RGBA {
	b := img.Bounds()
	return shrink(shrink(img, b.Dx()/10, b.Dy()/10), b.Dx(), b.Dy())
}

func TestOrientationOfNonsense(t *testing.T) {
	for _, tiff := range []string{"", "II*\x00", "MM\x00*\x00\x00\x00", "II*\x00\xff\xff\xff\xff", "II*\x00\x08\x00\x00\x00\xff\xff", "JJ*\x00\x08\x00\x00\x00"} {
		if got := orientation([]byte(tiff)); got != 1 {
			t.Errorf("%q: %d", tiff, got)
		}
	}
}
