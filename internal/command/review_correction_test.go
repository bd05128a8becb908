package command_test

// Correction: only what is asked is open, nothing is taken in part, the clock waits, and of an answer and the end of its day
// one wins.

import (
	"sync"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

const houseNumber = "北京市朝阳区建国路 88 号 2 单元 301"

var addressAndCard = flow.Correction{Items: []flow.Asked{{Of: "address", Why: "address_differs", Note: "写到门牌号"}, {Of: "id_front", Why: "unreadable"}}}

// awaited is a case in which address and card are asked for, all of its items judged before.
func (w *world) awaited() (id, account string) {
	w.T.Helper()
	account, holder := w.somebody()
	id = w.submitted(account, holder, "individual")
	w.judge(w.chen, id, flow.VerdictOK)
	must(w, command.Of(w.chen), command.RequestCorrection, id, addressAndCard)
	return id, account
}

func (w *world) fills(account, id string) {
	w.T.Helper()
	must(w, command.Account(account), command.FillCorrection, id, command.Filled{Of: "address", Text: houseNumber})
	must(w, command.Account(account), command.AddToCorrection, id, w.document(id, "id_front", "a better card of "+id))
}

func TestCorrection(t *testing.T) {
	w := open(t)
	id, account := w.awaited()
	due := flow.Day(load[*records.Application](w, id).DueOn)
	before := w.dump()
	by := command.Account(account)
	w.refused("another answer", before, try(w, by, command.FillCorrection, id, command.Filled{Of: "name", Text: "王秀兰"}), "not_asked")
	w.refused("what nobody asked", before, try(w, by, command.FillCorrection, id, command.Filled{Of: "free-1", Text: "你好"}), "not_asked")
	w.refused("another document", before, try(w, by, command.AddToCorrection, id, w.document(id, "id_back", "x")), "not_asked")
	w.refused("nothing yet", before, try(w, by, command.AnswerCorrection, id, nothing), "items_missing")
	w.refused("the draft's own way", before, try(w, by, command.SaveDraft, id, command.PageAnswers{Page: "address", Entered: map[string]string{"address": houseNumber}}), "not_now")
	must(w, by, command.FillCorrection, id, command.Filled{Of: "address", Text: houseNumber})
	before = w.dump()
	w.refused("one of two", before, try(w, by, command.AnswerCorrection, id, nothing), "items_missing")
	if a, err := w.Desk.Desk.Answers(load[*records.Application](w, id)); err != nil || a["address"] == houseNumber {
		t.Fatalf("taken in part: %v", err)
	}
	w.Later(5 * day)
	must(w, by, command.AddToCorrection, id, w.document(id, "id_front", "a better card"))
	must(w, by, command.AnswerCorrection, id, nothing)

	app := load[*records.Application](w, id)
	a, err := w.Desk.Desk.Answers(app)
	if err != nil || a["address"] != houseNumber || a["name"] != w.examples["individual"]["name"] {
		t.Errorf("answers: %v %v", a, err)
	}
	if app.State != flow.InReview || app.Assignee != w.chen || app.AnswerDue != "" || app.StoppedOn != "" {
		t.Errorf("%s with %q, due %q, stopped %q", app.State, app.Assignee, app.AnswerDue, app.StoppedOn)
	}
	stopped := w.today().AddDays(-5)
	waited := w.Desk.Desk.Calendar.Between(stopped, w.today()) // none in a week of holidays
	if got, want := flow.Day(app.DueOn), flow.Moved(due, stopped, w.today(), w.Desk.Desk.Calendar); got != want || got.After(due) != (waited > 0) {
		t.Errorf("the deadline was %s and is %s after %d working days, want %s", due, got, waited, want)
	}
	verdicts, err := command.Verdicts(w.App.DB(), id)
	for item, open := range map[string]bool{"readable": true, "identity": true, "address": true, "card_valid": false, "aware": false} {
		if _, judged := verdicts[item]; judged == open || err != nil {
			t.Errorf("%s is judged: %v, open again: %v", item, judged, open)
		}
	}
	docs := all[*records.Document](w, dbx.HashExp{"application": id, "slot": "id_front"})
	if len(docs) != 2 || docs[0].State == docs[1].State || !w.kept(id, docs[0].Blob) || !w.kept(id, docs[1].Blob) {
		t.Error("the card of before and the new one are not both there")
	}
	if app.Checked != "waiting" {
		t.Errorf("checked %q", app.Checked)
	}
	w.verifies()
}

// TestCorrectionOfSomebodyAway comes back to another colleague.
func TestCorrectionOfSomebodyAway(t *testing.T) {
	w := open(t)
	id, account := w.awaited()
	other := w.Desk.Staff("李审核", "li@example.com", flow.Reviewer)
	w.fills(account, id)
	must(w, command.Of(w.lead), command.SetAbsence, w.chen, command.Absence{From: string(w.today()), Until: string(w.today())})
	must(w, command.Account(account), command.AnswerCorrection, id, nothing)
	if app := load[*records.Application](w, id); app.State != flow.InReview || app.Assignee != other {
		t.Errorf("%s with %q, want %q", app.State, app.Assignee, other)
	}
}

// TestCorrectionTooLate keeps what comes after the day, tells the reviewer, and takes it when the case is reopened.
func TestCorrectionTooLate(t *testing.T) {
	w := open(t)
	id, account := w.awaited()
	w.refused("too early", w.dump(), try(w, command.Itself, command.Lapse, id, nothing), "not_now")
	w.Later(30 * day)
	must(w, command.Itself, command.Lapse, id, nothing)
	w.fills(account, id)
	if r := must(w, command.Account(account), command.AnswerCorrection, id, nothing); r.State != flow.Lapsed {
		t.Errorf("taken: %s", r.State)
	}
	if told := w.Messages("answered_late"); len(told) != 1 {
		t.Errorf("the reviewer heard of it %d times", len(told))
	}
	if cool, err := w.Desk.Desk.CoolDown(w.App.DB(), load[*records.Application](w, id).Holder, "individual", load[*records.Desk](w, records.DeskID), w.today()); err != nil || !cool.Now() {
		t.Errorf("a cool-down: %+v %v", cool, err)
	}
	must(w, command.Of(w.chen), command.Reopen, id, command.Handed{})
	app := load[*records.Application](w, id)
	if a, err := w.Desk.Desk.Answers(app); err != nil || a["address"] != houseNumber || app.State != flow.InReview || app.ClosedAt != "" {
		t.Errorf("%s, closed %q, %v %v", app.State, app.ClosedAt, a["address"], err)
	}
	if app.DueOn < string(w.today()) {
		t.Errorf("due on %s, before today", app.DueOn)
	}
	w.verifies()
}

func TestReopenWithinTheWindow(t *testing.T) {
	w := open(t)
	id, account := w.awaited()
	w.Later(30 * day)
	must(w, command.Itself, command.Lapse, id, nothing)
	w.Later(31 * day)
	before := w.dump()
	w.refused("the window is over", before, try(w, command.Of(w.chen), command.Reopen, id, command.Handed{}), "reopen_over")
	w.refused("and nothing is taken any more", before, try(w, command.Account(account), command.FillCorrection, id, command.Filled{Of: "address", Text: houseNumber}), "reopen_over")
}

func TestRoundsAreLimited(t *testing.T) {
	w := open(t)
	id, account := w.awaited()
	for round := range 2 {
		w.fills(account, id)
		must(w, command.Account(account), command.AnswerCorrection, id, nothing)
		if round == 0 {
			must(w, command.Of(w.chen), command.RequestCorrection, id, addressAndCard)
		}
	}
	w.refused("a third round", w.dump(), try(w, command.Of(w.chen), command.RequestCorrection, id, addressAndCard), "no_rounds_left")
}

// TestAnswerAgainstLapse lets an answer and the end of its day meet: one of them wins, and what was written is there.
func TestAnswerAgainstLapse(t *testing.T) {
	w := open(t)
	won := map[flow.State]int{}
	for range 6 {
		id, account := w.awaited()
		w.fills(account, id)
		w.sql("UPDATE applications SET answer_due={:day} WHERE id={:id}", dbx.Params{"day": string(w.today().AddDays(-1)), "id": id})
		var wg sync.WaitGroup
		var lapsed, answered error
		wg.Add(2)
		go func() { defer wg.Done(); lapsed = try(w, command.Itself, command.Lapse, id, nothing) }()
		go func() {
			defer wg.Done()
			answered = try(w, command.Account(account), command.AnswerCorrection, id, nothing)
		}()
		wg.Wait()
		app := load[*records.Application](w, id)
		won[app.State]++
		a, err := w.Desk.Desk.Answers(app)
		c := all[*records.Correction](w, byCase(id))
		switch {
		case err != nil || len(c) != 1 || answered != nil:
			t.Fatal(err, answered, len(c))
		case app.State == flow.InReview && flow.Refused(lapsed, "not_now") && a["address"] == houseNumber && c[0].State == flow.Resolved:
		case app.State == flow.Lapsed && lapsed == nil && a["address"] != houseNumber && c[0].State == flow.Lapsed && c[0].LateAt != "" && c[0].Given != "":
		default:
			t.Errorf("%s: lapse %v, answer %v, round %s, late %q", app.State, lapsed, answered, c[0].State, c[0].LateAt)
		}
	}
	t.Log(won)
}

// TestApplyAgain carries over answers and good evidence, sealed under the key of the new case, and leaves out what was refused.
func TestApplyAgain(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	old := w.submitted(account, holder, "individual")
	must(w, command.Of(w.chen), command.Verdict, old, command.Judged{Item: "readable", Value: flow.VerdictBad})
	must(w, command.Of(w.chen), command.Decide, old, command.Result{Outcome: flow.NotPassed, Reasons: []string{"unreadable"}})
	begin := func(by command.Caller, key string) (command.Receipt, error) {
		return command.Begin(w.ctx, w.Desk.Desk, by, command.At{ID: holder, Key: key}, command.Beginning{Type: "individual", Lang: "zh-Hans"})
	}
	r, err := begin(command.Account(account), "k")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := begin(command.Account(account), "k2"); err != nil || again.Answer["id"] != r.Answer["id"] {
		t.Errorf("a second draft: %v %v", again.Answer, err)
	}
	app := load[*records.Application](w, r.Answer["id"])
	a, err := w.Desk.Desk.Answers(app)
	if err != nil || a["resident_id"] != w.examples["individual"]["resident_id"] || app.Previous != old {
		t.Errorf("%v from %q: %v", a, app.Previous, err)
	}
	slots := map[string]bool{}
	for _, d := range all[*records.Document](w, byCase(app.ID)) {
		slots[d.Slot] = true
		if !w.kept(app.ID, d.Blob) {
			t.Errorf("%s cannot be opened under the key of the new case", d.Slot)
		}
	}
	if slots["id_front"] || !slots["id_back"] || !slots["household"] {
		t.Errorf("carried over: %v", slots)
	}
	if b, err := w.Desk.Desk.Before(w.App.DB(), load[*records.Application](w, old)); err != nil || len(b.Refused["id_front"]) != 1 || len(b.Refused["address"]) != 0 {
		t.Errorf("refused: %v %v", b.Refused, err)
	}
	stranger, _ := w.somebody()
	if _, err := begin(command.Account(stranger), "x"); err == nil {
		t.Error("a stranger began from it")
	}
	w.verifies()
}

// TestMaliciousWeighsMore lets a marked application make one wait a year, in the letter, in the cool-down, and no longer once
// the mark is taken back.
func TestMaliciousWeighsMore(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	id := w.submitted(account, holder, "individual")
	must(w, command.Of(w.chen), command.MarkMalicious, id, command.Malicious{Malicious: true, Why: "照片是别人的"})
	must(w, command.Of(w.chen), command.Decide, id, command.Result{Outcome: flow.NotPassed, Reasons: []string{"unreadable"}})
	cool := func() flow.CoolDown {
		c, err := w.Desk.Desk.CoolDown(w.App.DB(), holder, "individual", load[*records.Desk](w, records.DeskID), w.today())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := cool(); c.Until != w.today().AddDays(365) || c.Rule != "false_information" {
		t.Errorf("%+v", c)
	}
	must(w, command.Of(w.lead), command.MarkMalicious, id, command.Malicious{Why: "弄错了"})
	if c := cool(); !c.Now() {
		t.Errorf("after the mark was taken back: %+v", c)
	}
	w.refused("without a reason", w.dump(), try(w, command.Of(w.lead), command.MarkMalicious, id, command.Malicious{Malicious: true}), "reason_needed")
}
