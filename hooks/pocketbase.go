package hooks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/mailer"
	"golang.org/x/net/html"

	"github.com/certdesk/certdesk/internal/records"
)

// The fence around PocketBase: an allowlist over its routes, a guard over its writes, a freeze of its schema and
// settings, and checks without which the server does not start.

// allowed is every route of PocketBase's that answers; what is not here is 404 for everybody.
var allowed = []struct {
	pattern  string
	superset bool // only for the superusers' own collection
}{
	{"GET /_/{path...}", false},
	{"GET /_/extensions.js", false},
	{"GET /_/extensions/desk/{path...}", false},
	{"GET /api/health", false},
	{"GET /api/collections/{collection}/auth-methods", true},
	{"POST /api/collections/{collection}/auth-with-password", true},
	{"POST /api/collections/{collection}/auth-with-otp", true},
	{"POST /api/collections/{collection}/request-otp", true},
	{"POST /api/collections/{collection}/auth-refresh", true},
	{"GET /api/collections/{collection}/records", true},
	{"GET /api/collections/{collection}/records/{id}", true},
	{"PATCH /api/collections/{collection}/records/{id}", true},
	{"GET /api/settings", false},
	{"PATCH /api/settings", false},
	{"GET /api/logs", false},
	{"GET /api/logs/stats", false},
	{"GET /api/logs/{id}", false},
	{"GET /api/crons", false},
}

// repairs are the routes that answer besides under maintenance, to superusers on this machine: they change the schema.
var repairs = []string{
	"GET /api/collections", "POST /api/collections", "GET /api/collections/{collection}", "PATCH /api/collections/{collection}",
	"DELETE /api/collections/{collection}", "GET /api/collections/meta/scaffolds",
}

// emptied are what the dashboard asks for by itself when it opens: superusers get an answer with nothing in it, so that it
// has nothing to complain of; the page that stands there says in words what is sealed.
var emptied = map[string]string{
	"GET /api/collections":                       `{"page":1,"perPage":1000,"totalItems":-1,"totalPages":-1,"items":[]}`,
	"GET /api/collections/meta/scaffolds":        `{}`,
	"GET /api/collections/meta/oauth2-providers": `[]`,
}

var plainSort = regexp.MustCompile(`^-?[A-Za-z_]{1,40}$`)

// logRoutes read the table of logs and know its own columns only: here a filter, and the order of writing, are safe.
var logRoutes = []string{"GET /api/logs", "GET /api/logs/stats"}

