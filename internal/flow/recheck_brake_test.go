package flow

import "testing"

func TestTooManyAdverse(t *testing.T) {
	for _, c := range []struct {
		adverse, due int64
		want         bool
	}{
		{0, 0, false}, {1, 1, false}, {20, 20, false}, {21, 21, true}, {21, 1000, true}, {21, 1050, false}, {22, 1050, true},
		{2000, 100_000, false}, {2001, 100_000, true},
	} {
		if got := TooManyAdverse(c.adverse, c.due); got != c.want {
			t.Errorf("%d of %d: %v", c.adverse, c.due, got)
		}
	}
}
