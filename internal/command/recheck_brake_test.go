package command_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// dueAgain plants certificates of a type that are due for a re-check today, with a card that is still good or is not.
func (w *world) dueAgain(n int, expired bool) {
	w.T.Helper()
	answers := w.examples["pension"]
	if expired {
		w.examples["pension"] = maps.Clone(answers)
		w.examples["pension"]["card_until"] = "2020-01-01"
		defer func() { w.examples["pension"] = answers }()
	}
	for range n {
		id := w.plant(flow.NounCertificate, flow.Valid)
		w.sql("UPDATE certificates SET recheck_on={:d}, warn_on='', expires_on='2099-01-01' WHERE id={:id}", dbx.Params{"d": string(w.today()), "id": id})
	}
}

// recheckAll runs the sweep once.
func (w *world) recheckAll() {
	w.T.Helper()
	for _, l := range w.Runner.Lines() {
		if l.Name == "recheck" {
			if err := l.Run(w.ctx); err != nil {
				w.T.Fatal(err)
			}
		}
	}
}

// opened is how many cases re-checks have opened, left how many certificates are still due.
func (w *world) opened() (opened, left int) {
	w.T.Helper()
	opened = len(all[*records.Application](w, dbx.HashExp{"kind": "recheck"}))
	left = len(all[*records.Certificate](w, dbx.NewExp("recheck_on={:d}", dbx.Params{"d": string(w.today())})))
	return opened, left
}

// TestRecheckBrake: a type that finds fault with one after the other stops by itself, over a restart too, holds up no
// other type, and goes on when a manager says so.
func TestRecheckBrake(t *testing.T) {
	h := newHands()
	w := people(t, testkit.OpenAt(t, h.options()))
	w.Runner.Stop()
	w.Desk.Desk.Committed = nil
	account, holder := w.somebody()
	_, other := w.passed(account, holder, "individual")
	w.sql("UPDATE certificates SET recheck_on={:d} WHERE id={:id}", dbx.Params{"d": string(w.today()), "id": other})
	w.dueAgain(25, true)
	w.recheckAll()
	if opened, left := w.opened(); opened != 21 || left != 4 {
		t.Fatalf("%d cases opened, %d certificates left", opened, left)
	}
	b := load[*records.Brake](w, records.RecheckBrake("pension"))
	if b.State != flow.OnHold || b.Adverse != 21 || b.Due != 25 {
		t.Errorf("%+v", b)
	}
	if load[*records.Certificate](w, other).RecheckOn == string(w.today()) {
		t.Error("another type was held up")
	}
	if n := len(all[*records.Certificate](w, dbx.HashExp{"state": "suspended"})); n != 0 {
		t.Errorf("%d certificates were suspended", n)
	}
	m := w.Messages("recheck_stopped")
	if len(m) != 1 || m[0].To != "manager@example.com" || m[0].Words["adverse"] != "21" || m[0].Words["due"] != "25" {
		t.Errorf("told %+v", m)
	}
	e, err := ledger.Search(w.App.DB(), ledger.Query{Act: string(flow.StopRecheck), Limit: 9})
	if err != nil || len(e) != 1 || e[0].Target != "pension" || e[0].Actor != "system:desk" {
		t.Errorf("%+v %v", e, err)
	}
	w.again(h) // a restart forgets nothing
	for range 2 {
		w.recheckAll()
	}
	if opened, left := w.opened(); opened != 21 || left != 4 || len(w.Messages("recheck_stopped")) != 1 {
		t.Errorf("while stopped: %d cases opened, %d certificates left", opened, left)
	}
	due := all[*records.Certificate](w, dbx.HashExp{"recheck_on": string(w.today())})[0]
	w.refused("the desk's own re-check", w.dump(), try(w, command.Itself, command.Recheck, due.ID, command.Rechecked{}), "recheck_stopped")
	for _, by := range []string{w.lead, w.chen, w.auditor} {
		before := w.dump()
		if err := try(w, command.Of(by), command.ResumeRecheck, "pension", nothing); !errors.Is(err, command.ErrForbidden) {
			t.Errorf("somebody else resumes: %v", err)
		}
		w.same("resuming", before)
	}
	must(w, command.Of(w.manager), command.ResumeRecheck, "pension", nothing)
	w.refused("resuming twice", w.dump(), try(w, command.Of(w.manager), command.ResumeRecheck, "pension", nothing), "recheck_runs")
	w.dueAgain(22, true)
	w.recheckAll()
	if opened, left := w.opened(); opened != 47 || left != 0 {
		t.Errorf("after the manager: %d cases opened, %d certificates left", opened, left)
	}
	h.pass(24 * time.Hour) // what a manager let pass yesterday says nothing about today
	w.dueAgain(25, true)
	w.recheckAll()
	if opened, left := w.opened(); opened != 47+21 || left != 4 || len(w.Messages("recheck_stopped")) != 2 {
		t.Errorf("the next day: %d cases opened, %d certificates left", opened, left)
	}
}

// TestRecheckWithinReason: what goes well, and a few that do not, stop nothing.
func TestRecheckWithinReason(t *testing.T) {
	w := open(t)
	w.dueAgain(20, true)
	w.dueAgain(10, false)
	w.recheckAll()
	if opened, left := w.opened(); opened != 20 || left != 0 || len(w.Messages("recheck_stopped")) != 0 {
		t.Errorf("%d cases opened, %d certificates left", opened, left)
	}
	if b := load[*records.Brake](w, records.RecheckBrake("pension")); b.State != flow.Open || b.Adverse != 20 {
		t.Errorf("%+v", b)
	}
}
