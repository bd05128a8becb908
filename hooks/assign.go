package hooks

import (
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// waitingCase is one line of the queue.
type waitingCase struct {
	ID       string   `json:"id"`
	Ref      string   `json:"ref"`
	Kind     string   `json:"kind"`
	Name     string   `json:"name,omitempty"` // only on one's own cases, and for leads
	Type     string   `json:"type"`
	TypeName sdk.Text `json:"typeName"`
	State    string   `json:"state"`
	Assignee string   `json:"assignee"`
	Who      string   `json:"who"` // the assignee's name
	Due      string   `json:"due"`
	How      string   `json:"how"` // late, today, soon or stopped
	At       string   `json:"at"`  // submitted
	Checked  string   `json:"checked"`
	Release  string   `json:"releaseAt,omitempty"`
	Unread   string   `json:"unread,omitempty"` // since when something the applicant wrote is unread
	CallOn   string   `json:"callOn,omitempty"` // the day of the next try to ring them
}

type queuePage struct {
	Rows   []waitingCase  `json:"rows"`
	Counts map[string]int `json:"counts"`
	Total  int            `json:"total"`
	Next   string         `json:"next,omitempty"` // where the next page begins
	Types  []typeName     `json:"types"`
}

type typeName struct {
	ID   string   `json:"id"`
	Name sdk.Text `json:"name"`
}

const (
	queueRows = 200
	countedTo = 1000 // one more means "more than these": nobody waits for an exact count of all that was ever closed
)

const (
	openCases   = records.OpenCases
	closedCases = records.ClosedCases
)

// dated walks the open cases in the order of their dates: asked for a range, SQLite takes the index that has nothing else.
const dated = openCases + " AND due_on>=''"

// queue shows the cases by filter: mine (default), unassigned, late, all, recheck, waiting (decided, not yet released), closed; and,
// of one's own or for leads of everybody's, unread (the applicant wrote, the longest first) and calls (somebody is to be
// rung again, by the day).
func queue(c *call, v command.View[*records.Desk]) (any, error) {
	db, q := c.s.Desk.App.DB(), c.e.Request.URL.Query()
	out := queuePage{Rows: []waitingCase{}, Counts: map[string]int{}}
	for _, f := range []string{"mine", "unassigned", "late", "all", "recheck", "waiting", "unread", "calls", "closed"} {
		n, err := records.CountTo(db, "applications", queueFilter(f, v), countedTo+1)
		if err != nil {
			return nil, err
		}
		out.Counts[f] = n
	}
	filter := q.Get("filter")
	where := []dbx.Expression{queueFilter(filter, v)}
	if t := q.Get("type"); t != "" {
		where = append(where, dbx.HashExp{"type": t})
	}
	by := queueSorting(filter)
	if behind := by.after(q.Get("after")); behind != nil {
		where = append(where, behind)
	}
	rows, err := records.Queue(db, dbx.And(where...), queueRows+1, by.order()...)
	if err != nil {
		return nil, err
	}
	if len(rows) > queueRows {
		rows = rows[:queueRows]
		out.Next = by.mark(rows[queueRows-1])
	}
	out.Total = out.Counts[filter]
	if filter == "" {
		out.Total = out.Counts["mine"]
	}
	out.Rows, err = c.lines(rows, v)
	if err != nil {
		return nil, err
	}
	out.Types, err = c.typeNames()
	return out, err
}

func queueFilter(name string, v command.View[*records.Desk]) dbx.Expression {
	open := dbx.NewExp(openCases)
	switch name {
	case "unassigned":
		return dbx.HashExp{"state": []any{"submitted", "proposed", "appealed", "questioned", "heard"}, "assignee": ""}
	case "late":
		return dbx.And(open, dbx.NewExp("due_on < {:today}", dbx.Params{"today": string(v.Today)}))
	case "all":
		return dbx.NewExp(dated)
	case "recheck":
		return dbx.And(open, dbx.HashExp{"kind": "recheck"})
	case "waiting":
		return dbx.NewExp("state='decided'")
	case "closed":
		return dbx.NewExp(closedCases + " AND closed_at>=''")
	case "unread":
		return theirs("unread<>''", v)
	case "calls":
		return theirs("call_on<>''", v)
	}
	return dbx.And(open, dbx.HashExp{"assignee": v.By.ID})
}

// theirs narrows cases to those that a colleague may open: a lead every one, others their own.
func theirs(where string, v command.View[*records.Desk]) dbx.Expression {
	if v.By.Has(flow.Lead) {
		return dbx.NewExp(where)
	}
	return dbx.NewExp(where+" AND +assignee={:who}", dbx.Params{"who": v.By.ID}) // the plus keeps SQLite from walking through all that they ever had
}

// lines turns rows into what the queue shows. A name is shown on one's own cases and to leads.
func (c *call) lines(rows []*records.Listed, v command.View[*records.Desk]) ([]waitingCase, error) {
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	types, err := c.typeTexts()
	if err != nil {
		return nil, err
	}
	list := []waitingCase{}
	for _, a := range rows {
		w := waitingCase{ID: a.ID, Ref: a.Ref, Kind: a.Kind, Type: a.Type, TypeName: types[a.Type], State: string(a.State), Assignee: a.Assignee,
			Who: names[a.Assignee], Due: a.DueOn, How: dueHow(a.State, a.DueOn, v.Today), At: a.SubmittedAt, Checked: a.Checked, Release: a.ReleaseAt,
			Unread: a.Unread, CallOn: a.CallOn}
		if a.Assignee == v.By.ID || v.By.Has(flow.Lead) {
			if w.Name, err = c.s.Desk.CaseName(a); err != nil {
				w.Name = ""
			}
		}
		list = append(list, w)
	}
	return list, nil
}

func dueHow(state flow.State, due string, today flow.Day) string {
	switch {
	case state == flow.AwaitingApplicant || state == flow.OnHold:
		return "stopped"
	case due < string(today):
		return "late"
	case due == string(today):
		return "today"
	}
	return "soon"
}

func (c *call) staffNames() (map[string]string, error) {
	all, err := records.Staffs(c.s.Desk.App.DB(), flow.Invited, flow.Active, flow.Deactivated)
	names := map[string]string{}
	for _, s := range all {
		names[s.ID] = s.Name
	}
	return names, err
}

func (c *call) typeTexts() (map[string]sdk.Text, error) {
	all, err := records.All[*records.Type](c.s.Desk.App.DB(), nil)
	texts := map[string]sdk.Text{}
	for _, t := range all {
		texts[t.ID] = sdk.Text{ZhHans: t.NameZh, En: t.NameEn}
	}
	return texts, err
}

func (c *call) typeNames() ([]typeName, error) {
	all, err := records.All[*records.Type](c.s.Desk.App.DB(), dbx.In("state", "enabled", "disabled"))
	list := []typeName{}
	for _, t := range all {
		list = append(list, typeName{t.ID, sdk.Text{ZhHans: t.NameZh, En: t.NameEn}})
	}
	return list, err
}

// search finds cases and certificates exactly: by reference, certificate number, full name, ID number or phone. That
// somebody searched is on record, by what kind of key; what was typed is not.
func search(c *call) error {
	q := strings.TrimSpace(c.e.Request.URL.Query().Get("q"))
	v, kind, rows, err := c.found(q)
	if err != nil {
		return err
	}
	shown := make([]string, len(rows))
	for i, a := range rows {
		shown[i] = a.ID
	}
	if _, err := c.searched(kind, q, shown); err != nil {
		return err
	}
	list, err := c.lines(rows, v)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"kind": kind, "rows": list})
}

