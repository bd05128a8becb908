package hooks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/testkit"
)

// The walk along the first fence: each of PocketBase's routes, with the desk's tables under every name that a router or a
// database might take for theirs, as everybody, with what would be the right password. Nothing answers, nothing is written,
// and no door of PocketBase's is even reached, so that a right password costs and says what a wrong one does.

// spelled is one collection in the spellings of a path.
func spelled(c *core.Collection) []string {
	encoded := ""
	for _, b := range []byte(c.Name) {
		encoded += "%" + strings.ToUpper(string("0123456789abcdef"[b>>4])) + string("0123456789ABCDEF"[b&15])
	}
	return []string{c.Name, c.Id, strings.ToUpper(c.Name), strings.ToUpper(c.Name[:1]) + c.Name[1:], encoded, c.Name + "%00", c.Name + "%2F", "%20" + c.Name, c.Name + "'--", "_superusers%2F..%2F" + c.Name}
}

var ways = []string{"", "/", "?filter=id!%3D%27%27", "?expand=x_via_y&fields=*", "?sort=@collection.staff.email", "?fields=*,password", "?perPage=500&skipTotal=1", "?mfaId=x", "?token=x"}

// ownTables are PocketBase's own, which nobody below may change either.
var ownTables = []string{"_superusers", "_collections", "_params", "_externalAuths", "_mfas", "_otps", "_authOrigins"}

