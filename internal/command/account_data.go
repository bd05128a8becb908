package command

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

// What the desk holds on a person, for that person: every row about the account, about the holders it acts for and about their
// cases, with what is sealed in it opened. What colleagues wrote for colleagues stays inside, and so does a result that has not left.

// ExportAccount records that somebody takes away what the desk holds on them.
var ExportAccount = Act[*records.Applicant, struct{}]{flow.Export, func(tx *Tx, _ *records.Applicant, _ struct{}) error {
	tx.Because("own data")
	return nil
}}

// OwnCase is a case with all rows about it.
type OwnCase struct {
	*records.Application
	Documents []*records.Document
	Rows      map[string][]OwnRow // by table
}

// OwnHolder is a holder with all rows about them.
type OwnHolder struct {
	*records.Holder
	Name  string
	Rows  map[string][]OwnRow
	Cases []OwnCase
}

// OwnRow is a row in clear.
type OwnRow = map[string]any

// insideTables are rows that only serve the running, or that colleagues write for colleagues.
var insideTables = []string{"notes", "tasks", "persons", "gifts", "codes", "jobs", "viewings"}

// untilReleased are rows that say what a case may lead to before it has.
var untilReleased = []string{"decisions", "verdicts", "findings"}

// insideColumns open doors, find rows again, or are for colleagues only.
var insideColumns = []string{"password", "tokenKey", "emailVisibility", "name_blind", "id_blind", "phone_blind", "digest", "mark", "blob", "views", "visit_code", "lease_until",
	"verdicts.note", "decisions.comment", "sanctions.evidence", "sessions.id", "applications.outcome", "applications.proposer", "applications.release_at", "applications.decided_at", "applications.decided_by"}

// OwnData reads what is held on an account, beside its holders.
func (d *Desk) OwnData(a *records.Applicant) (rows map[string][]OwnRow, holders []OwnHolder, err error) {
	rows = map[string][]OwnRow{}
	if err := d.ownRows(rows, []records.Row{a}, deskKey); err != nil {
		return nil, nil, err
	}
	for _, column := range []string{"applicant", "person"} {
		about, err := records.Naming(d.App.DB(), column, a.ID)
		if err == nil {
			about = slices.DeleteFunc(about, func(r records.Row) bool { return r.Table() == "applications" })
			err = d.ownRows(rows, about, deskKey)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	acting, err := records.HoldersOf(d.App.DB(), a.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range acting {
		if h.State != flow.Active { // who has not agreed has not agreed to this either
			continue
		}
		own, err := d.ownHolder(h)
		if err != nil {
			return nil, nil, err
		}
		holders = append(holders, own)
	}
	return rows, holders, nil
}

func (d *Desk) ownHolder(h *records.Holder) (own OwnHolder, err error) {
	own = OwnHolder{Holder: h, Rows: map[string][]OwnRow{}}
	if own.Name, err = d.HolderName(h); err != nil {
		return own, err
	}
	about, err := records.Naming(d.App.DB(), "holder", h.ID)
	if err != nil {
		return own, err
	}
	rest := []records.Row{h}
	for _, row := range about {
		app, ok := row.(*records.Application)
		if !ok {
			rest = append(rest, row)
			continue
		}
		if app.ErasedAt != "" {
			continue
		}
		one, err := d.ownCase(app)
		if err != nil {
			return own, err
		}
		own.Cases = append(own.Cases, one)
	}
	return own, d.ownRows(own.Rows, rest, h.Key(), deskKey)
}

func (d *Desk) ownCase(app *records.Application) (own OwnCase, err error) {
	own = OwnCase{Application: app, Rows: map[string][]OwnRow{}}
	about, err := records.Naming(d.App.DB(), "application", app.ID)
	if err != nil {
		return own, err
	}
	closed := slices.Contains(flow.ClosedStates, app.State)
	kept := []records.Row{}
	for _, row := range about {
		if doc, ok := row.(*records.Document); ok && doc.State == flow.Kept {
			own.Documents = append(own.Documents, doc)
		}
		if _, holders := row.(*records.Certificate); !holders && (closed || !slices.Contains(untilReleased, row.Table())) {
			kept = append(kept, row)
		}
	}
	shown := *app
	if shown.State == flow.Decided || shown.State == flow.Proposed {
		shown.State = flow.InReview
	}
	return own, d.ownRows(own.Rows, append([]records.Row{&shown}, kept...), app.Key(), "holder-"+app.Holder, deskKey)
}

// ownRows adds rows in clear. What cannot be opened any more is left out.
func (d *Desk) ownRows(to map[string][]OwnRow, rows []records.Row, keys ...string) error {
	for _, row := range rows {
		table := row.Table()
		if slices.Contains(insideTables, table) {
			continue
		}
		call := false
		if e, ok := row.(*records.Correspondence); ok {
			call = e.Kind == flow.KindCall
		}
		own := OwnRow{}
		for _, c := range records.Columns(row) {
			text, sealed := c.Value.(string)
			if slices.Contains(insideColumns, c.Name) || slices.Contains(insideColumns, table+"."+c.Name) || text == "" && sealed || call && c.Name == "text" {
				continue
			}
			if !sealed || !strings.HasPrefix(text, "v1.") {
				own[c.Name] = c.Value
				continue
			}
			plain, err := d.openWith(table+"."+c.Name+" "+row.Header().ID, text, keys)
			if errors.Is(err, vault.ErrErased) {
				continue
			}
			if err != nil {
				return err
			}
			own[c.Name] = plain
			if raw := json.RawMessage(plain); strings.HasPrefix(plain, "{") && json.Valid(raw) {
				own[c.Name] = raw
			}
		}
		to[table] = append(to[table], own)
	}
	return nil
}

// openWith opens a sealed text with the one of these keys that it was sealed with.
func (d *Desk) openWith(context, sealed string, keys []string) (plain string, err error) {
	for _, key := range keys {
		if plain, err = d.Open(key, context, sealed); err == nil {
			return plain, nil
		}
	}
	return "", err
}
