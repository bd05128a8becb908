package journeys

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/certdesk/certdesk/internal/testkit"
)

// One browser serves all journeys; each has its own tabs, and its own desk.
var browser = sync.OnceValues(Start)

func TestMain(m *testing.M) {
	testkit.Main(m, func() {
		if b, err := browser(); err == nil {
			b.Close()
		}
	})
}

const (
	phoneWide, phoneHigh     = 390, 844
	narrowWide, narrowHigh   = 320, 640
	desktopWide, desktopHigh = 1360, 860
)

// tab opens a tab for a desk.
func tab(t *testing.T, d *testkit.Desk, width, height int64) *Tab {
	t.Helper()
	b, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	p := b.Open(t, d.URL, width, height)
	t.Cleanup(func() {
		if t.Failed() {
			picture(t, p)
		}
		sound(t, p)
		p.Close()
	})
	return p
}

// picture keeps what a failed journey saw last, where CERTDESK_JOURNEY_PICTURES says.
func picture(t *testing.T, p *Tab) {
	if dir := os.Getenv("CERTDESK_JOURNEY_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, t.Name()+".png"), p.Picture(), 0o644); err != nil {
			t.Log(err)
		}
	}
}
