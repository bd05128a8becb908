package journeys

import (
	"fmt"
	"slices"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// A lead turns the pages of a queue with more cases than one page has: each case once, in the order in which they fall due, and
// back again to where it began.
func TestQueuePages(t *testing.T) {
	const cases = 430
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	owner := d.Plant(flow.NounApplicant, flow.Active, testkit.Around{})
	for range cases {
		d.Plant(flow.NounApplication, flow.InReview, testkit.Around{Owner: owner, Assignee: chen})
	}
	l := tab(t, d, desktopWide, desktopHigh)
	signIn(t, l, "lead@example.com")
	l.Go("/_/#/desk/queue?filter=all")
	page := func(n, rows int) []string {
		t.Helper()
		l.Until(fmt.Sprintf("page %d", n), "document.querySelectorAll('.desk-queue tbody tr').length === %s && document.querySelector('.desk-pager').innerText.includes('第 "+fmt.Sprint(n)+" 页')", rows)
		refs, err := JS[[]string](l, "[...document.querySelectorAll('.desk-queue tbody [data-focus]')].map((e) => e.dataset.focus)")
		if err != nil {
			t.Fatal(err)
		}
		return refs
	}
	first := page(1, 200)
	desk(t, l)
	if l.Sees(".desk-pager button", "上一页") {
		t.Error("there is a page before the first one")
	}
	l.Click(".desk-pager button", "下一页")
	second := page(2, 200)
	desk(t, l)
	dark(t, l, deskContrast)
	shot(t, l, "second page")
	l.Click(".desk-pager button", "下一页")
	all := slices.Concat(first, second, page(3, cases-400))
	if l.Sees(".desk-pager button", "下一页") {
		t.Error("there is a page after the last one")
	}
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != cases {
		t.Errorf("%d of %d cases were on the pages", n, cases)
	}
	l.Click(".desk-pager button", "上一页")
	page(2, 200)
	l.Click(".desk-pager button", "上一页")
	if again := page(1, 200); !slices.Equal(again, first) {
		t.Error("the first page is another one than before")
	}
}

// Somebody hands the same application in twice: the reviewer sees it on the case, merges the older one into the newer, and the
// applicant is led from one to the other.
func TestMergeInTheBrowser(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	one := handedIn(t, d, zhang)
	b := d.Browser()
	b.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", zhang.mail).Want(200)
	b.Send("/sign-in/code", "code", code(t, d, "code_sign_in", zhang.mail)).Want(200)
	b.Get("/apply/individual").Want(200).Send("/apply/individual").Want(200)
	two := through(t, b, zhang)

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Go("/_/#/desk/case/" + two)
	r.Until("the other case", "(document.querySelector('.desk-other')?.innerText ?? '').includes(%s)", caseRow(t, d, one).Ref)
	desk(t, r)
	shot(t, r, "twins")
	r.Click(".desk-other button", "并入这一件")
	r.Until("the question", "!!document.querySelector('.desk-panel [data-send]')")
	shot(t, r, "sure")
	r.Click(".desk-panel [data-send]")
	r.Until("that it holds the other", "!document.querySelector('.desk-other button') && document.querySelector('.desk-said').innerText.includes(%s)", caseRow(t, d, one).Ref)
	desk(t, r)
	shot(t, r, "merged")

	p := tab(t, d, narrowWide, narrowHigh)
	again(t, d, p, zhang)
	p.Go("/applications/" + one).Has(caseRow(t, d, two).Ref)
	portal(t, p)
	shot(t, p, "ended")
	if app := caseRow(t, d, one); app.State != flow.Withdrawn || app.MergedInto != two || caseRow(t, d, two).State != flow.InReview {
		t.Errorf("%s into %q", app.State, app.MergedInto)
	}
	told(t, d, "merged", zhang, 1)
	record(t, d)
}
