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

const fatherPhone = "+8613800138088"

func TestConsent(t *testing.T) {
	w := open(t)
	wang := command.Account(w.wang)
	father := w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderPerson, Name: "李样本", Phone: fatherPhone})
	if h := load[*records.Holder](w, father); h.State != flow.Pending {
		t.Fatalf("acting before the holder agreed: %s", h.State)
	}
	w.refused("starting before", w.dump(), try(w, wang, command.Start, father, command.Beginning{Type: "pension"}), "not_now")
	for _, bad := range []command.Given{{}, {How: "sheet"}, {How: "code"}, {How: "word"}} {
		w.refused("agreeing by "+bad.How, w.dump(), try(w, wang, command.AgreeActing, father, bad), "consent_how")
	}
	must(w, wang, command.AgreeActing, father, command.Given{How: "code", Phone: fatherPhone})
	if len(w.Messages("consent_given")) != 2 {
		t.Errorf("%d told", len(w.Messages("consent_given")))
	}
	id := w.draft(w.wang, father, "pension", nil)

	// the holder ends it on their own phone, with no account: nobody else's phone does
	guest := func(phone string) command.Caller {
		return command.Caller{Role: flow.Guest, ID: w.Desk.Desk.BlindPhone(phone)}
	}
	before := w.dump()
	if err := try(w, guest("+8613800138077"), command.EndActing, father, struct{}{}); !isForbidden(err) {
		t.Errorf("another phone: %v", err)
	}
	w.same("another phone", before)
	must(w, guest(fatherPhone), command.EndActing, father, struct{}{})
	h := load[*records.Holder](w, father)
	given := all[*records.Consent](w, dbx.HashExp{"holder": father})
	if h.State != flow.Withdrawn || len(h.Members()) != 0 || len(given) != 1 || given[0].State != flow.Withdrawn || given[0].WithdrawnAt == "" || len(w.Messages("consent_withdrawn")) != 2 {
		t.Errorf("ended: %+v %+v", h, given)
	}
	before = w.dump()
	if err := try(w, wang, command.SaveDraft, id, command.PageAnswers{Page: "name", Entered: map[string]string{"name": "李样本"}}); !isForbidden(err) {
		t.Errorf("going on without consent: %v", err)
	}
	w.same("going on without consent", before)

	// by a photographed sheet, ended by the helper
	mother := w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderPerson, Name: "赵样本"})
	sheet := w.document(id, "consent", "the sheet")
	must(w, wang, command.AgreeActing, mother, command.Given{How: "sheet", Sheet: sheet})
	if h := load[*records.Holder](w, mother); h.State != flow.Active || h.Sheet == "" || h.How != "sheet" {
		t.Errorf("by a sheet: %+v", h)
	}
	must(w, wang, command.EndActing, mother, struct{}{})

	own := w.account("own@example.com")
	must(w, command.Account(own), command.ConfirmContact, own, command.Contact{Channel: "sms", To: "+8613800138066"})
	w.refused("one's own phone for another", w.dump(), try(w, command.Account(own), command.AddHolder, own, command.NewHolder{Kind: sdk.HolderPerson, Name: "李样本", Phone: "+8613800138066"}), "phone_is_yours")
	w.refused("a second self", w.dump(), try(w, wang, command.AddHolder, w.wang, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"}), "already_holders")
	w.verifies()
}

func TestIdentityConsentAndDocuments(t *testing.T) {
	w := open(t)
	wang := command.Account(w.wang)
	id := w.draft(w.wang, w.holder, "individual", nil)
	first := w.document(id, "id_front", "one picture")
	must(w, wang, command.Disagree, w.wang, command.Agreement{Kind: "identity"})
	w.refused("a document without consent", w.dump(), try(w, wang, command.AddDocument, id, first), "identity_consent_needed")
	w.refused("an old notice", w.dump(), try(w, wang, command.Agree, w.wang, command.Agreement{Kind: "identity", Version: "1999"}), "version_changed")
	must(w, wang, command.Agree, w.wang, command.Agreement{Kind: "identity", Version: command.AgreementVersion})

	doc := must(w, wang, command.AddDocument, id, first).Answer["id"]
	again := w.document(id, "id_front", "one picture")
	if same, err := command.Deposit(w.ctx, w.Desk.Desk, wang, command.AddDocument, command.At{ID: id}, again, again); err != nil || same.Answer["id"] != doc {
		t.Errorf("the same picture twice is %s and %s: %v", doc, same.Answer["id"], err)
	}
	if w.kept(id, again.Blob) || w.kept(id, again.Views[0]) || !w.kept(id, first.Blob) {
		t.Error("the second copy's bytes are kept, or the first one's are not")
	}
	other := w.document(id, "id_front", "another picture")
	w.refused("a second picture", w.dump(), try(w, wang, command.AddDocument, id, other), "slot_full")
	pdf := other
	pdf.Media = "application/pdf"
	w.refused("a PDF where only pictures go", w.dump(), try(w, wang, command.AddDocument, id, pdf), "slot_pictures_only")
	w.refused("an unknown slot", w.dump(), try(w, wang, command.AddDocument, id, command.Stored{Slot: "invented"}), "slot_unknown")
	other.Replace = doc
	replaced := must(w, wang, command.AddDocument, id, other).Answer["id"]
	if w.kept(id, first.Blob) || w.kept(id, first.Views[0]) || !w.kept(id, other.Blob) {
		t.Error("replaced: the old bytes are kept, or the new ones are not")
	}
	must(w, wang, command.RemoveDocument, id, command.Removal{Document: replaced})
	if d := load[*records.Document](w, replaced); w.kept(id, other.Blob) || d.State != flow.Closed || d.Blob != "" {
		t.Errorf("removed: %+v", d)
	}
	if err := try(w, wang, command.RemoveDocument, id, command.Removal{Document: replaced}); !isForbidden(err) {
		t.Errorf("removed twice: %v", err)
	}
	last := w.document(id, "id_front", "the last picture")
	must(w, wang, command.AddDocument, id, last)
	must(w, wang, command.Discard, id, struct{}{})
	if app := load[*records.Application](w, id); w.kept(id, last.Blob) || app.Answers != "" || app.Name != "" {
		t.Errorf("discarded: %+v", app)
	}
	w.verifies()
}

func TestDayCode(t *testing.T) {
	w := open(t)
	id := w.draft(w.wang, w.holder, "pension", nil)
	app := load[*records.Application](w, id)
	d := must(w, command.Account(w.wang), command.AddDocument, id, w.document(id, "photo", "with a number")).Answer["id"]
	today, code := w.today(), load[*records.Document](w, d).DayCode
	if code != w.Desk.Desk.DayCode(app, today) || len(code) != 4 || strings.Trim(code, "0123456789") != "" {
		t.Errorf("the code is %q", code)
	}
	codes := map[string]bool{}
	for i := range 20 {
		codes[w.Desk.Desk.DayCode(app, today.AddDays(i))] = true
	}
	if len(codes) < 15 {
		t.Errorf("%d codes in 20 days", len(codes))
	}
	front := must(w, command.Account(w.wang), command.AddDocument, id, w.document(id, "id_front", "front")).Answer["id"]
	if load[*records.Document](w, front).DayCode != "" {
		t.Error("a code where none is asked")
	}
}

func TestMembers(t *testing.T) {
	w := open(t)
	wang := command.Account(w.wang)
	home := w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderInstitution, Name: "云杉里养老服务中心（样本）"})
	zhou := w.account("zhou@example.com")
	w.refused("somebody without an account", w.dump(), try(w, wang, command.AddMember, home, command.Membership{Channel: "mail", Contact: "none@example.com", Role: "clerk"}), "no_such_account")
	w.refused("a wrong address", w.dump(), try(w, wang, command.AddMember, home, command.Membership{Channel: "mail", Contact: "none", Role: "clerk"}), "email_wrong")
	w.refused("an unknown role", w.dump(), try(w, wang, command.AddMember, home, command.Membership{Channel: "mail", Contact: "zhou@example.com", Role: "king"}), "not_an_institution")
	w.refused("a member of a person", w.dump(), try(w, wang, command.AddMember, w.holder, command.Membership{Channel: "mail", Contact: "zhou@example.com", Role: "clerk"}), "not_an_institution")
	must(w, wang, command.AddMember, home, command.Membership{Channel: "mail", Contact: "Zhou@Example.com", Role: "clerk"})
	members := map[string]string{}
	for _, m := range load[*records.Holder](w, home).Members() {
		members[m.Applicant] = m.ID
	}
	id := w.draft(zhou, home, "institutional", nil)
	before := w.dump()
	if err := try(w, command.Account(zhou), command.RemoveMember, home, command.Leaving{Member: members[w.wang]}); !isForbidden(err) {
		t.Errorf("a clerk removes the owner: %v", err)
	}
	w.same("a clerk removing the owner", before)
	w.refused("the last owner", w.dump(), try(w, wang, command.RemoveMember, home, command.Leaving{Member: members[w.wang]}), "last_owner")
	must(w, wang, command.RemoveMember, home, command.Leaving{Member: members[zhou]})
	if err := try(w, command.Account(zhou), command.SaveDraft, id, command.PageAnswers{Page: "address", Entered: map[string]string{"address": "x"}}); !isForbidden(err) {
		t.Errorf("a former member: %v", err)
	}
	must(w, wang, command.AddMember, home, command.Membership{Channel: "mail", Contact: "zhou@example.com", Role: "owner"})
	must(w, command.Account(zhou), command.RemoveMember, home, command.Leaving{Member: members[w.wang]})
	if owners := load[*records.Holder](w, home).Subject().Owners; len(owners) != 1 || owners[0] != zhou {
		t.Errorf("owners: %v", owners)
	}
	if err := try(w, wang, command.Start, home, command.Beginning{Type: "institutional"}); !isForbidden(err) {
		t.Errorf("a former owner: %v", err)
	}
	w.refused("the wrong holder", w.dump(), try(w, command.Account(zhou), command.Start, home, command.Beginning{Type: "individual"}), "wrong_holder")
	w.verifies()
}

