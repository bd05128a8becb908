package command_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// moveTo lets time pass, sweeps and all, until it is that day.
func (w *world) moveTo(day flow.Day) {
	w.T.Helper()
	for w.today().Before(day) {
		w.Desk.Move(24 * time.Hour)
	}
}

// TestDeadlinePasses lives through a deadline with the sweeps running: a reminder before it, then the leads and the
// colleague hear of it, then the case goes to somebody else with all that was judged; each once.
func TestDeadlinePasses(t *testing.T) {
	w := moving(t)
	must(w, command.Of(w.chen), command.ChooseAlerts, w.chen, command.Quiet{Without: []string{flow.Digest}}) // reminders come singly
	id := w.next().ID
	must(w, command.Of(w.chen), command.Verdict, id, command.Judged{Item: "readable", Value: flow.VerdictOK})
	app := load[*records.Application](w, id)
	cal, due := w.Desk.Desk.Calendar, flow.Day(app.DueOn)
	if want := cal.Add(due, -flow.RemindDays); app.RemindOn != string(want) {
		t.Errorf("reminded on %s, want %s", app.RemindOn, want)
	}
	w.moveTo(flow.Day(app.RemindOn).AddDays(-1))
	if len(w.Messages("reminder")) != 0 {
		t.Error("reminded too early")
	}
	w.moveTo(due)
	if m := w.Messages("reminder"); len(m) != 1 || m[0].To != "chen@example.com" || m[0].Words["ref"] != app.Ref {
		t.Errorf("reminders: %+v", m)
	}
	if len(w.Messages("escalated")) != 0 || load[*records.Application](w, id).Late {
		t.Error("it is late on the day on which it is due")
	}
	w.moveTo(due.AddDays(1))
	now := load[*records.Application](w, id)
	if m, l := w.Messages("overdue"), w.Messages("escalated"); len(m) != 1 || m[0].To != "chen@example.com" || len(l) != 1 || l[0].To != "lead@example.com" || !now.Late {
		t.Errorf("overdue %+v, escalated %+v, late %v", m, l, now.Late)
	}
	on := flow.Day(now.HandOn)
	if want := cal.Add(w.today(), flow.HandOnDays); on != want {
		t.Fatalf("handed on %s, want %s", on, want)
	}
	w.moveTo(on) // nobody else is there: it stays, and is tried again
	if now = load[*records.Application](w, id); now.Assignee != w.chen || now.HandOn != string(cal.Add(w.today(), 1)) {
		t.Fatalf("nobody else: %s, %s", now.Assignee, now.HandOn)
	}
	li := w.reviewer("李审核", "li@example.com", "", 20)
	w.moveTo(flow.Day(now.HandOn))
	now = load[*records.Application](w, id)
	if now.Assignee != li || now.State != flow.InReview || now.HandOn != string(flow.HandOnAt(w.today(), cal)) {
		t.Errorf("handed on: %+v", now)
	}
	w.moveTo(flow.Day(now.HandOn).AddDays(3))
	if now = load[*records.Application](w, id); now.Assignee != li {
		t.Error("it went back to the one who did not finish it")
	}
	if m := w.Messages("overdue"); len(m) != 2 || m[0].To != "li@example.com" || len(w.Messages("escalated")) != 1 {
		t.Errorf("told: %+v", m)
	}
	if v := all[*records.Verdict](w, byCase(id)); len(v) != 1 || v[0].By != w.chen {
		t.Errorf("what was judged: %+v", v)
	}
	w.verifies()
}

// TestAbsence hands on what falls due while somebody is away, from the first day on, and leaves the rest.
func TestAbsence(t *testing.T) {
	w := moving(t)
	soon, later := w.next().ID, w.next().ID
	li := w.reviewer("李审核", "li@example.com", "", 20)
	from := w.today().AddDays(1)
	due := flow.Day(load[*records.Application](w, soon).DueOn)
	w.sql("UPDATE applications SET due_on={:on} WHERE id={:id}", dbx.Params{"on": string(due.AddDays(30)), "id": later})
	must(w, command.Of(w.chen), command.SetAbsence, w.chen, command.Absence{From: string(from), Until: string(due)})
	if load[*records.Application](w, soon).Assignee != w.chen {
		t.Error("handed on before the absence begins")
	}
	w.moveTo(from)
	if a, b := load[*records.Application](w, soon), load[*records.Application](w, later); a.Assignee != li || b.Assignee != w.chen {
		t.Errorf("due meanwhile with %s, due later with %s", a.Assignee, b.Assignee)
	}
	// nobody else is there: what falls due waits to be claimed, and the leads hear of it
	told := len(w.Messages("unassigned"))
	must(w, command.Of(w.lead), command.SetAbsence, li, command.Absence{From: string(w.today()), Until: string(due)})
	w.moveTo(from.AddDays(1))
	if a := load[*records.Application](w, soon); a.State != flow.Submitted || a.Assignee != "" || len(w.Messages("unassigned")) != told+1 {
		t.Errorf("nobody is there: %s %q", a.State, a.Assignee)
	}
}

