package corpus

// Pictures that cost more to open than to send, and pictures that end too early.

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

func bombs() []Upload {
	head := func(w, h uint32, depth, colour byte) []byte {
		size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
		return join([]byte("\x89PNG\r\n\x1a\n"), Chunk("IHDR", append(size, depth, colour, 0, 0, 0)))
	}
	zeros := []byte(Deflated(strings.Repeat("\x00", 48<<20)))
	small := join(head(9, 9, 8, 0), Chunk("IDAT", zeros), Chunk("IEND", nil))
	chunks := bytes.Repeat(Chunk("teSt", nil), 200_000)
	profile := Segment(0xE2, append([]byte("ICC_PROFILE\x00\x01\xff"), make([]byte, 65_000)...)...)
	return []Upload{
		refuse("png bomb of 30,000 by 30,000", "a.png", join(head(30_000, 30_000, 1, 0), Chunk("IDAT", []byte(Deflated(""))), Chunk("IEND", nil)), "too_many_pixels"),
		refuse("png bomb, deep and with colour", "a.png", join(head(9000, 9000, 16, 6), Chunk("IDAT", zeros), Chunk("IEND", nil)), "too_many_pixels"),
		refuse("png whose pixels unpack to a thousand times too much", "a.png", small, "failed"),
		refuse("png of 39 megapixels without pixels", "a.png", join(head(6200, 6200, 8, 2), Chunk("IDAT", []byte(Deflated(""))), Chunk("IEND", nil)), "failed"),
		refuse("jpeg head of 65,500 by 65,500", "a.jpg", FlatJPEG(false, 3, 65_500, 65_500)[:300], "too_many_pixels"),
		refuse("jpeg that is long and thin", "a.jpg", FlatJPEG(false, 1, 30_008, 8), "too_many_pixels"),
		refuse("cmyk bomb", "a.jpg", FlatJPEG(false, 4, 7000, 7000), "too_many_pixels"),
		refuse("jpeg of 10,000 scans", "a.jpg", manyScans(1000, 1000, 10_000), "slow"),
		refuse("jpeg of 1,000 scans over 16 megapixels", "a.jpg", manyScans(4000, 4000, 1000), "slow"),
		accept("jpeg of 20 scans", "a.jpg", manyScans(64, 64, 20), MediaJPEG, 64, 64),
		accept("png with a compressed profile of 48 MiB", "a.png", BeforeIDAT(plain(), "iCCP", join([]byte("icc\x00\x00"), zeros)), MediaPNG, 64, 32),
		accept("png with a compressed text of 48 MiB", "a.png", BeforeIDAT(plain(), "zTXt", join([]byte("Comment\x00\x00"), zeros)), MediaPNG, 64, 32),
		accept("png of 200,000 chunks", "a.png", join(plain()[:33], chunks, plain()[33:]), MediaPNG, 64, 32),
		accept("jpeg with a profile of 6 MiB", "a.jpg", join(photo()[:2], bytes.Repeat(profile, 100), photo()[2:]), MediaJPEG, 64, 32),
		accept("jpeg of almost 10 MiB", "a.jpg", join(photo()[:2], bytes.Repeat(profile, 160), photo()[2:]), MediaJPEG, 64, 32),
	}
}

// manyScans is a progressive JPEG that is sent in ever more scans of nothing: a decoder walks all of its blocks for each.
func manyScans(w, h, scans int) []byte {
	one := FlatJPEG(true, 1, w, h)
	blocks := ((w + 7) / 8) * ((h + 7) / 8)
	var empty bytes.Buffer
	empty.Write(Segment(0xC4, append(append([]byte{0x10, 1}, make([]byte, 15)...), 0xE0)...)) // one code: a run of 2^14 blocks and more that end here
	empty.Write(Segment(0xDA, 1, 1, 0, 1, 63, 0))
	var bits string
	for left := blocks; left > 0; {
		run := min(left, 1<<15-1)
		if run < 1<<14 { // the code has no shorter run: the last one goes past the end, which decoders allow
			run = 1 << 14
		}
		bits += "0" + fmt.Sprintf("%014b", run-1<<14)
		left -= run
	}
	for len(bits)%8 != 0 {
		bits += "1"
	}
	for i := 0; i < len(bits); i += 8 {
		var b byte
		for _, c := range bits[i : i+8] {
			b = b<<1 | byte(c-'0')
		}
		empty.WriteByte(b)
		if b == 0xFF {
			empty.WriteByte(0)
		}
	}
	return join(one[:len(one)-2], bytes.Repeat(empty.Bytes(), scans), one[len(one)-2:])
}

// cutOff are whole files that end too early, at many points.
func cutOff() (all []Upload) {
	at := func(what, name string, data []byte, points ...int) {
		for _, p := range points {
			all = append(all, refuse(fmt.Sprintf("%s cut off at %d %%", what, p), name, data[:len(data)*p/100], "cut_off"))
		}
	}
	at("jpeg", "a.jpg", JPEG(Quarters(300, 200)), 3, 10, 25, 50, 75, 90, 99)
	at("progressive jpeg", "a.jpg", FlatJPEG(true, 3, 640, 480), 3, 20, 60, 98)
	at("cmyk jpeg", "a.jpg", FlatJPEG(false, 4, 640, 480), 10, 90)
	at("png", "a.png", PNG(Quarters(300, 200)), 3, 10, 25, 50, 75, 90, 99)
	at("interlaced png", "a.png", FlatPNG(99, 99, 16, 6, true), 30, 80)
	at("pdf", "a.pdf", PDFWith(""), 3, 10, 25, 50, 75, 90, 98)
	at("packed pdf", "a.pdf", PDFPacked("", "<< /A /B >>"), 30, 95)
	at("encrypted pdf", "a.pdf", PDFLocked("", ""), 50)
	return all
}