func TestCloseAccount(t *testing.T) {
	w := open(t)
	account, holder := w.somebody()
	by := command.Account(account)
	must(w, by, command.SignIn, account, command.NewSession{Digest: "here", How: "mail_code"})
	id := w.submitted(account, holder, "individual")
	w.refused("closing with a case open", w.dump(), try(w, by, command.CloseAccount, account, struct{}{}), "applications_open")
	must(w, by, command.Withdraw, id, struct{}{})
	must(w, by, command.CloseAccount, account, struct{}{})
	a := load[*records.Applicant](w, account)
	if a.State != flow.Closed || a.Email != "" || a.Password != "" || load[*records.Session](w, "here").State != flow.Closed {
		t.Errorf("closed: %+v", a)
	}
	if again := w.account("p1@example.com"); again == account {
		t.Error("the address does not make a new account")
	}
	before := w.dump()
	if err := try(w, by, command.SignIn, account, command.NewSession{Digest: "there"}); !isForbidden(err) {
		t.Errorf("signing in to a closed account: %v", err)
	}
	w.same("signing in", before)
	w.refused("a channel that was not confirmed", w.dump(), try(w, command.Account(w.wang), command.ChooseChannel, w.wang, command.Preference{Channel: "sms", Lang: "en"}), "channel_not_confirmed")
	w.refused("a contact of somebody else", w.dump(), try(w, command.Account(w.wang), command.ConfirmContact, w.wang, command.Contact{Channel: "mail", To: "p1@example.com"}), "already_applicants")
	w.verifies()
}
