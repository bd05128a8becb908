package hooks

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// The ready questions of an auditor, answered from the record: on the page, some at a time, or all of it as CSV. Answers say who
// did what to which row, never what the row says. Asking is itself on record, with the rows that the answer is about.

// inquiry is a question on its way: of whom or what, and when.
type inquiry struct {
	name     flow.Question
	of       string // what was typed, or a colleague's row
	kind     string // by what a person was found
	shown    []string
	query    ledger.Query
	entry    int64 // that it was asked: it answers with what was before
	from, to time.Time
}

// answerLine is one entry, with what a reader needs to know which row it is about.
type answerLine struct {
	recordLine
	Ref      string    `json:"ref,omitempty"` // of the application, or the certificate's number
	Document *sdk.Text `json:"document,omitempty"`
	Seconds  int       `json:"seconds"` // quick decisions: how long they looked at most,
	Never    bool      `json:"never"`   // or that they never did
	Leaf     string    `json:"leaf,omitempty"`
	In       bool      `json:"in"`
}

// recordQuestions says what can be asked, of whom, and about which types.
func recordQuestions(c *call, _ command.View[*records.Desk]) (any, error) {
	all, err := records.Staffs(c.s.Desk.App.DB(), flow.Invited, flow.Active, flow.Deactivated)
	if err != nil {
		return nil, err
	}
	people := []map[string]string{}
	for _, s := range all {
		people = append(people, map[string]string{"id": s.ID, "name": s.Name, "state": string(s.State)})
	}
	types, err := c.typeNames()
	return map[string]any{"questions": flow.Questions, "colleagues": people, "types": types}, err
}

// recordAnswer answers one question, after it is on record that it was asked.
func recordAnswer(c *call) error {
	if _, err := command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.SeeRecord, records.DeskID); err != nil {
		return err
	}
	if err := c.limit("search_person", c.by.ID); err != nil {
		return err
	}
	q := c.e.Request.URL.Query()
	a, err := c.ask(flow.Question(c.e.Request.PathValue("question")), strings.TrimSpace(q.Get("of")), q.Get("from"), q.Get("to"))
	if err != nil {
		return err
	}
	if a.entry, err = c.searched(string(a.name), q.Encode(), a.shown); err != nil {
		return err
	}
	if q.Get("as") == "csv" {
		return c.answerCSV(a)
	}
	return c.answerPage(a, q.Get("before"))
}

// ask finds out which entries a question is about.
func (c *call) ask(name flow.Question, of, from, to string) (*inquiry, error) {
	a := &inquiry{name: name, of: of}
	var err error
	if a.from, a.to, err = c.days(from, to); err != nil {
		return nil, err
	}
	a.query = ledger.Query{From: a.from, To: a.to, Newest: true}
	switch name {
	case flow.SawPerson:
		return a, c.aboutPerson(a)
	case flow.ActsOf:
		if _, err := records.Load[*records.Staff](c.s.Desk.App.DB(), of); err != nil {
			return nil, err
		}
		a.query.Actor = "staff:" + of
	case flow.RuleChanges:
		a.query.Acts = texts(flow.RuleActs)
	case flow.QuickDecisions:
		a.query.Acts, a.query.Newest = texts(flow.DecisionActs), false
	default:
		return nil, records.ErrNotFound
	}
	return a, nil
}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// aboutPerson finds the rows of a person: cases that name them, holders, certificates.
func (c *call) aboutPerson(a *inquiry) error {
	db := c.s.Desk.App.DB()
	kind, where := c.searchKey(a.of)
	a.kind = kind
	ids := func(table string, where dbx.Expression) (list []string, err error) {
		err = db.Select("id").From(table).Where(where).Limit(queueRows).Column(&list)
		return list, err
	}
	within := func(column string, list []string) dbx.Expression {
		values := make([]any, len(list))
		for i, s := range list {
			values[i] = s
		}
		return dbx.In(column, values...)
	}
	if where == nil {
		where = dbx.NewExp("FALSE")
	}
	cases, err := ids("applications", where)
	if err != nil {
		return err
	}
	var holders []string
	if err := db.Select("holder").Distinct(true).From("applications").Where(within("id", cases)).Column(&holders); err != nil {
		return err
	}
	certificates, err := ids("certificates", within("holder", holders))
	if err != nil {
		return err
	}
	a.shown = cases
	a.query.About = &ledger.About{Nouns: []string{"applications", "holders", "certificates"}, IDs: append(append(cases, holders...), certificates...), Showing: string(flow.SearchRecord)}
	return nil
}

// answerRows is how many entries a page of an answer has.
const answerRows = 200

