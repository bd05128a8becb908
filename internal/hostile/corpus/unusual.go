package corpus

// Pictures that tell where they were taken, and pictures as unusual cameras and programs write them.

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
)

// Canary is what stands beside every place in a file of the corpus: nothing that is shown may contain it.
const Canary = "canary"

func withPlaces() (all []Upload) {
	xmp := []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description exif:GPSLatitude="39,54.252N" exif:GPSLongitude="116,24.444E" dc:creator="canary"/></rdf:RDF></x:xmpmeta>`)
	thumb := join([]byte("Exif\x00\x00"), EXIF(1, binary.LittleEndian), JPEG(image.NewGray(image.Rect(0, 0, 16, 16))))
	in := func(mark byte, body []byte) []byte { return join(photo()[:2], Segment(mark, body...), photo()[2:]) }
	for o := 1; o <= 8; o++ {
		w, h := 64, 32
		if o >= 5 {
			w, h = h, w
		}
		all = append(all, accept(fmt.Sprintf("jpeg with a place, orientation %d", o), "IMG_1.jpg", WithEXIF(photo(), o, binary.LittleEndian), MediaJPEG, w, h),
			accept(fmt.Sprintf("png with a place, orientation %d", o), "a.png", BeforeIDAT(plain(), "eXIf", EXIF(o, binary.BigEndian)), MediaPNG, w, h))
	}
	return append(all,
		accept("jpeg with a place in XMP", "a.jpg", in(0xE1, join([]byte("http://ns.adobe.com/xap/1.0/\x00"), xmp)), MediaJPEG, 64, 32),
		accept("jpeg with a place in IPTC", "a.jpg", in(0xED, join([]byte("Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10\x1c\x02\x5a\x00\x0b"), []byte("canary city"))), MediaJPEG, 64, 32),
		accept("jpeg with a small picture in its EXIF", "a.jpg", in(0xE1, thumb), MediaJPEG, 64, 32),
		accept("jpeg with a comment about its place", "a.jpg", in(0xFE, []byte("canary 39.9042N 116.4074E")), MediaJPEG, 64, 32),
		accept("png with a place in XMP", "a.png", BeforeIDAT(plain(), "iTXt", join([]byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"), xmp)), MediaPNG, 64, 32),
		accept("png with a text", "a.png", BeforeIDAT(plain(), "tEXt", []byte("Location\x00canary 39.9042N")), MediaPNG, 64, 32),
		accept("jpeg whose EXIF is nonsense", "a.jpg", in(0xE1, join([]byte("Exif\x00\x00II*\x00\xff\xff\xff\xff"), Noise(200), []byte(Canary))), MediaJPEG, 64, 32),
		accept("pdf with a place in its metadata", "a.pdf", PDFWith("/Metadata 10 0 R", PDFStream("/Type /Metadata /Subtype /XML", string(xmp))), MediaPDF, 416, 624),
		accept("pdf with an author", "a.pdf", PDFBuild("", "", "/Info 10 0 R", "<< /Author (canary) /Producer (canary) >>"), MediaPDF, 416, 624))
}

func unusual() []Upload {
	frames := join(Chunk("acTL", []byte("\x00\x00\x00\x02\x00\x00\x00\x00")), Chunk("fcTL", []byte("\x00\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x0a\x00\x00")))
	still := plain()
	end := len(still) - 12
	apng := join(still[:33], frames, still[33:end], Chunk("fdAT", join([]byte("\x00\x00\x00\x02"), Noise(50))), still[end:])
	sof := func(mark byte) []byte {
		return bytes.Replace(FlatJPEG(false, 3, 64, 64), []byte("\xff\xc0"), []byte{0xFF, mark}, 1)
	}
	list := []Upload{
		accept("animated png", "a.png", apng, MediaPNG, 64, 32),
		accept("png of one bit", "a.png", FlatPNG(40, 30, 1, 0, false), MediaPNG, 40, 30),
		accept("grey png of 16 bits", "a.png", FlatPNG(40, 30, 16, 0, false), MediaPNG, 40, 30),
		accept("png of 16 bits with colour", "a.png", FlatPNG(40, 30, 16, 2, false), MediaPNG, 40, 30),
		accept("interlaced png of 16 bits with transparency", "a.png", FlatPNG(40, 30, 16, 6, true), MediaPNG, 40, 30),
		accept("png with its pixels in many pieces", "a.png", join(still[:33], bytes.Repeat(Chunk("IDAT", nil), 50), still[33:]), MediaPNG, 64, 32),
		accept("jpeg of two parts", "a.jpg", FlatJPEG(false, 1, 20, 20), MediaJPEG, 20, 20),
		accept("jpeg named in capitals with blanks", " IMG 0001 (2) .JPG ", photo(), MediaJPEG, 64, 32),
		refuse("jpeg of 12 bits", "a.jpg", bytes.Replace(FlatJPEG(false, 3, 64, 64), []byte("\xff\xc0\x00\x11\x08"), []byte("\xff\xc0\x00\x11\x0c"), 1), "failed"),
		refuse("lossless jpeg", "a.jpg", sof(0xC3), "failed"),
		refuse("arithmetic jpeg", "a.jpg", sof(0xC9), "failed"),
		refuse("jpeg without a table", "a.jpg", bytes.Replace(FlatJPEG(false, 3, 64, 64), []byte("\xff\xc4"), []byte("\xff\xfe"), 2), "failed"),
		refuse("jpeg of no height", "a.jpg", FlatJPEG(false, 3, 64, 0), "failed"),
		refuse("png of no width", "a.png", FlatPNG(0, 10, 8, 0, false), "failed"),
		refuse("png with two heads", "a.png", join(still[:33], still[8:33], still[33:]), "failed"),
		refuse("png with an impossible depth", "a.png", join(still[:8], Chunk("IHDR", []byte("\x00\x00\x00\x09\x00\x00\x00\x09\x07\x02\x00\x00\x00")), still[33:]), "failed"),
		refuse("png whose chunk says it is larger than all", "a.png", join(still[:33], []byte("\xff\xff\xff\xf0IDAT"), still[41:]), "cut_off"),
	}
	return list
}
