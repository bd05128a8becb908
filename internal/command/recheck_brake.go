package command

import (
	"errors"
	"fmt"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// The brake on re-checks: counted in a row, so that neither a restart nor the next sweep forgets.

// brake reads a brake to change it; one that is not there yet is open.
func (tx *Tx) brake(id string) (*records.Brake, error) {
	b, err := records.Load[*records.Brake](tx.DB, id)
	if errors.Is(err, records.ErrNotFound) {
		b = &records.Brake{}
		b.ID, b.State = id, flow.Open
		tx.Insert(b)
		return b, nil
	}
	if err == nil {
		tx.Update(b)
	}
	return b, err
}

func (tx *Tx) recheckStopped(typ string) (bool, error) {
	b, err := records.Load[*records.Brake](tx.DB, records.RecheckBrake(typ))
	if errors.Is(err, records.ErrNotFound) {
		return false, nil
	}
	return err == nil && b.State == flow.OnHold, err
}

// countAdverse counts one more re-check that went badly today, and stops the type's if it was one too many.
func (tx *Tx) countAdverse(c *records.Certificate, due int64) error {
	b, err := tx.brake(records.RecheckBrake(c.Type))
	if err != nil {
		return err
	}
	if today := string(tx.Today()); b.Day != today {
		b.Day, b.Adverse, b.Due = today, 0, 0
	}
	b.Adverse++
	b.Due = max(b.Due, due)
	if b.State == flow.OnHold || b.Confirmed == b.Day || !flow.TooManyAdverse(b.Adverse, b.Due) {
		return nil
	}
	t, err := records.Load[*records.Type](tx.DB, c.Type)
	if err != nil {
		return err
	}
	return Follow(tx, StopRecheck, t, Stopped{b})
}

// Stopped is the brake that stops.
type Stopped struct {
	Brake *records.Brake `json:"-"`
}

// StopRecheck stops the desk's own re-checks of a type until a manager has looked, and tells the managers.
var StopRecheck = Act[*records.Type, Stopped]{flow.StopRecheck, func(tx *Tx, t *records.Type, in Stopped) error {
	b := in.Brake
	if b == nil {
		var err error
		if b, err = tx.brake(records.RecheckBrake(t.ID)); err != nil {
			return err
		}
	}
	b.State, b.Cause, b.Since = flow.OnHold, "adverse", tx.Stamp()
	return tx.TellRole(flow.Manager, "recheck_stopped", Words{"type": t.NameZh + " / " + t.NameEn, "adverse": fmt.Sprint(b.Adverse), "due": fmt.Sprint(b.Due)})
}}

// ResumeRecheck lets the re-checks of a type go on, for the rest of the day whatever they find: a manager has looked.
// Refused with recheck_runs where nothing is stopped.
var ResumeRecheck = Act[*records.Type, struct{}]{flow.ResumeRecheck, func(tx *Tx, t *records.Type, _ struct{}) error {
	b, err := tx.brake(records.RecheckBrake(t.ID))
	if err != nil {
		return err
	}
	if b.State != flow.OnHold {
		return flow.Refuse("recheck_runs")
	}
	b.State, b.Confirmed = flow.Open, string(tx.Today())
	return nil
}}
