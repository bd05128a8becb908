package command_test

// Civil dates where clocks are changed: in every zone a day begins once, and what is due on it is done on it.

import (
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// switches are the days around which clocks change, forward and back: at two in the morning, by half an hour, and at
// midnight, which then is not there or comes twice.
var switches = map[string][]string{
	"Europe/Berlin":       {"2027-03-28", "2027-10-31"},
	"America/New_York":    {"2027-03-14", "2027-11-07"},
	"Australia/Lord_Howe": {"2027-04-04", "2027-10-03"},
	"Africa/Cairo":        {"2027-04-30", "2027-10-28"},
}

func TestCivilDatesWhereClocksChange(t *testing.T) {
	h := newHands()
	w := people(t, testkit.OpenAt(t, h.options()))
	w.Runner.Stop()
	w.Desk.Desk.Committed = nil
	app := load[*records.Application](w, w.draft(w.wang, w.holder, "pension", nil))
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		s := w.settings()
		s.Zone = name
		must(w, command.Of(w.manager), command.Adjust, records.DeskID, s)
		for _, text := range switches[name] {
			day := flow.Day(text)
			begins, ends := day.In(zone), day.AddDays(1).In(zone)
			if length := ends.Sub(begins); length == 24*time.Hour {
				t.Fatalf("%s is no such day in %s", day, name)
			}
			// The last day of a certificate, a deadline and the code of the day, minute by minute around both midnights.
			codes := map[flow.Day]string{}
			for _, edge := range []struct {
				at   time.Time
				from flow.Day
			}{{begins, day.AddDays(-1)}, {ends, day}} {
				for _, off := range []time.Duration{-time.Hour, -time.Minute, -time.Second, 0, time.Second, time.Minute, time.Hour} {
					h.to(edge.at.Add(off))
					want := edge.from
					if off >= 0 {
						want = edge.from.AddDays(1)
					}
					if got := w.today(); got != want {
						t.Errorf("%s: %s is %s, want %s", name, w.Desk.Desk.Now().In(zone), got, want)
					}
					code := w.Desk.Desk.DayCode(app, w.today())
					if codes[want] == "" {
						codes[want] = code
					}
					if codes[want] != code {
						t.Errorf("%s: the code of %s changed in the middle of it", name, want)
					}
				}
			}
			if paused, why := w.Clock.Paused(); paused {
				t.Fatalf("%s: a changed civil clock is taken for a jump: %s", name, why)
			}
		}
	}
}

// TestSweepsWhereClocksChange: what expires after its last day does so in the first sweep of the next civil day, neither
// an hour before nor a day later, and a notice leaves once.
func TestSweepsWhereClocksChange(t *testing.T) {
	h := newHands()
	w := people(t, testkit.OpenAt(t, h.options()))
	w.Runner.Stop()
	w.Desk.Desk.Committed = nil
	for _, name := range []string{"Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		s := w.settings()
		s.Zone = name
		must(w, command.Of(w.manager), command.Adjust, records.DeskID, s)
		for _, text := range switches[name] {
			last := flow.Day(text)
			id := w.plant(flow.NounCertificate, flow.Valid)
			w.sql("UPDATE certificates SET expires_on='" + text + "', warn_on='' WHERE id='" + id + "'")
			late := w.plant(flow.NounApplication, flow.InReview)
			w.sql("UPDATE applications SET due_on='" + text + "', remind_on='' WHERE id='" + late + "'")
			for _, edge := range []struct {
				off  time.Duration
				done bool
			}{{-time.Minute, false}, {0, true}} {
				at := last.AddDays(1).In(zone).Add(edge.off)
				h.to(at)
				for range 2 {
					w.sweepNamed("expire")
					w.sweepNamed("escalate")
				}
				if got := load[*records.Certificate](w, id).State; (got == flow.Expired) != edge.done {
					t.Errorf("%s at %s: %s is %s", name, at.In(zone), text, got)
				}
				if got := load[*records.Application](w, late).Late; got != edge.done {
					t.Errorf("%s at %s: late %v", name, at.In(zone), got)
				}
			}
			w.sql("DELETE FROM applications WHERE id='" + late + "'")
		}
	}
}

// TestZoneChanged: another zone moves today, not the dates that stand in the rows, and what was due stays due.
func TestZoneChanged(t *testing.T) {
	h := newHands()
	w := people(t, testkit.OpenAt(t, h.options()))
	w.Runner.Stop()
	w.Desk.Desk.Committed = nil
	h.pass(time.Date(2027, 6, 1, 20, 0, 0, 0, time.UTC).Sub(w.Desk.Desk.Now())) // the 2nd in Shanghai, the 1st in Berlin and New York
	id := w.plant(flow.NounCertificate, flow.Valid)
	w.sql("UPDATE certificates SET expires_on='2027-06-01', warn_on='' WHERE id='" + id + "'")
	for _, c := range []struct {
		zone, today string
		expired     bool
	}{{"America/New_York", "2027-06-01", false}, {"Europe/Berlin", "2027-06-01", false}, {"Asia/Shanghai", "2027-06-02", true}} {
		s := w.settings()
		s.Zone = c.zone
		must(w, command.Of(w.manager), command.Adjust, records.DeskID, s)
		w.sweepNamed("expire")
		row := load[*records.Certificate](w, id)
		if got := string(w.today()); got != c.today || row.ExpiresOn != "2027-06-01" || (row.State == flow.Expired) != c.expired {
			t.Errorf("%s: today %s, %s until %s", c.zone, got, row.State, row.ExpiresOn)
		}
		if paused, why := w.Clock.Paused(); paused {
			t.Errorf("%s: another zone is taken for a jump: %s", c.zone, why)
		}
	}
	must(w, command.Of(w.manager), command.Adjust, records.DeskID, func() command.Settings { s := w.settings(); s.Zone = "Asia/Urumqi"; return s }())
	if load[*records.Certificate](w, id).State != flow.Expired {
		t.Error("a zone further west brings back what has expired")
	}
}

// sweepNamed runs one line of the clock.
func (w *world) sweepNamed(name string) {
	w.T.Helper()
	for _, l := range w.Runner.Lines() {
		if l.Name == name {
			if err := l.Run(w.ctx); err != nil {
				w.T.Fatalf("%s: %v", name, err)
			}
		}
	}
}
