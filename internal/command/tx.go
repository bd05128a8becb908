package command

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sqlite"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Tx is one act in the making: what the body may read, and the effects that it notes. Only close writes.
type Tx struct {
	context.Context
	Desk     *Desk
	DB       dbx.Builder // this transaction
	By       flow.Person
	Settings *records.Desk
	Now      time.Time

	caller    Caller
	key       string
	input     string
	reason    string
	said      string
	shown     []string
	forgotten [][2]string // rows that are erased: noun and ID
	answer    map[string]string
	steps     []*step
	effects   []effect
	after     []func()
	known     known
	failed    error // a value that could not be sealed
}

// step is one act of the transaction: the one asked for, or one that follows from it.
type step struct {
	act      flow.Act
	noun     flow.Noun
	target   string
	from, to flow.State
}

type effect struct {
	row  records.Row
	make bool
	text string // digest of what was written already; empty before
}

func (d *Desk) begin(ctx context.Context, txApp core.App, by Caller) (*Tx, error) {
	tx := &Tx{Context: ctx, Desk: d, DB: txApp.DB(), Now: d.Now().UTC(), caller: by, answer: map[string]string{}}
	var err error
	if tx.By, err = tx.person(); err != nil {
		return nil, err
	}
	tx.Settings, err = records.Load[*records.Desk](tx.DB, records.DeskID)
	return tx, err
}

// Actor names the caller for the ledger.
func (tx *Tx) Actor() string { return string(tx.kind()) + ":" + tx.caller.ID }

func (tx *Tx) kind() flow.Role {
	switch tx.caller.Role {
	case flow.System, flow.Guest, flow.Applicant:
		return tx.caller.Role
	}
	return "staff"
}

// Today is the civil date at the desk.
func (tx *Tx) Today() flow.Day { return flow.DayOf(tx.Now, tx.Desk.location(tx.Settings.Zone)) }

// Year is the civil year at the desk.
func (tx *Tx) Year() int { return tx.Now.In(tx.Desk.location(tx.Settings.Zone)).Year() }

func year(d flow.Day) string { return string(d)[:4] }

// Stamp is the moment of the act as rows keep it.
func (tx *Tx) Stamp() string { return records.Stamp(tx.Now) }

// Insert notes a new row. It gets its ID and its moment now, so that other rows can name it.
func (tx *Tx) Insert(row records.Row) {
	h := row.Header()
	if h.ID == "" {
		h.ID = records.NewID()
	}
	h.Rev, h.Made = 1, tx.Stamp()
	tx.effects = append(tx.effects, effect{row: row, make: true})
}

// Update notes that a row that was read has changed.
func (tx *Tx) Update(row records.Row) {
	for _, e := range tx.effects {
		if e.row.Header() == row.Header() {
			return
		}
	}
	tx.effects = append(tx.effects, effect{row: row})
}

// flush writes what was noted so far, still within the transaction, for an act that follows and reads those tables
// again. A row that changes after it is written once more by close, in the same revision.
func (tx *Tx) flush() error {
	for i := range tx.effects {
		if err := tx.write(i); err != nil {
			return err
		}
	}
	tx.known = known{}
	return nil
}

// Answer adds a word to the receipt.
func (tx *Tx) Answer(name, value string) { tx.answer[name] = value }

// Because records in the entry, in clear and for ever, by what way or of what kind an act was: a word, nothing of a person.
func (tx *Tx) Because(word string) { tx.reason = word }

// Said records what a person gave as the reason, sealed apart from what is hashed, so that it can be erased.
func (tx *Tx) Said(text string) { tx.said = text }

// Shown records in the entry, in clear and for ever, which rows the person was shown.
func (tx *Tx) Shown(ids []string) { tx.shown = ids }

// After notes what to do once the act is committed. It must not fail the act: it cannot any more.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Type reads the description that a case follows.
func (tx *Tx) Type(digest string) (sdk.Type, error) {
	t, turns, found := tx.Desk.kept.typ(digest)
	if found {
		return t, nil
	}
	t, err := records.Describe(tx.DB, digest)
	if err == nil {
		tx.After(func() { tx.Desk.kept.keepType(digest, t, turns) })
	}
	return t, err
}

