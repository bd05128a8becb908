package journeys

import (
	"context"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// The other journeys read Chinese by day. Here the main pages are looked at in English, and at night, and those that no
// journey comes by in Chinese too.
func TestEnglishAndDark(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer, flow.Lead, flow.Auditor, flow.Manager)
	passed := certified(t, d, "chen@example.com", zhang)
	open := handedIn(t, d, li)
	k, err := records.Find[*records.Certificate](d.App.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Must(command.Run(context.Background(), d.Desk, command.Caller{Role: flow.Guest, ID: "g"}, command.GiveFeedback, command.At{ID: records.DeskID},
		command.Said{Page: "/types", Score: 3, Easy: "2", Text: "字再大一点就好了。", Contact: "wang@example.com"}))
	t.Run("portal", func(t *testing.T) { portalPages(t, d, passed, k) })
	t.Run("desk", func(t *testing.T) { deskPages(t, d, open, k) })
}

func portalPages(t *testing.T, d *testkit.Desk, passed string, k *records.Certificate) {
	p := tab(t, d, phoneWide, phoneHigh)
	p.Expect("status of 404") // the page that is not there
	public := []string{"/", "/types", "/types/pension", "/privacy", "/help", "/verify", "/v/" + k.Code, "/sign-in", "/sign-in/phone", "/sign-in/email", "/sign-in/password",
		"/register", "/reset", "/acting", "/feedback", "/demo", "/demo/clock", "/nowhere"}
	own := []string{"/me", "/account", "/account/email", "/account/phone", "/account/password", "/account/close", "/holders/new?type=pension", "/holders/new/person?type=pension",
		"/holders/new/other?type=pension", "/holders/new/institution?type=institutional", "/apply/individual", "/applications/" + passed, "/applications/" + passed + "/letter",
		"/certificates/" + k.ID, "/certificates/" + k.ID + "/print"}
	look := func(paths []string) {
		for _, lang := range []string{"zh-Hans", "en"} {
			p.Go("/lang/" + lang)
			for _, path := range paths {
				p.Go(path)
				portal(t, p)
				if lang == "en" {
					dark(t, p, portalContrast)
				}
			}
		}
	}
	look(public)
	d.Clock.Move(2 * time.Minute) // a code was asked for a moment ago
	p.Go("/sign-in/email").Type("input[name=contact]", zhang.mail).Leave("form[action='/sign-in/email'] button.btn")
	portal(t, p)
	p.Click("input[name=own]")
	enter(p, code(t, d, "code_sign_in", zhang.mail))
	look(own)
}

func deskPages(t *testing.T, d *testkit.Desk, open string, k *records.Certificate) {
	r := tab(t, d, desktopWide, desktopHigh)
	r.Go("/lang/en")
	signIn(t, r, "chen@example.com")
	for _, page := range []string{"queue", "case/" + open, "team", "attest", "certificates", "certificates/" + k.ID, "outbox", "staff", "types", "record", "feedback", "settings", "account"} {
		r.open(page)
		r.Until("English", "document.documentElement.lang === 'en'")
		desk(t, r)
		dark(t, r, deskContrast)
	}
}
