package vault

// Pictures: limits first, then decoding, then made anew, upright and no larger than a screen can use.

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
)

// frame is what the outer structure of a picture tells without decoding it.
type frame struct {
	progressive bool
	scans       int // of a JPEG
	orientation int // 1 to 8 as in EXIF
	end         int // where the picture ends in the file; 0 if it never does
}

func openPicture(kind string, data []byte, limits Limits) (Inspected, error) {
	walk, media := walkJPEG, mediaJPEG
	if kind == "png" {
		walk, media = walkPNG, mediaPNG
	}
	f := walk(data)
	if err := checkPicture(kind, data, f, limits); err != nil {
		return Inspected{}, err
	}
	img, err := decodePicture(kind, data[:f.end])
	if err != nil {
		return Inspected{}, err
	}
	w, h := fitSide(img.Bounds().Dx(), img.Bounds().Dy(), viewSide)
	view := upright(shrink(img, w, h), f.orientation)
	page, err := encodePage(view, viewQuality)
	if err != nil {
		return Inspected{}, err
	}
	return measured(Inspected{Media: media, Pages: []Page{page}}, view), nil
}

// checkPicture refuses what would cost too much or is not whole, before a pixel is decoded.
func checkPicture(kind string, data []byte, f frame, limits Limits) error {
	head, err := configOf(kind, data)
	if err != nil {
		return err
	}
	pixels, allowed := int64(head.Width)*int64(head.Height), limits.MaxPixels
	if f.progressive {
		allowed = min(allowed, limits.MaxProgressive)
	}
	if pixels == 0 {
		return refuseUpload("failed", "no pixels")
	}
	if pixels > allowed || max(head.Width, head.Height) > maxSide {
		return refuseUpload("too_many_pixels", fmt.Sprintf("%d × %d", head.Width, head.Height))
	}
	if f.scans > maxScans {
		return refuseUpload("slow", fmt.Sprintf("%d scans", f.scans))
	}
	if f.end == 0 {
		return refuseUpload("cut_off", "no end mark")
	}
	if rest := data[f.end:]; len(rest) > maxTrail && !phoneTrail(rest) {
		return refuseUpload("polyglot", fmt.Sprintf("%d bytes after the end", len(rest)))
	}
	return nil
}

func configOf(kind string, data []byte) (image.Config, error) {
	read := jpeg.DecodeConfig
	if kind == "png" {
		read = png.DecodeConfig
	}
	head, err := read(bytes.NewReader(data))
	return head, cutOff(err)
}

func decodePicture(kind string, data []byte) (image.Image, error) {
	read := jpeg.Decode
	if kind == "png" {
		read = png.Decode
	}
	img, err := read(bytes.NewReader(data))
	return img, cutOff(err)
}

// cutOff gives a decoder's early end its code.
func cutOff(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return refuseUpload("cut_off", err.Error())
	}
	return err
}

// phoneTrail knows what phones put behind a photo: a second picture (depth, brightness) or a short film.
func phoneTrail(rest []byte) bool {
	near := rest[:min(len(rest), 4<<10)]
	return bytes.Contains(near, []byte("\xff\xd8\xff")) || bytes.Contains(near[:min(len(near), 64)], []byte("ftyp")) ||
		bytes.Contains(near[:min(len(near), 64)], []byte("MotionPhoto_Data"))
}

// encodePage makes the JPEG; a page without colour is written without, which takes half the time.
func encodePage(img *image.RGBA, quality int) (Page, error) {
	var out bytes.Buffer
	var src image.Image = img
	if colourless(img) {
		src = &image.Gray{Pix: grey(img), Stride: img.Rect.Dx(), Rect: img.Rect}
	}
	if err := jpeg.Encode(&out, src, &jpeg.Options{Quality: quality}); err != nil {
		return Page{}, err
	}
	return Page{JPEG: out.Bytes(), Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}, nil
}

func colourless(img *image.RGBA) bool {
	for i := 0; i+2 < len(img.Pix); i += 4 {
		if img.Pix[i] != img.Pix[i+1] || img.Pix[i] != img.Pix[i+2] {
			return false
		}
	}
	return true
}
