package journeys

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/certdesk/certdesk/internal/testkit"
)

// attackedPage is what a page made of an attacker's words, and which of them it shows.
//
//go:embed testdata/attack.js
var attackedPage string

// notesWhatIsStopped keeps what the content security policy stops, from the first line of a page on.
const notesWhatIsStopped = `window.stopped = []; addEventListener("securitypolicyviolation", (e) => stopped.push("stopped by the policy: " + e.violatedDirective + " " + e.blockedURI + " " + e.sample), true)`

// attacked looks at pages for what the words of an attacker became there.
type attacked struct {
	*Tab
	t     testing.TB
	shown map[string]bool // by mark
	pages int
}

func attackedTab(t *testing.T, d *testkit.Desk, width, height int64) *attacked {
	t.Helper()
	p := tab(t, d, width, height)
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: notesWhatIsStopped}); err != nil {
		t.Fatal(err)
	}
	return &attacked{Tab: p, t: t, shown: map[string]bool{}}
}

// look looks at the page that is open. At least one attack has to be shown on it if wanted: a page without any shows nothing.
func (a *attacked) look(what string, wanted bool) {
	a.t.Helper()
	a.pages++
	found, err := JS[struct{ Made, Shown []string }](a.Tab, attackedPage)
	if err != nil {
		a.t.Fatalf("%s: %v", what, err)
	}
	for _, m := range found.Made {
		a.t.Errorf("%s at %s: the page has %s", what, a.Path(), m)
	}
	if w := a.Wrong(); len(w) > 0 {
		a.t.Errorf("%s at %s: the browser complains:\n%s", what, a.Path(), strings.Join(w, "\n"))
		a.forgive()
	}
	for _, m := range found.Shown {
		a.shown[m] = true
	}
	if wanted && len(found.Shown) == 0 {
		a.t.Errorf("%s at %s shows no attack: nothing was tried here\n%s", what, a.Path(), a.Text())
	}
}

// forgive forgets complaints that were reported, so that each page answers for its own.
func (p *Tab) forgive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrong = nil
}

// enterAttacks writes an attack into each field of the open form, hidden ones of ours too, and sends it past the browser's own
// checks. It reports whether there is a form.
func (a *attacked) enterAttacks(words *testkit.Attacker) bool {
	a.t.Helper()
	texts := make([]string, 12)
	for i := range texts {
		texts[i] = words.Next(200)
	}
	sent, err := JS[bool](a.Tab, `((texts) => {
		const forms = [...document.querySelectorAll("main form")].filter((f) => f.querySelector("input:not([type=hidden]), textarea"));
		if (!forms.length) return false;
		const f = forms[forms.length - 1];
		f.noValidate = true;
		let n = 0;
		for (const e of f.elements) {
			if (["token", "key", "rev"].includes(e.name) || /^(file|submit|button)$/.test(e.type)) continue;
			if (/^(radio|checkbox)$/.test(e.type)) { e.checked = true; e.value = texts[n++ %% texts.length]; continue; }
			e.type === "email" || e.type === "tel" || e.type === "number" ? (e.type = "text") : 0;
			e.removeAttribute("maxlength");
			e.value = texts[n++ %% texts.length];
		}
		window.wasHere = true;
		HTMLFormElement.prototype.submit.call(f);
		return true;
	})(%s)`, texts)
	if err != nil {
		a.t.Fatal(err)
	}
	if sent {
		a.Arrive()
	}
	return sent
}
