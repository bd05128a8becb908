package command_test

import (
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// TestPledge: whoever joins has pledged; without the pledge of the year no case comes, by whatever way; with it they do again.
func TestPledge(t *testing.T) {
	w := open(t)
	chen := load[*records.Staff](w, w.chen)
	if chen.PledgedUntil != string(flow.PledgeUntil(w.today())) || chen.PledgeAskOn != string(flow.PledgeAskOn(w.today())) {
		t.Fatalf("who joined has not pledged: %q %q", chen.PledgedUntil, chen.PledgeAskOn)
	}
	mine := w.next()
	w.Clock.Move(time.Duration(flow.Day(chen.PledgedUntil).Sub(w.today())+1) * day)
	none := w.next()
	if none.Assignee != "" || w.why(none.ID)[w.chen] != flow.FitUnpledged {
		t.Errorf("unpledged: %q %v", none.Assignee, w.why(none.ID))
	}
	w.refused("claim", w.dump(), try(w, command.Of(w.chen), command.Claim, none.ID, command.Handed{}), "not_fit")
	w.refused("hand on by hand", w.dump(), try(w, command.Of(w.lead), command.Reassign, none.ID, command.Handed{To: w.chen}), "not_fit")
	must(w, command.Of(w.chen), command.Note, mine.ID, command.Remark{Text: "手上的照常办"})
	w.refused("another text", w.dump(), try(w, command.Of(w.chen), command.Pledge, w.chen, command.Pledging{Version: "1999"}), "pledge_needed")
	if err := try(w, command.Of(w.lead), command.Pledge, w.chen, command.Pledging{Version: flow.PledgeVersion}); !isForbidden(err) {
		t.Errorf("somebody pledges for another: %v", err)
	}
	must(w, command.Of(w.chen), command.Pledge, w.chen, command.Pledging{Version: flow.PledgeVersion})
	must(w, command.Of(w.chen), command.Claim, none.ID, command.Handed{})
	if app := w.next(); app.Assignee != w.chen {
		t.Errorf("pledged, and the case goes to %q", app.Assignee)
	}
	must(w, command.Itself, command.RemindPledge, w.chen, nothing)
	if m := w.Messages("pledge_due"); len(m) != 1 || load[*records.Staff](w, w.chen).PledgeAskOn != "" {
		t.Errorf("asked: %+v", m)
	}
	w.verifies()
}

// TestGift keeps what was offered, sealed, and hands the case on that it had to do with.
func TestGift(t *testing.T) {
	w := open(t)
	li := w.reviewer("李审核", "li@example.com", "", 20)
	app := w.next()
	who, other := app.Assignee, w.chen
	if who == w.chen {
		other = li
	}
	gift := flow.Gift{Kind: "gift", What: "茶叶两盒，约 200 元", Giver: "申请人的女儿", Day: string(w.today()), How: "declined", Case: " " + strings.ToLower(app.Ref)}
	must(w, command.Of(who), command.RegisterGift, records.DeskID, gift)
	g := all[*records.Gift](w, nil)[0]
	if g.By != who || g.Application != app.ID || !strings.HasPrefix(g.What, "v1.") || !strings.HasPrefix(g.Giver, "v1.") {
		t.Errorf("%+v", g)
	}
	if now := load[*records.Application](w, app.ID); now.Assignee != other || !strings.Contains(now.Declared, who) {
		t.Errorf("the case is with %q, declared %q", now.Assignee, now.Declared)
	}
	w.refused("back by hand", w.dump(), try(w, command.Of(w.lead), command.Reassign, app.ID, command.Handed{To: who}), "not_fit")
	for code, change := range map[string]func(*flow.Gift){
		"gift_kind":     func(g *flow.Gift) { g.Kind = "yacht" },
		"gift_how":      func(g *flow.Gift) { g.How = "" },
		"gift_what":     func(g *flow.Gift) { g.What = " " },
		"gift_day":      func(g *flow.Gift) { g.Day = string(w.today().AddDays(1)) },
		"text_too_long": func(g *flow.Gift) { g.What = strings.Repeat("茶", flow.GiftRunes+1) },
		"case_unknown":  func(g *flow.Gift) { g.Case = "R-1999-000001" },
		"gift_unknown":  func(g *flow.Gift) { g.Adds = "none" },
	} {
		wrong := gift
		wrong.Case = ""
		change(&wrong)
		w.refused(code, w.dump(), try(w, command.Of(who), command.RegisterGift, records.DeskID, wrong), code)
	}
	if err := try(w, command.Account(w.wang), command.RegisterGift, records.DeskID, gift); !isForbidden(err) {
		t.Errorf("an applicant registers a gift: %v", err)
	}
	must(w, command.Account(app.Applicant), command.Withdraw, app.ID, nothing)
	must(w, command.Of(w.manager), command.EraseHolder, app.Holder, command.Erasing{Asked: "asked_holder"})
	if g := all[*records.Gift](w, nil)[0]; g.What != "" || g.Giver != "" || g.Kind != "gift" {
		t.Errorf("after the erasure: %+v", g)
	}
	w.verifies()
}
