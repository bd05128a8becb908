package command_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// register is a register of before with so many lines; the first two belong to one person.
func oldRegister(w *world, n int) command.OldRegister {
	today := w.today()
	r := command.OldRegister{File: "旧登记册.xlsx", Mark: records.NewID(), Type: "pension"}
	for i := range n {
		l := flow.ImportLine{Line: i + 2, Number: fmt.Sprintf("BJ-%04d", i), Type: "pension", Name: "李样本", State: flow.Valid, From: today.AddMonths(-5), Until: today.AddMonths(7)}
		switch i {
		case 0:
			l.ID, l.Phone = "11010519491231002X", "+8613800138042"
		case 1:
			l.ID, l.State = "11010519491231002X", flow.Revoked
		case 2:
			l.Number = "C-" + string(today[:4]) + "-004711"
		case 3:
			l.State, l.Until = flow.Expired, today.AddDays(-1)
		}
		r.Lines = append(r.Lines, l)
	}
	return r
}

func (w *world) imports(by command.Caller, r command.OldRegister) error {
	_, err := command.ImportRegister(w.ctx, w.Desk.Desk, by, r, func(int) {})
	return err
}

func certificateNumbered(w *world, number string) *records.Certificate {
	w.T.Helper()
	c, err := records.Find[*records.Certificate](w.App.DB(), dbx.HashExp{"number": number})
	if err != nil {
		w.T.Fatal(number, err)
	}
	return c
}

// A register that was taken over lives on like everything else: found, sealed, on record, re-checked, warned of, renewed, erased.
func TestImport(t *testing.T) {
	w := open(t)
	before := w.size()
	in := oldRegister(w, 120)
	if err := w.imports(command.Of(w.manager), in); err != nil {
		t.Fatal(err)
	}
	if n := w.size() - before; n != 3 {
		t.Errorf("%d entries for 120 lines", n)
	}
	if n := len(all[*records.Certificate](w, dbx.NewExp("imported<>''"))); n != 120 {
		t.Errorf("%d certificates", n)
	}
	first, second := certificateNumbered(w, "BJ-0000"), certificateNumbered(w, "BJ-0001")
	if first.Holder != second.Holder || first.State != flow.Valid || second.State != flow.Revoked || second.RecheckOn != "" || second.WarnOn != "" {
		t.Errorf("%+v %+v", first, second)
	}
	if first.WarnOn == "" || first.ValidFrom != string(in.Lines[0].From) {
		t.Errorf("nobody is told when it ends: %+v", first)
	}
	if c := certificateNumbered(w, "BJ-0003"); c.State != flow.Expired {
		t.Errorf("%+v", c)
	}
	name, _, tail, _, err := w.Desk.Desk.CertificateText(first)
	if err != nil || name != "李样本" || tail != "002X" {
		t.Errorf("%q %q %v", name, tail, err)
	}
	for _, blind := range []string{w.Desk.Desk.BlindID("11010519491231002X"), w.Desk.Desk.BlindPhone("+8613800138042"), w.Desk.Desk.BlindName("李样本")} {
		if n := len(all[*records.Person](w, dbx.HashExp{"blind": blind, "application": first.Application})); n != 1 {
			t.Errorf("found %d times by one of the person's indexes", n)
		}
	}
	if text := w.dump(); strings.Contains(text, "李样本") || strings.Contains(text, "11010519491231002X") || strings.Contains(text, "13800138042") || strings.Contains(text, "旧登记册") {
		t.Error("something of a person stands in clear")
	}
	_, own := w.passed(w.wang, w.holder, "pension")
	if c := load[*records.Certificate](w, own); !strings.HasSuffix(c.Number, "-004712") {
		t.Errorf("the desk's own series goes on with %s", c.Number)
	}
	w.Clock.Move(200 * day)
	must(w, command.Account(load[*records.Holder](w, first.Holder).Owner), command.Renew, first.ID, nothing)
	w.verifies()

	revoked := certificateNumbered(w, "BJ-0010")
	if err := try(w, command.Of(w.manager), command.EraseHolder, revoked.Holder, command.Erasing{Asked: "asked_holder"}); !flow.Refused(err, "erase_certificate") {
		t.Errorf("erased with a certificate that stands: %v", err)
	}
	must(w, command.Of(w.lead), command.Revoke, revoked.ID, command.Reasoned{Reason: "试一试"})
	must(w, command.Of(w.manager), command.EraseHolder, revoked.Holder, command.Erasing{Asked: "asked_holder"})
	w.verifies()
	must(w, command.Of(w.lead), command.Revoke, first.ID, command.Reasoned{Reason: "试一试"})
	for _, app := range all[*records.Application](w, dbx.HashExp{"holder": first.Holder, "state": "draft"}) {
		must(w, command.Account(app.Applicant), command.Discard, app.ID, nothing)
	}
	must(w, command.Of(w.manager), command.EraseHolder, first.Holder, command.Erasing{Asked: "asked_holder"})
	if a := load[*records.Applicant](w, load[*records.Holder](w, first.Holder).Owner); a.Phone != "" || a.State != flow.Closed {
		t.Errorf("the phone of somebody who was erased is kept: %+v", a)
	}
	w.verifies()
}

// What cannot be taken over whole is not taken over at all.
func TestImportIsWholeOrNothing(t *testing.T) {
	w := open(t)
	_, own := w.passed(w.wang, w.holder, "pension")
	has := load[*records.Certificate](w, own)
	before := w.dump()
	clash := oldRegister(w, 120)
	clash.Lines[110].Number = has.Number
	w.refused("a number that is taken", before, w.imports(command.Of(w.manager), clash), "import_clash")
	same := oldRegister(w, 120)
	same.Lines[60].ID = w.examples["pension"][w.types["pension"].Persons[0].ID]
	w.refused("a holder who has one", before, w.imports(command.Of(w.manager), same), "import_clash")
	same.Lines[60].State = flow.Revoked
	twice := oldRegister(w, 120)
	twice.Lines[119].Number = twice.Lines[0].Number
	w.refused("a number twice", before, w.imports(command.Of(w.manager), twice), "import_clash")
	unknown := oldRegister(w, 60)
	unknown.Lines[55].Type = "nothing"
	if err := w.imports(command.Of(w.manager), unknown); err == nil {
		t.Error("a type that is not there")
	}
	w.same("a type that is not there", before)
	w.refused("nothing", before, w.imports(command.Of(w.manager), command.OldRegister{}), "import_empty")
	for _, who := range []string{w.lead, w.auditor, w.chen} {
		if err := w.imports(command.Of(who), oldRegister(w, 3)); !isForbidden(err) {
			t.Errorf("taken over by somebody else: %v", err)
		}
	}
	ctx, stop := context.WithCancel(w.ctx)
	_, err := command.ImportRegister(ctx, w.Desk.Desk, command.Of(w.manager), oldRegister(w, 120), func(n int) {
		if n == 100 {
			stop()
		}
	})
	if err == nil {
		t.Error("taken over although the desk stopped")
	}
	w.same("the desk stopped", before)

	good := oldRegister(w, 5)
	if err := w.imports(command.Of(w.manager), good); err != nil {
		t.Fatal(err)
	}
	before = w.dump()
	for i := range good.Lines {
		good.Lines[i].Number, good.Lines[i].ID = fmt.Sprintf("SH-%d", i), ""
	}
	w.refused("the same file", before, w.imports(command.Of(w.manager), good), "already_imports")
	w.verifies()
}
