package hooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/certdesk/certdesk/hooks"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// The first fence: what PocketBase brings along answers only where the list in pocketbase.go says so, to nobody with a case.

// A full desk is served by PocketBase itself, its dashboard included, as certdesk serve does it.
type full struct {
	*hooks.Server
	app    core.App
	url    string
	routes []string // every pattern that the router knows
	token  string   // of a superuser
}

const superuserMail = "root@example.com"

func serveFull(t *testing.T, change ...func(*config.Config)) *full {
	t.Helper()
	f := &full{app: testkit.Started(t)}
	cfg, err := config.Load(map[string]string{"dir": f.app.DataDir(), "log-level": "error"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(&cfg)
	}
	hooks.Register(f.app, cfg, func(s *hooks.Server) error { f.Server = s; return nil })
	up, down := make(chan struct{}), make(chan error, 1)
	f.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Priority: 10_000, Func: func(se *core.ServeEvent) (err error) {
		f.routes = patterns(reflect.ValueOf(se.Router.RouterGroup), "")
		if se.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
		f.url = "http://" + se.Listener.Addr().String()
		defer close(up)
		return se.Next()
	}})
	go func() { down <- apis.Serve(f.app, apis.ServeConfig{}) }()
	select {
	case <-up:
	case err := <-down:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.app.OnTerminate().Trigger(&core.TerminateEvent{App: f.app}, func(*core.TerminateEvent) error { return nil }); err != nil {
			t.Error(err)
		}
		if err := <-down; err != nil {
			t.Error(err)
		}
	})
	return f
}

// patterns walks the router's groups, which it keeps to itself.
func patterns(group reflect.Value, prefix string) (all []string) {
	group = group.Elem()
	prefix += group.FieldByName("Prefix").String()
	children := group.FieldByName("children")
	for i := range children.Len() {
		child := children.Index(i).Elem()
		if child.Elem().FieldByName("Path").IsValid() {
			all = append(all, strings.TrimSpace(child.Elem().FieldByName("Method").String()+" "+prefix+child.Elem().FieldByName("Path").String()))
			continue
		}
		all = append(all, patterns(child, prefix)...)
	}
	return all
}

