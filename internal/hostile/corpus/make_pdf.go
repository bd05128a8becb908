package corpus

// PDFs, built object by object.

import (
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"crypto/rc4"
	"encoding/hex"
	"fmt"
	"strings"
)

// PDFWith is a PDF whose catalogue has more entries and which has more objects, from 10 on.
func PDFWith(catalogue string, more ...string) []byte { return PDFBuild(catalogue, "", "", more...) }

const PageText = "BT /F 24 Tf 20 100 Td (text) Tj ET 1 0 0 rg 0 0 100 50 re f"

func PDFBuild(catalogue, page, trailer string, more ...string) []byte {
	objects := map[int]string{
		1: "<< /Type /Catalog /Pages 2 0 R " + catalogue + " >>",
		2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> " + page + " >>",
		4: PDFStream("", PageText),
		5: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	for i, o := range more {
		objects[10+i] = o
	}
	return PDFFile(objects, trailer)
}

func PDFStream(dict, body string) string {
	return fmt.Sprintf("<< /Length %d %s >>\nstream\n%s\nendstream", len(body), dict, body)
}

func PDFFile(objects map[int]string, trailer string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	size := 0
	for n := range objects {
		size = max(size, n+1)
	}
	table := make([]int, size)
	for n := 1; n < size; n++ {
		if o, is := objects[n]; is {
			table[n] = out.Len()
			fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", n, o)
		}
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", size)
	for _, at := range table[1:] {
		if at == 0 {
			out.WriteString("0000000000 00000 f \n")
		} else {
			fmt.Fprintf(&out, "%010d 00000 n \n", at)
		}
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", size, trailer, start)
	return out.Bytes()
}

func Deflated(text string) string {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write([]byte(text))
	z.Close()
	return out.String()
}

// PDFPacked has its catalogue, and object 10, in a compressed object stream, where no scan of the file
// as it lies there finds them.
func PDFPacked(catalogue, hidden string) []byte {
	first := "<< /Type /Catalog /Pages 2 0 R " + catalogue + " >> "
	index := fmt.Sprintf("1 0 10 %d ", len(first))
	return packed(PDFStream(fmt.Sprintf("/Type /ObjStm /N 2 /First %d /Filter /FlateDecode", len(index)), Deflated(index+first+hidden)))
}

// packed is a PDF whose object stream holds the catalogue, and object 10.
func packed(stream string) []byte {
	objects := map[int]string{
		2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>",
		6: stream,
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	rows := make([][3]int, 12)
	for _, n := range []int{2, 3, 6} {
		rows[n] = [3]int{1, out.Len(), 0}
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	rows[1], rows[10], rows[11] = [3]int{2, 6, 0}, [3]int{2, 6, 1}, [3]int{1, out.Len(), 0}
	var table []byte
	for _, r := range rows {
		table = append(table, byte(r[0]), byte(r[1]>>8), byte(r[1]), byte(r[2]))
	}
	fmt.Fprintf(&out, "11 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n",
		PDFStream("/Type /XRef /Size 12 /W [1 2 1] /Root 1 0 R", string(table)), rows[11][1])
	return out.Bytes()
}

// PDFLocked is encrypted (RC4, 40 bit) with a password; with "" anybody can open it, but no scan of the
// file as it lies there can read what is in its strings and streams.
func PDFLocked(password, catalogue string, more ...string) []byte {
	pad, _ := hex.DecodeString("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
	crypt := func(key []byte, text []byte) []byte {
		c, _ := rc4.NewCipher(key)
		out := make([]byte, len(text))
		c.XORKeyStream(out, text)
		return out
	}
	user := append([]byte(password), pad...)[:32]
	owner := md5.Sum(append([]byte("owner"), pad...)[:32])
	o := crypt(owner[:5], user)
	id := []byte("0123456789abcdef")
	sum := md5.Sum(append(append(append(append([]byte{}, user...), o...), 0xfc, 0xff, 0xff, 0xff), id...))
	key := sum[:5]
	locked := func(number int, text string) string {
		k := md5.Sum(append(append([]byte{}, key...), byte(number), byte(number>>8), byte(number>>16), 0, 0))
		return string(crypt(k[:10], []byte(text)))
	}
	for i := range more { // strings of the form ⟨…⟩ are encrypted for their object
		before, rest, found := strings.Cut(more[i], "⟨")
		if inside, after, _ := strings.Cut(rest, "⟩"); found {
			more[i] = fmt.Sprintf("%s<%x>%s", before, locked(10+i, inside), after)
		}
	}
	objects := map[int]string{
		1: "<< /Type /Catalog /Pages 2 0 R " + catalogue + " >>",
		2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R >>",
		4: PDFStream("", locked(4, PageText)),
		9: fmt.Sprintf("<< /Filter /Standard /V 1 /R 2 /P -4 /O <%x> /U <%x> >>", o, crypt(key, pad)),
	}
	for i, m := range more {
		objects[10+i] = m
	}
	return PDFFile(objects, fmt.Sprintf("/Encrypt 9 0 R /ID [<%x> <%x>]", id, id))
}

// PDFPages has so many pages.
func PDFPages(n int, box string) []byte {
	objects := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>", 3: PDFStream("", PageText)}
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", 10+i)
		objects[10+i] = "<< /Type /Page /Parent 2 0 R /MediaBox [" + box + "] /Contents 3 0 R >>"
	}
	objects[2] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", n, kids.String())
	return PDFFile(objects, "")
}
