package hooks

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/records"
)

// The queue is read in pages. A page ends with the values by which its last row was sorted, and the next one begins behind
// them: however many cases there are, and whatever happened to that row meanwhile.

// sorting is the order of a filter: by these columns, the last of them the id.
type sorting struct {
	columns []string
	desc    bool
}

func queueSorting(filter string) sorting {
	switch filter {
	case "closed":
		return sorting{[]string{"closed_at", "id"}, true}
	case "unread":
		return sorting{[]string{"unread", "id"}, false}
	case "calls":
		return sorting{[]string{"call_on", "id"}, false}
	}
	return sorting{[]string{"due_on", "submitted_at", "id"}, false}
}

// order is the sorting as SQL has it.
func (s sorting) order() []string {
	if !s.desc {
		return s.columns
	}
	all := make([]string, len(s.columns))
	for i, c := range s.columns {
		all[i] = c + " DESC"
	}
	return all
}

const markPart = "~" // between the values of a mark; none of them contains it

// mark is where a page that ends with this row ends.
func (s sorting) mark(a *records.Listed) string {
	of := map[string]string{"due_on": a.DueOn, "submitted_at": a.SubmittedAt, "closed_at": a.ClosedAt, "unread": a.Unread, "call_on": a.CallOn, "id": a.ID}
	all := make([]string, len(s.columns))
	for i, c := range s.columns {
		all[i] = of[c]
	}
	return strings.Join(all, markPart)
}

// after is the condition on the rows behind a mark; nil for one that is none of this order: that page is the first.
func (s sorting) after(mark string) dbx.Expression {
	values := strings.Split(mark, markPart)
	if mark == "" || len(values) != len(s.columns) {
		return nil
	}
	names, params := make([]string, len(values)), dbx.Params{}
	for i, v := range values {
		names[i] = fmt.Sprintf("{:after%d}", i)
		params[names[i][2:len(names[i])-1]] = v
	}
	than := map[bool]string{false: ">", true: "<"}[s.desc]
	return dbx.NewExp(fmt.Sprintf("(%s) %s (%s)", strings.Join(s.columns, ","), than, strings.Join(names, ",")), params)
}
