package vault

// The test binary is its own child, as the desk's binary is. What the child answers is believed as
// little as the file it was given.

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/hostile/corpus"
	"github.com/certdesk/certdesk/internal/sandbox"
)

var littleEndian = binary.LittleEndian

func TestMain(m *testing.M) {
	sandbox.Reentry(Child(),
		sandbox.Child{Name: "dies", Main: func() int { fmt.Fprint(os.Stderr, "panic: \x1b[31mred\n"); return 3 }},
		sandbox.Child{Name: "spins", Main: func() int {
			for n := 0; ; n++ {
			}
		}},
		sandbox.Child{Name: "sleeps", Main: func() int { time.Sleep(time.Hour); return 0 }},
		sandbox.Child{Name: "talks", Main: func() int {
			_, _ = io.Copy(os.Stdout, strings.NewReader("\xff\xff\xff\xff"))
			time.Sleep(time.Hour)
			return 0
		}})
	os.Exit(withCache(m))
}

func withCache(m *testing.M) int {
	dir, err := os.MkdirTemp("", "certdesk-inspect")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(dir)
	cacheDir = dir
	return m.Run()
}

// A child that dies, sleeps, never stops reckoning or talks nonsense costs one upload, and is gone afterwards.
func TestChildrenThatMisbehave(t *testing.T) {
	for name, want := range map[string]string{"dies": "red", "sleeps": "", "spins": "", "talks": "4294967295"} {
		cmd, _, err := sandbox.Command(sandbox.Spec{Child: name, CPU: 1})
		if err != nil {
			t.Fatal(err)
		}
		deadline := time.Minute
		if name == "sleeps" {
			deadline = time.Millisecond
		}
		var head childAnswer
		late, err := talk(context.Background(), cmd, deadline, time.Second,
			func(w io.Writer) error { _, err := w.Write(make([]byte, 1<<20)); return err },
			func(r io.Reader) error { return readHead(r, &head) })
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") || late != (name == "sleeps" || name == "spins") {
			t.Errorf("%s: late %v, %v", name, late, err)
		}
		if cmd.ProcessState == nil {
			t.Errorf("%s still runs", name)
		}
	}
}

func TestForgedAnswers(t *testing.T) {
	page := corpus.JPEG(corpus.Quarters(8, 8))
	answer := func(head childAnswer, rest ...byte) []byte {
		var out bytes.Buffer
		if err := writeHead(&out, head); err != nil {
			t.Fatal(err)
		}
		return append(out.Bytes(), rest...)
	}
	good := answer(childAnswer{Media: mediaJPEG, Pages: []int{len(page)}}, page...)
	if got, err := receiveInspected(bytes.NewReader(good), DefaultLimits); err != nil || got.Pages[0].Width != 8 {
		t.Fatal(err)
	}
	many := make([]int, 101)
	wide := corpus.FlatJPEG(false, 1, 2401, 8)
	for name, text := range map[string][]byte{
		"nothing":          nil,
		"half a head":      good[:20],
		"half a page":      good[:len(good)-5],
		"no JSON":          []byte("\x00\x00\x00\x02{x"),
		"other media":      answer(childAnswer{Media: "text/html", Pages: []int{len(page)}}, page...),
		"no pages":         answer(childAnswer{Media: mediaJPEG}),
		"too many pages":   answer(childAnswer{Media: mediaPDF, Pages: many}),
		"enormous page":    answer(childAnswer{Media: mediaJPEG, Pages: []int{1 << 40}}),
		"negative page":    answer(childAnswer{Media: mediaJPEG, Pages: []int{-1}}),
		"too much in all":  answer(childAnswer{Media: mediaJPEG, Pages: []int{len(page), maxViewBytes}}, page...),
		"page of html":     answer(childAnswer{Media: mediaJPEG, Pages: []int{6}}, []byte("<html>")...),
		"page too wide":    answer(childAnswer{Media: mediaJPEG, Pages: []int{len(wide)}}, wide...),
		"code of its own":  answer(childAnswer{Code: "<script>", Cause: "x"}),
		"code and a cause": answer(childAnswer{Code: "failed", Cause: "x"}),
	} {
		_, err := receiveInspected(bytes.NewReader(text), DefaultLimits)
		if err == nil {
			t.Errorf("%s is believed", name)
			continue
		}
		if code, _ := reasonOf(err); code != "failed" {
			t.Errorf("%s: %s", name, code)
		}
	}
}

func TestLimitsOfAUploadReachTheChild(t *testing.T) {
	in := inspector(t, InspectorOptions{Limits: Limits{MaxBytes: 5000, MaxPixels: 100, MaxPages: 2}})
	for want, data := range map[string][]byte{
		"too_big":         make([]byte, 5001),
		"too_many_pixels": corpus.FlatPNG(11, 10, 8, 0, false),
		"too_many_pages":  corpus.PDFPages(3, "0 0 9 9"),
		"":                corpus.FlatPNG(10, 10, 8, 0, false),
	} {
		if _, err := in.Inspect(context.Background(), data, ""); codeOf(err) != want {
			t.Errorf("%v, wanted %q", err, want)
		}
	}
}

func TestUploadGoesThroughWhole(t *testing.T) {
	var wire bytes.Buffer
	sent := Upload{Name: strings.Repeat("x", 300) + ".jpg", Data: corpus.Noise(1000)}
	if err := sendUpload(&wire, sent.Name, int64(len(sent.Data)), bytes.NewReader(sent.Data), DefaultLimits); err != nil {
		t.Fatal(err)
	}
	got, limits, err := receiveUpload(&wire)
	if err != nil || limits != DefaultLimits || !bytes.Equal(got.Data, sent.Data) || !strings.HasSuffix(got.Name, "x.jpg") || len(got.Name) != 255 {
		t.Errorf("%v %v %d", err, limits, len(got.Name))
	}
	for name, job := range map[string]childJob{"larger than allowed": {Size: 11, Limits: Limits{MaxBytes: 10}}, "negative": {Size: -1}} {
		wire.Reset()
		if err := writeHead(&wire, job); err != nil {
			t.Fatal(err)
		}
		if _, _, err := receiveUpload(&wire); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
