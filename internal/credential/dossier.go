// Dossiers: a case on paper, to be read by people who have no account: headed parts of facts and texts, page after page.

package credential

// Part is one part of a dossier: a title, facts with their names, and texts.
type Part struct {
	Title string
	Facts [][2]string
	Texts []string
}

const factName = 46.0 // width of the column of names

// Dossier prints parts one after the other under a title, on as many A4 pages as it takes. The reference stands at the head and at
// the foot of each page. Day is the document's date.
func Dossier(lang, title, ref, day string, parts []Part) ([]byte, error) {
	s := &sheet{paper: newPaper(210, 297, lang, title, "", day), ref: ref, y: 14}
	s.head(title, "")
	for _, p := range parts {
		s.part(p)
	}
	s.foot()
	return s.bytes()
}

var (
	factLabel = style{size: 3.8, ink: soft}
	factText  = style{size: 3.8, ink: black}
)

func (s *sheet) part(p Part) {
	if len(p.Facts)+len(p.Texts) == 0 {
		return
	}
	s.room(24)
	s.y += 9
	s.text(sheetLeft, s.y, 0, p.Title, style{size: 5, ink: brand})
	s.y += 2
	s.stroke(soft, .2)
	s.line(sheetLeft, s.y, sheetLeft+sheetWidth, s.y)
	s.y++
	for _, f := range p.Facts {
		s.fact(f[0], f[1])
	}
	for _, text := range p.Texts {
		s.running(sheetLeft, sheetWidth, text)
		s.y += 2
	}
}

// fact is a name and beside it what is said, on as many lines as either takes.
func (s *sheet) fact(name, said string) {
	names, lines := wrap(name, factLabel, factName-4), wrap(said, factText, sheetWidth-factName)
	for i := range max(len(names), len(lines)) {
		s.room(6)
		s.y += 5.6
		if i < len(names) {
			s.text(sheetLeft, s.y, 0, names[i], factLabel)
		}
		if i < len(lines) {
			s.text(sheetLeft+factName, s.y, 0, lines[i], factText)
		}
	}
	s.y++
}

func (s *sheet) running(from, width float64, text string) {
	for _, l := range wrap(text, factText, width) {
		s.room(6)
		s.y += 5.6
		s.text(from, s.y, 0, l, factText)
	}
}
