package hooks

import (
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/credential"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// What people said to each other on the way of a case, whole and in their own words: corrections, correspondence, each decision,
// each appeal and its answer, each reversal and its hearing.

// story opens all of it; what cannot be opened fails the file, it is never left out.
func (f *bundle) story() (all []credential.Part, err error) {
	f.attached = map[string][]string{}
	for i, doc := range f.docs {
		if doc.Entry != "" {
			f.attached[doc.Entry] = append(f.attached[doc.Entry], strconv.Itoa(i+1))
		}
	}
	all = append(f.corrected(), f.talked())
	for _, part := range []func() ([]credential.Part, error){f.decisions, f.appeals, f.reversals} {
		some, err := part()
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// opener opens sealed columns of a row, and keeps the first failure.
type opener struct {
	f     *bundle
	table string
	id    string
	err   error
}

func (o *opener) open(column, sealed string) string {
	if o.err != nil {
		return ""
	}
	var text string
	text, o.err = o.f.s.Desk.Open(o.f.app.Key(), o.table+"."+column+" "+o.id, sealed)
	return text
}

// numbered is the title of a part, with its number where there are several.
func (f *bundle) numbered(p credential.Part, i, of int) credential.Part {
	if of > 1 {
		p.Title += " " + strconv.Itoa(i+1)
	}
	return p
}

// files names the documents that came with an entry, by their numbers in the list of documents.
func (f *bundle) files(entry string) string { return strings.Join(f.attached[entry], ", ") }

// who is a colleague and when they did it.
func (f *bundle) who(id, at string) string {
	if id == "" {
		return ""
	}
	return f.names[id] + " · " + f.local(at)
}

func (f *bundle) reasons(ids string) string {
	var list []string
	for _, id := range listed(ids) {
		said := id
		for _, r := range f.typ.Reasons {
			if r.ID == id {
				said = r.Text.In(f.lang)
			}
		}
		list = append(list, said)
	}
	return strings.Join(list, "\n")
}

// corrected are the rounds of correction, the first one first.
func (f *bundle) corrected() (all []credential.Part) {
	for i := len(f.page.Rounds) - 1; i >= 0; i-- {
		r := f.page.Rounds[i]
		p := f.part("correction", [2]string{f.say("casefile.asked"), r.Who + " · " + f.local(r.At)}, [2]string{f.say("correct.until"), r.Due}, [2]string{f.say("casefile.outcome"), f.word("round.", r.State)},
			[2]string{f.say("casefile.answered"), f.local(r.AnsweredAt)}, [2]string{f.say("casefile.late"), f.local(r.LateAt)})
		for _, item := range r.Items {
			name := item.Name.In(f.lang)
			if name == "" {
				name = f.say("correct.free")
			}
			p.Facts = append(p.Facts, [2]string{name, lines(item.Why.In(f.lang), item.Note)})
			if item.Said != "" {
				p.Facts = append(p.Facts, [2]string{"→ " + f.say("talk.applicant"), item.Said})
			}
		}
		for _, ch := range r.Changes {
			if before, after := ch.Before.In(f.lang), ch.After.In(f.lang); before+after != "" {
				p.Facts = append(p.Facts, [2]string{"→ " + ch.Name.In(f.lang), before + " → " + after})
			}
		}
		all = append(all, f.numbered(p, int(r.Round)-1, len(f.page.Rounds)))
	}
	return all
}

// talked is the correspondence.
func (f *bundle) talked() credential.Part {
	p := f.part("correspondence")
	for _, m := range f.page.Messages {
		who := m.Who
		if m.Side != "desk" {
			who = f.say("talk.applicant")
		}
		call := ""
		if m.Kind == "call" {
			call = strings.Trim(f.word("call.", m.Outcome)+" · "+m.Number+" · "+m.NextOn, " ·")
		}
		p.Facts = append(p.Facts, [2]string{f.local(m.At) + " " + who, lines(call, m.Text, f.withFiles(m.ID))})
	}
	return p
}

func (f *bundle) withFiles(entry string) string {
	if n := f.files(entry); n != "" {
		return f.say("casefile.attached") + " " + n
	}
	return ""
}

// decisions are all that were made, those too that do not stand any more.
func (f *bundle) decisions() (all []credential.Part, err error) {
	rows, err := records.All[*records.Decision](f.s.Desk.App.DB(), dbx.HashExp{"application": f.app.ID})
	if err != nil {
		return nil, err
	}
	for i, d := range rows {
		o := &opener{f: f, table: "decisions", id: d.ID}
		second := ""
		if d.Second != "" {
			second = lines(f.names[d.Second], o.open("comment", d.Comment))
		}
		p := f.part("decision", [2]string{f.say("casefile.outcome"), f.word("outcome.", d.Outcome) + " · " + f.word("casefile.made_", string(d.State))}, [2]string{f.say("casefile.reasons"), f.reasons(d.Reasons)},
			[2]string{f.say("column.who"), f.who(d.By, d.Made)}, [2]string{f.say("casefile.second"), second}, [2]string{f.say("casefile.released"), f.local(d.ReleasedAt)}, [2]string{f.say("casefile.again"), d.AgainOn})
		p.Texts = paragraphs(o.open("letter", d.Letter))
		if o.err != nil {
			return nil, o.err
		}
		all = append(all, f.numbered(p, i, len(rows)))
	}
	return all, nil
}

// appeals are what the applicant said against results, and what was answered.
func (f *bundle) appeals() (all []credential.Part, err error) {
	rows, err := records.All[*records.Appeal](f.s.Desk.App.DB(), dbx.HashExp{"application": f.app.ID})
	if err != nil {
		return nil, err
	}
	for i, a := range rows {
		o := &opener{f: f, table: "appeals", id: a.ID}
		outcome := f.say("casefile.undecided")
		if a.DecidedBy != "" {
			outcome = f.word("state.", string(a.State))
		}
		p := f.part("appeal", [2]string{f.say("column.at"), f.local(a.Made)}, [2]string{f.say("casefile.appeal_text"), o.open("text", a.Text)}, [2]string{f.say("casefile.attached"), f.files(a.ID)},
			[2]string{f.say("casefile.outcome"), outcome}, [2]string{f.say("casefile.decided"), f.who(a.DecidedBy, a.DecidedAt)}, [2]string{f.say("casefile.answer"), o.open("answer", a.Answer)})
		if o.err != nil {
			return nil, o.err
		}
		all = append(all, f.numbered(p, i, len(rows)))
	}
	return all, nil
}

// reversals are the stories of approvals that were found to be wrong.
func (f *bundle) reversals() (all []credential.Part, err error) {
	rows, err := records.All[*records.Reversal](f.s.Desk.App.DB(), dbx.HashExp{"application": f.app.ID})
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		p, err := f.reversal(r)
		if err != nil {
			return nil, err
		}
		all = append(all, f.numbered(p, i, len(rows)))
	}
	return all, nil
}

func (f *bundle) reversal(r *records.Reversal) (credential.Part, error) {
	o := &opener{f: f, table: "reversals", id: r.ID}
	second, heard, outcome := "", "", f.say("casefile.undecided")
	if r.Second != "" {
		opinion := f.say("casefile.agreed")
		if r.State == flow.Challenged {
			opinion = f.say("casefile.disagreed")
		}
		second = lines(f.names[r.Second]+" · "+opinion, o.open("comment", r.Comment))
	}
	if r.AnsweredAt != "" {
		heard = lines(f.local(r.AnsweredAt), o.open("answer", r.Answer))
	} else if r.Due != "" && r.Due < string(f.view.Today) {
		heard = f.say("reverse.silent")
	}
	if r.State != flow.Open {
		outcome = f.word("casefile.reversal_", string(r.State))
	}
	p := f.part("reversal", [2]string{f.say("casefile.raised"), f.who(r.By, r.Made)}, [2]string{f.say("casefile.reasons"), f.reasons(r.Reasons)}, [2]string{f.say("casefile.found"), o.open("text", r.Text)},
		[2]string{f.say("casefile.second"), second}, [2]string{f.say("casefile.hearing_until"), r.Due}, [2]string{f.say("casefile.hearing_answer"), heard}, [2]string{f.say("casefile.attached"), f.files(r.ID)},
		[2]string{f.say("casefile.outcome"), outcome}, [2]string{f.say("casefile.decided"), f.who(r.DecidedBy, r.DecidedAt)}, [2]string{f.say("casefile.answer"), o.open("decision", r.Decision)})
	return p, o.err
}

// lines are texts one under the other, without the empty ones.
func lines(texts ...string) string {
	var list []string
	for _, s := range texts {
		if s != "" {
			list = append(list, s)
		}
	}
	return strings.Join(list, "\n")
}

func paragraphs(text string) []string {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
