package hooks_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/hooks"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/policies"
)

// The walk: everybody, at every route that names a row, in every state of that row, over HTTP. What answers is what
// decisions.csv and the transition table say and nothing else decides it here; whoever is refused leaves nothing changed.

// somebody is one person of the walk. What they are to a planted row is said here by hand, not asked of flow.Relations.
type somebody struct {
	name   string
	id     string
	roles  []flow.Role
	cookie string
	desk   bool // signed in at the desk; otherwise at the portal
	// what they are to the planted rows
	holds      []string // of the holder: owner, member, helper
	conflicted bool     // their name is among the persons of every planted case
	untrained  bool     // a reviewer who is not qualified for the type
}

// place is one planted row.
type place struct {
	noun   flow.Noun
	state  flow.State
	id     string
	around testkit.Around
	of     string // the person whose own row it is

	special string // has the same row as another place, but this person for its assignee
}

// concerns reports whether it makes a difference to somebody that the row is another colleague's.
func (at place) concerns(p *somebody) bool {
	return p.name == at.special || p.name == "assignee" || p.name == "lead" || p.name == "guest at the desk"
}

type walk struct {
	*testkit.Desk
	beside *testkit.Beside
	policy *policies.Policy
	people []*somebody
	places []place
	been   map[string]map[string]int // pattern → what it answered
	sent   int
	client http.Client
}

func (w *walk) named(name string) *somebody {
	for _, p := range w.people {
		if p.name == name {
			return p
		}
	}
	w.T.Fatalf("nobody is %s", name)
	return nil
}

// newWalk makes a desk that stands still, with its people signed in and a row of every noun in every state.
func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{Desk: testkit.Open(t, func(c *config.Config) { c.Proxy = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} }), been: map[string]map[string]int{}}
	w.Runner.Stop()
	w.Desk.Desk.Committed = nil
	w.client = http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var err error
	if w.policy, err = policies.Embedded(); err != nil {
		t.Fatal(err)
	}
	w.meet()
	w.plant()
	w.beside = w.Beside()
	w.beside.Keep("good")
	return w
}

const conflict = "blind of somebody with this very name"

// meet makes everybody, with a session each.
func (w *walk) meet() {
	w.T.Helper()
	w.people = []*somebody{
		{name: "guest", roles: []flow.Role{flow.Guest}},
		{name: "guest at the desk", roles: []flow.Role{flow.Guest}, desk: true},
		{name: "owner", holds: []string{"owner", "member"}}, {name: "clerk", holds: []string{"member"}}, {name: "helper", holds: []string{"helper"}}, {name: "other applicant"},
		{name: "newcomer"}, {name: "closed account"},
		{name: "assignee", roles: []flow.Role{flow.Reviewer}}, {name: "other reviewer", roles: []flow.Role{flow.Reviewer}},
		{name: "conflicted reviewer", roles: []flow.Role{flow.Reviewer}, conflicted: true}, {name: "reviewer of another type", roles: []flow.Role{flow.Reviewer}, untrained: true},
		{name: "proposer", roles: []flow.Role{flow.Reviewer}}, {name: "attester", roles: []flow.Role{flow.Reviewer}}, {name: "taker", roles: []flow.Role{flow.Reviewer}},
		{name: "lead", roles: []flow.Role{flow.Lead}}, {name: "conflicted lead", roles: []flow.Role{flow.Lead}, conflicted: true},
		{name: "auditor", roles: []flow.Role{flow.Auditor}}, {name: "manager", roles: []flow.Role{flow.Manager}},
		{name: "lead and reviewer of another type", roles: []flow.Role{flow.Lead, flow.Reviewer}, untrained: true},
		{name: "auditor and manager", roles: []flow.Role{flow.Auditor, flow.Manager}},
		{name: "deactivated lead"},
	}
	for _, p := range w.people {
		switch {
		case strings.HasPrefix(p.name, "guest"):
			continue
		case p.name == "owner" || p.name == "clerk" || p.name == "helper" || p.name == "other applicant":
			p.id, p.roles = w.account(flow.Active), []flow.Role{flow.Applicant}
		case p.name == "newcomer":
			p.id, p.roles = w.account(flow.New), []flow.Role{flow.Applicant}
		case p.name == "closed account":
			p.id = w.account(flow.Closed)
		default:
			w.colleague(p)
		}
		p.cookie = w.session(p)
	}
}

