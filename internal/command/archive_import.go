package command

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Taking over a register of before: each line becomes a holder without a contact, a closed case that says what is known, and a
// certificate with the number it had. From then on they live like all others. The whole register is one transaction: what breaks
// off leaves nothing, and nobody sees a part of it.

// importTogether is how many lines one entry of the record tells of.
const importTogether = 50

// OldRegister is a register of before, looked through and without a fault.
type OldRegister struct {
	File  string // what the file was called
	Mark  string // keyed digest of it
	Type  string // of all lines; empty: each says its own
	Lines []flow.ImportLine
}

// ImportPart are the lines of one entry. Holders are named beforehand, because one may have lines in several parts.
type ImportPart struct {
	Import string            `json:"import"`
	File   string            `json:"file,omitempty"`
	Mark   string            `json:"mark,omitempty"`
	Type   string            `json:"type,omitempty"`
	Rows   int               `json:"rows"`
	First  bool              `json:"first"`
	Lines  []flow.ImportLine `json:"lines"`
	Holder []string          `json:"holder"` // of each line
	Fresh  []bool            `json:"fresh"`  // the holder is made with this line
}

// Import takes over some lines. Refused with import_empty, and with import_clash where a number is taken by now, or a holder has a
// certificate of the type.
var Import = Act[*records.Desk, ImportPart]{flow.Import, func(tx *Tx, desk *records.Desk, in ImportPart) error {
	n := len(in.Lines)
	if n == 0 || n > importTogether || len(in.Holder) != n || len(in.Fresh) != n {
		return flow.Refuse("import_empty")
	}
	clashes, err := tx.Desk.ImportClashes(tx.DB, in.Lines)
	if err != nil {
		return err
	}
	if len(clashes) > 0 {
		return flow.Refuse("import_clash", strconv.Itoa(clashes[0].Line))
	}
	if in.First {
		row := &records.Import{Mark: in.Mark, Rows: int64(in.Rows), By: tx.By.ID, Type: in.Type}
		row.ID, row.State = in.Import, flow.Kept
		row.File = tx.Seal(deskKey, "imports.file "+row.ID, in.File)
		tx.Insert(row)
	}
	tx.Because(fmt.Sprintf("register %s, %d of %d lines from line %d", in.Import, n, in.Rows, in.Lines[0].Line))
	return tx.importLines(desk, in)
}}

// imported is one line in the making.
type imported struct {
	flow.ImportLine
	typ    *records.Type
	t      sdk.Type
	holder *records.Holder
	app    *records.Application
	lang   string
}

