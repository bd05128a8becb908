package sdk

// Finding the parts of a type by their ID.

import "slices"

// Page returns the page with an ID.
func (t Type) Page(id string) (Page, bool) {
	i := slices.IndexFunc(t.Pages, func(p Page) bool { return p.ID == id })
	if i < 0 {
		return Page{}, false
	}
	return t.Pages[i], true
}

// Question returns the question with an ID and the page that it is on.
func (t Type) Question(id string) (Question, Page, bool) {
	for _, p := range t.Pages {
		if i := slices.IndexFunc(p.Questions, func(q Question) bool { return q.ID == id }); i >= 0 {
			return p.Questions[i], p, true
		}
	}
	return Question{}, Page{}, false
}

// Slot returns the slot with an ID.
func (t Type) Slot(id string) (Slot, bool) {
	i := slices.IndexFunc(t.Slots, func(s Slot) bool { return s.ID == id })
	if i < 0 {
		return Slot{}, false
	}
	return t.Slots[i], true
}

// Asks says whether the form has a question or slot with an ID.
func (t Type) Asks(id string) bool {
	_, _, question := t.Question(id)
	_, slot := t.Slot(id)
	return question || slot
}

// Limit returns how many files a slot takes.
func (s Slot) Limit() int { return max(s.Files, 1) }
