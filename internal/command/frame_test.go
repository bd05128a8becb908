package command_test

// The frame around every act: one effect for one key, conflicts that say who and when, roles read anew, and all of an
// act or nothing of it.

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

func receipt(w *world, by command.Caller, id, key, text string) (command.Receipt, error) {
	return command.Run(w.ctx, w.Desk.Desk, by, command.Note, command.At{ID: id, Key: key}, command.Remark{Text: text})
}

func TestFrame(t *testing.T) {
	w := open(t)
	id := w.submitted(w.wang, w.holder, "individual")
	chen := command.Of(w.chen)
	for _, c := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"one key, one effect", func(t *testing.T) { sameKey(t, w, id) }},
		{"another key, another effect", func(t *testing.T) {
			a, _ := receipt(w, chen, id, "k-a", "同样的话")
			b, err := receipt(w, chen, id, "k-b", "同样的话")
			lead, leadErr := receipt(w, command.Of(w.lead), id, "k-a", "同样的话")
			if err != nil || leadErr != nil || a.Seq == b.Seq || a.Seq == lead.Seq || a.Answer["id"] == lead.Answer["id"] {
				t.Errorf("%+v %+v %+v %v %v", a, b, lead, err, leadErr)
			}
		}},
		{"a key with other input", func(t *testing.T) {
			if _, err := receipt(w, chen, id, "k-c", "一"); err != nil {
				t.Fatal(err)
			}
			before := w.dump()
			if _, err := receipt(w, chen, id, "k-c", "二"); !errors.Is(err, command.ErrKeyReused) {
				t.Errorf("other input: %v", err)
			}
			_, err := command.Run(w.ctx, w.Desk.Desk, chen, command.ViewCase, command.At{ID: id, Key: "k-c"}, command.Seen{})
			if !errors.Is(err, command.ErrKeyReused) {
				t.Errorf("other act: %v", err)
			}
			w.same("the key again", before)
		}},
		{"a refusal uses up no key", func(t *testing.T) {
			if _, err := receipt(w, chen, id, "k-d", ""); !flow.Refused(err, "note_length") {
				t.Fatal(err)
			}
			if _, err := receipt(w, chen, id, "k-d", "现在可以"); err != nil {
				t.Error(err)
			}
		}},
		{"conflict", func(t *testing.T) { conflict(t, w, id) }},
		{"a role taken away", func(t *testing.T) { roleTakenAway(t, w, id) }},
		{"a body that fails", func(t *testing.T) { failingBody(t, w, id) }},
		{"a write that fails", func(t *testing.T) { failingWrite(t, w) }},
	} {
		t.Run(c.name, func(t *testing.T) { w.T = t; c.test(t) })
	}
	w.T = t
	w.verifies()
}