func (tx *Tx) importLines(desk *records.Desk, in ImportPart) error {
	types, holders := map[string]*records.Type{}, map[string]*records.Holder{}
	list, keys := make([]imported, len(in.Lines)), []string(nil)
	for i, l := range in.Lines {
		m := imported{ImportLine: l, typ: types[l.Type], holder: holders[in.Holder[i]], app: &records.Application{Kind: "imported"}, lang: desk.Lang}
		var err error
		if m.typ == nil {
			if m.typ, err = records.Load[*records.Type](tx.DB, l.Type); err != nil {
				return err
			}
			types[l.Type] = m.typ
		}
		if m.t, err = tx.Type(m.typ.Digest); err != nil {
			return err
		}
		switch {
		case m.holder != nil:
		case in.Fresh[i]:
			m.holder = &records.Holder{}
			m.holder.ID = in.Holder[i]
			keys = append(keys, m.holder.Key())
		default:
			if m.holder, err = records.Load[*records.Holder](tx.DB, in.Holder[i]); err != nil {
				return err
			}
		}
		m.app.ID = records.NewID()
		holders[in.Holder[i]], list[i], keys = m.holder, m, append(keys, m.app.Key())
	}
	if err := tx.Desk.Vault.NewKeys(keys); err != nil {
		return err
	}
	for _, m := range list {
		if err := tx.importLine(in.Import, m); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) importLine(from string, m imported) error {
	if m.holder.Owner == "" {
		tx.importHolder(m)
	}
	n, err := tx.Number("R-" + year(tx.Today()))
	if err != nil {
		return err
	}
	a := sdk.Answers{m.t.HolderName: m.Name}
	for question, answer := range map[string]string{m.t.LatinName: m.Latin, phoneOf(m.t): m.Phone} {
		if question != "" && answer != "" {
			a[question] = answer
		}
	}
	if len(m.t.Persons) > 0 {
		a[m.t.Persons[0].Name] = m.Name
		if id := m.t.Persons[0].ID; id != "" && m.ID != "" {
			a[id] = m.ID
		}
	}
	app := m.app
	app.Ref, app.Type, app.Digest, app.Holder, app.Applicant = flow.Number(flow.PrefixApplication, tx.Year(), n), m.Type, m.typ.Digest, m.holder.ID, m.holder.Owner
	app.State, app.Lang, app.ClosedAt = flow.Approved, m.lang, tx.Stamp()
	app.SetHolder(m.holder)
	tx.sealAnswers(app, m.t, a)
	tx.Insert(app)
	if err := tx.index(app, m.t, a); err != nil {
		return err
	}
	return tx.importCertificate(from, m, a)
}

// importHolder makes a holder whom nobody acts for yet: an account without a contact, as for somebody served at the counter, to which
// nobody can sign in.
func (tx *Tx) importHolder(m imported) {
	a := &records.Applicant{Lang: m.lang}
	a.ID, a.State = records.NewID(), flow.Active
	a.Phone = tx.Seal(deskKey, "applicants.phone "+a.ID, m.Phone)
	tx.Insert(a)
	if tx.known.accounts == nil {
		tx.known.accounts = map[string]*records.Applicant{}
	}
	tx.known.accounts[a.ID] = a
	h := m.holder
	h.Kind, h.Owner, h.How, h.AgreedAt, h.State = string(m.t.Holders[0]), a.ID, "imported", tx.Stamp(), flow.Active
	h.Own = h.Kind == string(sdk.HolderPerson)
	h.Name, h.NameBlind, h.IDBlind = tx.Seal(h.Key(), "holders.name "+h.ID, m.Name), tx.Desk.BlindName(m.Name), tx.Desk.BlindID(m.ID)
	tx.Insert(h)
	tx.join(h, a.ID, "owner")
}

func (tx *Tx) importCertificate(from string, m imported, a sdk.Answers) error {
	c := &records.Certificate{Number: m.Number, Code: flow.NewCode(rand.Reader), Type: m.Type, Digest: m.typ.Digest, Holder: m.holder.ID, Application: m.app.ID,
		Lang: m.lang, ValidFrom: string(m.From), ExpiresOn: string(m.Until), Shows: "masked", Imported: from}
	c.ID, c.State = records.NewID(), m.State
	if m.holder.Kind == string(sdk.HolderInstitution) {
		c.Shows = "full"
	}
	if m.Stands() {
		c.WarnOn = string(flow.NextNotice(m.Until, m.t.Recheck.NoticeDays, 0))
	}
	if m.State == flow.Valid {
		c.RecheckOn = string(flow.ImportRecheck(m.From, m.t.Recheck.EveryMonths, tx.Today()))
	}
	tx.sealCertificate(c, m.t, a)
	tx.Insert(c)
	if prefix, year, n, err := flow.ParseNumber(m.Number); err == nil && prefix == flow.PrefixCertificate { // the desk's own series goes on after it
		if _, err := tx.Raise(fmt.Sprintf("C-%04d", year), n); err != nil {
			return err
		}
	}
	return nil
}

// phoneOf is the question of a type that asks for a phone; none if it asks for none.
func phoneOf(t sdk.Type) string {
	for _, p := range t.Pages {
		for _, q := range p.Questions {
			if q.Kind == sdk.KindPhone {
				return q.ID
			}
		}
	}
	return ""
}

// clashesAtOnce is how many lines are looked for in one statement.
const clashesAtOnce = 400

// ImportClashes says which lines cannot be taken over for what is at the desk already: a number that is taken, a holder who has a
// certificate of the type that can still be relied on.
func (d *Desk) ImportClashes(db dbx.Builder, lines []flow.ImportLine) (faults []flow.ImportFault, err error) {
	for len(lines) > 0 {
		some := lines[:min(len(lines), clashesAtOnce)]
		lines = lines[len(some):]
		var numbers, ids []any
		blinds := make([]string, len(some))
		for i, l := range some {
			numbers = append(numbers, l.Number)
			if blinds[i] = d.BlindID(l.ID); blinds[i] != "" && l.Stands() {
				ids = append(ids, blinds[i])
			}
		}
		var taken []string
		if err := db.Select("number").From("certificates").Where(dbx.In("number", numbers...)).Column(&taken); err != nil {
			return nil, err
		}
		var has []struct{ Blind, Type string }
		if err := db.Select("h.id_blind AS blind", "c.type AS type").From("holders h").InnerJoin("certificates c", dbx.NewExp("c.holder=h.id")).
			Where(dbx.And(dbx.In("h.id_blind", ids...), dbx.In("c.state", "valid", "suspended"))).All(&has); err != nil {
			return nil, err
		}
		known := map[string]bool{}
		for _, n := range taken {
			known["number "+n] = true
		}
		for _, h := range has {
			known[h.Type+" "+h.Blind] = true
		}
		for i, l := range some {
			if known["number "+l.Number] {
				faults = append(faults, flow.ImportFault{Line: l.Line, Field: flow.ImportNumber, Code: "number_taken"})
			}
			if blinds[i] != "" && l.Stands() && known[l.Type+" "+blinds[i]] {
				faults = append(faults, flow.ImportFault{Line: l.Line, Field: flow.ImportID, Code: "has_one"})
			}
		}
	}
	return faults, nil
}

// ImportRegister takes over a register, whole or not at all; done is told how many lines there are so far. Errors are those of Run,
// and already_imports where this file was taken over before.
func ImportRegister(ctx context.Context, d *Desk, by Caller, in OldRegister, done func(int)) (id string, err error) {
	if err := d.Room(flow.Import); err != nil {
		return "", err
	}
	var parts []*Tx
	id = records.NewID()
	err = d.App.RunInTransaction(func(txApp core.App) error {
		holders := map[string]string{}
		for at := 0; at < len(in.Lines) || at == 0; at += importTogether {
			part := in.part(id, at, holders)
			tx, _, err := perform(ctx, d, txApp, by, Import, At{ID: records.DeskID}, part)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			tx.effects, tx.known = nil, known{} // thousands of rows need not be kept until the end
			parts = append(parts, tx)
			done(at + len(part.Lines))
		}
		return nil
	})
	if err == nil {
		err = fault.At("command.committed")
	}
	if err != nil {
		return "", noted(err)
	}
	for _, tx := range parts {
		for _, f := range tx.after {
			f()
		}
	}
	if d.Committed != nil {
		d.Committed()
	}
	return id, nil
}

// part are the lines from one place on. Lines with the same ID number have one holder.
func (in OldRegister) part(id string, at int, holders map[string]string) ImportPart {
	p := ImportPart{Import: id, Rows: len(in.Lines), First: at == 0, Lines: in.Lines[at:min(at+importTogether, len(in.Lines))]}
	if p.First {
		p.File, p.Mark, p.Type = in.File, in.Mark, in.Type
	}
	for _, l := range p.Lines {
		holder, had := holders[l.ID]
		if l.ID == "" || !had {
			holder, had = records.NewID(), false
		}
		if l.ID != "" {
			holders[l.ID] = holder
		}
		p.Holder, p.Fresh = append(p.Holder, holder), append(p.Fresh, !had)
	}
	return p
}

// ImportedFile opens what an imported file was called.
func (d *Desk) ImportedFile(row *records.Import) (string, error) {
	return d.Open(deskKey, "imports.file "+row.ID, row.File)
}