// found finds the cases for what somebody typed, and by what kind of key; whoever asks may search and is counted. The caller puts it on
// record before anything is shown.
func (c *call) found(q string) (v command.View[*records.Desk], kind string, rows []*records.Listed, err error) {
	if v, err = command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.SearchRecord, records.DeskID); err == nil {
		err = c.limit("search_person", c.by.ID)
	}
	if err != nil {
		return v, "", nil, err
	}
	kind, where := c.searchKey(q)
	if where != nil {
		rows, err = records.Queue(c.s.Desk.App.DB(), dbx.And(where, dbx.NewExp("ref<>''")), queueRows, "submitted_at DESC")
	}
	return v, kind, rows, err
}

// searched records that somebody searched, before anything is shown, and returns the number of the entry.
func (c *call) searched(kind, typed string, shown []string) (int64, error) {
	r, err := command.Run(c.ctx(), c.s.Desk, c.by, command.SearchRecord, command.At{ID: records.DeskID},
		command.Search{Kind: kind, Hash: c.s.Desk.Vault.Blind("search", typed), Shown: shown})
	return r.Seq, err
}

// numbered reports whether there is a certificate with this number.
func (c *call) numbered(number string) bool {
	n, err := records.Count(c.s.Desk.App.DB(), "certificates", dbx.HashExp{"number": number})
	return err == nil && n > 0
}

func (c *call) searchKey(q string) (string, dbx.Expression) {
	d := c.s.Desk
	byPerson := func(blind string) dbx.Expression {
		return dbx.NewExp("id IN (SELECT application FROM persons WHERE blind={:b})", dbx.Params{"b": blind})
	}
	upper := strings.ToUpper(q)
	switch {
	case q == "":
		return "none", nil
	case strings.HasPrefix(upper, "R-"):
		return "ref", dbx.HashExp{"ref": upper}
	case strings.HasPrefix(upper, "C-"):
		return "number", dbx.NewExp("id IN (SELECT application FROM certificates WHERE number={:n})", dbx.Params{"n": upper})
	}
	if number := flow.TypedNumber(q); c.numbered(number) { // of a register that was taken over
		return "number", dbx.NewExp("id IN (SELECT application FROM certificates WHERE number={:n})", dbx.Params{"n": number})
	}
	if id, err := sdk.ParseResidentID(q, d.Now()); err == nil {
		return "id", byPerson(d.BlindID(id.Number))
	}
	if code, err := sdk.ParseCreditCode(q); err == nil {
		return "id", byPerson(d.BlindID(code))
	}
	if phone, err := sdk.NormalPhone(q); err == nil {
		return "phone", byPerson(d.BlindPhone(phone))
	}
	if name, err := sdk.NormalName(q); err == nil {
		return "name", byPerson(d.BlindName(name))
	}
	return "name", byPerson(d.BlindName(q))
}
