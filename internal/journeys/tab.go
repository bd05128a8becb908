package journeys

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	devtools "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Failer is who hears that something is not as it should be; a testing.TB is one.
type Failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// patience is how long a page may take before a journey gives up: far more than it needs.
const patience = 40 * time.Second

// Tab is a page in a profile of its own: other cookies, other storage. It does what a hand does: it clicks where the thing
// is, and refuses when something else lies over it.
type Tab struct {
	T    Failer
	Base string

	ctx   context.Context
	stop  func()
	plain bool // scripts are off

	mu      sync.Mutex
	wrong   []string
	allowed []string // parts of complaints that are no fault
}

// Open opens a tab of this size for the desk at base.
func (b *Browser) Open(t Failer, base string, width, height int64) *Tab {
	t.Helper()
	p := &Tab{T: t, Base: base, allowed: []string{"/api/desk/me"}}
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.hear))
	ctx, stopTime := context.WithTimeout(ctx, 10*time.Minute)
	p.ctx, p.stop = ctx, func() { stopTime(); stop() }
	p.do(chromedp.EmulateViewport(width, height))
	return p
}

// Close closes the tab.
func (p *Tab) Close() { p.stop() }

func (p *Tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.T.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.T.Fatalf("%s: %v", p.Path(), err)
	}
}

// Size changes the window.
func (p *Tab) Size(width, height int64) { p.T.Helper(); p.do(chromedp.EmulateViewport(width, height)) }

// Scripts turns JavaScript of the pages on or off.
func (p *Tab) Scripts(on bool) {
	p.T.Helper()
	p.plain = !on
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		p.T.Fatalf("turn scripts off: %v", err)
	}
}

// Look chooses light or dark.
func (p *Tab) Look(scheme string) {
	p.T.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}); err != nil {
		p.T.Fatalf("look %s: %v", scheme, err)
	}
}

// Go opens a path of the desk, or an address.
func (p *Tab) Go(path string) *Tab {
	p.T.Helper()
	if strings.HasPrefix(path, "/") {
		path = p.Base + path
	}
	p.do(chromedp.Navigate(path))
	return p
}

// JS evaluates an expression; arguments are written into it as JSON in place of %s.
func JS[R any](p *Tab, expression string, args ...any) (R, error) {
	written := make([]any, len(args))
	for i, a := range args {
		raw, _ := json.Marshal(a)
		written[i] = raw
	}
	if len(args) > 0 {
		expression = fmt.Sprintf(expression, written...)
	}
	return chromedp.Run(p.ctx, chromedp.Evaluate[R](expression))
}

// Path is where the tab is: path, query and fragment.
func (p *Tab) Path() string {
	u, err := url.Parse(p.Address())
	if err != nil || u.Host == "" {
		return p.Address()
	}
	path := u.RequestURI()
	if u.Fragment != "" {
		path += "#" + u.Fragment
	}
	return path
}

// Address is the whole address.
func (p *Tab) Address() string {
	s, _ := JS[string](p, "location.href")
	return s
}

// Text is what the page says, as far as it is shown.
func (p *Tab) Text() string {
	s, _ := JS[string](p, "document.body ? document.body.innerText : ''")
	return s
}

// Until waits until an expression is true in the page, and names what it waited for when it gives up.
func (p *Tab) Until(what, expression string, args ...any) {
	p.T.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ok, err := JS[bool](p, expression, args...)
		if err == nil && ok {
			return
		}
		if time.Now().After(end) {
			p.T.Fatalf("%s: waited in vain for %s (%v). The page:\n%s\n%s", p.Path(), what, err, p.Text(), strings.Join(p.Wrong(), "\n"))
		}
	}
}

// Has waits until the page shows a text.
func (p *Tab) Has(text string) *Tab {
	p.T.Helper()
	p.Until(fmt.Sprintf("the text %q", text), "document.readyState === 'complete' && document.body.innerText.replaceAll('\\u00a0', ' ').includes(%s)", text)
	return p
}

// At waits until the tab is at an address that contains part.
func (p *Tab) At(part string) *Tab {
	p.T.Helper()
	p.Until("the page "+part, "document.readyState === 'complete' && location.href.includes(%s)", part)
	return p
}