// TestHandOnByALead gives a case to whoever has most room; where nobody fits, it is said and nothing changes.
func TestHandOnByALead(t *testing.T) {
	w := open(t)
	app := w.next()
	before := w.dump()
	w.refused("nobody else", before, try(w, command.Of(w.lead), command.HandOn, app.ID, command.Handed{}), "nobody_fits")
	li := w.reviewer("李审核", "li@example.com", "", 20)
	if err := try(w, command.Of(w.chen), command.HandOn, app.ID, command.Handed{}); !isForbidden(err) {
		t.Errorf("a reviewer hands on: %v", err)
	}
	must(w, command.Of(w.lead), command.HandOn, app.ID, command.Handed{Why: "陈明已满"})
	if now := load[*records.Application](w, app.ID); now.Assignee != li || now.HandOn != "" {
		t.Errorf("%+v", now)
	}
	must(w, command.Of(li), command.DeclareConflict, app.ID, command.Handed{Why: "是邻居"})
	must(w, command.Of(w.chen), command.DeclareConflict, app.ID, command.Handed{Why: "是亲戚"})
	before = w.dump()
	w.refused("assigning what nobody may have", before, try(w, command.Of(w.lead), command.Assign, app.ID, command.Handed{}), "nobody_fits")
	w.verifies()
}

// TestRoleLostInMidWork: who loses the role is refused the next act; the case is whole and with somebody else.
func TestRoleLostInMidWork(t *testing.T) {
	w := open(t)
	app := w.next()
	must(w, command.Of(w.chen), command.Verdict, app.ID, command.Judged{Item: "readable", Value: flow.VerdictOK, Note: "看过"})
	li := w.reviewer("李审核", "li@example.com", "", 20)
	must(w, command.Of(w.manager), command.GrantRole, w.chen, command.Roles{Roles: []string{"auditor"}})
	before := w.dump()
	for what, err := range map[string]error{
		"verdict": try(w, command.Of(w.chen), command.Verdict, app.ID, command.Judged{Item: "readable", Value: flow.VerdictBad}),
		"note":    try(w, command.Of(w.chen), command.Note, app.ID, command.Remark{Text: "再说一句"}),
		"decide":  try(w, command.Of(w.chen), command.Decide, app.ID, notPassed),
	} {
		if !isForbidden(err) {
			t.Errorf("%s after the role is gone: %v", what, err)
		}
		w.same(what, before)
	}
	now := load[*records.Application](w, app.ID)
	v := all[*records.Verdict](w, byCase(app.ID))
	if now.Assignee != li || now.State != flow.InReview || now.Answers != app.Answers || len(v) != 1 || v[0].Value != flow.VerdictOK {
		t.Errorf("the case: %+v, %+v", now, v)
	}
	w.verifies()
}

