package command

import (
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

// What leaves the desk as a file. That it leaves, and how much of it, is on record before its first byte.

// RegisterExport says which part of the register leaves, and as what.
type RegisterExport struct {
	As    string `json:"as"` // csv or xlsx
	Type  string `json:"type"`
	State string `json:"state"`
	Rows  int    `json:"rows"`
}

// Where is the condition on certificates.
func (e RegisterExport) Where() dbx.Expression {
	all := dbx.HashExp{}
	if e.Type != "" {
		all["type"] = e.Type
	}
	if e.State != "" {
		all["state"] = e.State
	}
	return all
}

// ExportRegister records that the register leaves.
var ExportRegister = Act[*records.Desk, RegisterExport]{flow.Export, func(tx *Tx, _ *records.Desk, in RegisterExport) (err error) {
	if in.Rows, err = records.Count(tx.DB, "certificates", in.Where()); err != nil {
		return err
	}
	tx.Because(fmt.Sprintf("register %s, %d rows", in.As, in.Rows))
	return nil
}}

// Registered is one certificate as the register says it.
type Registered struct {
	*records.Certificate
	Name, Latin, ID string
	Ref             string // of the application
	Erased          bool   // nobody can read any more whose it was
}

// Registered opens a certificate for the register.
func (d *Desk) Registered(c *records.Certificate) (r Registered, err error) {
	r = Registered{Certificate: c}
	r.Name, r.Latin, _, _, err = d.CertificateText(c)
	if err == nil && c.Application != "" {
		err = d.registeredCase(&r)
	}
	if errors.Is(err, vault.ErrErased) {
		r.Name, r.Latin, r.ID, r.Erased, err = "", "", "", true, nil
	}
	return r, err
}

// registeredCase adds what only the case knows: its reference, and the holder's number.
func (d *Desk) registeredCase(r *Registered) error {
	app, err := records.Load[*records.Application](d.App.DB(), r.Application)
	if err != nil {
		return err
	}
	if r.Ref, r.Erased = app.Ref, app.ErasedAt != "" && r.Name == ""; app.ErasedAt != "" {
		return nil
	}
	t, err := d.Type(app.Digest)
	if err != nil || len(t.Persons) == 0 {
		return err
	}
	a, err := d.Answers(app)
	r.ID = a[t.Persons[0].ID]
	return err
}

// ExportCase records that a case file leaves, with the originals of its documents.
var ExportCase = Act[*records.Application, struct{}]{flow.Export, func(tx *Tx, app *records.Application, _ struct{}) error {
	if app.ErasedAt != "" {
		return flow.Refuse("erased")
	}
	tx.Because("case file")
	return nil
}}
