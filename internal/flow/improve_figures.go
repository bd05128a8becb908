package flow

import (
	"cmp"
	"maps"
	"slices"
)

// How well the desk works, in figures that can be added up: by month, type and reviewer. Times are kept as counts of
// working days, so that medians of any selection can be read from their sum.

// Passage is one case as the figures see it. A day that has not come is empty.
type Passage struct {
	ID, Type, Reviewer                      string
	State                                   State
	Outcome                                 string
	Received, Assigned, Decided, Ended, Due Day
	Found, Contacted                        Day // the first finding, and the first word to the applicant after it
	Corrected, Confirmed, Challenged        bool
	Reasons                                 []string
}

// Telling are the acts of the record from which a passage learns more than its row says.
var Telling = []Act{RecordFindings, Verdict, "request_correction", Message, LogCall, Decide, "confirm", "challenge"}

// Said notes what an act of the record tells of the case.
func (p *Passage) Said(act Act, on Day) {
	switch act {
	case RecordFindings, Verdict:
		if p.Found == "" {
			p.Found = on
		}
		return
	case "request_correction":
		p.Corrected = true
	case "confirm":
		p.Confirmed = true
	case "challenge":
		p.Challenged = true
	}
	if p.Contacted == "" && p.Found != "" {
		p.Contacted = on
	}
}

// Days counts how many cases took how many working days; the last place is for all that took longer.
type Days []int

const longest = 60

func (d *Days) add(n int) {
	n = min(max(n, 0), longest)
	for len(*d) <= n {
		*d = append(*d, 0)
	}
	(*d)[n]++
}

func (d *Days) sum(more Days) {
	for n, count := range more {
		for len(*d) <= n {
			*d = append(*d, 0)
		}
		(*d)[n] += count
	}
}

// Count is how many there are.
func (d Days) Count() (n int) {
	for _, c := range d {
		n += c
	}
	return n
}

// Part returns how many days a share of the cases did not exceed: 50 the median, 90 nine out of ten. -1: there are none.
func (d Days) Part(percent int) int {
	total, seen := d.Count(), 0
	for n, count := range d {
		if seen += count; count > 0 && seen*100 >= total*percent {
			return n
		}
	}
	return -1
}

// Figure is what one reviewer did of one type in one month.
type Figure struct {
	Type      string         `json:"type"`
	Reviewer  string         `json:"reviewer"`
	Received  int            `json:"received,omitempty"`
	Decided   int            `json:"decided,omitempty"`
	Refused   int            `json:"refused,omitempty"`
	Withdrawn int            `json:"withdrawn,omitempty"`
	Lapsed    int            `json:"lapsed,omitempty"`
	OnTime    int            `json:"onTime,omitempty"`
	Corrected int            `json:"corrected,omitempty"`
	Confirmed int            `json:"confirmed,omitempty"`  // decisions that the second person agreed with
	Challenge int            `json:"challenged,omitempty"` // and did not
	Took      Days           `json:"took,omitempty"`       // from receiving to deciding
	Waited    Days           `json:"waited,omitempty"`     // from receiving to assigning
	Reviewed  Days           `json:"reviewed,omitempty"`   // from assigning to deciding
	Contact   Days           `json:"contact,omitempty"`    // from the first finding to the first word to the applicant
	Reasons   map[string]int `json:"reasons,omitempty"`
}

// Add adds another figure to this one.
func (f *Figure) Add(more Figure) {
	f.Received += more.Received
	f.Decided += more.Decided
	f.Refused += more.Refused
	f.Withdrawn += more.Withdrawn
	f.Lapsed += more.Lapsed
	f.OnTime += more.OnTime
	f.Corrected += more.Corrected
	f.Confirmed += more.Confirmed
	f.Challenge += more.Challenge
	f.Took.sum(more.Took)
	f.Waited.sum(more.Waited)
	f.Reviewed.sum(more.Reviewed)
	f.Contact.sum(more.Contact)
	for r, n := range more.Reasons {
		f.because(r, n)
	}
}

func (f *Figure) because(reason string, n int) {
	if f.Reasons == nil {
		f.Reasons = map[string]int{}
	}
	f.Reasons[reason] += n
}

// MonthOf is the month of a day, 2026-11.
func MonthOf(d Day) string {
	if len(d) < 7 {
		return ""
	}
	return string(d[:7])
}

// FiguresOf counts what fell into each month, by type and reviewer, in a fixed order.
func FiguresOf(all []Passage, cal Calendar) map[string][]Figure {
	type of struct{ month, typ, reviewer string }
	sums := map[of]*Figure{}
	at := func(month string, p Passage) *Figure {
		k := of{month, p.Type, p.Reviewer}
		if sums[k] == nil {
			sums[k] = &Figure{Type: p.Type, Reviewer: p.Reviewer}
		}
		return sums[k]
	}
	for _, p := range all {
		at(MonthOf(p.Received), p).Received++
		switch {
		case p.State == Withdrawn:
			at(MonthOf(p.Ended), p).Withdrawn++
		case p.State == Lapsed:
			at(MonthOf(p.Ended), p).Lapsed++
		case p.Decided != "":
			at(MonthOf(p.Decided), p).decide(p, cal)
		}
	}
	months := map[string][]Figure{}
	for k, f := range sums {
		months[k.month] = append(months[k.month], *f)
	}
	for _, list := range months {
		slices.SortFunc(list, func(a, b Figure) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Reviewer, b.Reviewer)) })
	}
	return months
}

func (f *Figure) decide(p Passage, cal Calendar) {
	f.Decided++
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	count(&f.Refused, p.Outcome == NotPassed)
	count(&f.OnTime, p.Decided <= p.Due)
	count(&f.Corrected, p.Corrected)
	count(&f.Confirmed, p.Confirmed)
	count(&f.Challenge, p.Challenged)
	f.Took.add(cal.Between(p.Received, p.Decided))
	if p.Assigned != "" {
		f.Waited.add(cal.Between(p.Received, p.Assigned))
		f.Reviewed.add(cal.Between(p.Assigned, p.Decided))
	}
	if p.Found != "" && p.Contacted != "" {
		f.Contact.add(cal.Between(p.Found, p.Contacted))
	}
	for _, r := range p.Reasons {
		f.because(r, 1)
	}
}

// Sum adds up the figures that match; an empty type or reviewer matches all.
func Sum(list []Figure, typ, reviewer string) (f Figure) {
	for _, one := range list {
		if (typ == "" || one.Type == typ) && (reviewer == "" || one.Reviewer == reviewer) {
			f.Add(one)
		}
	}
	return f
}

// Often returns the reasons by how often they were given, the most frequent first.
func Often(reasons map[string]int) []string {
	return slices.SortedFunc(maps.Keys(reasons), func(a, b string) int { return cmp.Or(cmp.Compare(reasons[b], reasons[a]), cmp.Compare(a, b)) })
}
