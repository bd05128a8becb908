package journeys

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/bundled/institutional"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// An attacker at every form that keeps what is written: as applicants, as colleagues, as a manager.

// ill is one application of the attacker's.
type ill struct {
	b       *testkit.Browser // signed in as its applicant
	id      string
	cert    string // the certificate's ID
	code    string // of its public page
	outcome string
}

type attackedDesk struct {
	*testkit.Desk
	t     *testing.T
	words testkit.Attacker
	card  []byte
	staff *testkit.Browser // a colleague with every role, and an attack for a name
	cases map[string]*ill

	letters int
}

const illStaff, secondStaff = "ill@example.com", "second@example.com"

// everyTextOf are the answers of a type's example, with an attack for each text.
func (d *attackedDesk) everyTextOf(typ sdk.Type, answers sdk.Answers) sdk.Answers {
	for _, p := range typ.Pages {
		for _, q := range p.Questions {
			most := map[sdk.Kind]int{sdk.KindText: 200, sdk.KindLong: 2000}[q.Kind]
			if q.Max > 0 && most > 0 {
				most = q.Max
			}
			if _, asked := answers[q.ID]; asked && most > 0 {
				answers[q.ID] = d.words.Next(most)
			}
		}
	}
	return answers
}

func (d *attackedDesk) bundled(c sdk.Certification, answers sdk.Answers) sdk.Answers {
	d.t.Helper()
	typ, err := c.Describe(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return d.everyTextOf(typ, answers)
}

func with(answers sdk.Answers, more map[string]string, without ...string) sdk.Answers {
	for k, v := range more {
		answers[k] = v
	}
	for _, k := range without {
		delete(answers, k)
	}
	return answers
}

// account signs somebody up.
func (d *attackedDesk) account(mail string) *testkit.Browser {
	d.t.Helper()
	b := d.Browser()
	b.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", mail).Want(200)
	b.Send("/sign-in/code", "code", code(d.t, d.Desk, "code_sign_in", mail), "own", "yes").Want(200)
	return b.Send("/consent", "privacy", "yes", "identity", "yes").Want(200)
}

// draft fills in everything of an application, with attacks for the names of its files; it ends where one hands it in.
func (d *attackedDesk) draft(name, typ, kind, holder string, answers sdk.Answers) *ill {
	d.t.Helper()
	b := d.account(name + "@example.com")
	b.Get("/holders/new/"+kind+"?type="+typ).Want(200).Send("/holders/new/"+kind, "name", holder).Want(200).Send("/apply/" + typ).Want(200)
	c := &ill{b: b, id: regexp.MustCompile(`/applications/([a-z0-9]{15})/`).FindStringSubmatch(b.Path)[1]}
	d.cases[name] = c
	for range 40 {
		path, _, _ := strings.Cut(strings.TrimPrefix(b.Path, "/applications/"+c.id), "?")
		switch {
		case strings.HasPrefix(path, "/q/"):
			b.Send(path, parts(answers)...).Want(200)
		case strings.HasPrefix(path, "/slot/"):
			b.Upload(path, strings.NewReplacer("/", "∕", "\\", "∖").Replace(d.words.Next(90))+".jpg", d.card).Want(200).Upload(path, "", nil, "go", "next").Want(200)
		default:
			return c
		}
	}
	d.t.Fatalf("stuck at %s\n%s", b.Path, b.Text())
	return nil
}

// parts are answers as a form sends them, days in three fields.
func parts(answers sdk.Answers) []string {
	list := pairs(answers)
	for k, v := range answers {
		if day := strings.Split(v, "-"); len(day) == 3 && len(v) == 10 {
			list = append(list, "q."+k+".year", day[0], "q."+k+".month", day[1], "q."+k+".day", day[2])
		}
	}
	return list
}

func (c *ill) handIn() *ill {
	c.b.Send("/submit", "declared", "yes").Want(200).Has("R-20")
	return c
}

// call is a call of the colleague's.
func (d *attackedDesk) call(path string, in any) {
	d.t.Helper()
	d.staff.Call("POST", "/api/desk/"+path, in, nil).Want(http.StatusOK)
}

// judge writes a note of each kind on a case, and decides where an outcome is given.
func (d *attackedDesk) judge(c *ill, verdict, outcome string, reasons ...string) {
	d.t.Helper()
	var shown struct{ Checklist []struct{ ID string } }
	d.staff.Call("GET", "/api/desk/applications/"+c.id, nil, &shown).Want(http.StatusOK)
	for _, i := range shown.Checklist {
		d.call("applications/"+c.id+"/verdict", map[string]any{"item": i.ID, "value": verdict, "note": d.words.Next(200)})
	}
	d.call("applications/"+c.id+"/note", map[string]string{"text": d.words.Next(2000)})
	if outcome == "" {
		return
	}
	c.outcome = outcome
	result := map[string]any{"outcome": outcome, "reasons": reasons, "extra": d.extra()}
	if c == d.cases["institution"] { // two people decide
		d.call("applications/"+c.id+"/propose", result)
		second := d.Browser()
		second.Call("POST", "/api/desk/sign-in", map[string]string{"email": secondStaff, "password": testkit.Password}, nil).Want(http.StatusOK)
		second.Call("GET", "/api/desk/applications/"+c.id, nil, nil).Want(http.StatusOK)
		second.Call("POST", "/api/desk/applications/"+c.id+"/confirm", map[string]string{"comment": d.words.Next(300)}, nil).Want(http.StatusOK)
	} else {
		d.call("applications/"+c.id+"/decide", result)
	}
	if outcome == flow.Passed {
		k, err := records.Find[*records.Certificate](d.App.DB(), dbx.HashExp{"application": c.id})
		if err != nil {
			d.t.Fatal(err)
		}
		c.cert, c.code = k.ID, k.Code
	}
}

// extra is what a colleague adds to a letter: letter after letter, every attack.
func (d *attackedDesk) extra() string {
	texts := testkit.Joined(900)
	d.letters++
	return texts[(d.letters-1)%len(texts)]
}

// enable turns the type on, as a manager does who has compared its digest, and makes the colleague qualified for it.
func (d *attackedDesk) enable(typ, colleague string) {
	d.t.Helper()
	var types struct {
		Rows []struct{ ID, OnDisk string }
	}
	d.staff.Call("GET", "/api/desk/types", nil, &types).Want(http.StatusOK)
	for _, r := range types.Rows {
		if r.ID == typ {
			for try := 0; ; try++ { // on a busy machine a type may not answer in time
				d.staff.Call("POST", "/api/desk/types/"+typ+"/switch", map[string]any{"on": true, "sha256": r.OnDisk}, nil)
				if d.staff.Status == http.StatusOK {
					break
				}
				if try == 10 {
					d.t.Fatalf("%s is not switched on: %s", typ, d.staff.Body)
				}
			}
		}
	}
	m := d.Browser()
	m.Call("POST", "/api/desk/sign-in", map[string]string{"email": "manager@example.com", "password": testkit.Password}, nil).Want(http.StatusOK)
	m.Call("POST", "/api/desk/staff/"+colleague+"/grant-role", map[string]any{"roles": []string{"reviewer", "lead", "auditor", "manager"}, "types": []string{"individual", "institutional", "pension", typ}}, nil).Want(http.StatusOK)
}

// settings names the desk, and whom to ring, by attacks.
func (d *attackedDesk) settings() {
	d.t.Helper()
	var s map[string]any
	d.staff.Call("GET", "/api/desk/settings", nil, &s).Want(http.StatusOK)
	s["nameZh"], s["nameEn"], s["hotline"], s["hoursZh"], s["hoursEn"], s["mail"] = d.words.Next(60), d.words.Next(80), d.words.Next(40), d.words.Next(60), d.words.Next(60), ""
	for _, k := range []string{"rev", "smsDriver", "mailHost"} {
		delete(s, k)
	}
	d.call("settings", s)
}

// everyAttack writes notes until each attack was told to colleagues, and feedback, signed in and out, until each was told.
func (d *attackedDesk) everyAttack(c *ill) {
	d.t.Helper()
	for _, text := range testkit.Joined(2000) {
		d.call("applications/"+c.id+"/note", map[string]string{"text": text})
	}
	d.talk(c)
	for i, text := range testkit.Joined(2000) {
		b := d.Browser()
		if i%2 == 0 {
			b = c.b
		}
		b.Get("/feedback?page=/types").Want(200).Send("/feedback", "text", text, "easy", "3", "reply", "yes", "contact", d.words.Next(200), "page", "/types?"+d.words.Next(60)).Want(200)
	}
	for i, f := range d.feedback() {
		if i > 0 { // the first waits for its answer
			d.call("feedback/"+f+"/answer", map[string]string{"text": d.words.Next(2000)})
		}
	}
}

// talk writes on a case from both sides, with an attack for the name of what is attached, and logs a call.
func (d *attackedDesk) talk(c *ill) {
	d.t.Helper()
	path := "/applications/" + c.id + "/messages"
	for _, text := range testkit.Joined(900) {
		c.b.Get(path).Want(200).Upload("/messages", "", nil, "text", text).Want(200)
	}
	c.b.Get(path).Want(200).Upload("/messages", d.words.Next(60)+".jpg", d.card, "text", d.words.Next(900)).Want(200)
	d.call("applications/"+c.id+"/log-call", map[string]string{"number": "+8613800138000", "outcome": "reached", "note": d.words.Next(300)})
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := errors.Join(w.WriteField("text", d.words.Next(900)), w.Close()); err != nil {
		d.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", d.URL+"/api/desk/applications/"+c.id+"/message", &body)
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header = http.Header{"Content-Type": {w.FormDataContentType()}, "Sec-Fetch-Site": {"same-origin"}}
	res, err := d.staff.Client.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		d.t.Fatalf("a message of the desk's: %d %s", res.StatusCode, said)
	}
}

func (d *attackedDesk) feedback() (ids []string) {
	d.t.Helper()
	rows, err := records.All[*records.Feedback](d.App.DB(), nil, "made")
	if err != nil || len(rows) == 0 {
		d.t.Fatal("no feedback", err)
	}
	for _, f := range rows {
		ids = append(ids, f.ID)
	}
	return ids
}

// rings says what came of every telephone call that waits.
func (d *attackedDesk) rings() {
	d.t.Helper()
	rows, err := records.All[*records.Message](d.App.DB(), dbx.HashExp{"state": "ring"})
	if err != nil || len(rows) == 0 {
		d.t.Fatal("nobody is to be rung", err)
	}
	for _, m := range rows[1:] {
		d.call("messages/"+m.ID+"/log-call", map[string]string{"outcome": d.words.Next(300)})
	}
}

// putIn writes attacks into everything that is kept.
func putIn(t *testing.T, d *attackedDesk, colleague string) {
	t.Helper()
	d.staff = d.Browser()
	d.staff.Call("POST", "/api/desk/sign-in", map[string]string{"email": illStaff, "password": testkit.Password}, nil).Want(http.StatusOK)
	d.enable("ill", colleague)
	d.settings()
	d.call("staff", map[string]any{"name": d.words.Next(60), "email": "invited@example.com", "roles": []string{"reviewer"}, "types": []string{"ill"}, "capacity": 3, "idNumber": "11010519491231002X", "lang": "zh-Hans"})

	answersOfIll := func() sdk.Answers {
		return sdk.Answers{"name": "王秀英", "resident_id": "11010519491231002X", "phone": "13800138000", "student": "no", "field": "elderly", "since": "2099-03-01", "hours": "3"}
	}
	org := d.words.Next(100)
	d.draft("personal", "individual", "person", "王秀英", d.bundled(individual.New(), individual.Example())).handIn()
	d.draft("institution", "institutional", "institution", org, with(d.bundled(institutional.New(), with(institutional.Example(), map[string]string{"scope": "other", "scope_other": "x"})), map[string]string{"org_name": org})).handIn()
	d.draft("hmt", "pension", "person", "李长河", d.bundled(pension.New(), with(pension.Example(), map[string]string{"lives": "hmt", "region": "hong_kong", "region_address": "x"}, "address"))).handIn()
	d.draft("abroad", "pension", "person", "李长河", d.bundled(pension.New(), with(pension.Example(), map[string]string{"lives": "abroad", "country": "x", "country_address": "x"}, "address"))).handIn()
	d.draft("mainland", "pension", "person", "李长河", d.bundled(pension.New(), with(pension.Example(), map[string]string{"lives": "mainland", "address": "x"})))
	for _, name := range []string{"passed", "not", "open"} {
		d.draft(name, "ill", "person", "王秀英", answersOfIll()).handIn()
	}
	d.draft("begun", "ill", "person", "王秀英", answersOfIll())
	c := d.cases
	d.judge(c["personal"], flow.VerdictOK, flow.Passed)
	d.Staff(d.words.Next(60), secondStaff, flow.Reviewer) // now, so that all cases are the first one's
	d.judge(c["institution"], flow.VerdictOK, flow.Passed)
	d.judge(c["hmt"], flow.VerdictBad, flow.NotPassed, "forged")
	d.judge(c["abroad"], flow.VerdictOK, "")
	d.judge(c["passed"], flow.VerdictOK, flow.Passed)
	d.judge(c["not"], flow.VerdictBad, flow.NotPassed, "unreadable", "record_unstamped", "hours_differ", "student_card", "identity_differs")
	d.judge(c["open"], flow.VerdictBad, "")
	d.everyAttack(c["open"])
	d.rings()
	for _, s := range []struct{ name, act string }{{"personal", "suspend"}, {"personal", "reinstate"}, {"personal", "suspend"}, {"passed", "revoke"}} {
		d.call("certificates/"+c[s.name].cert+"/"+s.act, map[string]string{"reason": d.words.Next(500)})
	}
	c["institution"].b.Get("/certificates/"+c["institution"].cert).Want(200).Send("/shows", "shows", "full").Want(200)
	if err := d.Runner.RunAll(t.Context()); err != nil { // checks, mails
		t.Fatal(err)
	}
}

// as gives a tab the session of somebody who has one.
func (a *attacked) as(b *testkit.Browser) {
	a.t.Helper()
	req, err := http.NewRequest("GET", b.Base, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, c := range b.Client.Jar.Cookies(req.URL) {
		if strings.HasSuffix(c.Name, "_lang") {
			continue
		}
		if _, err := chromedp.Call(a.ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.Base, HTTPOnly: new(true)}); err != nil {
			a.t.Fatal(err)
		}
	}
}
