package vault

// Two hints for reviewers, never grounds to refuse: how sharp a picture is, and what it looks like.

import (
	"image"
	"image/color"
)

const measureSide = 512

// measured adds the hints that page 1 gives.
func measured(in Inspected, page *image.RGBA) Inspected {
	in.Sharpness, in.PHash = sharpness(page), differenceHash(page)
	return in
}

// sharpness is the variance of the Laplacian at 512 pixels.
func sharpness(img *image.RGBA) int {
	w, h := fitSide(img.Bounds().Dx(), img.Bounds().Dy(), measureSide)
	g := grey(shrink(img, w, h))
	var sum, squares, n int64
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			v := 4*int64(g[i]) - int64(g[i-1]) - int64(g[i+1]) - int64(g[i-w]) - int64(g[i+w])
			sum, squares, n = sum+v, squares+v*v, n+1
		}
	}
	if n == 0 {
		return 0
	}
	mean := float64(sum) / float64(n)
	return int(float64(squares)/float64(n) - mean*mean)
}

// differenceHash has a bit for each pair of neighbours at 9 × 8 pixels: set if it gets brighter to the right.
func differenceHash(img *image.RGBA) (hash uint64) {
	g := grey(shrink(img, 9, 8))
	for y := range 8 {
		for x := range 8 {
			if g[y*9+x] < g[y*9+x+1] {
				hash |= 1 << (y*8 + x)
			}
		}
	}
	return hash
}

func grey(img *image.RGBA) []uint8 {
	out := make([]uint8, 0, img.Bounds().Dx()*img.Bounds().Dy())
	for i := 0; i < len(img.Pix); i += 4 {
		y, _, _ := color.RGBToYCbCr(img.Pix[i], img.Pix[i+1], img.Pix[i+2])
		out = append(out, y)
	}
	return out
}
