package command_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestDecide(t *testing.T) {
	w := open(t)
	id := w.submitted(w.wang, w.holder, "individual")
	chen := command.Of(w.chen)
	decide := func(r command.Result) error { return try(w, chen, command.Decide, id, r) }
	before := w.dump()
	for code, r := range map[string]command.Result{
		"verdicts_missing": {Outcome: flow.Passed}, "no_reasons": {Outcome: flow.NotPassed}, "unknown_reason": {Outcome: flow.NotPassed, Reasons: []string{"invented"}},
		"reason_twice": {Outcome: flow.NotPassed, Reasons: []string{"forged", "forged"}}, "unknown_outcome": {Outcome: "perhaps"}, "extra_too_long": {Outcome: flow.Passed, Extra: strings.Repeat("长", 1001)},
	} {
		w.refused(code, before, decide(r), code)
	}
	for code, v := range map[string]command.Judged{"unknown_item": {Item: "invented", Value: "ok"}, "unknown_verdict": {Item: "identity", Value: "yes"}, "unknown_way": {Item: "identity", Value: "ok", How: 9},
		"note_too_long": {Item: "identity", Value: "ok", Note: strings.Repeat("长", 501)}} {
		w.refused(code, before, try(w, chen, command.Verdict, id, v), code)
	}
	w.judge(w.chen, id, flow.VerdictOK)
	for value, code := range map[string]string{flow.VerdictBad: "items_bad", flow.VerdictUnsure: "items_unsure", "": "verdicts_missing"} {
		must(w, chen, command.Verdict, id, command.Judged{Item: "identity", Value: value})
		w.refused(code, w.dump(), decide(command.Result{Outcome: flow.Passed}), code)
	}
	must(w, chen, command.Verdict, id, command.Judged{Item: "identity", Value: flow.VerdictOK})
	w.refused("passed with reasons", w.dump(), decide(command.Result{Outcome: flow.Passed, Reasons: []string{"forged"}}), "passed_with_reasons")
	if err := try(w, command.Of(w.lead), command.Decide, id, command.Result{Outcome: flow.Passed}); !isForbidden(err) {
		t.Errorf("somebody who does not have the case: %v", err)
	}
	if err := decide(command.Result{Outcome: flow.Passed}); err != nil {
		t.Fatal(err)
	}
	if load[*records.Application](w, id).State != flow.Approved || len(w.Messages("result_passed")) != 1 || len(w.Messages("certificate_issued")) != 1 {
		t.Error("letter, message and certificate do not come together")
	}
	w.refused("a second certificate", w.dump(), try(w, command.Itself, command.Issue, id, struct{}{}), "not_now")
	w.verifies()
}

func TestTakeBackAndRelease(t *testing.T) {
	w := moving(t)
	w.takeBack(5)
	account, holder := w.somebody()
	id := w.submitted(account, holder, "individual")
	w.judge(w.chen, id, flow.VerdictOK)
	must(w, command.Of(w.chen), command.Decide, id, command.Result{Outcome: flow.Passed})
	if app := load[*records.Application](w, id); app.State != flow.Decided || app.ReleaseAt == "" || len(w.Messages("result_passed")) != 0 {
		t.Fatalf("it left already: %+v", app)
	}
	w.Move(3 * time.Minute)
	must(w, command.Of(w.chen), command.TakeBack, id, struct{}{})
	if app := load[*records.Application](w, id); app.State != flow.InReview || app.Assignee != w.chen || app.Outcome != "" || app.ReleaseAt != "" || app.DecidedBy != "" {
		t.Errorf("taken back: %+v", app)
	}
	w.Move(10 * time.Minute)
	if load[*records.Application](w, id).State != flow.InReview {
		t.Error("a result that was taken back left")
	}
	must(w, command.Of(w.chen), command.Decide, id, command.Result{Outcome: flow.NotPassed, Reasons: []string{"number_not_found", "cut_off"}, Extra: "请带原件。"})
	w.Move(6 * time.Minute)
	app := load[*records.Application](w, id)
	if app.State != flow.Rejected || app.AgainOn != string(w.today().AddDays(30)) || app.Never || app.Fatal || app.ClosedAt == "" {
		t.Errorf("released: %+v", app)
	}
	letters := w.Messages("result_not_passed")
	if len(letters) != 1 || !strings.Contains(letters[0].Words["letter"], "请带原件。") || !strings.Contains(letters[0].Words["letter"], "核验平台上查不到这个号码。") {
		t.Errorf("letters: %+v", letters)
	}
	if n, _ := records.Count(w.App.DB(), "certificates", nil); n != 0 {
		t.Error("a certificate without passing")
	}
	if err := try(w, command.Of(w.chen), command.TakeBack, id, struct{}{}); !flow.Refused(err, "not_now") {
		t.Errorf("taken back after it left: %v", err)
	}
	decisions := all[*records.Decision](w, byCase(id))
	if len(decisions) != 2 || decisions[0].State != flow.Withdrawn || decisions[1].State != flow.Sent {
		t.Errorf("decisions: %+v", decisions)
	}
	w.verifies()
}

