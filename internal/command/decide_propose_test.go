package command_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// body is an account with an institution: certifying one takes two people.
func (w *world) body() (account, holder string) {
	w.T.Helper()
	account, _ = w.somebody()
	return account, w.holderOf(account, command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青合作社"})
}

var (
	passes = command.Result{Outcome: flow.Passed}
	fails  = command.Result{Outcome: flow.NotPassed, Reasons: []string{"unreadable"}}
	agrees = command.Opinion{}
)

func TestFourEyes(t *testing.T) {
	w := open(t)
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	account, holder := w.body()
	id := w.submitted(account, holder, "institutional")
	row := func() *records.Application { return load[*records.Application](w, id) }
	first := row().Assignee
	second := map[string]string{w.chen: li, li: w.chen}[first]
	w.judge(first, id, flow.VerdictOK)
	w.refused("one person decides", w.dump(), try(w, command.Of(first), command.Decide, id, passes), "propose_needed")
	must(w, command.Of(first), command.Propose, id, passes)
	if app := row(); app.State != flow.Proposed || app.Assignee != second || app.Proposer != first || app.DecidedBy != "" {
		t.Fatalf("proposed: %+v", app)
	}
	if len(w.Messages("proposed")) != 1 || len(w.Messages("result_passed")) != 0 {
		t.Error("the second person is told, and nobody else")
	}
	before := w.dump()
	for what, err := range map[string]error{
		"the proposer confirms":   try(w, command.Of(first), command.Confirm, id, agrees),
		"the proposer challenges": try(w, command.Of(first), command.Challenge, id, command.Opinion{Comment: "不"}),
		"the proposer claims":     try(w, command.Of(first), command.Claim, id, command.Handed{}),
		"the lead confirms":       try(w, command.Of(w.lead), command.Confirm, id, agrees),
		"the second judges":       try(w, command.Of(second), command.Verdict, id, command.Judged{Item: "registered", Value: flow.VerdictOK}),
		"the second takes back":   try(w, command.Of(second), command.TakeBack, id, nothing),
	} {
		if !isForbidden(err) {
			t.Errorf("%s: %v", what, err)
		}
		w.same(what, before)
	}
	third := w.Staff("赵审核", "zhao@example.com", flow.Reviewer)
	must(w, command.Of(w.lead), command.SetCapacity, third, command.Capacity{})
	before = w.dump()
	w.refused("somebody else's to confirm, claimed", before, try(w, command.Of(third), command.Claim, id, command.Handed{}), "not_now")
	w.refused("decided meanwhile", before, try(w, command.Of(second), command.Decide, id, passes), "not_now")
	w.refused("given to its proposer", before, try(w, command.Of(w.lead), command.Reassign, id, command.Handed{To: first}), "not_fit")
	w.refused("without a comment", before, try(w, command.Of(second), command.Challenge, id, command.Opinion{Comment: " "}), "comment_needed")
	w.refused("a long one", before, try(w, command.Of(second), command.Confirm, id, command.Opinion{Comment: strings.Repeat("长", 1001)}), "comment_too_long")
	must(w, command.Of(second), command.Challenge, id, command.Opinion{Comment: "地址再看看"})
	if app := row(); app.State != flow.InReview || app.Assignee != first || app.Proposer != "" || len(w.Messages("challenged")) != 1 {
		t.Fatalf("challenged: %+v", app)
	}
	must(w, command.Of(first), command.Propose, id, passes)
	must(w, command.Of(second), command.Confirm, id, command.Opinion{Comment: "同意"})
	if app := row(); app.State != flow.Approved || app.DecidedBy != first || app.SecondedBy != second {
		t.Fatalf("confirmed: %+v", app)
	}
	made := all[*records.Decision](w, byCase(id))
	if len(made) != 2 || made[0].State != flow.Challenged || made[0].Second != second || made[1].State != flow.Sent || made[1].Second != second {
		t.Errorf("decisions: %+v", made)
	}
	if text, err := w.Desk.Desk.Open(row().Key(), "decisions.comment "+made[0].ID, made[0].Comment); text != "地址再看看" || err != nil {
		t.Errorf("comment %q %v", text, err)
	}
	w.verifies()
}

// TestProposalIsOvertaken changes the evidence of a case that waits for its second person, by each way that there is.
func TestProposalIsOvertaken(t *testing.T) {
	w := open(t)
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	account, holder := w.body()
	id := w.submitted(account, holder, "institutional")
	first := load[*records.Application](w, id).Assignee
	second := map[string]string{w.chen: li, li: w.chen}[first]
	void := func(what string) {
		t.Helper()
		app := load[*records.Application](w, id)
		if app.State != flow.InReview || app.Assignee != first || app.Proposer != "" {
			t.Fatalf("%s: %+v", what, app)
		}
		if err := try(w, command.Of(second), command.Confirm, id, agrees); !isForbidden(err) {
			t.Errorf("%s, and still confirmed: %v", what, err)
		}
		open := all[*records.Task](w, dbx.HashExp{"application": id, "state": "open"})
		if len(open) != 1 || open[0].Assignee != first {
			t.Errorf("%s: tasks %+v", what, open)
		}
	}
	must(w, command.Of(first), command.Propose, id, fails)
	must(w, command.Of(first), command.Verdict, id, command.Judged{Item: "registered", Value: flow.VerdictBad})
	void("a verdict")
	must(w, command.Of(first), command.Propose, id, fails)
	must(w, command.Of(first), command.TakeBack, id, nothing)
	void("taken back")
	must(w, command.Of(first), command.Propose, id, fails)
	arrives := command.Act[*records.Application, struct{}]{Name: flow.Note, Do: func(tx *command.Tx, app *records.Application, _ struct{}) error {
		d := &records.Document{Application: app.ID, Slot: "licence"}
		d.State = flow.Kept
		tx.Insert(d)
		return nil
	}}
	must(w, command.Of(second), arrives, id, nothing)
	void("a new document, by whatever act")
	must(w, command.Of(first), command.Propose, id, fails)
	must(w, command.Of(second), command.Note, id, command.Remark{Text: "看着"})
	if load[*records.Application](w, id).State != flow.Proposed {
		t.Error("a note is no evidence")
	}
	must(w, command.Account(account), command.Withdraw, id, nothing)
	if d := all[*records.Decision](w, byCase(id)); d[len(d)-1].State != flow.Withdrawn {
		t.Errorf("withdrawn: %+v", d[len(d)-1])
	}
	w.verifies()
}

// TestNobodyForTheSecondLook leaves a proposal unassigned where there is nobody, and says beforehand that there is nobody.
func TestNobodyForTheSecondLook(t *testing.T) {
	w := open(t)
	short := func(r command.Receipt) bool { return strings.Contains(r.Answer["short"], `"type":"institutional"`) }
	typ := load[*records.Type](w, "institutional")
	switched := must(w, command.Of(w.manager), command.SwitchType, "institutional", command.Switching{On: true, SHA256: typ.SHA256, Digest: typ.Digest, NameZh: typ.NameZh, NameEn: typ.NameEn, Ver: typ.Version, Path: typ.Path})
	if !short(switched) {
		t.Errorf("one reviewer, and nothing said: %v", switched.Answer)
	}
	account, holder := w.body()
	id := w.submitted(account, holder, "institutional")
	must(w, command.Of(w.chen), command.Propose, id, fails)
	if app := load[*records.Application](w, id); app.State != flow.Proposed || app.Assignee != "" || len(w.Messages("unassigned")) != 1 {
		t.Fatalf("nobody has it: %+v", app)
	}
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	if again := must(w, command.Of(w.manager), command.GrantRole, li, command.Roles{Roles: []string{"auditor", "reviewer"}, Types: []string{"institutional"}}); again.Answer["short"] != "" {
		t.Errorf("two are enough: %v", again.Answer)
	}
	must(w, command.Of(li), command.Claim, id, command.Handed{})
	must(w, command.Of(li), command.Challenge, id, command.Opinion{Comment: "不清楚"})
	if gone := must(w, command.Of(w.manager), command.RevokeRole, li, command.OneRole{Role: "reviewer"}); !short(gone) {
		t.Errorf("a role is taken away: %v", gone.Answer)
	}
	must(w, command.Of(w.chen), command.Propose, id, fails)
	must(w, command.Of(w.manager), command.GrantRole, li, command.Roles{Roles: []string{"reviewer"}, Types: []string{"institutional"}})
	must(w, command.Of(li), command.Claim, id, command.Handed{})
	if gone := must(w, command.Of(w.manager), command.Deactivate, li, nothing); !short(gone) {
		t.Errorf("somebody leaves: %v", gone.Answer)
	}
	if app := load[*records.Application](w, id); app.State != flow.Proposed || app.Assignee != "" || app.Proposer != w.chen {
		t.Errorf("the proposal of somebody else's: %+v", app)
	}
	w.verifies()
}

// TestTwoHumansForEveryCertificate lets random people do random acts: whatever they try, a certificate of a type that asks for
// two people has two, who are not the same.
func TestTwoHumansForEveryCertificate(t *testing.T) {
	w := open(t)
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	both := w.Staff("孙组长", "sun@example.com", flow.Reviewer, flow.Lead)
	staff := []string{w.chen, li, both, w.lead}
	issued, acts := 0, map[string]int{}
	few(t, 25)
	rapid.Check(t, func(rt *rapid.T) {
		for _, who := range staff[:3] { // time passes in these lives: nobody gets a case without the pledge of the year
			must(w, command.Of(who), command.Pledge, who, command.Pledging{Version: flow.PledgeVersion})
		}
		account, holder := w.body()
		id := w.submitted(account, holder, "institutional")
		w.judge(load[*records.Application](w, id).Assignee, id, flow.VerdictOK)
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			who := rapid.SampledFrom(append([]string{"assignee", "assignee", "assignee", "assignee", "proposer"}, staff...)).Draw(rt, "who")
			app := load[*records.Application](w, id)
			switch who {
			case "assignee":
				who = app.Assignee
			case "proposer":
				who = app.Proposer
			}
			if who == "" {
				continue
			}
			if err := w.secondAct(rt, command.Of(who), account, id, rapid.SampledFrom(staff).Draw(rt, "to")); err != nil && !lawful(err) && !errors.Is(err, command.ErrForbidden) {
				rt.Fatal(err)
			}
		}
		w.twoHumans(rt, id)
		for _, a := range w.done(id) {
			acts[a]++
		}
		issued += len(all[*records.Certificate](w, byCase(id)))
	})
	if issued == 0 {
		t.Error("no certificate came of it: the test says nothing")
	}
	t.Log(issued, acts)
	w.verifies()
}