func TestFenceWalk(t *testing.T) {
	f := serveFull(t)
	f.superuser(t)
	f.peopled(t)
	hash, err := bcrypt.GenerateFromPassword([]byte(testkit.Password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"staff", "applicants"} {
		if _, err := f.app.DB().Update(table, dbx.Params{"password": string(hash)}, nil).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	reached := f.doors()
	applicant, staff := &http.Cookie{}, &http.Cookie{}
	f.cookies(t, applicant, staff)
	callers := map[string]map[string][]string{"guest": {}, "applicant": {"Cookie": {applicant.String()}}, "manager": {"Cookie": {staff.String()}}, "superuser": f.asSuperuser(),
		"a token that is none": {"Authorization": {"Bearer x"}}}
	dump := func() string {
		t.Helper()
		text, err := testkit.Dump(f.app.DB(), append(testkit.Tables(), ownTables...)...)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	before, asked := dump(), 0
	for _, name := range []string{"staff", "applicants", "holders", "applications", "sessions"} {
		c, err := f.app.FindCollectionByNameOrId(name)
		if err != nil {
			t.Fatal(err)
		}
		var row struct{ ID, Email string }
		columns := []string{"id"}
		if c.IsAuth() {
			columns = append(columns, "email")
		}
		_ = f.app.DB().Select(columns...).From(name).Limit(1).One(&row) // empty where there is no row
		for i, spelling := range spelled(c) {
			fill := strings.NewReplacer("{collection}", spelling, "{id}", first(row.ID, absent), "{recordId}", first(row.ID, absent), "{filename}", "x.jpg")
			for _, route := range f.theirs() {
				method, path, _ := strings.Cut(route, " ")
				if !strings.Contains(path, "{collection}") {
					continue
				}
				for j, way := range ways {
					if i > 1 && j > 0 && (i+j)%4 > 0 {
						continue // every way by name and by id, some of them by the other spellings
					}
					for who, header := range callers {
						if j > 0 && who != "superuser" && who != "guest" {
							continue
						}
						var answers []string
						for _, password := range []string{testkit.Password, "a wrong password"} {
							if j > 0 && password != testkit.Password {
								continue
							}
							status, _, body := f.send(t, method, fill.Replace(path)+way, header, map[string]any{"identity": row.Email, "email": row.Email, "password": password, "passwordConfirm": password,
								"newEmail": "thief@example.com", "otpId": "x", "token": "x", "provider": "x", "duration": 1, "name": "x", "state": "active"})
							asked++
							answers = append(answers, body)
							if status < 300 || status >= 500 || status == 400 && strings.Contains(body, "Failed to authenticate") {
								t.Errorf("%s: %s of %s%s answers %d: %.200s", who, route, spelling, way, status, body)
							}
							for _, canary := range canaries {
								if strings.Contains(body, canary) {
									t.Errorf("%s: %s of %s%s shows %q", who, route, spelling, way, canary)
								}
							}
						}
						if len(answers) == 2 && answers[0] != answers[1] {
							t.Errorf("%s: %s of %s tells a right password: %q", who, route, spelling, answers)
						}
					}
				}
			}
		}
	}
	for _, r := range []struct{ method, path, body string }{
		{"POST", "/api/batch", `{"requests":[{"method":"POST","url":"/api/collections/staff/records","body":{"name":"x"}}]}`},
		{"POST", "/api/sql", `{"query":"SELECT * FROM staff"}`}, {"GET", "/api/realtime", ""}, {"POST", "/api/realtime", `{"clientId":"x","subscriptions":["staff/*"]}`},
		{"POST", "/api/collections/meta/dry-run-view", `{"query":"SELECT id, email FROM staff"}`}, {"POST", "/api/files/token", "{}"},
		{"POST", "/api/collections", `{"name":"v","type":"view","viewQuery":"SELECT id, email FROM staff","listRule":""}`}, {"PATCH", "/api/collections/staff", `{"listRule":""}`},
		{"PATCH", "/api/collections/_superusers", `{"otp":{"enabled":false},"mfa":{"enabled":false}}`}, {"PUT", "/api/collections/import", `{"collections":[],"deleteMissing":true}`},
		{"POST", "/api/backups", `{"name":"x.zip"}`}, {"POST", "/api/settings/test/s3", `{"filesystem":"storage"}`}, {"POST", "/api/crons/__pbLogsCleanup__", "{}"},
	} {
		for who, header := range callers {
			status, _, body := f.sendRaw(t, r.method, r.path, header, r.body)
			asked++
			if status != http.StatusNotFound || !strings.Contains(body, `"not_found"`) {
				t.Errorf("%s: %s %s answers %d: %.200s", who, r.method, r.path, status, body)
			}
		}
	}
	if after := dump(); after != before {
		t.Errorf("something was written:\n%s", testkit.Difference(before, after))
	}
	if n := reached(); len(n) > 0 {
		t.Errorf("doors of PocketBase's were reached: %v", n)
	}
	t.Log(asked, "requests")
}

// sendRaw is send with a body as it is.
func (f *full) sendRaw(t *testing.T, method, path string, header map[string][]string, body string) (int, http.Header, string) {
	t.Helper()
	var in any
	if body != "" {
		in = jsonText(body)
	}
	return f.send(t, method, path, header, in)
}

type jsonText string

// MarshalJSON is the text.
func (j jsonText) MarshalJSON() ([]byte, error) { return []byte(j), nil }

// doors counts what PocketBase begins to do for a request: looking up somebody's password is such a thing.
func (f *full) doors() func() []string {
	var reached []string
	note := func(what string, c *core.Collection) {
		reached = append(reached, what+" of "+c.Name)
	}
	f.app.OnRecordAuthWithPasswordRequest().BindFunc(func(e *core.RecordAuthWithPasswordRequestEvent) error {
		note("password", e.Collection)
		return e.Next()
	})
	f.app.OnRecordRequestOTPRequest().BindFunc(func(e *core.RecordCreateOTPRequestEvent) error { note("code", e.Collection); return e.Next() })
	f.app.OnRecordAuthWithOTPRequest().BindFunc(func(e *core.RecordAuthWithOTPRequestEvent) error {
		note("sign-in by code", e.Collection)
		return e.Next()
	})
	f.app.OnRecordAuthRefreshRequest().BindFunc(func(e *core.RecordAuthRefreshRequestEvent) error { note("refresh", e.Collection); return e.Next() })
	f.app.OnRecordRequestPasswordResetRequest().BindFunc(func(e *core.RecordRequestPasswordResetRequestEvent) error {
		note("reset", e.Collection)
		return e.Next()
	})
	f.app.OnRecordsListRequest().BindFunc(func(e *core.RecordsListRequestEvent) error { note("list", e.Collection); return e.Next() })
	f.app.OnRecordViewRequest().BindFunc(func(e *core.RecordRequestEvent) error { note("view", e.Collection); return e.Next() })
	f.app.OnRecordAuthRequest().BindFunc(func(e *core.RecordAuthRequestEvent) error { note("sign-in", e.Collection); return e.Next() })
	return func() []string { slices.Sort(reached); return slices.Compact(reached) }
}

// While the desk serves, a superuser changes neither a rule nor a view nor an option of signing in nor a setting that opens
// something; under maintenance, on this machine, they do, and a desk that was left open does not serve.
func TestSuperusersAtRunTime(t *testing.T) {
	changes := []struct{ name, method, path, body string }{
		{"a rule", "PATCH", "/api/collections/staff", `{"listRule":""}`},
		{"a view", "POST", "/api/collections", `{"name":"everybody","type":"view","viewQuery":"SELECT id, email FROM staff","listRule":""}`},
		{"signing in", "PATCH", "/api/collections/staff", `{"passwordAuth":{"enabled":true,"identityFields":["email"]}}`},
		{"the second factor", "PATCH", "/api/collections/_superusers", `{"mfa":{"enabled":false}}`},
		{"batch", "PATCH", "/api/settings", `{"batch":{"enabled":true,"maxRequests":50,"timeout":3}}`},
		{"the proxy", "PATCH", "/api/settings", `{"trustedProxy":{"headers":["X-Real-IP"]}}`},
		{"rate limits", "PATCH", "/api/settings", `{"rateLimits":{"enabled":true,"rules":[{"label":"*:auth","maxRequests":100,"duration":3}]}}`},
		{"S3", "PATCH", "/api/settings", `{"s3":{"enabled":true,"bucket":"x","region":"x","endpoint":"https://s3.example.com","accessKey":"x","secret":"x"}}`},
		{"backups", "PATCH", "/api/settings", `{"backups":{"cron":"0 0 * * *","cronMaxKeep":3}}`},
	}
	dump := func(f *full) string {
		text, err := testkit.Dump(f.app.DB(), "_collections", "_params", "_superusers")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	t.Run("while it serves", func(t *testing.T) {
		f := serveFull(t)
		f.superuser(t)
		before := dump(f)
		for _, c := range changes {
			if status, _, body := f.sendRaw(t, c.method, c.path, f.asSuperuser(), c.body); status != 403 && status != 404 {
				t.Errorf("%s answers %d: %.200s", c.name, status, body)
			}
		}
		if after := dump(f); after != before {
			t.Errorf("something changed:\n%s", testkit.Difference(before, after))
		}
	})
	t.Run("under maintenance", func(t *testing.T) {
		f := serveFull(t, func(c *config.Config) { c.Maintenance = true })
		f.superuser(t)
		far := merged(f.asSuperuser(), map[string][]string{"X-Forwarded-For": {"203.0.113.9"}})
		before := dump(f)
		for _, c := range changes {
			if status, _, body := f.sendRaw(t, c.method, c.path, far, c.body); status != 404 {
				t.Errorf("%s from elsewhere answers %d: %.200s", c.name, status, body)
			}
			if status, _, body := f.sendRaw(t, c.method, c.path, nil, c.body); status < 400 {
				t.Errorf("%s as a guest answers %d: %.200s", c.name, status, body)
			}
		}
		if after := dump(f); after != before {
			t.Errorf("something changed:\n%s", testkit.Difference(before, after))
		}
		for _, c := range changes[:3] {
			if status, _, body := f.sendRaw(t, c.method, c.path, f.asSuperuser(), c.body); status != 200 {
				t.Errorf("%s answers %d: %.300s", c.name, status, body)
			}
		}
		for _, path := range []string{"/", "/me", "/api/desk/queue", "/v/x"} {
			if status, h, _ := f.send(t, "GET", path, nil, nil); status != 503 || h.Get("Retry-After") == "" {
				t.Errorf("%s answers %d", path, status)
			}
		}
		if status, _, body := f.send(t, "GET", "/api/collections/everybody/records", f.asSuperuser(), nil); status != 404 {
			t.Errorf("the view answers %d: %.200s", status, body)
		}
	})
}
