package command

// What falls due for many rows at once: the same act on each, with one commit for several.

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sqlite"
)

// atMost is how long one transaction of RunEach goes on to take rows: people wait for it.
const atMost = 50 * time.Millisecond

// RunEach performs an act on each of these rows, as Run does on one: each has its own entries in the ledger and its own refusal,
// and none takes another with it. What is committed together, a commit that fails undoes together. It returns the error of each row
// in their order, fewer if ctx ends.
func RunEach[R records.Target, In any](ctx context.Context, d *Desk, by Caller, act Act[R, In], ids []string, in In) (errs []error) {
	for len(errs) < len(ids) && ctx.Err() == nil {
		errs = append(errs, runSome(ctx, d, by, act, ids[len(errs):], in)...)
	}
	return errs
}

// runSome does so for the first of the rows, in one transaction.
func runSome[R records.Target, In any](ctx context.Context, d *Desk, by Caller, act Act[R, In], ids []string, in In) (errs []error) {
	if err := d.Room(act.Name); err != nil {
		return []error{err}
	}
	var done []*Tx
	begin := time.Now()
	err := d.App.RunInTransaction(func(txApp core.App) error {
		for _, id := range ids {
			if len(errs) > 0 && (time.Since(begin) > atMost || ctx.Err() != nil) {
				return nil
			}
			tx, err, fatal := runApart(ctx, d, txApp, by, act, id, in)
			if fatal != nil {
				return fatal
			}
			if errs = append(errs, noted(err)); err == nil {
				done = append(done, tx)
			}
		}
		return nil
	})
	if err != nil { // nothing of it happened, whatever came of each
		return allOf(noted(err), max(1, len(errs)))
	}
	if err := fault.At("command.committed"); err != nil {
		return allOf(err, len(errs))
	}
	for _, tx := range done {
		tx.committed()
	}
	return errs
}

// runApart performs one of the acts of a transaction so that it can fail alone. Fatal is what ends the whole of it.
func runApart[R records.Target, In any](ctx context.Context, d *Desk, txApp core.App, by Caller, act Act[R, In], id string, in In) (tx *Tx, err, fatal error) {
	db := sqlite.Direct(txApp.DB())
	if _, err := db.Exec("SAVEPOINT apart"); err != nil {
		return nil, nil, err
	}
	if tx, err = guarded(ctx, d, txApp, by, act, id, in); err != nil {
		if _, back := db.Exec("ROLLBACK TO apart"); back != nil {
			return nil, nil, errors.Join(err, back)
		}
	}
	_, fatal = db.Exec("RELEASE apart")
	return tx, err, fatal
}

// guarded makes a panic the error of this row.
func guarded[R records.Target, In any](ctx context.Context, d *Desk, txApp core.App, by Caller, act Act[R, In], id string, in In) (tx *Tx, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s of %s panicked: %v\n%s", act.Name, id, r, debug.Stack())
		}
	}()
	tx, _, err = perform(ctx, d, txApp, by, act, At{ID: id}, in)
	return tx, err
}

func allOf(err error, n int) []error {
	all := make([]error, n)
	for i := range all {
		all[i] = err
	}
	return all
}