// Number gives out the next number of a series, without gaps.
func (tx *Tx) Number(series string) (n int64, err error) {
	if err := fault.At("command.number"); err != nil {
		return 0, err
	}
	rows, err := sqlite.Direct(tx.DB).Query("INSERT INTO counters (id, rev, state, made, value) VALUES (?, 1, 'open', ?, 1)"+
		" ON CONFLICT (id) DO UPDATE SET value=value+1 RETURNING value", series, tx.Stamp())
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		err = rows.Scan(&n)
	}
	return n, errors.Join(err, rows.Err())
}

// Raise sets a series to n, and reports whether it stood below.
func (tx *Tx) Raise(series string, n int64) (bool, error) {
	res, err := tx.DB.NewQuery("INSERT INTO counters (id, rev, state, made, value) VALUES ({:id}, 1, 'open', {:made}, {:n})" +
		" ON CONFLICT (id) DO UPDATE SET value={:n} WHERE value<{:n}").Bind(dbx.Params{"id": series, "made": tx.Stamp(), "n": n}).Execute()
	if err != nil {
		return false, err
	}
	raised, err := res.RowsAffected()
	return raised == 1, err
}

// close writes every noted row by its revision, and one ledger entry per step; the first names the digest of every row.
func (tx *Tx) close(row records.Target, act flow.Act) (Receipt, error) {
	if tx.failed != nil {
		return Receipt{}, tx.failed
	}
	if err := tx.flush(); err != nil {
		return Receipt{}, err
	}
	var rows []ledger.Row
	for i, e := range tx.effects {
		if h := e.row.Header(); records.Logged(e.row.Table()) && !tx.later(i) {
			rows = append(rows, ledger.Row{Noun: e.row.Table(), ID: h.ID, Rev: h.Rev, Digest: e.text})
		}
	}
	r := Receipt{Act: act, Target: row.Header().ID, State: row.Header().State, Rev: row.Header().Rev, Answer: tx.answer}
	entries := make([]ledger.Entry, 0, len(tx.steps))
	for i, s := range tx.steps {
		entry := ledger.Entry{At: tx.Now, Actor: tx.Actor(), Role: strings.Join(strs(tx.By.Roles), ","), Act: string(s.act),
			Noun: string(s.noun), Target: s.target, From: string(s.from), To: string(s.to)}
		if i == 0 {
			answer, err := json.Marshal(r)
			if err != nil {
				return r, err
			}
			entry.Key, entry.Input, entry.Rows, entry.Answer, entry.Reason = tx.key, tx.input, rows, answer, tx.reason
			if len(tx.shown) > 0 {
				entry.Also = map[string]string{ledger.Shown: strings.Join(tx.shown, " ")}
			}
			if tx.said != "" {
				entry.Payload = []byte(tx.Seal(deskKey, "ledger.payload "+s.target, tx.said))
			}
		}
		entries = append(entries, entry)
	}
	var err error
	if r.Seq, err = ledger.AppendAll(tx.DB, entries); err != nil {
		return r, err
	}
	if err := tx.emptyEntries(); err != nil {
		return r, err
	}
	return r, fault.At("command.commit")
}

// later reports whether a row was read again and written once more after this effect.
func (tx *Tx) later(i int) bool {
	for _, e := range tx.effects[i+1:] {
		if e.row.Table() == tx.effects[i].row.Table() && e.row.Header().ID == tx.effects[i].row.Header().ID {
			return true
		}
	}
	return false
}

// unique turns a broken unique index into a refusal: somebody was quicker.
func unique(table string, err error) error {
	if err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed") {
		return errors.Join(flow.Refuse("already_"+table), err)
	}
	return err
}

func (tx *Tx) committed() {
	tx.Desk.kept.drop(tx.effects)
	tx.Desk.pages.drop(tx.effects)
	for _, f := range tx.after {
		f()
	}
	if tx.Desk.Committed != nil && len(tx.steps) > 0 {
		tx.Desk.Committed()
	}
}
