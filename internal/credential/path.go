// One small grammar for outlines (M, L, C, Z with absolute numbers), so that a shape is written once
// and comes out the same in SVG, in a PNG and in a PDF.

package credential

import (
	"strconv"
	"strings"
)

type point struct{ x, y float64 }

// pathOf writes a path from commands (runes) and numbers.
func pathOf(parts ...any) string {
	var b strings.Builder
	spaced := false
	for _, p := range parts {
		switch v := p.(type) {
		case rune:
			b.WriteRune(v)
			spaced = false
		case int:
			spaced = number(&b, float64(v), spaced)
		case float64:
			spaced = number(&b, v, spaced)
		}
	}
	return b.String()
}

func number(b *strings.Builder, v float64, spaced bool) bool {
	if spaced {
		b.WriteByte(' ')
	}
	b.WriteString(num(v))
	return true
}

// num writes a number with at most two decimals and no negative zero.
func num(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// step is one command of a path with its points; Z has none.
type step struct {
	op byte
	p  []point
}

// steps reads a path written by this package.
func steps(path string) []step {
	var out []step
	for i := 0; i < len(path); {
		op := path[i]
		j := i + 1
		for j < len(path) && !strings.ContainsRune("MLCZ", rune(path[j])) {
			j++
		}
		f := strings.Fields(path[i+1 : j])
		s := step{op: op}
		for k := 0; k+1 < len(f); k += 2 {
			x, _ := strconv.ParseFloat(f[k], 64)
			y, _ := strconv.ParseFloat(f[k+1], 64)
			s.p = append(s.p, point{x, y})
		}
		out = append(out, s)
		i = j
	}
	return out
}

// polygons flattens a path into closed polygons.
func polygons(path string) [][]point {
	var out [][]point
	var cur []point
	for _, s := range steps(path) {
		switch s.op {
		case 'M':
			cur = []point{s.p[0]}
		case 'L':
			cur = append(cur, s.p[0])
		case 'C':
			cur = append(cur, bezier(cur[len(cur)-1], s.p[0], s.p[1], s.p[2])...)
		case 'Z':
			out = append(out, cur)
			cur = nil
		}
	}
	return out
}

func bezier(a, b, c, d point) []point {
	const n = 16
	out := make([]point, 0, n)
	for i := 1; i <= n; i++ {
		t := float64(i) / n
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		out = append(out, point{k0*a.x + k1*b.x + k2*c.x + k3*d.x, k0*a.y + k1*b.y + k2*c.y + k3*d.y})
	}
	return out
}
