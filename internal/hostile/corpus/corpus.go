// Package corpus holds the files that people and attackers send, and what becomes of each: accepted, or refused with which
// code. The tests make them, or read them from the test data of Go itself; none is kept in the repository.
package corpus

import "bytes"

// The media types that are accepted.
const (
	MediaJPEG = "image/jpeg"
	MediaPNG  = "image/png"
	MediaPDF  = "application/pdf"
)

// Upload is a file, and what has to become of it.
type Upload struct {
	What string // what it is, unlike any other's
	Name string // what its sender calls it
	Data []byte
	Code string // the refusal, "" if it is accepted; then:

	Media string
	W, H  int // pixels of page 1; 0 if the corpus does not say
	N     int // pages

	Heavy bool // takes seconds to open on a slow machine
}

// Made are the files that are built here.
func Made() (all []Upload) {
	for _, list := range [][]Upload{pictures(), bombs(), cutOff(), withPlaces(), unusual(), others(), programs(), polyglots(), named(), documents(), scripts(), broken()} {
		all = append(all, list...)
	}
	return all
}

func accept(what, name string, data []byte, media string, w, h int) Upload {
	return Upload{What: what, Name: name, Data: data, Media: media, W: w, H: h, N: 1}
}

func refuse(what, name string, data []byte, code string) Upload {
	return Upload{What: what, Name: name, Data: data, Code: code}
}

func (u Upload) heavy() Upload { u.Heavy = true; return u }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// photo and plain are the picture that most others are made of, as JPEG and PNG.
func photo() []byte { return JPEG(Quarters(64, 32)) }
func plain() []byte { return PNG(Quarters(64, 32)) }