func (c *call) answerPage(a *inquiry, before string) error {
	entries, quick, err := c.entries(a, number(before))
	if err != nil {
		return err
	}
	more := len(entries) > answerRows
	entries = entries[:min(len(entries), answerRows)]
	lines, err := c.answerLines(entries, quick)
	if err != nil {
		return err
	}
	seqs := make([]int64, len(entries))
	for i, e := range entries {
		seqs[i] = e.Seq
	}
	proofs, size, root, err := ledger.Proved(c.s.Desk.App.DB(), 0, seqs)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].Leaf, lines[i].In = proofs[lines[i].Seq].Leaf, proofs[lines[i].Seq].In
	}
	return c.answer(map[string]any{"rows": lines, "more": more, "kind": a.kind, "found": len(a.shown), "size": size, "root": root})
}

// entries reads the next entries of an answer, one more than a page has if there are more.
func (c *call) entries(a *inquiry, before int64) ([]ledger.Entry, map[int64]glance, error) {
	if a.name == flow.QuickDecisions {
		return c.quickDecisions(a, before)
	}
	q := a.query
	if q.After, q.Limit = before, answerRows+1; before == 0 {
		q.After = a.entry
	}
	list, err := ledger.Search(c.s.Desk.App.DB(), q)
	return list, nil, err
}

// glance is how long somebody can have looked before deciding.
type glance struct {
	time  time.Duration
	never bool
}

// quickDecisions finds the decisions that were made within a minute, the newest first. It reads every decision of the time
// that is asked about, and for each when its decider first saw the case.
func (c *call) quickDecisions(a *inquiry, before int64) ([]ledger.Entry, map[int64]glance, error) {
	db, q := c.s.Desk.App.DB(), a.query
	if !q.From.IsZero() {
		q.From = q.From.Add(-time.Hour) // the decision before the first one
	}
	type last struct{ entry, other ledger.Entry }
	by := map[string]last{}
	var list []ledger.Entry
	times := map[int64]glance{}
	for q.Limit = 1000; ; {
		page, err := ledger.Search(db, q)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range page {
			q.After = e.Seq
			if !strings.HasPrefix(e.Actor, "staff:") {
				continue
			}
			l := by[e.Actor]
			if l.entry.Target != e.Target {
				l.other = l.entry
			}
			l.entry = e
			by[e.Actor] = l
			if e.At.Before(a.from) || before > 0 && e.Seq >= before {
				continue
			}
			seen, err := ledger.Search(db, ledger.Query{Actor: e.Actor, Noun: e.Noun, Target: e.Target, Acts: []string{string(flow.ViewCase), string(flow.ViewDocument)}, Limit: 1})
			if err != nil {
				return nil, nil, err
			}
			var first time.Time
			if len(seen) > 0 && seen[0].Seq < e.Seq {
				first = seen[0].At
			}
			if span, quick := flow.QuickDecision(first, l.other.At, e.At); quick {
				list, times[e.Seq] = append(list, e), glance{span, first.IsZero()}
			}
		}
		if len(page) < q.Limit {
			break
		}
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, times, nil
}

func (c *call) answerLines(entries []ledger.Entry, quick map[int64]glance) ([]answerLine, error) {
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	refs := &rowRefs{call: c, seen: map[string]string{}, slots: map[string]*sdk.Text{}}
	lines := []answerLine{}
	for _, e := range entries {
		l := answerLine{recordLine: c.recordLine(e, names), Seconds: int(quick[e.Seq].time.Seconds()), Never: quick[e.Seq].never}
		if l.Ref, err = refs.of(e.Noun, e.Target); err != nil {
			return nil, err
		}
		if e.Act == string(flow.ViewDocument) {
			if l.Document, err = refs.document(e.Reason); err != nil {
				return nil, err
			}
			l.Why = ""
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// rowRefs finds how people call the rows that entries are about, each once.
type rowRefs struct {
	*call
	seen  map[string]string
	slots map[string]*sdk.Text
}

// refColumns are where a row has the name that people call it by.
var refColumns = map[string]string{"applications": "ref", "certificates": "number", "staff": "name"}

func (r *rowRefs) of(noun, id string) (string, error) {
	column, ok := refColumns[noun]
	if !ok {
		return "", nil
	}
	if ref, ok := r.seen[noun+" "+id]; ok {
		return ref, nil
	}
	var found []string
	err := r.s.Desk.App.DB().Select(column).From(noun).Where(dbx.HashExp{"id": id}).Column(&found)
	if err != nil || len(found) == 0 {
		return "", err
	}
	r.seen[noun+" "+id] = found[0]
	return found[0], nil
}

// document says for which slot a document was handed in; nil if there is no such document any more.
func (r *rowRefs) document(id string) (*sdk.Text, error) {
	if t, ok := r.slots[id]; ok {
		return t, nil
	}
	doc, err := records.Load[*records.Document](r.s.Desk.App.DB(), id)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	app, err := records.Load[*records.Application](r.s.Desk.App.DB(), doc.Application)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	typ, err := r.s.Desk.Type(app.Digest)
	if err != nil {
		return nil, err
	}
	for _, s := range typ.Slots {
		if s.ID == doc.Slot {
			r.slots[id] = &s.Name
		}
	}
	return r.slots[id], nil
}