// unfitness makes a colleague unfit for a case in one way.
var unfitness = map[string]func(w *world, s *records.Staff, app *records.Application){
	"applicant": func(w *world, s *records.Staff, app *records.Application) { s.IDBlind = w.blindOf(app, "id") },
	"helper":    func(_ *world, s *records.Staff, app *records.Application) { app.TakenBy = s.ID },
	"attester":  func(_ *world, s *records.Staff, app *records.Application) { app.AttestedBy = s.ID },
	"absent": func(w *world, s *records.Staff, _ *records.Application) {
		s.AbsentFrom, s.AbsentUntil = string(w.today()), string(w.today())
	},
	"full":        func(_ *world, s *records.Staff, _ *records.Application) { s.Capacity = 0 },
	"unqualified": func(_ *world, s *records.Staff, _ *records.Application) { s.Types = "pension" },
	"conflicted":  func(w *world, s *records.Staff, app *records.Application) { s.NameBlind = w.blindOf(app, "name") },
	"declared": func(_ *world, s *records.Staff, app *records.Application) {
		app.Declared = records.Join(append(records.List(app.Declared), s.ID))
	},
	"deactivated": func(_ *world, s *records.Staff, _ *records.Application) { s.State = flow.Deactivated },
	"suspended":   func(_ *world, s *records.Staff, _ *records.Application) { s.SuspendedAt = "2026-01-01 00:00:00.000Z" },
	"unpledged":   func(_ *world, s *records.Staff, _ *records.Application) { s.PledgedUntil = "2000-12-31" },
	"no reviewer": func(_ *world, s *records.Staff, _ *records.Application) { s.Roles = "lead" },
	"fit":         func(*world, *records.Staff, *records.Application) {},
	"fit too":     func(*world, *records.Staff, *records.Application) {},
}

func (w *world) blindOf(app *records.Application, kind string) string {
	return all[*records.Person](w, dbx.HashExp{"application": app.ID, "kind": kind})[0].Blind
}

// TestAssignmentNever: whatever team there is, and by every way in which a case gets a colleague by itself or by hand, it
// never gets one who is unfit; and with somebody fit, it gets somebody.
func TestAssignmentNever(t *testing.T) {
	w := open(t)
	app := load[*records.Application](w, w.next().ID)
	var team []*records.Staff
	for i := range 4 {
		team = append(team, load[*records.Staff](w, w.reviewer(fmt.Sprintf("审核%d", i), fmt.Sprintf("never%d@example.com", i), "", 20)))
	}
	w.sql("UPDATE staff SET roles='auditor' WHERE id={:id}", dbx.Params{"id": w.chen})
	ways := make([]string, 0, len(unfitness))
	for way := range unfitness {
		ways = append(ways, way)
	}
	slices.Sort(ways)
	rapid.Check(t, func(rt *rapid.T) {
		w.sql("DELETE FROM tasks")
		fresh := *app
		fresh.State, fresh.Assignee = flow.Submitted, ""
		fit := map[string]bool{}
		for i, s := range team {
			row, way := *s, rapid.SampledFrom(ways).Draw(rt, fmt.Sprint("colleague", i))
			if way == "helper" && fresh.TakenBy != "" || way == "attester" && fresh.AttestedBy != "" {
				way = "absent"
			}
			unfitness[way](w, &row, &fresh)
			fit[row.ID] = way == "fit" || way == "fit too"
			w.putBack(&row)
		}
		w.putBack(&fresh)
		named := team[rapid.IntRange(0, len(team)-1).Draw(rt, "named")].ID
		asked := "" // who was to have it
		switch rapid.IntRange(0, 3).Draw(rt, "way") {
		case 0:
			_ = try(w, command.Itself, command.Assign, app.ID, command.Handed{})
		case 1:
			asked = named
			_ = try(w, command.Of(named), command.Claim, app.ID, command.Handed{})
		case 2:
			asked = named
			_ = try(w, command.Of(w.lead), command.Reassign, app.ID, command.Handed{To: named})
		case 3:
			_ = try(w, command.Of(w.lead), command.Assign, app.ID, command.Handed{})
			if load[*records.Application](w, app.ID).State == flow.InReview {
				first := load[*records.Application](w, app.ID).Assignee
				_ = try(w, command.Of(w.lead), command.HandOn, app.ID, command.Handed{})
				if now := load[*records.Application](w, app.ID); now.Assignee == "" {
					rt.Fatalf("%s handed it on to nobody", first)
				}
			}
		}
		now := load[*records.Application](w, app.ID)
		got := now.Assignee
		full := got != "" && load[*records.Staff](w, got).Capacity == 0
		if got != "" && !fit[got] && !(full && got == asked) { // by hand, a full colleague may be given one more
			rt.Fatalf("it went to %s, who is unfit", got)
		}
		if some := slices.Contains(values(fit), true); asked == "" && some != (got != "") {
			rt.Fatalf("somebody fit: %v, it went to %q", some, got)
		}
	})
}

func values(m map[string]bool) (all []bool) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}
