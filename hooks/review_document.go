package hooks

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

// Documents leave as re-rendered pages, after the viewing is on record.

// viewDocument sends one re-rendered page of a document, after the viewing is on record.
func viewDocument(c *call) error {
	id := c.e.Request.PathValue("document")
	if _, err := command.Run(c.ctx(), c.s.Desk, c.by, command.ViewDocument, command.At{ID: c.id()}, command.Seen{Document: id}); err != nil {
		return err
	}
	app, err := records.Load[*records.Application](c.s.Desk.App.DB(), c.id())
	if err != nil {
		return err
	}
	return c.sendPage(app, id)
}

// sendPage sends the page of a document that the route names; it is never kept by a browser.
func (c *call) sendPage(app *records.Application, id string) error {
	doc, err := records.Load[*records.Document](c.s.Desk.App.DB(), id)
	if err != nil || doc.Application != app.ID || doc.State == flow.Closed {
		return records.ErrNotFound
	}
	views := records.List(doc.Views)
	n, err := strconv.Atoi(c.e.Request.PathValue("page"))
	if err != nil || n < 1 || n > len(views) {
		return records.ErrNotFound
	}
	blob, err := c.s.Desk.Blobs.Open(doc.Key(), views[n-1])
	if errors.Is(err, vault.ErrBlobMissing) {
		return c.erasedMeanwhile(app.ID, err)
	}
	if err != nil {
		return err
	}
	defer blob.Close()
	h := c.e.Response.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", "inline; filename=page-"+strconv.Itoa(n)+".jpg")
	c.e.Response.WriteHeader(http.StatusOK)
	_, err = io.Copy(c.e.Response, blob)
	return err
}

// erasedMeanwhile says that a document is gone because its case was erased between reading its row and opening it; otherwise it is
// missing, and that is trouble.
func (c *call) erasedMeanwhile(id string, missing error) error {
	app, err := records.Load[*records.Application](c.s.Desk.App.DB(), id)
	if err == nil && app.ErasedAt != "" {
		return vault.ErrErased
	}
	return errors.Join(missing, err)
}