func (w *walk) account(state flow.State) string {
	return w.Plant(flow.NounApplicant, state, testkit.Around{})
}

func (w *walk) colleague(p *somebody) {
	row := &records.Staff{Name: p.name, Types: "individual,institutional,pension", Capacity: 50, Lang: "zh-Hans", PledgedUntil: "2999-12-31"}
	row.Email, row.Verified, row.State = records.NewID()+"@example.com", true, flow.Active
	if p.untrained {
		row.Types = "individual"
	}
	if p.conflicted {
		row.NameBlind = conflict
	}
	var roles []string
	for _, r := range p.roles {
		roles = append(roles, string(r))
	}
	row.Roles = strings.Join(roles, ",")
	if p.name == "deactivated lead" {
		row.State, row.Roles = flow.Deactivated, "lead"
	}
	w.Insert(row)
	p.id, p.desk = row.ID, true
}

// session signs them in by a row: those too who may not, as if it had been forgotten.
func (w *walk) session(p *somebody) string {
	secret := (records.NewID() + records.NewID() + records.NewID())[:43]
	s := &records.Session{Person: p.id, Kind: "applicant", How: "password", Seen: records.Stamp(w.Clock.Now()), Until: "2999", Passed: true}
	s.ID, s.State = sum(secret), flow.Active
	name := "certdesk_account="
	if p.desk {
		s.Kind, name = "staff", "certdesk_staff="
	}
	w.Insert(s)
	return name + secret
}

