package hooks

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// The lead's page: who has how much, who is late and how long they take, who is away, what is stuck and why.

// teammate is a colleague as the lead sees them.
type teammate struct {
	colleague
	Today     int      `json:"today"` // due today
	Late      int      `json:"late"`
	Median    float64  `json:"median"` // working days from assignment to decision, of those decided lately
	Decided   int      `json:"decided"`
	Meanwhile []string `json:"meanwhile,omitempty"` // cases in hand that fall due before their absence ends
}

// stuckCase is a case that needs the lead; Why is why each colleague was passed over, for leads only.
type stuckCase struct {
	waitingCase
	Why    []passedOver `json:"why,omitempty"`
	HandOn string       `json:"handOn,omitempty"`
}

type passedOver struct {
	Who     string   `json:"who"`
	Verdict flow.Fit `json:"verdict"`
}

const (
	lately     = 30 // days
	daysAhead  = 14
	latelyMost = 20_000
)

// team is the lead's page.
func team(c *call, v command.View[*records.Desk]) (any, error) {
	people, onTime, decided, err := c.teammates(v)
	if err != nil {
		return nil, err
	}
	stuck, err := c.stuck(v)
	if err != nil {
		return nil, err
	}
	sums, err := records.Sums(c.s.Desk.App.DB(), string(v.Today))
	if err != nil {
		return nil, err
	}
	waits, err := c.waiting()
	if err != nil {
		return nil, err
	}
	return map[string]any{"people": people, "stuck": stuck, "sums": sums, "decided": decided, "onTime": onTime, "days": c.ahead(v.Today),
		"calendarEnds": c.s.Desk.Calendar.Ends(), "waiting": waits, "backup": c.s.copyState()}, nil
}

func (c *call) teammates(v command.View[*records.Desk]) (list []teammate, onTime, decided int, err error) {
	db := c.s.Desk.App.DB()
	people, err := c.colleagues(db)
	if err != nil {
		return nil, 0, 0, err
	}
	hands, err := records.Hands(db, string(v.Today))
	if err != nil {
		return nil, 0, 0, err
	}
	meanwhile, err := records.Meanwhile(db, string(v.Today))
	if err != nil {
		return nil, 0, 0, err
	}
	took, onTime, decided, err := c.lately(v)
	if err != nil {
		return nil, 0, 0, err
	}
	list = []teammate{}
	for _, p := range people {
		list = append(list, teammate{colleague: p, Today: hands[p.ID].Today, Late: hands[p.ID].Late, Median: median(took[p.ID]), Decided: len(took[p.ID]), Meanwhile: meanwhile[p.ID]})
	}
	return list, onTime, decided, nil
}

// lately reckons how many working days each colleague took over what they decided in the last thirty days, and how many
// of all those decisions were made by their day.
func (c *call) lately(v command.View[*records.Desk]) (took map[string][]int, onTime, decided int, err error) {
	since := v.Now.Add(-lately * 24 * time.Hour)
	rows, err := records.DecidedSince(c.s.Desk.App.DB(), records.Stamp(since), latelyMost)
	if err != nil {
		return nil, 0, 0, err
	}
	zone, cal := c.s.Desk.Zone(v.Settings), c.s.Desk.Calendar
	took = map[string][]int{}
	for _, r := range rows {
		from, to := flow.DayOf(records.Moment(r.AssignedAt), zone), flow.DayOf(records.Moment(r.DecidedAt), zone)
		took[r.By] = append(took[r.By], cal.Between(from, to))
		if decided++; string(to) <= r.DueOn {
			onTime++
		}
	}
	return took, onTime, decided, nil
}

func median(all []int) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	half := len(all) / 2
	if len(all)%2 == 1 {
		return float64(all[half])
	}
	return float64(all[half-1]+all[half]) / 2
}

// stuck are the cases that nobody has, and the late ones.
func (c *call) stuck(v command.View[*records.Desk]) ([]stuckCase, error) {
	db := c.s.Desk.App.DB()
	unassigned, err := records.Queue(db, queueFilter("unassigned", v), queueRows, "due_on", "id")
	if err != nil {
		return nil, err
	}
	late, err := records.Queue(db, queueFilter("late", v), queueRows, "due_on", "id")
	if err != nil {
		return nil, err
	}
	rows := unassigned
	for _, a := range late {
		if a.State != flow.Submitted || a.Assignee != "" {
			rows = append(rows, a)
		}
	}
	slices.SortStableFunc(rows, func(a, b *records.Listed) int { return flow.Day(a.DueOn).Sub(flow.Day(b.DueOn)) })
	lines, err := c.lines(rows, v)
	if err != nil {
		return nil, err
	}
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	list := []stuckCase{}
	for i, l := range lines {
		one := stuckCase{waitingCase: l, HandOn: rows[i].HandOn}
		if l.Assignee == "" && v.By.Has(flow.Lead) {
			if one.Why, err = c.passedOver(l.ID, names); err != nil {
				return nil, err
			}
		}
		list = append(list, one)
	}
	return list, nil
}

// passedOver reads why nobody got a case, colleague by colleague; those whose type it is not say nothing.
func (c *call) passedOver(id string, names map[string]string) (list []passedOver, err error) {
	raw, err := records.WhyOf(c.s.Desk.App.DB(), id)
	if err != nil || raw == "" {
		return nil, err
	}
	var all []flow.Why
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return nil, err
	}
	for _, w := range all {
		if w.Verdict != flow.FitNotQualified {
			list = append(list, passedOver{names[w.Staff], w.Verdict})
		}
	}
	return list, nil
}

// day is one column of the plan of absences.
type day struct {
	On      flow.Day `json:"on"`
	Working bool     `json:"working"`
}

func (c *call) ahead(today flow.Day) (all []day) {
	for i := range daysAhead {
		d := today.AddDays(i)
		all = append(all, day{d, c.s.Desk.Calendar.Working(d)})
	}
	return all
}
