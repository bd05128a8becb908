package policies

import (
	"fmt"
	"slices"
	"strings"
)

// Document returns the policy as people read it, docs/access.md: what each role may do, then each act with who may do
// it, as whom, and who never may. It is made from decisions.csv, with the lines of policy.csv beside it.
func (p *Policy) Document() string {
	var b strings.Builder
	b.WriteString(`# 谁可以做什么 · Who may do what

<!-- Generated from policies/policy.csv and policies/decisions.csv by "go test ./policies -update". Do not edit. -->

没有写在这里的，一律不允许。“任何人”指具有该角色的任何人，与案件有没有关系都可以；“但……绝不可以”压过一切允许。
什么时候可以做，另由状态表决定。右边一栏是 policy.csv 里的行号。

What is not written here is denied. "Anybody" is anybody with that role, however they stand to the case; "but never"
outweighs every permission. When an act is possible at all is a matter of the table of states. The last column gives
the lines of policy.csv.

`)
	p.documentRoles(&b)
	for _, w := range p.words.list {
		if w.kind == "word" {
			p.documentWord(&b, w)
		}
	}
	return b.String()
}

func (p *Policy) documentRoles(b *strings.Builder) {
	b.WriteString("## 各角色 · The roles\n\n| 角色 · role | 可以做的事 · may do |\n|---|---|\n")
	for _, role := range p.Roles() {
		var acts []string
		for _, act := range p.Acts() {
			if slices.ContainsFunc(p.decisions, func(d decision) bool { return d.role == role && d.act == act }) {
				acts = append(acts, "`"+act+"`")
			}
		}
		fmt.Fprintf(b, "| %s | %s |\n", p.both("role", role), strings.Join(acts, " "))
	}
}

func (p *Policy) documentWord(b *strings.Builder, w word) {
	fmt.Fprintf(b, "\n## %s · %s\n\n", w.zh, w.en)
	b.WriteString("| 做什么 · act | 谁 · who | 以什么身份 · as | 但绝不可以是 · but never | 行 · lines |\n|---|---|---|---|---|\n")
	for _, act := range p.Acts() {
		if a, _ := p.words.find("act", act); a.group != w.id {
			continue
		}
		name := "**" + p.both("act", act) + "** `" + act + "`"
		for _, role := range p.Roles() {
			for _, d := range p.decisions {
				if d.role == role && d.act == act {
					fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", name, p.both("role", role), p.as(d), p.list("relation", d.never), p.lines(d))
					name = ""
				}
			}
		}
	}
}

// as names the relations in which a decision allows, and the states if they matter.
func (p *Policy) as(d decision) string {
	s := p.list("relation", d.allowed)
	if !slices.Contains(d.states, Any) {
		s += "<br>状态 · state: " + p.list("state", d.states)
	}
	return s
}

func (p *Policy) list(kind string, ids []string) string {
	var all []string
	for _, id := range ids {
		all = append(all, p.both(kind, id))
	}
	return strings.Join(all, "<br>")
}

func (p *Policy) both(kind, id string) string {
	w, _ := p.words.find(kind, id)
	return w.zh + " · " + w.en
}

// lines gives the lines of policy.csv behind a decision, neighbours as a range.
func (p *Policy) lines(d decision) string {
	var all []string
	from, to := 0, 0
	flush := func() {
		switch {
		case from == 0:
		case from == to:
			all = append(all, fmt.Sprint(from))
		default:
			all = append(all, fmt.Sprintf("%d–%d", from, to))
		}
	}
	for _, r := range p.rules {
		if !slices.Contains(r.roles, d.role) || r.act != d.act || r.state != Any && !slices.Contains(d.states, r.state) || r.effect == "allow" && r.state == Any && !slices.Contains(d.states, Any) {
			continue
		}
		if from == 0 || r.line != to+1 {
			flush()
			from = r.line
		}
		to = r.line
	}
	flush()
	return strings.Join(all, ", ")
}