// shown finds the first element that a selector names, that is visible, and, if a text is given, that says it.
const shown = `(() => { const [sel, text] = [%s, %s]; return [...document.querySelectorAll(sel)].find((e) => {
	const r = e.getBoundingClientRect(), s = getComputedStyle(e);
	return r.width > 0 && r.height > 0 && s.visibility !== 'hidden' && !e.closest('[inert]') && (!text || (e.innerText || e.ariaLabel || '').includes(text)); }) || null; })()`

// Sees reports whether such an element is there now.
func (p *Tab) Sees(sel string, text ...string) bool {
	ok, err := JS[bool](p, shown+" !== null", sel, strings.Join(text, ""))
	return err == nil && ok
}

// Click clicks an element with the mouse, in its middle. What is covered, disabled or not there fails.
func (p *Tab) Click(sel string, text ...string) *Tab {
	p.T.Helper()
	said := strings.Join(text, "")
	name := strings.TrimSpace(sel + " " + said)
	p.Until(name+" to click", shown+" !== null", sel, said)
	var at []float64
	p.Until(name+" to be free", `(() => { const e = `+shown+`; if (!e || e.disabled) return false; e.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
		const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2, over = document.elementFromPoint(x, y), label = e.labels && e.labels[0];
		return !!over && (e === over || e.contains(over) || over.contains(e) && over.tagName === 'LABEL' || !!label && label.contains(over)); })()`, sel, said)
	at, err := JS[[]float64](p, `(() => { const r = `+shown+`.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()`, sel, said)
	if err != nil {
		p.T.Fatalf("%s: %s: %v", p.Path(), name, err)
	}
	p.do(chromedp.MouseClickXY(at[0], at[1]))
	return p
}

// Leave clicks what leads to another page, and waits until that page is there.
func (p *Tab) Leave(sel string, text ...string) *Tab {
	p.T.Helper()
	p.Until("the page to be ready", "(() => { window.wasHere = true; return document.readyState === 'complete'; })()")
	p.Click(sel, text...)
	p.Arrive()
	return p
}

// Arrive waits for the page after one that Leave left.
func (p *Tab) Arrive() {
	p.T.Helper()
	p.Until("the next page", "!window.wasHere && document.readyState === 'complete' && location.href !== 'about:blank'")
}

// Type puts a text into a field, in place of what was there: key by key, and what has no key as an input method does, whole.
func (p *Tab) Type(sel, text string) *Tab {
	p.T.Helper()
	p.Click(sel)
	p.Until(sel+" to have the focus", `(() => { const e = `+shown+`; if (document.activeElement !== e) e.focus(); e.select && e.select(); return document.activeElement === e; })()`, sel, "")
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		p.do(chromedp.KeyEvent(text))
	} else if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		p.T.Fatalf("%s: type %.40s: %v", p.Path(), text, err)
	}
	p.Until(sel+" to say "+text, shown+".value === %s", sel, "", text)
	return p
}

// Keys presses keys, one after the other.
func (p *Tab) Keys(keys string, with ...chromedp.Modifier) *Tab {
	p.T.Helper()
	p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(with...)))
	return p
}

// Files chooses files in a file field, as the file dialogue does.
func (p *Tab) Files(sel string, paths ...string) *Tab {
	p.T.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(sel), paths, chromedp.NodeReady))
	return p
}

// Download clicks what the browser keeps as a file, and returns what is in it.
func (p *Tab) Download(sel string, text ...string) []byte {
	p.T.Helper()
	dir, err := os.MkdirTemp("", "certdesk-download-")
	if err != nil {
		p.T.Fatalf("%v", err)
	}
	defer os.RemoveAll(dir)
	to := devtools.SetDownloadBehaviorParams{Behavior: devtools.SetDownloadBehaviorBehaviorAllow, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID, DownloadPath: dir}
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, devtools.SetDownloadBehavior, to)
		return err
	}))
	p.Click(sel, text...)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, f := range files(dir) {
			if raw, err := os.ReadFile(f); err == nil && !strings.HasSuffix(f, ".crdownload") {
				return raw
			}
		}
	}
	p.T.Fatalf("%s: %s leaves no file", p.Path(), sel)
	return nil
}

func files(dir string) []string {
	all, _ := filepath.Glob(filepath.Join(dir, "*"))
	return all
}

// Picture is the window as it looks.
func (p *Tab) Picture() []byte {
	p.T.Helper()
	raw, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.T.Fatalf("%s: picture: %v", p.Path(), err)
	}
	return raw
}
