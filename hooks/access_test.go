package hooks_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/policies"
)

// The second fence: every route has its permission, and whoever lacks it cannot tell a row of somebody else from none.

var update = flag.Bool("update", false, "write docs/api.md and the golden files anew")

// Every line of the route table names an act that the policy knows, and that a transition table knows for its noun.
func TestEveryRouteHasItsPermission(t *testing.T) {
	policy, err := policies.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	d := testkit.Open(t)
	seen := map[string]bool{}
	for _, l := range d.Lines() {
		if seen[l.Pattern] {
			t.Errorf("%s stands in the table twice", l.Pattern)
		}
		seen[l.Pattern] = true
		if l.Form != "act" && l.Form != "read" && l.Form != "page" {
			t.Errorf("%s opens as %q", l.Pattern, l.Form)
		}
		if len(mayDo(policy, l.Act)) == 0 {
			t.Errorf("%s: no line of the policy lets anybody %s", l.Pattern, l.Act)
		}
		if !inTable(l.Noun, l.Act) {
			t.Errorf("%s: no transition table of %q has the act %s", l.Pattern, l.Noun, l.Act)
		}
		if (l.Form == "page") != (l.Noun == "") {
			t.Errorf("%s: a %s with noun %q", l.Pattern, l.Form, l.Noun)
		}
		if strings.HasPrefix(l.Pattern, "GET ") && l.Form == "act" {
			t.Errorf("%s: a GET must change nothing", l.Pattern)
		}
	}
	if len(seen) < 100 {
		t.Fatalf("only %d routes", len(seen))
	}
}

// inTable reports whether the transition table of the noun has the act; of any noun where a page names none.
func inTable(noun flow.Noun, act flow.Act) bool {
	for n, list := range flow.Transitions {
		if noun != "" && n != noun {
			continue
		}
		if slices.ContainsFunc(list, func(t flow.Transition) bool { return t.Act == act }) {
			return true
		}
	}
	return false
}

// mayDo says who may do an act, in words: a role, or a role in a relation, in one state where the right depends on it.
func mayDo(p *policies.Policy, act flow.Act) (all []string) {
	for _, role := range p.Roles() {
		if role == string(flow.System) {
			continue
		}
		if p.Can([]string{role}, string(act), policies.Any, nil).Allow {
			all = append(all, role)
			continue
		}
		var as []string
		for _, relation := range p.Relations() {
			if p.Can([]string{role}, string(act), policies.Any, []string{relation}).Allow {
				as = append(as, relation)
			}
		}
		if len(as) > 0 {
			all = append(all, role+" as "+strings.Join(as, " or "))
			continue
		}
		all = append(all, mayInState(p, role, act)...)
	}
	return all
}

func mayInState(p *policies.Policy, role string, act flow.Act) []string {
	where := map[string][]string{} // relation → states
	for _, state := range p.States() {
		for _, relation := range p.Relations() {
			if p.Can([]string{role}, string(act), state, []string{relation}).Allow {
				where[relation] = append(where[relation], state)
			}
		}
	}
	if states := where[policies.Any]; states != nil {
		return []string{role + " while " + strings.Join(states, " or ")}
	}
	var all []string
	for _, relation := range p.Relations() {
		if states := where[relation]; states != nil {
			all = append(all, role+" as "+relation+" while "+strings.Join(states, " or "))
		}
	}
	return all
}

const apiHead = `# Routes

Every way in: what is not here answers 404. This page is written by ` + "`go test ./hooks -run TestAPIPage -update`" + ` from the route
table (` + "`hooks/routes.go`" + `) and the policy (` + "`policies/policy.csv`" + `); a test fails when it is out of date.

- **act**: JSON in, the receipt out. The row is named by ` + "`{id}`" + ` (the desk where there is none). ` + "`Idempotency-Key`" + ` makes a call
  safe to repeat: the same key gets the same receipt for ever, with other input it is refused. ` + "`If-Match`" + ` with the row's
  revision refuses a row that somebody else changed, and says who, when and how. An unknown field is refused.
- **read**: JSON out, with an ` + "`ETag`" + `.
- **page**: a page or a form for people under ` + "`/`" + `, JSON with an answer of its own under ` + "`/api/desk/`" + `.

Errors are ` + "`{status, code, message}`" + `: the code is for machines and stays, the message is for people, in their language.
Whoever may not gets the answer that an absent row gets. "Who may" leaves out what the policy denies on top, such as a
conflict: see [access.md](access.md). Whether an act is possible now is for the transition table of its row to say.

`