// done lists the acts in the record of a case.
func (w *world) done(id string) (acts []string) {
	entries, err := ledger.Search(w.App.DB(), ledger.Query{Noun: "applications", Target: id, Limit: 1000})
	if err != nil {
		w.T.Fatal(err)
	}
	for _, e := range entries {
		acts = append(acts, e.Act)
	}
	return acts
}

// secondAct does what comes next to a case as often as something else: an appeal, a correction that is answered or lapses, a
// reversal, a hold, handing on and a deputy are among it.
func (w *world) secondAct(rt *rapid.T, by command.Caller, account, id, to string) error {
	me := command.Account(account)
	switch state := w.row(id).State; rapid.IntRange(0, 27).Draw(rt, "act") {
	case 13, 14:
		return try(w, by, command.Propose, id, command.Result{Outcome: flow.NotPassed, Reasons: []string{"unreadable"}})
	case 15:
		return try(w, me, command.Appeal, id, objects)
	case 16, 17:
		out := rapid.SampledFrom([]flow.State{flow.Upheld, flow.AppealChanged, flow.AppealReturned, flow.AppealReturned}).Draw(rt, "outcome")
		return try(w, by, command.DecideAppeal, id, flow.AppealAnswer{Outcome: out, Text: "看过了"})
	case 18:
		return try(w, command.Of(w.lead), command.Reverse, id, flow.Reversal{Text: "执照不对"})
	case 19:
		return try(w, by, command.AgreeReversal, id, agreed)
	case 20:
		return try(w, by, command.DropReversal, id, agreed)
	case 21:
		if state == flow.AwaitingApplicant {
			return errors.Join(try(w, me, command.FillCorrection, id, command.Filled{Of: "free-1", Text: "因为"}), try(w, me, command.AnswerCorrection, id, nothing))
		}
		return try(w, me, command.AnswerHearing, id, mine)
	case 22:
		return try(w, by, command.DecideReversal, id, rapid.SampledFrom([]flow.ReversalAnswer{goodFine, revoked}).Draw(rt, "answer"))
	case 23:
		return try(w, by, command.RequestCorrection, id, flow.Correction{Items: []flow.Asked{{Note: "为什么？"}}})
	case 24:
		w.Clock.Move(days(30))
		if state == flow.Hearing {
			return try(w, command.Itself, command.EndHearing, id, nothing)
		}
		return try(w, command.Itself, command.Lapse, id, nothing)
	case 25:
		return try(w, by, command.Reopen, id, command.Handed{Why: "来过电话"})
	case 26:
		return try(w, command.Itself, command.HandOn, id, command.Handed{})
	case 27:
		return try(w, command.Of(w.lead), command.NameDeputy, id, command.Handed{To: w.manager, Why: "没有别人"})
	case 0, 1, 2:
		return try(w, by, command.Propose, id, passes)
	case 3, 4, 5:
		return try(w, by, command.Confirm, id, agrees)
	case 6:
		return try(w, by, command.Challenge, id, command.Opinion{Comment: "再看"})
	case 7:
		return try(w, by, command.Decide, id, passes)
	case 8:
		return try(w, by, command.TakeBack, id, nothing)
	case 9:
		return try(w, by, command.Reassign, id, command.Handed{To: to})
	case 10:
		return try(w, by, command.Release, id, command.Handed{})
	case 11:
		return try(w, by, command.Claim, id, command.Handed{})
	}
	return try(w, by, command.Verdict, id, command.Judged{Item: "registered", Value: flow.VerdictOK})
}

