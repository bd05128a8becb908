package bench

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// photo is a JPEG of twelve million pixels, as a phone takes them, and of 5 MB: soft colours with the noise of a small sensor.
func photo(b *testing.B) []byte {
	b.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 4000, 3000))
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < len(m.Pix); i += 4 {
		x, y, noise := i/4%4000, i/16000, uint8(r.IntN(14))
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = uint8(80+x/40)+noise, uint8(90+y/30)+noise, uint8(100+(x+y)/70)+noise, 255
	}
	for quality := 95; quality > 10; quality-- {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
			b.Fatal(err)
		}
		if out.Len() <= 5<<20 {
			return out.Bytes()
		}
	}
	b.Fatal("no photo of 5 MB")
	return nil
}

var shownPicture = regexp.MustCompile(`<img[^>]+src="(/applications/[^"]+)"`)

// BenchmarkUpload sends a photo of 5 MB, opens the page of its slot and reads the picture on it: checked, drawn anew in a process
// of its own, sealed.
func BenchmarkUpload(b *testing.B) {
	s, c := open(b), client()
	raw := photo(b)
	var all times
	for range 12 {
		p := s.plant(flow.Draft)
		agreed := &records.Consent{Applicant: p.account.ID, Kind: "identity", Version: command.AgreementVersion, How: "portal"}
		agreed.ID, agreed.State = records.NewID(), flow.Active
		s.insert(agreed)
		s.sql("DELETE FROM documents WHERE application={:a}", dbx.Params{"a": p.app.ID})
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "photo.jpg")
		if err != nil {
			b.Fatal(err)
		}
		part.Write(raw)
		form.Close()
		sent := p.header.Clone()
		sent.Set("Content-Type", form.FormDataContentType())
		slot := s.URL + "/applications/" + p.app.ID + "/slot/id_front"
		begin := time.Now()
		ask(b, c, "POST", slot, body.String(), http.StatusSeeOther, sent)
		src := shownPicture.FindSubmatch(read(b, c, slot, p.header))
		if src == nil {
			b.Fatal("no picture on the page")
		}
		if picture := read(b, c, s.URL+string(src[1]), p.header); len(picture) < 10_000 {
			b.Fatalf("a picture of %d bytes", len(picture))
		}
		all = append(all, time.Since(begin))
	}
	note("upload of 5 MB until its picture is seen, ms", ms(all.median()))
	b.ReportMetric(ms(all.median()), "ms-median")
	b.ReportMetric(float64(len(raw))/(1<<20), "MB")
}

func read(b *testing.B, c *http.Client, address string, header http.Header) []byte {
	b.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header = header.Clone()
	res, err := c.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s answered %d: %v", address, res.StatusCode, err)
	}
	return text
}
