package command_test

// What every test of the acts starts from: a desk with its people, and cases on the true line or put into the tables in
// any state.

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/bundled/institutional"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// world is a desk that stands still unless the test moves it.
type world struct {
	*testkit.Desk
	ctx                          context.Context
	manager, lead, auditor, chen string // staff
	wang, holder                 string // an account and the holder that is the person behind it
	types                        map[string]sdk.Type
	examples                     map[string]sdk.Answers
	people                       int
}

// open starts a desk with a manager, a lead, an auditor, one reviewer, and an account that agreed to everything.
func open(t testing.TB) *world {
	t.Helper()
	d := testkit.Open(t)
	d.Runner.Stop()
	d.Desk.Committed = nil
	return people(t, d)
}

// moving starts the same on a desk whose sweeps run when the test moves the time.
func moving(t testing.TB) *world { return people(t, testkit.Open(t)) }

func people(t testing.TB, d *testkit.Desk) *world {
	t.Helper()
	w := &world{Desk: d, ctx: t.Context(), types: map[string]sdk.Type{},
		examples: map[string]sdk.Answers{"individual": individual.Example(), "institutional": institutional.Example(), "pension": pension.Example()}}
	w.lead = d.Staff("周组长", "lead@example.com", flow.Lead)
	w.auditor = d.Staff("钱审计", "audit@example.com", flow.Auditor)
	w.chen = d.Staff("陈明", "chen@example.com", flow.Reviewer)
	staff, err := records.Find[*records.Staff](d.App.DB(), dbx.HashExp{"email": "manager@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	w.manager = staff.ID
	for id := range w.examples {
		row := load[*records.Type](w, id)
		if w.types[id], err = records.Describe(d.App.DB(), row.Digest); err != nil {
			t.Fatal(err)
		}
	}
	w.wang = w.account("wang@example.com")
	w.holder = w.holderOf(w.wang, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"})
	return w
}

func must[R records.Target, In any](w *world, by command.Caller, act command.Act[R, In], id string, in In) command.Receipt {
	w.T.Helper()
	r, err := command.Run(w.ctx, w.Desk.Desk, by, act, command.At{ID: id}, in)
	if err != nil {
		w.T.Fatalf("%s: %v", act.Name, err)
	}
	return r
}

func try[R records.Target, In any](w *world, by command.Caller, act command.Act[R, In], id string, in In) error {
	_, err := command.Run(w.ctx, w.Desk.Desk, by, act, command.At{ID: id}, in)
	return err
}

func load[R records.Row](w *world, id string) R {
	w.T.Helper()
	row, err := records.Load[R](w.App.DB(), id)
	if err != nil {
		w.T.Fatalf("%s: %v", id, err)
	}
	return row
}

func all[R records.Row](w *world, where dbx.Expression) []R {
	w.T.Helper()
	rows, err := records.All[R](w.App.DB(), where)
	if err != nil {
		w.T.Fatal(err)
	}
	return rows
}

// refused ends the test unless err is this refusal and the tables are as before.
func (w *world) refused(what string, before string, err error, code string) {
	w.T.Helper()
	if !flow.Refused(err, code) {
		w.T.Errorf("%s: %v, want %s", what, err, code)
	}
	w.same(what, before)
}

func (w *world) same(what, before string) {
	w.T.Helper()
	if after := w.dump(); after != before {
		w.T.Errorf("%s was refused, but something was written:\n%s", what, testkit.Difference(before, after))
	}
}

// dump is every row of every table of the desk and of its record, as text.
func (w *world) dump() string {
	w.T.Helper()
	text, err := testkit.Dump(w.App.DB())
	if err != nil {
		w.T.Fatal(err)
	}
	return text
}

// account registers an account by e-mail that agreed to both notices.
func (w *world) account(mail string) string {
	w.T.Helper()
	id := must(w, command.Caller{Role: flow.Guest, ID: "browser-" + mail}, command.Register, records.DeskID,
		command.NewAccount{Channel: "mail", Contact: mail, Lang: "zh-Hans", Proved: true}).Answer["id"]
	for _, kind := range []string{"privacy", "identity"} {
		must(w, command.Account(id), command.Agree, id, command.Agreement{Kind: kind, Version: command.AgreementVersion})
	}
	return id
}

func (w *world) holderOf(account string, in command.NewHolder) string {
	w.T.Helper()
	return must(w, command.Account(account), command.AddHolder, account, in).Answer["id"]
}

// somebody is an account with the holder behind it, and answers of their own.
func (w *world) somebody() (account, holder string) {
	w.T.Helper()
	w.people++
	account = w.account(fmt.Sprintf("p%d@example.com", w.people))
	return account, w.holderOf(account, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"})
}

// draft starts an application and answers every page with the type's example, changed.
func (w *world) draft(account, holder, typ string, change map[string]string) string {
	w.T.Helper()
	id := must(w, command.Account(account), command.Start, holder, command.Beginning{Type: typ, Lang: "zh-Hans"}).Answer["id"]
	answers := w.examples[typ]
	for _, p := range w.types[typ].Pages {
		if !p.When.Shown(answers) {
			continue
		}
		entered := map[string]string{}
		for _, q := range p.Questions {
			entered[q.ID] = answers[q.ID]
			if v, ok := change[q.ID]; ok {
				entered[q.ID] = v
			}
		}
		must(w, command.Account(account), command.SaveDraft, id, command.PageAnswers{Page: p.ID, Entered: entered})
	}
	return id
}

// document stores bytes as a picture for a slot.
func (w *world) document(app, slot, content string) command.Stored {
	w.T.Helper()
	return w.Desk.Document(app, slot, content)
}

// filled is a draft that could be submitted.
func (w *world) filled(account, holder, typ string, change map[string]string) string {
	w.T.Helper()
	id := w.draft(account, holder, typ, change)
	met := map[string]bool{}
	for _, s := range w.types[typ].Slots {
		if s.Optional || !s.When.Shown(w.examples[typ]) || s.OneOf != "" && met[s.OneOf] {
			continue
		}
		met[s.OneOf] = true
		must(w, command.Account(account), command.AddDocument, id, w.document(id, s.ID, "picture of "+s.ID))
	}
	return id
}

// submitted hands a case in.
func (w *world) submitted(account, holder, typ string) string {
	w.T.Helper()
	id := w.filled(account, holder, typ, nil)
	must(w, command.Account(account), command.Submit, id, command.Submission{Declared: true})
	return id
}

// judge gives every item of the checklist the same verdict.
func (w *world) judge(staff, id, value string) {
	w.T.Helper()
	app := load[*records.Application](w, id)
	for _, item := range flow.ItemsShown(w.types[app.Type], w.examples[app.Type]) {
		must(w, command.Of(staff), command.Verdict, id, command.Judged{Item: item.ID, Value: value})
	}
}

// passed is a case that its assignee passed; the certificate's ID.
func (w *world) passed(account, holder, typ string) (id, certificate string) {
	w.T.Helper()
	id = w.submitted(account, holder, typ)
	who := load[*records.Application](w, id).Assignee
	w.judge(who, id, flow.VerdictOK)
	must(w, command.Of(who), command.Decide, id, command.Result{Outcome: flow.Passed})
	c, err := records.Find[*records.Certificate](w.App.DB(), dbx.HashExp{"application": id})
	if err != nil {
		w.T.Fatal(err)
	}
	return id, c.ID
}

// rejected is a case that its assignee did not pass.
func (w *world) rejected(account, holder, typ string, reasons ...string) string {
	w.T.Helper()
	id := w.submitted(account, holder, typ)
	must(w, command.Of(load[*records.Application](w, id).Assignee), command.Decide, id, command.Result{Outcome: flow.NotPassed, Reasons: reasons})
	return id
}

// settings are the desk's, to change one of them.
func (w *world) settings() command.Settings {
	d := load[*records.Desk](w, records.DeskID)
	return command.Settings{NameZh: d.NameZh, NameEn: d.NameEn, Zone: d.Zone, Lang: d.Lang, PublicURL: d.PublicURL, Hotline: d.Hotline, HoursZh: d.HoursZh, HoursEn: d.HoursEn,
		Free: d.Free, TakeBackMinutes: d.TakeBackMinutes, SMSTested: d.SMSTested}
}

// takeBack lets results wait for so many minutes.
func (w *world) takeBack(minutes int64) {
	w.T.Helper()
	s := w.settings()
	s.TakeBackMinutes = minutes
	must(w, command.Of(w.manager), command.Adjust, records.DeskID, s)
}

// verifies ends the test unless the record holds.
func (w *world) verifies() {
	w.T.Helper()
	report, err := w.Desk.Desk.Verify(w.ctx)
	if err != nil || !report.OK() {
		w.T.Fatalf("the record does not verify: %+v %v", report.Findings, err)
	}
}

func (w *world) today() flow.Day {
	w.T.Helper()
	day, err := w.Desk.Desk.Today(w.ctx)
	if err != nil {
		w.T.Fatal(err)
	}
	return day
}

// sql changes the tables behind the desk's back.
func (w *world) sql(q string, params ...dbx.Params) {
	w.T.Helper()
	query := w.App.DB().NewQuery(q)
	if len(params) > 0 {
		query.Bind(params[0])
	}
	if _, err := query.Execute(); err != nil {
		w.T.Fatalf("%s: %v", q, err)
	}
}

// insert puts a row into its table as it is.
func (w *world) insert(row records.Row) {
	w.T.Helper()
	w.Desk.Insert(row)
}

// kept reports whether a stored document is still there.
func (w *world) kept(app, name string) bool {
	w.T.Helper()
	r, err := w.Desk.Desk.Blobs.Open("case-"+app, name)
	if err == nil {
		r.Close()
	}
	return err == nil
}

const day = 24 * time.Hour

func isForbidden(err error) bool {
	return errors.Is(err, command.ErrForbidden) || errors.Is(err, records.ErrNotFound)
}
