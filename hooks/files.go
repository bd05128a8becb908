package hooks

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/ui"
)

// The files that pages ask for, and everything that is nowhere.

// files binds the style sheet and the modules, and both kinds of 404.
func (s *Server) files(se *core.ServeEvent) {
	se.Router.GET(ui.AssetRoot+"{name...}", s.asset).Bind(apis.Gzip())
	se.Router.GET("/favicon.ico", func(e *core.RequestEvent) error {
		e.Response.Header().Set("Cache-Control", "max-age=86400")
		return e.Blob(http.StatusOK, "image/svg+xml", mark())
	})
	se.Router.GET("/robots.txt", func(e *core.RequestEvent) error {
		return e.String(http.StatusOK, "User-agent: *\nDisallow: /v/\nDisallow: /api/\nDisallow: /_/\n")
	})
	se.Router.Route("", "/api/{path...}", s.nowhere)
	se.Router.Route("", "/{path...}", s.nowhere)
}

// assetPattern is the style of every page, also of the one that says that the desk is closed.
const assetPattern = "GET " + ui.AssetRoot + "{name...}"

// filePatterns are the routes that the fence lets through besides the lines of routes.go.
var filePatterns = []string{assetPattern, "GET /favicon.ico", "GET /robots.txt", "/api/{path...}", "/{path...}", "/"}

// asset hands out a file. Pages name its digest in the address, so it may be kept for ever.
func (s *Server) asset(e *core.RequestEvent) error {
	name := e.Request.PathValue("name")
	a, ok := s.UI.Asset(name)
	if !ok {
		return s.nowhere(e)
	}
	h := e.Response.Header()
	h.Set("Cache-Control", "no-cache")
	if strings.HasSuffix(e.Request.URL.RawQuery, a.Digest) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return e.Blob(http.StatusOK, a.Media, a.Data)
}
