package command

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// The archive against itself: the whole record computed anew, each row compared with the last digest named for it, and
// the signed checkpoints that make a shortened record show.

// Verify computes the record again and compares every row that it names with what is in the tables now. It reads one
// snapshot and changes nothing. The error says what kept it from looking; what it saw is in the report.
func (d *Desk) Verify(ctx context.Context) (ledger.Report, error) {
	var report ledger.Report
	db, ok := d.App.ConcurrentDB().(*dbx.DB)
	if !ok {
		return report, errors.New("verify: the record is verified outside of transactions only")
	}
	err := db.TransactionalContext(ctx, &sql.TxOptions{ReadOnly: true}, func(tx *dbx.Tx) (err error) {
		report, err = ledger.Verify(tx, ledger.Options{Public: []string{d.key.Public}, Rows: rowDigests(ctx, tx)})
		return err
	})
	return report, err
}

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
		for _, t := range records.Tables {
			if !t.Logged {
				continue
			}
			if err := tableDigests(ctx, db, t.Row.Table(), yield); err != nil {
				return fmt.Errorf("read %s: %w", t.Row.Table(), err)
			}
		}
		return nil
	}
}

func tableDigests(ctx context.Context, db dbx.Builder, table string, yield func(noun, id, digest string) error) error {
	return records.Each(db, table, func(row records.Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, desk := row.(*records.Desk); desk && row.Header().State == flow.New {
			return nil // made by the migration: no act has touched it yet
		}
		return yield(table, row.Header().ID, ledger.DigestRow(table, records.Text(row)))
	})
}
