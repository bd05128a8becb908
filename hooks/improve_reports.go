package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// How well the desk works: figures by month, for one type or reviewer or all of them, with the changes of rules dated on
// them; each chart as a table and as a file too.

const reportMonths = 13

// chart is one picture: a line for each name, a value for each month; a value that there is none of is null.
type chart struct {
	ID    string   `json:"id"`
	Unit  string   `json:"unit"` // "", % or days
	Lines []lineOf `json:"lines"`
}

type lineOf struct {
	Name   string `json:"name"`
	Values []*int `json:"values"`
}

// datedChange is a change of rules, dated on the charts.
type datedChange struct {
	On        string        `json:"on"`
	Type      string        `json:"type"`
	TypeName  sdk.Text      `json:"typeName"`
	Version   int64         `json:"version"`
	Changes   []flow.Change `json:"changes"`
	BecauseZh string        `json:"becauseZh"`
	BecauseEn string        `json:"becauseEn"`
	Feedback  int           `json:"feedback"`
	Who       string        `json:"who"`
}

type reasonCount struct {
	Reason string   `json:"reason"`
	Text   sdk.Text `json:"text"`
	Count  int      `json:"count"`
}

type reportsPage struct {
	Months    []string      `json:"months"`
	Charts    []chart       `json:"charts"`
	Reasons   []reasonCount `json:"reasons"`
	Marks     []datedChange `json:"marks"`
	Types     []typeName    `json:"types"`
	People    []personName  `json:"people"`
	Summaries []summaryLine `json:"summaries"`
	Quarter   string        `json:"quarter"` // to be looked at
	ReviewBy  string        `json:"reviewBy"`
	Rev       int64         `json:"rev"`
}

type personName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type summaryLine struct {
	command.Summary
	Told string `json:"told"`
}

func reports(c *call, v command.View[*records.Desk]) (any, error) {
	out, err := c.reckoned()
	if err != nil {
		return nil, err
	}
	quarter, by := flow.ReviewDue(v.Today, v.Row.Reviewed)
	out.Quarter, out.ReviewBy, out.Rev = quarter, string(by), v.Row.Rev
	return out, nil
}

func (c *call) reckoned() (out reportsPage, err error) {
	q := c.e.Request.URL.Query()
	typ, who := q.Get("type"), q.Get("reviewer")
	names, figures, err := c.s.Desk.Figures(c.ctx(), reportMonths)
	if err != nil {
		return out, err
	}
	out.Months, out.Charts = names, charts(names, figures, typ, who)
	total := flow.Figure{}
	people := map[string]bool{}
	for _, name := range names {
		total.Add(flow.Sum(figures[name], typ, who))
		for _, f := range figures[name] {
			people[f.Reviewer] = true
		}
	}
	if out.Reasons, err = c.reasonCounts(total.Reasons); err != nil {
		return out, err
	}
	if out.Marks, err = c.marks(typ, names[0]); err != nil {
		return out, err
	}
	if out.Types, err = c.typeNames(); err != nil {
		return out, err
	}
	all, err := records.Staffs(c.s.Desk.App.DB(), flow.Active, flow.Deactivated)
	if err != nil {
		return out, err
	}
	out.People = []personName{}
	for _, s := range all {
		if people[s.ID] {
			out.People = append(out.People, personName{s.ID, s.Name})
		}
	}
	out.Summaries, err = c.summaries()
	return out, err
}

