package testkit

// Words of somebody who wants to run a script in another person's browser. Each carries a mark of its own: as the name of
// an element or an attribute, in the words of a dialog, in the address of a foreign host. What a page makes of them is
// looked for by that mark.

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Mark is how every mark begins; two digits follow.
const Mark = "x4c1"

// attacks are written with M for the mark. They are short, so that they fit into the fields of names too.
var attacks = []string{
	// elements
	`<script>alert('M')</script>`, `<M onclick=alert(1)>M`, `<img src=x onerror=alert('M') M>`, `<svg onload=alert('M') M>`, `<svg><script>alert&#40;'M')</script>`,
	`<svg><animate onbegin=alert('M') M>`, `<details open ontoggle=alert('M') M>`, `<video M><source onerror=alert('M')>`, `<input M autofocus onfocus=alert('M')>`,
	`<iframe M srcdoc="<script>parent.alert('M')</script>">`, `<body onpageshow=alert('M') M>`, `<math><M xlink:href=javascript:alert(1)>M`, `<template M><M>`,
	`<form M action=//M.example><button formaction=javascript:alert('M')>`, `<a M href="data:text/html,<script>alert('M')</script>">M</a>`, `<object M data=javascript:alert('M')>`,
	// out of an attribute
	`"><script>alert('M')</script>`, `'><img src=x onerror=alert('M') M>`, `" onmouseover=alert('M') autofocus onfocus=alert('M') M="`, `' autofocus onfocus=alert('M') M='`,
	"x onfocus=alert('M') M autofocus", "`onmouseover=alert('M') M=`",
	// out of an element, a comment, a script, a style
	`</textarea><img src=x onerror=alert('M') M>`, `</title><M>M`, `</script><script>alert('M')</script>`, `--><M>M<!--`, `]]><M>M<![CDATA[`, `</style><M>M<style>`, `</option></select><M>M`,
	`<noscript><p title="</noscript><M>M">`, `<!--><M>M-->`,
	// addresses
	`javascript:alert('M')`, `jAvAsCrIpT:alert('M')//`, `javascript&colon;alert('M')`, `//M.example/`, `https://M.example/?"><M>`, `[M](javascript:alert('M'))`, `data:text/html,<M>M`,
	// other hosts, styles
	`<link M rel=stylesheet href=//M.example/x>`, `<base M href=//M.example/>`, `<meta M http-equiv=refresh content="0;url=//M.example/">`, `<M style="background:url(https://M.example/x)">`,
	`;background:url(//M.example/x);M:expression(alert(1))`, `<style M>@import'//M.example/x';</style>`,
	// strings and templates of scripts and of Go
	`';alert('M');//`, `\';alert('M');//`, "${alert('M')}`;alert('M')//", `{{alert "M"}}{{template "M"}}`, `{{constructor.constructor('alert("M")')()}}`, `{0}{n}{name}{who}{M}%s%(M)s`, `__proto__ M constructor`,
	`\u003cM onclick=alert(1)\u003e&lt;M&gt;%3CM%3E`,
	// characters
	`＜M onclick=alert(1)＞M`, "<ſcript>alert('M')</ſcript>", "<\u0338M>M\u0301", "مرحبا<M>שלום M", "\u202e<M>M\u2066", "\u2028alert('M')\u2029//", "<M\x00 onload=alert(1)>M", "\ufeff<\u200bM>\u00adM", "<M\t\f\nonload\v=alert(1)>M",
	`<M>M` + strings.Repeat("<b M>很长", 40),
}

// Attacks are the words, each with its mark: x4c100, x4c101 and so on.
func Attacks() []string {
	all := make([]string, len(attacks))
	for i, a := range attacks {
		all[i] = strings.ReplaceAll(a, "M", fmt.Sprintf("%s%02d", Mark, i))
	}
	return all
}

// Attacker gives out attacks in turn, so that field after field gets another one.
type Attacker struct{ at int }

// Next is the next attack of at most so many characters.
func (a *Attacker) Next(most int) string {
	all := Attacks()
	for range all {
		text := all[a.at%len(all)]
		a.at++
		if len([]rune(text)) <= most {
			return text
		}
	}
	return ""
}

// Joined are all attacks in texts of at most so many characters each.
func Joined(most int) (texts []string) {
	for _, a := range Attacks() {
		if n := len(texts); n > 0 && len([]rune(texts[n-1]))+1+len([]rune(a)) <= most {
			texts[n-1] += " " + a
		} else if len([]rune(a)) <= most {
			texts = append(texts, a)
		}
	}
	return texts
}

// Plain reports whether a text has no character that is not seen or turns the direction of writing: a type's description
// takes no other.
func Plain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) }) && strings.TrimSpace(s) == s
}

// PlainAttacks are those whose characters can all be seen.
func PlainAttacks() []string {
	return slices.DeleteFunc(Attacks(), func(s string) bool { return !Plain(s) })
}
