package command_test

import (
	"errors"
	"flag"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// TestAnyOrder lets random people do random acts to one application after another: whatever they try, every step of the
// record is one that the table allows, one step begins where the one before ended, and one certificate at most comes of it.
func TestAnyOrder(t *testing.T) {
	w := open(t)
	w.takeBack(5)
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	w.endsAsSteered(t)
	few(t, 25)
	rapid.Check(t, func(rt *rapid.T) {
		account, holder := w.somebody()
		id := w.filled(account, holder, "individual", nil)
		people := map[string]command.Caller{"account": command.Account(account), "stranger": command.Account(w.wang), "chen": command.Of(w.chen), "li": command.Of(li),
			"lead": command.Of(w.lead), "manager": command.Of(w.manager), "desk": command.Itself, "guest": {Role: flow.Guest, ID: "browser"}}
		names := []string{"account", "stranger", "chen", "li", "lead", "manager", "desk", "guest"}
		acts := w.anyActs(id, []string{w.chen, li, w.manager, "nobody"})
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			if rapid.IntRange(0, 2).Draw(rt, "on") == 0 {
				if err := w.onward(id, account); err != nil && !lawful(err) && !errors.Is(err, command.ErrForbidden) {
					rt.Fatal(err)
				}
				continue
			}
			act := rapid.IntRange(0, len(acts)-1).Draw(rt, "act")
			who := rapid.SampledFrom(append(slices.Repeat([]string{usual[act]}, 2*len(names)), names...)).Draw(rt, "who")
			people["assignee"] = command.Of(load[*records.Application](w, id).Assignee)
			if who == "assignee" && people[who].ID == "" {
				who = "chen"
			}
			if err := acts[act](people[who], rt); err != nil && !lawful(err) && !errors.Is(err, command.ErrForbidden) {
				rt.Fatalf("act %d by %s: %v", act, who, err)
			}
		}
		w.legal(rt, id)
	})
	w.verifies()
}

// endsAsSteered shows that the steps which TestAnyOrder draws from do lead somewhere: going on ends in an approval, and
// an act drawn from the list can end a case as well. What chance then draws is no matter of this test's result.
func (w *world) endsAsSteered(t *testing.T) {
	t.Helper()
	for _, end := range []struct {
		state    flow.State
		withdraw bool
	}{{flow.Approved, false}, {flow.Withdrawn, true}} {
		account, holder := w.somebody()
		id := w.filled(account, holder, "individual", nil)
		for range 4 {
			if err := w.onward(id, account); err != nil {
				t.Fatal(err)
			}
			if end.withdraw {
				if err := try(w, command.Account(account), command.Withdraw, id, struct{}{}); err != nil {
					t.Fatal(err)
				}
				break
			}
			w.Later(10 * time.Minute)
		}
		if got := load[*records.Application](w, id).State; got != end.state {
			t.Errorf("a case steered to %s ended %s: the steps of this test lead nowhere", end.state, got)
		}
	}
}

// onward does what comes next where all goes well, so that every state is met.
func (w *world) onward(id, account string) (err error) {
	switch app := load[*records.Application](w, id); app.State {
	case flow.Draft:
		return try(w, command.Account(account), command.Submit, id, command.Submission{Declared: true})
	case flow.Submitted:
		return try(w, command.Of(w.chen), command.Claim, id, command.Handed{})
	case flow.InReview:
		for _, i := range flow.ItemsShown(w.types["individual"], w.examples["individual"]) {
			err = errors.Join(err, try(w, command.Of(app.Assignee), command.Verdict, id, command.Judged{Item: i.ID, Value: flow.VerdictOK}))
		}
		return errors.Join(err, try(w, command.Of(app.Assignee), command.Decide, id, command.Result{Outcome: flow.Passed}))
	case flow.Decided:
		return try(w, command.Itself, command.ReleaseResult, id, struct{}{})
	}
	return nil
}

// usual says who does each of anyActs where all is as it should be.
var usual = []string{"account", "account", "account", "account", "desk", "chen", "assignee", "lead", "assignee", "desk", "desk", "assignee", "assignee", "assignee",
	"assignee", "desk", "desk", "desk", "desk", "desk", "assignee", "lead", "desk"}

// few lowers rapid's number of runs, unless somebody asked for another: each run here is a whole case.
func few(t *testing.T, runs int) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	if err := f.Value.Set(strconv.Itoa(runs)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Value.Set(f.DefValue) })
}

