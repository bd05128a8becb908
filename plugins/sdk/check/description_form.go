package check

// The form of a description: pages, questions, slots, and the conditions between them.

import (
	"slices"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func (d *description) pages() {
	d.count("pages", len(d.t.Pages), 1, maxPages)
	seen := map[string]bool{}
	for i, p := range d.t.Pages {
		where := "page " + p.ID
		d.id(where, p.ID, seen)
		d.maybe(where+" title", p.Title, maxLabel)
		d.count(where+" questions", len(p.Questions), 1, maxOnPage)
		if len(p.Questions) > 1 && p.Title == (sdk.Text{}) {
			d.note(where, "a page of several questions needs a title")
		}
		d.when(where, p.When, d.t.Pages[:i])
		for _, q := range p.Questions {
			d.question(q)
		}
	}
}

var kinds = []sdk.Kind{
	sdk.KindText, sdk.KindLong, sdk.KindName, sdk.KindLatinName, sdk.KindResidentID, sdk.KindCreditCode, sdk.KindPhone,
	sdk.KindEmail, sdk.KindDate, sdk.KindValidUntil, sdk.KindChoice, sdk.KindChoices, sdk.KindYesNo, sdk.KindNumber,
}

func (d *description) question(q sdk.Question) {
	where := "question " + q.ID
	d.id(where, q.ID, d.ids)
	d.text(where+" label", q.Label, maxLabel)
	d.text(where+" short", q.Short, maxTitle)
	d.maybe(where+" hint", q.Hint, maxSentence)
	if !slices.Contains(kinds, q.Kind) {
		d.note(where, "the kind %.40q is unknown", q.Kind)
	}
	switch q.Kind {
	case sdk.KindNumber:
		if q.Max <= q.Min {
			d.note(where, "a number needs its bounds, min below max")
		}
	case sdk.KindText, sdk.KindLong:
		d.between(where+" max", q.Max, 0, 20000)
	}
	if choosing := q.Kind == sdk.KindChoice || q.Kind == sdk.KindChoices; choosing || len(q.Options) > 0 {
		d.options(where, q, choosing)
	}
}

func (d *description) options(where string, q sdk.Question, choosing bool) {
	if !choosing {
		d.note(where, "only a choice has options")
		return
	}
	d.count(where+" options", len(q.Options), 2, maxOptions)
	seen := map[string]bool{}
	for _, o := range q.Options {
		if !valueForm.MatchString(o.Value) || seen[o.Value] {
			d.note(where, "the value %.40q of an option is not of lower case letters, digits and _, or is there twice", o.Value)
		}
		seen[o.Value] = true
		d.text(where+" option "+o.Value, o.Label, maxLabel)
	}
}

// when looks at a condition: it names a choice on one of the given pages, and one of its values.
func (d *description) when(where string, w *sdk.When, pages []sdk.Page) {
	if w == nil {
		return
	}
	q, _, ok := sdk.Type{Pages: pages}.Question(w.Question)
	switch {
	case !ok:
		d.note(where, "its condition names the question %.40q, which is on no earlier page", w.Question)
	case q.Kind != sdk.KindChoice && q.Kind != sdk.KindChoices && q.Kind != sdk.KindYesNo:
		d.note(where, "its condition names %s, which is no choice", q.ID)
	case !slices.Contains(values(q), w.Is):
		d.note(where, "its condition waits for %.40q, which is no answer of %s", w.Is, q.ID)
	}
}

var media = []string{"image/jpeg", "image/png", "application/pdf"}

func (d *description) slots() {
	d.count("slots", len(d.t.Slots), 0, maxSlots)
	attestable := false
	for _, s := range d.t.Slots {
		where := "slot " + s.ID
		d.id(where, s.ID, d.ids)
		d.text(where+" name", s.Name, maxTitle)
		d.maybe(where+" hint", s.Hint, maxSentence)
		d.when(where, s.When, d.t.Pages)
		d.between(where+" files", s.Files, 0, maxFiles)
		for i, m := range s.Accept {
			if !slices.Contains(media, m) || slices.Contains(s.Accept[:i], m) {
				d.note(where, "it accepts %.40q, which is unknown or there twice", m)
			}
		}
		if q, _, ok := d.t.Question(s.Expires); s.Expires != "" && (!ok || q.Kind != sdk.KindValidUntil) {
			d.note(where, "its end is %.40q, which is no question of the kind valid_until", s.Expires)
		}
		d.group(where, s)
		d.form(where, s.Form)
		attestable = attestable || s.Attestable
	}
	if attestable != d.t.Attested {
		d.note("attested", "a type is attested exactly if one of its slots is attestable")
	}
}

// group looks at "one of these": two slots or more, asked for together, none of them optional.
func (d *description) group(where string, s sdk.Slot) {
	if s.OneOf == "" {
		return
	}
	n := 0
	for _, o := range d.t.Slots {
		if o.OneOf != s.OneOf {
			continue
		}
		n++
		if (o.When == nil) != (s.When == nil) || s.When != nil && *o.When != *s.When {
			d.note(where, "its group %.40q has slots with different conditions", s.OneOf)
		}
	}
	if n < 2 || !idForm.MatchString(s.OneOf) {
		d.note(where, "its group %.40q needs two slots and the form of an ID", s.OneOf)
	}
	if s.Optional {
		d.note(where, "it is optional and one of a group")
	}
}

func (d *description) form(where string, f *sdk.Form) {
	if f == nil {
		return
	}
	d.text(where+" form title", f.Title, maxTitle)
	d.count(where+" form body", len(f.Body), 0, 30)
	d.count(where+" form lines", len(f.Lines), 1, 40)
	for _, p := range f.Body {
		d.text(where+" form body", p, maxParagraph)
	}
	for _, l := range f.Lines {
		d.text(where+" form line", l, maxTitle)
	}
}
