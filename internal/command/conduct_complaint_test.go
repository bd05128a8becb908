package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

func (w *world) complain(by command.Caller, change func(*command.Complaining)) (*records.Conduct, error) {
	w.T.Helper()
	in := command.Complaining{Complaint: flow.Complaint{Kind: "delay", Toward: "reviewer", Text: "等了三周，没有人理"}, Contact: "wang@example.com", Lang: "zh-Hans"}
	if change != nil {
		change(&in)
	}
	r, err := command.Run(w.ctx, w.Desk.Desk, by, command.Complain, command.At{ID: records.DeskID}, in)
	if err != nil {
		return nil, err
	}
	c, err := records.Find[*records.Conduct](w.App.DB(), dbx.HashExp{"ref": r.Answer["ref"]})
	if err != nil {
		w.T.Fatal(err)
	}
	return c, nil
}

var guest = command.Caller{Role: flow.Guest, ID: "browser of somebody who complains"}

// sees lists who among the staff may see a conduct case.
func (w *world) sees(c *records.Conduct) (all []string) {
	w.T.Helper()
	for name, id := range map[string]string{"manager": w.manager, "lead": w.lead, "auditor": w.auditor, "chen": w.chen} {
		if _, err := command.Look[*records.Conduct](w.ctx, w.Desk.Desk, command.Of(id), flow.ViewComplaint, c.ID); err == nil {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// TestComplaintAboutANamesake: the one of two with the case; without one nobody is accused, and where one of them is the manager, no
// manager hears of it.
func TestComplaintAboutANamesake(t *testing.T) {
	w := open(t)
	app := w.next()
	has := load[*records.Staff](w, app.Assignee)
	w.Staff(has.Name, "namesake@example.com", flow.Reviewer)
	named := func(ref string) func(*command.Complaining) {
		return func(in *command.Complaining) { in.Name, in.Case = has.Name, ref }
	}
	c, err := w.complain(guest, named(app.Ref))
	if err != nil || c.About != has.ID {
		t.Errorf("by name and case: about %q, not %q, %v", c.About, has.ID, err)
	}
	if c, err = w.complain(guest, named("")); err != nil || c.About != "" || !slices.Equal(w.sees(c), []string{"auditor", "manager"}) {
		t.Errorf("by a name that two have: about %q, %v", c.About, err)
	}
	w.sql("UPDATE staff SET name={:name} WHERE id={:id}", dbx.Params{"name": has.Name, "id": w.manager})
	if c, err = w.complain(guest, named("")); err != nil || c.About != "" || !slices.Equal(w.sees(c), []string{"auditor"}) {
		t.Errorf("by a name that the manager has too: about %q, seen by %v, %v", c.About, w.sees(c), err)
	}
}

// TestComplaintReaches: about a reviewer the manager, about the only manager the auditor, never whom it is about.
func TestComplaintReaches(t *testing.T) {
	w := open(t)
	app := w.next()
	for what, x := range map[string]struct {
		change func(*command.Complaining)
		about  string
		told   string
		see    []string
	}{
		"a reviewer, by the case":   {func(in *command.Complaining) { in.Case = app.Ref }, app.Assignee, "manager@example.com", []string{"auditor", "manager"}},
		"a reviewer, by name":       {func(in *command.Complaining) { in.Name = " 陈明 " }, w.chen, "manager@example.com", []string{"auditor", "manager"}},
		"nobody knows whom":         {func(in *command.Complaining) { in.Toward, in.Name = "", "那个戴眼镜的" }, "", "manager@example.com", []string{"auditor", "manager"}},
		"the only manager, by name": {func(in *command.Complaining) { in.Toward, in.Name = "manager", "林经理" }, w.manager, "audit@example.com", []string{"auditor"}},
		"the manager, by the role":  {func(in *command.Complaining) { in.Toward, in.Case = "manager", app.Ref }, "", "audit@example.com", []string{"auditor"}},
		"the auditor":               {func(in *command.Complaining) { in.Name = "钱审计" }, w.auditor, "manager@example.com", []string{"manager"}},
	} {
		w.sql("DELETE FROM messages")
		c, err := w.complain(guest, x.change)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		told := w.Messages("complaint_received")
		if c.About != x.about || len(told) != 1 || told[0].To != x.told {
			t.Errorf("%s: about %q, told %+v", what, c.About, told)
		}
		if got := w.sees(c); !slices.Equal(got, x.see) {
			t.Errorf("%s: seen by %v, want %v", what, got, x.see)
		}
		if !strings.HasPrefix(c.Text, "v1.") || !strings.HasPrefix(c.Contact, "v1.") {
			t.Errorf("%s: in clear", what)
		}
		for _, who := range []string{w.lead, w.chen, c.About} {
			if who == "" {
				continue
			}
			if err := try(w, command.Of(who), command.ResolveConduct, c.ID, flow.Resolution{Finding: flow.Unfounded, Note: "没有"}); !isForbidden(err) {
				t.Errorf("%s: resolved by who must not: %v", what, err)
			}
		}
	}
	w.verifies()
}

func TestComplaintRefused(t *testing.T) {
	w := open(t)
	before := w.dump()
	for code, change := range map[string]func(*command.Complaining){
		"complaint_kind":   func(in *command.Complaining) { in.Kind = "" },
		"complaint_toward": func(in *command.Complaining) { in.Toward = "none" },
		"complaint_empty":  func(in *command.Complaining) { in.Text = " \r\n " },
		"complaint_length": func(in *command.Complaining) { in.Text = strings.Repeat("慢", 50_000) },
		"text_too_long":    func(in *command.Complaining) { in.Name = strings.Repeat("陈", 101) },
	} {
		_, err := w.complain(guest, change)
		w.refused(code, before, err, code)
	}
	if _, err := w.complain(guest, func(in *command.Complaining) { in.Text = strings.Repeat("慢", flow.ComplaintRunes) }); err != nil {
		t.Errorf("as long as it can be: %v", err)
	}
}

// TestSuspension: a founded complaint suspends a reviewer; what they have goes on at once, they can do nothing but appeal, somebody
// else decides, and they work again.
func TestSuspension(t *testing.T) {
	w := open(t)
	li := w.reviewer("李审核", "li@example.com", "", 20)
	w.reviewer("王审核", "other@example.com", "", 20)
	var theirs, decided []string
	for range 9 {
		if app := w.next(); app.Assignee == li {
			theirs = append(theirs, app.ID)
		}
	}
	if len(theirs) < 3 {
		t.Fatalf("li has %d cases", len(theirs))
	}
	decided, theirs = theirs[:1], theirs[1:]
	must(w, command.Of(li), command.Decide, decided[0], command.Result{Outcome: flow.NotPassed, Reasons: []string{"not_aware"}})
	c, err := w.complain(guest, func(in *command.Complaining) { in.Name = "李审核" })
	if err != nil {
		t.Fatal(err)
	}
	founded := flow.Resolution{Finding: flow.Founded, Measure: "suspension", Rule: "廉洁承诺第二条", Note: "拖了三周", Reply: "您说得对，对不起。"}
	for code, change := range map[string]func(*flow.Resolution){
		"finding_unknown": func(r *flow.Resolution) { r.Finding = "perhaps" },
		"measure_unknown": func(r *flow.Resolution) { r.Measure = "" },
		"rule_needed":     func(r *flow.Resolution) { r.Rule = " " },
		"reason_needed":   func(r *flow.Resolution) { r.Note = "" },
	} {
		wrong := founded
		change(&wrong)
		w.refused(code, w.dump(), try(w, command.Of(w.manager), command.ResolveConduct, c.ID, wrong), code)
	}
	must(w, command.Of(w.manager), command.ResolveConduct, c.ID, founded)
	if m := w.Messages("complaint_answered"); len(m) != 1 || m[0].To != "wang@example.com" || m[0].Words["answer"] != founded.Reply {
		t.Errorf("whoever complained was told %+v", m)
	}
	for _, id := range theirs {
		if app := load[*records.Application](w, id); app.Assignee == li || app.Assignee == "" || app.State != flow.InReview {
			t.Errorf("a case of the suspended: %s with %q", app.State, app.Assignee)
		}
		if err := try(w, command.Of(li), command.Note, id, command.Remark{Text: "还是我的"}); !isForbidden(err) {
			t.Errorf("the suspended writes on: %v", err)
		}
	}
	app := w.next()
	if app.Assignee == li || w.why(app.ID)[li] != flow.FitSuspended {
		t.Errorf("a new case: %q %v", app.Assignee, w.why(app.ID))
	}
	w.refused("by hand", w.dump(), try(w, command.Of(w.lead), command.Reassign, app.ID, command.Handed{To: li}), "not_fit")
	if err := try(w, command.Of(li), command.SearchRecord, records.DeskID, command.Search{Kind: "ref", Hash: "x"}); !isForbidden(err) {
		t.Errorf("the suspended searches: %v", err)
	}
	if listed, err := records.DecidedBy(w.App.DB(), li, "2000", 10); err != nil || len(listed) != 1 || listed[0].ID != decided[0] {
		t.Errorf("to look at again: %v %v", listed, err)
	}
	must(w, command.Of(w.lead), command.LookAgain, decided[0], command.Looked{Right: true})
	w.refused("wrong without a word", w.dump(), try(w, command.Of(w.lead), command.LookAgain, decided[0], command.Looked{}), "reason_needed")
	w.refused("twice", w.dump(), try(w, command.Of(w.manager), command.SuspendReviewer, li, command.Suspending{Why: "再次"}), "suspended_already")

	if _, err := command.Look[*records.Conduct](w.ctx, w.Desk.Desk, command.Of(li), flow.ViewComplaint, c.ID); err != nil {
		t.Errorf("whom it is about does not see the finding: %v", err)
	}
	must(w, command.Of(li), command.AppealConduct, c.ID, command.Reasoned{Reason: "那三周我在请假"})
	answer := flow.AppealAnswer{Outcome: flow.AppealChanged, Text: "请假属实"}
	for _, who := range []string{w.manager, li, w.lead} { // who decided it, whom it is about, who does not deal with it
		if err := try(w, command.Of(who), command.DecideConductAppeal, c.ID, answer); !isForbidden(err) {
			t.Errorf("the appeal is decided by who must not: %v", err)
		}
	}
	must(w, command.Of(w.auditor), command.DecideConductAppeal, c.ID, answer)
	if s := load[*records.Staff](w, li); s.SuspendedAt != "" || !s.Person().Has(flow.Reviewer) {
		t.Error("the finding is withdrawn, and li is still suspended")
	}
	must(w, command.Of(w.lead), command.Reassign, app.ID, command.Handed{To: li})

	must(w, command.Of(w.manager), command.SuspendReviewer, li, command.Suspending{Why: "另一件事"})
	must(w, command.Of(w.manager), command.EndSuspension, li, command.Reasoned{Reason: "没有问题"})
	w.refused("not suspended", w.dump(), try(w, command.Of(w.manager), command.EndSuspension, li, command.Reasoned{Reason: "没有问题"}), "not_suspended")
	w.verifies()
}

// TestConductAppealTooLate: the window of the appeal closes.
func TestConductAppealTooLate(t *testing.T) {
	w := open(t)
	c, err := w.complain(guest, func(in *command.Complaining) { in.Name = "陈明" })
	if err != nil {
		t.Fatal(err)
	}
	must(w, command.Of(w.manager), command.ResolveConduct, c.ID, flow.Resolution{Finding: flow.Founded, Measure: "talk", Rule: "第一条", Note: "态度不好"})
	w.Later((flow.ConductAppealDays + 1) * day)
	w.refused("too late", w.dump(), try(w, command.Of(w.chen), command.AppealConduct, c.ID, command.Reasoned{Reason: "不是这样"}), "appeal_late")
}
