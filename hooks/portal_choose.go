package hooks

import (
	"net/http"
	"time"

	"github.com/certdesk/certdesk/internal/records"
)

// What a browser prefers: language and size of text.

// chooseLang and chooseSize keep a preference of this browser.
func chooseLang(c *call) error {
	lang := c.e.Request.PathValue("lang")
	if lang != "en" && lang != "zh-Hans" {
		return records.ErrNotFound
	}
	c.s.setCookie(c.e.Response, langCookie, lang, 365*24*time.Hour, http.SameSiteLaxMode)
	return c.seeOther(safePath(c.e.Request.URL.Query().Get("back")))
}

func chooseSize(c *call) error {
	c.s.setCookie(c.e.Response, sizeCookie, c.e.Request.PathValue("size"), 365*24*time.Hour, http.SameSiteLaxMode)
	return c.seeOther(safePath(c.e.Request.URL.Query().Get("back")))
}
