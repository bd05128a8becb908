package hooks

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// What is noted of a request: its route, never its address. Paths and queries hold names, numbers and codes, and
// PocketBase's log is in clear and open to superusers. So are the headers of a browser.

// requestLog takes the place of PocketBase's log of requests.
var requestLog = &hook.Handler[*core.RequestEvent]{Id: "requests", Priority: apis.DefaultActivityLoggerMiddlewarePriority, Func: func(e *core.RequestEvent) error {
	begin := time.Now()
	err := e.Next()
	status := e.Status()
	if err != nil {
		status = http.StatusInternalServerError
		var api *router.ApiError
		if errors.As(err, &api) {
			status = api.Status
		}
	}
	_, path, _ := strings.Cut(" "+e.Request.Pattern, "/")
	e.App.Logger().Info(e.Request.Method+" /"+path, "type", "request", "status", status, "execTime", float64(time.Since(begin).Microseconds())/1000)
	return err
}}

// routeOf is the route of a page that somebody names, "/" if it is none of ours: what they call a page can hold anything.
func (s *Server) routeOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	for _, l := range s.lines {
		method, pattern, _ := strings.Cut(l.Pattern, " ")
		if method == http.MethodGet && l.Form == "page" && follows(pattern, path) {
			return pattern
		}
	}
	return "/"
}

// follows reports whether a path is one of a pattern's.
func follows(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, w := range want {
		if w != got[i] && (!strings.HasPrefix(w, "{") || got[i] == "" || w == "{$}") {
			return false
		}
	}
	return true
}
