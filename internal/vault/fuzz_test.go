package vault

import (
	"bytes"
	"errors"
	"image/jpeg"
	"path/filepath"
	"testing"

	"github.com/certdesk/certdesk/internal/hostile/corpus"
)

// FuzzOpenPicture: whatever a picture is, it is refused with a code of ours or comes back as a JPEG within its limits.
func FuzzOpenPicture(f *testing.F) {
	for _, u := range corpus.Made() {
		if len(u.Data) < 20_000 {
			f.Add(u.Name, u.Data)
		}
	}
	limits := Limits{MaxBytes: 1 << 20, MaxPixels: 1e6, MaxProgressive: 1e5, MaxPages: 3}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		kind, err := kindOf(Upload{Name: name, Data: data})
		if err != nil || kind == "pdf" {
			if err != nil {
				if code, _ := reasonOf(err); code == "failed" {
					t.Errorf("refused as %v", err)
				}
			}
			_ = checkPDF(data)
			return
		}
		out, err := openPicture(kind, data, limits)
		if err != nil {
			if out.Media != "" || len(out.Pages) > 0 {
				t.Error("refused, and something came back")
			}
			return
		}
		head, err := jpeg.DecodeConfig(bytes.NewReader(out.Pages[0].JPEG))
		if err != nil || head.Width != out.Pages[0].Width || int64(head.Width)*int64(head.Height) > limits.MaxPixels || bytes.Contains(out.Pages[0].JPEG, []byte("Exif\x00\x00")) {
			t.Errorf("%v %+v", err, head)
		}
	})
}

// FuzzChildAnswer: of what a child says nothing is believed but pages of the size that it named.
func FuzzChildAnswer(f *testing.F) {
	page := corpus.JPEG(corpus.Quarters(8, 8))
	var good bytes.Buffer
	if err := writeHead(&good, childAnswer{Media: mediaJPEG, Pages: []int{len(page)}}); err != nil {
		f.Fatal(err)
	}
	f.Add(append(good.Bytes(), page...))
	f.Add([]byte("\x00\x00\x00\x02{}"))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := receiveInspected(bytes.NewReader(raw), DefaultLimits)
		if err != nil {
			return
		}
		for _, p := range out.Pages {
			if head, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG)); err != nil || max(head.Width, head.Height) > viewSide {
				t.Errorf("%v %+v", err, head)
			}
		}
	})
}

// FuzzUnseal: nothing that was not sealed here for this place opens.
func FuzzUnseal(f *testing.F) {
	v, err := Create(Options{Dir: filepath.Join(f.TempDir(), "keys")})
	if err != nil {
		f.Fatal(err)
	}
	defer v.Close()
	sealed, err := v.DeskSeal("a", []byte("text"))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "v1.", "v1.AAAA", sealed[:len(sealed)-1], sealed + "A", sealed + "\n", "v2" + sealed[2:]} {
		f.Add(s, "a")
	}
	f.Add(sealed, "b")
	f.Fuzz(func(t *testing.T, text, place string) {
		got, err := v.DeskUnseal(place, text)
		if text == sealed && place == "a" {
			return
		}
		if err == nil || !errors.Is(err, ErrForged) {
			t.Errorf("%q opens as %q: %v", text, got, err)
		}
	})
}