// docs/api.md is the route table with the policy beside it.
func TestAPIPage(t *testing.T) {
	policy, err := policies.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	d := testkit.Open(t)
	var b bytes.Buffer
	b.WriteString(apiHead)
	for _, part := range []struct{ title, under string }{{"The desk's API", " /api/desk/"}, {"The portal", " /"}} {
		fmt.Fprintf(&b, "## %s\n\n| route | opens | act | on | who may |\n|---|---|---|---|---|\n", part.title)
		for _, l := range d.Lines() {
			if !strings.Contains(l.Pattern, part.under) || part.under == " /" && strings.Contains(l.Pattern, " /api/") {
				continue
			}
			on := string(l.Noun)
			if on == "" {
				on = "–"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", l.Pattern, l.Form, l.Act, on, strings.Join(mayDo(policy, l.Act), "; "))
		}
		b.WriteString("\n")
	}
	golden(t, "../docs/api.md", strings.TrimSpace(b.String())+"\n")
}

// golden compares with a file, or writes it anew.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with: go test ./hooks -run '%s' -update", err, t.Name())
	}
	if string(want) == got {
		return
	}
	a, z := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for _, l := range z {
		if !slices.Contains(a, l) {
			t.Errorf("not in %s: %s", file, l)
		}
	}
	for _, l := range a {
		if !slices.Contains(z, l) {
			t.Errorf("only in %s: %s", file, l)
		}
	}
	t.Fatalf("%s is out of date; look at the difference, then: go test ./hooks -run '%s' -update", file, t.Name())
}

// A scene is a desk with one person's rows, and everybody who might look at them.
type scene struct {
	*testkit.Desk
	owner, other, guest *testkit.Browser
	staff               map[flow.Role]*testkit.Browser
	draft, open, closed string // applications: being filled in, in review, approved
	holder, certificate string
	code                string // of the public page
	document, shown     string // of the draft, of the case in review
	message, feedback   string
	colleague           string
	canaries            []string
}

const ownerMail, ownerPhone = "xiuying.canary@example.com", "13900007788"

// newScene plays the true line for one person, and leaves a second case in review and a draft behind.
func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{Desk: testkit.Open(t), staff: map[flow.Role]*testkit.Browser{}}
	s.colleague = s.Staff("陈明", "chen@example.com", flow.Reviewer)
	number := individual.Example()["resident_id"]
	s.canaries = []string{"王秀英", "WANG XIUYING", number, number[6:14], ownerPhone, ownerPhone[7:], ownerMail, "朝阳区"}
	s.owner = s.Browser()
	signUp(t, s.Desk, s.owner, ownerMail)
	s.closed = apply(t, s.Desk, s.owner, map[string]string{"phone": ownerPhone})
	chen := signInStaff(t, s.Desk, "chen@example.com")
	pass(t, chen, s.closed)
	s.open = applyAgain(t, s.Desk, s.owner)
	s.draft = startDraft(t, s.owner, "individual")
	s.owner.Get("/applications/"+s.draft+"/slot/id_front").Want(200).
		Upload("/slot/id_front", "canary.jpg", specimen.IDFront("王秀英", number, "女", "1949-12-31", "朝阳区")).Want(200)
	s.ids(t)
	s.other, s.guest = s.Browser(), s.Browser()
	s.Clock.Move(61 * time.Second)
	signUp(t, s.Desk, s.other, "somebody.else@example.com")
	s.guest.Get("/").Want(200)
	for role, mail := range map[flow.Role]string{flow.Reviewer: "hao@example.com", flow.Lead: "lead@example.com", flow.Auditor: "audit@example.com"} {
		s.Staff("同事", mail, role)
		s.staff[role] = signInStaff(t, s.Desk, mail)
	}
	s.staff[flow.Manager] = signInStaff(t, s.Desk, "manager@example.com")
	return s
}

func signInStaff(t *testing.T, d *testkit.Desk, mail string) *testkit.Browser {
	t.Helper()
	b := d.Browser()
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": mail, "password": testkit.Password}, nil).Want(200)
	return b
}

var applicationPath = regexp.MustCompile(`/applications/([a-z0-9]{15})/`)

