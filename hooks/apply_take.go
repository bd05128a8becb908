package hooks

import (
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/credential"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// At the counter: a colleague fills in the portal's own pages for somebody, and hands over a sheet with the number.

const counterHome = "/_/#/desk/counter"

// takenBy reports whether the request is for a case that the colleague of this browser took: there, and nowhere else on the
// portal, the colleague's session counts.
func (s *Server) takenBy(r *http.Request) bool {
	value := cookie(r, staffCookie)
	rest, ok := strings.CutPrefix(r.URL.Path, "/applications/")
	if !ok || !isSecret(value) {
		return false
	}
	id, _, _ := strings.Cut(rest, "/")
	n, err := records.Count(s.Desk.App.DB(), "applications", dbx.NewExp("id={:id} AND taken_by<>'' AND taken_by=(SELECT person FROM sessions WHERE id={:d} AND kind='staff' AND state='active')",
		dbx.Params{"id": id, "d": digest(value)}))
	return err == nil && n > 0
}

// home is where a page leads that is left: one's own page, or the counter's.
func (c *call) home() string {
	if c.by.Role != flow.Applicant && c.by.Role != flow.Guest {
		return counterHome
	}
	return "/me"
}

// takenRows is how many cases the counter's page shows.
const takenRows = 50

// taken lists what this colleague took, the last first.
func taken(c *call, v command.View[*records.Desk]) (any, error) {
	rows, err := records.Queue(c.s.Desk.App.DB(), dbx.And(dbx.HashExp{"taken_by": v.By.ID}, dbx.Not(dbx.HashExp{"state": "discarded"})), takenRows, "made DESC", "id")
	if err != nil {
		return nil, err
	}
	list, err := c.lines(rows, v)
	if err != nil {
		return nil, err
	}
	for i, r := range rows { // whoever took it knows the name
		if list[i].Name, err = c.s.Desk.CaseName(r); err != nil {
			list[i].Name = ""
		}
	}
	types, err := c.typeNames()
	return map[string]any{"rows": list, "types": types}, err
}

// receiptPage is the sheet with number and code that somebody takes home.
func receiptPage(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	if d.Row.Ref == "" { // there is no number to take home yet
		return c.seeOther(d.path(""))
	}
	lang := d.Row.Lang
	text := func(key string) string { return c.s.UI.Text(lang, key) }
	paragraphs := []string{text("receipt.what") + d.t.Name.In(lang), text("receipt.number") + d.Row.Ref, text("receipt.due") + c.s.UI.Date(lang, d.Row.DueOn), text("receipt.next")}
	if d.Settings.Hotline != "" {
		paragraphs = append(paragraphs, text("receipt.ring")+d.Settings.Hotline+" "+d.Settings.Hours(lang))
	}
	pdf, err := credential.Sheet(text("receipt.title"), paragraphs, nil, c.s.publicURL()+d.path(""), d.Row.Ref)
	if err != nil {
		return err
	}
	return c.send("application/pdf", "inline; filename="+d.Row.Ref+".pdf", pdf)
}

// counterOf is where the counter's colleague goes on; empty for everybody else.
func counterOf(c *call) string {
	if home := c.home(); home == counterHome {
		return home
	}
	return ""
}
