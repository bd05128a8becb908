package flow

import (
	"testing"
	"time"
)

func TestQuickDecision(t *testing.T) {
	at := func(s int) time.Time { return time.Date(2026, 11, 27, 9, 0, s, 0, time.UTC) }
	never := time.Time{}
	for name, tc := range map[string]struct {
		seen, before, decided time.Time
		looked                int
		quick                 bool
	}{
		"never opened":                         {never, never, at(90), 0, true},
		"a minute to the second":               {at(0), never, at(60), 60, false},
		"a second less":                        {at(0), never, at(59), 59, true},
		"opened long ago, decided another":     {at(0), at(290), at(300), 10, true},
		"decided another before it was opened": {at(100), at(50), at(170), 70, false},
		"time enough for both":                 {at(0), at(100), at(200), 100, false},
	} {
		looked, quick := QuickDecision(tc.seen, tc.before, tc.decided)
		if int(looked.Seconds()) != tc.looked || quick != tc.quick {
			t.Errorf("%s: %v, quick %v", name, looked, quick)
		}
	}
}
