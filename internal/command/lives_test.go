package command_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// TestLives leads certificates through random lives: applications, renewals, changes, suspensions, revocations, reversals and ends, in any
// order. After every act a holder has one valid certificate of a type at most, and the ledger names each certificate as it is.
func TestLives(t *testing.T) {
	w := open(t)
	staff := []string{w.chen, w.Staff("李审核", "li@example.com", flow.Reviewer)}
	few(t, 12)
	acts := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		w.T = t
		account, holder := w.somebody()
		who := command.Account(account)
		for range rapid.IntRange(4, 12).Draw(r, "acts") {
			certs := all[*records.Certificate](w, dbx.HashExp{"holder": holder})
			what := rapid.SampledFrom([]string{"apply", "renew", "renew", "change", "change", "suspend", "reinstate", "revoke", "expire", "reverse", "reverse", "agree", "agree", "drop", "answer", "uphold", "undo", "pass", "pass", "pass", "refuse", "time", "time"}).Draw(r, "act")
			if len(certs) == 0 {
				what = "apply"
			}
			var err error
			switch what {
			case "apply":
				id := w.filled(account, holder, "individual", nil)
				err = try(w, who, command.Submit, id, command.Submission{Declared: true})
			case "time":
				w.Later(rapid.SampledFrom([]time.Duration{1, 40, 1040}).Draw(r, "days") * day)
				for _, who := range staff { // a year later nobody gets a case without
					must(w, command.Of(who), command.Pledge, who, command.Pledging{Version: flow.PledgeVersion})
				}
			case "pass", "refuse":
				err = w.settle(holder, what == "pass")
			default:
				c := rapid.SampledFrom(certs).Draw(r, "certificate")
				err = w.live(who, what, c.ID)
			}
			if err != nil && !lawful(err) && !isForbidden(err) {
				t.Fatalf("%s: %v", what, err)
			}
			if err == nil {
				acts[what]++
			}
			if what == "apply" {
				if err := w.settle(holder, true); err != nil && !lawful(err) {
					t.Fatal(err)
				}
			}
			w.oneValid(holder)
		}
	})
	w.verifies()
	for _, what := range []string{"reverse", "agree"} {
		if acts[what] == 0 {
			t.Logf("nobody did %s in these lives", what) // chance: TestReversal does
		}
	}
	t.Log(acts)
}

// live does one thing to a certificate; a change or a renewal is handed in, to be settled later.
func (w *world) live(who command.Caller, what, id string) error {
	w.T.Helper()
	why := command.Reasoned{Reason: "试试看"}
	switch what {
	case "suspend":
		return try(w, command.Of(w.lead), command.Suspend, id, why)
	case "reinstate":
		return try(w, command.Of(w.lead), command.Reinstate, id, why)
	case "revoke":
		return try(w, command.Of(w.lead), command.Revoke, id, why)
	case "expire":
		return try(w, command.Itself, command.Expire, id, struct{}{})
	case "reverse", "agree", "drop", "answer", "uphold", "undo":
		return w.reversing(who, what, id)
	case "renew":
		r, err := command.Run(w.ctx, w.Desk.Desk, who, command.Renew, command.At{ID: id}, struct{}{})
		if err != nil {
			return err
		}
		return try(w, who, command.Submit, r.Answer["id"], command.Submission{Declared: true})
	}
	r, err := command.Run(w.ctx, w.Desk.Desk, who, command.RequestChange, command.At{ID: id}, struct{}{})
	if err != nil {
		return err
	}
	if err := try(w, who, command.ChooseChanges, r.Answer["id"], command.WhatChanged{Changes: []string{"phone"}}); err != nil {
		return err
	}
	return try(w, who, command.Submit, r.Answer["id"], command.Submission{Declared: true})
}

// reversing does one thing to the approval behind a certificate, as whoever may.
func (w *world) reversing(who command.Caller, what, certificate string) error {
	w.T.Helper()
	id := load[*records.Certificate](w, certificate).Application
	doubt := func() error {
		return try(w, command.Of(w.lead), command.Reverse, id, flow.Reversal{Text: "照片不是本人"})
	}
	if what == "agree" && w.row(id).State == flow.Approved { // lives are short: whoever agrees lets it be proposed first
		if err := doubt(); err != nil {
			return err
		}
	}
	has := command.Of(w.row(id).Assignee)
	if has.ID == "" {
		has = command.Of(w.manager)
		if err := try(w, command.Of(w.lead), command.NameDeputy, id, command.Handed{To: w.manager, Why: "没有别人"}); err != nil && !lawful(err) {
			return err
		}
	}
	switch what {
	case "reverse":
		return doubt()
	case "agree":
		return try(w, has, command.AgreeReversal, id, agreed)
	case "drop":
		return try(w, has, command.DropReversal, id, agreed)
	case "answer":
		return try(w, who, command.AnswerHearing, id, mine)
	case "uphold":
		return try(w, has, command.DecideReversal, id, goodFine)
	}
	return try(w, has, command.DecideReversal, id, revoked)
}

// settle decides the oldest case of a holder that is in review.
func (w *world) settle(holder string, pass bool) error {
	w.T.Helper()
	open := all[*records.Application](w, dbx.HashExp{"holder": holder, "state": "in_review"})
	if len(open) == 0 {
		return flow.Refuse("not_now")
	}
	in := command.Result{Outcome: flow.NotPassed, Reasons: []string{"unreadable"}}
	if pass {
		w.judge(open[0].Assignee, open[0].ID, flow.VerdictOK)
		in = command.Result{Outcome: flow.Passed}
	}
	return try(w, command.Of(open[0].Assignee), command.Decide, open[0].ID, in)
}

// oneValid ends the test unless the holder has one valid certificate at most, and the ledger names each as it is.
func (w *world) oneValid(holder string) {
	w.T.Helper()
	valid := 0
	for _, c := range all[*records.Certificate](w, dbx.HashExp{"holder": holder}) {
		if c.State == flow.Valid {
			valid++
		}
		last, found, err := ledger.Last(w.App.DB(), "certificates", c.ID)
		if err != nil || !found {
			w.T.Fatalf("%s is in no entry: %v", c.Number, err)
		}
		named := false
		for _, row := range last.Rows {
			named = named || row.ID == c.ID && row.Digest == ledger.DigestRow("certificates", records.Text(c))
		}
		if !named {
			w.T.Fatalf("%s is not as its last entry (%s) names it", c.Number, last.Act)
		}
	}
	if valid > 1 {
		w.T.Fatalf("%d valid certificates of one holder and type", valid)
	}
}
