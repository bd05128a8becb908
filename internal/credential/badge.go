// The live badge: what an institution puts on its web page. One drawing, two forms (SVG and PNG).

package credential

import (
	"fmt"
	"image"
	"strings"
	"time"
)

// scene is a drawing of filled shapes and lines of text, in SVG's units.
type scene struct {
	w, h        float64
	title, lang string
	shapes      []shape
	labels      []label
}

type shape struct {
	path, fill  string
	x, y, scale float64
}

type label struct {
	x, y, size float64
	text, fill string
	bold       bool
}

// Badge draws the badge as SVG: the large one by default, one line of 32 px when small is set.
func Badge(c Certificate, lang string, small bool) []byte {
	if small {
		return smallBadge(c, lang).svg()
	}
	return largeBadge(c, lang).svg()
}

// BadgePNG draws the large badge as a PNG of the given width in pixels (between 80 and 4000).
func BadgePNG(c Certificate, lang string, width int) ([]byte, error) {
	if width < 80 || width > 4000 {
		return nil, fmt.Errorf("credential: a badge is 80 to 4000 pixels wide, not %d", width)
	}
	s := largeBadge(c, lang)
	k := float64(width) / s.w
	img := image.NewRGBA(image.Rect(0, 0, width, int(s.h*k+0.5)))
	s.raster(img, k)
	return encodePNG(img)
}

func largeBadge(c Certificate, lang string) scene {
	state, l := lookOf(c.State)
	desk, head, foot := c.Desk.In(lang), join(c.TypeName.In(lang), word(state, lang)), when(c, state, lang)
	room := max(textWidth(desk, 16), textWidth(head, 25)*1.04, textWidth(foot, 16))
	w := min(max(320, room+124), 520)
	s := scene{w: float64(int(w)), h: 96, lang: lang, title: sentence(desk, c.TypeName.In(lang), word(state, lang), foot, lang)}
	s.frame(12, 3, l.border)
	s.shapes = append(s.shapes, shape{path: "M88 3L13 3C7.48 3 3 7.48 3 13L3 83C3 88.52 7.48 93 13 93L88 93Z", fill: l.panel},
		shape{l.outline, l.onPanel, 45.5, 48, 1}, shape{l.sign, l.onSign, 45.5, 48, 1})
	inner := s.w - 124
	s.labels = []label{
		{104, 29, fitSize(desk, 16, inner), desk, grey, false},
		{104, 59, fitSize(head, 25, inner/1.04), head, black, true},
		{104, 82, fitSize(foot, 16, inner), foot, grey, false},
	}
	return s
}

func smallBadge(c Certificate, lang string) scene {
	state, l := lookOf(c.State)
	desk, status := c.Desk.In(lang), word(state, lang)
	if day := shortDate(c.ExpiresOn, lang); state == "valid" && day != "" {
		status += " " + fmt.Sprintf(word("until", lang), day)
	}
	left, right := min(textWidth(desk, 15)*1.04, 360), textWidth(status, 15)*1.04
	split := float64(int(left + 26))
	s := scene{w: float64(int(split + right + 42)), h: 32, lang: lang, title: sentence(desk, c.TypeName.In(lang), word(state, lang), when(c, state, lang), lang)}
	s.frame(6, 2, l.border)
	x := s.w - 2
	s.shapes = append(s.shapes, shape{path: pathOf('M', split, 2.0, 'L', x-4, 2.0, 'C', x-1.8, 2.0, x, 3.8, x, 6.0, 'L', x, 26.0, 'C', x, 28.2, x-1.8, 30.0, x-4, 30.0, 'L', split, 30.0, 'Z'), fill: l.panel},
		shape{l.outline, l.onPanel, split + 17, 16, .4}, shape{l.sign, l.onSign, split + 17, 16, .4})
	s.labels = []label{
		{13, 21.5, fitSize(desk, 15, left/1.04), desk, black, true},
		{split + 32, 21.5, 15, status, l.onPanel, true},
	}
	return s
}

func (s *scene) frame(radius, line float64, border string) {
	s.shapes = append(s.shapes, shape{path: round(0, 0, s.w, s.h, radius), fill: border},
		shape{path: round(line, line, s.w-2*line, s.h-2*line, radius-line), fill: white})
}

// when is the badge's last line: the end of validity, or the number, under which one can ask.
func when(c Certificate, state, lang string) string {
	switch {
	case state == "valid" && c.ExpiresOn != "":
		return fmt.Sprintf(word("until", lang), date(c.ExpiresOn, lang))
	case state == "expired" && c.ExpiresOn != "":
		return fmt.Sprintf(word("since", lang), date(c.ExpiresOn, lang))
	}
	return fmt.Sprintf(word("numbered", lang), c.Number)
}

func shortDate(day, lang string) string {
	if t, err := time.Parse("2006-01-02", day); err == nil && lang == "en" {
		return t.Format("Jan 2006")
	}
	if len(day) < 7 {
		return ""
	}
	return strings.ReplaceAll(day[:7], "-", ".")
}

func join(parts ...string) string { return strings.TrimSpace(strings.Join(parts, " ")) }

func sentence(desk, kind, state, foot, lang string) string {
	sep := "，"
	if lang == "en" {
		sep = ", "
	}
	return strings.Join([]string{desk, kind, state, foot}, sep)
}