// twoHumans reads the record, not the rows: whoever proposed last, before whoever confirmed; a reversal is agreed and decided by
// nobody who proposed it and nobody of those two.
func (w *world) twoHumans(rt *rapid.T, id string) {
	entries, err := ledger.Search(w.App.DB(), ledger.Query{Noun: "applications", Target: id, Limit: 1000})
	if err != nil {
		rt.Fatal(err)
	}
	proposer, second, lead := "", "", ""
	for _, e := range entries {
		switch flow.Act(e.Act) {
		case flow.Propose:
			proposer, second = e.Actor, ""
		case flow.Confirm:
			second = e.Actor
		case flow.Decide:
			rt.Fatalf("entry %d: decided by one person", e.Seq)
		case flow.Reverse:
			lead = e.Actor
		case flow.AgreeReversal, flow.DropReversal, flow.DecideReversal:
			if e.Actor == lead || e.Actor == proposer || e.Actor == second {
				rt.Fatalf("entry %d: %s by %s, who had part in it", e.Seq, e.Act, e.Actor)
			}
		case flow.DecideAppeal:
			if e.Actor == proposer || e.Actor == second || e.To == string(flow.Approved) {
				rt.Fatalf("entry %d: an appeal decided by %s, to %s", e.Seq, e.Actor, e.To)
			}
			if e.To != string(flow.Rejected) { // it is reviewed anew
				proposer, second = "", ""
			}
		}
	}
	if n := len(all[*records.Certificate](w, byCase(id))); n > 0 && (proposer == "" || second == "" || proposer == second) {
		rt.Fatalf("a certificate by %q and %q", proposer, second)
	}
	if i := slices.IndexFunc(entries, func(e ledger.Entry) bool { return e.Act == string(flow.Issue) }); i >= 0 && second == "" {
		rt.Fatalf("issued by entry %d without a second person", entries[i].Seq)
	}
}
