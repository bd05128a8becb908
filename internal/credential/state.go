// What each state looks like. A state is told by its word, its icon's outline and its colour at once,
// so that it still reads in grey, from far away, or by somebody who does not see colours.

package credential

import "math"

type look struct {
	outline  string // the icon's own outline, centred on 0,0, about 50 wide
	sign     string // what stands inside it
	panel    string // colour of the icon's side of the badge
	onPanel  string // colour of the outline and of words on the panel
	onSign   string // colour of the sign inside the outline
	border   string
	watchful bool // the word goes across a printed page
}

const (
	brand  = "#0b4f43"
	black  = "#14202b"
	grey   = "#45525e"
	white  = "#ffffff"
	shield = "M0 -26L22 -17L22 -1C22 12 13 21 0 26C-13 21 -22 12 -22 -1L-22 -17Z"
)

var looks = map[string]look{
	"valid":      {shield, stroke(6, -11, 0, -3, 8, 12, -9), "#0b5d2e", white, "#0b5d2e", "#0b5d2e", false},
	"suspended":  {disc(25), stroke(7, -7, -11, -7, 11) + stroke(7, 7, -11, 7, 11), "#ffd76a", black, "#ffd76a", "#6b4a00", true},
	"revoked":    {"M-10 -25L10 -25L25 -10L25 10L10 25L-10 25L-25 10L-25 -10Z", stroke(6, -9, -9, 9, 9) + stroke(6, 9, -9, -9, 9), "#9b1c1c", white, "#9b1c1c", "#9b1c1c", true},
	"expired":    {"M0 -28L28 0L0 28L-28 0Z", stroke(5.5, 0, -13, 0, 2, 9, 8), grey, white, grey, grey, true},
	"superseded": {round(-24, -20, 48, 40, 8), stroke(6, -14, 0, 13, 0) + stroke(6, 4, -10, 14, 0, 4, 10), "#1f4a7a", white, "#1f4a7a", "#1f4a7a", true},
}

func lookOf(state string) (string, look) {
	if l, ok := looks[state]; ok {
		return state, l
	}
	return "revoked", looks["revoked"]
}

func disc(r float64) string {
	const k = 0.5523
	return pathOf('M', r, 0, 'C', r, r*k, r*k, r, 0, r, 'C', -r*k, r, -r, r*k, -r, 0,
		'C', -r, -r*k, -r*k, -r, 0, -r, 'C', r*k, -r, r, -r*k, r, 0, 'Z')
}

func round(x, y, w, h, r float64) string {
	k := r * 0.4477
	return pathOf('M', x+r, y, 'L', x+w-r, y, 'C', x+w-k, y, x+w, y+k, x+w, y+r, 'L', x+w, y+h-r,
		'C', x+w, y+h-k, x+w-k, y+h, x+w-r, y+h, 'L', x+r, y+h, 'C', x+k, y+h, x, y+h-k, x, y+h-r,
		'L', x, y+r, 'C', x, y+k, x+k, y, x+r, y, 'Z')
}

// stroke outlines a line through the points as one closed shape with sharp joins.
func stroke(width float64, xy ...float64) string {
	n := len(xy) / 2
	side := func(sign float64) (out [][2]float64) {
		for i := range n {
			var nx, ny, m float64
			for _, j := range []int{i - 1, i} { // the segments before and after the point
				if j < 0 || j >= n-1 {
					continue
				}
				dx, dy := xy[2*j+2]-xy[2*j], xy[2*j+3]-xy[2*j+1]
				l := math.Hypot(dx, dy)
				nx, ny, m = nx-dy/l, ny+dx/l, m+1
			}
			l2 := nx*nx + ny*ny
			f := sign * width / 2 * m / l2
			out = append(out, [2]float64{xy[2*i] + nx*f, xy[2*i+1] + ny*f})
		}
		return out
	}
	a, b := side(1), side(-1)
	args := []any{}
	for i := range a {
		args = append(args, 'L', a[i][0], a[i][1])
	}
	for i := len(b) - 1; i >= 0; i-- {
		args = append(args, 'L', b[i][0], b[i][1])
	}
	args[0] = 'M'
	return pathOf(append(args, 'Z')...)
}
