package policies

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write docs/access.md anew")

func policy(t testing.TB) *Policy {
	t.Helper()
	p, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// folder is the embedded folder with some files changed.
func folder(t testing.TB, change map[string]func(string) string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"model.conf", "policy.csv", "decisions.csv"} {
		text, err := embedded.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if c := change[name]; c != nil {
			text = []byte(c(string(text)))
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

// expects answers from decisions.csv alone, for one role.
func expects(all []decision, role, act, state string, relations []string) bool {
	allow, never := says(all, role, act, state, relations)
	return allow && !never
}

// Every role, act, state, relation and pair of relations: the policy says what the auditor wrote, and nothing else.
func TestEveryCell(t *testing.T) {
	p := policy(t)
	relations, cells := p.Relations(), 0
	for _, act := range p.Acts() {
		for _, role := range p.Roles() {
			var lines []decision // the auditor's, about this role and act
			for _, d := range p.decisions {
				if d.role == role && d.act == act {
					lines = append(lines, d)
				}
			}
			for _, state := range append(p.States(), Any) {
				for i, a := range relations {
					for _, b := range relations[i:] {
						got, _, _, err := p.ask([]string{role}, act, state, []string{a, b})
						if want := expects(lines, role, act, state, []string{a, b}); got != want || err != nil {
							t.Errorf("may %s %s in %s as %s and %s? %v, expected %v (%v)", role, act, state, a, b, got, want, err)
						}
						cells++
					}
				}
			}
		}
	}
	t.Log(cells, "cells")
}

// Each row removed in turn leaves a cell that is no longer what the auditor wrote: no row is idle.
func TestEveryRowMatters(t *testing.T) {
	p := policy(t)
	for i, r := range p.rules {
		less := &Policy{words: p.words, links: p.links, gates: map[string]*gate{}}
		for j, x := range p.rules {
			if j != i && x.act == r.act { // other acts are not touched by it
				less.rules = append(less.rules, x)
			}
		}
		less.decisions = slices.DeleteFunc(slices.Clone(p.decisions), func(d decision) bool { return d.act != r.act })
		if err := less.build(); err != nil {
			t.Fatal(err)
		}
		if err := less.agree(); err == nil || !strings.Contains(err.Error(), "policy.csv says") {
			t.Errorf("%s: nothing changes without it (%v)", r, err)
		}
	}
}

// The other way round: each line of decisions.csv removed is noticed.
func TestEveryDecisionMatters(t *testing.T) {
	p := policy(t)
	for i, d := range p.decisions {
		less := &Policy{words: p.words, rules: p.rules, gates: p.gates, decisions: slices.Delete(slices.Clone(p.decisions), i, i+1)}
		less.rules = slices.DeleteFunc(slices.Clone(p.rules), func(r rule) bool { return r.act != d.act })
		less.decisions = slices.DeleteFunc(less.decisions, func(x decision) bool { return x.act != d.act })
		if err := less.agree(); err == nil || !strings.Contains(err.Error(), "decisions.csv says") {
			t.Errorf("decisions.csv:%d: nothing changes without it (%v)", d.line, err)
		}
	}
}

func TestSizeAndCoverage(t *testing.T) {
	p := policy(t)
	if p.Rows() >= 500 {
		t.Errorf("%d rows are more than a person reads", p.Rows())
	}
	for _, act := range p.Acts() {
		if p.gates[act] == nil {
			t.Errorf("nobody may %s", act)
		}
		w, _ := p.words.find("act", act)
		if _, ok := p.words.find("word", w.group); !ok {
			t.Errorf("%s belongs under %q, which is no word", act, w.group)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	with := func(file string, change func(string) string) map[string]func(string) string {
		return map[string]func(string) string{file: change}
	}
	swap := func(file, old, new string) map[string]func(string) string {
		return with(file, func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("%s has no %q", file, old)
			}
			return strings.Replace(s, old, new, 1)
		})
	}
	rows, decisions := policy(t).Rows(), len(policy(t).decisions)
	cut := func(s string, keep int) string { return strings.Join(strings.SplitAfter(s, "\n")[:keep], "") }
	for name, x := range map[string]struct {
		change map[string]func(string) string
		want   string
	}{
		"an empty policy":            {with("policy.csv", func(string) string { return "" }), "policy.csv: no rows in it"},
		"only remarks":               {with("policy.csv", func(string) string { return "# rows: 0\n" }), "policy.csv: no rows in it"},
		"a misspelt effect":          {swap("policy.csv", "involved, deny", "involved, Deny"), `"Deny" is neither allow nor deny`},
		"a policy cut at a line end": {with("policy.csv", func(s string) string { return cut(s, 150) }), `must end with the line "# rows:`},
		"cut within a line":          {with("policy.csv", func(s string) string { return cut(s, 150) + "p, reviewer, dec" }), "it has 3 parts"},
		"a row lost":                 {swap("policy.csv", "p, caseworker, decide, any, involved, deny\n", ""), fmt.Sprintf("it has %d rows, but says %d", rows-1, rows)},
		"a denial lost, well counted": {map[string]func(string) string{"policy.csv": func(s string) string {
			return strings.NewReplacer("p, caseworker, decide, any, involved, deny\n", "", count(rows), count(rows-1)).Replace(s)
		}}, "may reviewer decide in state any as owner and assignee? policy.csv says yes, decisions.csv says no"},
		"an unknown role":        {swap("policy.csv", "p, auditor, see_record", "p, auditer, see_record"), `unknown role "auditer"`},
		"an unknown act":         {swap("policy.csv", "caseworker, decide, any, involved", "caseworker, decides, any, involved"), `unknown act "decides"`},
		"an unknown relation":    {swap("policy.csv", "decide, any, involved", "decide, any, involve"), `unknown relation "involve"`},
		"an unknown state":       {swap("policy.csv", "view_document, on_hold", "view_document, onhold"), `unknown state "onhold"`},
		"capital letters":        {swap("policy.csv", "p, auditor, see_record", "p, Auditor, see_record"), `unknown role "Auditor"`},
		"a pattern":              {swap("policy.csv", "p, auditor, see_record", "p, auditor, *"), `unknown act "*"`},
		"a line of another kind": {swap("policy.csv", "p, auditor, see_record, any, any, allow", "g3, auditor, manager"), `"g3": a line begins with p, g or g2`},
		"a group line too long":  {swap("policy.csv", "g, owner, acting", "g, owner, acting, x"), "it has 4 parts"},
		"a group of no name":     {swap("policy.csv", "g, owner, acting", "g, owner, everybody"), `unknown relations "everybody"`},
		"everybody in a group":   {swap("policy.csv", "g, owner, acting", "g, any, acting"), `"any" is no relation`},
		"a role among relations": {swap("policy.csv", "g, owner, acting", "g, lead, acting"), `"lead" is no relation`},
		"a group in itself":      {swap("policy.csv", "g, taker, involved", "g, involved, acting"), `"acting" belongs to a group already`},
		"a member twice":         {swap("policy.csv", "g, taker, involved", "g, owner, involved"), `"owner" is in "involved" already`},
		"a member lost": {map[string]func(string) string{"policy.csv": func(s string) string {
			return strings.NewReplacer("g, taker, involved\n", "", count(rows), count(rows-1)).Replace(s)
		}}, "as any and taker? policy.csv says yes, decisions.csv says no"},
		"a member too many": {map[string]func(string) string{"policy.csv": func(s string) string {
			return strings.NewReplacer("g2, lead, caseworker\n", "g2, lead, caseworker\ng2, system, caseworker\n", count(rows), count(rows+1)).Replace(s)
		}}, "policy.csv says yes, decisions.csv says no"},
		"a row twice":              {swap("policy.csv", "p, auditor, see_record, any, any, allow\n", "p, auditor, see_record, any, any, allow\np, auditor, see_record, any, any, deny\n"), "says it already"},
		"a right too many":         {swap("policy.csv", "p, auditor, see_record, any, any, allow", "p, manager, see_record, any, any, allow"), "may auditor see_record"},
		"another model":            {swap("model.conf", " && !some(where (p.eft == deny))", ""), "not the model of this version"},
		"another matcher":          {swap("model.conf", "r.act == p.act", "keyMatch(r.act, p.act)"), "not the model of this version"},
		"a decision lost":          {swap("decisions.csv", "auditor,see_record,any,any,\n", ""), fmt.Sprintf("decisions.csv: it has %d rows, but says %d", decisions-1, decisions)},
		"decisions cut off":        {with("decisions.csv", func(s string) string { return cut(s, 60) }), `decisions.csv: it must end`},
		"a decision twice":         {swap("decisions.csv", "auditor,see_record,any,any,\n", "auditor,see_record,any,any,\nauditor,see_record,any,self,\n"), "says it already"},
		"a decision about nothing": {swap("decisions.csv", "auditor,see_record,any,any,\n", "auditor,see_record,any,,\n"), "it allows nothing"},
		"an unknown word in it":    {swap("decisions.csv", "auditor,see_record,any,any,\n", "auditor,see_records,any,any,\n"), `unknown act "see_records"`},
		"an unknown never in it":   {swap("decisions.csv", "owner member helper out_of_type", "owner member helper out-of-type"), `unknown relation "out-of-type"`},
		"other columns":            {swap("decisions.csv", "role,act,states", "role,act,state"), "the columns are"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Load(folder(t, x.change))
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("%v, want %q", err, x.want)
			}
			if err == nil && p != nil {
				t.Error("and it is in use")
			}
		})
	}
	for _, missing := range []string{"model.conf", "policy.csv", "decisions.csv"} {
		files := folder(t, nil).(fstest.MapFS)
		delete(files, missing)
		if _, err := Load(files); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func count(rows int) string { return fmt.Sprint("# rows: ", rows) }

func TestLoadTakesATeamsOwnFolder(t *testing.T) {
	rows, decisions := policy(t).Rows(), len(policy(t).decisions)
	p, err := Load(folder(t, map[string]func(string) string{
		"policy.csv": func(s string) string {
			return strings.NewReplacer(count(rows), "p, manager, see_record, any, any, allow\n"+count(rows+1)).Replace(s)
		},
		"decisions.csv": func(s string) string {
			return strings.NewReplacer(count(decisions), "manager,see_record,any,any,\n"+count(decisions+1)).Replace(s)
		},
		"model.conf": func(s string) string { return "# ours\r\n" + strings.ReplaceAll(s, "\n", "\r\n") },
	}))
	if err != nil {
		t.Fatal(err)
	}
	if !p.Can([]string{"manager"}, "see_record", "open", nil).Allow || policy(t).Can([]string{"manager"}, "see_record", "open", nil).Allow {
		t.Error("the folder is not what is in use")
	}
}

func TestCanSaysWhy(t *testing.T) {
	p := policy(t)
	d := p.Can([]string{"reviewer"}, "decide", "in_review", []string{"any", "assignee"})
	if !d.Allow || !strings.HasSuffix(d.Line, "p, caseworker, decide, any, assignee, allow") || d.Because != "reviewer may decide as assignee" {
		t.Errorf("%+v", d)
	}
	d = p.Can([]string{"manager", "reviewer"}, "decide", "in_review", []string{"any", "assignee", "conflicted"})
	if d.Allow || !strings.HasSuffix(d.Line, "p, caseworker, decide, any, involved, deny") || d.Because != "reviewer may never decide as conflicted" {
		t.Errorf("%+v", d)
	}
	d = p.Can([]string{"manager"}, "decide", "in_review", []string{"any", "assignee"})
	if d.Allow || d.Line != "" || d.Because != "no line lets manager decide in state in_review as any, assignee" {
		t.Errorf("%+v", d)
	}
}

func TestCanDeniesWhatItDoesNotKnow(t *testing.T) {
	p, all := policy(t), []string{"any", "owner", "assignee", "self"}
	for _, x := range []struct {
		roles      []string
		act, state string
		relations  []string
	}{
		{nil, "see_desk", "open", all},
		{[]string{""}, "", "", []string{""}},
		{[]string{""}, "see_desk", "open", all},
		{[]string{"lead", ""}, "see_desk", "open", all},
		{[]string{"lead", "root"}, "see_desk", "open", all},
		{[]string{"lead"}, "", "open", all},
		{[]string{"lead"}, "see_everything", "open", all},
		{[]string{"lead"}, "see_desk", "", all},
		{[]string{"lead"}, "see_desk", "Open", all},
		{[]string{"lead"}, "see_desk", "open", []string{"any", "friend"}},
		{[]string{"lead"}, "see_desk", "open", []string{""}},
		{[]string{"Lead"}, "see_desk", "open", all},
		{[]string{"any"}, "see_desk", "open", all},
		{[]string{"superuser"}, "see_desk", "open", all},
		{[]string{"staff"}, "see_desk", "open", all}, // groups are words of the policy, nobody's role
		{[]string{"lead"}, "see_desk", "open", []string{"close"}},
	} {
		if d := p.Can(x.roles, x.act, x.state, x.relations); d.Allow || d.Because == "" || d.Line != "" {
			t.Errorf("%q %q %q %q: %+v", x.roles, x.act, x.state, x.relations, d)
		}
	}
	if !p.Can([]string{"lead"}, "see_desk", "open", nil).Allow {
		t.Error("everybody stands in relation any")
	}
}

type broken struct{ panics, lies bool }

func (b broken) EnforceEx(...any) (bool, []string, error) {
	switch {
	case b.panics:
		panic("out of order")
	case b.lies:
		return true, []string{"reviewer", "see_desk", "any", "any", "allowed"}, nil
	}
	return true, nil, errors.New("out of order")
}

// silent says yes without a line: a disabled enforcer does that.
type silent struct{}

func (silent) EnforceEx(...any) (bool, []string, error) { return true, nil, nil }

func TestCanDeniesWhenCasbinFails(t *testing.T) {
	for name, e := range map[string]enforcer{"error": broken{}, "panic": broken{panics: true}, "a line of its own": broken{lies: true}, "yes without a line": silent{}} {
		p, err := Load(embedded)
		if err != nil {
			t.Fatal(err)
		}
		g := p.gates["see_desk"]
		p.gates["see_desk"] = &gate{casbin: e, rules: g.rules, named: g.named}
		if d := p.Can([]string{"reviewer"}, "see_desk", "open", nil); d.Allow || d.Because == "" {
			t.Errorf("%s: %+v", name, d)
		}
		p.gates["see_desk"] = g
		if !p.Can([]string{"reviewer"}, "see_desk", "open", nil).Allow {
			t.Errorf("%s: the failure is remembered", name)
		}
	}
}

// Several roles together: what one of them may, none of them denied. Against an obvious reading of the rows.
func TestCanForSeveralRoles(t *testing.T) {
	p := policy(t)
	rapid.Check(t, func(t *rapid.T) {
		roles := rapid.SliceOfNDistinct(rapid.SampledFrom(p.Roles()), 1, 3, rapid.ID).Draw(t, "roles")
		relations := rapid.SliceOfNDistinct(rapid.SampledFrom(p.Relations()), 0, 5, rapid.ID).Draw(t, "relations")
		act, state := rapid.SampledFrom(p.Acts()).Draw(t, "act"), rapid.SampledFrom(p.States()).Draw(t, "state")
		allow, deny := false, false
		for _, r := range p.rules {
			if r.act == act && slices.ContainsFunc(r.roles, func(x string) bool { return slices.Contains(roles, x) }) && (r.state == Any || r.state == state) && (r.relation == Any || slices.ContainsFunc(r.relations, func(x string) bool { return slices.Contains(relations, x) })) {
				allow, deny = allow || r.effect == "allow", deny || r.effect == "deny"
			}
		}
		if d := p.Can(roles, act, state, relations); d.Allow != (allow && !deny) || d.Because == "" {
			t.Fatalf("%v %s %s %v: %+v", roles, act, state, relations, d)
		}
	})
}

func TestCanAtTheSameTime(t *testing.T) {
	p, err := Load(embedded)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range p.gates {
		g.known.Clear()
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, act := range p.Acts() {
				d := p.Can([]string{"reviewer"}, act, "in_review", []string{"assignee", "conflicted"})
				if want := expects(p.decisions, "reviewer", act, "in_review", []string{"assignee", "conflicted"}); d.Allow != want {
					t.Errorf("%s: %+v", act, d)
				}
			}
		})
	}
	wg.Wait()
}

// The words here are the words of package flow, read from its source: neither side knows one that the other does not.
func TestWordsAreThoseOfFlow(t *testing.T) {
	p := policy(t)
	for kind, ours := range map[string][]string{"Act": p.Acts(), "Role": p.Roles(), "Relation": p.Relations(), "State": p.States()} {
		theirs := constantsOfFlow(t, kind)
		if len(theirs) == 0 {
			t.Errorf("flow has no %s", kind)
		}
		for _, w := range theirs {
			if !slices.Contains(ours, w) {
				t.Errorf("words.csv lacks the %s %q", strings.ToLower(kind), w)
			}
		}
		for _, w := range ours {
			if !slices.Contains(theirs, w) {
				t.Errorf("flow has no %s %q", strings.ToLower(kind), w)
			}
		}
	}
}

func TestDocument(t *testing.T) {
	const file = "../docs/access.md"
	want := policy(t).Document()
	if *update {
		if err := os.MkdirAll("../docs", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != want {
		t.Errorf("docs/access.md is not what the policy says: run go test ./policies -update (%v)", err)
	}
	for _, act := range policy(t).Acts() {
		if !strings.Contains(want, "`"+act+"` |") {
			t.Errorf("%s is not in it", act)
		}
	}
}

func BenchmarkCan(b *testing.B) {
	p := policy(b)
	for b.Loop() {
		p.Can([]string{"reviewer", "lead"}, "decide", "in_review", []string{"any", "assignee", "decided_before"})
	}
}

func ExamplePolicy_Can() {
	p, err := Embedded()
	if err != nil {
		panic(err)
	}
	d := p.Can([]string{"reviewer"}, "decide", "in_review", []string{"assignee", "attester"})
	fmt.Println(d.Allow, d.Because)
	// Output: false reviewer may never decide as attester
}
