package journeys

import (
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

func TestDbg(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	handedIn(t, d, zhang)
	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Has("张守义")
	r.do(run("window.addEventListener('hashchange', (e) => (window.hs = window.hs || []).push(e.oldURL + ' -> ' + e.newURL), true)"))
	r.Click(".desk-queue tbody a.desk-who")
	for range 5 {
		time.Sleep(300 * time.Millisecond)
		s, _ := JS[[]string](r, "window.hs || []")
		t.Log(r.Path(), s, r.Wrong())
	}
	r.Go("/_/#/desk/case/" + "x")
	s, _ := JS[string](r, "document.querySelector('.desk-queue tbody a')?.outerHTML || document.body.innerText.slice(0,400)")
	t.Log(r.Path(), s)
}
