package hooks_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
)

// answered is what a ready question answers.
type answered struct {
	Rows []struct {
		Seq              int64
		Act, Actor, Who  string
		Ref, Target, Why string
		Seconds          int
		Never, In        bool
		Document         map[string]string
	}
	Found int
	Kind  string
}

func (a answered) acts() string {
	var all []string
	for _, r := range a.Rows {
		all = append(all, r.Act)
	}
	return strings.Join(all, " ")
}

// inquire asks a ready question, and checks that each entry of the answer is proved and that asking was recorded.
func inquire(t *testing.T, d *testkit.Desk, b *testkit.Browser, path string) (a answered) {
	t.Helper()
	before, err := ledger.Size(d.App.DB())
	if err != nil {
		t.Fatal(err)
	}
	b.Call("GET", "/api/desk/record/questions/"+path, nil, &a).Want(200)
	name, _, _ := strings.Cut(path, "?")
	e, found, err := ledger.Get(d.App.DB(), before+1)
	if err != nil || !found || e.Act != string(flow.SearchRecord) || e.Reason != name {
		t.Errorf("%s is not on record: %+v %v", path, e, err)
	}
	for _, r := range a.Rows {
		if !r.In {
			t.Errorf("entry %d is not proved", r.Seq)
		}
	}
	return a
}

// planted makes a case of the example person that chen has, and a look at it.
func planted(t *testing.T, d *testkit.Desk, chen string) *records.Application {
	t.Helper()
	owner := d.Plant(flow.NounApplicant, flow.Active, testkit.Around{})
	id := d.Plant(flow.NounApplication, flow.InReview, testkit.Around{Owner: owner, Assignee: chen, Answers: pension.Example()})
	app, err := records.Load[*records.Application](d.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func TestWhoSawThisPerson(t *testing.T) {
	d := testkit.Open(t)
	d.Runner.Stop() // nothing but what is done here is on record
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	d.Staff("何平", "auditor@example.com", flow.Auditor)
	app, other := planted(t, d, chen), planted(t, d, chen)
	number := pension.Example()["resident_id"]
	d.Insert(&records.Person{Head: records.Head{State: flow.Kept}, Application: app.ID, Kind: "id", Blind: d.Desk.BlindID(number)})
	reviewer, lead, auditor := signInStaff(t, d, "chen@example.com"), signInStaff(t, d, "lead@example.com"), signInStaff(t, d, "auditor@example.com")
	var c struct{ Documents []struct{ ID string } }
	reviewer.Call("GET", "/api/desk/applications/"+app.ID, nil, &c).Want(200)
	d.Must(command.Run(t.Context(), d.Desk, command.Of(chen), command.ViewDocument, command.At{ID: app.ID}, command.Seen{Document: c.Documents[0].ID}))
	reviewer.Get("/api/desk/applications/" + other.ID).Want(200)
	lead.Get("/api/desk/search?q=" + number).Want(200)
	lead.Get("/api/desk/search?q=R-2020-000001").Want(200) // shows nobody

	a := inquire(t, d, auditor, "saw_person?of="+number)
	if a.Kind != "id" || a.Found != 1 || a.acts() != "search_record view_document view_case" {
		t.Errorf("by %s, %d cases: %s", a.Kind, a.Found, a.acts())
	}
	if len(a.Rows) == 3 && (a.Rows[0].Who != "周组长" || a.Rows[1].Document["zh-Hans"] == "" || a.Rows[2].Ref != app.Ref || a.Rows[2].Who != "陈明") {
		t.Errorf("%+v", a.Rows)
	}
	// Whoever asks about the person is an answer to the same question from then on.
	if again := inquire(t, d, auditor, "saw_person?of="+number); again.acts() != "search_record search_record view_document view_case" {
		t.Errorf("asked again: %s", again.acts())
	}
	if a := inquire(t, d, auditor, "saw_person?of=R-2020-000001"); a.Found != 0 || len(a.Rows) != 0 {
		t.Errorf("nobody: %+v", a)
	}
	for path, status := range map[string]int{"saw_person?of=x": 403, "acts_of?of=" + chen: 403, "rule_changes": 403, "quick_decisions": 403, "none": 403} {
		reviewer.Get("/api/desk/record/questions/" + path).Want(status)
	}
	auditor.Get("/api/desk/record/questions/none").Want(404)
	auditor.Get("/api/desk/record/questions/acts_of?of=" + absent).Want(404)
}

func TestWhatAColleagueDidAndWhichRulesChanged(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("=陈明", "chen@example.com", flow.Reviewer)
	d.Staff("何平", "auditor@example.com", flow.Auditor)
	auditor, manager := signInStaff(t, d, "auditor@example.com"), signInStaff(t, d, "manager@example.com")
	manager.Call("POST", "/api/desk/staff/"+chen+"/grant-role", map[string]any{"roles": []string{"reviewer", "lead"}, "types": []string{"pension"}}, nil).Want(200)
	d.Must(command.Run(t.Context(), d.Desk, command.Of(chen), command.SearchRecord, command.At{ID: records.DeskID}, command.Search{Kind: "ref"}))
	if a := inquire(t, d, auditor, "acts_of?of="+chen); a.acts() != "search_record" || a.Rows[0].Why != "ref" {
		t.Errorf("chen did %s", a.acts())
	}
	if a := inquire(t, d, auditor, "rule_changes"); !strings.HasPrefix(a.acts(), "grant_role invite invite ") || a.Rows[0].Ref != "=陈明" {
		t.Errorf("changed: %s, %+v", a.acts(), a.Rows[0])
	}
	if a := inquire(t, d, auditor, "rule_changes?from=2020-01-01&to=2020-12-31"); len(a.Rows) != 0 {
		t.Errorf("changed in 2020: %s", a.acts())
	}
	page := auditor.Get("/api/desk/record/questions/acts_of?as=csv&of=" + chen)
	page.Want(200)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(page.Body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][2] != "'=陈明" {
		t.Errorf("%v %q", err, rows)
	}
	if !strings.HasPrefix(page.Body, "\ufeff") || !strings.Contains(page.Said.Get("Content-Disposition"), "attachment") || page.Said.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", page.Said)
	}
}

// A decision counts as quick by the record alone: from when its decider first opened the case.
func TestQuickDecisionsAreFound(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("何平", "auditor@example.com", flow.Auditor)
	decide := func(look, think time.Duration) string {
		app := planted(t, d, chen)
		if look >= 0 {
			d.Clock.Move(look)
			d.Must(command.Run(t.Context(), d.Desk, command.Of(chen), command.ViewCase, command.At{ID: app.ID}, command.Seen{}))
		}
		d.Clock.Move(think)
		d.Must(command.Run(t.Context(), d.Desk, command.Of(chen), command.Decide, command.At{ID: app.ID}, command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}}))
		return app.ID
	}
	slow := decide(time.Hour, 10*time.Minute)
	quick := decide(time.Hour, 20*time.Second)
	blind := decide(-1, time.Hour)
	a := inquire(t, d, signInStaff(t, d, "auditor@example.com"), "quick_decisions")
	if len(a.Rows) != 2 || a.Rows[0].Target != blind || !a.Rows[0].Never || a.Rows[1].Target != quick || a.Rows[1].Never || a.Rows[1].Seconds < 20 || a.Rows[1].Seconds >= flow.QuickSeconds {
		t.Errorf("slow %s, quick %s, unseen %s: %+v", slow, quick, blind, a.Rows)
	}
}

