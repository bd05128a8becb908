package journeys

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// peeks counts what the case page asks in the background, and keeps how it was answered.
const peeks = `(() => {
	window.peeked = 0, window.answered = [];
	const fetched = window.fetch;
	window.fetch = (url, o) => {
		const background = o?.headers?.["X-Desk-Background"] && String(url).includes("/applications/");
		if (!background) return fetched(url, o);
		window.peeked++;
		return fetched(url, o).then((a) => (window.answered.push(a.status), a));
	};
	return true;
})()`

// While the machine checks, the case page asks for news; not below a panel that is being filled, since the act that is sent
// from it may give the case to somebody else; and it stops when the case went to somebody else.
func TestPeek(t *testing.T) {
	d := testkit.Open(t)
	d.Runner.Stop() // the machine never gets to its check
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	id := handedIn(t, d, zhang)
	d.Staff("李审核", "li@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Go("/_/#/desk/case/" + id).Has("张守义")
	if _, err := JS[bool](r, peeks); err != nil {
		t.Fatal(err)
	}
	r.Until("news to be asked for", "window.peeked > 1")
	r.Keys("x")
	r.Until("the panel", "!!document.querySelector('.desk-panel')")
	quiet(t, r, "below a panel")
	r.Keys(kb.Escape)
	r.Until("no panel", "!document.querySelector('.desk-panel')")
	had, _ := JS[int](r, "window.peeked")
	r.Until("news to be asked for again", "window.peeked > %s", had)

	li, err := records.Find[*records.Staff](d.App.DB(), dbx.HashExp{"email": "li@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	r.Expect("status of 403")
	lead := d.Browser()
	lead.Call("POST", "/api/desk/sign-in", map[string]string{"email": "lead@example.com", "password": testkit.Password}, nil).Want(http.StatusOK)
	lead.Call("POST", "/api/desk/applications/"+id+"/reassign", map[string]any{"to": li.ID, "why": "病假"}, nil).Want(http.StatusOK)
	r.Until("the refusal", "window.answered.includes(403)")
	quiet(t, r, "after the case went to somebody else")
}

// quiet fails when news are asked for in the time of two and a half turns.
func quiet(t *testing.T, r *Tab, when string) {
	t.Helper()
	before, _ := JS[int](r, "window.peeked")
	time.Sleep(5 * time.Second)
	if after, err := JS[int](r, "window.peeked"); err != nil || after != before {
		t.Errorf("%s: news were asked for %d times, %v", when, after-before, err)
	}
}
