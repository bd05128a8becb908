package check

// The way through a form: which pages and slots are asked for, given what was answered so far, and what follows what.

import (
	"maps"
	"slices"
	"strings"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Asked returns the answers that count: those to questions of pages that are shown. An answer left behind by a page that
// is no longer shown counts for nothing, not even as the condition of another page.
func Asked(t sdk.Type, a sdk.Answers) sdk.Answers {
	_, asked := walk(t, a)
	return asked
}

// Pages returns the pages that are shown, in order.
func Pages(t sdk.Type, a sdk.Answers) []sdk.Page {
	shown, _ := walk(t, a)
	return shown
}

// walk goes through the pages in order. A condition names an earlier page, so that one walk is enough.
func walk(t sdk.Type, a sdk.Answers) (shown []sdk.Page, asked sdk.Answers) {
	asked = sdk.Answers{}
	for _, p := range t.Pages {
		if !p.When.Shown(asked) {
			continue
		}
		shown = append(shown, p)
		for _, q := range p.Questions {
			if v, ok := a[q.ID]; ok && v != "" {
				asked[q.ID] = v
			}
		}
	}
	return shown, asked
}

// Slots returns the slots that are shown, in order.
func Slots(t sdk.Type, a sdk.Answers) []sdk.Slot {
	asked := Asked(t, a)
	var shown []sdk.Slot
	for _, s := range t.Slots {
		if s.When.Shown(asked) {
			shown = append(shown, s)
		}
	}
	return shown
}

// Items returns the lines of the checklist that are shown, in order.
func Items(t sdk.Type, a sdk.Answers) []sdk.Item {
	asked := Asked(t, a)
	var shown []sdk.Item
	for _, i := range t.Checklist {
		if i.When.Shown(asked) {
			shown = append(shown, i)
		}
	}
	return shown
}

// Next returns the page shown after page id; the first page for "". False after the last one. From a page that is not
// shown any more it goes on to the next shown one.
func Next(t sdk.Type, a sdk.Answers, id string) (sdk.Page, bool) {
	at := position(t, id)
	for _, p := range Pages(t, a) {
		if position(t, p.ID) > at {
			return p, true
		}
	}
	return sdk.Page{}, false
}

// Prev returns the page shown before page id; the last page for "". False before the first one.
func Prev(t sdk.Type, a sdk.Answers, id string) (sdk.Page, bool) {
	at := position(t, id)
	if at < 0 {
		at = len(t.Pages)
	}
	for _, p := range slices.Backward(Pages(t, a)) {
		if position(t, p.ID) < at {
			return p, true
		}
	}
	return sdk.Page{}, false
}

func position(t sdk.Type, id string) int {
	return slices.IndexFunc(t.Pages, func(p sdk.Page) bool { return p.ID == id })
}

// Page brings what was entered on one page into normal form. sofar are the answers of the other pages: they say whether
// the page is shown. Problems come in the order of the questions; with any problem no answers are returned. A question
// of the page that is not in raw counts as left empty; one that is not on the page is a problem, not an answer.
func Page(t sdk.Type, pageID string, raw map[string]string, sofar sdk.Answers, today string) (sdk.Answers, []sdk.Problem) {
	page, ok := t.Page(pageID)
	if !ok {
		return nil, []sdk.Problem{sdk.Wrong(pageID, "page_unknown")}
	}
	if !slices.ContainsFunc(Pages(t, sofar), func(p sdk.Page) bool { return p.ID == pageID }) {
		return nil, []sdk.Problem{sdk.Wrong(pageID, "page_hidden")}
	}
	norm, problems := sdk.Answers{}, []sdk.Problem(nil)
	known := map[string]bool{}
	for _, q := range page.Questions {
		known[q.ID] = true
		v, p := Answer(q, raw[q.ID], today)
		if p != nil {
			problems = append(problems, *p)
		} else if v != "" {
			norm[q.ID] = v
		}
	}
	for _, id := range slices.Sorted(maps.Keys(raw)) {
		if !known[id] {
			problems = append(problems, sdk.Wrong(clip(id), "question_unknown"))
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return norm, nil
}

// clip keeps what a stranger sent as the name of a field short.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60])
	}
	return s
}
