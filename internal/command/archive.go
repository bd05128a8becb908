package command

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// The archive against itself: the whole record computed anew, each row compared with the last digest named for it, and
// the signed checkpoints that make a shortened record show.

// Verify computes the record again and compares every row that it names with what is in the tables now. It reads one
// snapshot and changes nothing; witness are checkpoints that were kept elsewhere. The error says what kept it from looking; what it saw is in the report.
func (d *Desk) Verify(ctx context.Context, witness ...string) (ledger.Report, error) {
	var report ledger.Report
	db, ok := d.App.ConcurrentDB().(*dbx.DB)
	if !ok {
		return report, errors.New("verify: the record is verified outside of transactions only")
	}
	err := db.TransactionalContext(ctx, &sql.TxOptions{ReadOnly: true}, func(tx *dbx.Tx) (err error) {
		report, err = ledger.Verify(tx, ledger.Options{Public: []string{d.key.Public}, Witness: witness, Rows: rowDigests(ctx, tx)})
		return err
	})
	return report, err
}

// PublicKey is what others need to verify the checkpoints of this desk.
func (d *Desk) PublicKey() string { return d.key.Public }

// Checkpoint signs size and root of the record as it is and keeps the note. An empty record has nothing to sign.
func (d *Desk) Checkpoint(ctx context.Context) (note string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	err = d.App.RunInTransaction(func(txApp core.App) (err error) {
		note, err = ledger.Checkpoint(txApp.DB(), d.key)
		return err
	})
	if errors.Is(err, ledger.ErrEmpty) {
		return "", nil
	}
	return note, err
}

// rowDigests gives every row of every table that the record names, as it is now.
func rowDigests(ctx context.Context, db dbx.Builder) func(yield func(noun, id, digest string) error) error {
	return func(yield func(noun, id, digest string) error) error {
		strange, err := oddRows(db, yield)
		if err != nil {
			return err
		}
		for _, t := range records.Tables {
			if !t.Logged {
				continue
			}
			if err := tableDigests(ctx, db, t.Row.Table(), strange[t.Row.Table()], yield); err != nil {
				return fmt.Errorf("read %s: %w", t.Row.Table(), err)
			}
		}
		return nil
	}
}

// unlike is the digest of no row: it stands for one that holds what the desk never writes.
const unlike = "-"

// oddRows gives the rows that hold what the desk never writes, and returns the tables that have any.
func oddRows(db dbx.Builder, yield func(noun, id, digest string) error) (map[string]bool, error) {
	var all []string
	for _, t := range records.Tables {
		if table := t.Row.Table(); t.Logged {
			all = append(all, "SELECT '"+table+"' noun, CAST(id AS TEXT) id FROM "+table+" WHERE "+records.Odd(table))
		}
	}
	var odd []struct {
		Noun string `db:"noun"`
		ID   string `db:"id"`
	}
	if err := db.NewQuery(strings.Join(all, " UNION ALL ")).All(&odd); err != nil {
		return nil, fmt.Errorf("kinds of values: %w", err)
	}
	in := map[string]bool{}
	for _, r := range odd {
		in[r.Noun] = true
		if err := yield(r.Noun, r.ID, unlike); err != nil {
			return in, err
		}
	}
	return in, nil
}

func tableDigests(ctx context.Context, db dbx.Builder, table string, odd bool, yield func(noun, id, digest string) error) error {
	where := ""
	if odd {
		where = "NOT (" + records.Odd(table) + ")"
	}
	return records.Each(db, table, where, func(row records.Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, desk := row.(*records.Desk); desk && row.Header().State == flow.New {
			return nil // made by the migration: no act has touched it yet
		}
		return yield(table, row.Header().ID, ledger.DigestRow(table, records.Text(row)))
	})
}
