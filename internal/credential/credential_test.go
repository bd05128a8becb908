package credential

import (
	"bytes"
	"encoding/xml"
	"flag"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files again")

var states = []string{"valid", "suspended", "revoked", "expired", "superseded"}

func person() Certificate {
	return Certificate{
		Number: "C-2026-003108", Code: "7Q2K9M4XW8RT5B1HCDNZ6PGF3A", State: "valid",
		TypeName: Text{"个人认证", "Personal certification"},
		Proves:   Text{"提交的身份信息，经本中心审核，与证件一致，属实。", "The identity details of the person named above have been reviewed against the documents supplied and found to be true."},
		Desk:     Text{"长青认证中心", "Changqing Certification Centre"},
		Name:     "王秀英", Latin: "Wáng Xiùyīng", IDTail: "002X",
		ValidFrom: "2026-11-23", ExpiresOn: "2027-11-22",
		VerifyURL: "https://cert.example.com/v/7Q2K9M4XW8RT5B1HCDNZ6PGF3A", Hotline: "400-800-1234",
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it, then go test -update", name)
	}
}

// tool calls a program of the system; a missing tool fails the test.
func tool(t *testing.T, stdin []byte, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v %s (poppler-utils is needed)", name, err, errs.String())
	}
	return string(out)
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("svg: %v\n%s", err, svg)
		}
	}
}

func decodeQR(t *testing.T, img image.Image) string {
	t.Helper()
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	r, err := qrcode.NewQRCodeReader().Decode(bmp, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("qr: %v", err)
	}
	return r.GetText()
}

func TestBadgesLookAsAgreed(t *testing.T) {
	outlines := map[string]string{}
	for _, state := range states {
		for _, lang := range []string{"zh-Hans", "en"} {
			c := person()
			c.State = state
			large, small := Badge(c, lang, false), Badge(c, lang, true)
			golden(t, "badge-"+state+"-"+lang+".svg", large)
			golden(t, "badge-small-"+state+"-"+lang+".svg", small)
			for _, b := range [][]byte{large, small} {
				wellFormed(t, b)
				if !strings.Contains(string(b), word(state, lang)) {
					t.Errorf("%s %s: the badge does not say it", state, lang)
				}
			}
		}
		o := looks[state].outline
		if was, ok := outlines[o]; ok {
			t.Errorf("%s and %s share an outline", state, was)
		}
		outlines[o] = state
	}
	golden(t, "mark.svg", Mark())
	wellFormed(t, Mark())
}

func TestUnknownStateNeverLooksValid(t *testing.T) {
	c := person()
	c.State = "vaild"
	if b := string(Badge(c, "zh-Hans", false)); !strings.Contains(b, "已撤销") || strings.Contains(b, "有效") {
		t.Error(b)
	}
}

func TestBadgeIsSafeXMLWhateverItsTexts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := person()
		c.Desk.ZhHans, c.TypeName.ZhHans = rapid.String().Draw(r, "desk"), rapid.String().Draw(r, "type")
		for _, small := range []bool{false, true} {
			d := xml.NewDecoder(bytes.NewReader(Badge(c, "zh-Hans", small)))
			for {
				tok, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					r.Fatalf("%v", err)
				}
				if e, ok := tok.(xml.StartElement); ok && !strings.Contains(" svg title path g text ", " "+e.Name.Local+" ") {
					r.Fatalf("element %s came from a text", e.Name.Local)
				}
			}
		}
	})
	c := person()
	c.Desk.ZhHans = `</text><script>alert("1")</script>&`
	if strings.Contains(string(Badge(c, "zh-Hans", false)), "<script") {
		t.Error("not escaped")
	}
}

func TestBadgePNG(t *testing.T) {
	for _, state := range states {
		c := person()
		c.State = state
		b, err := BadgePNG(c, "zh-Hans", 640)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() != 640 {
			t.Fatal(err, img.Bounds())
		}
		want := hex(looks[state].panel)
		r, g, bl, _ := img.At(24, 96).RGBA()
		if byte(r>>8) != want.R || byte(g>>8) != want.G || byte(bl>>8) != want.B {
			t.Errorf("%s: panel has the wrong colour", state)
		}
		again, _ := BadgePNG(c, "zh-Hans", 640)
		if !bytes.Equal(b, again) {
			t.Error("not the same bytes twice")
		}
	}
	for _, w := range []int{-1, 0, 79, 4001} {
		if _, err := BadgePNG(person(), "en", w); err == nil {
			t.Errorf("width %d accepted", w)
		}
	}
}

func TestQRReads(t *testing.T) {
	text := person().VerifyURL
	for _, px := range []int{53, 120, 401, 1200} {
		b, err := QRPNG(text, px)
		if err != nil {
			t.Fatal(px, err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if px > 100 {
			if got := decodeQR(t, img); got != text {
				t.Errorf("%d px reads %q", px, got)
			}
		}
	}
	svg, err := QRSVG(text)
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, svg)
	golden(t, "qr.svg", svg)
	for name, f := range map[string]func() error{
		"empty":     func() error { _, err := QRSVG(""); return err },
		"too long":  func() error { _, err := QRSVG(strings.Repeat("长", 2000)); return err },
		"too small": func() error { _, err := QRPNG(text, 20); return err },
		"too large": func() error { _, err := QRPNG(text, 9000); return err },
	} {
		if f() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestFormalDate(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-23": "二〇二六年十一月二十三日", "2030-10-10": "二〇三〇年十月十日", "2027-01-31": "二〇二七年一月三十一日",
		"2026-02-30": "2026-02-30", "": "",
	} {
		if got := formalDate(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
