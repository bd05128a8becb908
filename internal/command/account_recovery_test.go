package command_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

const newPhone = "+8613800138066"

// lost is what is taken in of somebody with a new phone.
func lost(account string) command.Lost {
	return command.Lost{Account: account, Who: flow.SamePerson, Channel: "sms", Contact: newPhone, Seen: []string{flow.SeenID}, Note: "手机丢了", Lang: "zh-Hans"}
}

func (w *world) recovery(holder string, in command.Lost) string {
	w.T.Helper()
	return must(w, command.Of(w.chen), command.AskRecovery, holder, in).Answer["id"]
}

// TestRecovery gives an account back to the person with another phone: taken in by one, agreed by another, told to the contact of
// before, and only after the days to say no does the new phone open it, and nothing of before.
func TestRecovery(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	must(w, command.Account(account), command.Reset, account, command.NewPassword{Hash: "x"})
	old := load[*records.Applicant](w, account)
	must(w, command.Caller{Role: flow.Guest, ID: "b"}, command.SignIn, account, command.NewSession{Digest: "a thief", How: "password"})

	stranger := w.account("stranger@example.com")
	w.refused("an account that does not act", w.dump(), try(w, command.Of(w.chen), command.AskRecovery, holder, lost(stranger)), "not_acting")
	bad := lost(account)
	bad.Seen = nil
	w.refused("no card", w.dump(), try(w, command.Of(w.chen), command.AskRecovery, holder, bad), "id_not_seen")
	bad = lost(account)
	bad.Contact = "12"
	w.refused("no number", w.dump(), try(w, command.Of(w.chen), command.AskRecovery, holder, bad), "phone_wrong")
	if err := try(w, command.Account(account), command.AskRecovery, holder, lost(account)); err != records.ErrNotFound {
		t.Error("the account takes itself in:", err)
	}
	id := w.recovery(holder, lost(account))
	w.refused("twice", w.dump(), try(w, command.Of(w.lead), command.AskRecovery, holder, lost(account)), "recovery_open")
	if len(w.Messages("recovery_agreed")) != 0 {
		t.Error("told before anybody agreed")
	}
	before := w.dump()
	if err := try(w, command.Of(w.chen), command.AgreeRecovery, id, nothing); !isForbidden(err) {
		t.Error("who took it in agrees:", err)
	}
	w.refused("before anybody agreed", before, try(w, command.Itself, command.EndRecovery, id, nothing), "not_now")

	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	r := load[*records.Recovery](w, id)
	if r.State != flow.Pending || r.DueOn != string(w.today().AddDays(3)) || r.Second != w.lead || len(w.Messages("recovery_agreed")) != 1 {
		t.Fatalf("agreed: %+v", r)
	}
	if a := load[*records.Applicant](w, account); a.Email != old.Email || a.Password != old.Password || a.PhoneOK != old.PhoneOK {
		t.Fatal("the account changed before its day")
	}
	must(w, command.Itself, command.EndRecovery, id, nothing)
	a := load[*records.Applicant](w, account)
	if a.Email != "" || a.Verified || a.Password != "" || !a.PhoneOK || a.PhoneBlind != w.Desk.Desk.BlindPhone(newPhone) || a.Channel != "sms" {
		t.Errorf("the account afterwards: %+v", a)
	}
	if s := load[*records.Session](w, "a thief"); s.State != flow.Closed {
		t.Error("a session of before is open")
	}
	if found, err := command.FindAccount(w.Desk.Desk, w.App.DB(), "sms", newPhone); err != nil || found.ID != account {
		t.Error("the new phone opens nothing:", err)
	}
	if len(w.Messages("contact_changed")) != 1 || len(w.Messages("recovery_done")) != 1 {
		t.Error("who is told:", len(w.Messages("contact_changed")), len(w.Messages("recovery_done")))
	}
	if r = load[*records.Recovery](w, id); r.State != flow.Resolved || r.Into != account || r.EndedAt == "" {
		t.Errorf("the recovery: %+v", r)
	}
	w.verifies()
}

