package journeys

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// The lead's page says how old the newest copy is and how its trial went; after a copy was put back the outbox says that
// messages are held, and a manager puts them aside.
func TestCopiesAtTheDesk(t *testing.T) {
	places := t.TempDir()
	d := testkit.Open(t, func(c *config.Config) {
		c.Backup = config.Backup{Data: filepath.Join(places, "a", "data"), Keys: filepath.Join(places, "b", "keys"), At: "03:00", Keep: 3}
	})
	d.Staff("周组长", "lead@example.com", flow.Lead)
	for trial := filepath.Join(places, "a", "data", "trial.json"); ; time.Sleep(50 * time.Millisecond) { // the line runs at start
		if _, err := os.Stat(trial); err == nil {
			break
		}
		if t.Context().Err() != nil {
			t.Fatal("no copy was tried")
		}
	}
	d.Runner.Stop()
	d.Desk.Committed = nil
	d.Must(command.Run(t.Context(), d.Desk, command.Itself, command.Invite, command.At{ID: records.DeskID}, command.Invitation{Name: "孙新来", Email: "sun@example.com", Roles: []string{"reviewer"}, Lang: "zh-Hans", Code: "x", Plain: "x"}))
	d.Must(command.Run(t.Context(), d.Desk, command.Itself, command.Restore, command.At{ID: records.DeskID}, command.Return{Copy: "20261126T030000.000Z-abcd", Size: 1}))

	for _, look := range []struct {
		name, scheme string
		wide, high   int64
	}{{"desktop", "light", desktopWide, desktopHigh}, {"dark", "dark", desktopWide, desktopHigh}, {"narrow", "light", phoneWide, phoneHigh}} {
		p := tab(t, d, look.wide, look.high)
		p.Look(look.scheme)
		signIn(t, p, "lead@example.com")
		p.Go("/_/#/desk/team")
		p.Until("the copies", "/试恢复|Restored as a test/.test(document.body.innerText)")
		desk(t, p)
		keep(t, p, "team-"+look.name)
	}
	p := tab(t, d, desktopWide, desktopHigh)
	signIn(t, p, "manager@example.com")
	p.Until("the manager's own page", "/试恢复|Restored as a test/.test(document.body.innerText)")
	p.Go("/_/#/desk/outbox")
	p.Until("what is held", "[...document.querySelectorAll('.alert.warning')].some((e) => /暂扣|held back/.test(e.innerText))")
	desk(t, p)
	keep(t, p, "outbox-held")
	p.Click(".alert.warning button:last-of-type")
	p.Until("nothing to be held", "!document.querySelector('.alert.warning')")
	if rows := d.Messages("staff_invited"); len(rows) == 0 || rows[0].Row.State != flow.Discarded {
		t.Errorf("the held message is %+v", rows)
	}
}

// keep writes a picture where CERTDESK_JOURNEY_PICTURES says, for people to look at.
func keep(t *testing.T, p *Tab, name string) {
	t.Helper()
	if dir := os.Getenv("CERTDESK_JOURNEY_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), p.Picture(), 0o644); err != nil {
			t.Error(err)
		}
	}
}
