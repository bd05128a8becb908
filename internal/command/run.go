package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// Act is one thing that can be done to one noun. Name is the permission, the route and the event in the ledger; Do is
// the body, which reads what the frame loaded, asks the rule, and notes effects.
type Act[R records.Target, In any] struct {
	Name flow.Act
	Do   func(tx *Tx, row R, in In) error
}

// At says to which row, in which revision (0: whichever it is), and under which idempotency key.
type At struct {
	ID  string
	Rev int64
	Key string
}

// Receipt is what an act answers, the same for ever under the same key.
type Receipt struct {
	Seq    int64             `json:"seq"`
	Act    flow.Act          `json:"act"`
	Target string            `json:"target"`
	State  flow.State        `json:"state"`
	Rev    int64             `json:"rev"`
	Answer map[string]string `json:"answer,omitempty"`
}

// Errors of the frame; rules add flow.Refusal.
var (
	ErrForbidden = errors.New("forbidden")
	ErrKeyReused = errors.New("the same key with other input")
)

// Run performs one act in one transaction, or nothing of it; a repeated at.Key gets the first receipt again.
// Errors: records.ErrNotFound (also for "not yours"), ErrForbidden, flow.Refusal, Conflict if the row left at.Rev behind,
// vault.ErrDiskFull.
func Run[R records.Target, In any](ctx context.Context, d *Desk, by Caller, act Act[R, In], at At, in In) (Receipt, error) {
	var receipt Receipt
	var tx *Tx
	if err := d.Room(act.Name); err != nil {
		return receipt, err
	}
	err := d.App.RunInTransaction(func(txApp core.App) (err error) {
		tx, receipt, err = perform(ctx, d, txApp, by, act, at, in)
		return err
	})
	if err == nil {
		err = fault.At("command.committed")
	}
	if err != nil {
		return Receipt{}, noted(err)
	}
	tx.committed()
	return receipt, nil
}

// perform does all of an act but the commit.
func perform[R records.Target, In any](ctx context.Context, d *Desk, txApp core.App, by Caller, act Act[R, In], at At, in In) (*Tx, Receipt, error) {
	tx, err := d.begin(ctx, txApp, by)
	if err != nil {
		return tx, Receipt{}, err
	}
	tx.key, tx.input = at.Key, d.digest(act.Name, at.ID, in)
	if first, found, err := tx.earlier(); found || err != nil {
		return tx, first, err
	}
	row, err := records.Load[R](tx.DB, at.ID)
	if err != nil {
		return tx, Receipt{}, tx.missing(act.Name, err)
	}
	if err := tx.admit(row, act.Name); err != nil {
		return tx, Receipt{}, err
	}
	if err := tx.current(row, at.Rev); err != nil {
		return tx, Receipt{}, err
	}
	if err := do(tx, act, row, in); err != nil {
		return tx, Receipt{}, err
	}
	receipt, err := tx.close(row, act.Name)
	return tx, receipt, err
}

// do performs the body in its own place of the transition table, and sees that it arrived where the table allows.
func do[R records.Target, In any](tx *Tx, act Act[R, In], row R, in In) error {
	head := row.Header()
	next, err := flow.Next(row.Noun(), head.State, act.Name)
	if err != nil {
		return err
	}
	step := &step{act: act.Name, noun: row.Noun(), target: head.ID, from: head.State}
	tx.steps = append(tx.steps, step)
	if len(next) == 1 && next[0] != head.State {
		head.State = next[0]
		tx.Update(row)
	}
	if err := act.Do(tx, row, in); err != nil {
		return err
	}
	if step.to == "" {
		step.to = head.State
	}
	for _, s := range next {
		if s == step.to {
			return tx.overtaken(row)
		}
	}
	return fmt.Errorf("%s led %s from %s to %s, which its table does not allow", act.Name, row.Noun(), step.from, step.to)
}

// Follow performs an act that follows from another, in the same transaction, with a ledger entry of its own.
func Follow[R records.Target, In any](tx *Tx, act Act[R, In], row R, in In) error {
	if s := tx.steps[len(tx.steps)-1]; s.to == "" && s.target == row.Header().ID {
		s.to = row.Header().State // where the act before it had led
	}
	return do(tx, act, row, in)
}

func (d *Desk) digest(act flow.Act, target string, in any) string {
	raw, _ := json.Marshal(in)
	return d.Vault.Blind("input", string(act)+" "+target+" "+string(raw))
}

// earlier finds the receipt of the same key. The same key with another act or input is refused.
func (tx *Tx) earlier() (Receipt, bool, error) {
	if tx.key == "" {
		return Receipt{}, false, nil
	}
	entry, found, err := ledger.Find(tx.DB, tx.Actor(), tx.key)
	if err != nil || !found {
		return Receipt{}, false, err
	}
	if entry.Input != tx.input {
		return Receipt{}, true, ErrKeyReused
	}
	var r Receipt
	err = json.Unmarshal(entry.Answer, &r)
	r.Seq = entry.Seq
	return r, true, err
}
