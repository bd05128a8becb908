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

// change opens a change and says what has changed.
func (w *world) change(certificate string, changes ...string) string {
	w.T.Helper()
	id := must(w, command.Account(w.wang), command.RequestChange, certificate, struct{}{}).Answer["id"]
	must(w, command.Account(w.wang), command.ChooseChanges, id, command.WhatChanged{Changes: changes})
	return id
}

func (w *world) enter(id, page string, entered map[string]string) error {
	w.T.Helper()
	return try(w, command.Account(w.wang), command.SaveDraft, id, command.PageAnswers{Page: page, Entered: entered})
}

func (w *world) decide(id, outcome string, reasons ...string) {
	w.T.Helper()
	who := load[*records.Application](w, id).Assignee
	if outcome == flow.Passed {
		w.judge(who, id, flow.VerdictOK)
	}
	must(w, command.Of(who), command.Decide, id, command.Result{Outcome: outcome, Reasons: reasons})
}

func (w *world) answers(id string) sdk.Answers {
	w.T.Helper()
	a, err := w.Desk.Desk.Answers(load[*records.Application](w, id))
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// slots are the documents of a case by slot: "kept" as they were certified, or "new".
func (w *world) slots(id string) map[string]string {
	w.T.Helper()
	all, err := records.Documents(w.App.DB(), id)
	if err != nil {
		w.T.Fatal(err)
	}
	of := map[string]string{}
	for _, d := range all {
		of[d.Slot] = "new"
		if d.Origin != "" {
			of[d.Slot] = "kept"
		}
		f, err := w.Desk.Desk.Blobs.Open(d.Key(), d.Blob)
		if err != nil {
			w.T.Errorf("%s of %s cannot be read: %v", d.Slot, id, err)
			continue
		}
		f.Close()
	}
	return of
}

// A new card: only its pages and pictures are asked, the rest is kept; the old certificate holds until the new one takes its
// place, with the same end.
func TestChange(t *testing.T) {
	w := open(t)
	first, c := w.passed(w.wang, w.holder, "individual")
	before := load[*records.Certificate](w, c)
	stranger := command.Account(w.account("other@example.com"))
	w.refused("of somebody else's", w.dump(), orFound(try(w, stranger, command.RequestChange, c, struct{}{})), "not_found")

	id := must(w, command.Account(w.wang), command.RequestChange, c, struct{}{}).Answer["id"]
	w.refused("a second change", w.dump(), try(w, command.Account(w.wang), command.RequestChange, c, struct{}{}), "open_change")
	w.refused("submitting without saying what", w.dump(), try(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true}), "nothing_changed")
	w.refused("nothing", w.dump(), try(w, command.Account(w.wang), command.ChooseChanges, id, command.WhatChanged{}), "nothing_changed")
	w.refused("something unknown", w.dump(), try(w, command.Account(w.wang), command.ChooseChanges, id, command.WhatChanged{Changes: []string{"hair"}}), "change_unknown")

	must(w, command.Account(w.wang), command.ChooseChanges, id, command.WhatChanged{Changes: []string{"card", "phone"}})
	if got := w.slots(id); got["household"] != "kept" || got["id_front"] != "" || got["id_back"] != "" {
		t.Fatalf("documents %v", got)
	}
	w.refused("a page that is kept", w.dump(), w.enter(id, "address", map[string]string{"address": "别处"}), "kept")
	w.refused("a slot that is kept", w.dump(), try(w, command.Account(w.wang), command.AddDocument, id, w.document(id, "household", "x")), "kept")
	kept := all[*records.Document](w, dbx.HashExp{"application": id, "slot": "household"})[0]
	w.refused("removing what is kept", w.dump(), try(w, command.Account(w.wang), command.RemoveDocument, id, command.Removal{Document: kept.ID}), "kept")
	if err := w.enter(id, "phone", map[string]string{"phone": "13900139000"}); err != nil {
		t.Fatal(err)
	}

	// the phone has not changed after all: its answer goes back to what was certified
	must(w, command.Account(w.wang), command.ChooseChanges, id, command.WhatChanged{Changes: []string{"card"}})
	if got := w.answers(id)["phone"]; got != w.answers(first)["phone"] {
		t.Errorf("the phone stays %s", got)
	}
	for _, slot := range []string{"id_front", "id_back"} {
		must(w, command.Account(w.wang), command.AddDocument, id, w.document(id, slot, "the new "+slot))
	}
	if err := w.enter(id, "card_until", map[string]string{"card_until": "2046-05-10"}); err != nil {
		t.Fatal(err)
	}
	must(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true})
	w.Later(40 * day)
	if load[*records.Certificate](w, c).State != flow.Valid {
		t.Error("the certificate does not hold meanwhile")
	}
	w.decide(id, flow.Passed)
	next := w.issued(id)
	old := load[*records.Certificate](w, c)
	if old.State != flow.Superseded || old.SupersededBy != next.ID || next.State != flow.Valid {
		t.Errorf("old %s, new %s", old.State, next.State)
	}
	if next.ExpiresOn != before.ExpiresOn || next.RecheckOn != before.RecheckOn || next.WarnOn != before.WarnOn || next.ValidFrom != string(w.today()) {
		t.Errorf("from %s until %s, re-check %s, notice %s; the old one until %s, %s, %s", next.ValidFrom, next.ExpiresOn, next.RecheckOn, next.WarnOn, before.ExpiresOn, before.RecheckOn, before.WarnOn)
	}
	if len(w.Messages("certificate_changed")) != 1 {
		t.Error("the holder was not told")
	}

	// a change of what was changed keeps what two cases ago was sent
	again := w.change(next.ID, "phone")
	if got := w.slots(again); got["household"] != "kept" || got["id_front"] != "kept" || got["id_back"] != "kept" {
		t.Errorf("documents %v", got)
	}
	must(w, command.Account(w.wang), command.Discard, again, struct{}{})
	if got := w.slots(first); got["household"] != "new" {
		t.Errorf("discarding took the certified evidence: %v", got)
	}
	w.slots(id)
	w.verifies()
}

