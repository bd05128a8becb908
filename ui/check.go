package ui

// Texts are checked against the templates at start: a key that a template asks for is there, with what its gaps need.

import (
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"text/template/parse"
)

// uses is what one template asks for: a key, or all keys under a prefix, and the names of the pairs beside it.
type use struct {
	key    string
	prefix bool
	pairs  []string
}

// sayers are the functions of templates that take a key first, pick those that take a prefix and a word.
var sayers, pickers = []string{"t", "th"}, []string{"tk"}

func (t *texts) check(set *template.Template) error {
	var errs []error
	for _, u := range usesOf(set) {
		errs = append(errs, t.checkUse(u))
	}
	return errors.Join(errs...)
}

func (t *texts) checkUse(u use) error {
	if u.prefix {
		for key := range t.gaps {
			if strings.HasPrefix(key, u.key+".") {
				return nil
			}
		}
		return fmt.Errorf("no text under %q", u.key)
	}
	gaps, ok := t.gaps[u.key]
	if !ok {
		return fmt.Errorf("no text %q", u.key)
	}
	for _, g := range gaps {
		if !slices.Contains(u.pairs, g) {
			return fmt.Errorf("text %q needs %q", u.key, g)
		}
	}
	return nil
}

func usesOf(set *template.Template) (all []use) {
	for _, t := range set.Templates() {
		if t.Tree != nil && t.Tree.Root != nil {
			walk(t.Tree.Root, func(c *parse.CommandNode) { all = append(all, useOf(c)...) })
		}
	}
	return all
}

func useOf(c *parse.CommandNode) []use {
	f, ok := c.Args[0].(*parse.IdentifierNode)
	if !ok || len(c.Args) < 2 {
		return nil
	}
	key, ok := c.Args[1].(*parse.StringNode)
	if !ok {
		return nil
	}
	u := use{key: key.Text, prefix: slices.Contains(pickers, f.Ident)}
	if !u.prefix && !slices.Contains(sayers, f.Ident) {
		return nil
	}
	for i := 2; i < len(c.Args); i += 2 {
		if s, ok := c.Args[i].(*parse.StringNode); ok {
			u.pairs = append(u.pairs, s.Text)
		}
	}
	return []use{u}
}

// walk visits every command of a template, those in brackets included.
func walk(n parse.Node, visit func(*parse.CommandNode)) {
	branch := func(b *parse.BranchNode) {
		walk(b.Pipe, visit)
		walk(b.List, visit)
		if b.ElseList != nil {
			walk(b.ElseList, visit)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, c := range n.Nodes {
			walk(c, visit)
		}
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, visit)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			walk(c, visit)
		}
	case *parse.CommandNode:
		visit(n)
		for _, a := range n.Args {
			walk(a, visit)
		}
	}
}
