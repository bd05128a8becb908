package policies

import (
	"fmt"
	"slices"
)

// A group names several relations (g) or several roles (g2) that policy.csv always means together, so that nobody forgets one of
// them in a list. Casbin reads the same lines; decisions.csv knows no groups, and is compared cell by cell.

// link says that a relation or a role, or a group of them, belongs to a group.
type link struct {
	line           int
	of             string // g or g2
	member, within string
}

func (l link) values() []string { return []string{l.member, l.within} }

// grouped are the kinds of words that each letter groups: the word, and the group.
var grouped = map[string][2]string{"g": {"relation", "relations"}, "g2": {"role", "roles"}}

type links []link

// add takes a line of policy.csv that begins with g or g2. A group stands before what names it, and any is in none: what holds
// for everybody must be seen where it is said.
func (ls *links) add(line int, c []string, w words) error {
	kinds := grouped[c[0]]
	if len(c) != 3 {
		return fmt.Errorf("%s, member, group: it has %d parts", c[0], len(c))
	}
	l := link{line, c[0], c[1], c[2]}
	if err := w.know(kinds[1], l.within); err != nil {
		return err
	}
	if l.member == Any || w.know(kinds[0], l.member) != nil && len(ls.of(l.of, l.member)) == 0 {
		return fmt.Errorf("%q is no %s, and no group named before", l.member, kinds[0])
	}
	if slices.ContainsFunc(*ls, func(x link) bool { return x.of == l.of && x.member == l.within }) {
		return fmt.Errorf("%q belongs to a group already: what it is made of stands before", l.within)
	}
	for _, x := range ls.of(l.of, l.member, l.member) {
		if slices.Contains(ls.of(l.of, l.within), x) {
			return fmt.Errorf("%q is in %q already", x, l.within)
		}
	}
	*ls = append(*ls, l)
	return nil
}

// of returns the plain words behind a group; those of last where it is none.
func (ls links) of(letter, name string, last ...string) (all []string) {
	for _, l := range ls {
		if l.of == letter && l.within == name {
			all = append(all, ls.of(letter, l.member, l.member)...)
		}
	}
	if all == nil {
		return last
	}
	return all
}
