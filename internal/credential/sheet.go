// Printed sheets: the sheet of consent, the blank forms of a type. Large print, wide lines to write on,
// a code that leads back to the page it came from.

package credential

import "fmt"

const (
	sheetLeft, sheetWidth, sheetEnd = 25.0, 160.0, 262.0
)

// Sheet prints a title, paragraphs to read and lines to fill in (each named by its label), on as many A4 pages as
// it takes. A QR code and a reference stand at the head of the first page and the reference at the foot of each; both may
// be empty. It fails when qr is too long for a QR code.
func Sheet(title string, paragraphs, lines []string, qr, ref string) ([]byte, error) {
	lang := "zh-Hans"
	if !hasHan(title) {
		lang = "en"
	}
	s := &sheet{paper: newPaper(210, 297, lang, title, "", ""), ref: ref, y: 24}
	s.head(title, qr)
	for _, text := range paragraphs {
		s.paragraph(text)
	}
	s.y += 6
	for _, name := range lines {
		s.blank(name)
	}
	s.foot()
	return s.bytes()
}

type sheet struct {
	*paper
	ref  string
	y    float64
	page int
}

func hasHan(text string) bool {
	for _, r := range text {
		if r >= 0x2E80 {
			return true
		}
	}
	return false
}

func (s *sheet) head(title, qr string) {
	width := sheetWidth
	if s.qr(qr, sheetLeft+sheetWidth-30, 17, 34) {
		width -= 40
	}
	big, lines := fit(title, style{size: 10, track: .04, fancy: true, ink: brand}, width, 24, 1.3)
	for _, l := range lines {
		s.y += big.size * 1.3
		s.text(sheetLeft, s.y, 0, l, big)
	}
	if s.ref != "" {
		s.y += 9
		s.text(sheetLeft, s.y, 0, word("number", s.lang)+" "+s.ref, style{size: fitSize(s.ref, 5, width-16), ink: soft})
	}
	if width < sheetWidth {
		s.y = max(s.y, 49)
	}
	s.y += 5
	s.stroke(brand, .5)
	s.line(sheetLeft, s.y, sheetLeft+sheetWidth, s.y)
	s.y += 5
}

// room starts a new page when less than that much is left.
func (s *sheet) room(high float64) {
	if s.y+high <= sheetEnd {
		return
	}
	s.foot()
	s.pdf.AddPage()
	s.y = 24
}

func (s *sheet) paragraph(text string) {
	body := style{size: 5.4, ink: black}
	for _, l := range wrap(text, body, sheetWidth) {
		s.room(9)
		s.y += 8.8
		s.text(sheetLeft, s.y, 0, l, body)
	}
	s.y += 3.5
}

// blank is a label and a line to write on; a long label gets the line below itself.
func (s *sheet) blank(name string) {
	body := style{size: 5.4, ink: black}
	lines := wrap(name, body, sheetWidth)
	from := sheetLeft + body.width(name) + 4
	s.room(float64(len(lines))*8 + 10)
	s.y += 14
	for i, l := range lines {
		if i > 0 {
			s.y += 8
		}
		s.text(sheetLeft, s.y, 0, l, body)
	}
	if len(lines) > 1 || from > sheetLeft+sheetWidth*.5 {
		s.y, from = s.y+13, sheetLeft
	}
	s.stroke(black, .3)
	s.line(from, s.y+1.4, sheetLeft+sheetWidth, s.y+1.4)
}

func (s *sheet) foot() {
	s.page++
	s.stroke(soft, .2)
	s.line(sheetLeft, 274, sheetLeft+sheetWidth, 274)
	small := style{size: 3.6, ink: soft}
	s.text(sheetLeft, 280, 0, s.ref, style{size: fitSize(s.ref, 3.6, 120), ink: soft})
	s.text(sheetLeft+sheetWidth, 280, 1, fmt.Sprintf(word("page", s.lang), s.page), small)
}