// permitted says which query parameters PocketBase's routes get to see: never filter or expand, which read other tables.
func permitted(pattern string, q url.Values) bool {
	logs := slices.Contains(logRoutes, pattern)
	for k, v := range q {
		if logs && (k == "filter" || k == "sort" && len(v) == 1 && v[0] == "-@rowid") {
			continue
		}
		switch k {
		case "page", "perPage", "skipTotal", "fields", "mfaId": // mfaId: the first half of a superuser's sign-in
		case "sort":
			if len(v) != 1 || !plainSort.MatchString(v[0]) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// fence stands in front of every route, outside PocketBase's own middlewares.
func (s *Server) fence(ours []line) *hook.Handler[*core.RequestEvent] {
	open := map[string]bool{}
	for _, p := range filePatterns {
		open[p] = true
	}
	for _, l := range ours {
		open[l.Pattern] = true
	}
	return &hook.Handler[*core.RequestEvent]{Id: "fence", Priority: apis.DefaultCorsMiddlewarePriority - 10, Func: func(e *core.RequestEvent) error {
		s.headers(e)
		if open[e.Request.Pattern] {
			if s.Config.Maintenance && e.Request.Pattern != assetPattern {
				return s.closed(e)
			}
			return e.Next()
		}
		i := slices.IndexFunc(allowed, func(a struct {
			pattern  string
			superset bool
		}) bool {
			return a.pattern == e.Request.Pattern
		})
		if s.Config.Maintenance && slices.Contains(repairs, e.Request.Pattern) && s.superuserAddress(e.Request) {
			return e.Next()
		}
		if nothing, ok := emptied[e.Request.Pattern]; ok && s.superuserAddress(e.Request) && bySuperuser(e) {
			return e.Blob(http.StatusOK, "application/json", []byte(nothing))
		}
		if i < 0 || !s.passes(e, allowed[i].superset) {
			return s.nowhere(e)
		}
		return e.Next()
	}}
}

// bySuperuser reports whether a request carries a superuser's token; PocketBase itself looks for it later.
func bySuperuser(e *core.RequestEvent) bool {
	token := strings.TrimPrefix(e.Request.Header.Get("Authorization"), "Bearer ")
	row, err := e.App.FindAuthRecordByToken(token, core.TokenTypeAuth)
	return err == nil && row.IsSuperuser()
}

// passes checks collection, address and parameters of one of PocketBase's routes.
func (s *Server) passes(e *core.RequestEvent, superusersOnly bool) bool {
	r := e.Request
	if strings.HasPrefix(r.URL.Path, "/_/") {
		return true
	}
	if superusersOnly {
		c, err := s.Desk.App.FindCachedCollectionByNameOrId(r.PathValue("collection"))
		if err != nil || c.Name != core.CollectionNameSuperusers {
			return false
		}
	}
	if r.URL.Path == "/api/health" {
		return len(r.URL.Query()) == 0
	}
	return s.superuserAddress(r) && permitted(r.Pattern, r.URL.Query())
}

// superuserAddress checks before the password does: what comes from elsewhere learns nothing. A forwarded header is
// believed from a configured proxy only, and only the one that proxies are told to set; any other is never loopback.
func (s *Server) superuserAddress(r *http.Request) bool {
	through := r.Header.Get("X-Forwarded-For") != ""
	other := r.Header.Get("Forwarded") != "" || r.Header.Get("X-Real-IP") != ""
	if (through || other) && !behind(r, s.Config.Proxy) || other && !through {
		return false
	}
	addr, err := netip.ParseAddr(clientIP(r, s.Config.Proxy))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(s.Config.SuperuserIPs, func(p netip.Prefix) bool { return p.Contains(addr) })
}

func (s *Server) nowhere(e *core.RequestEvent) error {
	if strings.HasPrefix(e.Request.URL.Path, "/api/") || strings.HasPrefix(e.Request.URL.Path, "/_/") {
		return e.JSON(http.StatusNotFound, trouble{Status: http.StatusNotFound, Code: "not_found", Message: s.UI.Error(s.language(e.Request), "not_found", nil)})
	}
	return s.notFoundPage(e)
}

const policy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// headers go with every answer. The dashboard's kit writes style attributes; scripts come from here only.
func (s *Server) headers(e *core.RequestEvent) {
	h := e.Response.Header()
	h.Set("Content-Security-Policy", policy)
	if strings.HasPrefix(e.Request.URL.Path, "/_/") {
		h.Set("Content-Security-Policy", policy+"; style-src 'self' 'unsafe-inline'")
	}
	if s.Config.Maintenance {
		h.Set("X-Desk-Maintenance", "on") // the dashboard then shows what is sealed otherwise
	}
	if strings.HasPrefix(e.Request.URL.Path, "/_/extensions") {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
	if s.https() {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// system tables of PocketBase that it may write itself.
var systemTables = []string{core.CollectionNameSuperusers, core.CollectionNameMFAs, core.CollectionNameOTPs, core.CollectionNameAuthOrigins}

var errGuarded = errors.New("rows of the desk change by its acts only")

// guard refuses every save and deletion of a record of ours, by whatever way: our rows are written by the frame, which
// does not use records.
func guard(app core.App) {
	refuse := func(e *core.RecordEvent) error {
		if slices.Contains(systemTables, e.Record.Collection().Name) || e.Record.Collection().Name == "_externalAuths" {
			return e.Next()
		}
		return errGuarded
	}
	app.OnRecordCreate().BindFunc(refuse)
	app.OnRecordUpdate().BindFunc(refuse)
	app.OnRecordDelete().BindFunc(refuse)
}

var errFrozen = errors.New("collections and settings change only with --maintenance")

// freeze refuses every change of a collection, and of a setting but name, colour and log level. Bound after the migrations.
func freeze(app core.App) {
	app.OnCollectionCreate().BindFunc(func(e *core.CollectionEvent) error { return errFrozen })
	app.OnCollectionUpdate().BindFunc(func(e *core.CollectionEvent) error { return errFrozen })
	app.OnCollectionDelete().BindFunc(func(e *core.CollectionEvent) error { return errFrozen })
	app.OnSettingsUpdateRequest().BindFunc(func(e *core.SettingsUpdateRequestEvent) error {
		before, err := e.OldSettings.Clone()
		if err != nil {
			return err
		}
		after := e.NewSettings
		before.Meta.AppName, before.Meta.AccentColor, before.Logs.MinLevel = after.Meta.AppName, after.Meta.AccentColor, after.Logs.MinLevel
		was, err1 := before.DBExport(app)
		is, err2 := after.DBExport(app)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		delete(was, "updated")
		delete(is, "updated")
		if fmt.Sprint(was) != fmt.Sprint(is) {
			return e.ForbiddenError(errFrozen.Error(), nil)
		}
		return e.Next()
	})
}

// checkStart refuses to serve when a pragma is not ours, a collection is open or a switch of PocketBase is on. It comes
// before anything is read or written; the last two can be put right under maintenance only, so they do not refuse it.
func checkStart(app core.App, maintenance bool) error {
	if err := checkPragmas(app); err != nil || maintenance {
		return err
	}
	all, err := app.FindAllCollections()
	if err != nil {
		return err
	}
	for _, c := range all {
		if strings.HasPrefix(c.Name, "_") {
			continue
		}
		if records.Blank(c.Name) == nil {
			return fmt.Errorf("collection %q is not the desk's: remove it with --maintenance", c.Name)
		}
		for name, rule := range map[string]*string{"list": c.ListRule, "view": c.ViewRule, "create": c.CreateRule, "update": c.UpdateRule, "delete": c.DeleteRule} {
			if rule != nil {
				return fmt.Errorf("collection %q has its %s rule open: close it with --maintenance", c.Name, name)
			}
		}
		if c.IsAuth() && (c.PasswordAuth.Enabled || c.OTP.Enabled || c.OAuth2.Enabled) {
			return fmt.Errorf("collection %q lets people sign in past the desk: switch it off with --maintenance", c.Name)
		}
	}
	if app.Settings().Batch.Enabled {
		return errors.New("PocketBase's batch requests are on: switch them off with --maintenance")
	}
	return nil
}

func checkPragmas(app core.App) error {
	var sync, reading int
	if err := app.NonconcurrentDB().NewQuery("PRAGMA synchronous").Row(&sync); err != nil {
		return err
	}
	if err := app.ConcurrentDB().NewQuery("PRAGMA query_only").Row(&reading); err != nil {
		return err
	}
	if sync != 2 || reading != 1 {
		return fmt.Errorf("the database is not safe: synchronous=%d (2 expected), query_only=%d (1 expected)", sync, reading)
	}
	return nil
}

// superuserMail takes PocketBase's own mails, the superusers' codes, into the outbox.
func (s *Server) superuserMail(app core.App) {
	app.OnMailerSend().BindFunc(func(e *core.MailerEvent) error {
		for _, to := range e.Message.To {
			if err := s.Desk.TellSuperuser(context.Background(), to.Address, e.Message.Subject, plainText(e.Message), e.Message.HTML); err != nil {
				return err
			}
		}
		return nil
	})
}

// plainText is what a mail of PocketBase's says: it writes HTML only.
func plainText(m *mailer.Message) string {
	if m.Text != "" {
		return m.Text
	}
	var lines []string
	for z := html.NewTokenizer(strings.NewReader(m.HTML)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(lines, "\n")
		case html.TextToken:
			if line := strings.TrimSpace(string(z.Text())); line != "" {
				lines = append(lines, line)
			}
		}
	}
}