// theirs are PocketBase's own routes.
func (f *full) theirs() (all []string) {
	ours := hooks.FilePatterns()
	for _, l := range f.Lines() {
		ours = append(ours, l.Pattern)
	}
	for _, r := range f.routes {
		if !slices.Contains(ours, r) {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// superuser makes one, with a token as PocketBase gives it out after both factors.
func (f *full) superuser(t *testing.T) {
	t.Helper()
	c, err := f.app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	r := core.NewRecord(c)
	r.SetEmail(superuserMail)
	r.SetPassword(testkit.Password)
	if err := f.app.Save(r); err != nil {
		t.Fatal(err)
	}
	if f.token, err = r.NewAuthToken(); err != nil {
		t.Fatal(err)
	}
}

// send makes one request and returns status, headers and body.
func (f *full) send(t *testing.T, method, path string, header map[string][]string, body any) (int, http.Header, string) {
	t.Helper()
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, f.url+path, in)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range header {
		req.Header[http.CanonicalHeaderKey(k)] = v
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(raw)
}

func (f *full) asSuperuser() map[string][]string {
	return map[string][]string{"Authorization": {f.token}}
}

// Every route of PocketBase's stands in a list that somebody looked at, with what becomes of it here.
func TestPocketBaseRoutesAreKnown(t *testing.T) {
	f := serveFull(t)
	allowed := hooks.AllowedPatterns()
	var b strings.Builder
	b.WriteString("# PocketBase's own routes and what becomes of them. An upgrade that brings another one fails here first: decide, then write it anew.\n")
	theirs := f.theirs()
	for _, r := range theirs {
		only, ok := allowed[r]
		switch {
		case ok && only:
			r += "\tsuperusers' own collection, from their addresses"
		case ok:
			r += "\topen as it is, or from the superusers' addresses"
		case hooks.Emptied()[r] != "":
			r += "\tan answer with nothing in it, to superusers"
		default:
			r += "\tnowhere"
		}
		b.WriteString(r + "\n")
	}
	golden(t, "testdata/pocketbase_routes.golden", b.String())
	for r := range allowed {
		if !slices.Contains(theirs, r) {
			t.Errorf("the list allows %s, which PocketBase does not have", r)
		}
	}
	for _, must := range []string{"POST /api/batch", "GET /api/realtime", "POST /api/sql", "POST /api/backups", "GET /api/files/{collection}/{recordId}/{filename}",
		"POST /api/collections/{collection}/impersonate/{id}", "DELETE /api/collections/{collection}/truncate", "PUT /api/collections/import"} {
		if _, ok := allowed[must]; ok || !slices.Contains(theirs, must) {
			t.Errorf("%s is open, or is not among PocketBase's routes any more: %v", must, theirs)
		}
	}
}

// peopled adds a person's rows to the tables, so that there is something to leak.
func (f *full) peopled(t *testing.T) {
	t.Helper()
	must := func(r command.Receipt, err error) command.Receipt {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	must(command.Run(t.Context(), f.Desk, command.Itself, command.SetUp, command.At{ID: records.DeskID}, command.Opening{
		Settings: command.Settings{NameZh: "认证中心", NameEn: "Desk", Zone: "Asia/Shanghai", Lang: "zh-Hans", PublicURL: f.url, Free: true},
		Manager:  "林金丝雀", Email: "canary.staff@example.com", Hash: "x", Demo: true}))
	guest := command.Caller{Role: flow.Guest, ID: "g"}
	id := must(command.Run(t.Context(), f.Desk, guest, command.Register, command.At{ID: records.DeskID},
		command.NewAccount{Channel: "mail", Contact: "canary.applicant@example.com", Lang: "zh-Hans", Proved: true})).Answer["id"]
	must(command.Run(t.Context(), f.Desk, command.Account(id), command.AddHolder, command.At{ID: id}, command.NewHolder{Kind: "person", Own: true, Name: "王金丝雀"}))
}

var canaries = []string{"canary", "金丝雀", "name_blind", "tokenKey"}

// Whoever asks PocketBase's routes for the desk's tables, by name or by id, finds nothing there.
func TestDomainTablesAreNowhere(t *testing.T) {
	f := serveFull(t)
	f.superuser(t)
	f.peopled(t)
	allowed := hooks.AllowedPatterns()
	applicant, staff := &http.Cookie{}, &http.Cookie{}
	f.cookies(t, applicant, staff)
	callers := map[string]map[string][]string{"guest": {}, "applicant": {"Cookie": {applicant.String()}}, "reviewer": {"Cookie": {staff.String()}}, "superuser": f.asSuperuser()}
	for _, table := range records.Tables {
		c, err := f.app.FindCollectionByNameOrId(table.Row.Table())
		if err != nil {
			t.Fatal(err)
		}
		var row struct{ ID string }
		_ = f.app.DB().Select("id").From(c.Name).Limit(1).One(&row) // "" where the table is empty
		if row.ID == "" {
			row.ID = absent
		}
		for i, name := range []string{c.Name, c.Id, strings.ToUpper(c.Name)} {
			fill := strings.NewReplacer("{collection}", name, "{id}", row.ID, "{recordId}", row.ID, "{filename}", "x.jpg", "{key}", "x", "{path...}", "x")
			for _, r := range f.theirs() {
				method, path, ok := strings.Cut(r, " ")
				if !ok || !strings.Contains(path, "{collection}") {
					continue
				}
				for who, header := range callers {
					if i > 0 && who != "superuser" {
						continue // by name for everybody, by id and in capitals for who could see the most
					}
					status, _, body := f.send(t, method, fill.Replace(path), header, map[string]any{})
					if status != 404 || !strings.Contains(body, `"not_found"`) {
						t.Fatalf("%s: %s of %s answers %d: %s", who, r, name, status, body)
					}
				}
			}
		}
	}
	f.elsewhere(t, callers, allowed)
}

// cookies signs in an account and a colleague by rows of their own.
func (f *full) cookies(t *testing.T, applicant, staff *http.Cookie) {
	t.Helper()
	a, err := records.Find[*records.Applicant](f.app.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := records.Find[*records.Staff](f.app.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	applicant.Name, applicant.Value = "certdesk_account", strings.Repeat("a", 43)
	staff.Name, staff.Value = "certdesk_staff", strings.Repeat("s", 43)
	if _, err := command.Run(t.Context(), f.Desk, command.Account(a.ID), command.SignIn, command.At{ID: a.ID}, command.NewSession{Digest: sum(applicant.Value)}); err != nil {
		t.Fatal(err)
	}
	if _, err := command.Run(t.Context(), f.Desk, command.Of(s.ID), command.StaffSignIn, command.At{ID: s.ID}, command.NewSession{Digest: sum(staff.Value), Passed: true}); err != nil {
		t.Fatal(err)
	}
	if status, _, body := f.send(t, "GET", "/api/desk/me", map[string][]string{"Cookie": {staff.String()}}, nil); status != 200 {
		t.Fatalf("the colleague is not signed in: %d %s", status, body)
	}
}

// elsewhere asks the routes that name no collection, and the superusers' own, for anything of the desk.
func (f *full) elsewhere(t *testing.T, callers map[string]map[string][]string, allowed map[string]bool) {
	t.Helper()
	fill := strings.NewReplacer("{collection}", core.CollectionNameSuperusers, "{id}", absent, "{recordId}", absent, "{filename}", "x", "{key}", "x.zip", "{path...}", "", "{token}", "x",
		"{jobId}", "x", "{meta}", "x", "{$}", "")
	for _, r := range f.theirs() {
		method, path, ok := strings.Cut(r, " ")
		if !ok {
			continue
		}
		_, open := allowed[r]
		for who, header := range callers {
			status, h, body := f.send(t, method, fill.Replace(path), header, nil)
			if nothing := hooks.Emptied()[r]; nothing != "" && who == "superuser" {
				if status != 200 || body != nothing {
					t.Errorf("%s answers a superuser %d: %s", r, status, body)
				}
				continue
			}
			if !open && (status != 404 || !strings.Contains(body, `"not_found"`)) {
				t.Errorf("%s: %s answers %d: %s", who, r, status, body)
			}
			if open && !strings.HasPrefix(path, "/_/") {
				for _, c := range canaries {
					if strings.Contains(body, c) {
						t.Errorf("%s: %s shows %q: %.300s", who, r, c, body)
					}
				}
			}
			if open && who != "superuser" && status == 200 && !strings.HasPrefix(path, "/_/") && path != "/api/health" && !strings.Contains(path, "auth-methods") {
				t.Errorf("%s: %s answers: %.300s", who, r, body)
			}
			if h.Get("Content-Security-Policy") == "" || h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %s without its headers", who, r)
			}
		}
	}
}

// The superusers' own routes take plain paging and sorting, nothing that reads another table.
func TestSuperuserParameters(t *testing.T) {
	f := serveFull(t)
	f.superuser(t)
	const list = "/api/collections/_superusers/records"
	for query, want := range map[string]int{
		"":                             200,
		"?page=1&perPage=10&sort=-id":  200,
		"?sort=email":                  200,
		"?filter=id!=''":               404,
		"?filter=@collection.staff.id": 404,
		"?FILTER=id":                   404,
		"?expand=x_via_y":              404,
		"?sort=@collection.staff.name": 404,
		"?sort=id,-staff.name":         404,
		"?sort=id&sort=@random":        404,
		"?page=1&unknown=1":            404,
	} {
		if status, _, body := f.send(t, "GET", list+query, f.asSuperuser(), nil); status != want {
			t.Errorf("%s answers %d, want %d: %s", query, status, want, body)
		}
	}
	for path, want := range map[string]int{
		"/api/logs?page=1&perPage=50&skipTotal=1&sort=-@rowid&filter=(data.auth!='_superusers')": 200,
		"/api/logs/stats?filter=(level>0)":            200,
		"/api/logs?filter=@collection.staff.id!=''":   400, // the logs' own columns only
		"/api/logs/stats?filter=@request.auth.id!=''": 400,
		"/api/logs?sort=-@random":                     404,
		"/api/logs?expand=x":                          404,
		"/api/settings?filter=id!=''":                 404,
	} {
		if status, _, body := f.send(t, "GET", path, f.asSuperuser(), nil); status != want {
			t.Errorf("%s answers %d, want %d: %s", path, status, want, body)
		}
	}
}

// From elsewhere a superuser's password is not even looked at: right and wrong get one answer.
func TestSuperuserAddress(t *testing.T) {
	proxied := func(c *config.Config) { c.Proxy = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} }
	elsewhere := func(c *config.Config) { c.SuperuserIPs = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} }
	t.Run("without a proxy", func(t *testing.T) {
		superuserFrom(t, serveFull(t), map[string]from{
			"this machine":    {nil, true},
			"forwarded":       {map[string][]string{"X-Forwarded-For": {"203.0.113.9"}}, false},
			"forged loopback": {map[string][]string{"X-Forwarded-For": {"127.0.0.1"}}, false},
			"Forwarded":       {map[string][]string{"Forwarded": {"for=127.0.0.1"}}, false},
			"X-Real-IP":       {map[string][]string{"X-Real-IP": {"127.0.0.1"}}, false},
		})
	})
	t.Run("through a proxy", func(t *testing.T) {
		superuserFrom(t, serveFull(t, proxied), map[string]from{
			"this machine":               {map[string][]string{"X-Forwarded-For": {"127.0.0.1"}}, true},
			"elsewhere":                  {map[string][]string{"X-Forwarded-For": {"203.0.113.9"}}, false},
			"forged in front":            {map[string][]string{"X-Forwarded-For": {"127.0.0.1, 203.0.113.9"}}, false},
			"forged in a line before":    {map[string][]string{"X-Forwarded-For": {"127.0.0.1", "203.0.113.9"}}, false},
			"the client named otherwise": {map[string][]string{"X-Real-IP": {"203.0.113.9"}}, false},
		})
	})
	t.Run("another address than the setting's", func(t *testing.T) {
		superuserFrom(t, serveFull(t, elsewhere), map[string]from{"this machine": {nil, false}})
	})
}

// from is where a request claims to come from, and whether a superuser may.
type from struct {
	header map[string][]string
	in     bool
}

// superuserFrom tries the right and a wrong password, and a token, from each address.
func superuserFrom(t *testing.T, f *full, list map[string]from) {
	t.Helper()
	f.superuser(t)
	for name, tc := range list {
		var answers []string
		for _, password := range []string{testkit.Password, "a wrong password"} {
			status, _, body := f.send(t, "POST", "/api/collections/_superusers/auth-with-password", tc.header, map[string]string{"identity": superuserMail, "password": password})
			answers = append(answers, fmt.Sprint(status, body))
			if (status != 404) != tc.in {
				t.Errorf("%s: answers %d: %s", name, status, body)
			}
		}
		if (answers[0] == answers[1]) == tc.in {
			t.Errorf("%s: right and wrong password: %q", name, answers)
		}
		status, _, body := f.send(t, "GET", "/api/settings", merged(tc.header, f.asSuperuser()), nil)
		if (status == 200) != tc.in {
			t.Errorf("%s: settings with a token answer %d: %.200s", name, status, body)
		}
	}
}

func merged(a, b map[string][]string) map[string][]string {
	out := map[string][]string{}
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		out[k] = v
	}
	return out
}

// Rows of the desk are written by acts: no save, no deletion and no new record passes by another way.
func TestWriteGuard(t *testing.T) {
	f := serveFull(t)
	f.peopled(t)
	for _, table := range records.Tables {
		c, err := f.app.FindCollectionByNameOrId(table.Row.Table())
		if err != nil {
			t.Fatal(err)
		}
		if err := f.app.Save(core.NewRecord(c)); err == nil || !strings.Contains(err.Error(), "acts only") {
			t.Errorf("a new record of %s: %v", c.Name, err)
		}
		if err := f.app.SaveNoValidate(core.NewRecord(c)); err == nil || !strings.Contains(err.Error(), "acts only") {
			t.Errorf("a new record of %s, unchecked: %v", c.Name, err)
		}
		list, err := f.app.FindRecordsByFilter(c.Name, "", "", 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if err := f.app.Save(r); err == nil {
				t.Errorf("a record of %s was saved", c.Name)
			}
			if err := f.app.Delete(r); err == nil {
				t.Errorf("a record of %s was deleted", c.Name)
			}
		}
	}
	if _, err := f.app.ConcurrentDB().Update("staff", dbx.Params{"name": "x"}, nil).Execute(); err == nil {
		t.Error("the reading connections can write")
	}
	report, err := f.Desk.Verify(t.Context())
	if err != nil || !report.OK() {
		t.Errorf("the record does not verify: %+v %v", report, err)
	}
}

// While the desk serves, no collection changes, and no setting but name, colour and log level.
func TestFreeze(t *testing.T) {
	f := serveFull(t)
	f.superuser(t)
	open := ""
	for _, name := range []string{"staff", "_superusers"} {
		c, err := f.app.FindCollectionByNameOrId(name)
		if err != nil {
			t.Fatal(err)
		}
		c.ListRule = &open
		if err := f.app.Save(c); err == nil || !strings.Contains(err.Error(), "--maintenance") {
			t.Errorf("the collection %s changed: %v", name, err)
		}
		if err := f.app.Delete(c); err == nil {
			t.Errorf("the collection %s was deleted", name)
		}
	}
	if err := f.app.Save(core.NewBaseCollection("another")); err == nil {
		t.Error("a new collection was made")
	}
	for name, tc := range map[string]struct {
		change any
		want   int
	}{
		"name and colour": {map[string]any{"meta": map[string]any{"appName": "Ours", "accentColor": "#123456"}}, 200},
		"log level":       {map[string]any{"logs": map[string]any{"minLevel": 4}}, 200},
		"log ip":          {map[string]any{"logs": map[string]any{"logIP": false}}, 403},
		"log days":        {map[string]any{"logs": map[string]any{"maxDays": 99}}, 403},
		"sender":          {map[string]any{"meta": map[string]any{"senderAddress": "evil@example.com"}}, 403},
		"address":         {map[string]any{"meta": map[string]any{"appURL": "https://evil.example.com"}}, 403},
		"mail server":     {map[string]any{"smtp": map[string]any{"enabled": true, "host": "evil.example.com", "port": 25}}, 403},
		"batch":           {map[string]any{"batch": map[string]any{"enabled": true, "maxRequests": 50, "timeout": 3}}, 403},
		"proxy":           {map[string]any{"trustedProxy": map[string]any{"headers": []string{"X-Real-IP"}}}, 403},
		"addresses":       {map[string]any{"superuserIPs": []string{"203.0.113.9"}}, 403},
		"backups":         {map[string]any{"backups": map[string]any{"cron": "0 0 * * *", "cronMaxKeep": 3}}, 403},
	} {
		if status, _, body := f.send(t, "PATCH", "/api/settings", f.asSuperuser(), tc.change); status != tc.want {
			t.Errorf("%s answers %d, want %d: %.300s", name, status, tc.want, body)
		}
	}
	if s := f.app.Settings(); s.Batch.Enabled || s.SMTP.Enabled || s.Meta.AppName != "Ours" || s.Meta.AccentColor != "#123456" || s.Logs.MinLevel != 4 {
		t.Errorf("settings: %+v, %+v", s.Meta, s.Logs)
	}
	if n := f.ran(); n == 0 {
		t.Error("no line of the clock ran: that none runs under maintenance would say nothing")
	}
}

// ran stops the clock, and counts how often its lines ran.
func (f *full) ran() (n int) {
	f.Runner.Stop()
	for _, line := range f.Runner.Status() {
		n += line.Runs
	}
	return n
}

// Under maintenance the portal and the desk are closed, and say so.
func TestMaintenance(t *testing.T) {
	f := serveFull(t, func(c *config.Config) { c.Maintenance = true })
	for _, path := range []string{"/", "/v/x", "/api/desk/me", "/nowhere"} {
		status, h, body := f.send(t, "GET", path, nil, nil)
		if status != 503 || h.Get("Retry-After") == "" {
			t.Errorf("%s answers %d: %.200s", path, status, body)
		}
	}
	c, err := f.app.FindCollectionByNameOrId("staff")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.app.Save(c); err != nil {
		t.Errorf("a collection cannot be changed: %v", err)
	}
	if f.Desk.Committed != nil {
		t.Error("an act would wake the senders")
	}
	if n := f.ran(); n != 0 {
		t.Errorf("lines of the clock ran %d times", n)
	}
	f.superuser(t)
	far := merged(f.asSuperuser(), map[string][]string{"X-Forwarded-For": {"203.0.113.9"}})
	for name, tc := range map[string]struct {
		method, path string
		header       map[string][]string
		want         int
	}{
		"the list":            {"GET", "/api/collections", f.asSuperuser(), 200},
		"one of them":         {"GET", "/api/collections/staff", f.asSuperuser(), 200},
		"without a token":     {"GET", "/api/collections/staff", nil, 401},
		"from elsewhere":      {"GET", "/api/collections/staff", far, 404},
		"its rows":            {"GET", "/api/collections/staff/records", f.asSuperuser(), 404},
		"emptying it":         {"DELETE", "/api/collections/staff/truncate", f.asSuperuser(), 404},
		"an import":           {"PUT", "/api/collections/import", f.asSuperuser(), 404},
		"SQL":                 {"POST", "/api/sql", f.asSuperuser(), 404},
		"another's signature": {"POST", "/api/collections/staff/impersonate/x", f.asSuperuser(), 404},
	} {
		if status, _, body := f.send(t, tc.method, tc.path, tc.header, nil); status != tc.want {
			t.Errorf("%s answers %d, want %d: %.200s", name, status, tc.want, body)
		}
	}
}

// A desk with an open collection starts under maintenance, so that it can be closed.
func TestMaintenanceMends(t *testing.T) {
	app := testkit.Started(t)
	c, err := app.FindCollectionByNameOrId("staff")
	if err != nil {
		t.Fatal(err)
	}
	open := ""
	c.ListRule = &open
	if err := app.Save(c); err != nil {
		t.Fatal(err)
	}
	if err := start(t, app, func(c *config.Config) { c.Maintenance = true }); err != nil {
		t.Fatal(err)
	}
}

// What the desk keeps is for its own user of the machine only.
func TestFilesAreClosed(t *testing.T) {
	f := serveFull(t)
	for _, path := range []string{"/data.db", "/keys/root.key", "/..%2fkeys%2froot.key", "/api/files/staff/x/y", "/.git/config", "/documents/x"} {
		if status, _, body := f.send(t, "GET", path, nil, nil); status != 404 {
			t.Errorf("%s answers %d: %.100s", path, status, body)
		}
	}
	if inside := filepath.Dir(f.Config.RootKey); strings.HasPrefix(inside, f.Config.Dir+"/") {
		t.Errorf("the keys lie in the data folder: %s", inside)
	}
}