// startDraft opens a draft for the first holder that the page offers.
func startDraft(t *testing.T, b *testkit.Browser, typ string) string {
	t.Helper()
	b.Get("/apply/" + typ).Want(200)
	holder := regexp.MustCompile(`name="holder"[^>]*value="([a-z0-9]{15})"|value="([a-z0-9]{15})"[^>]*name="holder"`).FindStringSubmatch(b.Body)
	if holder == nil {
		t.Fatalf("no holder to choose:\n%s", b.Text())
	}
	b.Send("/apply/"+typ, "holder", holder[1]+holder[2]).Want(200)
	m := applicationPath.FindStringSubmatch(b.Path)
	if m == nil {
		t.Fatalf("no draft at %s:\n%s", b.Path, b.Text())
	}
	return m[1]
}

// applyAgain hands in a second case for the same holder, its documents put in by the act itself.
func applyAgain(t *testing.T, d *testkit.Desk, b *testkit.Browser) string {
	t.Helper()
	id := startDraft(t, b, "individual")
	app, err := records.Load[*records.Application](d.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	by := command.Account(app.Applicant)
	first, err := records.Find[*records.Document](d.App.DB(), dbx.And(dbx.HashExp{"state": "kept", "slot": "id_front"}))
	if err != nil {
		t.Fatal(err)
	}
	for page, value := range individual.Example() {
		if page == "phone" {
			value = ownerPhone
		}
		d.Must(command.Run(t.Context(), d.Desk, by, command.SaveDraft, command.At{ID: id}, command.PageAnswers{Page: page, Entered: map[string]string{page: value}}))
	}
	for _, slot := range []string{"id_front", "id_back", "household"} {
		d.Must(command.Run(t.Context(), d.Desk, by, command.AddDocument, command.At{ID: id}, command.Stored{Slot: slot, Name: "canary.jpg", Media: first.Media,
			Bytes: first.Bytes, Pages: first.Pages, Width: first.Width, Height: first.Height, Blob: first.Blob, Views: records.List(first.Views), Mark: slot}))
	}
	d.Must(command.Run(t.Context(), d.Desk, by, command.Submit, command.At{ID: id}, command.Submission{Declared: true}))
	return id
}

// ids reads what the walk needs to name.
func (s *scene) ids(t *testing.T) {
	t.Helper()
	db := s.App.DB()
	k, err := records.Find[*records.Certificate](db, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.certificate, s.code, s.holder = k.ID, k.Code, k.Holder
	for app, to := range map[string]*string{s.draft: &s.document, s.open: &s.shown} {
		docs, err := records.Documents(db, app)
		if err != nil || len(docs) == 0 {
			t.Fatalf("documents of %s: %d, %v", app, len(docs), err)
		}
		*to = docs[0].ID
	}
	messages, err := records.All[*records.Message](db, nil, "made")
	if err != nil || len(messages) == 0 {
		t.Fatalf("messages: %v", err)
	}
	s.message = messages[0].ID
	s.Must(command.Run(t.Context(), s.Desk.Desk, command.Caller{Role: flow.Guest, ID: "g"}, command.GiveFeedback, command.At{ID: records.DeskID},
		command.Said{Page: "/", Text: "王秀英", Score: 1}))
	f, err := records.Find[*records.Feedback](db, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.feedback = f.ID
}

const absent = "zzzzzzzzzzzzzz0"

// fill names the rows of the scene in a pattern, or rows that are not there.
func (s *scene) fill(pattern string, real bool) []string {
	app := []string{s.draft, s.open, s.closed}
	sub := map[string]string{"{document}": s.document, "{member}": "memberofnobody0", "{page}": "1", "{slot}": "id_front", "{file}": "certificate.pdf", "{image}": "badge.svg",
		"{type}": "individual", "{method}": "email", "{channel}": "mail", "{lang}": "en", "{size}": "large", "{code}": s.code}
	var ids []string
	switch {
	case strings.Contains(pattern, "/applications/"):
		ids = app
	case strings.Contains(pattern, "/holders/") || strings.Contains(pattern, "/acting/"):
		ids = []string{s.holder}
	case strings.Contains(pattern, "/certificates/"):
		ids = []string{s.certificate}
	case strings.Contains(pattern, "/staff/"):
		ids = []string{s.colleague}
	case strings.Contains(pattern, "/messages/"):
		ids = []string{s.message}
	case strings.Contains(pattern, "/feedback/"):
		ids = []string{s.feedback}
	case strings.Contains(pattern, "/types/"):
		ids = []string{"individual"}
	}
	if !real {
		ids = []string{absent}
	}
	var all []string
	for _, id := range ids {
		path := strings.ReplaceAll(pattern, "{id}", id)
		if id == s.open {
			path = strings.ReplaceAll(path, "{document}", s.shown)
		}
		if strings.Contains(path, "/q/{page}") {
			path = strings.ReplaceAll(path, "{page}", "name")
		}
		for k, v := range sub {
			path = strings.ReplaceAll(path, k, v)
		}
		all = append(all, path)
	}
	return all
}

// An answer is what can be compared of one: nothing that names the row asked for, no secret of one form.
type answer struct {
	status        int
	location, txt string
	headers       string
}

var changing = regexp.MustCompile(`[A-Za-z0-9_-]{43}|[0-9a-f]{64}`)

func ask(t *testing.T, b *testkit.Browser, method, path string) answer {
	t.Helper()
	stay := *b.Client
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	req, err := http.NewRequest(method, b.Base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range b.Header {
		req.Header[k] = v
	}
	if method == "POST" && strings.HasPrefix(path, "/api/") {
		req.Header.Set("Content-Type", "application/json")
	} else if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := stay.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	clean := func(s string) string {
		for _, id := range regexp.MustCompile(`/(applications|holders|certificates|acting|staff|messages|feedback)(/|%2F)([a-z0-9]{15})`).FindAllStringSubmatch(path, -1) {
			s = strings.ReplaceAll(s, id[3], "ID")
		}
		for _, m := range regexp.MustCompile(`documents/([a-z0-9]{15})`).FindAllStringSubmatch(path, -1) {
			s = strings.ReplaceAll(s, m[1], "DOCUMENT")
		}
		return changing.ReplaceAllString(s, "SECRET")
	}
	var headers []string
	for name, values := range res.Header {
		if name != "Date" {
			headers = append(headers, name+": "+clean(strings.Join(values, ", ")))
		}
	}
	slices.Sort(headers)
	return answer{res.StatusCode, clean(res.Header.Get("Location")), clean(body.String()), strings.Join(headers, "\n")}
}

// Whoever may not gets the answer for a row that is not there, byte for byte, and never anything of the person.
func TestNotYoursIsNotThere(t *testing.T) {
	s := newScene(t)
	policy, err := policies.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("portal", func(t *testing.T) {
		for name, b := range map[string]*testkit.Browser{"guest": s.guest, "another applicant": s.other, "lead": s.staff[flow.Lead]} {
			for _, l := range s.Lines() {
				method, pattern, _ := strings.Cut(l.Pattern, " ")
				if strings.HasPrefix(pattern, "/api/") || !strings.Contains(pattern, "{id}") {
					continue
				}
				s.same(t, b, name, method, pattern, name != "another applicant")
			}
		}
	})
	t.Run("desk", func(t *testing.T) {
		for role, b := range s.staff {
			for _, l := range s.Lines() {
				method, pattern, _ := strings.Cut(l.Pattern, " ")
				if !strings.HasPrefix(pattern, "/api/") || !strings.Contains(pattern, "{id}") || policy.Can([]string{string(role)}, string(l.Act), policies.Any, nil).Allow {
					continue
				}
				s.same(t, b, string(role), method, pattern, false)
			}
		}
		for name, b := range map[string]*testkit.Browser{"guest": s.guest, "the owner": s.owner, "another applicant": s.other} {
			for _, l := range s.Lines() {
				method, pattern, _ := strings.Cut(l.Pattern, " ")
				if strings.HasPrefix(pattern, "/api/") && strings.Contains(pattern, "{id}") {
					s.same(t, b, name, method, pattern, true)
				}
			}
		}
	})
	t.Run("without a row", s.withoutRow)
	t.Run("still theirs", s.stillTheirs)
}

// same compares the answer for every row of the scene with the answer for one that is not there.
func (s *scene) same(t *testing.T, b *testkit.Browser, who, method, pattern string, signIn bool) {
	t.Helper()
	s.Clock.Move(time.Second) // slower than the limit of forms from one address
	none := ask(t, b, method, s.fill(pattern, false)[0])
	switch {
	case signIn && strings.HasPrefix(pattern, "/api/") && none.status != 401:
		t.Errorf("%s: %s %s answers %d, not 401", who, method, pattern, none.status)
	case signIn && !strings.HasPrefix(pattern, "/api/") && (none.status != 303 || !strings.HasPrefix(none.location, "/sign-in")):
		t.Errorf("%s: %s %s answers %d to %q, not the way to sign in", who, method, pattern, none.status, none.location)
	case !signIn && none.status != 404 && none.status != 403:
		t.Errorf("%s: %s %s answers %d for a row that is not there", who, method, pattern, none.status)
	}
	for _, path := range s.fill(pattern, true) {
		got := ask(t, b, method, path)
		if got != none {
			t.Errorf("%s: %s %s tells a row from none:\n%d %s %s %s\n%d %s %s %s", who, method, path, got.status, got.location, got.headers, got.txt, none.status, none.location, none.headers, none.txt)
		}
		s.silent(t, who+": "+method+" "+path, got.txt+got.location)
	}
}

// silent looks for the person.
func (s *scene) silent(t *testing.T, where, text string) {
	t.Helper()
	for _, c := range s.canaries {
		if strings.Contains(text, c) {
			t.Errorf("%s shows %q", where, c)
		}
	}
}

// withoutRow asks every page and list that names no row.
func (s *scene) withoutRow(t *testing.T) {
	names := map[string]*testkit.Browser{"guest": s.guest, "another applicant": s.other}
	for role, b := range s.staff {
		if role == flow.Reviewer || role == flow.Auditor {
			names[string(role)] = b
		}
	}
	for who, b := range names {
		for _, l := range s.Lines() {
			method, pattern, _ := strings.Cut(l.Pattern, " ")
			if method != "GET" || strings.Contains(pattern, "{id}") || strings.HasPrefix(pattern, "/v/") || strings.HasPrefix(pattern, "/demo") || strings.Contains(pattern, "{$}") {
				continue // the public page shows what the holder allowed; what only a demo has shows all of it
			}
			path := strings.NewReplacer("{type}", "individual", "{slot}", "work_proof", "{method}", "email", "{channel}", "mail", "{lang}", "en", "{size}", "large").Replace(pattern)
			got := ask(t, b, method, path)
			s.silent(t, who+": "+path, got.txt)
			if got.status >= 500 {
				t.Errorf("%s: %s answers %d: %s", who, path, got.status, got.txt)
			}
		}
		s.silent(t, who+": search", ask(t, b, "GET", "/api/desk/search?q="+s.canaries[2]).txt)
		for _, filter := range []string{"all", "unassigned", "late", "waiting", "closed"} {
			s.silent(t, who+": queue", ask(t, b, "GET", "/api/desk/queue?filter="+filter).txt)
		}
	}
}

// stillTheirs shows that the walk left the rows alone, and that they answer to whom they belong.
func (s *scene) stillTheirs(t *testing.T) {
	for id, state := range map[string]flow.State{s.draft: flow.Draft, s.open: flow.InReview, s.closed: flow.Approved} {
		app, err := records.Load[*records.Application](s.App.DB(), id)
		if err != nil || app.State != state {
			t.Errorf("case %s is %q after the walk, not %q (%v)", id, app.State, state, err)
		}
	}
	s.owner.Get("/applications/" + s.closed).Want(200).Has("王秀英")
	s.owner.Get("/certificates/" + s.certificate).Want(200).Has("王秀英")
	if got := ask(t, s.owner, "GET", "/applications/"+s.draft+"/documents/"+s.document+"/1"); got.status != 200 {
		t.Errorf("the owner's own document answers %d", got.status)
	}
	if got := ask(t, s.owner, "GET", "/applications/"+s.closed+"/documents/"+s.document+"/1"); got.status != 404 {
		t.Errorf("a document under another case answers %d", got.status)
	}
	s.staff[flow.Lead].Get("/api/desk/applications/" + s.open).Want(200).Has("王秀英")
	s.staff[flow.Lead].Get("/api/desk/applications/" + s.draft).Want(http.StatusConflict)
	if report, err := s.Desk.Desk.Verify(t.Context()); err != nil || !report.OK() {
		t.Errorf("the record does not verify: %+v %v", report, err)
	}
}