// TestRecoveryRefused lets whoever has the account say no until the day; leads and managers hear of it, whoever came hears that it was
// not given out.
func TestRecoveryRefused(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	id := w.recovery(holder, lost(account))
	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	stranger := w.account("stranger@example.com")
	if err := try(w, command.Account(stranger), command.DropRecovery, id, command.Reasoned{}); err != records.ErrNotFound {
		t.Error("a stranger says no:", err)
	}
	must(w, command.Account(account), command.DropRecovery, id, command.Reasoned{})
	r, a := load[*records.Recovery](w, id), load[*records.Applicant](w, account)
	if r.State != flow.Withdrawn || r.EndedBy != account || r.DueOn != "" || !a.Verified {
		t.Errorf("afterwards: %+v %+v", r, a)
	}
	if len(w.Messages("recovery_refused")) != 2 || len(w.Messages("recovery_dropped")) != 1 {
		t.Error("who is told:", len(w.Messages("recovery_refused")), len(w.Messages("recovery_dropped")))
	}
	w.refused("after it was refused", w.dump(), try(w, command.Itself, command.EndRecovery, id, nothing), "not_now")

	id = w.recovery(holder, lost(account)) // the person may come again
	w.refused("a colleague says no without a word", w.dump(), try(w, command.Of(w.lead), command.DropRecovery, id, command.Reasoned{Reason: " "}), "reason_needed")
	must(w, command.Of(w.chen), command.DropRecovery, id, command.Reasoned{Reason: "证件是复印件"})
	if r := load[*records.Recovery](w, id); r.State != flow.Withdrawn || len(w.Messages("recovery_refused")) != 2 {
		t.Errorf("stopped by a colleague: %+v", r)
	}
	w.verifies()
}

// TestRecoveryAtOnce gives an account that nobody can sign in to, made at the counter, to the contact at once: nobody could object. Where
// the contact has an account already, that one acts for the holder, and the empty one is closed.
func TestRecoveryAtOnce(t *testing.T) {
	w := open(t)
	taken := func() *records.Application {
		id := must(w, command.Of(w.chen), command.Take, records.DeskID, command.Taking{Type: "pension", Name: "李样本", How: "counter", Agreed: true}).Answer["id"]
		return w.row(id)
	}
	app := taken()
	id := w.recovery(app.Holder, lost(app.Applicant))
	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	if a := load[*records.Applicant](w, app.Applicant); !a.PhoneOK || len(w.Messages("recovery_agreed")) != 0 {
		t.Errorf("the account made at the counter: %+v", a)
	}

	second := taken()
	id = w.recovery(second.Holder, lost(second.Applicant))
	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	h := load[*records.Holder](w, second.Holder)
	if m := h.Members(); len(m) != 1 || m[0].Applicant != app.Applicant || m[0].Role != "owner" || h.Owner != app.Applicant {
		t.Errorf("who acts for the second holder: %+v", h)
	}
	if a := load[*records.Applicant](w, second.Applicant); a.State != flow.Closed {
		t.Error("an account that nobody can sign in to and that acts for nobody stays:", a.State)
	}
	if r := load[*records.Recovery](w, id); r.Into != app.Applicant || r.State != flow.Resolved {
		t.Errorf("the recovery: %+v", r)
	}
	w.verifies()
}

// TestRecoveryOfAnInstitution lets another person act for an institution in place of its owner, whose own account stays as it was; what is
// to be told about its cases goes to whoever acts for it now.
func TestRecoveryOfAnInstitution(t *testing.T) {
	w := open(t)
	owner := command.Account(w.wang)
	home := w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青合作社"})
	app := w.submitted(w.wang, home, "institutional")
	in := lost(w.wang)
	in.Who = flow.OtherPerson
	w.refused("no letter", w.dump(), try(w, command.Of(w.chen), command.AskRecovery, home, in), "letter_not_seen")
	in.Seen = []string{flow.SeenID, flow.SeenLetter}
	id := w.recovery(home, in)
	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	before := load[*records.Applicant](w, w.wang)
	must(w, command.Itself, command.EndRecovery, id, nothing)
	r, h := load[*records.Recovery](w, id), load[*records.Holder](w, home)
	if m := h.Members(); len(m) != 1 || m[0].Applicant != r.Into || m[0].Role != "owner" || h.Owner != r.Into || r.Into == w.wang {
		t.Errorf("who acts now: %+v, %+v", h, r)
	}
	if a := load[*records.Applicant](w, w.wang); a.Email != before.Email || a.Password != before.Password || a.State != flow.Active || len(w.Messages("recovery_moved")) != 1 {
		t.Errorf("the account of before: %+v", a)
	}
	if err := try(w, owner, command.Withdraw, app, nothing); err != records.ErrNotFound {
		t.Error("who left still acts:", err)
	}
	must(w, command.Account(r.Into), command.Withdraw, app, nothing)
	told := all[*records.Message](w, dbx.HashExp{"notice": "withdrawn", "application": app})
	if len(told) != 1 || told[0].Person != r.Into {
		t.Errorf("who is told of the case: %+v", told)
	}
	if by := w.row(app).Speaker(); by != r.Into {
		t.Errorf("who is rung about the case: %s, not %s", by, r.Into)
	}
	w.verifies()
}

