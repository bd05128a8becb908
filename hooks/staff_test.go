package hooks_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pquerna/otp/totp"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// What managers and reviewers do to each other's accounts and to a case over the routes, and what is refused.

func staffRow(t *testing.T, d *testkit.Desk, id string) *records.Staff {
	t.Helper()
	s, err := records.Load[*records.Staff](d.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A manager takes a role away: it holds at once, and open cases that the colleague may no longer judge go to others.
func TestRevokeRole(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer, flow.Lead)
	b := d.Browser()
	signUp(t, d, b, "wang@example.com")
	id := apply(t, d, b, nil)
	lin := d.Staff("林静", "lin@example.com", flow.Reviewer)
	manager, reviewer := signInStaff(t, d, "manager@example.com"), signInStaff(t, d, "chen@example.com")
	path := func(of string) string { return "/api/desk/staff/" + of + "/revoke-role" }
	role := func(r string) map[string]string { return map[string]string{"role": r} }

	reviewer.Call("POST", path(lin), role("reviewer"), nil).Want(403)
	manager.Call("POST", path(staffID(t, d, "manager@example.com")), role("manager"), nil).Want(403)
	manager.Call("POST", path(chen), role("auditor"), nil).Want(422)
	manager.Call("POST", path(lin), role("reviewer"), nil).Want(422) // the only one they have
	manager.Call("POST", path(absent), role("reviewer"), nil).Want(404)
	d.Browser().Call("POST", path(chen), role("reviewer"), nil).Want(401)

	reviewer.Get("/api/desk/applications/" + id).Want(200)
	manager.Call("POST", path(chen), role("reviewer"), nil).Want(200)
	if app, err := records.Load[*records.Application](d.App.DB(), id); err != nil || app.Assignee != lin || app.State != flow.InReview {
		t.Errorf("the case is with %q in %s: %v", app.Assignee, app.State, err)
	}
	reviewer.Call("POST", "/api/desk/applications/"+id+"/verdict", map[string]any{"item": "id_front", "value": "ok"}, nil).Want(403)
	manager.Call("POST", "/api/desk/staff/"+lin+"/grant-role", map[string][]string{"roles": {"reviewer"}, "types": {"pension"}}, nil).Want(200)
	if app, err := records.Load[*records.Application](d.App.DB(), id); err != nil || app.Assignee != "" || app.State != flow.Submitted {
		t.Errorf("a case of a type that nobody may judge is with %q in %s: %v", app.Assignee, app.State, err)
	}
	report, err := d.Desk.Verify(t.Context())
	if err != nil || !report.OK() {
		t.Errorf("the record does not verify: %+v %v", report, err)
	}
}

// A manager resets the lost second factor of a colleague: mailed codes take its place, everything old is void, they are told.
func TestRecover(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	manager, reviewer, lead := signInStaff(t, d, "manager@example.com"), signInStaff(t, d, "chen@example.com"), signInStaff(t, d, "lead@example.com")
	enrol(t, reviewer)
	path := "/api/desk/staff/" + chen + "/recover"
	lead.Call("POST", path, nil, nil).Want(403)
	reviewer.Call("POST", path, nil, nil).Want(403)
	manager.Call("POST", "/api/desk/staff/"+staffID(t, d, "manager@example.com")+"/recover", nil, nil).Want(403)
	if s := staffRow(t, d, chen); s.Factor != "totp" || s.TOTP == "" || s.Recovery == "" {
		t.Fatalf("a refusal changed the factor: %+v", s)
	}
	password := staffRow(t, d, chen).Password
	manager.Call("POST", path, nil, nil).Want(200)
	if s := staffRow(t, d, chen); s.Factor != "mail" || s.TOTP != "" || s.Recovery != "" || s.Password != password {
		t.Errorf("after the reset: factor %q, secret %q, recovery %q", s.Factor, s.TOTP, s.Recovery)
	}
	if inDesk(t, reviewer) {
		t.Error("a session outlived the reset")
	}
	if m := d.Messages("staff_recovered"); len(m) != 1 || m[0].To != "chen@example.com" {
		t.Errorf("told: %+v", m)
	}
	manager.Call("POST", "/api/desk/staff/"+chen+"/deactivate", nil, nil).Want(200)
	manager.Call("POST", path, nil, nil).Want(409)
}

// enrol sets an authenticator up, and returns its secret and the recovery codes.
func enrol(t *testing.T, b *testkit.Browser) (key string, recovery []string) {
	t.Helper()
	var begun struct{ Secret string }
	b.Call("POST", "/api/desk/factor/begin", nil, &begun).Want(200)
	now, err := totp.GenerateCode(begun.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var enrolled struct{ Recovery []string }
	b.Call("POST", "/api/desk/factor", map[string]string{"kind": "totp", "secret": begun.Secret, "digits": now}, &enrolled).Want(200)
	return begun.Secret, enrolled.Recovery
}

// An authenticator's code is spent in the database: neither a restart nor another process takes it again, nor an older one.
func TestAuthenticatorIsSpentForGood(t *testing.T) {
	d := secured(t)
	chen := staffID(t, d, "chen@example.com")
	for _, tc := range []struct {
		step  int64
		taken bool
	}{{100, true}, {100, false}, {99, false}, {101, true}, {100, false}} {
		if err := command.SpendStep(t.Context(), d.Desk, chen, tc.step); (err == nil) != tc.taken || err != nil && !flow.Refused(err, "code_wrong") {
			t.Errorf("step %d: %v", tc.step, err)
		}
	}
	if err := command.SpendStep(t.Context(), d.Desk, staffID(t, d, "manager@example.com"), 100); err != nil {
		t.Errorf("somebody else's step: %v", err)
	}
	var kept int64
	if err := d.App.DB().NewQuery("SELECT value FROM counters WHERE id={:id}").Bind(dbx.Params{"id": "totp " + chen}).Row(&kept); err != nil || kept != 101 {
		t.Errorf("kept %d: %v", kept, err)
	}
}

// A reviewer asks the type again about the case that they have; nobody else does, and not about a case that is decided.
func TestCheckAgain(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := d.Browser()
	signUp(t, d, b, "wang@example.com")
	id := apply(t, d, b, nil)
	d.Staff("林静", "lin@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	d.Move(0)
	if err := d.Runner.RunAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	reviewer, path := signInStaff(t, d, "chen@example.com"), "/api/desk/applications/"+id+"/check"
	for _, mail := range []string{"lin@example.com", "lead@example.com", "manager@example.com"} {
		if other := signInStaff(t, d, mail).Call("POST", path, nil, nil); other.Status != 403 && other.Status != 404 {
			t.Errorf("%s: %d", mail, other.Status)
		}
	}
	d.Browser().Call("POST", path, nil, nil).Want(401)
	var c struct {
		Checked string
		May     map[string]bool
	}
	reviewer.Call("GET", "/api/desk/applications/"+id, nil, &c).Want(200)
	if c.Checked != "done" || !c.May["check"] {
		t.Fatalf("checked %q, may %v", c.Checked, c.May)
	}
	before := findings(t, d, id)
	reviewer.Call("POST", path, nil, nil).Want(200)
	for range 200 { // the queue may have it already, or be asked here
		if err := d.Runner.RunAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if findings(t, d, id) > before {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	reviewer.Call("GET", "/api/desk/applications/"+id, nil, &c).Want(200)
	if n := findings(t, d, id); c.Checked != "done" || n != before+1 {
		t.Errorf("after the job it stands at %q; the type was heard %d times more", c.Checked, n-before)
	}
	pass(t, reviewer, id)
	reviewer.Call("POST", path, nil, nil).Want(409)
}

// findings counts how often a type was heard about a case.
func findings(t *testing.T, d *testkit.Desk, id string) (n int) {
	t.Helper()
	if err := d.App.DB().NewQuery("SELECT COUNT(*) FROM ledger_entries WHERE act='record_findings' AND target={:id}").Bind(dbx.Params{"id": id}).Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// After a photographed consent one goes on with what one came for; a refused file keeps the way too.
func TestSheetGoesOn(t *testing.T) {
	d := testkit.Open(t)
	b := d.Browser()
	signUp(t, d, b, "daughter@example.com")
	b.Get("/holders/new/other?type=pension").Want(200).Send("/holders/new/other", "name", "王德福").Want(200)
	b.Upload("/consent/sheet", "consent.jpg", []byte("no picture")).Want(200).Has("错误")
	b.Upload("/consent/sheet", "consent.jpg", specimen.Letter("同意书", []string{"同意。", "王德福"})).Want(200)
	if u, err := url.Parse(b.Path); err != nil || u.Path != "/apply/pension" || !strings.Contains(b.Text(), "王德福") {
		t.Errorf("after the sheet one is at %s:\n%s", b.Path, b.Text())
	}
	b.Get("/holders/new/other").Want(200).Send("/holders/new/other", "name", "李桂兰").Want(200)
	if b.Upload("/consent/sheet", "consent.jpg", specimen.Letter("同意书", []string{"同意。", "李桂兰"})).Want(200); b.Path != "/me" {
		t.Errorf("who came for nothing is at %s", b.Path)
	}
}

// A desk that is new has no account of anybody, and PocketBase's installer lets nobody in.
func TestNoDefaultAccounts(t *testing.T) {
	f := serveFull(t)
	for _, table := range []string{"staff", "applicants", "_superusers"} {
		var n int
		if err := f.app.DB().NewQuery("SELECT COUNT(*) FROM " + table).Row(&n); err != nil || n != 0 {
			t.Errorf("%s has %d rows: %v", table, n, err)
		}
	}
	for _, body := range []map[string]string{{"identity": "admin@example.com", "password": "admin"}, {"identity": "__pbinstaller@example.com", "password": ""}} {
		if status, _, said := f.send(t, "POST", "/api/collections/_superusers/auth-with-password", nil, body); status != 400 {
			t.Errorf("%v answers %d: %s", body, status, said)
		}
	}
	for _, path := range []string{"/api/collections/_superusers/records", "/api/collections/_superusers/impersonate/x"} {
		if status, _, _ := f.send(t, "POST", path, nil, map[string]string{"email": "x@example.com", "password": testkit.Password, "passwordConfirm": testkit.Password}); status != 404 {
			t.Errorf("POST %s answers %d", path, status)
		}
	}
	if status, _, said := f.send(t, "POST", "/api/desk/sign-in", nil, map[string]string{"email": "admin@example.com", "password": "admin"}); status != 422 {
		t.Errorf("the desk answers %d: %s", status, said)
	}
}

// A new password changes the password and nothing else: the authenticator and its recovery codes stay, and are asked for.
func TestPasswordKeepsSecondFactor(t *testing.T) {
	d := secured(t)
	b, s := d.Browser(), signedIn{}
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, &s).Want(200)
	b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": s.Code, "digits": d.Messages("staff_code")[0].Words["code"]}, nil).Want(200)
	key, _ := enrol(t, b)
	before := staffRow(t, d, staffID(t, d, "chen@example.com"))
	const password = "an even longer password"
	b.Call("POST", "/api/desk/password", map[string]string{"old": "a wrong password", "new": password}, nil).Want(422)
	b.Call("POST", "/api/desk/password", map[string]string{"old": testkit.Password, "new": password}, nil).Want(200)
	after := staffRow(t, d, before.ID)
	if after.Password == before.Password || after.Factor != "totp" || after.TOTP != before.TOTP || after.Recovery != before.Recovery {
		t.Errorf("the factor changed with the password: %q %q", after.Factor, after.Recovery)
	}
	other := d.Browser()
	other.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": password}, &s).Want(200)
	if s.Factor != "totp" || inDesk(t, other) {
		t.Fatalf("the new password alone opens the desk, or asks for %q", s.Factor)
	}
	next, err := totp.GenerateCode(key, time.Now().Add(30*time.Second)) // the code of now was spent by setting it up
	if err != nil {
		t.Fatal(err)
	}
	other.Call("POST", "/api/desk/sign-in/factor", map[string]string{"digits": next}, nil).Want(200)
}

// A forgotten password: the code goes to the address at the desk, says nothing of who is there, belongs to the browser that
// asked, and is good once. The new password ends every session and still asks for the second factor.
func TestForgottenStaffPassword(t *testing.T) {
	const password = "an even longer password"
	d := secured(t)
	old, s := d.Browser(), signedIn{}
	old.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, &s).Want(200)
	old.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": s.Code, "digits": d.Messages("staff_code")[0].Words["code"]}, nil).Want(200)
	key, recovery := enrol(t, old)
	d.Clock.Move(2 * time.Minute)

	b := d.Browser()
	var asked, nobody struct{ Code string }
	b.Call("POST", "/api/desk/reset", map[string]string{"email": " Chen@Example.com "}, &asked).Want(200)
	m := d.Messages("code_reset")
	b.Call("POST", "/api/desk/reset", map[string]string{"email": "nobody@example.com"}, &nobody).Want(200)
	if len(m) != 1 || m[0].To != "chen@example.com" || len(d.Messages("code_reset")) != 1 || len(nobody.Code) != len(asked.Code) {
		t.Fatalf("mails: %+v, answers %q and %q", m, asked.Code, nobody.Code)
	}
	set := func(b *testkit.Browser, code, digits, password string) *testkit.Browser {
		t.Helper()
		return b.Call("POST", "/api/desk/reset/code", map[string]string{"code": code, "digits": digits, "password": password}, nil)
	}
	right := m[0].Words["code"]
	before := staffRow(t, d, staffID(t, d, "chen@example.com"))
	set(b, asked.Code, right, "short").Want(422)
	set(b, asked.Code, "000000", password).Want(422)
	if !inDesk(t, old) || staffRow(t, d, before.ID).Password != before.Password {
		t.Fatal("a refusal changed the password, or ended a session")
	}
	thief := d.Browser()
	thief.Call("POST", "/api/desk/reset", map[string]string{"email": "manager@example.com"}, nil).Want(200)
	var manager struct{ Code string }
	d.Clock.Move(2 * time.Minute)
	d.Browser().Call("POST", "/api/desk/reset", map[string]string{"email": "manager@example.com"}, &manager).Want(200)
	set(thief, manager.Code, d.Messages("code_reset")[0].Words["code"], password).Want(422) // asked for in another browser

	set(b, asked.Code, right, password).Want(200)
	set(b, asked.Code, right, "yet another password").Want(422)
	after := staffRow(t, d, before.ID)
	if after.Password == before.Password || after.Factor != "totp" || after.TOTP != before.TOTP || after.Recovery != before.Recovery || len(recovery) == 0 {
		t.Errorf("after the reset: factor %q", after.Factor)
	}
	if inDesk(t, old) || inDesk(t, b) {
		t.Error("a session outlived the reset, or came of it")
	}
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(422)
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": password}, &s).Want(200)
	if s.Factor != "totp" || inDesk(t, b) {
		t.Fatalf("the new password alone opens the desk, or asks for %q", s.Factor)
	}
	next, err := totp.GenerateCode(key, time.Now().Add(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	b.Call("POST", "/api/desk/sign-in/factor", map[string]string{"digits": next}, nil).Want(200)
}

// A code to a colleague who is no longer here, or not yet, sets nothing.
func TestNoResetForWhoIsNotHere(t *testing.T) {
	d := secured(t)
	chen := staffID(t, d, "chen@example.com")
	if _, err := d.App.DB().Update("staff", dbx.Params{"state": "deactivated"}, dbx.HashExp{"id": chen}).Execute(); err != nil {
		t.Fatal(err)
	}
	d.Browser().Call("POST", "/api/desk/reset", map[string]string{"email": "chen@example.com"}, nil).Want(200)
	if m := d.Messages("code_reset"); len(m) > 0 {
		t.Errorf("mails: %+v", m)
	}
}

// Every sign-in has a secret of its own, 256 bits wide, of which the row keeps the digest; the second factor makes another
// one, and the first is worth nothing from then on.
func TestSessionSecrets(t *testing.T) {
	d := secured(t)
	seen := map[string]bool{}
	fresh := func(r reply, name string) string {
		t.Helper()
		k := r.cookie(name)
		if r.StatusCode >= 400 || k == nil {
			t.Fatalf("no session: %d %s", r.StatusCode, r.body)
		}
		raw, err := base64.RawURLEncoding.DecodeString(k.Value)
		if err != nil || len(raw) != 32 || seen[k.Value] {
			t.Errorf("a secret of %d bytes, seen before: %v, %v", len(raw), seen[k.Value], err)
		}
		seen[k.Value] = true
		var rows int
		if err := d.App.DB().NewQuery("SELECT COUNT(*) FROM sessions WHERE id={:d} AND id<>{:s}").Bind(dbx.Params{"d": sum(k.Value), "s": k.Value}).Row(&rows); err != nil || rows != 1 {
			t.Errorf("%d rows keep the digest: %v", rows, err)
		}
		return k.Value
	}
	for range 3 {
		d.Clock.Move(16 * time.Minute)
		b, same := d.Browser(), map[string]string{"Sec-Fetch-Site": "same-origin"}
		first := fresh(raw(t, b, "POST", "/api/desk/sign-in", "application/json", `{"email":"chen@example.com","password":"`+testkit.Password+`"}`, same), "certdesk_staff")
		m := d.Messages("staff_code")[0]
		code, err := records.Newest[*records.Code](d.App.DB(), dbx.HashExp{"purpose": "staff"})
		if err != nil {
			t.Fatal(err)
		}
		fresh(raw(t, b, "POST", "/api/desk/sign-in/factor", "application/json", `{"code":"`+code.ID+`","digits":"`+m.Words["code"]+`"}`, same), "certdesk_staff")
		thief := d.Browser()
		if r := raw(t, thief, "GET", "/api/desk/me", "", "", map[string]string{"Cookie": "certdesk_staff=" + first}); r.StatusCode != 401 {
			t.Errorf("the secret from before the second factor answers %d", r.StatusCode)
		}
	}
	b := d.Browser()
	signUp(t, d, b, "wang@example.com")
	for range 2 {
		fresh(signInAgain(t, d, b, "wang@example.com", true), "certdesk_account")
	}
}

// A closed account has no session left, on whatever device, and lets nobody in again.
func TestClosedAccountIsSignedOut(t *testing.T) {
	d := testkit.Open(t)
	const mail = "wang@example.com"
	b, other := d.Browser(), d.Browser()
	signUp(t, d, b, mail)
	signInAgain(t, d, other, mail, true)
	if !in(t, b) || !in(t, other) {
		t.Fatal("not signed in")
	}
	b.Get("/account/close").Want(200).Send("/account/close").Want(200)
	if in(t, b) || in(t, other) {
		t.Error("a session outlived the account")
	}
	var open int
	if err := d.App.DB().NewQuery("SELECT COUNT(*) FROM sessions WHERE kind='applicant' AND state='active'").Row(&open); err != nil || open != 0 {
		t.Errorf("%d open sessions: %v", open, err)
	}
}
