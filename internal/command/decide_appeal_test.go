package command_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

var objects = command.Written{Text: "号码是对的，平台上有。"}

// TestAppeal goes from a refusal through an appeal, decided by somebody without part in it, to a certificate.
func TestAppeal(t *testing.T) {
	w := open(t)
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	account, holder := w.somebody()
	id := w.rejected(account, holder, "individual", "number_not_found")
	row := func() *records.Application { return load[*records.Application](w, id) }
	first := row().DecidedBy
	other := map[string]string{w.chen: li, li: w.chen}[first]
	before := w.dump()
	w.refused("no words", before, try(w, command.Account(account), command.Appeal, id, command.Written{Text: " "}), "appeal_empty")
	w.refused("too many", before, try(w, command.Account(account), command.Appeal, id, command.Written{Text: strings.Repeat("长", 50000)}), "appeal_length")
	if err := try(w, command.Account(w.wang), command.Appeal, id, objects); !isForbidden(err) {
		t.Errorf("somebody else's: %v", err)
	}
	s := w.document(id, "appeal", "a letter")
	must(w, command.Account(account), command.Appeal, id, command.Written{Text: objects.Text, Files: []command.Stored{s}})
	if app := row(); app.State != flow.Appealed || app.Assignee != other || app.DueOn == "" || len(w.Messages("appeal_received")) != 1 || len(w.Messages("appealed")) != 1 {
		t.Fatalf("appealed: %+v", app)
	}
	upheld := flow.AppealAnswer{Outcome: flow.Upheld, Text: "结果不变"}
	before = w.dump()
	w.refused("to who decided", before, try(w, command.Of(w.lead), command.Reassign, id, command.Handed{To: first}), "not_fit")
	for what, err := range map[string]error{
		"who decided decides": try(w, command.Of(first), command.DecideAppeal, id, upheld), "who decided claims": try(w, command.Of(first), command.Claim, id, command.Handed{}),
		"the lead decides": try(w, command.Of(w.lead), command.DecideAppeal, id, upheld),
	} {
		if !isForbidden(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.refused("nobody needs a deputy", before, try(w, command.Of(w.lead), command.NameDeputy, id, command.Handed{To: w.manager, Why: "快"}), "deputy_not_needed")
	w.refused("no outcome", before, try(w, command.Of(other), command.DecideAppeal, id, flow.AppealAnswer{Outcome: flow.Approved, Text: "好"}), "unknown_outcome")
	w.refused("no words", before, try(w, command.Of(other), command.DecideAppeal, id, flow.AppealAnswer{Outcome: flow.AppealChanged}), "comment_needed")
	must(w, command.Of(other), command.DecideAppeal, id, flow.AppealAnswer{Outcome: flow.AppealChanged, Text: "您说得对"})
	if app := row(); app.State != flow.Approved || app.AgainOn != "" || app.Outcome != flow.Passed || len(all[*records.Certificate](w, byCase(id))) != 1 {
		t.Errorf("changed: %+v", app)
	}
	if len(w.Messages("appeal_changed")) != 1 || len(w.Messages("result_passed")) != 1 {
		t.Error("answer and result are told at once")
	}
	w.verifies()
}

// TestAppealRefused upholds an appeal, and refuses a second one and one that is late.
func TestAppealRefused(t *testing.T) {
	w := open(t)
	w.Staff("李审核", "li@example.com", flow.Reviewer)
	account, holder := w.somebody()
	id := w.rejected(account, holder, "individual", "number_not_found")
	must(w, command.Account(account), command.Appeal, id, objects)
	app := load[*records.Application](w, id)
	again := app.AgainOn
	must(w, command.Of(app.Assignee), command.DecideAppeal, id, flow.AppealAnswer{Outcome: flow.Upheld, Text: "结果不变"})
	if app = load[*records.Application](w, id); app.State != flow.Rejected || app.AgainOn != again || len(w.Messages("appeal_upheld")) != 1 {
		t.Errorf("upheld: %+v", app)
	}
	w.refused("a second one", w.dump(), try(w, command.Account(account), command.Appeal, id, objects), "appealed_already")
	account, holder = w.somebody()
	late := w.rejected(account, holder, "individual", "number_not_found")
	w.Later(31 * 24 * time.Hour)
	w.refused("a late one", w.dump(), try(w, command.Account(account), command.Appeal, late, objects), "appeal_late")
	w.verifies()
}

// TestAppealWhereNobodyElseIs names a deputy for the one case, and sends it back to review.
func TestAppealWhereNobodyElseIs(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	id := w.rejected(account, holder, "individual", "number_not_found")
	must(w, command.Account(account), command.Appeal, id, objects)
	if app := load[*records.Application](w, id); app.Assignee != "" || len(w.Messages("unassigned")) != 1 {
		t.Fatalf("nobody has it: %+v", app)
	}
	before := w.dump()
	for to, what := range map[string]string{w.chen: "had part", w.auditor: "an auditor", "nobody": "nobody"} {
		w.refused(what, before, try(w, command.Of(w.lead), command.NameDeputy, id, command.Handed{To: to, Why: "没有别人"}), "not_fit")
	}
	w.refused("no reason", before, try(w, command.Of(w.lead), command.NameDeputy, id, command.Handed{To: w.manager}), "reason_needed")
	must(w, command.Of(w.lead), command.NameDeputy, id, command.Handed{To: w.manager, Why: "没有别人"})
	must(w, command.Of(w.manager), command.ViewCase, id, command.Seen{})
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	must(w, command.Of(w.manager), command.DecideAppeal, id, flow.AppealAnswer{Outcome: flow.AppealReturned, Text: "重新看"})
	if app := load[*records.Application](w, id); app.State != flow.InReview || app.Assignee != li || app.Outcome != "" || app.AgainOn != "" || app.Deputy != "" {
		t.Errorf("returned: %+v", app)
	}
	if err := try(w, command.Of(w.manager), command.ViewCase, id, command.Seen{}); !isForbidden(err) {
		t.Errorf("a deputy for longer than the case: %v", err)
	}
	w.judge(li, id, flow.VerdictOK)
	must(w, command.Of(li), command.Decide, id, command.Result{Outcome: flow.Passed})
	if made := all[*records.Decision](w, dbx.HashExp{"application": id, "state": "sent"}); len(made) != 1 || made[0].By != li {
		t.Errorf("results that stand: %+v", made)
	}
	w.verifies()
}
