// Package policies says who may do what, in relation to what. The lines are data (policy.csv), Casbin reads them, and
// decisions.csv says by hand, in an auditor's words, what they must amount to. Casbin lets everybody in where a policy is
// empty, cut off or misspelt; so nothing is used here before every line and every decision has been compared.
package policies

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed model.conf policy.csv decisions.csv words.csv
var embedded embed.FS

// Any is the state and the relation that hold for everybody and always.
const Any = "any"

// Policy is a checked policy. It never changes, and is safe for concurrent use.
type Policy struct {
	words     words
	links     links
	rules     []rule
	decisions []decision
	gates     map[string]*gate // by act
}

// rule is one line of policy.csv.
type rule struct {
	line                               int
	role, act, state, relation, effect string
	roles, relations                   []string // that role and relation stand for
}

func (r rule) String() string {
	return fmt.Sprintf("policy.csv:%d: p, %s, %s, %s, %s, %s", r.line, r.role, r.act, r.state, r.relation, r.effect)
}

func (r rule) values() []string { return []string{r.role, r.act, r.state, r.relation, r.effect} }

// Embedded returns the policy that this version carries.
func Embedded() (*Policy, error) { return embeddedPolicy() }

var embeddedPolicy = sync.OnceValues(func() (*Policy, error) { return Load(embedded) })

// Load reads and checks model.conf, policy.csv and decisions.csv of a folder. Any doubt is an error that names file and
// line: a model other than ours, an unknown word, a misspelt effect, a line given twice or cut off, a wrong count of
// rows, or a cell in which policy and decisions disagree.
func Load(fsys fs.FS) (*Policy, error) {
	if err := checkModel(fsys); err != nil {
		return nil, err
	}
	p := &Policy{gates: map[string]*gate{}}
	var err error
	if p.words, err = readWords(); err != nil {
		return nil, err
	}
	if p.links, p.rules, err = readRules(fsys, p.words); err != nil {
		return nil, err
	}
	if p.decisions, err = readDecisions(fsys, p.words); err != nil {
		return nil, err
	}
	if err := p.build(); err != nil {
		return nil, err
	}
	return p, p.agree()
}

// checkModel refuses every model but ours: with another matcher or effect, the same lines mean something else.
func checkModel(fsys fs.FS) error {
	theirs, err := fs.ReadFile(fsys, "model.conf")
	if err != nil {
		return err
	}
	ours, err := embedded.ReadFile("model.conf")
	if err != nil {
		return err
	}
	if got, want := statements(theirs), statements(ours); !slices.Equal(got, want) {
		return fmt.Errorf("model.conf: it is not the model of this version; only policy.csv and decisions.csv may be changed")
	}
	return nil
}

// statements returns the lines of a model that say something.
func statements(conf []byte) []string {
	var all []string
	for line := range strings.Lines(string(conf)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

// Rows returns how many lines the policy has.
func (p *Policy) Rows() int { return len(p.links) + len(p.rules) }

// Acts returns the acts that a policy may name, in the order of words.csv.
func (p *Policy) Acts() []string { return p.words.ids("act") }

// Roles returns the roles that a policy may name.
func (p *Policy) Roles() []string { return p.words.ids("role") }

// Relations returns the relations that a policy may name.
func (p *Policy) Relations() []string { return p.words.ids("relation") }

// States returns the states that a policy may name, without any.
func (p *Policy) States() []string { return p.words.ids("state") }
