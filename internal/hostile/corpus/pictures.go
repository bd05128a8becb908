package corpus

// Pictures as they come, and the first of those that are refused.

import (
	"bytes"
	"image"
	"image/color"
	"strings"
)

func pictures() []Upload {
	photo, plain := photo(), plain()
	clear := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	deep := image.NewRGBA64(image.Rect(0, 0, 20, 20))
	palette := image.NewPaletted(image.Rect(0, 0, 20, 20), color.Palette{color.White, color.Black})
	return []Upload{
		accept("jpeg", "a.jpg", photo, MediaJPEG, 64, 32),
		accept("jpeg by media type", "image/jpeg", photo, MediaJPEG, 64, 32),
		accept("jpeg without a name", "", photo, MediaJPEG, 64, 32),
		accept("jpeg with a name that says nothing", "mmexport1700000000", photo, MediaJPEG, 64, 32),
		accept("jpeg named png", "a.PNG", photo, MediaJPEG, 64, 32),
		accept("jpeg named heic", "IMG_1.HEIC", photo, MediaJPEG, 64, 32),
		accept("jpeg with a hostile name", "../../\u202egpj.\x00a", photo, MediaJPEG, 64, 32),
		accept("jpeg with a very long name", strings.Repeat("证", 4000)+".jpg", photo, MediaJPEG, 64, 32),
		accept("grey jpeg", "a.jpg", JPEG(image.NewGray(image.Rect(0, 0, 10, 10))), MediaJPEG, 10, 10),
		accept("one pixel", "a.jpg", JPEG(Quarters(1, 1)), MediaJPEG, 1, 1),
		accept("large jpeg is made smaller", "a.jpg", FlatJPEG(false, 3, 4800, 3600), MediaJPEG, 2400, 1800).heavy(),
		accept("40 megapixels", "a.jpg", FlatJPEG(false, 3, 8000, 5000), MediaJPEG, 2400, 1500).heavy(),
		accept("progressive", "a.jpg", FlatJPEG(true, 3, 640, 480), MediaJPEG, 640, 480),
		accept("progressive of 16 megapixels", "a.jpg", FlatJPEG(true, 3, 4000, 4000), MediaJPEG, 2400, 2400).heavy(),
		accept("cmyk", "a.jpg", FlatJPEG(false, 4, 640, 480), MediaJPEG, 640, 480),
		accept("cmyk of 39 megapixels", "a.jpg", FlatJPEG(false, 4, 6500, 6000), MediaJPEG, 2400, 2215).heavy(),
		accept("fill bytes before a marker", "a.jpg", join(photo[:2], []byte{0xFF, 0xFF}, photo[2:]), MediaJPEG, 64, 32),
		accept("jpeg with a script in a comment", "a.jpg", join(photo[:2], Segment(0xFE, []byte("<script>alert(1)</script>%PDF-1.7")...), photo[2:]), MediaJPEG, 64, 32),
		accept("jpeg with a small archive behind", "a.jpg", join(photo, []byte("PK\x03\x04"), Noise(1000)), MediaJPEG, 64, 32),
		accept("jpeg with a second picture behind", "a.jpg", join(photo, JPEG(image.NewGray(image.Rect(0, 0, 9, 9))), Noise(200_000)), MediaJPEG, 64, 32),
		accept("jpeg with a film behind", "a.jpg", join(photo, []byte("\x00\x00\x00\x18ftypmp42"), Noise(200_000)), MediaJPEG, 64, 32),
		accept("png", "a.png", plain, MediaPNG, 64, 32),
		accept("png named jpg", "a.jpg", plain, MediaPNG, 64, 32),
		accept("transparent png", "a.png", PNG(clear), MediaPNG, 20, 20),
		accept("16 bit png", "a.png", PNG(deep), MediaPNG, 20, 20),
		accept("png with a palette", "a.png", PNG(palette), MediaPNG, 20, 20),
		accept("interlaced png", "a.png", FlatPNG(33, 17, 8, 2, true), MediaPNG, 33, 17),
		accept("interlaced 16 bit png of 38 megapixels", "a.png", FlatPNG(6200, 6200, 16, 6, true), MediaPNG, 2400, 2400).heavy(),
		accept("very long png", "a.png", FlatPNG(30_000, 10, 8, 0, false), MediaPNG, 2400, 1),
		accept("png with html behind", "a.png", join(plain, []byte("<html><script>alert(1)</script>")), MediaPNG, 64, 32),

		refuse("jpeg bomb", "a.jpg", FlatJPEG(false, 1, 9000, 9000), "too_many_pixels"),
		refuse("progressive bomb", "a.jpg", FlatJPEG(true, 3, 4100, 4100), "too_many_pixels"),
		refuse("png bomb", "a.png", FlatPNG(12_000, 12_000, 1, 0, false), "too_many_pixels"),
		refuse("png that says 2 billion by 2 billion", "a.png", join([]byte("\x89PNG\r\n\x1a\n"), Chunk("IHDR", []byte("\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\x00\x00\x00"))), "failed"),
		refuse("png longer than allowed", "a.png", FlatPNG(30_001, 1, 1, 0, false), "too_many_pixels"),
		refuse("jpeg cut off in its pixels", "a.jpg", photo[:len(photo)*2/3], "cut_off"),
		refuse("jpeg without its end", "a.jpg", photo[:len(photo)-2], "cut_off"),
		refuse("jpeg cut off in its head", "a.jpg", photo[:40], "cut_off"),
		refuse("three bytes of a jpeg", "a.jpg", photo[:3], "cut_off"),
		refuse("png cut off", "a.png", plain[:len(plain)/2], "cut_off"),
		refuse("png without its end", "a.png", plain[:len(plain)-12], "cut_off"),
		refuse("png with a wrong checksum", "a.png", bytes.Replace(plain, []byte("IDAT"), []byte("IDAT\x00"), 1), "cut_off"),
		refuse("png whose pixels are noise", "a.png", join([]byte("\x89PNG\r\n\x1a\n"), Chunk("IHDR", []byte("\x00\x00\x00\x09\x00\x00\x00\x09\x08\x06\x00\x00\x00")), Chunk("IDAT", Noise(99)), Chunk("IEND", nil)), "failed"),
		refuse("jpeg with a large archive behind", "a.jpg", join(photo, []byte("PK\x03\x04"), bytes.Repeat([]byte("z"), 200_000)), "polyglot"),
		refuse("jpeg named pdf", "a.pdf", photo, "renamed"),
		refuse("jpeg named exe", "a.exe", photo, "renamed"),
		refuse("png named html", "a.html", plain, "renamed"),
		refuse("png said to be svg", "image/svg+xml; charset=utf-8", plain, "renamed"),
		refuse("png named like a program behind blanks", "a.png.exe . ", plain, "renamed"),
	}
}
