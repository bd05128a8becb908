package corpus

// Pictures, built byte by byte where the standard library writes no such file.

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
)

// Quarters is a picture whose corners are red, green, blue and yellow, clockwise from the top left.
func Quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := [2][2]color.RGBA{{{255, 0, 0, 255}, {0, 255, 0, 255}}, {{255, 255, 0, 255}, {0, 0, 255, 255}}}[2*y/h][2*x/w]
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func JPEG(img image.Image) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 95}); err != nil {
		panic(err) // writing to memory does not fail
	}
	return out.Bytes()
}

func PNG(img image.Image) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err) // writing to memory does not fail
	}
	return out.Bytes()
}

func Noise(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(out)
	return out
}

// Segment is a marker with its length and content.
func Segment(mark byte, body ...byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, mark}, uint16(len(body)+2)), body...)
}

// FlatJPEG is a JPEG of one colour with as many parts as wanted, baseline or progressive, that costs
// a bit or two for each block: the cheapest way to many pixels.
func FlatJPEG(progressive bool, parts, w, h int) []byte {
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
		out = append(out, Segment(0xEE, append([]byte("Adobe"), 0, 100, 0, 0, 0, 0, 0)...)...)
	}
	out = append(out, Segment(0xDB, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	out = append(out, Segment(sof, frameHead...)...)
	for _, class := range []byte{0x00, 0x10} {
		out = append(out, Segment(0xC4, append(append([]byte{class, 1}, make([]byte, 15)...), 0)...)...)
	}
	out = append(out, Segment(0xDA, append(scanHead, 0, last, 0)...)...)
	blocks := ((w + 7) / 8) * ((h + 7) / 8) * parts
	out = append(out, make([]byte, blocks*blockBits/8)...)
	if rest := blocks * blockBits % 8; rest > 0 {
		out = append(out, 0xFF>>rest)
	}
	return append(out, 0xFF, 0xD9)
}

// EXIF is an APP1 segment with an orientation and a place.
func EXIF(orientation int, order binary.AppendByteOrder) []byte {
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

func WithEXIF(file []byte, orientation int, order binary.AppendByteOrder) []byte {
	segment := Segment(0xE1, append([]byte("Exif\x00\x00"), EXIF(orientation, order)...)...)
	return append(append(append([]byte{}, file[:2]...), segment...), file[2:]...)
}

func Chunk(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// FlatPNG is a black PNG of any depth and colour type, interlaced or not.
func FlatPNG(w, h int, depth, colour byte, interlaced bool) []byte {
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
	out := append([]byte("\x89PNG\r\n\x1a\n"), Chunk("IHDR", append(head, depth, colour, 0, 0, method))...)
	return append(append(out, Chunk("IDAT", data.Bytes())...), Chunk("IEND", nil)...)
}

// BeforeIDAT puts a chunk into a PNG.
func BeforeIDAT(file []byte, kind string, body []byte) []byte {
	at := bytes.Index(file, []byte("IDAT")) - 4
	return append(append(append([]byte{}, file[:at]...), Chunk(kind, body)...), file[at:]...)
}
