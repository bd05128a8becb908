package command_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// A card that ends before the certificate: its holder is told, a change asks for the card alone, and when nobody answered a
// re-check is opened; not passed, it proposes to a lead, and only the lead suspends.
func TestEvidenceEnds(t *testing.T) {
	w := open(t)
	card := w.today().AddDays(100)
	id := w.filled(w.wang, w.holder, "individual", map[string]string{"card_until": string(card)})
	must(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true})
	w.decide(id, flow.Passed)
	c := w.issued(id)
	if c.EvidenceOn != string(card) || c.EvidenceWarn != string(card.AddDays(-30)) {
		t.Fatalf("evidence ends %s, told %s", c.EvidenceOn, c.EvidenceWarn)
	}
	w.refused("telling too early", w.dump(), try(w, command.Itself, command.WarnEvidence, c.ID, struct{}{}), "not_now")
	w.Later(71 * day)
	must(w, command.Itself, command.WarnEvidence, c.ID, struct{}{})
	told := w.Messages("evidence_ends")
	if len(told) != 1 || told[0].Words["what"] != "身份证 人像面、身份证 国徽面" {
		t.Errorf("told %+v", told)
	}
	if got := load[*records.Certificate](w, c.ID).EvidenceWarn; got != string(card.AddDays(-7)) {
		t.Errorf("told next on %s", got)
	}
	w.refused("a re-check too early", w.dump(), try(w, command.Itself, command.RecheckEvidence, c.ID, struct{}{}), "not_now")
	w.Later(30 * day)

	// a change asks for the card, without being told that it has changed
	change := w.change(c.ID, "phone")
	got := w.slots(change)
	if got["household"] != "kept" || got["id_front"] != "" {
		t.Errorf("documents %v", got)
	}
	must(w, command.Itself, command.RecheckEvidence, c.ID, struct{}{})
	if n := len(all[*records.Application](w, dbx.HashExp{"kind": "recheck"})); n != 0 {
		t.Error("a re-check beside a change")
	}
	must(w, command.Account(w.wang), command.Discard, change, struct{}{})
	w.Later(32 * day)
	must(w, command.Itself, command.RecheckEvidence, c.ID, struct{}{})
	cases := all[*records.Application](w, dbx.HashExp{"kind": "recheck"})
	if len(cases) != 1 || cases[0].State != flow.InReview {
		t.Fatalf("%+v", cases)
	}
	w.refused("twice", w.dump(), try(w, command.Itself, command.RecheckEvidence, c.ID, struct{}{}), "not_now")
	w.refused("keeping what nobody proposed to suspend", w.dump(), try(w, command.Of(w.lead), command.KeepValid, c.ID, command.Reasoned{Reason: "没事"}), "nothing_proposed")
	must(w, command.Of(w.chen), command.Decide, cases[0].ID, command.Result{Outcome: flow.NotPassed, Reasons: []string{"card_expired"}})
	now := load[*records.Certificate](w, c.ID)
	if now.State != flow.Valid || now.Proposed != cases[0].ID {
		t.Errorf("%s, proposed by %q", now.State, now.Proposed)
	}
	must(w, command.Of(w.lead), command.KeepValid, c.ID, command.Reasoned{Reason: "新证件下周拿到"})
	if got := load[*records.Certificate](w, c.ID).Proposed; got != "" {
		t.Errorf("still proposed by %s", got)
	}
	w.verifies()
}

// A renewal starts with all that is known and still holds, so that one page is enough; what has ended, or grows old, is asked anew.
func TestRenewalKeepsWhatHolds(t *testing.T) {
	w := open(t)
	first, c := w.passed(w.wang, w.holder, "individual")
	opens := flow.RenewalOpens(flow.Day(load[*records.Certificate](w, c).ExpiresOn), 60)
	w.Later(time.Duration(opens.Sub(w.today())) * day)
	id := must(w, command.Account(w.wang), command.Renew, c, struct{}{}).Answer["id"]
	if got := w.slots(id); got["household"] != "kept" || got["id_front"] != "kept" || got["id_back"] != "kept" {
		t.Errorf("documents %v", got)
	}
	front := all[*records.Document](w, dbx.HashExp{"application": id, "slot": "id_front"})[0]
	must(w, command.Account(w.wang), command.RemoveDocument, id, command.Removal{Document: front.ID})
	if got := w.slots(first); got["id_front"] != "new" {
		t.Errorf("the certified evidence is gone: %v", got)
	}
	must(w, command.Account(w.wang), command.AddDocument, id, w.document(id, "id_front", "a better front"))
	must(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true})
	w.decide(id, flow.Passed)
	w.verifies()

	_, p := w.passed(w.wang, w.holder, "pension")
	w.Later(time.Duration(flow.Day(load[*records.Certificate](w, p).ExpiresOn).Sub(w.today())-5) * day)
	id = must(w, command.Account(w.wang), command.Renew, p, struct{}{}).Answer["id"]
	if got := w.slots(id); got["photo"] != "" || got["id_front"] != "kept" {
		t.Errorf("a photo of the day is kept: %v", got)
	}
}

// A re-check that asks its holder something and gets no answer ends without a result, and proposes to the leads to suspend.
func TestRecheckUnanswered(t *testing.T) {
	w := open(t)
	_, certificate := w.passed(w.wang, w.holder, "individual")
	must(w, command.Itself, command.Recheck, certificate, command.Rechecked{Findings: []sdk.Finding{{Level: sdk.Bad}}})
	app := all[*records.Application](w, dbx.HashExp{"kind": "recheck"})[0]
	must(w, command.Of(app.Assignee), command.RequestCorrection, app.ID, addressAndCard)
	w.Later(60 * day)
	must(w, command.Itself, command.Lapse, app.ID, struct{}{})
	c := load[*records.Certificate](w, certificate)
	if c.State != flow.Valid || c.Proposed != app.ID || len(w.Messages("recheck_needed")) == 0 {
		t.Errorf("%s, proposed by %q", c.State, c.Proposed)
	}
	must(w, command.Of(w.lead), command.Suspend, certificate, command.Reasoned{Reason: "没有回音"})
	w.verifies()
}
