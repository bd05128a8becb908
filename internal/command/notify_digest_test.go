package command_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// at moves the desk's time on to this hour of the next day for which is holds, today included where the hour is yet to come.
func (w *world) at(hour int, is func(flow.Day) bool) {
	w.T.Helper()
	d := w.Desk.Desk
	row, err := d.Settings()
	if err != nil {
		w.T.Fatal(err)
	}
	for day := w.today(); ; day = day.AddDays(1) {
		if to := day.In(d.Zone(row)).Add(time.Duration(hour)*time.Hour + time.Minute); is(day) && to.After(d.Now()) {
			w.Later(to.Sub(d.Now()))
			return
		}
	}
}

func (w *world) digest() {
	w.T.Helper()
	if err := w.Desk.Desk.TellDigest(w.ctx); err != nil {
		w.T.Fatal(err)
	}
}

var onlyFigures = regexp.MustCompile(`^(\d+|R-\d{4}-\d{6}(, R-\d{4}-\d{6})*( … \+\d+)?|\d{4}-\d{2}-\d{2}|)$`)

func TestDigest(t *testing.T) {
	w := open(t)
	works := w.Desk.Desk.Calendar.Working
	w.at(9, works)
	w.digest()
	if m := w.Messages("digest"); len(m) != 0 {
		t.Fatalf("nothing to say, but %d mails", len(m))
	}
	w.reviewer("李审核", "li@example.com", "", 0) // has no case, and gets no mail
	fresh, today, late := w.next(), w.next(), w.next()
	if m := w.Messages("assigned"); len(m) != 0 {
		t.Errorf("%d mails about single cases", len(m))
	}
	w.digest()
	if len(w.Messages("digest")) != 0 {
		t.Error("a second digest on one day")
	}
	w.at(9, func(d flow.Day) bool { return !works(d) })
	w.digest()
	w.at(7, works)
	w.digest()
	if len(w.Messages("digest")) != 0 {
		t.Error("a digest on a free day, or before the morning")
	}
	w.at(8, works)
	due := func(app *records.Application, on flow.Day) {
		w.sql("UPDATE applications SET due_on={:on}, remind_on='9999' WHERE id={:id}", dbx.Params{"on": string(on), "id": app.ID})
	}
	due(fresh, w.today().AddDays(20))
	due(today, w.today())
	due(late, w.today().AddDays(-3))
	must(w, command.Account(w.wang), command.GiveFeedback, records.DeskID, command.Said{Page: "/", Score: 2, Text: "王秀英看不懂"})
	w.digest()
	w.digest()
	got := map[string]command.Words{}
	for _, m := range w.Messages("digest") {
		if got[m.To] != nil {
			t.Errorf("two digests to %s", m.To)
		}
		got[m.To] = m.Words
	}
	chen, lead, manager := got["chen@example.com"], got["lead@example.com"], got["manager@example.com"]
	if len(got) != 3 || chen == nil || lead == nil || manager == nil {
		t.Fatalf("digests: %v", got)
	}
	if chen["new_refs"] != fresh.Ref || chen["today_refs"] != today.Ref || chen["late"] != "1" || chen["late_refs"] != late.Ref || chen["team_late"] != "" {
		t.Errorf("a reviewer's: %v", chen)
	}
	if lead["team_late_refs"] != late.Ref || lead["late"] != "" || lead["unassigned"] != "" || manager["feedback"] != "1" {
		t.Errorf("a lead's: %v, a manager's: %v", lead, manager)
	}
	for to, words := range got {
		for name, value := range words {
			switch name {
			case "desk", "hotline", "hours", "url", "name":
			default:
				if !onlyFigures.MatchString(value) {
					t.Errorf("in the digest to %s, %s is %q", to, name, value)
				}
			}
		}
	}
}

// TestAlertsAreChosen: without the digest, what is new or due soon comes by itself; what one does without does not come.
func TestAlertsAreChosen(t *testing.T) {
	w := open(t)
	before := w.dump()
	w.refused("an unknown kind", before, try(w, command.Of(w.chen), command.ChooseAlerts, w.chen, command.Quiet{Without: []string{"everything"}}), "alert_unknown")
	if err := try(w, command.Of(w.lead), command.ChooseAlerts, w.chen, command.Quiet{}); !isForbidden(err) {
		t.Errorf("a lead chooses for somebody else: %v", err)
	}
	must(w, command.Of(w.chen), command.ChooseAlerts, w.chen, command.Quiet{Without: []string{"overdue", "digest"}})
	app := w.next()
	must(w, command.Itself, command.Remind, app.ID, struct{}{})
	must(w, command.Itself, command.Escalate, app.ID, struct{}{})
	if a, r, o, e := len(w.Messages("assigned")), len(w.Messages("reminder")), len(w.Messages("overdue")), len(w.Messages("escalated")); a != 1 || r != 1 || o != 0 || e != 1 {
		t.Errorf("assigned %d, reminder %d, overdue %d, escalated %d", a, r, o, e)
	}
	w.at(9, w.Desk.Desk.Calendar.Working)
	w.digest()
	for _, m := range w.Messages("digest") {
		if strings.HasPrefix(m.To, "chen@") {
			t.Error("a digest to somebody who does without")
		}
	}
	must(w, command.Of(w.lead), command.ChooseAlerts, w.lead, command.Quiet{Without: []string{"escalated"}})
	must(w, command.Itself, command.Escalate, w.next().ID, struct{}{})
	if len(w.Messages("escalated")) != 1 {
		t.Error("a lead who does without is told")
	}
	w.verifies()
}
