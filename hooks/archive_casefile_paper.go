package hooks

import (
	"strconv"
	"strings"

	"github.com/certdesk/certdesk/internal/credential"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// The readable part of a case file: a PDF that says the case to somebody who has no account.

func (f *bundle) paper() error {
	title := f.view.Settings.NameZh
	if f.lang == "en" {
		title = f.view.Settings.NameEn
	}
	story, err := f.story()
	if err != nil {
		return err
	}
	parts := []credential.Part{f.about(), f.answered(), f.documents(), f.found(), f.judged(), f.noted()}
	pdf, err := credential.Dossier(f.lang, title+" · "+f.say("archive.case_file"), f.app.Ref, string(f.view.Today), append(append(parts, story...), f.happened()))
	if err != nil {
		return err
	}
	return f.write("case.pdf", pdf)
}

func (f *bundle) part(name string, facts ...[2]string) credential.Part {
	p := credential.Part{Title: f.say("casefile." + name)}
	for _, fact := range facts {
		if fact[1] != "" {
			p.Facts = append(p.Facts, fact)
		}
	}
	return p
}

func (f *bundle) about() credential.Part {
	p := f.page
	number := ""
	if p.Certificate != nil {
		number = p.Certificate.Number + " · " + f.word("state.", p.Certificate.State) + " · " + p.Certificate.From + " – " + p.Certificate.Until
	}
	return f.part("about", [2]string{f.say("column.type"), f.typ.Name.In(f.lang)}, [2]string{f.say("column.name"), p.Name}, [2]string{f.say("column.state"), f.word("state.", p.State)},
		[2]string{f.say("casefile.submitted"), f.local(p.SubmittedAt)}, [2]string{f.say("casefile.with"), p.Who}, [2]string{f.say("casefile.attested"), p.Attested}, [2]string{f.say("column.number"), number},
		[2]string{f.say("casefile.exported"), f.local(records.Stamp(f.view.Now)) + " · " + f.names[f.by.ID]})
}

func (f *bundle) answered() credential.Part {
	p := f.part("answers")
	for _, a := range f.page.Answers {
		said := a.Value
		if shown := a.Shown.In(f.lang); shown != "" {
			said = shown
		}
		p.Facts = append(p.Facts, [2]string{a.Label.In(f.lang), said})
	}
	return p
}

func (f *bundle) documents() credential.Part {
	p := f.part("documents")
	for i, doc := range f.docs {
		file, err := f.s.Desk.Open(f.app.Key(), "documents.name "+doc.ID, doc.Name)
		if err != nil {
			file = ""
		}
		said := []string{file, strconv.FormatInt(doc.Bytes, 10) + " B", f.local(doc.Made)}
		if doc.State != flow.Kept {
			said = append(said, f.word("state.", string(doc.State)))
		}
		p.Facts = append(p.Facts, [2]string{strconv.Itoa(i+1) + " " + f.label(doc), strings.Trim(strings.Join(said, " · "), " ·")})
	}
	return p
}

func (f *bundle) found() credential.Part {
	p := f.part("findings")
	for _, one := range f.page.Findings {
		p.Facts = append(p.Facts, [2]string{f.word("level.", string(one.Level)), one.Text.In(f.lang)})
	}
	return p
}

func (f *bundle) judged() credential.Part {
	p := f.part("verdicts")
	items := map[string]sdk.Item{}
	for _, i := range f.typ.Checklist {
		items[i.ID] = i
	}
	for _, v := range f.verdicts {
		said := []string{f.word("mark.", v.Value)}
		if i := items[v.Item]; v.Value == flow.VerdictOK && int(v.How) < len(i.Ways) {
			said = append(said, i.Ways[v.How].In(f.lang))
		}
		if note, err := f.s.Desk.Open(f.app.Key(), "verdicts.note "+v.ID, v.Note); err == nil && note != "" {
			said = append(said, note)
		}
		if v.Value != "" {
			p.Facts = append(p.Facts, [2]string{items[v.Item].Text.In(f.lang), strings.Join(append(said, f.names[v.By], f.local(v.At)), " · ")})
		}
	}
	return p
}

func (f *bundle) noted() credential.Part {
	p := f.part("notes")
	for _, n := range f.page.Notes {
		p.Facts = append(p.Facts, [2]string{f.local(n.At) + " " + n.Who, n.Text})
	}
	return p
}

// happened is the record, entry by entry.
func (f *bundle) happened() credential.Part {
	p := f.part("history")
	for _, e := range f.entries {
		l := f.recordLine(e, f.names)
		said := []string{f.word("actor.", l.Who), f.word("act.", l.Act)}
		if l.To != "" && l.To != l.From {
			said = append(said, strings.TrimPrefix(f.word("state.", l.From)+" → ", " → ")+f.word("state.", l.To))
		}
		if l.Why != "" && l.Act != string(flow.ViewDocument) {
			said = append(said, l.Why)
		}
		p.Facts = append(p.Facts, [2]string{strconv.FormatInt(l.Seq, 10) + " · " + f.local(l.At), strings.Join(said, " · ")})
	}
	return p
}
