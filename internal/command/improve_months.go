package command

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// The figures of months: those that are over are reckoned once and kept, the one that runs is reckoned when somebody asks.

// Reckon counts what fell into the months from one to another, each as 2026-11.
func (d *Desk) Reckon(db dbx.Builder, desk *records.Desk, first, last string) (map[string][]flow.Figure, error) {
	zone := d.location(desk.Zone)
	from, until := flow.Day(first+"-01").In(zone), flow.Day(last+"-01").AddMonths(1).In(zone)
	day := func(stamp string) flow.Day {
		if stamp == "" {
			return ""
		}
		return flow.DayOf(records.Moment(stamp), zone)
	}
	list, err := records.Passages(db, records.Stamp(from), records.Stamp(until), day)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(list))
	for i, p := range list {
		at[p.ID] = i
	}
	acts := make([]string, len(flow.Telling))
	for i, a := range flow.Telling {
		acts[i] = string(a)
	}
	// What was decided in a month was found and answered in it or before: three months back are enough.
	err = ledger.Moments(db, string(flow.NounApplication), acts, from.AddDate(0, -3, 0), until, func(target, act string, when time.Time) error {
		if i, ok := at[target]; ok {
			list[i].Said(flow.Act(act), flow.DayOf(when, zone))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := flow.FiguresOf(list, d.Calendar)
	for month := range all {
		if month < first || month > last {
			delete(all, month)
		}
	}
	return all, nil
}

// Figures returns the figures of the last so many months, oldest first, this month the last of them.
func (d *Desk) Figures(ctx context.Context, months int) (names []string, figures map[string][]flow.Figure, err error) {
	desk, err := d.Settings()
	if err != nil {
		return nil, nil, err
	}
	today, err := d.Today(ctx)
	if err != nil {
		return nil, nil, err
	}
	for i := months - 1; i >= 0; i-- {
		names = append(names, monthAfter(flow.MonthOf(today), -i))
	}
	figures = map[string][]flow.Figure{}
	first := ""
	for _, name := range names {
		m, err := records.Load[*records.Month](d.App.DB(), name)
		if err == records.ErrNotFound || err == nil && m.Figures == "" {
			if first == "" {
				first = name
			}
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		var list []flow.Figure
		if err := json.Unmarshal([]byte(m.Figures), &list); err != nil {
			return nil, nil, err
		}
		figures[name] = list
	}
	fresh, err := d.Reckon(d.App.DB(), desk, first, names[len(names)-1])
	for name, list := range fresh {
		if figures[name] == nil {
			figures[name] = list
		}
	}
	return names, figures, err
}

const monthsKept = 25 // so many months back are reckoned at the first start

// KeepMonths keeps the figures of months that are over, and sends the managers the summary of the last of them once it is
// the third day of the next: what was decided at its end has left by then.
func (d *Desk) KeepMonths(ctx context.Context) error {
	desk, err := d.Settings()
	if err != nil || desk.State == flow.New {
		return err
	}
	today, err := d.Today(ctx)
	if err != nil {
		return err
	}
	this := flow.MonthOf(today)
	last := monthAfter(this, -1)
	if today < flow.Day(this+"-03") {
		return nil
	}
	have, err := records.All[*records.Month](d.App.DB(), nil, "id DESC")
	if err != nil || len(have) > 0 && have[0].ID >= last {
		return err
	}
	first := monthAfter(this, -monthsKept)
	if len(have) > 0 {
		first = monthAfter(have[0].ID, 1)
	}
	all := map[string][]flow.Figure{}
	for name := first; name <= last; name = monthAfter(name, 1) { // what is over does not change any more: it need not be read within the transaction
		one, err := d.Reckon(d.App.DB(), desk, name, name) // nor at once: two years of a large desk are much to hold
		if err != nil {
			return err
		}
		all[name] = one[name]
	}
	_, err = d.quiet(ctx, Itself, func(tx *Tx) (string, error) {
		if n, err := records.Count(tx.DB, "months", dbx.HashExp{"id": last}); err != nil || n > 0 {
			return "", err
		}
		for name := first; name <= last; name = monthAfter(name, 1) {
			if err := tx.keepMonth(name, all[name], name == last); err != nil {
				return "", err
			}
		}
		return "", nil
	})
	return err
}

func monthAfter(month string, n int) string {
	return flow.MonthOf(flow.Day(month + "-01").AddMonths(n))
}

func (tx *Tx) keepMonth(name string, list []flow.Figure, tell bool) error {
	if list == nil {
		list = []flow.Figure{}
	}
	figures, err := json.Marshal(list)
	if err != nil {
		return err
	}
	s, err := tx.Desk.Summarise(tx.DB, tx.Settings, name, list)
	if err != nil {
		return err
	}
	summary, err := json.Marshal(s)
	if err != nil {
		return err
	}
	m := &records.Month{Figures: string(figures), Summary: string(summary)}
	m.ID, m.State = name, flow.Kept
	tell = tell && s.Received+s.Decided+s.Said > 0 // nothing happened, no mail
	if tell {
		m.Told = tx.Stamp()
	}
	tx.Insert(m)
	if !tell {
		return nil
	}
	return tx.TellRole(flow.Manager, "summary", s.words())
}

// Summary is what a month was like, for the managers: figures and what people said, by count. What they wrote stays at
// the desk.
type Summary struct {
	Month     string       `json:"month"`
	Received  int          `json:"received"`
	Decided   int          `json:"decided"`
	Refused   int          `json:"refused"`
	OnTime    int          `json:"onTime"`
	Corrected int          `json:"corrected"`
	Median    int          `json:"median"` // working days; -1: nothing was decided
	Said      int          `json:"said"`
	Wish      int          `json:"wish"` // wish an answer and have none yet
	Hard      int          `json:"hard"` // found it hard
	Unclear   int          `json:"unclear"`
	Pages     []SaidOfPage `json:"pages"` // by step, the hardest first
}

// Quiet reports whether nothing happened in the month.
func (s Summary) Quiet() bool { return s.Received+s.Decided+s.Said == 0 }

// SaidOfPage is what people said after one step.
type SaidOfPage struct {
	Page string `json:"page"`
	Said int    `json:"said"`
	Hard int    `json:"hard"`
}

// Summarise reckons the summary of a month from its figures and the feedback of it.
func (d *Desk) Summarise(db dbx.Builder, desk *records.Desk, month string, list []flow.Figure) (Summary, error) {
	f := flow.Sum(list, "", "")
	s := Summary{Month: month, Received: f.Received, Decided: f.Decided, Refused: f.Refused, OnTime: f.OnTime, Corrected: f.Corrected, Median: f.Took.Part(50), Pages: []SaidOfPage{}}
	zone := d.location(desk.Zone)
	all, err := records.All[*records.Feedback](db, dbx.NewExp("made>={:from} AND made<{:until}", dbx.Params{
		"from": records.Stamp(flow.Day(month + "-01").In(zone)), "until": records.Stamp(flow.Day(month + "-01").AddMonths(1).In(zone))}))
	if err != nil {
		return s, err
	}
	for _, r := range all {
		i := slices.IndexFunc(s.Pages, func(p SaidOfPage) bool { return p.Page == r.Page })
		if i < 0 {
			i, s.Pages = len(s.Pages), append(s.Pages, SaidOfPage{Page: r.Page})
		}
		s.Said++
		s.Pages[i].Said++
		if r.Score > 2 { // 3 and 4 of 4: rather hard, hard
			s.Hard++
			s.Pages[i].Hard++
		}
		if r.Easy != "" && r.Easy != "1" {
			s.Unclear++
		}
		if r.Contact != "" && r.State == flow.New {
			s.Wish++
		}
	}
	slices.SortStableFunc(s.Pages, func(a, b SaidOfPage) int { return b.Hard - a.Hard })
	return s, nil
}

func (s Summary) words() Words {
	share := func(n, of int) string {
		if of == 0 {
			return "–"
		}
		return strconv.Itoa(100*n/of) + " %"
	}
	n := strconv.Itoa
	hardest := ""
	if len(s.Pages) > 0 && s.Pages[0].Hard > 0 {
		hardest = s.Pages[0].Page
	}
	took := "–"
	if s.Median >= 0 {
		took = n(s.Median)
	}
	return Words{"month": s.Month, "received": n(s.Received), "decided": n(s.Decided), "refused": n(s.Refused), "on_time": share(s.OnTime, s.Decided), "corrected": share(s.Corrected, s.Decided),
		"took": took, "said": n(s.Said), "hard": n(s.Hard), "unclear": n(s.Unclear), "wish": n(s.Wish), "hardest": hardest}
}
