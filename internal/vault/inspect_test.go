package vault

// Every refusal and every acceptance, through the real child at the best level of this machine.

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
)

var cacheDir string // shared by the tests of one run; TestMain sets it

func inspector(t testing.TB, opts InspectorOptions) *Inspector {
	t.Helper()
	opts.CacheDir = cacheDir
	if opts.Deadline == 0 {
		opts.Deadline = time.Minute // what is refused as slow has a test of its own
	}
	in, err := NewInspector(opts)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func codeOf(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	if err != nil {
		return "error: " + err.Error()
	}
	return ""
}

type upload struct {
	what, name string
	data       []byte
	code       string // "" if it is accepted, and then:
	media      string
	w, h, n    int // size of page 1, number of pages
}

func accept(what, name string, data []byte, media string, w, h int) upload {
	return upload{what, name, data, "", media, w, h, 1}
}

func refuse(what, name string, data []byte, code string) upload {
	return upload{what: what, name: name, data: data, code: code}
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func pictures(t testing.TB) []upload {
	photo, plain := jpegOf(t, quarters(64, 32)), pngOf(t, quarters(64, 32))
	clear := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	deep := image.NewRGBA64(image.Rect(0, 0, 20, 20))
	palette := image.NewPaletted(image.Rect(0, 0, 20, 20), color.Palette{color.White, color.Black})
	return []upload{
		accept("jpeg", "a.jpg", photo, mediaJPEG, 64, 32),
		accept("jpeg by media type", "image/jpeg", photo, mediaJPEG, 64, 32),
		accept("jpeg without a name", "", photo, mediaJPEG, 64, 32),
		accept("jpeg with a name that says nothing", "mmexport1700000000", photo, mediaJPEG, 64, 32),
		accept("jpeg named png", "a.PNG", photo, mediaJPEG, 64, 32),
		accept("jpeg named heic", "IMG_1.HEIC", photo, mediaJPEG, 64, 32),
		accept("jpeg with a hostile name", "../../\u202egpj.\x00a", photo, mediaJPEG, 64, 32),
		accept("jpeg with a very long name", strings.Repeat("证", 4000)+".jpg", photo, mediaJPEG, 64, 32),
		accept("grey jpeg", "a.jpg", jpegOf(t, image.NewGray(image.Rect(0, 0, 10, 10))), mediaJPEG, 10, 10),
		accept("one pixel", "a.jpg", jpegOf(t, quarters(1, 1)), mediaJPEG, 1, 1),
		accept("large jpeg is made smaller", "a.jpg", flatJPEG(false, 3, 4800, 3600), mediaJPEG, 2400, 1800),
		accept("40 megapixels", "a.jpg", flatJPEG(false, 3, 8000, 5000), mediaJPEG, 2400, 1500),
		accept("progressive", "a.jpg", flatJPEG(true, 3, 640, 480), mediaJPEG, 640, 480),
		accept("progressive of 16 megapixels", "a.jpg", flatJPEG(true, 3, 4000, 4000), mediaJPEG, 2400, 2400),
		accept("cmyk", "a.jpg", flatJPEG(false, 4, 640, 480), mediaJPEG, 640, 480),
		accept("cmyk of 39 megapixels", "a.jpg", flatJPEG(false, 4, 6500, 6000), mediaJPEG, 2400, 2215),
		accept("fill bytes before a marker", "a.jpg", join(photo[:2], []byte{0xFF, 0xFF}, photo[2:]), mediaJPEG, 64, 32),
		accept("jpeg with a script in a comment", "a.jpg", join(photo[:2], jpegSegment(0xFE, []byte("<script>alert(1)</script>%PDF-1.7")...), photo[2:]), mediaJPEG, 64, 32),
		accept("jpeg with a small archive behind", "a.jpg", join(photo, []byte("PK\x03\x04"), noise(1000)), mediaJPEG, 64, 32),
		accept("jpeg with a second picture behind", "a.jpg", join(photo, jpegOf(t, image.NewGray(image.Rect(0, 0, 9, 9))), noise(200_000)), mediaJPEG, 64, 32),
		accept("jpeg with a film behind", "a.jpg", join(photo, []byte("\x00\x00\x00\x18ftypmp42"), noise(200_000)), mediaJPEG, 64, 32),
		accept("png", "a.png", plain, mediaPNG, 64, 32),
		accept("png named jpg", "a.jpg", plain, mediaPNG, 64, 32),
		accept("transparent png", "a.png", pngOf(t, clear), mediaPNG, 20, 20),
		accept("16 bit png", "a.png", pngOf(t, deep), mediaPNG, 20, 20),
		accept("png with a palette", "a.png", pngOf(t, palette), mediaPNG, 20, 20),
		accept("interlaced png", "a.png", flatPNG(33, 17, 8, 2, true), mediaPNG, 33, 17),
		accept("interlaced 16 bit png of 38 megapixels", "a.png", flatPNG(6200, 6200, 16, 6, true), mediaPNG, 2400, 2400),
		accept("very long png", "a.png", flatPNG(30_000, 10, 8, 0, false), mediaPNG, 2400, 1),
		accept("png with html behind", "a.png", join(plain, []byte("<html><script>alert(1)</script>")), mediaPNG, 64, 32),

		refuse("jpeg bomb", "a.jpg", flatJPEG(false, 1, 9000, 9000), "too_many_pixels"),
		refuse("progressive bomb", "a.jpg", flatJPEG(true, 3, 4100, 4100), "too_many_pixels"),
		refuse("png bomb", "a.png", flatPNG(12_000, 12_000, 1, 0, false), "too_many_pixels"),
		refuse("png that says 2 billion by 2 billion", "a.png", join([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", []byte("\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\x00\x00\x00"))), "failed"),
		refuse("png longer than allowed", "a.png", flatPNG(30_001, 1, 1, 0, false), "too_many_pixels"),
		refuse("jpeg cut off in its pixels", "a.jpg", photo[:len(photo)*2/3], "cut_off"),
		refuse("jpeg without its end", "a.jpg", photo[:len(photo)-2], "cut_off"),
		refuse("jpeg cut off in its head", "a.jpg", photo[:40], "cut_off"),
		refuse("three bytes of a jpeg", "a.jpg", photo[:3], "cut_off"),
		refuse("png cut off", "a.png", plain[:len(plain)/2], "cut_off"),
		refuse("png without its end", "a.png", plain[:len(plain)-12], "cut_off"),
		refuse("png with a wrong checksum", "a.png", bytes.Replace(plain, []byte("IDAT"), []byte("IDAT\x00"), 1), "cut_off"),
		refuse("png whose pixels are noise", "a.png", join([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", []byte("\x00\x00\x00\x09\x00\x00\x00\x09\x08\x06\x00\x00\x00")), pngChunk("IDAT", noise(99)), pngChunk("IEND", nil)), "failed"),
		refuse("jpeg with a large archive behind", "a.jpg", join(photo, []byte("PK\x03\x04"), bytes.Repeat([]byte("z"), 200_000)), "polyglot"),
		refuse("jpeg named pdf", "a.pdf", photo, "renamed"),
		refuse("jpeg named exe", "a.exe", photo, "renamed"),
		refuse("png named html", "a.html", plain, "renamed"),
		refuse("png said to be svg", "image/svg+xml; charset=utf-8", plain, "renamed"),
		refuse("png named like a program behind blanks", "a.png.exe . ", plain, "renamed"),
	}
}

func others() []upload {
	ftyp := func(brand string) []byte { return join([]byte("\x00\x00\x00\x18ftyp"+brand), noise(100)) }
	return []upload{
		refuse("nothing", "a.jpg", nil, "empty"),
		refuse("one byte", "a.jpg", []byte("x"), "kind_unknown"),
		refuse("more than 10 MiB", "a.jpg", make([]byte, 10<<20+1), "too_big"),
		refuse("noise", "a.jpg", noise(5000), "kind_unknown"),
		refuse("text named jpg", "a.jpg", []byte("hello"), "kind_unknown"),
		refuse("html named jpg", "a.jpg", []byte("<!DOCTYPE html><script>alert(1)</script>"), "kind_unknown"),
		refuse("html before a pdf", "a.pdf", join([]byte("<script>alert(1)</script>"), pdfWith("")), "kind_unknown"),
		refuse("windows program named jpg", "a.jpg", join([]byte("MZ\x90\x00"), noise(100)), "kind_unknown"),
		refuse("linux program named jpg", "a.jpg", join([]byte("\x7fELF"), noise(100)), "kind_unknown"),
		refuse("archive named jpg", "a.jpg", join([]byte("PK\x03\x04"), noise(100)), "kind_unknown"),
		refuse("rar named jpg", "a.jpg", []byte("Rar!\x1a\x07\x01\x00"), "kind_unknown"),
		refuse("gzip", "a.gz", []byte("\x1f\x8b\x08\x00"), "kind_unknown"),
		refuse("heic", "IMG_1.HEIC", ftyp("heic"), "kind_heic"),
		refuse("heic of another kind named jpg", "a.jpg", ftyp("mif1"), "kind_heic"),
		refuse("avif", "a.avif", ftyp("avif"), "kind_avif"),
		refuse("avif in a general container", "a.avif", join([]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00avif")), "kind_avif"),
		refuse("film", "a.mp4", ftyp("isom"), "kind_video"),
		refuse("webp", "a.jpg", join([]byte("RIFF\x00\x01\x00\x00WEBPVP8 "), noise(100)), "kind_webp"),
		refuse("gif", "a.gif", join([]byte("GIF89a"), noise(100)), "kind_gif"),
		refuse("gif that is a pdf too", "a.pdf", join([]byte("GIF89a"), pdfWith("")), "kind_gif"),
		refuse("svg", "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "kind_svg"),
		refuse("svg behind a declaration, named png", "a.png", []byte("\ufeff<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE svg>\n<s:SVG/>"), "kind_svg"),
		refuse("tiff", "a.tif", join([]byte("II*\x00"), noise(100)), "kind_tiff"),
		refuse("bmp", "a.bmp", join([]byte("BM"), noise(100)), "kind_bmp"),
		refuse("old word", "a.doc", join([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), noise(100)), "kind_office"),
		refuse("new word", "a.docx", []byte("PK\x03\x04....[Content_Types].xml....word/document.xml"), "kind_office"),
		refuse("open document", "a.odt", []byte("PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text"), "kind_office"),
		refuse("rich text", "a.rtf", []byte(`{\rtf1}`), "kind_office"),
		refuse("ofd", "a.ofd", []byte("PK\x03\x04....OFD.xml...."), "kind_ofd"),
	}
}

func TestCorpus(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	if in.Level() != sandbox.Available() {
		t.Errorf("level %s", in.Level())
	}
	corpus := slices.Concat(pictures(t), others(), documents())
	if len(corpus) < 60 {
		t.Fatalf("only %d files", len(corpus))
	}
	seen := map[string]bool{"slow": true, "failed": true} // slow: see TestDeadline
	for _, u := range corpus {
		seen[u.code] = true
		t.Run(u.what, func(t *testing.T) { tryUpload(t, in, u) })
	}
	for _, code := range RefusalCodes() {
		if !seen[code] {
			t.Errorf("no file is refused with %s", code)
		}
	}
}

func tryUpload(t *testing.T, in *Inspector, u upload) {
	got, err := in.Inspect(context.Background(), u.data, u.name)
	if code := codeOf(err); code != u.code {
		t.Fatalf("%q, wanted %q", code, u.code)
	}
	if u.code != "" {
		if got.Media != "" || len(got.Pages) > 0 {
			t.Errorf("something of it came back: %s", got.Media)
		}
		return
	}
	if got.Media != u.media || len(got.Pages) != u.n {
		t.Fatalf("%s with %d pages", got.Media, len(got.Pages))
	}
	if p := got.Pages[0]; p.Width != u.w || p.Height != u.h {
		t.Errorf("%d × %d", p.Width, p.Height)
	}
	for _, p := range got.Pages {
		cleanPage(t, p)
	}
}

// cleanPage fails if a page is anything but picture: the only markers are those our encoder writes,
// and nothing follows the end.
func cleanPage(t *testing.T, p Page) {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil || img.Bounds().Size() != image.Pt(p.Width, p.Height) {
		t.Fatalf("page: %v", err)
	}
	if f := walkJPEG(p.JPEG); f.end != len(p.JPEG) {
		t.Errorf("%d bytes after the end", len(p.JPEG)-f.end)
	}
	for at := 2; p.JPEG[at+1] != markSOS; at += 2 + int(binary.BigEndian.Uint16(p.JPEG[at+2:])) {
		if mark := p.JPEG[at+1]; mark != 0xDB && mark != markSOF0 && mark != markDHT {
			t.Errorf("marker %x", mark)
		}
	}
}

func TestUprightAndWithoutItsPlace(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	base := quarters(64, 32)
	// The corners as they should be seen, clockwise from the top left, for each orientation of the file.
	corners := []string{"RGBY", "RGBY", "GRYB", "BYRG", "YBGR", "RYBG", "YRGB", "BGRY", "GBYR"}
	for o := 0; o <= 9; o++ {
		want := corners[0]
		if o >= 1 && o <= 8 {
			want = corners[o]
		}
		var order binary.AppendByteOrder = binary.LittleEndian
		if o%2 == 1 {
			order = binary.BigEndian
		}
		for name, data := range map[string][]byte{"jpg": withExif(jpegOf(t, base), o, order), "png": beforeIDAT(pngOf(t, base), "eXIf", exif(o, order))} {
			got, err := in.Inspect(context.Background(), data, "a."+name)
			if err != nil {
				t.Fatal(err)
			}
			p := got.Pages[0]
			if tall := p.Height > p.Width; tall != (o >= 5 && o <= 8) {
				t.Errorf("%s orientation %d: %d × %d", name, o, p.Width, p.Height)
			}
			if seen := seenCorners(t, p); seen != want {
				t.Errorf("%s orientation %d: %s, wanted %s", name, o, seen, want)
			}
			if bytes.Contains(p.JPEG, []byte("canary")) || bytes.Contains(p.JPEG, []byte("Exif")) {
				t.Errorf("%s: the place is still in it", name)
			}
		}
	}
}

func seenCorners(t *testing.T, p Page) (out string) {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []image.Point{{4, 4}, {p.Width - 5, 4}, {p.Width - 5, p.Height - 5}, {4, p.Height - 5}} {
		r, g, b, _ := img.At(at.X, at.Y).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000:
			out += "Y"
		case r > 0x8000:
			out += "R"
		case g > 0x8000:
			out += "G"
		case b > 0x8000:
			out += "B"
		}
	}
	return out
}

func TestWhatShinesThroughIsPaper(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	got, err := in.Inspect(context.Background(), pngOf(t, image.NewNRGBA(image.Rect(0, 0, 20, 20))), "a.png")
	if err != nil {
		t.Fatal(err)
	}
	img, _ := jpeg.Decode(bytes.NewReader(got.Pages[0].JPEG))
	if r, g, b, _ := img.At(10, 10).RGBA(); r < 0xF000 || g < 0xF000 || b < 0xF000 {
		t.Errorf("%x %x %x", r, g, b)
	}
}

func TestHostStaysSmall(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	files := [][]byte{flatPNG(6200, 6200, 16, 6, true), flatJPEG(false, 3, 8000, 5000), flatPNG(12_000, 12_000, 1, 0, false)}
	for _, data := range files {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := in.Inspect(context.Background(), data, "a.png")
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
			t.Errorf("the host allocated %d bytes (%v)", grown, err)
		}
	}
}

func TestDeadline(t *testing.T) {
	in := inspector(t, InspectorOptions{Deadline: time.Nanosecond})
	if _, err := in.Inspect(context.Background(), jpegOf(t, quarters(8, 8)), "a.jpg"); codeOf(err) != "slow" {
		t.Errorf("%v", err)
	}
	in.opts.Deadline = time.Minute
	if _, err := in.Inspect(context.Background(), jpegOf(t, quarters(8, 8)), "a.jpg"); err != nil {
		t.Errorf("the next one suffers: %v", err)
	}
}

func TestOneAtATime(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	if err := in.take(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := in.Inspect(ctx, jpegOf(t, quarters(8, 8)), "a.jpg"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("did not wait for its turn: %v", err)
	}
	in.give()
	gone, stop := context.WithCancel(context.Background())
	stop()
	if _, err := in.Inspect(gone, jpegOf(t, quarters(8, 8)), "a.jpg"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	answers := make(chan error)
	for range 4 {
		go func() {
			_, err := in.Inspect(context.Background(), jpegOf(t, quarters(8, 8)), "a.jpg")
			answers <- err
		}()
	}
	for range 4 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
}
