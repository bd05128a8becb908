package flow

import (
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Asking an applicant to put something right: what may be asked, how often, by when it is due, what it opens, and what an
// answer touches.

// Correction is what a reviewer asks for, item by item.
type Correction struct {
	Items []Asked `json:"items"`
}

// Asked is one item: a question or a piece of evidence of the form, or something to say in one's own words.
type Asked struct {
	Of   string `json:"of,omitempty"`   // the question or slot; empty: free
	Why  string `json:"why,omitempty"`  // a reason of the type's catalogue that can be put right
	Note string `json:"note,omitempty"` // how to put it right, in plain words
}

// The most that one correction asks for, and the longest texts of both sides, in characters.
const (
	MaxAsked       = 20
	MaxAskedNote   = 500
	MaxAnswerWords = 2000
)

// AskCorrection returns the day by which round number round has to be answered. Refused with no_rounds_left, no_items,
// too_many_items, unclear_item (no such field, asked twice, or without a reason and a note), unknown_reason or
// note_too_long; nothing is ever asked in part.
func AskCorrection(c Correction, t sdk.Type, a sdk.Answers, round int, today Day, cal Calendar) (Day, error) {
	switch {
	case round > t.Correction.Rounds:
		return "", Refuse("no_rounds_left")
	case len(c.Items) == 0:
		return "", Refuse("no_items")
	case len(c.Items) > MaxAsked:
		return "", Refuse("too_many_items")
	}
	shown := Fields(t, a)
	for i, item := range c.Items {
		again := func(x Asked) bool { return item.Of != "" && x.Of == item.Of }
		reason := slices.IndexFunc(t.Reasons, func(r sdk.Reason) bool { return r.ID == item.Why })
		switch {
		case item.Of != "" && !slices.Contains(shown, item.Of), slices.ContainsFunc(c.Items[:i], again):
			return "", Refuse("unclear_item", item.Of)
		case item.Note == "" && (item.Why == "" || item.Of == ""):
			return "", Refuse("unclear_item", item.Of)
		case item.Why != "" && (reason < 0 || t.Reasons[reason].Severity != sdk.Fixable):
			return "", Refuse("unknown_reason", item.Why)
		case utf8.RuneCountInString(item.Note) > MaxAskedNote:
			return "", Refuse("note_too_long", item.Of)
		}
	}
	return cal.Add(today, t.Correction.Days), nil
}

// Fields are the questions and then the slots that are shown with these answers, in the order of the form.
func Fields(t sdk.Type, a sdk.Answers) (all []string) {
	for _, p := range check.Pages(t, a) {
		for _, q := range p.Questions {
			all = append(all, q.ID)
		}
	}
	for _, s := range check.Slots(t, a) {
		all = append(all, s.ID)
	}
	return all
}

// Opened are the fields that an answer may change, in the order in which they are gone through: those asked for, and after
// them those that only the answer brings up. Everything else stays as it is.
func Opened(c Correction, t sdk.Type, before, now sdk.Answers) (all []string) {
	for _, item := range c.Items {
		if item.Of != "" {
			all = append(all, item.Of)
		}
	}
	shown := Fields(t, before)
	for _, f := range Fields(t, now) {
		if !slices.Contains(shown, f) && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// Given is what an applicant has answered so far: kept until it is sent, over as many sittings as it takes.
type Given struct {
	Answers sdk.Answers    `json:"answers,omitempty"` // to questions; an empty one was left out on purpose
	Words   map[int]string `json:"words,omitempty"`   // to free items, by their place
}

// Over lays the answers given over those of the case.
func (g Given) Over(a sdk.Answers) sdk.Answers {
	all := sdk.Answers{}
	maps.Copy(all, a)
	for k, v := range g.Answers {
		if all[k] = v; v == "" {
			delete(all, k)
		}
	}
	return all
}

// Unanswered are the items and fields that have no answer yet: fields by name, free items by FreeItem. have is
// the number of new pictures in each slot. A field that only an answer brought up is not asked for if it may be left out.
func Unanswered(c Correction, t sdk.Type, before sdk.Answers, g Given, have map[string]int) (all []string) {
	for i, item := range c.Items {
		if item.Of == "" && g.Words[i] == "" {
			all = append(all, FreeItem(i))
		}
	}
	for _, f := range Opened(c, t, before, g.Over(before)) {
		asked := slices.ContainsFunc(c.Items, func(x Asked) bool { return x.Of == f })
		q, _, question := t.Question(f)
		_, answered := g.Answers[f]
		slot, _ := t.Slot(f)
		switch {
		case question && !answered && (asked || !q.Optional), !question && have[f] == 0 && (asked || !slot.Optional && slot.OneOf == ""):
			all = append(all, f)
		}
	}
	return all
}

// FreeItem names a free item by its place; no field is called so.
func FreeItem(i int) string { return "free-" + strconv.Itoa(i+1) }

// Changed is one field that an answer changed: before and after.
type Changed struct {
	Of     string   `json:"of"`
	Before string   `json:"before,omitempty"`
	After  string   `json:"after,omitempty"`
	Old    []string `json:"old,omitempty"` // documents, by ID
	New    []string `json:"new,omitempty"`
}

// Touched are the lines of the checklist that changed fields belong to: their verdicts are open again.
func Touched(t sdk.Type, fields []string) (items []string) {
	for _, i := range t.Checklist {
		if i.Slot != "" && slices.Contains(fields, i.Slot) || i.Question != "" && slices.Contains(fields, i.Question) {
			items = append(items, i.ID)
		}
	}
	return items
}

// CheckLapse refuses with not_now while the last day for an answer is not over.
func CheckLapse(due, today Day) error {
	if !due.Before(today) {
		return Refuse("not_now", string(Lapse), string(AwaitingApplicant))
	}
	return nil
}

// CheckReopen refuses with reopen_over when the type's window has closed since no answer came.
func CheckReopen(t sdk.Type, closed, today Day) error {
	if last := closed.AddDays(t.Correction.ReopenWithin()); today.After(last) {
		return Refuse("reopen_over", string(last))
	}
	return nil
}
