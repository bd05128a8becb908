package hooks

import (
	"errors"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sheet"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// The register as a file: one line for each certificate that was ever given, with numbers as text.

var registerColumns = []string{"number", "type", "state", "name", "latin", "id_number", "valid_from", "expires_on", "recheck_on", "ref"}

const registerRows = 500

func registerExport(c *call) error {
	q := c.e.Request.URL.Query()
	in := command.RegisterExport{As: q.Get("as"), Type: q.Get("type"), State: q.Get("state")}
	if _, err := command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.Export, records.DeskID); err != nil {
		return err // before a word about what was asked for
	}
	if _, ok := sheet.Kinds[in.As]; !ok {
		return flow.Refuse("file_kind_unknown")
	}
	if _, err := command.Run(c.ctx(), c.s.Desk, c.by, command.ExportRegister, c.at(), in); err != nil {
		return err
	}
	names, err := c.typeTexts()
	if err != nil {
		return err
	}
	w, err := c.table(in.As, "register", registerColumns)
	if err != nil {
		return err
	}
	for after := ""; ; {
		beyond := dbx.NewExp("number > {:after}", dbx.Params{"after": after})
		page, err := records.Some[*records.Certificate](c.s.Desk.App.DB(), dbx.And(in.Where(), beyond), registerRows, "number")
		if err != nil || c.ctx().Err() != nil {
			return errors.Join(err, c.ctx().Err())
		}
		for _, row := range page {
			after = row.Number
			if err := c.registerRow(w, row, names); err != nil {
				return err
			}
		}
		if len(page) < registerRows {
			return w.Close()
		}
	}
}

func (c *call) registerRow(w sheet.Writer, row *records.Certificate, types map[string]sdk.Text) error {
	r, err := c.s.Desk.Registered(row)
	if err != nil {
		return err
	}
	if r.Erased {
		r.Name = c.word("column.", "erased")
	}
	return w.Row(r.Number, types[r.Type].In(c.lang), c.word("state.", string(r.State)), r.Name, r.Latin, r.ID, r.ValidFrom, r.ExpiresOn, r.RecheckOn, r.Ref)
}
