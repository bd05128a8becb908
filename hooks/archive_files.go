package hooks

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sheet"
	"github.com/certdesk/certdesk/ui"
)

// Files that leave the desk: tables, written while they are read.

// download starts an answer that is a file. Nothing of it may be kept on the way; an error from here on breaks it off.
func (c *call) download(name, media string) {
	c.leaving = true
	h := c.e.Response.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", media)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", "attachment; filename=\"download\"; filename*=UTF-8''"+url.PathEscape(name))
}

// table starts a table as a file of this kind, with its first row.
func (c *call) table(kind, name string, columns []string) (sheet.Writer, error) {
	k, ok := sheet.Kinds[kind]
	if !ok {
		return nil, flow.Refuse("file_kind_unknown")
	}
	today, err := c.s.Desk.Today(c.ctx())
	if err != nil {
		return nil, err
	}
	say := ui.DeskWords(c.lang)
	c.download(say("archive."+name)+" "+string(today)+"."+k.Name, k.Media)
	w, err := k.New(c.e.Response, say("archive."+name))
	if err != nil {
		return nil, err
	}
	heads := make([]string, len(columns))
	for i, column := range columns {
		heads[i] = say("column." + column)
	}
	return w, w.Row(heads...)
}

var answerColumns = []string{"seq", "at", "who", "role", "act", "noun", "ref", "target", "from", "to", "why", "seconds"}

// answerCSV writes every entry of an answer.
func (c *call) answerCSV(a *inquiry) error {
	w, err := c.table("csv", string(a.name), answerColumns)
	if err != nil {
		return err
	}
	say := ui.DeskWords(c.lang)
	for before := int64(0); ; {
		entries, quick, err := c.entries(a, before)
		if err != nil {
			return err
		}
		lines, err := c.answerLines(entries, quick)
		if err != nil {
			return err
		}
		for _, l := range lines {
			why, seconds := l.Why, ""
			if l.Document != nil {
				why = l.Document.In(c.lang)
			}
			switch {
			case l.Never:
				seconds = say("archive.never_seen")
			case a.name == flow.QuickDecisions:
				seconds = strconv.Itoa(l.Seconds)
			}
			if err := w.Row(strconv.FormatInt(l.Seq, 10), c.local(l.At), c.word("actor.", l.Who), c.word("role.", l.Role), c.word("act.", l.Act), c.word("noun.", l.Noun),
				l.Ref, l.Target, c.word("state.", l.From), c.word("state.", l.To), why, seconds); err != nil {
				return err
			}
		}
		if a.name == flow.QuickDecisions || len(entries) <= answerRows {
			return w.Close()
		}
		before = entries[len(entries)-1].Seq
	}
}

// word is how the desk calls a word of this kind; the word itself if it has no name.
func (c *call) word(kind, word string) string {
	if s := ui.DeskWords(c.lang)(kind + word); s != kind+word {
		return s
	}
	return word
}

// local says a moment by the desk's clock.
func (c *call) local(stamp string) string {
	if stamp == "" {
		return ""
	}
	d, err := c.settings()
	if err != nil {
		return stamp
	}
	return records.Moment(stamp).In(c.s.Desk.Zone(d)).Format("2006-01-02 15:04:05")
}

// recordLine is an entry as it is shown.
func (c *call) recordLine(e ledger.Entry, names map[string]string) recordLine {
	line := recordLine{historyLine: historyLine{records.Stamp(e.At), e.Act, named(e.Actor, names), e.From, e.To, c.s.Desk.Said(e), e.Seq},
		Actor: e.Actor, Role: e.Role, Noun: e.Noun, Target: e.Target}
	for _, r := range e.Rows {
		line.Rows = append(line.Rows, r.Noun+" "+r.ID)
	}
	return line
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func ignoreMissing(err error) error {
	if errors.Is(err, records.ErrNotFound) {
		return nil
	}
	return err
}