// charts are the pictures, in the order of the page.
func charts(names []string, figures map[string][]flow.Figure, typ, who string) []chart {
	var sums []flow.Figure
	for _, name := range names {
		sums = append(sums, flow.Sum(figures[name], typ, who))
	}
	line := func(name string, value func(flow.Figure) (int, bool)) lineOf {
		l := lineOf{Name: name}
		for _, f := range sums {
			if n, ok := value(f); ok {
				l.Values = append(l.Values, &n)
			} else {
				l.Values = append(l.Values, nil)
			}
		}
		return l
	}
	count := func(of func(flow.Figure) int) func(flow.Figure) (int, bool) {
		return func(f flow.Figure) (int, bool) { return of(f), true }
	}
	share := func(part, whole func(flow.Figure) int) func(flow.Figure) (int, bool) {
		return func(f flow.Figure) (int, bool) {
			n := whole(f)
			if n == 0 {
				return 0, false
			}
			return (100*part(f) + n/2) / n, true
		}
	}
	part := func(of func(flow.Figure) flow.Days, percent int) func(flow.Figure) (int, bool) {
		return func(f flow.Figure) (int, bool) {
			n := of(f).Part(percent)
			return n, n >= 0
		}
	}
	decided := func(f flow.Figure) int { return f.Decided }
	return []chart{
		{"volume", "", []lineOf{line("received", count(func(f flow.Figure) int { return f.Received })), line("decided", count(decided))}},
		{"time", "days", []lineOf{line("half", part(func(f flow.Figure) flow.Days { return f.Took }, 50)), line("nine", part(func(f flow.Figure) flow.Days { return f.Took }, 90))}},
		{"stages", "days", []lineOf{line("waiting", part(func(f flow.Figure) flow.Days { return f.Waited }, 90)), line("review", part(func(f flow.Figure) flow.Days { return f.Reviewed }, 90))}},
		{"contact", "days", []lineOf{line("half", part(func(f flow.Figure) flow.Days { return f.Contact }, 50)), line("nine", part(func(f flow.Figure) flow.Days { return f.Contact }, 90))}},
		{"deadline", "%", []lineOf{line("on_time", share(func(f flow.Figure) int { return f.OnTime }, decided))}},
		{"correction", "%", []lineOf{line("corrected", share(func(f flow.Figure) int { return f.Corrected }, decided)),
			line("lapsed", share(func(f flow.Figure) int { return f.Lapsed }, func(f flow.Figure) int { return f.Decided + f.Lapsed }))}},
		{"refusal", "%", []lineOf{line("refused", share(func(f flow.Figure) int { return f.Refused }, decided))}},
		{"agreement", "%", []lineOf{line("agreed", share(func(f flow.Figure) int { return f.Confirmed }, func(f flow.Figure) int { return f.Confirmed + f.Challenge }))}},
	}
}

// reasonCounts names the reasons, the most frequent first.
func (c *call) reasonCounts(counts map[string]int) ([]reasonCount, error) {
	types, err := records.All[*records.Type](c.s.Desk.App.DB(), nil)
	if err != nil {
		return nil, err
	}
	texts := map[string]sdk.Text{}
	for _, row := range types {
		t, err := c.s.Desk.Type(row.Digest)
		if err != nil {
			continue // never enabled
		}
		for _, r := range t.Reasons {
			texts[r.ID] = r.Text
		}
	}
	list := []reasonCount{}
	for _, r := range flow.Often(counts) {
		list = append(list, reasonCount{r, texts[r], counts[r]})
	}
	return list, nil
}

// marks are the changes of rules since a month, for one type or all.
func (c *call) marks(typ, since string) ([]datedChange, error) {
	all, err := records.AdjustmentsSince(c.s.Desk.App.DB(), since+"-01", typ)
	if err != nil {
		return nil, err
	}
	types, err := c.typeTexts()
	if err != nil {
		return nil, err
	}
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	list := []datedChange{}
	for _, a := range all {
		changes, err := a.Adjusted()
		if err != nil {
			return nil, err
		}
		list = append(list, datedChange{a.On, a.Type, types[a.Type], a.Version, changes, a.BecauseZh, a.BecauseEn, len(records.List(a.Feedback)), names[a.By]})
	}
	return list, nil
}

// summaries are those of the months since the first in which anything happened, the newest first.
func (c *call) summaries() ([]summaryLine, error) {
	all, err := records.All[*records.Month](c.s.Desk.App.DB(), nil, "id DESC")
	if err != nil {
		return nil, err
	}
	list := []summaryLine{}
	for _, m := range all {
		l := summaryLine{Told: m.Told}
		if err := json.Unmarshal([]byte(m.Summary), &l.Summary); err != nil {
			return nil, fmt.Errorf("summary of %s: %w", m.ID, err)
		}
		list = append(list, l)
	}
	for len(list) > 0 && list[len(list)-1].Quiet() {
		list = list[:len(list)-1]
	}
	return list, nil
}

