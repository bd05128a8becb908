package policies

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// decision is one line of decisions.csv: what an auditor expects of a role and an act.
type decision struct {
	line                   int
	role, act              string
	states, allowed, never []string
}

func readDecisions(fsys fs.FS, w words) ([]decision, error) {
	const name = "decisions.csv"
	rows, err := readTable(fsys, name, 5)
	if err != nil {
		return nil, err
	}
	if head := strings.Join(rows[0].cells, ","); head != "role,act,states,allowed,never" {
		return nil, fmt.Errorf("%s:%d: the columns are %q, not role,act,states,allowed,never", name, rows[0].line, head)
	}
	var all []decision
	for _, r := range rows[1:] {
		d := decision{r.line, r.cells[0], r.cells[1], strings.Fields(r.cells[2]), strings.Fields(r.cells[3]), strings.Fields(r.cells[4])}
		if err := d.check(w, all); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, r.line, err)
		}
		all = append(all, d)
	}
	return all, counted(fsys, name, len(all))
}

func (d decision) check(w words, before []decision) error {
	if err := w.know("role", d.role); err != nil {
		return err
	}
	if err := w.know("act", d.act); err != nil {
		return err
	}
	for _, s := range d.states {
		if err := w.know("state", s); err != nil {
			return err
		}
	}
	for _, r := range append(slices.Clone(d.allowed), d.never...) {
		if err := w.know("relation", r); err != nil {
			return err
		}
	}
	if len(d.states) == 0 || len(d.allowed) == 0 {
		return fmt.Errorf("%s %s: without a state and a relation it allows nothing; leave the line out", d.role, d.act)
	}
	for _, b := range before {
		if b.role == d.role && b.act == d.act && slices.Equal(b.states, d.states) {
			return fmt.Errorf("%s %s: line %d says it already", d.role, d.act, b.line)
		}
	}
	return nil
}

// says reads the lines about a role and an act: whether one lets it be, and whether one never does.
func says(all []decision, role, act, state string, relations []string) (allow, never bool) {
	relations = append([]string{Any}, relations...)
	for _, d := range all {
		if d.role != role || d.act != act || !slices.Contains(d.states, state) && !slices.Contains(d.states, Any) {
			continue
		}
		never = never || overlap(d.never, relations)
		allow = allow || overlap(d.allowed, relations)
	}
	return allow, never
}

// Expects answers from decisions.csv alone, without policy.csv and without Casbin: what an auditor expects of somebody with
// these roles. One line has to let it be, and none may say never.
func (p *Policy) Expects(roles []string, act, state string, relations []string) bool {
	may := false
	for _, role := range roles {
		allow, never := says(p.decisions, role, act, state, relations)
		if never {
			return false
		}
		may = may || allow
	}
	return may
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// agree compares policy and decisions in every role and act that either names, in every state that either names and in
// one that neither does, for every relation and pair of relations. Pairs show whether a denial outweighs a right.
func (p *Policy) agree() error {
	for _, act := range p.Acts() {
		for _, role := range p.Roles() {
			states, lines := p.statesNamed(role, act)
			for _, state := range states {
				if err := p.agreeIn(role, act, state, lines); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (p *Policy) agreeIn(role, act, state string, lines []decision) error {
	relations := p.Relations()
	ours, theirs := make([]side, len(relations)), make([]side, len(relations))
	for i, r := range relations {
		allow, by, _, err := p.ask([]string{role}, act, state, []string{r})
		if err != nil {
			return err
		}
		ours[i] = side{allow, by != nil && !allow}
		theirs[i].allow, theirs[i].never = says(lines, role, act, state, []string{r})
	}
	for i, a := range relations {
		for j, b := range relations[i:] {
			if got, want := ours[i].with(ours[i+j]), theirs[i].with(theirs[i+j]); got != want {
				return fmt.Errorf("may %s %s in state %s as %s and %s? policy.csv says %s, decisions.csv says %s",
					role, act, state, a, b, yesNo(got), yesNo(want))
			}
		}
	}
	return nil
}

// side is what a relation brings to an answer: a right, or a denial that outweighs every right.
type side struct{ allow, never bool }

func (s side) with(o side) bool { return (s.allow || o.allow) && !s.never && !o.never }

// statesNamed returns the states to look at for a role and an act, none if neither file names the two; and the lines of
// decisions.csv about them.
func (p *Policy) statesNamed(role, act string) (states []string, lines []decision) {
	for _, r := range p.rules {
		if slices.Contains(r.roles, role) && r.act == act {
			states = append(states, r.state)
		}
	}
	for _, d := range p.decisions {
		if d.role == role && d.act == act {
			states, lines = append(states, d.states...), append(lines, d)
		}
	}
	if states == nil {
		return nil, nil
	}
	states = append(states, Any)
	for _, s := range p.States() { // one that nobody names
		if !slices.Contains(states, s) {
			states = append(states, s)
			break
		}
	}
	slices.Sort(states)
	return slices.Compact(states), lines
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
