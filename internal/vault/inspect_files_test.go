package vault

// The corpus is built here, byte by byte where the standard library writes no such file.

import (
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// quarters is a picture whose corners are red, green, blue and yellow, clockwise from the top left.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := [2][2]color.RGBA{{{255, 0, 0, 255}, {0, 255, 0, 255}}, {{255, 255, 0, 255}, {0, 0, 255, 255}}}[2*y/h][2*x/w]
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func noise(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(out)
	return out
}

// jpegSegment is a marker with its length and content.
func jpegSegment(mark byte, body ...byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, mark}, uint16(len(body)+2)), body...)
}

// flatJPEG is a JPEG of one colour with as many parts as wanted, baseline or progressive, that costs
// a bit or two for each block: the cheapest way to many pixels.
func flatJPEG(progressive bool, parts, w, h int) []byte {
	sof, blockBits := byte(0xC0), 2
	if progressive {
		sof, blockBits = 0xC2, 1
	}
	frameHead := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(parts)}
	scanHead := []byte{byte(parts)}
	for i := range parts {
		frameHead = append(frameHead, byte(i+1), 0x11, 0)
		scanHead = append(scanHead, byte(i+1), 0)
	}
	last := byte(63)
	if progressive {
		last = 0
	}
	out := []byte{0xFF, 0xD8}
	if parts == 4 {
		out = append(out, jpegSegment(0xEE, append([]byte("Adobe"), 0, 100, 0, 0, 0, 0, 0)...)...)
	}
	out = append(out, jpegSegment(0xDB, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	out = append(out, jpegSegment(sof, frameHead...)...)
	for _, class := range []byte{0x00, 0x10} {
		out = append(out, jpegSegment(0xC4, append(append([]byte{class, 1}, make([]byte, 15)...), 0)...)...)
	}
	out = append(out, jpegSegment(0xDA, append(scanHead, 0, last, 0)...)...)
	blocks := ((w + 7) / 8) * ((h + 7) / 8) * parts
	out = append(out, make([]byte, blocks*blockBits/8)...)
	if rest := blocks * blockBits % 8; rest > 0 {
		out = append(out, 0xFF>>rest)
	}
	return append(out, 0xFF, 0xD9)
}

// exif is an APP1 segment with an orientation and a place.
func exif(orientation int, order binary.AppendByteOrder) []byte {
	tiff := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, entry := range [][3]uint32{{0x0112, 3, uint32(orientation)}, {0x8825, 4, 38}} {
		tiff = order.AppendUint16(tiff, uint16(entry[0]))
		tiff = order.AppendUint16(tiff, uint16(entry[1]))
		tiff = order.AppendUint32(tiff, 1)
		if entry[1] == 3 {
			tiff = order.AppendUint16(order.AppendUint16(tiff, uint16(entry[2])), 0)
		} else {
			tiff = order.AppendUint32(tiff, entry[2])
		}
	}
	return append(tiff, "GPS 39.9042N 116.4074E canary"...)
}

func withExif(file []byte, orientation int, order binary.AppendByteOrder) []byte {
	segment := jpegSegment(0xE1, append([]byte("Exif\x00\x00"), exif(orientation, order)...)...)
	return append(append(append([]byte{}, file[:2]...), segment...), file[2:]...)
}

func pngChunk(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// flatPNG is a black PNG of any depth and colour type, interlaced or not.
func flatPNG(w, h int, depth, colour byte, interlaced bool) []byte {
	bits := map[byte]int{0: 1, 2: 3, 6: 4}[colour] * int(depth)
	var data bytes.Buffer
	z, _ := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	pass := func(w, h int) {
		if w > 0 && h > 0 {
			line := make([]byte, 1+(w*bits+7)/8)
			for range h {
				_, _ = z.Write(line)
			}
		}
	}
	method := byte(0)
	if !interlaced {
		pass(w, h)
	} else {
		method = 1
		for _, p := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
			pass((w-p[0]+p[2]-1)/p[2], (h-p[1]+p[3]-1)/p[3])
		}
	}
	z.Close()
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	out := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(head, depth, colour, 0, 0, method))...)
	return append(append(out, pngChunk("IDAT", data.Bytes())...), pngChunk("IEND", nil)...)
}

// beforeIDAT puts a chunk into a PNG.
func beforeIDAT(file []byte, kind string, body []byte) []byte {
	at := bytes.Index(file, []byte("IDAT")) - 4
	return append(append(append([]byte{}, file[:at]...), pngChunk(kind, body)...), file[at:]...)
}

// pdfWith is a PDF whose catalogue has more entries and which has more objects, from 10 on.
func pdfWith(catalogue string, more ...string) []byte { return pdfBuild(catalogue, "", "", more...) }

const pageText = "BT /F 24 Tf 20 100 Td (text) Tj ET 1 0 0 rg 0 0 100 50 re f"

func pdfBuild(catalogue, page, trailer string, more ...string) []byte {
	objects := map[int]string{
		1: "<< /Type /Catalog /Pages 2 0 R " + catalogue + " >>",
		2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> " + page + " >>",
		4: pdfStream("", pageText),
		5: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	for i, o := range more {
		objects[10+i] = o
	}
	return pdfFile(objects, trailer)
}

func pdfStream(dict, body string) string {
	return fmt.Sprintf("<< /Length %d %s >>\nstream\n%s\nendstream", len(body), dict, body)
}

func pdfFile(objects map[int]string, trailer string) []byte {
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

func deflated(text string) string {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write([]byte(text))
	z.Close()
	return out.String()
}

// pdfPacked has its catalogue, and object 10, in a compressed object stream, where no scan of the file
// as it lies there finds them.
func pdfPacked(catalogue, hidden string) []byte {
	first := "<< /Type /Catalog /Pages 2 0 R " + catalogue + " >> "
	index := fmt.Sprintf("1 0 10 %d ", len(first))
	body := deflated(index + first + hidden)
	objects := map[int]string{
		2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		3: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>",
		6: pdfStream(fmt.Sprintf("/Type /ObjStm /N 2 /First %d /Filter /FlateDecode", len(index)), body),
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
		pdfStream("/Type /XRef /Size 12 /W [1 2 1] /Root 1 0 R", string(table)), rows[11][1])
	return out.Bytes()
}

// pdfLocked is encrypted (RC4, 40 bit) with a password; with "" anybody can open it, but no scan of the
// file as it lies there can read what is in its strings and streams.
func pdfLocked(password, catalogue string, more ...string) []byte {
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
		4: pdfStream("", locked(4, pageText)),
		9: fmt.Sprintf("<< /Filter /Standard /V 1 /R 2 /P -4 /O <%x> /U <%x> >>", o, crypt(key, pad)),
	}
	for i, m := range more {
		objects[10+i] = m
	}
	return pdfFile(objects, fmt.Sprintf("/Encrypt 9 0 R /ID [<%x> <%x>]", id, id))
}

// pdfPages has so many pages.
func pdfPages(n int, box string) []byte {
	objects := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>", 3: pdfStream("", pageText)}
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", 10+i)
		objects[10+i] = "<< /Type /Page /Parent 2 0 R /MediaBox [" + box + "] /Contents 3 0 R >>"
	}
	objects[2] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", n, kids.String())
	return pdfFile(objects, "")
}
