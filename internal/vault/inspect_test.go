package vault

// Every refusal and every acceptance, through the real child at the best level of this machine.

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"runtime"
	"testing"
	"testing/iotest"
	"time"

	"github.com/certdesk/certdesk/internal/hostile/corpus"
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

// TestCorpus opens every file of the corpus in a child of its own.
func TestCorpus(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	if in.Level() != sandbox.Available() {
		t.Errorf("level %s", in.Level())
	}
	seen := map[string]bool{"slow": true, "failed": true}
	for _, u := range corpus.Made() {
		seen[u.Code] = true
		t.Run(u.What, func(t *testing.T) { tryUpload(t, in, u) })
	}
	for _, code := range RefusalCodes() {
		if !seen[code] {
			t.Errorf("no file is refused with %s", code)
		}
	}
}

func tryUpload(t *testing.T, in *Inspector, u corpus.Upload) {
	got, err := in.Inspect(context.Background(), u.Data, u.Name)
	if code := codeOf(err); code != u.Code {
		t.Fatalf("%q, wanted %q", code, u.Code)
	}
	if u.Code != "" {
		if got.Media != "" || len(got.Pages) > 0 {
			t.Errorf("something of it came back: %s", got.Media)
		}
		return
	}
	if got.Media != u.Media || len(got.Pages) != u.N {
		t.Fatalf("%s with %d pages", got.Media, len(got.Pages))
	}
	if p := got.Pages[0]; p.Width != u.W || p.Height != u.H {
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
	base := corpus.Quarters(64, 32)
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
		for name, data := range map[string][]byte{"jpg": corpus.WithEXIF(corpus.JPEG(base), o, order), "png": corpus.BeforeIDAT(corpus.PNG(base), "eXIf", corpus.EXIF(o, order))} {
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
	got, err := in.Inspect(context.Background(), corpus.PNG(image.NewNRGBA(image.Rect(0, 0, 20, 20))), "a.png")
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
	files := [][]byte{corpus.FlatPNG(6200, 6200, 16, 6, true), corpus.FlatJPEG(false, 3, 8000, 5000), corpus.FlatPNG(12_000, 12_000, 1, 0, false)}
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

// TestUploadIsNotHeld lets an upload come from elsewhere: what the host allocates for it is less than the upload, and one that
// breaks off is no refusal but the error it broke off with.
func TestUploadIsNotHeld(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	data := corpus.Noise(9 << 20)
	open := func(r io.Reader) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) { return io.NopCloser(r), nil }
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := in.InspectFrom(context.Background(), int64(len(data)), open(bytes.NewReader(data)), "a.png")
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; codeOf(err) == "" || grown > 1<<20 {
		t.Errorf("the host allocated %d bytes (%v)", grown, err)
	}
	whole := corpus.FlatPNG(10, 10, 8, 0, false)
	gone := errors.New("the disk is gone")
	for what, from := range map[string]io.Reader{
		"at once":     iotest.ErrReader(gone),
		"in between":  io.MultiReader(bytes.NewReader(whole[:20]), iotest.ErrReader(gone)),
		"without one": bytes.NewReader(whole[:len(whole)-1]),
	} {
		want := map[bool]error{false: gone, true: io.ErrUnexpectedEOF}[what == "without one"]
		if _, err := in.InspectFrom(context.Background(), int64(len(whole)), open(from), "a.png"); !errors.Is(err, want) {
			t.Errorf("breaks off %s: %v", what, err)
		}
	}
	if _, err := in.InspectFrom(context.Background(), 1, func() (io.ReadCloser, error) { return nil, gone }, ""); !errors.Is(err, gone) {
		t.Errorf("does not open: %v", err)
	}
	if _, err := in.Inspect(context.Background(), whole, "a.png"); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestDeadline(t *testing.T) {
	in := inspector(t, InspectorOptions{Deadline: time.Nanosecond})
	if _, err := in.Inspect(context.Background(), corpus.JPEG(corpus.Quarters(8, 8)), "a.jpg"); codeOf(err) != "slow" {
		t.Errorf("%v", err)
	}
	in.opts.Deadline = time.Minute
	if _, err := in.Inspect(context.Background(), corpus.JPEG(corpus.Quarters(8, 8)), "a.jpg"); err != nil {
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
	if _, err := in.Inspect(ctx, corpus.JPEG(corpus.Quarters(8, 8)), "a.jpg"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("did not wait for its turn: %v", err)
	}
	in.give()
	gone, stop := context.WithCancel(context.Background())
	stop()
	if _, err := in.Inspect(gone, corpus.JPEG(corpus.Quarters(8, 8)), "a.jpg"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	answers := make(chan error)
	for range 4 {
		go func() {
			_, err := in.Inspect(context.Background(), corpus.JPEG(corpus.Quarters(8, 8)), "a.jpg")
			answers <- err
		}()
	}
	for range 4 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
}
