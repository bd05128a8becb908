package check

// What has changed, and what of a form is asked anew for it: the rest is kept as it was certified.

import (
	"slices"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Changes returns what can change of certified answers a: what the type names, as far as it is shown. A type that names nothing
// offers each shown page with the evidence that belongs to it, and then each slot that belongs to none.
func Changes(t sdk.Type, a sdk.Answers) []sdk.Change {
	all := t.Changes
	if len(all) == 0 {
		all = derivedChanges(t)
	}
	pages, slots := shownIDs(t, a)
	var shown []sdk.Change
	for _, c := range all {
		c.Pages = slices.DeleteFunc(slices.Clone(c.Pages), func(id string) bool { return !pages[id] })
		c.Slots = slices.DeleteFunc(slices.Clone(c.Slots), func(id string) bool { return !slots[id] })
		if len(c.Pages)+len(c.Slots) > 0 {
			shown = append(shown, c)
		}
	}
	return shown
}

func shownIDs(t sdk.Type, a sdk.Answers) (pages, slots map[string]bool) {
	pages, slots = map[string]bool{}, map[string]bool{}
	for _, p := range Pages(t, a) {
		pages[p.ID] = true
	}
	for _, s := range Slots(t, a) {
		slots[s.ID] = true
	}
	return pages, slots
}

func derivedChanges(t sdk.Type) []sdk.Change {
	var all []sdk.Change
	used := map[string]bool{}
	for _, p := range t.Pages {
		c := sdk.Change{ID: "page_" + p.ID, Text: p.Title, Pages: []string{p.ID}}
		if c.Text == (sdk.Text{}) {
			c.Text = p.Questions[0].Short
		}
		for _, s := range t.Slots {
			if belongs(t, s, p) {
				c.Slots, used[s.ID] = append(c.Slots, s.ID), true
			}
		}
		all = append(all, c)
	}
	for _, s := range t.Slots {
		if !used[s.ID] {
			all = append(all, sdk.Change{ID: "slot_" + s.ID, Text: s.Name, Slots: []string{s.ID}})
		}
	}
	return all
}

// belongs says whether a slot proves what is asked on a page: by its end, or by a line of the checklist.
func belongs(t sdk.Type, s sdk.Slot, p sdk.Page) bool {
	return slices.ContainsFunc(p.Questions, func(q sdk.Question) bool {
		return s.Expires == q.ID || slices.ContainsFunc(t.Checklist, func(i sdk.Item) bool { return i.Slot == s.ID && i.Question == q.ID })
	})
}

// Open is what of a form is asked anew, by ID.
type Open struct {
	Pages map[string]bool
	Slots map[string]bool
}

// Certified is what was certified: the answers and the evidence that a change starts from.
type Certified struct {
	Answers  sdk.Answers
	Have     map[string]int // files in each slot
	Attested bool
}

// Reopened says what is asked anew: what the chosen changes name, what of the certified form is not right any more as of
// today (a card that has expired, with its pictures), and what is shown now and was not then.
func Reopened(t sdk.Type, was Certified, chosen []string, now sdk.Answers, today string) Open {
	open := Open{map[string]bool{}, map[string]bool{}}
	for _, c := range Changes(t, was.Answers) {
		if slices.Contains(chosen, c.ID) {
			open.mark(c.Pages, c.Slots)
		}
	}
	for _, p := range Form(t, was.Answers, was.Have, was.Attested, today) {
		open.field(t, p.Field)
	}
	pages, slots := shownIDs(t, was.Answers)
	for _, p := range Pages(t, now) {
		if !pages[p.ID] {
			open.Pages[p.ID] = true
		}
	}
	for _, s := range Slots(t, now) {
		if !slots[s.ID] {
			open.Slots[s.ID] = true
		}
	}
	open.groups(t)
	return open
}

func (o Open) mark(pages, slots []string) {
	for _, id := range pages {
		o.Pages[id] = true
	}
	for _, id := range slots {
		o.Slots[id] = true
	}
}

// field opens the page of a question, with the evidence whose end it says; or a slot.
func (o Open) field(t sdk.Type, id string) {
	_, page, ok := t.Question(id)
	if !ok {
		o.Slots[id] = true
		return
	}
	o.Pages[page.ID] = true
	for _, s := range t.Slots {
		if s.Expires == id {
			o.Slots[s.ID] = true
		}
	}
}

// groups opens all slots of which one is enough, where one of them is open.
func (o Open) groups(t sdk.Type) {
	for _, s := range t.Slots {
		for _, other := range t.Slots {
			if s.OneOf != "" && s.OneOf == other.OneOf && o.Slots[other.ID] {
				o.Slots[s.ID] = true
			}
		}
	}
}