// anyActs are all that can be done to a case, right or wrong.
func (w *world) anyActs(id string, staff []string) []func(command.Caller, *rapid.T) error {
	nothing := struct{}{}
	hand := func(rt *rapid.T) command.Handed {
		return command.Handed{To: rapid.SampledFrom(staff).Draw(rt, "to"), Why: "因为"}
	}
	items := flow.ItemsShown(w.types["individual"], w.examples["individual"])
	return []func(command.Caller, *rapid.T) error{
		func(by command.Caller, _ *rapid.T) error {
			return try(w, by, command.Submit, id, command.Submission{Declared: true})
		},
		func(by command.Caller, _ *rapid.T) error {
			return try(w, by, command.Submit, id, command.Submission{Declared: true})
		},
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.Withdraw, id, nothing) },
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.Discard, id, nothing) },
		func(by command.Caller, rt *rapid.T) error { return try(w, by, command.Assign, id, hand(rt)) },
		func(by command.Caller, rt *rapid.T) error { return try(w, by, command.Claim, id, hand(rt)) },
		func(by command.Caller, rt *rapid.T) error { return try(w, by, command.Release, id, hand(rt)) },
		func(by command.Caller, rt *rapid.T) error { return try(w, by, command.Reassign, id, hand(rt)) },
		func(by command.Caller, rt *rapid.T) error { return try(w, by, command.DeclareConflict, id, hand(rt)) },
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.Check, id, nothing) },
		func(by command.Caller, _ *rapid.T) error {
			return try(w, by, command.RecordFindings, id, command.Checked{Findings: []sdk.Finding{{Level: sdk.Warn}}})
		},
		func(by command.Caller, _ *rapid.T) (err error) {
			for _, i := range items {
				err = try(w, by, command.Verdict, id, command.Judged{Item: i.ID, Value: flow.VerdictOK})
			}
			return err
		},
		func(by command.Caller, _ *rapid.T) error {
			return try(w, by, command.Decide, id, command.Result{Outcome: flow.Passed})
		},
		func(by command.Caller, _ *rapid.T) error {
			return try(w, by, command.Decide, id, command.Result{Outcome: flow.NotPassed, Reasons: []string{"cut_off"}})
		},
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.TakeBack, id, nothing) },
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.ReleaseResult, id, nothing) },
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.Issue, id, nothing) },
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.Remind, id, nothing) },
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.Escalate, id, nothing) },
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.HandOn, id, command.Handed{}) },
		func(by command.Caller, _ *rapid.T) error {
			return try(w, by, command.Note, id, command.Remark{Text: "注"})
		},
		func(by command.Caller, _ *rapid.T) error { return try(w, by, command.ViewCase, id, command.Seen{}) },
		func(by command.Caller, _ *rapid.T) error { w.Later(day); return nil },
	}
}

// legal reads the whole story of a case in the record, and returns where it ended.
func (w *world) legal(rt *rapid.T, id string) flow.State {
	entries, err := ledger.Search(w.App.DB(), ledger.Query{Noun: "applications", Target: id, Limit: 1000})
	if err != nil {
		rt.Fatal(err)
	}
	at := string(flow.Draft)
	for _, e := range entries {
		next, err := flow.Next(flow.NounApplication, flow.State(e.From), flow.Act(e.Act))
		if err != nil || !slices.Contains(next, flow.State(e.To)) || e.From != at {
			rt.Fatalf("entry %d: %s led from %s (it was %s) to %s", e.Seq, e.Act, e.From, at, e.To)
		}
		at = e.To
	}
	app := load[*records.Application](w, id)
	if string(app.State) != at {
		rt.Fatalf("the row is %s, the record says %s", app.State, at)
	}
	n, err := records.Count(w.App.DB(), "certificates", dbx.HashExp{"application": id})
	if want := map[bool]int{true: 1}[app.State == flow.Approved]; err != nil || n != want {
		rt.Fatalf("%d certificates of a case that is %s: %v", n, app.State, err)
	}
	open, err := records.Count(w.App.DB(), "tasks", dbx.HashExp{"application": id, "state": "open"})
	if waits := app.State == flow.Submitted || app.State == flow.InReview; err != nil || open > 1 || !waits && open > 0 {
		rt.Fatalf("%d open tasks of a case that is %s: %v", open, app.State, err)
	}
	return app.State
}