func TestCoolDown(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	w.rejected(account, holder, "individual", "number_not_found")
	until := string(w.today().AddDays(30))
	id := w.filled(account, holder, "individual", nil)
	submit := func(id string) error {
		return try(w, command.Account(account), command.Submit, id, command.Submission{Declared: true})
	}
	w.refused("within the cool-down", w.dump(), submit(id), "cool_down")
	if err := submit(id); err == nil || !strings.Contains(err.Error(), until) {
		t.Errorf("the day is not named: %v, want %s", err, until)
	}
	w.Later(29 * day)
	w.refused("the day before", w.dump(), submit(id), "cool_down")
	w.Later(1 * day)
	if err := submit(id); err != nil {
		t.Errorf("on the day: %v", err)
	}
	must(w, command.Account(account), command.Withdraw, id, struct{}{})
	again := w.filled(account, holder, "individual", nil)
	if err := submit(again); err != nil {
		t.Errorf("after withdrawing: %v", err)
	}
	must(w, command.Of(w.chen), command.Decide, again, command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}})
	if app := load[*records.Application](w, again); !app.Never || !app.Fatal {
		t.Errorf("%+v", app)
	}
	w.Later(4000 * day)
	last := w.filled(account, holder, "individual", nil)
	w.refused("never", w.dump(), submit(last), "cool_down")
	other := w.filled(account, holder, "pension", nil)
	w.refused("without declaring", w.dump(), try(w, command.Account(account), command.Submit, other, command.Submission{}), "declaration_needed")
	if err := submit(other); err != nil {
		t.Errorf("another type: %v", err)
	}
	w.verifies()
}

func TestExpiry(t *testing.T) {
	w := moving(t)
	_, c := w.passed(w.wang, w.holder, "pension")
	expires := flow.Day(load[*records.Certificate](w, c).ExpiresOn)
	left := expires.Sub(w.today())
	told := func() (days []string) {
		for _, m := range w.Messages("expiry_notice") {
			days = append([]string{m.Words["days"]}, days...)
		}
		return days
	}
	w.sql("UPDATE certificates SET recheck_on=''") // not what this is about; behind the desk's back
	w.Later(time.Duration(left-32) * day)
	w.Move(2*day + time.Hour)
	if got := told(); len(got) != 1 || got[0] != "30" {
		t.Fatalf("told %v", got)
	}
	w.Move(23 * day)
	w.Move(6 * day)
	if got := strings.Join(told(), " "); got != "30 7 1" {
		t.Errorf("told %s", got)
	}
	for range 3 {
		w.Move(time.Hour)
	}
	if got := strings.Join(told(), " "); got != "30 7 1" {
		t.Errorf("told again: %s", got)
	}
	w.refused("expiring on the last day", w.dump(), try(w, command.Itself, command.Expire, c, struct{}{}), "not_now")
	w.Move(3 * day)
	if row := load[*records.Certificate](w, c); row.State != flow.Expired || row.WarnOn != "" || len(w.Messages("expired")) != 1 {
		t.Errorf("%+v, told %d", row, len(w.Messages("expired")))
	}
}

func TestRenewalAndRecheck(t *testing.T) {
	w := open(t)
	_, c := w.passed(w.wang, w.holder, "individual")
	row := load[*records.Certificate](w, c)
	opens := flow.RenewalOpens(flow.Day(row.ExpiresOn), 60)
	w.refused("too early", w.dump(), try(w, command.Account(w.wang), command.Renew, c, struct{}{}), "too_early")

	must(w, command.Itself, command.Recheck, c, command.Rechecked{})
	if n, _ := records.Count(w.App.DB(), "applications", dbx.HashExp{"kind": "recheck"}); n != 0 {
		t.Error("a case although all is well")
	}
	r := must(w, command.Itself, command.Recheck, c, command.Rechecked{Findings: []sdk.Finding{{Level: sdk.Bad}}})
	cases := all[*records.Application](w, dbx.HashExp{"kind": "recheck"})
	if r.Answer["outcome"] != "task" || len(cases) != 1 || cases[0].State != flow.InReview || cases[0].Assignee != w.chen {
		t.Fatalf("%v %+v", r.Answer, cases)
	}
	w.refused("taking back the desk's own case", w.dump(), try(w, command.Account(w.wang), command.Withdraw, cases[0].ID, struct{}{}), "not_now")
	must(w, command.Of(w.chen), command.Decide, cases[0].ID, command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}})
	if row = load[*records.Certificate](w, c); row.State != flow.Valid || len(w.Messages("recheck_needed")) != 1 {
		t.Errorf("only a person suspends: %s, leads told %d", row.State, len(w.Messages("recheck_needed")))
	}
	w.refused("suspending without a reason", w.dump(), try(w, command.Of(w.lead), command.Suspend, c, command.Reasoned{}), "reason_needed")
	must(w, command.Of(w.lead), command.Suspend, c, command.Reasoned{Reason: "需要核实"})
	must(w, command.Of(w.lead), command.Reinstate, c, command.Reasoned{Reason: "核实了"})

	w.Later(time.Duration(opens.Sub(w.today())) * day)
	id := must(w, command.Account(w.wang), command.Renew, c, struct{}{}).Answer["id"]
	for _, slot := range []string{"id_front", "id_back", "household"} {
		in := w.document(id, slot, "new "+slot)
		in.Replace = all[*records.Document](w, dbx.HashExp{"application": id, "slot": slot})[0].ID // it was kept, as what still holds
		must(w, command.Account(w.wang), command.AddDocument, id, in)
	}
	w.refused("a second renewal", w.dump(), try(w, command.Account(w.wang), command.Renew, c, struct{}{}), "open_renewal")
	must(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true})
	w.judge(w.chen, id, flow.VerdictOK)
	must(w, command.Of(w.chen), command.Decide, id, command.Result{Outcome: flow.Passed})
	next, err := records.Find[*records.Certificate](w.App.DB(), dbx.HashExp{"application": id})
	if err != nil {
		t.Fatal(err)
	}
	old := load[*records.Certificate](w, c)
	if old.State != flow.Superseded || old.SupersededBy != next.ID || next.State != flow.Valid || !flow.Day(next.ExpiresOn).After(flow.Day(old.ExpiresOn).AddDays(900)) {
		t.Errorf("old %s until %s, new %s until %s", old.State, old.ExpiresOn, next.State, next.ExpiresOn)
	}
	w.verifies()
}
