package command_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

var (
	wrong    = flow.Reversal{Reasons: []string{"forged"}, Text: "户口本是别人的。"}
	mine     = command.Written{Text: "户口本是我的，去年补办过。"}
	agreed   = command.Opinion{Comment: "编号对不上"}
	revoked  = flow.ReversalAnswer{Outcome: flow.Reversed, Text: "派出所查无此证"}
	goodFine = flow.ReversalAnswer{Outcome: flow.Upheld, Text: "派出所证明补办过"}
)

// approved is a case that chen passed, with nobody else there; then li and zhao come.
func (w *world) approved(t *testing.T) (account, id, certificate, li, zhao string) {
	account, holder := w.somebody()
	id, certificate = w.passed(account, holder, "individual")
	return account, id, certificate, w.Staff("李审核", "li@example.com", flow.Reviewer), w.Staff("赵审核", "zhao@example.com", flow.Reviewer)
}

func (w *world) row(id string) *records.Application {
	w.T.Helper()
	return load[*records.Application](w, id)
}

// TestReversal takes an approval back: a lead and a second person, the certificate suspended as that one agrees, the holder heard,
// and revoked by somebody else.
func TestReversal(t *testing.T) {
	w := open(t)
	account, id, cert, li, zhao := w.approved(t)
	before := w.dump()
	w.refused("no words", before, try(w, command.Of(w.lead), command.Reverse, id, flow.Reversal{Reasons: []string{"forged"}, Text: " \n"}), "finding_needed")
	w.refused("too many", before, try(w, command.Of(w.lead), command.Reverse, id, flow.Reversal{Text: strings.Repeat("长", 5001)}), "reversal_length")
	w.refused("a reason that there is not", before, try(w, command.Of(w.lead), command.Reverse, id, flow.Reversal{Reasons: []string{"bored"}, Text: "不对"}), "unknown_reason")
	for what, by := range map[string]string{"who approved": w.chen, "a reviewer": li, "a manager": w.manager, "an auditor": w.auditor} {
		if err := try(w, command.Of(by), command.Reverse, id, wrong); !isForbidden(err) {
			t.Errorf("%s reverses: %v", what, err)
		}
	}
	must(w, command.Of(w.lead), command.Reverse, id, wrong)
	app, c := w.row(id), load[*records.Certificate](w, cert)
	second := app.Assignee
	if app.State != flow.Questioned || second != li && second != zhao || app.DueOn == "" || c.State != flow.Valid || len(w.Messages("questioned")) != 1 || len(w.Messages("hearing")) != 0 {
		t.Fatalf("questioned: %+v, the certificate is %s", app, c.State)
	}
	before = w.dump()
	w.refused("to who approved", before, try(w, command.Of(w.lead), command.Reassign, id, command.Handed{To: w.chen}), "not_fit")
	for what, err := range map[string]error{
		"the lead agrees": try(w, command.Of(w.lead), command.AgreeReversal, id, agreed), "who approved agrees": try(w, command.Of(w.chen), command.AgreeReversal, id, agreed),
		"who approved claims": try(w, command.Of(w.chen), command.Claim, id, command.Handed{}), "the lead drops": try(w, command.Of(w.lead), command.DropReversal, id, agreed),
	} {
		if !isForbidden(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := try(w, command.Account(account), command.AnswerHearing, id, mine); !errors.Is(err, records.ErrNotFound) && !flow.Refused(err, "not_now") {
		t.Errorf("answered before it is asked: %v", err)
	}
	must(w, command.Of(second), command.AgreeReversal, id, agreed)
	app, c = w.row(id), load[*records.Certificate](w, cert)
	due := string(w.Desk.Desk.Calendar.Add(w.today(), flow.HearingDays))
	if app.State != flow.Hearing || app.Assignee != "" || app.AnswerDue != due || app.AnswerAskOn == "" || c.State != flow.Suspended || c.Hearing != id {
		t.Fatalf("hearing: %+v, the certificate is %s", app, c.State)
	}
	told := w.Messages("hearing")
	if len(told) != 1 || told[0].Words["until"] != due || !strings.Contains(told[0].Words["reason"], "经核实，材料是假的。\n户口本是别人的。") {
		t.Errorf("told %+v", told)
	}
	before = w.dump()
	why := command.Reasoned{Reason: "等不及了"}
	w.refused("reinstated alone", before, try(w, command.Of(w.lead), command.Reinstate, cert, why), "in_hearing")
	w.refused("revoked alone", before, try(w, command.Of(w.lead), command.Revoke, cert, why), "in_hearing")
	w.refused("ended too early", before, try(w, command.Itself, command.EndHearing, id, struct{}{}), "not_now")
	w.refused("an empty answer", before, try(w, command.Account(account), command.AnswerHearing, id, command.Written{Text: " "}), "hearing_empty")
	w.refused("a long answer", before, try(w, command.Account(account), command.AnswerHearing, id, command.Written{Text: strings.Repeat("长", 50000)}), "reversal_length")
	if err := try(w, command.Account(w.wang), command.AnswerHearing, id, mine); !errors.Is(err, records.ErrNotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	s := w.document(id, "hearing", "a letter")
	must(w, command.Account(account), command.AnswerHearing, id, command.Written{Text: mine.Text, Files: []command.Stored{s}})
	app = w.row(id)
	decider := map[string]string{li: zhao, zhao: li}[second]
	if app.State != flow.Heard || app.Assignee != decider || app.DueOn == "" || app.AnswerDue != "" || len(w.Messages("heard")) != 1 || len(w.Messages("hearing_received")) != 1 {
		t.Fatalf("heard: %+v", app)
	}
	before = w.dump()
	w.refused("answered twice", before, try(w, command.Account(account), command.AnswerHearing, id, mine), "not_now")
	w.refused("no outcome", before, try(w, command.Of(decider), command.DecideReversal, id, flow.ReversalAnswer{Outcome: flow.Revoked, Text: "好"}), "unknown_outcome")
	w.refused("no words", before, try(w, command.Of(decider), command.DecideReversal, id, flow.ReversalAnswer{Outcome: flow.Reversed}), "comment_needed")
	for what, by := range map[string]string{"the lead": w.lead, "who approved": w.chen, "the second person, who does not have it": second} {
		if err := try(w, command.Of(by), command.DecideReversal, id, revoked); !isForbidden(err) {
			t.Errorf("%s decides: %v", what, err)
		}
	}
	must(w, command.Of(decider), command.DecideReversal, id, revoked)
	app, c = w.row(id), load[*records.Certificate](w, cert)
	if app.State != flow.Reversed || app.Proposer != "" || c.State != flow.Revoked || c.Hearing != "" || len(w.Messages("reversal_reversed")) != 1 {
		t.Errorf("reversed: %+v, the certificate is %s", app, c.State)
	}
	if n := w.count("decisions", dbx.HashExp{"application": id, "state": "sent"}); n != 0 {
		t.Errorf("%d results of it stand still", n)
	}
	w.verifies()
}

// TestReversalDropped lets an approval stand that the second person holds for right; the holder never hears of it.
func TestReversalDropped(t *testing.T) {
	w := open(t)
	account, id, cert, _, _ := w.approved(t)
	mails := w.count("messages", nil)
	must(w, command.Of(w.lead), command.Reverse, id, wrong)
	second := w.row(id).Assignee
	w.refused("no words", w.dump(), try(w, command.Of(second), command.DropReversal, id, command.Opinion{}), "comment_needed")
	must(w, command.Of(second), command.DropReversal, id, command.Opinion{Comment: "补办过"})
	app := w.row(id)
	if app.State != flow.Approved || app.Assignee != w.chen || app.Proposer != "" || load[*records.Certificate](w, cert).State != flow.Valid || w.count("tasks", dbx.HashExp{"application": id, "state": "open"}) != 0 {
		t.Errorf("dropped: %+v", app)
	}
	for _, m := range all[*records.Message](w, nil)[mails:] {
		if m.Person == account {
			t.Errorf("the holder hears of it: %s", m.Notice)
		}
	}
	if len(w.Messages("reversal_dropped")) != 1 {
		t.Error("the lead does not hear of it")
	}
	w.verifies()
}

// TestHearingUnanswered goes on after the last day, with a reminder before it, and lets the certificate be good again.
func TestHearingUnanswered(t *testing.T) {
	w := moving(t)
	_, id, cert, li, zhao := w.approved(t)
	must(w, command.Of(w.lead), command.Reverse, id, wrong)
	second := w.row(id).Assignee
	must(w, command.Of(second), command.AgreeReversal, id, agreed)
	w.Clock.Move(day * time.Duration(flow.Day(w.row(id).AnswerDue).Sub(w.today())-1)) // ten working days are not always two weeks away
	for _, line := range []string{"remind_applicant", "hearing", "escalate"} {
		w.sweepNamed(line)
	}
	if app := w.row(id); len(w.Messages("hearing_reminder")) == 0 || app.State != flow.Hearing || app.Late {
		t.Errorf("before the last day: %+v", app)
	}
	w.Clock.Move(day * 3)
	w.sweepNamed("hearing")
	app := w.row(id)
	if app.State != flow.Heard || app.Assignee == second || app.Assignee != li && app.Assignee != zhao {
		t.Fatalf("after the last day: %+v", app)
	}
	must(w, command.Of(app.Assignee), command.DecideReversal, id, goodFine)
	if app, c := w.row(id), load[*records.Certificate](w, cert); app.State != flow.Approved || c.State != flow.Valid || c.Hearing != "" || len(w.Messages("reversal_upheld")) != 1 {
		t.Errorf("upheld: %+v, the certificate is %s", app, c.State)
	}
	must(w, command.Of(w.lead), command.Reverse, id, wrong)
	if app := w.row(id); app.Assignee != "" || len(w.Messages("unassigned")) == 0 {
		t.Errorf("whoever looked at it before looks again: %+v", app)
	}
	must(w, command.Of(w.lead), command.NameDeputy, id, command.Handed{To: w.manager, Why: "没有别人"})
	must(w, command.Of(w.manager), command.AgreeReversal, id, agreed)
	w.verifies()
}

// TestReversalOfWhatIsSuspended leaves a certificate that was suspended before as it was, for its own reason, if the approval stands.
func TestReversalOfWhatIsSuspended(t *testing.T) {
	w := open(t)
	account, id, cert, _, _ := w.approved(t)
	must(w, command.Of(w.lead), command.Suspend, cert, command.Reasoned{Reason: "欠着一份材料"})
	before := load[*records.Certificate](w, cert).Reason
	must(w, command.Of(w.lead), command.Reverse, id, wrong)
	must(w, command.Of(w.row(id).Assignee), command.AgreeReversal, id, agreed)
	must(w, command.Account(account), command.AnswerHearing, id, mine)
	must(w, command.Of(w.row(id).Assignee), command.DecideReversal, id, goodFine)
	if c := load[*records.Certificate](w, cert); c.State != flow.Suspended || c.Hearing != "" || c.Reason != before {
		t.Errorf("the certificate is %s, heard on %q", c.State, c.Hearing)
	}
	if m := w.Messages("reversal_upheld"); len(m) != 1 || m[0].Words["again"] != "" {
		t.Errorf("told: %+v", m)
	}
	must(w, command.Of(w.lead), command.Reinstate, cert, command.Reasoned{Reason: "材料补来了"})
	w.verifies()
}

// TestReversalOfWhatIsNot refuses to reverse what has no certificate any more, and lets one that is renewed meanwhile be heard on.
func TestReversalOfWhatIsNot(t *testing.T) {
	w := open(t)
	account, id, cert, li, zhao := w.approved(t)
	must(w, command.Of(w.lead), command.Reverse, id, wrong)
	must(w, command.Of(w.row(id).Assignee), command.AgreeReversal, id, agreed)
	c := load[*records.Certificate](w, cert)
	w.Clock.Move(day * 1060) // into the time of its renewal
	for _, who := range []string{w.chen, li, zhao} {
		must(w, command.Of(who), command.Pledge, who, command.Pledging{Version: flow.PledgeVersion})
	}
	must(w, command.Itself, command.EndHearing, id, struct{}{})
	next := must(w, command.Account(account), command.Renew, cert, struct{}{}).Answer["id"]
	must(w, command.Account(account), command.Submit, next, command.Submission{Declared: true})
	who := w.row(next).Assignee
	w.judge(who, next, flow.VerdictOK)
	must(w, command.Of(who), command.Decide, next, command.Result{Outcome: flow.Passed})
	fresh := w.issued(next)
	if fresh.State != flow.Suspended || fresh.Hearing != id || load[*records.Certificate](w, cert).Hearing != "" {
		t.Fatalf("the certificate that follows is %s, heard on %q", fresh.State, fresh.Hearing)
	}
	w.refused("a renewal while its holder is heard", w.dump(), try(w, command.Of(w.lead), command.Reverse, next, wrong), "in_hearing")
	app := w.row(id)
	must(w, command.Of(app.Assignee), command.DecideReversal, id, revoked)
	if got := load[*records.Certificate](w, fresh.ID).State; got != flow.Revoked {
		t.Errorf("the certificate that follows is %s", got)
	}
	if got := load[*records.Certificate](w, c.ID).State; got != flow.Superseded {
		t.Errorf("the certificate before is %s", got)
	}
	w.refused("a certificate that is revoked", w.dump(), try(w, command.Of(w.lead), command.Reverse, next, wrong), "nothing_to_reverse")
	w.verifies()
}
