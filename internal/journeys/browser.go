// Package journeys walks through the desk as people do, in a real Chromium: an applicant with a phone, a clerk, a daughter
// for her father, a reviewer at the keyboard. Nothing is done through the API that a person does on a page.
package journeys

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/chromedp/chromedp"
)

// Browser is one running Chromium; its tabs know nothing of each other.
type Browser struct {
	ctx   context.Context
	stops []func()
}

// chromium is what the browser is called on different systems.
var chromium = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Start starts a Chromium with a profile of its own. The error of a machine without one names the command that gets it.
func Start() (*Browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "certdesk-chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("accept-lang", "zh-CN,zh"))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	all, stopAll := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(all)
	b := &Browser{ctx: ctx, stops: []func(){stop, stopAll, func() { os.RemoveAll(profile) }}}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		b.Close()
		return nil, fmt.Errorf("%s does not start: %w", path, err)
	}
	return b, nil
}

func find() (string, error) {
	for _, name := range chromium {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium on this machine: type `sudo apt-get install -y chromium`, or put one of %q on the PATH", chromium)
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() {
	for _, stop := range b.stops {
		stop()
	}
}
