package vault

// PDFs of the corpus, and the scan for names that run.

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
)

const scriptAction = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"

func documents() []upload {
	doc := func(what string, data []byte, w, h int) upload { return accept(what, "a.pdf", data, mediaPDF, w, h) }
	script := func(what string, data []byte) upload { return refuse(what, "a.pdf", data, "pdf_script") }
	pages := upload{"100 pages", "a.pdf", pdfPages(100, "0 0 20 20"), "", mediaPDF, 41, 41, 100}
	return []upload{
		doc("pdf", pdfWith(""), 416, 624),
		accept("pdf by media type", "application/pdf", pdfWith(""), mediaPDF, 416, 624),
		doc("pdf behind a byte order mark", join([]byte("\xef\xbb\xbf\r\n"), pdfWith("")), 416, 624),
		doc("pdf without a table", []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"), 150, 150),
		doc("a4", pdfPages(1, "0 0 595 842"), 1239, 1754),
		doc("enormous page", pdfPages(1, "0 0 14400 14400"), 2400, 2400),
		doc("tiny page", pdfPages(1, "0 0 1 1"), 2, 2),
		doc("turned page", pdfBuild("", "/Rotate 90", ""), 624, 416),
		pages,
		doc("packed pdf", pdfPacked("", "<< /A /B >>"), 416, 624),
		doc("pdf that anybody can open", pdfLocked("", ""), 416, 624),
		doc("title about scripts", pdfWith("", "<< /Title (Learn /JavaScript \\) and /Launch \\(now\\)) >>"), 416, 624),
		doc("text about scripts", pdfWith("", pdfStream("", "BT (x) Tj ET /JavaScript /Launch")), 416, 624),
		doc("names that only begin so", pdfWith("/JSX 1 /Launcher 2 /XFAx 3"), 416, 624),
		doc("opens at a page", pdfWith("/OpenAction [3 0 R /Fit]"), 416, 624),
		doc("form with fields", pdfBuild("/AcroForm << /Fields [10 0 R] >>", "/Annots [10 0 R]", "",
			"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (b) /Rect [10 10 90 30] /P 3 0 R >>"), 416, 624),
		doc("link to the web", pdfBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org) >> >>"), 416, 624),

		refuse("pdf named jpg", "a.jpg", pdfWith(""), "renamed"),
		refuse("101 pages", "a.pdf", pdfPages(101, "0 0 20 20"), "too_many_pages"),
		refuse("no pages", "a.pdf", pdfPages(0, "0 0 20 20"), "failed"),
		refuse("locked pdf", "a.pdf", pdfLocked("secret", ""), "pdf_password"),
		refuse("pdf cut off", "a.pdf", pdfWith("")[:400], "cut_off"),
		refuse("pdf cut off after its first part", "a.pdf", join(pdfWith(""), []byte("\n12 0 obj\n<< /A /B >>\nstream\n"), noise(5000)), "cut_off"),
		refuse("pdf with an archive behind", "a.pdf", join(pdfWith(""), []byte("PK\x03\x04"), noise(5000)), "polyglot"),
		refuse("only the frame of a pdf", "a.pdf", []byte("%PDF-1.7\nnothing\n%%EOF"), "failed"),
		refuse("pdf of noise", "a.pdf", join([]byte("%PDF-1.7\n"), noise(9000), []byte("\n%%EOF")), "failed"),

		script("script on opening", pdfWith("/OpenAction "+scriptAction)),
		script("script on opening, apart", pdfWith("/OpenAction 10 0 R", scriptAction)),
		script("script with its name escaped", pdfWith("/OpenAction << /S /J#61vaScript /#4a#53 (1) >>")),
		script("script with all of its name escaped", pdfWith("/OpenAction << /S /#4A#61#76#61#53#63#72#69#70#74 /X (1) >>")),
		script("script in the tree of names", pdfWith("/Names << /JavaScript << /Names [(a) "+scriptAction+"] >> >>")),
		script("script on turning a page", pdfBuild("", "/AA << /O "+scriptAction+" >>", "")),
		script("script of a field", pdfBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /A "+scriptAction+" >>")),
		script("script behind a bracket that never closes", pdfWith("/A (x) /B ( /OpenAction "+scriptAction)),
		script("script packed away", pdfPacked("/OpenAction 10 0 R", scriptAction)),
		script("escaped script packed away", pdfPacked("/OpenAction 10 0 R", "<< /S /Java#53cript /J#53 (1) >>")),
		script("script in an encrypted pdf", pdfLocked("", "/OpenAction 10 0 R", "<< /S /JavaScript /JS ⟨app.alert(1)⟩ >>")),
		script("starts a program", pdfWith("/OpenAction << /S /Launch /F (cmd.exe) >>")),
		script("starts a program, packed away", pdfPacked("/OpenAction 10 0 R", "<< /S /L#61unch /F (cmd.exe) >>")),
		script("carries a file", pdfWith("/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>", "<< /Type /Filespec /F (a.exe) /EF << /F 11 0 R >> >>", pdfStream("/Type /EmbeddedFile", "MZ"))),
		script("carries a file, packed away", pdfPacked("/Names << /Embedded#46iles << /Names [(a) 10 0 R] >> >>", "<< /Type /Filespec /F (a.exe) >>")),
		script("rich media", pdfBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] >>")),
		script("form of another kind", pdfWith("/AcroForm << /Fields [] /XFA 10 0 R >>", pdfStream("", "<xdp/>"))),
		script("form of another kind, packed away", pdfPacked("/AcroForm << /Fields [] /X#46A 10 0 R >>", "[(a) (b)]")),
		script("goes to an embedded file", pdfWith("/OpenAction << /S /GoToE /T << /R /C /N (a) >> >>")),
	}
}

func TestPagesShowWhatIsOnThem(t *testing.T) {
	in := inspector(t, InspectorOptions{})
	for name, data := range map[string][]byte{"open": pdfWith(""), "encrypted": pdfLocked("", "")} {
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
	f.Add(withExif(flatJPEG(true, 3, 8, 8), 6, littleEndian))
	f.Add(beforeIDAT(flatPNG(8, 8, 8, 2, true), "eXIf", exif(3, littleEndian)))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, walk := range []func([]byte) frame{walkJPEG, walkPNG} {
			if got := walk(data); got.end < 0 || got.end > len(data) || got.orientation < 1 || got.orientation > 8 {
				t.Fatalf("%+v", got)
			}
		}
	})
}
