package vault

// What is drawn of a PDF, and the scan for names that run.

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/internal/hostile/corpus"
)

func TestPagesShowWhatIsOnThem(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	for name, data := range map[string][]byte{"open": corpus.PDFWith(""), "encrypted": corpus.PDFLocked("", "")} {
		got, err := in.Inspect(context.Background(), data, "a.pdf")
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(got.Pages[0].JPEG))
		if err != nil {
			t.Fatal(err)
		}
		if r, g, _, _ := img.At(100, 600).RGBA(); r < 0xE000 || g > 0x2000 {
			t.Errorf("%s: the red field is missing: %x %x", name, r, g)
		}
		if r, g, b, _ := img.At(300, 100).RGBA(); min(r, g, b) < 0xF000 {
			t.Errorf("%s: the paper is not white: %x %x %x", name, r, g, b)
		}
	}
}

func TestWarmUp(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	in, err := NewInspector(InspectorOptions{CacheDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "stray"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := in.Warm(context.Background()); err != nil {
		t.Fatal(err)
	}
	var made []string
	err = filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Size() > 1<<20 && !info.IsDir() {
			made = append(made, path)
		}
		return err
	})
	if err != nil || len(made) != 1 {
		t.Fatalf("%v %v", made, err)
	}
	if err := os.WriteFile(made[0], []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := NewInspector(InspectorOptions{CacheDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Warm(context.Background()); err != nil {
		t.Fatalf("a spoilt cache is not made anew: %v", err)
	}
	if got, err := again.Inspect(context.Background(), []byte(warmPDF), ""); err != nil || len(got.Pages) != 1 {
		t.Errorf("%v", err)
	}
}

func TestInspectorNeedsItsCache(t *testing.T) {
	if _, err := NewInspector(InspectorOptions{}); err == nil {
		t.Error("without a folder")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewInspector(InspectorOptions{CacheDir: file}); err == nil {
		t.Error("with a file as folder")
	}
}

// Whatever stands around it, and however it is spelt, a name on the list is found outside of strings,
// comments and streams.
func TestNamesAreFoundInAnySpelling(t *testing.T) {
	forbidden := strings.Fields(forbiddenNames)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(forbidden).Draw(t, "name")
		spelt := ""
		for i, c := range []byte(name) {
			spelt += rapid.SampledFrom([]string{string(c), fmt.Sprintf("#%02x", c), fmt.Sprintf("#%02X", c)}).Draw(t, fmt.Sprint(i))
		}
		before := rapid.SampledFrom([]string{"", "(a)", "<61>", "<<", "% x\n", "stream\r\nx\nendstream\n", "(\\()", "((x))", "/A/B", "[1 2", "<zz", "> >>"}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", " ", "/", "(x)", "<<", "\n", "]", ">>", "%"}).Draw(t, "after")
		if got := scriptName([]byte(before + "/" + spelt + after)); got != name {
			t.Fatalf("%q in %q: %q", name, before+"/"+spelt+after, got)
		}
	})
}

func FuzzScriptName(f *testing.F) {
	f.Add([]byte("<< /S /J#61vaScript (a\\)) <6> % /JS\n stream endstream"))
	f.Add([]byte("((((stream<<<#/#"))
	f.Fuzz(func(t *testing.T, data []byte) { scriptName(data) })
}

func FuzzFrames(f *testing.F) {
	f.Add(corpus.WithEXIF(corpus.FlatJPEG(true, 3, 8, 8), 6, littleEndian))
	f.Add(corpus.BeforeIDAT(corpus.FlatPNG(8, 8, 8, 2, true), "eXIf", corpus.EXIF(3, littleEndian)))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, walk := range []func([]byte) frame{walkJPEG, walkPNG} {
			if got := walk(data); got.end < 0 || got.end > len(data) || got.orientation < 1 || got.orientation > 8 {
				t.Fatalf("%+v", got)
			}
		}
	})
}
