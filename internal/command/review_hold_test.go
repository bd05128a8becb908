package command_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// A hold stops the clock until its day, is told without its reason, and ends by itself with as many working days left.
func TestHold(t *testing.T) {
	w := moving(t)
	id := w.submitted(w.wang, w.holder, "individual")
	chen, today := command.Of(w.chen), w.today()
	for _, bad := range []struct {
		in   command.Pause
		code string
	}{
		{command.Pause{Until: string(today.AddDays(5))}, "reason_needed"},
		{command.Pause{Reason: "等派出所", Until: "2026-02-30"}, "not_a_day"},
		{command.Pause{Reason: "等派出所", Until: string(today)}, "day_past"},
		{command.Pause{Reason: "等派出所", Until: string(today.AddDays(flow.HoldDays + 1))}, "hold_too_long"},
	} {
		if err := try(w, chen, command.Hold, id, bad.in); !flow.Refused(err, bad.code) {
			t.Errorf("%+v: %v, want %s", bad.in, err, bad.code)
		}
	}
	due := flow.Day(load[*records.Application](w, id).DueOn)
	left := w.Desk.Desk.Calendar.Between(today, due)
	must(w, chen, command.Hold, id, command.Pause{Reason: "等派出所", Until: string(today.AddDays(7))})
	told := w.Messages("held")
	if len(told) != 1 || told[0].Words["until"] != string(today.AddDays(7)) {
		t.Fatalf("told: %+v", told)
	}
	for k, v := range told[0].Words {
		if v == "等派出所" {
			t.Errorf("the reason is told as %s", k)
		}
	}
	if err := try(w, chen, command.Decide, id, command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}}); !flow.Refused(err, "not_now") {
		t.Errorf("decided on hold: %v", err)
	}
	w.Move(6 * day)
	if app := load[*records.Application](w, id); app.State != flow.OnHold || app.Late {
		t.Errorf("before its day it is %s, late %v", app.State, app.Late)
	}
	w.Move(2 * day)
	app := load[*records.Application](w, id)
	if app.State != flow.InReview || app.Assignee != w.chen || app.HeldUntil != "" || app.HeldOn != "" {
		t.Fatalf("after its day it is %s with %s until %q", app.State, app.Assignee, app.HeldUntil)
	}
	if resumed := today.AddDays(7); w.Desk.Desk.Calendar.Between(resumed, flow.Day(app.DueOn)) != left {
		t.Errorf("%d working days were left, and %s is due after %s", left, app.DueOn, resumed)
	}
	w.verifies()
}

// Whoever had the case may be away when it resumes: it goes to somebody else.
func TestResumeToSomebodyElse(t *testing.T) {
	w := open(t)
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	id := w.submitted(w.wang, w.holder, "individual")
	had := load[*records.Application](w, id).Assignee
	must(w, command.Of(had), command.Hold, id, command.Pause{Reason: "等派出所", Until: string(w.today().AddDays(3))})
	must(w, command.Of(w.manager), command.Deactivate, had, struct{}{})
	must(w, command.Of(w.lead), command.Resume, id, struct{}{})
	other := map[string]string{w.chen: li, li: w.chen}[had]
	if app := load[*records.Application](w, id); app.State != flow.InReview || app.Assignee != other {
		t.Errorf("it is %s with %s, want %s", app.State, app.Assignee, other)
	}
}

// twins are two applications of one holder for the same thing, from two accounts, and one of another holder.
func (w *world) twins() (one, two, foreign string) {
	w.T.Helper()
	one = w.submitted(w.wang, w.holder, "individual")
	two = w.twin(one)
	account, holder := w.somebody()
	return one, two, w.submitted(account, holder, "individual")
}

func TestMerge(t *testing.T) {
	w := open(t)
	one, two, foreign := w.twins()
	chen := command.Of(w.chen)
	must(w, command.Account(w.wang), command.Message, one, command.Written{Text: "还有一页在路上"})
	for id, code := range map[string]string{one: "merge_itself", foreign: "merge_other_holder"} {
		before := w.dump()
		w.refused("merge into "+id, before, try(w, chen, command.Merge, one, command.Union{Into: id}), code)
	}
	must(w, chen, command.Merge, one, command.Union{Into: two})
	ended, stays := load[*records.Application](w, one), load[*records.Application](w, two)
	if ended.State != flow.Withdrawn || ended.MergedInto != two || stays.State != flow.InReview || stays.Unread == "" || ended.Unread != "" {
		t.Errorf("%s into %s, and %s, unread %q", ended.State, ended.MergedInto, stays.State, stays.Unread)
	}
	if told := w.Messages("merged"); len(told) != 1 || told[0].Words["into"] != stays.Ref {
		t.Errorf("told: %+v", told)
	}
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	if err := try(w, command.Of(li), command.ViewCase, one, command.Seen{}); !isForbidden(err) {
		t.Errorf("a colleague without part in it looks: %v", err)
	}
	must(w, command.Of(w.lead), command.Reassign, two, command.Handed{To: li})
	must(w, command.Of(li), command.ViewCase, one, command.Seen{})
	docs := all[*records.Document](w, byCase(one))
	must(w, command.Of(li), command.ViewDocument, one, command.Seen{Document: docs[0].ID})
	if cool, err := w.Desk.Desk.CoolDown(w.App.DB(), w.holder, "individual", load[*records.Desk](w, records.DeskID), w.today()); err != nil || !cool.Now() {
		t.Errorf("a merge starts a cool-down: %+v %v", cool, err)
	}
}

// Two colleagues merge the two into each other at once: one of them stays.
func TestMergeAtOnce(t *testing.T) {
	w := open(t)
	one, two, _ := w.twins()
	var wait sync.WaitGroup
	errs := make([]error, 2)
	for i, pair := range [][2]string{{one, two}, {two, one}} {
		wait.Add(1)
		go func() {
			defer wait.Done()
			errs[i] = try(w, command.Of([]string{w.chen, w.lead}[i]), command.Merge, pair[0], command.Union{Into: pair[1]})
		}()
	}
	wait.Wait()
	states := []flow.State{load[*records.Application](w, one).State, load[*records.Application](w, two).State}
	slices.Sort(states)
	if !slices.Equal(states, []flow.State{flow.InReview, flow.Withdrawn}) || (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("%v after %v", states, errs)
	}
}

// The same file in another case is found with where it is.
func TestSamePictures(t *testing.T) {
	w := open(t)
	one := w.submitted(w.wang, w.holder, "individual")
	account, holder := w.somebody()
	two := w.submitted(account, holder, "individual")
	same, err := records.SamePictures(w.App.DB(), one)
	if err != nil || len(same) == 0 || same[0].Application != two || same[0].Here == "" || same[0].There == "" {
		t.Errorf("%+v %v", same, err)
	}
}
