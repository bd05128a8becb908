package journeys

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// Every page that a journey meets is looked at once for each way it can stand there: by axe-core, and by its layout on a
// narrow phone, magnified, and in the large letters of the portal.

//go:embed testdata/axe.min.js
var axe string

//go:embed testdata/look.js
var layout string

// rules is what axe-core looks for: WCAG 2.2 up to AA, its best practices, and the contrast of AAA on the portal.
const rules = `axe.run(document, { runOnly: %s })
	.then((r) => r.violations.map((v) => v.id + ' (' + v.impact + '): ' + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | ')))`

const (
	deskRules      = `{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }`
	portalRules    = `{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }`
	deskContrast   = `{ type: 'rule', values: ['color-contrast'] }`
	portalContrast = `{ type: 'rule', values: ['color-contrast', 'color-contrast-enhanced'] }`
)

var (
	seen   = map[string]bool{}
	seenMu sync.Mutex
	named  = regexp.MustCompile(`[a-z0-9]{15}|[A-Za-z0-9_-]{22}|\d{4}-?\d{2}-?\d{2}|[?].*`)
)

// once reports whether a page of this shape was not looked at before.
func once(key string) bool {
	seenMu.Lock()
	defer seenMu.Unlock()
	had := seen[key]
	seen[key] = true
	return !had
}

// shape tells pages apart that are not the same page with other words.
func (p *Tab) shape() string {
	said, _ := JS[string](p, `document.documentElement.lang + ' ' + [...document.querySelectorAll('h1, h2, .error, .desk-panel-title, [role=alert]:not(:empty)')].map((e) => e.tagName + '.' + e.className).join(' ') + ' ' + document.querySelectorAll('form, input, img').length`)
	return named.ReplaceAllString(p.Path(), "*") + " " + said
}

// portal looks at a page of the portal.
func portal(t testing.TB, p *Tab) {
	t.Helper()
	sound(t, p)
	if !once("portal " + p.shape()) {
		return
	}
	if p.plain {
		p.Scripts(true)
		defer p.Scripts(false)
	}
	inspect(t, p, portalRules)
	size, err := JS[[]int64](p, "[innerWidth, innerHeight]")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Size(size[0], size[1])
	for _, v := range []struct {
		name  string
		width int64
		large bool
	}{{"320 px", 320, false}, {"200 % of 1280 px", 640, false}, {"A+ on 360 px", 360, true}} {
		p.Size(v.width, 800)
		set := "delete document.documentElement.dataset.size"
		if v.large {
			set = "document.documentElement.dataset.size = 'large'"
		}
		had, _ := JS[string](p, "document.documentElement.dataset.size || ''")
		p.do(run(set))
		fits(t, p, v.name)
		if had == "large" {
			p.do(run("document.documentElement.dataset.size = 'large'"))
		} else {
			p.do(run("delete document.documentElement.dataset.size"))
		}
	}
}

func run(js string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](js + "; undefined")
}

// desk looks at a page of the review desk.
func desk(t testing.TB, p *Tab) {
	t.Helper()
	sound(t, p)
	if !once("desk " + p.shape()) {
		return
	}
	inspect(t, p, deskRules)
	fits(t, p, "as it stands")
}

func inspect(t testing.TB, p *Tab, only string) {
	t.Helper()
	p.Until("colours that have come to rest", "document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getTiming().iterations === Infinity)")
	p.do(run("window.axe || (() => {" + axe + "})()"))
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](fmt.Sprintf(rules, only), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: axe: %v", p.Path(), err)
	}
	for _, v := range found {
		t.Errorf("%s: axe: %s", p.Path(), v)
	}
}

// dark looks at the contrast of a page at night.
func dark(t testing.TB, p *Tab, contrast string) {
	t.Helper()
	p.Look("dark")
	defer p.Look("light")
	p.Until("the dark", "matchMedia('(prefers-color-scheme: dark)').matches")
	inspect(t, p, contrast)
}

func fits(t testing.TB, p *Tab, how string) {
	t.Helper()
	found, err := JS[[]string](p, layout)
	if err != nil {
		t.Fatalf("%s: layout: %v", p.Path(), err)
	}
	for _, v := range found {
		t.Errorf("%s at %s: %s", p.Path(), how, v)
	}
}

// sound fails when the browser complained of anything since the tab was opened.
func sound(t testing.TB, p *Tab) {
	t.Helper()
	if w := p.Wrong(); len(w) > 0 {
		t.Fatalf("%s: the browser complains:\n%s", p.Path(), strings.Join(w, "\n"))
	}
}