// TestRecoveryOfASharedMailbox lets the successor go on with the mailbox of the office: the same account, but what its last owner knew opens
// nothing any more.
func TestRecoveryOfASharedMailbox(t *testing.T) {
	w := open(t)
	home := w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青合作社"})
	must(w, command.Account(w.wang), command.Reset, w.wang, command.NewPassword{Hash: "x"})
	mailbox := load[*records.Applicant](w, w.wang).Email
	id := w.recovery(home, command.Lost{Account: w.wang, Who: flow.OtherPerson, Channel: "mail", Contact: mailbox, Seen: []string{flow.SeenID, flow.SeenLetter}, Note: "负责人换了，邮箱是单位的"})
	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	must(w, command.Itself, command.EndRecovery, id, nothing)
	a, r := load[*records.Applicant](w, w.wang), load[*records.Recovery](w, id)
	if r.Into != w.wang || a.Email != mailbox || !a.Verified || a.Password != "" {
		t.Errorf("afterwards: %+v %+v", a, r)
	}
	w.verifies()
}

// TestRecoveryByWhoWasThere lets somebody act again who once acted for the institution and was removed.
func TestRecoveryByWhoWasThere(t *testing.T) {
	w := open(t)
	home := w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青合作社"})
	clerk := w.account("clerk@example.com")
	must(w, command.Account(w.wang), command.AddMember, home, command.Membership{Channel: "mail", Contact: "clerk@example.com", Role: "clerk"})
	member := all[*records.Member](w, dbx.HashExp{"holder": home, "applicant": clerk})[0]
	must(w, command.Account(w.wang), command.RemoveMember, home, command.Leaving{Member: member.ID})
	id := w.recovery(home, command.Lost{Account: w.wang, Who: flow.OtherPerson, Channel: "mail", Contact: "clerk@example.com", Seen: []string{flow.SeenID, flow.SeenLetter}, Note: "负责人离职，原经办人接手"})
	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	must(w, command.Itself, command.EndRecovery, id, nothing)
	h := load[*records.Holder](w, home)
	if m := h.Members(); len(m) != 1 || m[0].Applicant != clerk || m[0].Role != "owner" || h.Owner != clerk {
		t.Errorf("who acts now: %+v", h)
	}
	w.verifies()
}

// TestRecoveryOfNobody ends without anything where the holder is erased, agreed or not, or the account acts no more before the day comes.
func TestRecoveryOfNobody(t *testing.T) {
	w := open(t)
	for _, agreed := range []bool{true, false} {
		account, holder := w.somebody()
		id := w.recovery(holder, lost(account))
		if agreed {
			must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
		}
		must(w, command.Of(w.manager), command.EraseHolder, holder, command.Erasing{Asked: "asked_holder"})
		r, a := load[*records.Recovery](w, id), load[*records.Applicant](w, account)
		if r.Contact != "" || r.Note != "" || r.State != flow.Withdrawn || r.DueOn != "" || !a.Verified {
			t.Errorf("what the erasure left: %+v %+v", r, a)
		}
		w.refused("after the erasure", w.dump(), try(w, command.Itself, command.EndRecovery, id, nothing), "not_now")
	}
	home := w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青合作社"})
	clerk := w.account("clerk@example.com")
	must(w, command.Account(w.wang), command.AddMember, home, command.Membership{Channel: "mail", Contact: "clerk@example.com", Role: "clerk"})
	id := w.recovery(home, lost(clerk))
	must(w, command.Of(w.lead), command.AgreeRecovery, id, nothing)
	member := all[*records.Member](w, dbx.HashExp{"holder": home, "applicant": clerk})[0]
	must(w, command.Account(w.wang), command.RemoveMember, home, command.Leaving{Member: member.ID})
	must(w, command.Itself, command.EndRecovery, id, nothing)
	if r, a := load[*records.Recovery](w, id), load[*records.Applicant](w, clerk); r.State != flow.Withdrawn || r.Into != "" || !a.Verified {
		t.Errorf("of whom acts no more: %+v %+v", r, a)
	}
	w.verifies()
}
