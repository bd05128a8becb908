package command

// How noted rows reach their tables: new rows of one table together, of a changed row the columns that changed.

import (
	"errors"
	"fmt"
	"strings"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sqlite"
)

// together is how many new rows go into one statement at most.
const together = 16

func (e *effect) digest() string { return ledger.DigestRow(e.row.Table(), records.Text(e.row)) }

// write writes what was noted at place i, if it is not written as it is by now; a new row together with those of its
// table that were noted after it.
func (tx *Tx) write(i int) error {
	if err := fault.At("command.write"); err != nil {
		return err
	}
	e := &tx.effects[i]
	if e.make && e.text == "" {
		return tx.insert(tx.alike(i))
	}
	before := e.row.Header().Rev
	text := e.digest()
	if e.text == text {
		return nil
	}
	if e.text == "" {
		e.row.Header().Rev++
		text = e.digest()
	}
	if err := tx.update(e.row, before); err != nil {
		return err
	}
	e.text = text
	return nil
}

// alike finds the new rows of one table from place i on. A change of that table ends it: what is unique may depend on it.
func (tx *Tx) alike(i int) (list []*effect) {
	table := tx.effects[i].row.Table()
	for j := i; j < len(tx.effects) && len(list) < together; j++ {
		switch e := &tx.effects[j]; {
		case e.row.Table() != table:
		case e.make && e.text == "":
			list = append(list, e)
		default:
			return list
		}
	}
	return list
}

func (tx *Tx) insert(list []*effect) error {
	table := list[0].row.Table()
	var names []string
	var values []any
	for i, e := range list {
		if auth, ok := e.row.(interface{ Token() *string }); ok && *auth.Token() == "" {
			*auth.Token() = records.NewID() + records.NewID()
		}
		for _, c := range records.Columns(e.row) {
			values = append(values, c.Value)
			if i == 0 {
				names = append(names, "`"+c.Name+"`")
			}
		}
	}
	if _, err := sqlite.Direct(tx.DB).Exec("INSERT OR FAIL INTO `"+table+"` ("+strings.Join(names, ",")+") VALUES "+sqlite.Marks(len(list), len(names)), values...); err != nil {
		return unique(table, err)
	}
	for _, e := range list {
		e.text = e.digest()
		records.Keep(e.row)
	}
	return nil
}

// update changes exactly one row, as it was read: in the revision before.
func (tx *Tx) update(row records.Row, before int64) error {
	var sets []string
	var values []any
	for _, c := range records.Changed(row) {
		if c.Name != "id" {
			sets, values = append(sets, "`"+c.Name+"`=?"), append(values, c.Value)
		}
	}
	h := row.Header()
	res, err := sqlite.Direct(tx.DB).Exec("UPDATE OR FAIL `"+row.Table()+"` SET "+strings.Join(sets, ",")+" WHERE id=? AND rev=?", append(values, h.ID, before)...)
	if err != nil {
		return unique(row.Table(), err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(fmt.Errorf("%s %s: %d rows at revision %d", row.Table(), h.ID, n, before), err)
	}
	records.Keep(row)
	return nil
}
