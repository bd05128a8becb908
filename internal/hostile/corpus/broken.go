package corpus

// PDFs that are broken, endless or enormous.

import (
	"bytes"
	"fmt"
	"strings"
)

func broken() []Upload {
	doc := func(what string, data []byte, w, h int) Upload { return accept(what, "a.pdf", data, MediaPDF, w, h) }
	not := func(what string, data []byte, code string) Upload { return refuse(what, "a.pdf", data, code) }
	tree := func(pages string, more ...string) []byte {
		objects := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>", 2: pages, 3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>"}
		for i, m := range more {
			objects[10+i] = m
		}
		return PDFFile(objects, "")
	}
	table := func(old, new string) []byte { return bytes.Replace(PDFWith(""), []byte(old), []byte(new), 1) }
	box := func(b string) []byte { return PDFPages(1, b) }
	text := strings.Repeat("0 0 m 9 9 l S\n", 4<<20/14)
	return []Upload{
		doc("pdf whose table is elsewhere", table("startxref\n", "startxref\n1"), 416, 624),
		doc("pdf whose table says nothing true", bytes.ReplaceAll(PDFWith(""), []byte("00000 n "), []byte("00001 n ")), 416, 624),
		doc("pdf whose table has a million lines that are not there", table("xref\n0 6", "xref\n0 1000000"), 416, 624),
		doc("pdf whose table goes in circles", PDFBuild("", "", "/Prev 15"), 416, 624),
		doc("pdf with a compressed text of 4 MiB", PDFBuild("", "", "", PDFStream("/Filter /FlateDecode", Deflated(text))), 416, 624),
		doc("pdf with a profile of noise", PDFWith("/OutputIntents [<< /S /GTS_PDFA1 /DestOutputProfile 10 0 R >>]", PDFStream("/N 3", string(Noise(100_000)))), 416, 624),
		doc("pdf with 20,000 objects", PDFWith("", strings.Split(strings.Repeat("<< /A /B >>|", 20_000), "|")[:20_000]...), 416, 624),
		doc("pdf of version 9", bytes.Replace(PDFWith(""), []byte("%PDF-1.7"), []byte("%PDF-9.9"), 1), 416, 624),
		not("pdf whose tree contains itself", tree("<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), "failed"),
		not("pdf whose trees contain each other", tree("<< /Type /Pages /Kids [10 0 R] /Count 1 >>", "<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>"), "failed"),
		not("pdf with a tree of 5,000 storeys", tree("<< /Type /Pages /Kids [10 0 R] /Count 1 >>", storeys(5000)...), "failed"),
		not("pdf that says a million pages and has one", tree("<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>"), "too_many_pages"),
		not("pdf of 3,000 pages", PDFPages(3000, "0 0 20 20"), "too_many_pages"),
		not("pdf without a catalogue", PDFFile(map[int]string{1: "<< /Type /Font >>"}, ""), "failed"),
		not("pdf whose catalogue is a number", PDFFile(map[int]string{1: "42"}, ""), "failed"),
		not("pdf whose kids are words", tree("<< /Type /Pages /Kids [(a) (b)] /Count 2 >>"), "failed"),
		not("pdf with a locked text by RC4", PDFLocked("密码", ""), "pdf_password"),
		not("pdf with an unknown lock", PDFBuild("", "", "/Encrypt << /Filter /Other /V 9 /R 9 >>"), "pdf_password"),
		not("pdf that draws itself a billion times", laughs(), "failed"),
		doc("pdf page without a size", bytes.Replace(PDFWith(""), []byte("/MediaBox"), []byte("/MediaBux"), 1), 1275, 1650),
		doc("pdf page turned inside out", box("200 300 0 0"), 416, 624),
		doc("pdf page of nothing", box("0 0 0 0"), 1275, 1650),
		doc("pdf with a picture of 400 megapixels", PDFBuild("", "/Resources << /XObject << /I 10 0 R >> >>", "", PDFStream("/Type /XObject /Subtype /Image /Width 20000 /Height 20000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /FlateDecode", Deflated(strings.Repeat("\x00", 1<<20)))), 416, 624),
	}
}

// storeys is a tree of pages, each with one below it; the lowest holds page 3.
func storeys(n int) (all []string) {
	for i := range n {
		below := fmt.Sprintf("%d 0 R", 11+i)
		if i == n-1 {
			below = "3 0 R"
		}
		all = append(all, "<< /Type /Pages /Kids ["+below+"] /Count 1 >>")
	}
	return all
}

// laughs is a drawing of ten drawings, each of ten others, nine times over.
func laughs() []byte {
	var forms []string
	for i := range 9 {
		body := strings.Repeat("/X Do ", 10)
		form := fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 200 300] /Resources << /XObject << /X %d 0 R >> >>", 11+i)
		if i == 8 {
			body, form = "0 0 200 300 re f", "/Type /XObject /Subtype /Form /BBox [0 0 200 300]"
		}
		forms = append(forms, PDFStream(form, body))
	}
	objects := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R /Resources << /XObject << /X 10 0 R >> >> >>", 4: PDFStream("", "/X Do")}
	for i, f := range forms {
		objects[10+i] = f
	}
	return PDFFile(objects, "")
}