// The register leaves to leads and auditors, numbers as text, and that it left is on record before its first byte.
func TestRegisterLeaves(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	d.Staff("何平", "auditor@example.com", flow.Auditor)
	owner := d.Plant(flow.NounApplicant, flow.Active, testkit.Around{})
	id := d.Plant(flow.NounCertificate, flow.Valid, testkit.Around{Owner: owner, Assignee: chen, Answers: pension.Example()})
	row, err := records.Load[*records.Certificate](d.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	lead, auditor := signInStaff(t, d, "lead@example.com"), signInStaff(t, d, "auditor@example.com")
	page := lead.Get("/api/desk/register?as=csv")
	page.Want(200)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(page.Body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != row.Number || rows[1][5] != "\t"+pension.Example()["resident_id"] {
		t.Errorf("%v %q", err, rows)
	}
	e, err := ledger.Search(d.App.DB(), ledger.Query{Act: string(flow.Export), Limit: 1})
	if err != nil || len(e) != 1 || e[0].Reason != "register csv, 1 rows" {
		t.Errorf("on record: %+v %v", e, err)
	}
	if xlsx := auditor.Get("/api/desk/register?as=xlsx&type=pension&state=valid"); xlsx.Status != 200 || !strings.HasPrefix(xlsx.Body, "PK") {
		t.Errorf("xlsx: %d %.20q", xlsx.Status, xlsx.Body)
	}
	auditor.Get("/api/desk/register?as=pdf").Want(422)
	for _, mail := range []string{"chen@example.com", "manager@example.com"} {
		signInStaff(t, d, mail).Get("/api/desk/register?as=csv").Want(403)
	}
	if n, err := ledger.Search(d.App.DB(), ledger.Query{Act: string(flow.Export)}); err != nil || len(n) != 2 {
		t.Errorf("%d exports on record: %v", len(n), err)
	}
}

// A checkpoint goes to the auditors once a week, and what they paste back of that mail is held against the record.
func TestCheckpointInTheMailbox(t *testing.T) {
	d := testkit.Open(t)
	d.Runner.Stop() // it would mail the checkpoint as well
	d.Staff("何平", "auditor@example.com", flow.Auditor)
	for range 3 {
		if err := d.Desk.MailCheckpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sent := d.Messages("checkpoint_weekly")
	if len(sent) != 1 || sent[0].To != "auditor@example.com" {
		t.Fatalf("sent: %+v", sent)
	}
	d.Clock.Move(7 * 24 * time.Hour)
	if err := d.Desk.MailCheckpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.Messages("checkpoint_weekly")); n != 2 {
		t.Errorf("%d in two weeks", n)
	}
	auditor, manager := signInStaff(t, d, "auditor@example.com"), signInStaff(t, d, "manager@example.com")
	note := sent[0].Words["note"]
	for pasted, want := range map[string]string{note: "holds", "On Monday you wrote:\r\n> " + strings.ReplaceAll(note, "\n", "\r\n> "): "holds", strings.Replace(note, "=", "A", 1): "not_signed", "": "not_signed"} {
		var said struct{ Verdict string }
		auditor.Call("POST", "/api/desk/record/compare", map[string]string{"checkpoint": pasted}, &said).Want(200)
		if said.Verdict != want {
			t.Errorf("%q is %s, want %s", pasted, said.Verdict, want)
		}
	}
	manager.Call("POST", "/api/desk/record/compare", map[string]string{"checkpoint": note}, nil).Want(403)
}

// A closed case gets its day, a manager sees what is due and agrees to just that, the sweep erases it, and the page says so.
func TestRetention(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	owner := d.Plant(flow.NounApplicant, flow.Closed, testkit.Around{})
	id := d.Plant(flow.NounApplication, flow.Rejected, testkit.Around{Owner: owner, Assignee: chen, Answers: pension.Example()})
	if _, err := d.App.DB().NewQuery("UPDATE applications SET closed_at={:at}").Bind(map[string]any{"at": records.Stamp(d.Clock.Now())}).Execute(); err != nil {
		t.Fatal(err)
	}
	sweep := func() {
		t.Helper()
		if err := d.Runner.RunAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	app := load(t, d, id)
	if app.EraseOn == "" || app.KeptFrom != app.ClosedAt {
		t.Fatalf("no day was reckoned: %+v", app)
	}
	d.Clock.Move(61 * 31 * 24 * time.Hour)
	manager, lead := signInStaff(t, d, "manager@example.com"), signInStaff(t, d, "lead@example.com")
	var page struct {
		Today    string
		DueCases int
		Due      []struct{ Ref string }
	}
	manager.Call("GET", "/api/desk/retention", nil, &page).Want(200)
	if page.DueCases != 1 || len(page.Due) != 1 || page.Due[0].Ref != app.Ref {
		t.Fatalf("due: %+v", page)
	}
	lead.Get("/api/desk/retention").Want(403)
	sweep() // nobody has agreed
	if load(t, d, id).ErasedAt != "" {
		t.Fatal("erased without anybody having seen it")
	}
	manager = signInStaff(t, d, "manager@example.com")
	agree := func(cases int) *testkit.Browser {
		return manager.Call("POST", "/api/desk/retention", map[string]any{"until": page.Today, "cases": cases}, nil)
	}
	agree(2).Want(422)
	agree(1).Want(200)
	sweep()
	app = load(t, d, id)
	holder, err := records.Load[*records.Holder](d.App.DB(), app.Holder)
	if err != nil || app.ErasedAt == "" || holder.State != flow.Erased {
		t.Errorf("case erased at %q, holder %s: %v", app.ErasedAt, holder.State, err)
	}
}

func load(t *testing.T, d *testkit.Desk, id string) *records.Application {
	t.Helper()
	app, err := records.Load[*records.Application](d.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	return app
}
