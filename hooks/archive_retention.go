package hooks

import (
	"context"
	"errors"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// How long cases are kept: what is due, what comes next, what is held back; and the sweep that erases what a manager has agreed to.

// keptLine is one case as the plan of erasures shows it: nothing of a person.
type keptLine struct {
	ID       string   `json:"id"`
	Rev      int64    `json:"rev"`
	Ref      string   `json:"ref"`
	Type     sdk.Text `json:"type"`
	State    string   `json:"state"`
	ClosedAt string   `json:"closedAt"`
	EraseOn  string   `json:"eraseOn"`
	ErasedAt string   `json:"erasedAt"`
	Hold     bool     `json:"hold"`
	Why      string   `json:"why,omitempty"` // what keeps it from being erased now, by its code
}

const (
	keptRows  = 200
	soonDays  = 90
	planCases = "state IN ('approved','rejected','withdrawn','lapsed','reversed') AND erased_at='' AND closed_at<>'' AND kept_from<>closed_at" +
		" AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.application=applications.id AND c.state IN ('valid','suspended'))"
	eraseCases = "erase_on<>'' AND erase_on<={:today} AND erase_on<=(SELECT erase_until FROM desk) AND erased_at='' AND legal_hold=FALSE AND state IN ('approved','rejected','withdrawn','lapsed','reversed')"
)

// retention is the sweep: closed cases get the day on which they are erased, and go on it if a manager has agreed.
func (s *Server) retention(ctx context.Context) error {
	err := s.sweepCases(command.PlanErasure, planCases)(ctx)
	err = errors.Join(err, s.sweepCases(command.Erase, eraseCases)(ctx))
	n, again := s.Desk.FinishErasures(ctx)
	if n > 0 {
		s.Log.Info("keys of what was erased before are destroyed", "count", n)
	}
	return errors.Join(err, again)
}

func retention(c *call, v command.View[*records.Desk]) (any, error) {
	db := c.s.Desk.App.DB()
	due, err := records.Count(db, "applications", command.DueToErase(string(v.Today)))
	if err != nil {
		return nil, err
	}
	out := map[string]any{"today": v.Today, "dueCases": due, "agreedUntil": v.Settings.EraseUntil}
	soon := string(v.Today.AddDays(soonDays))
	for name, where := range map[string]dbx.Expression{
		"due":    command.DueToErase(string(v.Today)),
		"soon":   dbx.And(command.DueToErase(soon), dbx.NewExp("erase_on>{:today}", dbx.Params{"today": string(v.Today)})),
		"held":   dbx.HashExp{"legal_hold": true},
		"erased": dbx.NewExp("erased_at<>''"),
	} {
		order := "erase_on"
		if name == "erased" {
			order = "erased_at DESC"
		}
		rows, err := records.Some[*records.Application](db, where, keptRows, order, "id")
		if err != nil {
			return nil, err
		}
		if out[name], err = c.keptLines(rows); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *call) keptLines(rows []*records.Application) ([]keptLine, error) {
	types, err := c.typeTexts()
	list := []keptLine{}
	for _, a := range rows {
		list = append(list, keptLine{ID: a.ID, Rev: a.Rev, Ref: a.Ref, Type: types[a.Type], State: string(a.State), ClosedAt: a.ClosedAt, EraseOn: a.EraseOn, ErasedAt: a.ErasedAt, Hold: a.LegalHold})
	}
	return list, err
}

// retentionOf shows all cases of the holder of one case, and what keeps each from being erased.
func retentionOf(c *call, _ command.View[*records.Desk]) (any, error) {
	db := c.s.Desk.App.DB()
	app, err := records.Find[*records.Application](db, dbx.HashExp{"ref": c.e.Request.PathValue("ref")})
	if err != nil {
		return nil, err
	}
	apps, err := records.All[*records.Application](db, dbx.HashExp{"holder": app.Holder})
	if err != nil {
		return nil, err
	}
	lines, err := c.keptLines(apps)
	if err != nil {
		return nil, err
	}
	live, err := records.Count(db, "certificates", dbx.And(dbx.HashExp{"holder": app.Holder}, dbx.In("state", "valid", "suspended")))
	if err != nil {
		return nil, err
	}
	may := live == 0
	for i, a := range apps {
		var r *flow.Refusal
		if errors.As(flow.MayErase(flow.Keeping{State: a.State, LegalHold: a.LegalHold, Erased: a.ErasedAt != ""}), &r) {
			lines[i].Why = r.Code
			may = may && r.Code == "erased"
		}
	}
	h := app.HolderRow()
	return map[string]any{"holder": h.ID, "rev": h.Rev, "state": h.State, "rows": lines, "certificates": live, "may": may && h.State != flow.Erased}, nil
}