func sameKey(t *testing.T, w *world, id string) {
	chen := command.Of(w.chen)
	first, err := receipt(w, chen, id, "once", "打过电话")
	if err != nil {
		t.Fatal(err)
	}
	before := w.dump()
	var wait sync.WaitGroup
	for range 32 {
		wait.Go(func() {
			if again, err := receipt(w, chen, id, "once", "打过电话"); err != nil || asJSON(again) != asJSON(first) {
				t.Errorf("%+v %v, want %+v", again, err, first)
			}
		})
	}
	wait.Wait()
	w.same("the same key", before)

	seen := make([]command.Receipt, 32)
	for i := range seen {
		wait.Go(func() {
			var err error
			if seen[i], err = receipt(w, chen, id, "all at once", "同时"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, r := range seen {
		if asJSON(r) != asJSON(seen[0]) {
			t.Errorf("%+v, others got %+v", r, seen[0])
		}
	}
	if entries, err := ledger.Search(w.App.DB(), ledger.Query{Noun: "applications", Target: id, Act: "note"}); err != nil || len(entries) != 2 {
		t.Errorf("%d notes in the record: %v", len(entries), err)
	}
	w.Later(400 * day)
	if again, err := receipt(w, chen, id, "once", "打过电话"); err != nil || asJSON(again) != asJSON(first) {
		t.Errorf("after a year: %+v %v", again, err)
	}
}

func asJSON(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func conflict(t *testing.T, w *world, id string) {
	app := load[*records.Application](w, id)
	must(w, command.Itself, command.Escalate, id, struct{}{})
	when := w.Desk.Desk.Now()
	must(w, command.Of(w.lead), command.ViewCase, id, command.Seen{}) // an act that leaves the row as it is
	before := w.dump()
	_, err := command.Run(w.ctx, w.Desk.Desk, command.Of(w.chen), command.Decide, command.At{ID: id, Rev: app.Rev}, command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}})
	var c *command.Conflict
	if !errors.As(err, &c) || c.By != "system:desk" || c.Act != flow.Escalate || when.Sub(c.At).Abs() > day {
		t.Errorf("%+v %v", c, err)
	}
	w.same("an act on an old revision", before)
	if _, err := command.Run(w.ctx, w.Desk.Desk, command.Of(w.chen), command.Note, command.At{ID: id, Rev: app.Rev + 1}, command.Remark{Text: "看到了"}); err != nil {
		t.Errorf("the present revision: %v", err)
	}
}

func roleTakenAway(t *testing.T, w *world, id string) {
	zhao := w.Staff("赵副组长", "zhao@example.com", flow.Lead, flow.Auditor)
	must(w, command.Of(zhao), command.StaffSignIn, zhao, command.NewSession{Digest: "d-zhao", How: "password", Passed: true})
	must(w, command.Of(zhao), command.Note, id, command.Remark{Text: "还可以"})
	must(w, command.Of(w.manager), command.RevokeRole, zhao, command.OneRole{Role: "lead"})
	before := w.dump()
	if err := try(w, command.Of(zhao), command.Note, id, command.Remark{Text: "不可以了"}); !errors.Is(err, command.ErrForbidden) {
		t.Errorf("without the role: %v", err)
	}
	w.same("an act without the role", before)
	must(w, command.Of(w.manager), command.Deactivate, zhao, struct{}{})
	before = w.dump()
	if err := try(w, command.Of(zhao), command.SearchRecord, records.DeskID, command.Search{Kind: "ref"}); !isForbidden(err) {
		t.Errorf("deactivated: %v", err)
	}
	account, holder := w.somebody()
	must(w, command.Account(account), command.CloseAccount, account, struct{}{})
	if err := try(w, command.Account(account), command.Start, holder, command.Beginning{Type: "individual"}); !errors.Is(err, records.ErrNotFound) {
		t.Errorf("a closed account: %v", err)
	}
	if s := load[*records.Session](w, "d-zhao"); s.State != flow.Closed {
		t.Errorf("the session of somebody deactivated is %s", s.State)
	}
	_ = before
}

func failingBody(t *testing.T, w *world, id string) {
	broken := errors.New("broken")
	body := func(err error, to flow.State) command.Act[*records.Application, struct{}] {
		return command.Act[*records.Application, struct{}]{Name: flow.Note, Do: func(tx *command.Tx, app *records.Application, _ struct{}) error {
			n := &records.Note{Application: app.ID, Text: "x"}
			n.State = flow.Kept
			tx.Insert(n)
			app.Late = !app.Late
			if to != "" {
				app.State = to
			}
			tx.Update(app)
			tx.TellContact("mail", "a@example.com", "en", "test", nil)
			if _, err := tx.Number("broken"); err != nil {
				return err
			}
			return err
		}}
	}
	before := w.dump()
	if err := try(w, command.Of(w.chen), body(broken, ""), id, struct{}{}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	w.same("a body that fails", before)
	if err := try(w, command.Of(w.chen), body(nil, flow.Approved), id, struct{}{}); err == nil || !strings.Contains(err.Error(), "does not allow") {
		t.Errorf("a body that leads where the table does not: %v", err)
	}
	w.same("a body that leads astray", before)
	sealed := command.Act[*records.Application, struct{}]{Name: flow.Note, Do: func(tx *command.Tx, app *records.Application, _ struct{}) error {
		app.Name = tx.Seal("case-nobody", "x", "text")
		tx.Update(app)
		return nil
	}}
	if err := try(w, command.Of(w.chen), sealed, id, struct{}{}); err == nil {
		t.Error("sealed under a key that is not there")
	}
	w.same("a text that cannot be sealed", before)
	stale := command.Act[*records.Application, struct{}]{Name: flow.Note, Do: func(tx *command.Tx, app *records.Application, _ struct{}) error {
		app.Rev--
		tx.Update(app)
		return nil
	}}
	if err := try(w, command.Of(w.chen), stale, id, struct{}{}); err == nil {
		t.Error("a row written over another revision")
	}
	w.same("a row of another revision", before)
}

// failingWrite lets the write of each table fail in turn, by a trigger, in the two acts that write the most.
func failingWrite(t *testing.T, w *world) {
	for i, c := range []struct{ act, tables string }{
		{"submit", "applications persons jobs messages tasks staff holders counters ledger_entries ledger_hashes ledger_rows"},
		{"decide", "applications decisions messages tasks certificates counters ledger_entries ledger_hashes ledger_rows"},
	} {
		account, holder := w.somebody()
		var run func() error
		if c.act == "submit" {
			id := w.filled(account, holder, "individual", nil)
			run = func() error {
				return try(w, command.Account(account), command.Submit, id, command.Submission{Declared: true})
			}
		} else {
			id := w.submitted(account, holder, "individual")
			w.judge(w.chen, id, flow.VerdictOK)
			run = func() error {
				return try(w, command.Of(w.chen), command.Decide, id, command.Result{Outcome: flow.Passed})
			}
		}
		before := w.dump()
		for _, table := range strings.Fields(c.tables) {
			for _, on := range []string{"INSERT", "UPDATE"} {
				w.sql(fmt.Sprintf("CREATE TRIGGER stop_%s BEFORE %s ON %s BEGIN SELECT raise(ABORT, 'stopped'); END", on, on, table))
			}
			if err := run(); err == nil || !strings.Contains(err.Error(), "stopped") {
				t.Errorf("%s with %s stopped: %v", c.act, table, err)
			}
			for _, on := range []string{"INSERT", "UPDATE"} {
				w.sql("DROP TRIGGER stop_" + on)
			}
			w.same(fmt.Sprintf("%s with %s stopped (%d)", c.act, table, i), before)
		}
		if err := run(); err != nil {
			t.Errorf("%s after all: %v", c.act, err)
		}
	}
}
