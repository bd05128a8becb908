package records

// Reading the people around a row together with the holder that the row belongs to: one statement, whatever they are.

import (
	"strings"

	"github.com/pocketbase/dbx"
)

// persons lists, separated by commas, the blind indexes of everybody named in a case.
const personsOf = "coalesce((SELECT group_concat(blind) FROM persons WHERE application=?), '')"

// holderAnd reads a holder with its members and, in the same statement, further values: extra is SQL with "?" for each of
// values, and into takes what it selects. ErrNotFound if there is no such holder.
func holderAnd(db dbx.Builder, id, extra string, values []any, into ...any) (*Holder, error) {
	var h *Holder
	var m Member
	into = append([]any{&m.ID, &m.Rev, &m.State, &m.Made, &m.Holder, &m.Applicant, &m.Role}, into...)
	if extra != "" {
		extra = ", " + extra
	}
	err := eachWith(db, planFrom[*Holder](), "SELECT "+holderColumns+", coalesce(m.id, ''), coalesce(m.rev, 0), coalesce(m.state, ''), coalesce(m.made, ''),"+
		" coalesce(m.holder, ''), coalesce(m.applicant, ''), coalesce(m.role, '')"+extra+
		" FROM holders h LEFT JOIN members m ON m.holder=h.id AND m.state='active' WHERE h.id=? ORDER BY m.made, m.id", append(values, id), into, func(row Row) error {
		if h == nil { // the columns of the holder are the same beside each member
			h = row.(*Holder)
			Keep(h)
		}
		if m.ID != "" {
			one := m
			Keep(&one)
			h.members = append(h.members, &one)
		}
		return nil
	})
	if err == nil && h == nil {
		err = ErrNotFound
	}
	return h, err
}

var holderColumns = planFrom[*Holder]().list("h")

// list names the columns of the plan as those of a table that goes by another name.
func (p *plan) list(as string) string {
	var names []string
	for _, c := range p.columns {
		names = append(names, as+".`"+c.name+"`")
	}
	return strings.Join(names, ",")
}
