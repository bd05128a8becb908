package journeys

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// (7) A reviewer's morning by the keyboard alone: signs in, passes one case, does not pass the next, finds no other.
func TestKeyboard(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	first, second := handedIn(t, d, zhang), handedIn(t, d, li)
	r := tab(t, d, desktopWide, desktopHigh)
	r.Go("/_/")
	r.Until("the first field to wait for typing", "document.activeElement && document.activeElement.id === 'desk-email'")
	r.Keys("chen@example.com" + kb.Tab + testkit.Password + kb.Enter)
	r.Has("张守义").Has("李长河")
	focused(r, "the page to take keys", "document.activeElement === document.body || !/INPUT|TEXTAREA/.test(document.activeElement.tagName)")
	r.Keys("?").Has("J")
	desk(t, r)
	r.Keys(kb.Escape)
	r.Until("the help to close", "!document.querySelector('.desk-panel')")
	r.Keys("j")
	focused(r, "the first case", "!!document.activeElement.closest('.desk-queue')")
	r.Keys(kb.Enter).At("#/desk/case/")

	open := caseOf(t, r, first, second)
	n := items(t, r)
	for range n {
		before, _ := JS[int](r, "document.querySelectorAll('.v.ok[aria-checked=true]').length")
		r.Keys("1")
		r.Until("one more verdict", "document.querySelectorAll('.v.ok[aria-checked=true]').length === %s", before+1)
	}
	r.Keys("p")
	r.Until("the letter", "(document.querySelector('.desk-letter')?.innerText ?? '').length > 40")
	focused(r, "the panel to have the focus", "!!document.activeElement.closest('.desk-panel')")
	r.Keys(kb.Enter, chromedp.ModifierCtrl)
	r.Until("the next case", "!document.querySelector('.desk-panel') && location.hash.includes('/case/') && !location.hash.includes(%s)", open)

	if next := caseOf(t, r, first, second); next == open {
		t.Fatalf("still at %s", next)
	}
	items(t, r)
	r.Keys("2")
	r.Until("a verdict", "document.querySelectorAll('.v.bad[aria-checked=true]').length === 1")
	r.Keys("x")
	r.Until("the reasons", "document.querySelectorAll('.desk-reason').length > 2")
	desk(t, r)
	for range 40 {
		if ok, _ := JS[bool](r, "!!document.activeElement.closest('.desk-reason')"); ok {
			break
		}
		r.Keys(kb.Tab)
	}
	chosen, _ := JS[int](r, "document.querySelectorAll('.desk-reason.active').length")
	r.Keys(" ")
	r.Until("one reason more or less", "document.querySelectorAll('.desk-reason.active').length !== %s", chosen)
	if now, _ := JS[int](r, "document.querySelectorAll('.desk-reason.active').length"); now == 0 {
		r.Keys(" ")
	}
	r.Until("the letter", "(document.querySelector('.desk-letter')?.innerText ?? '').length > 40")
	desk(t, r)
	r.Keys(kb.Enter, chromedp.ModifierCtrl)
	r.Until("the queue", "!document.querySelector('.desk-panel') && location.hash.startsWith('#/desk/queue')")
	r.Until("nothing left", "document.querySelectorAll('.desk-queue tbody tr').length === 0")
	desk(t, r)
	if len(d.Messages("certificate_issued")) != 1 || len(d.Messages("result_not_passed")) != 1 {
		t.Errorf("told: %d passed, %d not", len(d.Messages("certificate_issued")), len(d.Messages("result_not_passed")))
	}
	record(t, d)
}

func focused(r *Tab, what, expression string) { r.T.Helper(); r.Until(what, expression) }

// caseOf is which of the cases is open.
func caseOf(t *testing.T, r *Tab, ids ...string) string {
	t.Helper()
	r.At("#/desk/case/")
	for _, id := range ids {
		if ok, _ := JS[bool](r, "location.hash.includes(%s)", id); ok {
			return id
		}
	}
	t.Fatalf("another case is open: %s", r.Path())
	return ""
}

// items waits for the checklist and counts it.
func items(t *testing.T, r *Tab) int {
	t.Helper()
	r.Until("the checklist", "document.querySelectorAll('.desk-item').length > 0 && document.querySelectorAll('.v[aria-checked=true]').length === 0")
	n, err := JS[int](r, "document.querySelectorAll('.desk-item').length")
	if err != nil {
		t.Fatal(err)
	}
	return n
}
