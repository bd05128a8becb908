package hooks

import (
	"context"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/catalog"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// What keeps the clock's entries from doing harm in a mass: a clock that is not believed, and re-checks that go badly.

// remember tells a new clock what is on record: what it showed when the desk last ran (before that was kept, the newest
// entry), and whether a pause still waits for a manager.
func (s *Server) remember() error {
	last, ran, err := s.Desk.LastSight()
	if err != nil {
		return err
	}
	if ran {
		s.Clock.Remember(last)
	} else if newest, err := ledger.Search(s.Desk.App.DB(), ledger.Query{Newest: true, Limit: 1}); err != nil {
		return err
	} else if len(newest) > 0 {
		s.Clock.NotBefore(newest[0].At)
	}
	why, err := s.Desk.ClockPaused()
	if err == nil && why.Cause != "" {
		s.Clock.Hold(why)
	}
	return err
}

// watchClock records a jump once, tells the managers, and keeps what the clock shows for the next start.
func (s *Server) watchClock(ctx context.Context) error {
	if why := s.Clock.Why(); why.Cause != "" {
		known, err := s.Desk.ClockPaused()
		if err != nil {
			return err
		}
		if known.Cause == "" {
			s.Log.Error("the clock is not believed; what is done by date waits for a manager", "because", why.String())
			if _, err := command.Run(ctx, s.Desk, command.Itself, command.PauseClock, command.At{ID: records.DeskID}, why); err != nil {
				return err
			}
		}
	}
	return s.Desk.KeepSight(ctx, s.Clock.Look())
}

const recheckDue = "state='valid' AND recheck_on<>'' AND recheck_on<={:today}"

// recheck asks each type about its certificates that are due, one type after the other, so that one that does not answer
// or is stopped holds up no other one; its certificates stay due.
func (s *Server) recheck(ctx context.Context) error {
	today, err := s.Desk.Today(ctx)
	if err != nil {
		return err
	}
	var due []struct {
		Type string `db:"type"`
		N    int64  `db:"n"`
	}
	err = s.Desk.App.DB().Select("type", "COUNT(*) AS n").From("certificates").Where(dbx.NewExp(recheckDue, dbx.Params{"today": string(today)})).
		GroupBy("type").OrderBy("type").All(&due)
	if err != nil {
		return err
	}
	var failed error
	for _, d := range due {
		failed = errors.Join(failed, s.recheckType(ctx, d.Type, d.N))
	}
	return failed
}

func (s *Server) recheckType(ctx context.Context, typ string, due int64) error {
	b, err := records.Load[*records.Brake](s.Desk.App.DB(), records.RecheckBrake(typ))
	if err == nil && b.State == flow.OnHold {
		return nil // a manager has been told
	}
	if err != nil && !errors.Is(err, records.ErrNotFound) {
		return err
	}
	return s.sweep(ctx, "certificates", recheckDue+" AND type={:type}", dbx.Params{"type": typ}, func(id string) error {
		req, ref, err := s.recheckRequest(ctx, id)
		if err != nil {
			return err
		}
		found, err := s.Catalog.Recheck(ctx, ref, req)
		if errors.Is(err, catalog.ErrUnavailable) {
			return errors.Join(errEnough, err)
		}
		if err != nil {
			return err
		}
		_, err = command.Run(ctx, s.Desk, command.Itself, command.Recheck, command.At{ID: id}, command.Rechecked{Findings: found, Due: due})
		if flow.Refused(err, "recheck_stopped") {
			return errEnough
		}
		return err
	})
}

// stoppedType is a type whose re-checks wait for a manager.
type stoppedType struct {
	Type    string   `json:"type"`
	Name    sdk.Text `json:"name"`
	Since   string   `json:"since"`
	Adverse int64    `json:"adverse"`
	Due     int64    `json:"due"`
}

// waiting is what the desk stopped by itself, as pages show it.
type waiting struct {
	ClockPaused bool          `json:"clockPaused"`
	ClockCause  string        `json:"clockCause"`
	ClockShows  string        `json:"clockShows"`
	ClockKnown  string        `json:"clockKnown"`
	Rechecks    []stoppedType `json:"rechecks"`
	DiskLow     bool          `json:"diskLow"`
	Short       []shortType   `json:"short"` // types that ask for more people than there are
}

// shortType is a type that asks for more people than there are.
type shortType struct {
	flow.Shortage
	Name sdk.Text `json:"name"`
}

func (c *call) short(types []*records.Type) ([]shortType, error) {
	list := []shortType{}
	found, err := c.s.Desk.Short(c.s.Desk.App.DB())
	for _, s := range found {
		i := slices.IndexFunc(types, func(t *records.Type) bool { return t.ID == s.Type })
		list = append(list, shortType{s, sdk.Text{ZhHans: types[i].NameZh, En: types[i].NameEn}})
	}
	return list, err
}

func (c *call) waiting() (w waiting, err error) {
	if why := c.s.Clock.Why(); why.Cause != "" {
		w = waiting{ClockPaused: true, ClockCause: why.Cause, ClockShows: c.when(schedule.Stamp(why.Shows)), ClockKnown: c.when(schedule.Stamp(why.Known))}
	}
	w.Rechecks = []stoppedType{}
	w.DiskLow = errors.Is(c.s.Desk.Room(flow.AddDocument), vault.ErrDiskFull)
	types, err := records.All[*records.Type](c.s.Desk.App.DB(), nil, "id")
	if err != nil {
		return w, err
	}
	if w.Short, err = c.short(types); err != nil {
		return w, err
	}
	for _, t := range types {
		b, err := records.Load[*records.Brake](c.s.Desk.App.DB(), records.RecheckBrake(t.ID))
		if err == nil && b.State == flow.OnHold {
			w.Rechecks = append(w.Rechecks, stoppedType{t.ID, sdk.Text{ZhHans: t.NameZh, En: t.NameEn}, c.when(b.Since), b.Adverse, b.Due})
		}
	}
	return w, nil
}