// reportsFile writes one chart, or the reasons, as a table.
func reportsFile(c *call) error {
	if _, err := command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.SeeReports, records.DeskID); err != nil {
		return err
	}
	out, err := c.reckoned()
	if err != nil {
		return err
	}
	id := c.e.Request.URL.Query().Get("chart")
	if id == "reasons" {
		w, err := c.table("csv", "reasons", []string{"reason", "count"})
		if err != nil {
			return err
		}
		for _, r := range out.Reasons {
			if err := w.Row(firstOf(r.Text.In(c.lang), r.Reason), strconv.Itoa(r.Count)); err != nil {
				return err
			}
		}
		return w.Close()
	}
	for _, ch := range out.Charts {
		if ch.ID == id {
			return c.chartFile(ch, out.Months)
		}
	}
	return records.ErrNotFound
}

func (c *call) chartFile(ch chart, months []string) error {
	columns := []string{"month"}
	for _, l := range ch.Lines {
		columns = append(columns, l.Name)
	}
	w, err := c.table("csv", ch.ID, columns)
	if err != nil {
		return err
	}
	for i, m := range months {
		row := []string{m}
		for _, l := range ch.Lines {
			if l.Values[i] == nil {
				row = append(row, "")
				continue
			}
			row = append(row, strconv.Itoa(*l.Values[i]))
		}
		if err := w.Row(row...); err != nil {
			return err
		}
	}
	return w.Close()
}

// termsOf is a type as a manager adjusts it: as it says of itself, as people apply for it, and every version of it.
type termsOf struct {
	ID       string        `json:"id"`
	Rev      int64         `json:"rev"`
	Name     sdk.Text      `json:"name"`
	Base     termsShown    `json:"base"`
	Now      termsShown    `json:"now"`
	Terms    flow.Terms    `json:"terms"`
	Versions []datedChange `json:"versions"`
}

type termsShown struct {
	ReviewDays       int          `json:"reviewDays"`
	RemindDays       int          `json:"remindDays"`
	CorrectionDays   int          `json:"correctionDays"`
	CorrectionRounds int          `json:"correctionRounds"`
	Letters          sdk.Letters  `json:"letters"`
	Reasons          []sdk.Reason `json:"reasons"`
}

func shown(t sdk.Type) termsShown {
	remind := t.RemindDays
	if remind == 0 {
		remind = flow.RemindDays
	}
	return termsShown{t.ReviewDays, remind, t.Correction.Days, t.Correction.Rounds, t.Letters, t.Reasons}
}

func terms(c *call, _ command.View[*records.Desk]) (any, error) {
	all, err := records.All[*records.Type](c.s.Desk.App.DB(), nil, "bundled DESC", "id")
	if err != nil {
		return nil, err
	}
	list := []termsOf{}
	for _, t := range all {
		base, now, err := c.s.Desk.Described(t)
		if err != nil {
			continue // never enabled: it has said nothing of itself
		}
		one := termsOf{ID: t.ID, Rev: t.Rev, Name: now.Name, Base: shown(base), Now: shown(now)}
		if t.Terms != "" {
			if err := json.Unmarshal([]byte(t.Terms), &one.Terms); err != nil {
				return nil, err
			}
		}
		if one.Versions, err = c.marks(t.ID, "0000"); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return map[string]any{"rows": list}, nil
}

// termsPreview says what an adjustment would change, before it is made.
func termsPreview(c *call) error {
	var in command.Adjusting
	if err := c.json(&in); err != nil {
		return err
	}
	v, err := command.Look[*records.Type](c.ctx(), c.s.Desk, c.by, flow.Adjust, c.id())
	if err != nil {
		return err
	}
	p, err := c.s.Desk.PreviewAdjustment(c.ctx(), v.Row, in)
	if errors.Is(err, records.ErrNotFound) { // it never said what it is
		return flow.Refuse("not_now", string(flow.Adjust), string(v.Row.State))
	}
	if err != nil {
		return err
	}
	return c.answer(p)
}

// adjustmentsPage is public: what was changed, when, and why.
func adjustmentsPage(c *call) error {
	all, err := c.marks("", "0000")
	if err != nil {
		return err
	}
	v := ui.Adjustments{}
	for _, m := range all {
		one := ui.Adjusted{On: m.On, Type: m.TypeName.In(c.lang), Because: m.BecauseZh, Said: m.Feedback}
		if c.lang == "en" && m.BecauseEn != "" {
			one.Because = m.BecauseEn
		}
		for _, ch := range m.Changes {
			one.What = append(one.What, ui.AdjustedTo{What: ch.What, Of: ch.Of.In(c.lang), From: ch.From, To: ch.To})
		}
		v.List = append(v.List, one)
	}
	return c.show("improve/changes", v, back("/"))
}
