package hooks

import (
	"slices"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// caseRound is one round of correction on the case page: what was asked, what came, and what that changed.
type caseRound struct {
	Round      int64        `json:"round"`
	State      string       `json:"state"` // open, resolved, lapsed, withdrawn, closed (lapsed and reopened, not taken)
	Who        string       `json:"who"`
	At         string       `json:"at"`
	Due        string       `json:"due"`
	AnsweredAt string       `json:"answeredAt,omitempty"`
	LateAt     string       `json:"lateAt,omitempty"`
	Items      []askedItem  `json:"items"`
	Changes    []caseChange `json:"changes"` // taken; of a round that is not, what was written
}

type askedItem struct {
	Of   string   `json:"of,omitempty"`
	Name sdk.Text `json:"name"`
	Why  sdk.Text `json:"why"`
	Note string   `json:"note"`
	Said string   `json:"said,omitempty"` // the answer to a free item
}

type caseChange struct {
	Of     string   `json:"of"`
	Name   sdk.Text `json:"name"`
	Before sdk.Text `json:"before"`
	After  sdk.Text `json:"after"`
	Old    []string `json:"old,omitempty"`
	New    []string `json:"new,omitempty"`
}

// caseField is something that can be asked for.
type caseField struct {
	ID    string   `json:"id"`
	Name  sdk.Text `json:"name"`
	Slot  bool     `json:"slot"`
	Shown sdk.Text `json:"shown"`
	Why   []string `json:"why"` // reasons that the checklist names for it, those that can be put right
}

// canAsk is what the next round of correction could be.
type canAsk struct {
	Left    int         `json:"left"`
	Of      int         `json:"of"`
	Due     string      `json:"due"`  // the last day, if it is asked for today
	Days    int         `json:"days"` // working days until then
	Remind  []int       `json:"remind"`
	Fields  []caseField `json:"fields"`
	Until   string      `json:"until,omitempty"` // a lapsed case can be reopened until then
	Hotline string      `json:"hotline"`
	Desk    string      `json:"desk"` // its name, in the applicant's language
}

// caseRounds adds the rounds of correction, and what can be asked for in the next one.
func (c *call) caseRounds(p *casePage, v command.View[*records.Application], t sdk.Type, names map[string]string) error {
	d, app := c.s.Desk, v.Row
	all, err := records.Corrections(d.App.DB(), app.ID)
	if err != nil {
		return err
	}
	p.Rounds = []caseRound{}
	for _, row := range all {
		r, err := d.Round(d.App.DB(), app, t, row)
		if err != nil {
			return err
		}
		p.Rounds = append(p.Rounds, c.caseRound(r, names))
	}
	a, err := d.Answers(app)
	if err != nil {
		return err
	}
	p.Ask = canAsk{Left: t.Correction.Rounds - int(app.Round), Of: t.Correction.Rounds, Days: t.Correction.Days, Remind: t.Correction.Reminders(), Hotline: v.Settings.Hotline,
		Desk: v.Settings.Name(app.Lang), Due: string(d.Calendar.Add(v.Today, t.Correction.Days)), Fields: c.caseFields(t, a)}
	if app.State == flow.Lapsed {
		p.Ask.Until = string(flow.DayOf(records.Moment(app.ClosedAt), d.Zone(v.Settings)).AddDays(t.Correction.ReopenWithin()))
	}
	return nil
}

func (c *call) caseRound(r *command.Round, names map[string]string) caseRound {
	row := r.Row
	out := caseRound{Round: row.Round, State: string(row.State), Who: names[row.By], At: row.Made, Due: row.Due, AnsweredAt: row.AnsweredAt, LateAt: row.LateAt, Items: []askedItem{}, Changes: []caseChange{}}
	for i, item := range r.Asked.Items {
		x := askedItem{Of: item.Of, Name: nameOf(r.Type, item.Of), Note: item.Note, Said: r.Given.Words[i]}
		if at := slices.IndexFunc(r.Type.Reasons, func(y sdk.Reason) bool { return y.ID == item.Why }); at >= 0 {
			x.Why = r.Type.Reasons[at].Text
		}
		out.Items = append(out.Items, x)
	}
	for _, ch := range r.Written() {
		x := caseChange{Of: ch.Of, Name: nameOf(r.Type, ch.Of), Old: ch.Old, New: ch.New}
		if q, _, ok := r.Type.Question(ch.Of); ok {
			x.Before, x.After = c.shownOr(q, ch.Before), c.shownOr(q, ch.After)
		}
		out.Changes = append(out.Changes, x)
	}
	return out
}

func (c *call) shownOr(q sdk.Question, value string) sdk.Text {
	if value == "" {
		return sdk.Text{}
	}
	return c.s.shownText(q, value)
}

func nameOf(t sdk.Type, field string) sdk.Text {
	if q, _, ok := t.Question(field); ok {
		return q.Short
	}
	s, _ := t.Slot(field)
	return s.Name
}

// caseFields lists what can be asked for, with what stands there and the reasons that fit.
func (c *call) caseFields(t sdk.Type, a sdk.Answers) []caseField {
	list := []caseField{}
	why := func(field string) []string {
		ids := []string{}
		for _, i := range t.Checklist {
			if i.Slot != field && i.Question != field {
				continue
			}
			for _, id := range i.Reasons {
				at := slices.IndexFunc(t.Reasons, func(r sdk.Reason) bool { return r.ID == id })
				if at >= 0 && t.Reasons[at].Severity == sdk.Fixable && !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
		return ids
	}
	for _, page := range check.Pages(t, a) {
		for _, q := range page.Questions {
			list = append(list, caseField{ID: q.ID, Name: q.Short, Shown: c.shownOr(q, a[q.ID]), Why: why(q.ID)})
		}
	}
	for _, s := range check.Slots(t, a) {
		list = append(list, caseField{ID: s.ID, Name: s.Name, Slot: true, Why: why(s.ID)})
	}
	return list
}
