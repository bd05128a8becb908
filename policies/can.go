package policies

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

// Decision is the answer to "may they?", and why.
type Decision struct {
	Allow   bool
	Line    string // the line of policy.csv that decided; empty where no line allows it
	Because string // the same in words, for the log
}

// enforcer is what we use of Casbin.
type enforcer interface {
	EnforceEx(rvals ...any) (bool, []string, error)
}

// gate holds the lines of one act. Casbin walks through all lines on each question, and a line of another act cannot
// match: apart, they answer the same with less to walk. What Casbin has answered is kept, for the lines never change.
type gate struct {
	mu     sync.Mutex
	casbin enforcer
	rules  []rule
	named  map[cell]bool // words that a line names, each alone in its cell: no other can match
	known  sync.Map      // cell → answer
}

type cell struct{ role, state, relation string }

type answer struct {
	allow bool
	by    *rule // the line that decided, nil if none matched
}

// Can reports whether somebody with these roles, standing in these relations to a row in this state, may do the act: at
// least one line allows it for one of their roles and relations, and none denies it for any. Everybody stands in
// relation any. An unknown or empty word, an error of Casbin's or a panic denies.
func (p *Policy) Can(roles []string, act, state string, relations []string) Decision {
	allow, r, as, err := p.ask(roles, act, state, relations)
	switch {
	case err != nil:
		return Decision{Because: "denied: " + err.Error()}
	case r == nil:
		return Decision{Because: fmt.Sprintf("no line lets %s %s in state %s as %s", strings.Join(roles, ", "), act, state, strings.Join(relations, ", "))}
	case !allow:
		return Decision{Line: r.String(), Because: as.role + " may never " + r.act + " as " + as.relation}
	}
	return Decision{true, r.String(), as.role + " may " + r.act + " as " + as.relation}
}

// ask returns the answer, the line that gives it, nil if none does, and for which role and relation. An error always comes with false.
func (p *Policy) ask(roles []string, act, state string, relations []string) (allow bool, by *rule, as cell, err error) {
	defer func() {
		if r := recover(); r != nil {
			allow, by, err = false, nil, fmt.Errorf("the policy failed: %v", r)
		}
	}()
	g, err := p.question(roles, act, state, relations)
	if g == nil { // no line is about this act, or the question is none
		return false, nil, as, err
	}
	for _, c := range cells(roles, state, relations) {
		a, err := g.answer(c, act)
		if err != nil {
			return false, nil, c, fmt.Errorf("the policy failed: %w", err)
		}
		if a.by != nil && !a.allow {
			return false, a.by, c, nil
		}
		if by == nil {
			by, as = a.by, c
		}
	}
	return by != nil, by, as, nil
}

// question returns the gate of the act, nil if no line is about it. It refuses words that no line could name before
// Casbin sees them: an empty policy matches empty words.
func (p *Policy) question(roles []string, act, state string, relations []string) (*gate, error) {
	if len(roles) == 0 {
		return nil, fmt.Errorf("no role")
	}
	for _, r := range roles {
		if err := p.words.know("role", r); err != nil {
			return nil, err
		}
	}
	for _, r := range relations {
		if err := p.words.know("relation", r); err != nil {
			return nil, err
		}
	}
	if err := p.words.know("state", state); err != nil {
		return nil, err
	}
	if err := p.words.know("act", act); err != nil {
		return nil, err
	}
	return p.gates[act], nil
}

// cells lists what Casbin is asked: each role with each relation, in any state and in this one.
func cells(roles []string, state string, relations []string) []cell {
	states := []string{Any}
	if state != Any {
		states = append(states, state)
	}
	all := make([]cell, 0, len(roles)*len(states)*(len(relations)+1))
	for _, role := range roles {
		for _, s := range states {
			all = append(all, cell{role, s, Any})
			for _, r := range relations {
				if r != Any {
					all = append(all, cell{role, s, r})
				}
			}
		}
	}
	return all
}

func (g *gate) answer(c cell, act string) (answer, error) {
	if !g.named[cell{role: c.role}] || !g.named[cell{state: c.state}] || !g.named[cell{relation: c.relation}] {
		return answer{}, nil
	}
	if a, ok := g.known.Load(c); ok {
		return a.(answer), nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	allow, values, err := g.casbin.EnforceEx(c.role, act, c.state, c.relation)
	if err != nil {
		return answer{}, err
	}
	a := answer{}
	if len(values) > 0 { // an answer that no line gives is none
		if a.by = g.find(values); a.by == nil {
			return answer{}, fmt.Errorf("a line that is not in policy.csv decided: %q", values)
		}
		a.allow = allow && a.by.effect == "allow"
	}
	g.known.Store(c, a)
	return a, nil
}

func (g *gate) name(r rule) {
	g.named[cell{state: r.state}] = true
	for _, role := range r.roles {
		g.named[cell{role: role}] = true
	}
	for _, relation := range r.relations {
		g.named[cell{relation: relation}] = true
	}
}

func (g *gate) find(values []string) *rule {
	for i := range g.rules {
		if slices.Equal(g.rules[i].values(), values) {
			return &g.rules[i]
		}
	}
	return nil
}

// build makes the gates.
func (p *Policy) build() error {
	conf, err := embedded.ReadFile("model.conf")
	if err != nil {
		return err
	}
	lines := map[string][]rule{}
	for _, r := range p.rules {
		lines[r.act] = append(lines[r.act], r)
	}
	for act, rules := range lines {
		if p.gates[act], err = newGate(string(conf), p.links, rules); err != nil {
			return fmt.Errorf("policy.csv: %s: %w", act, err)
		}
	}
	return nil
}

func newGate(conf string, groups links, rules []rule) (*gate, error) {
	m, err := model.NewModelFromString(conf)
	if err != nil {
		return nil, err
	}
	g := &gate{rules: rules, named: map[cell]bool{}}
	for _, r := range rules {
		g.name(r)
		if err := m.AddPolicy("p", "p", r.values()); err != nil {
			return nil, err
		}
	}
	for _, l := range groups {
		if err := m.AddPolicy("g", l.of, l.values()); err != nil {
			return nil, err
		}
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	if err := e.BuildRoleLinks(); err != nil {
		return nil, err
	}
	g.casbin = e
	return g, g.try(e)
}

// try asks what must be denied, and whether Casbin holds every line.
func (g *gate) try(e *casbin.Enforcer) error {
	held, err := e.GetPolicy()
	if err != nil {
		return err
	}
	if len(held) != len(g.rules) {
		return fmt.Errorf("casbin holds %d lines of %d", len(held), len(g.rules))
	}
	for _, canary := range [][]any{{"", "", "", ""}, {"nobody", g.rules[0].act, Any, Any}} {
		ok, err := e.Enforce(canary...)
		if err != nil {
			return err
		}
		if ok {
			return fmt.Errorf("casbin allows %q", canary)
		}
	}
	return nil
}