// plant puts a row of every noun in every state, and the rows that only some people stand in a relation to.
func (w *walk) plant() {
	w.T.Helper()
	id := func(name string) string { return w.named(name).id }
	usual := testkit.Around{Owner: id("owner"), Clerk: id("clerk"), Helper: id("helper"), Assignee: id("assignee"), Proposer: id("proposer"), Attester: id("attester"), Taker: id("taker"), Blind: conflict}
	for _, noun := range []flow.Noun{flow.NounApplication, flow.NounCertificate, flow.NounHolder, flow.NounStaff, flow.NounMessage, flow.NounFeedback, flow.NounType, flow.NounConduct, flow.NounRecovery} {
		for _, state := range flow.States(noun) {
			w.places = append(w.places, place{noun, state, w.Plant(noun, state, usual), usual, "", ""})
		}
	}
	for _, who := range []string{"conflicted reviewer", "reviewer of another type", "attester", "taker", "lead", "conflicted lead", "lead and reviewer of another type", "manager", "auditor"} {
		theirs := usual
		theirs.Assignee = id(who)
		for _, state := range []flow.State{flow.InReview, flow.OnHold, flow.Proposed, flow.Decided, flow.Approved, flow.Appealed, flow.Questioned} {
			w.places = append(w.places, place{flow.NounApplication, state, w.Plant(flow.NounApplication, state, theirs), theirs, "", who})
		}
		w.places = append(w.places, place{flow.NounCertificate, flow.Valid, w.Plant(flow.NounCertificate, flow.Valid, theirs), theirs, "", who})
	}
	for _, p := range w.people {
		if p.desk && p.id != "" {
			state := flow.Active
			if p.name == "deactivated lead" {
				state = flow.Deactivated
			}
			w.places = append(w.places, place{noun: flow.NounStaff, state: state, id: p.id, of: p.id})
		} else if p.id != "" {
			state := map[string]flow.State{"newcomer": flow.New, "closed account": flow.Closed}[p.name]
			w.places = append(w.places, place{noun: flow.NounApplicant, state: flow.State(first(string(state), string(flow.Active))), id: p.id, of: p.id})
		}
	}
	w.places = append(w.places, place{noun: flow.NounDesk, state: flow.Open, id: records.DeskID})
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// assigned are the states in which a planted case has an assignee.
var assigned = []flow.State{flow.InReview, flow.AwaitingApplicant, flow.OnHold, flow.Proposed, flow.Decided, flow.Approved, flow.Rejected, flow.Appealed, flow.Questioned, flow.Heard}

// relations says by hand what somebody is to a row.
func (p *somebody) relations(at place) (all []string) {
	if p.id == "" {
		return nil
	}
	if at.of == p.id {
		all = append(all, "self")
	}
	switch at.noun {
	case flow.NounApplication, flow.NounCertificate:
		all = append(all, p.holds...)
		if at.around.Assignee == p.id && (at.noun == flow.NounCertificate || slices.Contains(assigned, at.state)) {
			all = append(all, "assignee")
		}
		if at.noun == flow.NounApplication && slices.Contains([]flow.State{flow.Proposed, flow.Questioned, flow.Hearing, flow.Heard}, at.state) && at.around.Proposer == p.id {
			all = append(all, "proposer")
		}
		if at.noun == flow.NounApplication && p.id == map[flow.State]string{flow.Decided: at.around.Assignee, flow.Approved: at.around.Assignee, flow.Rejected: at.around.Assignee, flow.Appealed: at.around.Proposer}[at.state] {
			all = append(all, "decided_before")
		}
		if at.noun == flow.NounApplication && at.around.Attester == p.id {
			all = append(all, "attester")
		}
		if at.noun == flow.NounApplication && at.around.Taker == p.id {
			all = append(all, "taker")
		}
		if p.conflicted {
			all = append(all, "conflicted")
		}
		if p.untrained {
			all = append(all, "out_of_type")
		}
	case flow.NounConduct: // about the assignee, decided by the proposer: for the managers
		if at.around.Assignee == p.id {
			all = append(all, "accused")
		}
		if slices.Contains(p.roles, flow.Manager) && p.desk {
			all = append(all, "handler")
		}
		if at.state != flow.Open && at.around.Proposer == p.id {
			all = append(all, "decided_before")
		}
	case flow.NounRecovery: // of the owner's account; the proposer took it in
		if at.around.Owner == p.id {
			all = append(all, "self")
		}
		if at.around.Proposer == p.id {
			all = append(all, "proposer")
		}
	case flow.NounHolder:
		if at.state != flow.Pending || slices.Contains(p.holds, "owner") {
			all = append(all, p.holds...)
		}
	}
	return all
}

// nounOf is the noun whose row a route names; "" for the doors that anybody may try, which have tests of their own.
func nounOf(pattern string, act flow.Act) flow.Noun {
	for part, noun := range map[string]flow.Noun{"/applications/{id}": flow.NounApplication, "/certificates/{id}": flow.NounCertificate, "/holders/{id}": flow.NounHolder, "/staff/{id}": flow.NounStaff,
		"/conduct/{id}": flow.NounConduct, "/recoveries/{id}": flow.NounRecovery, "/messages/{id}": flow.NounMessage, "/feedback/{id}": flow.NounFeedback, "/types/{id}": flow.NounType} {
		if strings.Contains(pattern, part) {
			return noun
		}
	}
	in := func(noun flow.Noun) bool {
		return slices.ContainsFunc(flow.Transitions[noun], func(l flow.Transition) bool { return l.Act == act })
	}
	switch {
	case slices.Contains(doors, pattern) || act == flow.SeePublic || act == flow.SetUp:
		return ""
	case strings.Contains(pattern, " /api/") && act != flow.SeeDesk && in(flow.NounStaff):
		return flow.NounStaff
	case strings.Contains(pattern, " /api/"):
		return flow.NounDesk
	case in(flow.NounApplicant):
		return flow.NounApplicant
	}
	return ""
}

// doors are the routes of a form that names its row itself, or that is the way in: who may is shown by other tests.
var doors = []string{
	"POST /api/desk/sign-in", "POST /api/desk/sign-in/factor", "POST /api/desk/join", // TestSecondFactor, TestStaffSessions
	"POST /api/desk/reset", "POST /api/desk/reset/code", // TestForgottenStaffPassword
	"GET /api/desk/attest",                                                                                                              // names a case by the code of the visit: TestAttestedVisit
	"GET /sign-in", "GET /sign-in/{method}", "POST /sign-in/{method}", "GET /sign-in/code", "POST /sign-in/code", "POST /sign-in/again", // TestCodesAreVoid
	"GET /sign-in/identify", "POST /sign-in/identify", "GET /register", "POST /register", "GET /reset", "POST /reset", "GET /reset/code", "POST /reset/code",
	"POST /acting", "POST /acting/{id}/end", // a guest who proved the holder's phone
	"POST /apply/{type}", // the form names the holder
	"GET /feedback", "POST /feedback", "POST /demo/clock", "GET /api/desk/me", "GET /complain", "POST /complain",
}

// body is what a route is sent: an input that it takes.
func (w *walk) body(method, pattern string, at place) (media, body string) {
	if method != "POST" {
		return "", ""
	}
	if strings.HasSuffix(pattern, "/message") || strings.HasSuffix(pattern, "/messages") {
		return "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--x--\r\n"
	}
	if strings.HasPrefix(pattern, "/api/") {
		return "application/json", deskInputs(w, pattern, at)
	}
	if strings.HasSuffix(pattern, "/slot/{slot}") || strings.HasSuffix(pattern, "/sheet") {
		return "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"go\"\r\n\r\nnext\r\n--x--\r\n"
	}
	return form, "q.free-2=%E5%9B%A0%E4%B8%BA&q.name=%E6%9D%8E%E6%A0%B7%E6%9C%AC&declared=yes&shows=none&channel=mail&lang=en&contact=x%40example.com&password=a+long+enough+password&name=%E6%9D%8E%E6%A0%B7%E6%9C%AC&role=clerk&privacy=yes&identity=yes&sure=yes&kind=privacy"
}

func deskInputs(w *walk, pattern string, at place) string {
	if strings.HasSuffix(pattern, "/applications/{id}/log-call") {
		return `{"number":"13800138000","outcome":"no_answer"}`
	}
	if strings.HasSuffix(pattern, "/merge") {
		return `{"into":"` + at.id + `"}`
	}
	if strings.HasSuffix(pattern, "/hold") {
		return `{"reason":"等派出所的回复","until":"` + string(flow.DayOf(w.Clock.Now(), time.UTC).AddDays(9)) + `"}`
	}
	for end, in := range map[string]string{
		"/revoke-role": `{"role":"reviewer"}`, "/grant-role": `{"roles":["reviewer"]}`, "/set-capacity": `{"capacity":3}`, "/set-absence": `{"from":"2027-12-01","until":"2027-12-03"}`,
		"/release": `{"why":"太忙"}`, "/hand-on": `{"why":"太忙"}`, "/reassign": `{"to":"` + w.named("other reviewer").id + `"}`, "/declare-conflict": `{"why":"是亲戚"}`,
		"/verdict": `{"item":"alive","value":"ok"}`, "/note": `{"text":"打过电话"}`, "/request-correction": `{"items":[{"of":"photo","note":"再拍一张"}]}`, "/reopen": `{"why":"来过电话"}`, "/mark-malicious": `{"malicious":true,"why":"照片是别人的"}`, "/attest-presence": `{"sawPerson":true,"sawOriginal":true}`,
		"/letter": `{"outcome":"not_passed","reasons":["forged"]}`, "/decide": `{"outcome":"not_passed","reasons":["forged"]}`, "/propose": `{"outcome":"not_passed","reasons":["forged"]}`, "/confirm": `{"comment":"同意"}`, "/decide-appeal": `{"outcome":"upheld","text":"结果不变"}`, "/reverse": `{"text":"照片不是本人"}`, "/agree-reversal": `{"comment":"同意"}`, "/drop-reversal": `{"comment":"是本人"}`, "/decide-reversal": `{"outcome":"upheld","text":"核实过"}`, "/name-deputy": `{"to":"` + w.named("manager").id + `","why":"没有别人"}`, "/challenge": `{"comment":"再看看"}`, "/log-call": `{"outcome":"接通了"}`,
		"/sanction": `{"kind":"wait","days":90,"until":"` + string(flow.DayOf(w.Clock.Now(), time.UTC).AddDays(400)) + `","reason":"照片是别人的","evidence":"和另一件的照片一样"}`,
		"/complain": `{"kind":"delay","toward":"reviewer","text":"等了很久"}`, "/resolve": `{"finding":"unfounded","note":"没有拖延"}`, "/conduct/{id}/appeal": `{"reason":"不是这样"}`, "/suspend-reviewer": `{"why":"投诉属实"}`, "/end-suspension": `{"reason":"已经改正"}`, "/look-again": `{"right":true}`, "/drop-recovery": `{"reason":"不是本人"}`, "/find": `{"q":"R-2026-000001"}`,
		"/pledge": `{"version":"` + flow.PledgeVersion + `"}`, "/desk/gifts": `{"kind":"gift","what":"茶叶两盒","giver":"家属","day":"` + string(flow.DayOf(w.Clock.Now(), time.UTC)) + `","how":"declined"}`,
		"/legal-hold": `{"reason":"法院来函"}`, "/erase": `{"asked":"asked_holder"}`, "/suspend": `{"reason":"资料不实"}`, "/keep-valid": `{"reason":"资料不实"}`, "/reinstate": `{"reason":"资料不实"}`, "/revoke": `{"reason":"资料不实"}`, "/answer": `{"text":"谢谢"}`, "/review-process": `{"note":"看过"}`,
		"/send-test": `{"channel":"mail","to":"test@example.com"}`, "/desk/staff": `{"name":"孙新来","email":"new@example.com","roles":["reviewer"],"lang":"en"}`,
	} {
		if strings.HasSuffix(pattern, end) {
			return in
		}
	}
	return "{}"
}

// path names the row, and what else the pattern asks for.
func (w *walk) path(pattern string, at place) string {
	_, path, _ := strings.Cut(pattern, " ")
	doc := absent
	var ids []string
	if at.noun == flow.NounApplication {
		if err := w.beside.DB.Select("id").From("documents").Where(dbx.HashExp{"application": at.id}).Column(&ids); err != nil || len(ids) == 0 {
			w.T.Fatalf("no document of %s: %v", at.id, err)
		}
		doc = ids[0]
	}
	page := "{page}"
	if strings.Contains(path, "/q/{page}") {
		path, page = strings.Replace(path, "{page}", "name", 1), "name"
	}
	path = strings.NewReplacer("{id}", at.id, "{document}", doc, page, "1", "{slot}", "photo", "{member}", w.member(at), "{item}", "free-2", "{file}", "certificate.pdf", "{type}", "pension", "{question}", "rule_changes", "{ref}", w.planted()).Replace(path)
	switch path {
	case "/api/desk/reports/file":
		path += "?chart=volume"
	case "/api/desk/search":
		path += "?q=R-2026-0001"
	case "/api/desk/register":
		path += "?as=csv"
	}
	return path
}

// planted is the reference of a case.
func (w *walk) planted() string {
	var refs []string
	if err := w.beside.DB.Select("ref").From("applications").Where(dbx.NewExp("ref<>''")).Limit(1).Column(&refs); err != nil || len(refs) == 0 {
		w.T.Fatal("no case has a reference", err)
	}
	return refs[0]
}

// member is the row of the clerk of a holder.
func (w *walk) member(at place) string {
	var ids []string
	if err := w.beside.DB.Select("id").From("members").Where(dbx.HashExp{"holder": at.id, "role": "clerk"}).Column(&ids); err != nil || len(ids) == 0 {
		return absent
	}
	return ids[0]
}

// softly are the routes that answer otherwise to whoever may see the row, and change nothing by it.
var softly = map[string]string{
	"POST /holders/{id}/consent":       "who sees a holder that has agreed is sent on",
	"POST /holders/{id}/consent/sheet": "who sees a holder that has agreed is sent on",
	"GET /applications/{id}/letter":    "there is no letter before the result",
	"GET /consent":                     "who is new sees what there will be to agree to",
	"POST /sign-out":                   "who is signed out already is signed out",
	"POST /api/desk/sign-out":          "who is signed out already is signed out",
}

// writesNothing are the changes that nobody completes here: a preview, or a form that asks for a code, a file, a secret or a
// whole page of answers. Whoever is let in gets that form back.
var writesNothing = []string{
	"POST /api/desk/applications/{id}/name-deputy", // others are there: TestAppeal
	"POST /applications/{id}/appeal",               // a form with files: TestAppeal
	"POST /applications/{id}/hearing",              // a form with files: TestReversal
	"POST /api/desk/applications/{id}/reverse",     // the planted approval has no certificate: TestReversal
	"POST /api/desk/applications/{id}/propose",     // one person decides the planted type: TestFourEyes
	"POST /api/desk/applications/{id}/letter", "POST /api/desk/factor/begin", "POST /api/desk/factor", "POST /api/desk/password", "POST /api/desk/settings",
	"POST /api/desk/types/{id}/resume-recheck",                                                                                 // TestRecheckBrake
	"POST /api/desk/certificates/{id}/keep-valid", "POST /certificates/{id}/request-change", "POST /applications/{id}/changes", // TestEvidenceEnds, TestChange
	"POST /api/desk/applications/{id}/merge",                                // TestMerge
	"POST /api/desk/types/{id}/preview", "POST /api/desk/types/{id}/adjust", // a whole set of terms: TestAdjust
	"POST /api/desk/imports/try", "POST /api/desk/imports", // a whole file: TestImportOverHTTP
	"POST /api/desk/record/compare", "POST /api/desk/retention", // nothing is due of what is planted: TestWhatKeepsFromErasing
	"POST /api/desk/holders/{id}/recovery-code", "POST /api/desk/holders/{id}/ask-recovery", // a contact and its code: TestRecovery
	"POST /api/desk/staff/{id}/end-suspension",                              // nobody planted is suspended: TestSuspension
	"POST /api/desk/holders/{id}/lift",                                      // nothing stands against whoever is planted: TestSanction
	"POST /api/desk/applications/{id}/lift-hold",                            // nothing is held of what is planted
	"POST /api/desk/take", "POST /applications/{id}/correction/slot/{slot}", // TestTake, TestCorrection: a whole form, a file
	"POST /holders/{id}/consent", "POST /holders/{id}/consent/sheet", "POST /holders/{id}/members", "POST /account/phone",
	"POST /applications/{id}/slot/{slot}", "POST /applications/{id}/q/{page}", "POST /holders/new/other", "POST /holders/new/institution", "POST /holders/new/person",
}

// asked is what a route answered: refused, not now, or let in.
const (
	denied = "refused"
	notNow = "not now"
	letIn  = "let in"
)

func (w *walk) ask(p *somebody, method, path, media, body string) (string, string) {
	w.T.Helper()
	req, err := http.NewRequest(method, w.URL+path, strings.NewReader(body))
	if err != nil {
		w.T.Fatal(err)
	}
	w.sent++
	req.Header = http.Header{"Sec-Fetch-Site": {"same-origin"}, "X-Desk-Background": {"1"}, "Accept-Language": {"en"}, "X-Forwarded-For": {fmt.Sprintf("198.51.%d.%d", w.sent/250%250, w.sent%250)}}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	if p.cookie != "" {
		req.Header.Set("Cookie", p.cookie)
	}
	res, err := w.client.Do(req)
	if err != nil {
		w.T.Fatal(err)
	}
	defer res.Body.Close()
	var text bytes.Buffer
	if _, err := io.Copy(&text, res.Body); err != nil {
		w.T.Fatal(err)
	}
	said := fmt.Sprintf("%d %s %.300s", res.StatusCode, res.Header.Get("Location"), strings.TrimSpace(text.String()))
	switch to := res.Header.Get("Location"); {
	case res.StatusCode >= 500 || res.StatusCode == 429:
		return "failed", said
	case res.StatusCode == 401 || res.StatusCode == 403 || res.StatusCode == 404 || res.StatusCode == 303 && strings.HasPrefix(to, "/sign-in?"):
		return denied, said
	case res.StatusCode == 409:
		return notNow, said
	}
	return letIn, said
}

// expected is what decisions.csv and the transition table say.
func (w *walk) expected(p *somebody, act flow.Act, at place) string {
	if at.of != "" && p.id == "" {
		return denied // a guest has no row of their own
	}
	roles := make([]string, len(p.roles))
	for i, r := range p.roles {
		roles[i] = string(r)
	}
	if !w.policy.Expects(roles, string(act), string(at.state), p.relations(at)) {
		return denied
	}
	if _, err := flow.Next(at.noun, at.state, act); err != nil || act == flow.Claim && flow.Elsewhere(at.state) {
		return notNow // a planted case that is with a second person has somebody
	}
	return letIn
}

// last sorts what destroys keys behind everything else: rows come back after each step, keys do not.
func last(l hooks.Line) string {
	if l.Act == flow.Erase {
		return "~"
	}
	return ""
}

// TestWalk goes everywhere as everybody.
func TestWalk(t *testing.T) {
	w := newWalk(t)
	lines := slices.Clone(w.Lines())
	slices.SortStableFunc(lines, func(a, b hooks.Line) int { return strings.Compare(last(a)+a.Pattern, last(b)+b.Pattern) })
	for _, l := range lines {
		noun := nounOf(l.Pattern, l.Act)
		if noun == "" {
			continue
		}
		w.been[l.Pattern] = map[string]int{}
		desk := strings.Contains(l.Pattern, " /api/")
		for _, at := range w.places {
			if at.noun != noun {
				continue
			}
			for _, p := range w.people {
				if p.desk != desk {
					continue
				}
				own := !strings.Contains(l.Pattern, "{id}") && noun != flow.NounDesk // the route is about one's own row
				if own && (at.of == "" || at.of != p.id && p.id != "") || at.special != "" && !at.concerns(p) && os.Getenv("FULL") == "" {
					continue
				}
				w.step(l.Pattern, l.Act, at, p)
			}
		}
	}
	total := 0
	for pattern, said := range w.been {
		total += said[denied] + said[notNow] + said[letIn]
		if said[letIn] == 0 || said[denied] == 0 {
			t.Errorf("%s: %v", pattern, said)
		}
		if strings.HasPrefix(pattern, "POST ") && said["done"] == 0 && !slices.Contains(writesNothing, pattern) {
			t.Errorf("%s was never done: %v", pattern, said)
		}
		if os.Getenv("SHOW") != "" {
			t.Log(pattern, said)
		}
	}
	t.Logf("%d requests to %d routes", total, len(w.been))
	if report, err := w.Desk.Desk.Verify(t.Context()); err != nil || len(report.Findings) == 0 {
		t.Errorf("the planted rows are not named: %v", err)
	}
}

// step asks once.
func (w *walk) step(pattern string, act flow.Act, at place, p *somebody) {
	method, path, _ := strings.Cut(pattern, " ")
	w.ForgetCounts()
	media, body := w.body(method, path, at)
	got, said := w.ask(p, method, w.path(pattern, at), media, body)
	want := w.expected(p, act, at)
	what := fmt.Sprintf("%s, %s %s (%s): %s", pattern, at.noun, at.state, strings.Join(p.relations(at), " "), p.name)
	w.been[pattern][got]++
	written := w.beside.Written()
	if got == letIn && want == notNow && !written && method == "POST" && !p.desk {
		got = want // the form came back, or the page as it is now: the second click of two
	}
	if got != want && (softly[pattern] == "" || written) {
		w.T.Errorf("%s: %s, want %s: %s", what, got, want, said)
	}
	if !written {
		return
	}
	w.been[pattern]["done"]++
	if got != letIn || method == "GET" && act != flow.ViewCase && act != flow.ViewComplaint && act != flow.ViewDocument && act != flow.SearchRecord && act != flow.SeeRecord && act != flow.Export {
		w.T.Errorf("%s: refused, or a reading, but something was written:\n%s", what, w.difference())
	}
	w.beside.Back("good")
	w.beside.Written()
}

// difference says what was written since everything was good.
func (w *walk) difference() string {
	now := w.beside.Dump()
	w.beside.Back("good")
	return testkit.Difference(w.beside.Dump(), now)
}
