package command

import (
	"context"
	"errors"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
)

// The clock that is not believed, on record: it is paused by the desk itself, survives a restart, and is let go on by a
// manager.

// PauseClock records that the system clock jumped, and tells the managers. What is done by date waits.
var PauseClock = Act[*records.Desk, schedule.Jump]{flow.PauseClock, func(tx *Tx, d *records.Desk, in schedule.Jump) error {
	b, err := tx.brake(records.ClockBrake)
	if err != nil {
		return err
	}
	b.State, b.Cause, b.Since, b.Shows, b.Known = flow.OnHold, in.Cause, tx.Stamp(), records.Stamp(in.Shows), records.Stamp(in.Known)
	moment := func(t time.Time) string { return t.In(tx.Desk.location(d.Zone)).Format("2006-01-02 15:04") }
	return tx.TellRole(flow.Manager, "clock_paused", Words{"shows": moment(in.Shows), "known": moment(in.Known)})
}}

// ResumeClock says that the system clock is right, after a jump.
var ResumeClock = Act[*records.Desk, struct{}]{flow.ResumeClock, func(tx *Tx, _ *records.Desk, _ struct{}) error {
	b, err := tx.brake(records.ClockBrake)
	if err != nil {
		return err
	}
	b.State = flow.Open
	return nil
}}

// ClockPaused is the jump for which the clock was paused and nobody has looked yet; the zero value if there is none.
func (d *Desk) ClockPaused() (schedule.Jump, error) {
	b, err := records.Load[*records.Brake](d.App.DB(), records.ClockBrake)
	if errors.Is(err, records.ErrNotFound) || err == nil && b.State != flow.OnHold {
		return schedule.Jump{}, nil
	}
	if err != nil {
		return schedule.Jump{}, err
	}
	return schedule.Jump{Cause: b.Cause, Shows: records.Moment(b.Shows), Known: records.Moment(b.Known)}, nil
}

// LastSight is what the clock showed when the desk last looked; false if it never did.
func (d *Desk) LastSight() (schedule.Sight, bool, error) {
	row, err := records.Load[*records.Clock](d.App.DB(), records.ClockID)
	if errors.Is(err, records.ErrNotFound) {
		return schedule.Sight{}, false, nil
	}
	if err != nil {
		return schedule.Sight{}, false, err
	}
	return schedule.Sight{Wall: records.Moment(row.Wall), Desk: records.Moment(row.Desk), Elapsed: time.Duration(row.Elapsed) * time.Millisecond, Boot: row.Boot}, true, nil
}

// KeepSight keeps what the clock shows for the next start.
func (d *Desk) KeepSight(ctx context.Context, s schedule.Sight) error {
	_, err := d.quietly(ctx, Itself, func(tx *Tx) (string, error) {
		row, err := records.Load[*records.Clock](tx.DB, records.ClockID)
		fresh := errors.Is(err, records.ErrNotFound)
		if err != nil && !fresh {
			return "", err
		}
		if fresh {
			row = &records.Clock{}
			row.ID, row.State = records.ClockID, flow.Kept
		}
		row.Wall, row.Desk, row.Elapsed, row.Boot = records.Stamp(s.Wall), records.Stamp(s.Desk), s.Elapsed.Milliseconds(), s.Boot
		if fresh {
			tx.Insert(row)
		} else {
			tx.Update(row)
		}
		return "", nil
	})
	return err
}
