package command_test

import (
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
)

// days is so many of them.
func days(n int) time.Duration { return time.Duration(n) * day }

// TestLateNoMore clears what made a case late wherever its deadline moves on, so that it can become late again; a case that comes
// back late is its reviewer's for as long as one that was handed on.
func TestLateNoMore(t *testing.T) {
	w := open(t)
	w.takeBack(5)
	late := func(typ string) string {
		account, holder := w.somebody()
		if typ == "institutional" {
			account, holder = w.body()
		}
		id := w.submitted(account, holder, typ)
		for !flow.Day(w.row(id).DueOn).Before(w.today()) {
			w.Clock.Move(day)
		}
		must(w, command.Itself, command.Escalate, id, nothing)
		if app := w.row(id); !app.Late || app.HandOn == "" {
			t.Fatalf("not late: %+v", app)
		}
		return id
	}
	held := late("individual") // on a Saturday: its last day was the Friday before
	for w.today().Weekday() != time.Saturday {
		w.Clock.Move(day)
	}
	w.sql("UPDATE applications SET due_on={:due} WHERE id={:id}", map[string]any{"due": string(w.today().AddDays(-1)), "id": held})
	must(w, command.Of(w.chen), command.Hold, held, command.Pause{Reason: "等派出所的回复", Until: string(w.today().AddDays(9))})
	w.Clock.Move(days(9))
	must(w, command.Itself, command.Resume, held, nothing)
	if app := w.row(held); app.Late || app.HandOn != "" || flow.Day(app.DueOn).Before(w.today()) {
		t.Errorf("resumed, due %s, it is %s: late %v, handed on %q", app.DueOn, w.today(), app.Late, app.HandOn)
	}
	w.Clock.Move(days(5))
	must(w, command.Itself, command.Escalate, held, nothing)

	back := late("individual")
	w.judge(w.chen, back, flow.VerdictOK)
	must(w, command.Of(w.chen), command.Decide, back, command.Result{Outcome: flow.Passed})
	w.sql("UPDATE applications SET hand_on={:day} WHERE id={:id}", map[string]any{"day": string(w.today()), "id": back})
	must(w, command.Of(w.chen), command.TakeBack, back, nothing)
	if app := w.row(back); !app.Late || !flow.Day(app.HandOn).After(w.today()) {
		t.Errorf("taken back: late %v, handed on %q, it is %s", app.Late, app.HandOn, w.today())
	}
	w.Staff("李审核", "li@example.com", flow.Reviewer)
	two := late("institutional")
	first := w.row(two).Assignee
	must(w, command.Of(first), command.Propose, two, command.Result{Outcome: flow.NotPassed, Reasons: []string{"unreadable"}})
	must(w, command.Of(first), command.TakeBack, two, nothing)
	if app := w.row(two); !app.Late || !flow.Day(app.HandOn).After(w.today()) {
		t.Errorf("a proposal taken back: late %v, handed on %q, it is %s", app.Late, app.HandOn, w.today())
	}
	w.verifies()
}

// TestReopenedIsNotLate lets a case that was late when its applicant was asked begin again in time, if its deadline moves that far.
func TestReopenedIsNotLate(t *testing.T) {
	w := open(t)
	id, _ := w.awaited()
	w.Clock.Move(days(60))
	must(w, command.Itself, command.Lapse, id, nothing)
	w.sql("UPDATE applications SET late=TRUE, hand_on={:day} WHERE id={:id}", map[string]any{"day": string(w.today()), "id": id})
	must(w, command.Of(w.lead), command.Reopen, id, command.Handed{Why: "来过电话"})
	app := w.row(id)
	if late := flow.Day(app.DueOn).Before(w.today()); app.Late != late || !late && app.HandOn != "" {
		t.Errorf("reopened, due %s, it is %s: late %v, handed on %q", app.DueOn, w.today(), app.Late, app.HandOn)
	}
}
