package hooks_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// TestFeedbackAThousandTimes sends the form a thousand times from one address, then a thousand times from a hundred: what was
// taken is kept, each refusal says so and gives back what was written, and a day later there is room again. Whoever is
// that quick is held up before, whatever they ask for.
func TestFeedbackAThousandTimes(t *testing.T) {
	d := testkit.Open(t, func(c *config.Config) { c.Proxy = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	kept := func() int {
		n, err := records.Count(d.App.DB(), "feedback", nil)
		if err != nil {
			t.Fatal(err)
		}
		return int(n)
	}
	send := func(n int, from func(i int) string) (taken int) {
		t.Helper()
		for i := range n {
			b := d.Browser() // without a cookie: nothing is recognised but the address
			b.Header["X-Forwarded-For"] = []string{from(i)}
			text := fmt.Sprintf("第%d次的意见", i)
			if b.Get("/feedback").Status != http.StatusOK {
				continue
			}
			switch b.Send("/feedback", "clear", "yes", "easy", "3", "text", text); {
			case b.Path == "/feedback/thanks":
				taken++
			case strings.Contains(b.Text(), "操作太快了"): // from one address, whatever it asks for
				b.Want(http.StatusTooManyRequests)
				d.Clock.Move(time.Second)
			default: // the form again
				b.Has("太多了").Has(text)
			}
		}
		return taken
	}
	one := send(1000, func(int) string { return "203.0.113.7" })
	if one != 10 || kept() != one {
		t.Errorf("from one address %d taken, %d kept", one, kept())
	}
	many := send(1000, func(i int) string { return fmt.Sprintf("198.51.100.%d", i%100) })
	if one+many > 500 || one+many < 450 || kept() != one+many {
		t.Errorf("from a hundred addresses %d more taken, %d kept", many, kept())
	}
	d.Move(25 * time.Hour)
	if send(1, func(int) string { return "203.0.113.7" }) != 1 {
		t.Error("no room a day later")
	}
}
