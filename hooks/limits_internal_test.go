package hooks

import (
	"fmt"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
)

// Nobody is forgotten because somebody else fills the counter: a limit whose share is used up counts whoever is new together,
// other limits count on, and once the window has passed everybody has a count of their own again.
func TestCounterForgetsNobody(t *testing.T) {
	n, now := newCounter(), time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	l, other := flow.LimitNamed("sign_in_staff"), flow.LimitNamed("factor_wrong")
	use := func(l flow.Limit, key string) time.Duration { return n.allow(l, key, now) }
	for range l.Count {
		if use(l, "guessed") > 0 || use(other, "guessed") > 0 {
			t.Fatal("refused too early")
		}
	}
	for i := range counterKeys - 1 {
		if use(l, fmt.Sprint("filler ", i)) > 0 {
			t.Fatalf("filler %d is refused", i)
		}
	}
	now = now.Add(time.Minute)
	if use(l, "guessed") == 0 || use(other, "guessed") == 0 {
		t.Error("filling the counter reset a limit")
	}
	for i := range l.Count {
		if use(l, fmt.Sprint("new ", i)) > 0 {
			t.Errorf("new %d is refused", i)
		}
	}
	if use(l, "new and too many") == 0 {
		t.Error("a full limit counts nobody any more")
	}
	if use(l, "filler 7") > 0 || use(other, "somebody else") > 0 {
		t.Error("a full limit refuses who has a count of their own, or another limit's callers")
	}
	if len(n.hits) > counterKeys+10 {
		t.Errorf("%d keys are held", len(n.hits))
	}
	now = now.Add(l.Window)
	if use(l, "new and too many") > 0 || use(l, "guessed") > 0 {
		t.Error("refused after the window")
	}
	if len(n.hits) > 100 {
		t.Errorf("%d keys are held after the window", len(n.hits))
	}
}
