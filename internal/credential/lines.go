// Breaking text into lines: Chinese between any two characters except before closing marks, Latin between words.

package credential

import (
	"strings"
	"unicode"
)

const (
	noStart = "，。、；：？！）》」』”’…·,.;:?!)%"
	noEnd   = "（《「『“‘("
)

// pieces cuts a text into pieces that may not be broken.
func pieces(text string) []string {
	var out []string
	parts := dotted(text)
	for _, r := range text {
		n := len(out)
		switch {
		case n == 0:
			out = append(out, string(r))
		case strings.ContainsRune(noStart, r) || unicode.IsSpace(r) || glued(lastRune(out[n-1]), r) || parts && lastRune(out[n-1]) != '·':
			out[n-1] += string(r)
		default:
			out = append(out, string(r))
		}
	}
	return out
}

// dotted tells a name of several parts, as in 阿卜杜热合曼·买买提: it breaks after a dot.
func dotted(text string) bool {
	return strings.Contains(text, "·") && hasHan(text) && !strings.ContainsAny(text, " ，。,.")
}

func glued(a, b rune) bool {
	return strings.ContainsRune(noEnd, a) || (latin(a) && latin(b))
}

func latin(r rune) bool { return r < 0x2E80 && !unicode.IsSpace(r) }

func lastRune(s string) rune {
	r := []rune(s)
	return r[len(r)-1]
}

// wrap breaks a text at a width; a piece wider than that is broken inside. Line feeds are kept.
func wrap(text string, s style, width float64) []string {
	var out []string
	for _, para := range strings.Split(text, "\n") {
		line := ""
		for _, piece := range pieces(para) {
			if line != "" && s.width(strings.TrimRight(line+piece, " ")) > width {
				out, line = append(out, strings.TrimSpace(line)), ""
			}
			for line == "" && s.width(strings.TrimSpace(piece)) > width && len([]rune(piece)) > 1 {
				head := cut(piece, s, width)
				out, piece = append(out, head), piece[len(head):]
			}
			line += piece
		}
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

// cut takes as many characters as fit, at least one.
func cut(piece string, s style, width float64) string {
	head := ""
	for _, r := range piece {
		if head != "" && s.width(head+string(r)) > width {
			break
		}
		head += string(r)
	}
	return head
}

// balance breaks a text into as few lines as the width allows, then makes them about equally long.
func balance(text string, s style, width float64) []string {
	best := wrap(text, s, width)
	low, high := width/float64(len(best)+1), width
	for range 12 {
		mid := (low + high) / 2
		if got := wrap(text, s, mid); len(got) <= len(best) && widest(got, s) <= width {
			best, high = got, mid
		} else {
			low = mid
		}
	}
	return best
}

func widest(lines []string, s style) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, s.width(l))
	}
	return w
}

// fit finds the size at which a text looks best in a box: one line while it stays above 60 % of the wish,
// otherwise as many as needed, smaller and smaller until everything is inside. Nothing is ever left out.
func fit(text string, s style, width, height, leading float64) (style, []string) {
	wish := s.size
	for ; s.size >= wish*.6; s.size *= .97 {
		if s.width(text) <= width {
			return s, []string{text}
		}
	}
	s.track = min(s.track, .04)
	for s.size = wish * .75; ; s.size *= .96 {
		lines := balance(text, s, width)
		if float64(len(lines))*s.size*leading <= height && widest(lines, s) <= width || s.size < .3 {
			return s, lines
		}
	}
}
