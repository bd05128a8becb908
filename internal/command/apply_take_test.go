package command_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Somebody without phone or e-mail is served at the counter: the colleague fills in, submits, and never gets the case; nobody else
// of the desk can touch the draft, and who is told is on the list to ring.
func TestTake(t *testing.T) {
	w := open(t)
	in := command.Taking{Type: "individual", Name: "王秀英", How: "counter", Agreed: true, Lang: "zh-Hans"}
	for code, change := range map[string]func(*command.Taking){
		"consent_needed": func(x *command.Taking) { x.Agreed = false }, "taken_how": func(x *command.Taking) { x.How = "letter" }, "name_wrong": func(x *command.Taking) { x.Name = "7" },
		"phone_wrong": func(x *command.Taking) { x.Phone = "12" }, "institution_itself": func(x *command.Taking) { x.Type = "institutional" }, "type_not_open": func(x *command.Taking) { x.Type = "none" },
	} {
		bad := in
		change(&bad)
		w.refused(code, w.dump(), try(w, command.Of(w.chen), command.Take, records.DeskID, bad), code)
	}
	if err := try(w, command.Account(w.wang), command.Take, records.DeskID, in); !isForbidden(err) {
		t.Errorf("an applicant takes an application: %v", err)
	}
	id := must(w, command.Of(w.chen), command.Take, records.DeskID, in).Answer["id"]
	example := w.examples["individual"]
	for _, p := range w.types["individual"].Pages {
		entered := map[string]string{}
		for _, q := range p.Questions {
			entered[q.ID] = example[q.ID]
		}
		page := command.PageAnswers{Page: p.ID, Entered: entered}
		if err := try(w, command.Of(w.lead), command.SaveDraft, id, page); !isForbidden(err) {
			t.Errorf("a colleague who did not take it fills in: %v", err)
		}
		must(w, command.Of(w.chen), command.SaveDraft, id, page)
	}
	for _, slot := range []string{"id_front", "id_back", "household"} {
		must(w, command.Of(w.chen), command.AddDocument, id, w.document(id, slot, slot))
	}
	must(w, command.Of(w.chen), command.Submit, id, command.Submission{Declared: true})
	app := load[*records.Application](w, id)
	if app.TakenBy != w.chen || app.Assignee == w.chen {
		t.Errorf("taken by %s, with %s", app.TakenBy, app.Assignee)
	}
	if app.State == flow.Submitted {
		if err := try(w, command.Of(w.chen), command.Claim, id, command.Handed{}); !isForbidden(err) {
			t.Errorf("who took it claims it: %v", err)
		}
	}
	told := all[*records.Message](w, dbx.HashExp{"notice": "taken_by_counter"})
	if len(told) != 1 || told[0].Channel != "ring" || told[0].State != flow.Ring {
		t.Errorf("told %+v", told)
	}
	w.verifies()
}
