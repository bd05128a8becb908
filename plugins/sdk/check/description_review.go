package check

// What a description says for reviewers: checklist, reasons, and who is named in a case.

import (
	"net/url"
	"slices"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func (d *description) reasonList() {
	d.count("reasons", len(d.t.Reasons), 1, maxReasons)
	for _, r := range d.t.Reasons {
		where := "reason " + r.ID
		d.id(where, r.ID, d.reasons)
		if r.Severity != sdk.Fixable && r.Severity != sdk.Fatal {
			d.note(where, "the severity %.40q is unknown", r.Severity)
		}
		if r.Severity == sdk.Fixable && r.After < 0 {
			d.note(where, "what can be put right cannot bar for ever")
		}
		d.text(where+" text", r.Text, maxSentence)
		d.text(where+" advice", r.Advice, maxAdvice)
		d.between(where+" afterDays", r.After, -1, maxAfterDays)
	}
}

func (d *description) checklist() {
	d.count("checklist", len(d.t.Checklist), 1, maxItems)
	seen, required := map[string]bool{}, false
	for _, i := range d.t.Checklist {
		where := "item " + i.ID
		d.id(where, i.ID, seen)
		d.text(where+" text", i.Text, maxSentence)
		d.count(where+" ways", len(i.Ways), 1, maxWays)
		for _, w := range i.Ways {
			d.text(where+" way", w, maxLabel)
		}
		d.lookup(where, i.Lookup)
		d.when(where, i.When, d.t.Pages)
		d.refers(where, i)
		required = required || !i.Optional && i.When == nil
	}
	if !required {
		d.note("checklist", "at least one item has to be required of everybody")
	}
}

// refers looks at what an item points at.
func (d *description) refers(where string, i sdk.Item) {
	for _, q := range []string{i.Copy, i.Question} {
		if _, _, ok := d.t.Question(q); q != "" && !ok {
			d.note(where, "it names the question %.40q, which is not there", q)
		}
	}
	if _, ok := d.t.Slot(i.Slot); i.Slot != "" && !ok {
		d.note(where, "it names the slot %.40q, which is not there", i.Slot)
	}
	for n, r := range i.Reasons {
		if !d.reasons[r] || slices.Contains(i.Reasons[:n], r) {
			d.note(where, "its reason %.40q is not there, or there twice", r)
		}
	}
	if len(i.Reasons) == 0 && !i.Optional {
		d.note(where, "a required item needs a reason for when it is not so")
	}
}

func (d *description) lookup(where string, l *sdk.Lookup) {
	if l == nil {
		return
	}
	d.text(where+" lookup", l.Label, maxTitle)
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(l.URL) > 500 {
		d.note(where, "the lookup %.60q is no https address", l.URL)
	}
}

// persons looks at who is named: everybody whose name or number is asked for, the holder among them.
func (d *description) persons() {
	d.count("persons", len(d.t.Persons), 1, maxOnPage)
	named := map[string]bool{}
	for _, p := range d.t.Persons {
		named[p.Name], named[p.ID] = true, true
		d.answerOf("persons", p.Name, sdk.KindName, sdk.KindText, sdk.KindLatinName)
		if p.ID != "" {
			d.answerOf("persons", p.ID, sdk.KindResidentID, sdk.KindCreditCode, sdk.KindText)
		}
	}
	for _, page := range d.t.Pages {
		for _, q := range page.Questions {
			if identifies := q.Kind == sdk.KindName || q.Kind == sdk.KindResidentID || q.Kind == sdk.KindCreditCode; identifies && !named[q.ID] {
				d.note("persons", "%s identifies somebody who is not among the persons", q.ID)
			}
		}
	}
	d.holder(named)
}

func (d *description) holder(named map[string]bool) {
	d.answerOf("holderName", d.t.HolderName, sdk.KindName, sdk.KindText)
	if q, page, ok := d.t.Question(d.t.HolderName); ok && (q.Optional || page.When != nil) {
		d.note("holderName", "%s is not asked of everybody", q.ID)
	}
	if !named[d.t.HolderName] {
		d.note("holderName", "the holder is not among the persons")
	}
	if d.t.LatinName != "" {
		d.answerOf("latinName", d.t.LatinName, sdk.KindLatinName, sdk.KindText)
	}
}

// answerOf says whether a question is there and of one of the kinds.
func (d *description) answerOf(where, id string, of ...sdk.Kind) {
	if q, _, ok := d.t.Question(id); !ok || !slices.Contains(of, q.Kind) {
		d.note(where, "%.40q is no question of the kind %v", id, of)
	}
}
