package command_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// TestAdjust changes the terms of a type: what is handed in later follows them, what runs keeps what it was promised and
// gets what is better for it; who, when, why and because of what is kept.
func TestAdjust(t *testing.T) {
	w := open(t)
	running := w.next()
	must(w, command.Account(w.wang), command.GiveFeedback, records.DeskID, command.Said{Page: "/", Score: 4, Text: "等得太久"})
	said := all[*records.Feedback](w, nil)[0].ID
	was := w.types["individual"]
	var longer, sooner sdk.Reason // one to be waited for longer, one less long
	for _, r := range was.Reasons {
		switch {
		case r.After == 0:
			longer = r
		case r.After > 0:
			sooner = r
		}
	}
	if longer.ID == "" || sooner.ID == "" {
		t.Fatalf("the example's reasons: %+v", was.Reasons)
	}
	ten, one := 10, 1
	terms := flow.Terms{ReviewDays: was.ReviewDays - 2, CorrectionDays: was.Correction.Days + 5, Reasons: map[string]flow.ReasonTerms{
		longer.ID: {After: &ten, Advice: &sdk.Text{ZhHans: "白天放在窗边拍。", En: "Photograph it by a window."}}, sooner.ID: {After: &one}}}
	in := command.Adjusting{Terms: terms, BecauseZh: "大家说等得太久", Feedback: []string{said}}
	try1 := func(change func(*command.Adjusting)) error {
		x := in
		change(&x)
		return try(w, command.Of(w.manager), command.AdjustType, "individual", x)
	}
	before := w.dump()
	w.refused("no reason", before, try1(func(x *command.Adjusting) { x.BecauseZh = "" }), "reason_needed")
	w.refused("nothing", before, try1(func(x *command.Adjusting) { x.Terms = flow.Terms{} }), "terms_same")
	w.refused("no day", before, try1(func(x *command.Adjusting) { x.Terms = flow.Terms{ReviewDays: -3} }), "terms_wrong")
	w.refused("a reason that is none", before, try1(func(x *command.Adjusting) {
		x.Terms = flow.Terms{Reasons: map[string]flow.ReasonTerms{"none": {After: &one}}}
	}), "terms_wrong")
	w.refused("words in one language", before, try1(func(x *command.Adjusting) { x.Terms = flow.Terms{Passed: &sdk.Text{ZhHans: "好"}} }), "terms_wrong")
	w.refused("feedback that is none", before, try1(func(x *command.Adjusting) { x.Feedback = []string{"none"} }), "feedback_unknown")
	if err := try(w, command.Of(w.lead), command.AdjustType, "individual", in); !isForbidden(err) {
		t.Errorf("a lead adjusts: %v", err)
	}
	w.same("a lead adjusts", before)
	must(w, command.Of(w.manager), command.AdjustType, "individual", in)

	now := load[*records.Application](w, running.ID)
	old, err := w.Desk.Desk.Type(now.Digest)
	if err != nil {
		t.Fatal(err)
	}
	reason := func(t sdk.Type, id string) (r sdk.Reason) {
		for _, x := range t.Reasons {
			if x.ID == id {
				r = x
			}
		}
		return r
	}
	if now.DueOn != running.DueOn || old.ReviewDays != was.ReviewDays || reason(old, longer.ID).After != 0 {
		t.Errorf("a promise is broken: due %s, %d days, waits %d", now.DueOn, old.ReviewDays, reason(old, longer.ID).After)
	}
	if old.Correction.Days != was.Correction.Days+5 || reason(old, sooner.ID).After != 1 || reason(old, longer.ID).Advice.En != "Photograph it by a window." {
		t.Errorf("what is better does not hold for what runs: %d days, waits %d", old.Correction.Days, reason(old, sooner.ID).After)
	}
	later := w.next()
	fresh, err := w.Desk.Desk.Type(later.Digest)
	if err != nil {
		t.Fatal(err)
	}
	if want := w.Desk.Desk.Calendar.Add(w.today(), was.ReviewDays-2); later.DueOn != string(want) || reason(fresh, longer.ID).After != 10 {
		t.Errorf("handed in later: due %s, want %s; waits %d", later.DueOn, want, reason(fresh, longer.ID).After)
	}
	a := all[*records.Adjustment](w, dbx.HashExp{"type": "individual"})
	if len(a) != 1 || a[0].Version != 1 || a[0].By != w.manager || a[0].Feedback != said || a[0].On != string(w.today()) || a[0].BecauseZh != in.BecauseZh {
		t.Errorf("kept: %+v", a)
	}
	entries, err := ledger.Search(w.App.DB(), ledger.Query{Noun: "types", Target: "individual", Limit: 1, Newest: true})
	if err != nil || len(entries) != 1 || entries[0].Act != "adjust" || entries[0].Actor != "staff:"+w.manager || w.Desk.Desk.Said(entries[0]) != in.BecauseZh {
		t.Errorf("an auditor finds %+v, %v", entries, err)
	}

	// a new version of the type: what a manager set stays set
	body, _ := json.Marshal(was)
	must(w, command.Of(w.manager), command.SwitchType, "individual", command.Switching{On: true, SHA256: "00", Digest: "another digest", Body: string(body), NameZh: "个人认证", NameEn: "Individual", Ver: "9.0.0", Path: "individual"})
	if again := w.next(); again.DueOn != later.DueOn {
		t.Errorf("after a new version of the type: due %s", again.DueOn)
	}
	w.verifies()
}

// TestMonths reckons the figures of a month from what happened in it, keeps them when it is over, and tells the managers once.
func TestMonths(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	w.passed(account, holder, "individual")
	must(w, command.Account(account), command.GiveFeedback, records.DeskID, command.Said{Page: "/applications/{id}/submitted", Score: 4, Easy: "2", Text: "王秀英说太难", Contact: "wang@example.com"})
	month := flow.MonthOf(w.today())
	names, figures, err := w.Desk.Desk.Figures(w.ctx, 13)
	if err != nil || len(names) != 13 || names[12] != month {
		t.Fatalf("%v %v", names, err)
	}
	if f := flow.Sum(figures[month], "individual", w.chen); f.Received != 1 || f.Decided != 1 || f.OnTime != 1 || f.Refused != 0 || f.Took.Part(50) != 0 {
		t.Errorf("this month: %+v", f)
	}
	if f := flow.Sum(figures[month], "pension", ""); f.Received != 0 {
		t.Errorf("another type: %+v", f)
	}
	next := flow.Day(month + "-01").AddMonths(1)
	w.Later(time.Duration(next.Sub(w.today())+2) * day)
	for range 2 {
		if err := w.Desk.Desk.KeepMonths(w.ctx); err != nil {
			t.Fatal(err)
		}
	}
	m := w.Messages("summary")
	if len(m) != 1 || m[0].To != "manager@example.com" || m[0].Words["month"] != month || m[0].Words["decided"] != "1" || m[0].Words["said"] != "1" || m[0].Words["hard"] != "1" || m[0].Words["wish"] != "1" {
		t.Fatalf("summary: %+v", m)
	}
	kept := load[*records.Month](w, month)
	_, again, err := w.Desk.Desk.Figures(w.ctx, 13)
	if f := flow.Sum(again[month], "", ""); err != nil || f.Decided != 1 || kept.Told == "" {
		t.Errorf("kept: %+v %+v %v", kept, f, err)
	}
	if n := len(all[*records.Month](w, nil)); n < 13 {
		t.Errorf("%d months are kept", n)
	}
	w.verifies()
}
