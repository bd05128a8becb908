package command_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

func (w *world) sanction(holder string, change func(*command.Sanctioning)) (string, error) {
	w.T.Helper()
	in := command.Sanctioning{Kind: flow.SanctionBlock, Until: string(w.today().AddDays(100)), Reason: "照片是别人的", Evidence: "和另一件的照片一样"}
	if change != nil {
		change(&in)
	}
	r, err := command.Run(w.ctx, w.Desk.Desk, command.Of(w.lead), command.Sanction, command.At{ID: holder}, in)
	return r.Answer["id"], err
}

// TestSanction blocks a holder and whoever has the same number, tells them why, and ends by its day or when it is lifted.
func TestSanction(t *testing.T) {
	w := open(t)
	case1 := w.rejected(w.wang, w.holder, "individual", "not_aware")
	id, err := w.sanction(w.holder, func(in *command.Sanctioning) { in.Case = case1 })
	if err != nil {
		t.Fatal(err)
	}
	told := w.Messages("sanctioned")
	if len(told) != 1 || told[0].To != "wang@example.com" || told[0].Words["reason"] != "照片是别人的" || told[0].Words["until"] != string(w.today().AddDays(100)) {
		t.Fatalf("told: %+v", told)
	}
	s := load[*records.Sanction](w, id)
	for _, sealed := range []string{s.Reason, s.Evidence} {
		if !strings.HasPrefix(sealed, "v1.") {
			t.Errorf("a text of a sanction is in clear: %s", sealed)
		}
	}
	mine := w.filled(w.wang, w.holder, "individual", nil)
	w.refused("blocked", w.dump(), try(w, command.Account(w.wang), command.Submit, mine, command.Submission{Declared: true}), "blocked")

	other := w.account("second@example.com") // the same person under another account: the number is the same
	again := w.filled(other, w.holderOf(other, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"}), "individual", nil)
	w.refused("blocked by the number", w.dump(), try(w, command.Account(other), command.Submit, again, command.Submission{Declared: true}), "blocked")

	namesake := w.account("namesake@example.com")
	theirs := w.filled(namesake, w.holderOf(namesake, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"}), "individual", map[string]string{"resident_id": "110101195803072017"})
	must(w, command.Account(namesake), command.Submit, theirs, command.Submission{Declared: true})
	app := load[*records.Application](w, theirs)
	if like, err := records.SanctionsLike(w.App.DB(), app.Persons(), w.today()); err != nil || len(like) != 1 || like[0].ID != id {
		t.Errorf("a namesake's case does not show it: %v %v", like, err)
	}

	w.refused("nothing to lift", w.dump(), try(w, command.Of(w.lead), command.Lift, w.holder, command.Lifting{Sanction: "none", Reason: "弄错了"}), "sanction_unknown")
	must(w, command.Of(w.manager), command.Lift, w.holder, command.Lifting{Sanction: id, Reason: "弄错了"})
	if len(w.Messages("sanction_lifted")) != 1 {
		t.Error("nobody was told that it was lifted")
	}
	w.refused("lifted twice", w.dump(), try(w, command.Of(w.lead), command.Lift, w.holder, command.Lifting{Sanction: id, Reason: "弄错了"}), "sanction_unknown")
	if err := try(w, command.Account(w.wang), command.Submit, mine, command.Submission{Declared: true}); flow.Refused(err, "blocked") {
		t.Error("lifted, and it blocks")
	}

	if _, err := w.sanction(w.holder, nil); err != nil {
		t.Fatal(err)
	}
	if ok := try(w, command.Account(other), command.Submit, again, command.Submission{Declared: true}); !flow.Refused(ok, "blocked") {
		t.Errorf("%v", ok)
	}
	w.Later(101 * day)
	must(w, command.Account(other), command.Submit, again, command.Submission{Declared: true})
	w.verifies()
}

// TestSanctionOutlastsErasure erases the holder: the texts go, the number is known again.
func TestSanctionOutlastsErasure(t *testing.T) {
	w := open(t)
	case1 := w.rejected(w.wang, w.holder, "individual", "not_aware")
	id, err := w.sanction(w.holder, func(in *command.Sanctioning) { in.Case = case1 })
	if err != nil {
		t.Fatal(err)
	}
	w.Later(40 * day) // the appeal is over
	must(w, command.Of(w.manager), command.EraseHolder, w.holder, command.Erasing{Asked: "asked_holder"})
	s := load[*records.Sanction](w, id)
	if s.Reason != "" || s.Evidence != "" || s.IDBlind == "" || s.State != flow.Active {
		t.Fatalf("after the erasure: %+v", s)
	}
	other := w.account("second@example.com")
	again := w.filled(other, w.holderOf(other, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"}), "individual", nil)
	w.refused("comes back", w.dump(), try(w, command.Account(other), command.Submit, again, command.Submission{Declared: true}), "blocked")
	must(w, command.Of(w.lead), command.Lift, w.holder, command.Lifting{Sanction: id, Reason: "期满"})
	must(w, command.Account(other), command.Submit, again, command.Submission{Declared: true})
	w.verifies()
}

// TestSanctionWaits makes the wait after a refusal longer, in the letter as on the page.
func TestSanctionWaits(t *testing.T) {
	w := open(t)
	first := w.rejected(w.wang, w.holder, "individual", "not_aware")
	desk := load[*records.Desk](w, records.DeskID)
	before, err := w.Desk.Desk.CoolDown(w.App.DB(), w.holder, "individual", desk, w.today())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.sanction(w.holder, func(in *command.Sanctioning) { in.Kind, in.Days, in.Case = flow.SanctionWait, 60, first }); err != nil {
		t.Fatal(err)
	}
	after, err := w.Desk.Desk.CoolDown(w.App.DB(), w.holder, "individual", desk, w.today())
	from := before.Until
	if before.Now() {
		from = w.today()
	}
	if err != nil || after.Until != from.AddDays(60) || after.Longer != 60 {
		t.Errorf("before %+v, after %+v, %v", before, after, err)
	}
}

func TestSanctionRefused(t *testing.T) {
	w := open(t)
	stranger, theirs := w.somebody()
	elsewhere := w.submitted(stranger, theirs, "individual")
	before := w.dump()
	for code, change := range map[string]func(*command.Sanctioning){
		"sanction_kind":   func(in *command.Sanctioning) { in.Kind = "prison" },
		"sanction_until":  func(in *command.Sanctioning) { in.Until = string(w.today()) },
		"sanction_days":   func(in *command.Sanctioning) { in.Days = 3 },
		"reason_needed":   func(in *command.Sanctioning) { in.Reason = " " },
		"evidence_needed": func(in *command.Sanctioning) { in.Evidence = "" },
		"text_too_long":   func(in *command.Sanctioning) { in.Evidence = strings.Repeat("长", flow.SanctionRunes+1) },
		"case_unknown":    func(in *command.Sanctioning) { in.Case = elsewhere },
	} {
		_, err := w.sanction(w.holder, change)
		w.refused(code, before, err, code)
	}
	for _, late := range []string{"2999-01-01", "tomorrow", ""} {
		_, err := w.sanction(w.holder, func(in *command.Sanctioning) { in.Until = late })
		w.refused(late, before, err, "sanction_until")
	}
	for _, who := range []string{w.chen, w.auditor, w.manager} {
		if err := try(w, command.Of(who), command.Sanction, w.holder, command.Sanctioning{}); !isForbidden(err) {
			t.Errorf("%s: %v", who, err)
		}
	}
	w.sql("UPDATE holders SET name_blind=(SELECT name_blind FROM staff WHERE id={:lead}) WHERE id={:id}", dbx.Params{"lead": w.lead, "id": w.holder})
	if _, err := w.sanction(w.holder, nil); !isForbidden(err) {
		t.Errorf("a lead of the same name sanctions: %v", err)
	}
}
