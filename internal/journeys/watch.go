package journeys

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// What the browser complains of while somebody walks: an error on the console, a refusal by the content security policy, a
// request to a foreign host, a dialog. Each is a fault of the page it happened on.

func (p *Tab) hear(ev any) {
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		p.complain("exception: %s %s", e.ExceptionDetails.Text, raw(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			p.complain("console %s: %s", e.Type, raw(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			p.complain("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *page.EventJavascriptDialogOpening:
		p.complain("dialog: %s %s", e.Type, e.Message)
		go func() { // until it is closed the page stands still
			if _, err := chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}); err != nil {
				p.complain("the dialog stays: %v", err)
			}
		}()
	case *network.EventRequestWillBeSent:
		u := e.Request.URL
		if !strings.HasPrefix(u, p.Base+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") && !strings.HasPrefix(u, "about:") && !strings.HasPrefix(u, "chrome:") {
			p.complain("request to a foreign place: %s", u)
		}
	}
}

func raw(v any) string { s, _ := json.Marshal(v); return string(s) }

func (p *Tab) complain(format string, args ...any) {
	said := fmt.Sprintf(format, args...)
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.allowed, func(part string) bool { return strings.Contains(said, part) }) {
		return
	}
	p.wrong = append(p.wrong, said)
}

// Expect names part of a complaint that belongs to what is being tried, such as the status of a refusal.
func (p *Tab) Expect(part string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.allowed = append(p.allowed, part)
}

// Wrong is what the browser complained of.
func (p *Tab) Wrong() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wrong)
}