func orFound(err error) error {
	if err == records.ErrNotFound {
		return flow.Refuse("not_found")
	}
	return err
}

// issued is the certificate of a case.
func (w *world) issued(id string) *records.Certificate {
	w.T.Helper()
	c, err := records.Find[*records.Certificate](w.App.DB(), dbx.HashExp{"application": id})
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// A change that does not pass leaves certificate and holder as they are; so does one of a new name until it passes.
func TestChangeRefused(t *testing.T) {
	w := open(t)
	_, c := w.passed(w.wang, w.holder, "individual")
	holder, before := load[*records.Holder](w, w.holder), load[*records.Certificate](w, c)
	rename := func() string {
		id := w.change(c, "name")
		if err := w.enter(id, "name", map[string]string{"name": "王秀兰"}); err != nil {
			t.Fatal(err)
		}
		for _, slot := range []string{"id_front", "household"} {
			must(w, command.Account(w.wang), command.AddDocument, id, w.document(id, slot, "new "+slot))
		}
		must(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true})
		return id
	}
	id := rename()
	if load[*records.Holder](w, w.holder).NameBlind != holder.NameBlind {
		t.Error("the holder has the new name before anybody looked")
	}
	w.decide(id, flow.NotPassed, "unreadable")
	if now := load[*records.Certificate](w, c); now.State != flow.Valid || now.Rev != before.Rev {
		t.Errorf("%+v", now)
	}
	if load[*records.Holder](w, w.holder).NameBlind != holder.NameBlind {
		t.Error("a refused change renamed the holder")
	}
	id = rename()
	w.decide(id, flow.Passed)
	if load[*records.Holder](w, w.holder).NameBlind == holder.NameBlind {
		t.Error("the holder keeps the old name")
	}
	if name, _, _, _, err := w.Desk.Desk.CertificateText(w.issued(id)); err != nil || name != "王秀兰" {
		t.Errorf("the certificate is made out to %q: %v", name, err)
	}
	w.verifies()
}

// What happens to the certificate while its change is looked at goes over to the new one, or leaves none.
func TestChangeMeanwhile(t *testing.T) {
	w := open(t)
	_, c := w.passed(w.wang, w.holder, "individual")
	why := command.Reasoned{Reason: "需要核实"}
	phone := func(c string) string {
		id := w.change(c, "phone")
		must(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true})
		return id
	}
	id := phone(c)
	must(w, command.Of(w.lead), command.Suspend, c, why)
	w.decide(id, flow.Passed)
	next := w.issued(id)
	_, _, _, reason, err := w.Desk.Desk.CertificateText(next)
	if next.State != flow.Suspended || err != nil || reason != why.Reason {
		t.Errorf("a change lifted a suspension: %s, %q, %v", next.State, reason, err)
	}
	must(w, command.Of(w.lead), command.Reinstate, next.ID, why)
	w.refused("of one that was replaced", w.dump(), try(w, command.Account(w.wang), command.RequestChange, c, struct{}{}), "not_now")

	id = phone(next.ID)
	must(w, command.Of(w.lead), command.Revoke, next.ID, why)
	w.decide(id, flow.Passed)
	if n := len(all[*records.Certificate](w, dbx.HashExp{"application": id})); n != 0 || load[*records.Application](w, id).State != flow.Approved {
		t.Errorf("%d certificates after a revocation", n)
	}
	if len(w.Messages("certificate_ended")) != 1 {
		t.Error("nobody was told")
	}
	w.verifies()
}

// A renewal and a change: one of them, with the reason; a re-check that goes badly waits for it.
func TestOneAtATime(t *testing.T) {
	w := open(t)
	_, c := w.passed(w.wang, w.holder, "individual")
	bad := command.Rechecked{Findings: []sdk.Finding{{Level: sdk.Bad}}}
	id := w.change(c, "phone")
	if r := must(w, command.Itself, command.Recheck, c, bad); r.Answer["outcome"] != "open" {
		t.Errorf("the re-check beside a change: %v", r.Answer)
	}
	opens := flow.RenewalOpens(flow.Day(load[*records.Certificate](w, c).ExpiresOn), 60)
	w.Later(time.Duration(opens.Sub(w.today())) * day)
	w.refused("a renewal beside a change", w.dump(), try(w, command.Account(w.wang), command.Renew, c, struct{}{}), "open_change")
	must(w, command.Account(w.wang), command.Discard, id, struct{}{})
	w.refused("a change when renewal is open", w.dump(), try(w, command.Account(w.wang), command.RequestChange, c, struct{}{}), "renew_instead")
	must(w, command.Account(w.wang), command.Renew, c, struct{}{})
	w.refused("a second renewal", w.dump(), try(w, command.Account(w.wang), command.Renew, c, struct{}{}), "open_renewal")
}

// A second application that passes replaces what the holder has of the type: there is one at most.
func TestOneCertificate(t *testing.T) {
	w := open(t)
	_, first := w.passed(w.wang, w.holder, "individual")
	_, other := w.passed(w.wang, w.holder, "pension")
	_, second := w.passed(w.wang, w.holder, "individual")
	for id, want := range map[string]flow.State{first: flow.Superseded, second: flow.Valid, other: flow.Valid} {
		if got := load[*records.Certificate](w, id).State; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	w.verifies()
}
