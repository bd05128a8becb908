package journeys

import (
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// holdsAnswers lets a test hold back the next answer to a path: what is in window.holds.
const holdsAnswers = `(() => {
	const ask = window.fetch;
	window.fetch = async (...about) => {
		const answer = await ask(...about);
		if (window.holds && String(about[0]?.url ?? about[0]).includes(window.holds)) {
			window.holds = "";
			await new Promise((go) => (window.letGo = go));
		}
		return answer;
	};
})()`

// A page of the desk that is slow to answer, and was left meanwhile, does not draw itself over the one that somebody went
// on to; when it is opened again, it is there.
func TestSlowPageIsNotDrawnOverTheNext(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer, flow.Lead)
	slow := handedIn(t, d, zhang)
	r := tab(t, d, desktopWide, desktopHigh)
	if _, err := chromedp.Call(r.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: holdsAnswers}); err != nil {
		t.Fatal(err)
	}
	signIn(t, r, "chen@example.com")
	r.Has(zhang.name)
	for _, next := range []struct{ hash, title string }{{"#/desk/certificates", "证书"}, {"#/desk/outbox", "发件箱"}, {"#/desk/account", "我的账号"}} {
		r.do(run("window.letGo = null; window.holds = '/api/desk/applications/" + slow + "'; location.hash = '#/desk/case/" + slow + "'"))
		r.Until("the answer to be held back", "!!window.letGo")
		r.do(run("location.hash = '" + next.hash + "'"))
		r.Until("the next page", "document.querySelector('.page.desk h1')?.innerText === %s && !document.querySelector('.page .loader')", next.title)
		r.do(run("document.querySelector('.page.desk').dataset.next = 'yes'; window.drawn = false; letGo(); setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => (window.drawn = true), 100))), 0)"))
		r.Until("whatever the slow page does then", "window.drawn")
		if ok, err := JS[bool](r, "!document.querySelector('.desk-case') && document.querySelector('.page.desk')?.dataset.next === 'yes' && location.hash === %s", next.hash); err != nil || !ok {
			t.Errorf("%s: the slow page was drawn over it (%v):\n%s", next.hash, err, r.Text())
		}
	}
	r.Go("/_/#/desk/case/" + slow)
	r.Until("the slow page, when it is wanted", "!!document.querySelector('.desk-case .desk-item')")
}
