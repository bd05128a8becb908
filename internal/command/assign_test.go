package command_test

import (
	"encoding/json"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// reviewer is a colleague who is invited with an ID number and joins.
func (w *world) reviewer(name, mail, id string, capacity int64) string {
	w.T.Helper()
	who := must(w, command.Of(w.manager), command.Invite, records.DeskID, command.Invitation{Name: name, Email: mail, Roles: []string{"reviewer"},
		Types: []string{"individual", "pension", "institutional"}, Capacity: capacity, ID: id, Lang: "zh-Hans"}).Answer["id"]
	code := all[*records.Code](w, dbx.HashExp{"person": who})[0]
	must(w, command.Caller{Role: flow.Guest, ID: who}, command.Join, who, command.Joining{Code: code.ID, Hash: "x"})
	return who
}

// why reads what was kept of each colleague about the newest task of a case.
func (w *world) why(id string) map[string]flow.Fit {
	w.T.Helper()
	tasks := all[*records.Task](w, byCase(id))
	var list []flow.Why
	if err := json.Unmarshal([]byte(tasks[len(tasks)-1].Why), &list); err != nil {
		w.T.Fatal(err)
	}
	fits := map[string]flow.Fit{}
	for _, l := range list {
		fits[l.Staff] = l.Verdict
	}
	return fits
}

func (w *world) next() *records.Application {
	w.T.Helper()
	account, holder := w.somebody()
	return load[*records.Application](w, w.submitted(account, holder, "individual"))
}

func TestAssignment(t *testing.T) {
	w := open(t)
	li := w.reviewer("李审核", "li@example.com", "", 20)
	first, second := w.next(), w.next()
	if first.Assignee == second.Assignee {
		t.Error("both cases went to the same colleague, the other has none")
	}
	must(w, command.Of(w.manager), command.SetAbsence, li, command.Absence{From: string(w.today()), Until: string(w.today())})
	if app := w.next(); app.Assignee != w.chen || w.why(app.ID)[li] != flow.FitAbsent {
		t.Errorf("absent: %s %v", app.Assignee, w.why(app.ID))
	}
	must(w, command.Of(w.manager), command.SetAbsence, li, command.Absence{})
	must(w, command.Of(w.lead), command.SetCapacity, w.chen, command.Capacity{Capacity: 1})
	if app := w.next(); app.Assignee != li || w.why(app.ID)[w.chen] != flow.FitFull {
		t.Errorf("full: %s %v", app.Assignee, w.why(app.ID))
	}
	must(w, command.Of(w.lead), command.SetCapacity, w.chen, command.Capacity{Capacity: 20})

	// given back: to the other one, both tasks of the case closed but one
	app := w.next()
	other := map[string]string{w.chen: li, li: w.chen}
	must(w, command.Of(app.Assignee), command.Release, app.ID, command.Handed{Why: "太忙"})
	now := load[*records.Application](w, app.ID)
	if now.State != flow.InReview || now.Assignee != other[app.Assignee] {
		t.Errorf("released: %s %s", now.State, now.Assignee)
	}
	if open := all[*records.Task](w, dbx.HashExp{"application": app.ID, "state": "open"}); len(open) != 1 || open[0].Assignee != now.Assignee {
		t.Errorf("open tasks: %+v", open)
	}
	before := w.dump()
	w.refused("a conflict without a reason", before, try(w, command.Of(now.Assignee), command.DeclareConflict, app.ID, command.Handed{}), "reason_needed")
	must(w, command.Of(now.Assignee), command.DeclareConflict, app.ID, command.Handed{Why: "是邻居"})
	last := load[*records.Application](w, app.ID)
	if last.Declared != now.Assignee || last.Assignee != app.Assignee {
		t.Errorf("declared: %+v", last)
	}
	must(w, command.Of(last.Assignee), command.DeclareConflict, app.ID, command.Handed{Why: "也是邻居"})
	if last = load[*records.Application](w, app.ID); last.State != flow.Submitted || last.Assignee != "" || len(w.Messages("unassigned")) == 0 {
		t.Errorf("nobody left: %+v, %d leads told", last, len(w.Messages("unassigned")))
	}
	before = w.dump()
	w.refused("handing it to somebody who declared", before, try(w, command.Of(w.lead), command.Reassign, app.ID, command.Handed{To: w.chen}), "not_fit")
	if err := try(w, command.Of(w.chen), command.Claim, app.ID, command.Handed{}); !isForbidden(err) {
		t.Errorf("claiming what one is in conflict with: %v", err)
	}
	w.same("claiming it", before)
	w.verifies()
}

func TestAssignmentConflicts(t *testing.T) {
	w := open(t)
	must(w, command.Of(w.manager), command.Deactivate, w.chen, struct{}{})
	for _, c := range []struct{ name, mail, id string }{
		{"王秀英", "same-name@example.com", ""},
		{"赵无关", "same-id@example.com", "11010519491231002x"},
	} {
		who := w.reviewer(c.name, c.mail, c.id, 20)
		account, holder := w.somebody()
		told := len(w.Messages("unassigned"))
		app := load[*records.Application](w, w.submitted(account, holder, "individual"))
		if app.State != flow.Submitted || app.Assignee != "" || w.why(app.ID)[who] != flow.FitConflict || len(w.Messages("unassigned")) != told+1 {
			t.Errorf("%s: %s %q %v", c.mail, app.State, app.Assignee, w.why(app.ID))
		}
		before := w.dump()
		w.refused("reassign to "+c.mail, before, try(w, command.Of(w.lead), command.Reassign, app.ID, command.Handed{To: who}), "not_fit")
		if err := try(w, command.Of(who), command.Claim, app.ID, command.Handed{}); !isForbidden(err) {
			t.Errorf("claim by %s: %v", c.mail, err)
		}
	}
	// who attested the presence never gets the case
	sun := w.reviewer("孙见证", "sun@example.com", "", 20)
	account, holder := w.somebody()
	id := w.draft(account, holder, "pension", nil)
	must(w, command.Account(account), command.AddDocument, id, w.document(id, "id_front", "front"))
	before := w.dump()
	w.refused("attesting half", before, try(w, command.Of(sun), command.AttestPresence, id, command.Attested{SawPerson: true}), "attest_both")
	must(w, command.Of(sun), command.AttestPresence, id, command.Attested{SawPerson: true, SawOriginal: true})
	must(w, command.Account(account), command.Submit, id, command.Submission{Declared: true})
	if app := load[*records.Application](w, id); app.Assignee == sun || w.why(id)[sun] != flow.FitAttester {
		t.Errorf("attested: %+v %v", app.Assignee, w.why(id))
	}
	account, holder = w.somebody()
	id = w.draft(account, holder, "individual", nil)
	before = w.dump()
	w.refused("attesting another type", before, try(w, command.Of(sun), command.AttestPresence, id, command.Attested{SawPerson: true, SawOriginal: true}), "not_attestable")
	w.verifies()
}

func TestDeactivate(t *testing.T) {
	w := open(t)
	apps := []*records.Application{w.next(), w.next(), w.next()}
	li := w.reviewer("李审核", "li@example.com", "", 20)
	must(w, command.Of(w.chen), command.StaffSignIn, w.chen, command.NewSession{Digest: "d", How: "password", Passed: true})
	rows, size := w.logged(), w.size()
	must(w, command.Of(w.manager), command.Deactivate, w.chen, struct{}{})
	w.named("deactivate", rows, size)
	for _, a := range apps {
		if now := load[*records.Application](w, a.ID); a.Assignee != w.chen || now.Assignee != li || now.State != flow.InReview {
			t.Errorf("%s went from %s to %q", a.ID, a.Assignee, now.Assignee)
		}
	}
	if s := load[*records.Session](w, "d"); s.State != flow.Closed {
		t.Error("the session stays open")
	}
	must(w, command.Of(w.manager), command.Deactivate, li, struct{}{})
	for _, a := range apps {
		if now := load[*records.Application](w, a.ID); now.Assignee != "" || now.State != flow.Submitted {
			t.Errorf("%s stays with %q", a.ID, now.Assignee)
		}
	}
	if len(w.Messages("unassigned")) != 3 {
		t.Error("the leads do not know")
	}
	second := w.Staff("何经理", "he@example.com", flow.Manager, flow.Lead)
	must(w, command.Of(second), command.GrantRole, w.manager, command.Roles{Roles: []string{"auditor"}})
	before := w.dump()
	for what, err := range map[string]error{
		"deactivate":  try(w, command.Itself, command.Deactivate, second, struct{}{}),
		"grant_role":  try(w, command.Itself, command.GrantRole, second, command.Roles{Roles: []string{"lead"}}),
		"revoke_role": try(w, command.Itself, command.RevokeRole, second, command.OneRole{Role: "manager"}),
	} {
		w.refused(what+" of the last manager", before, err, "last_manager")
	}
	w.verifies()
}
