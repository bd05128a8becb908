// The texts: read once, at start, from the files beside this one.

package notify

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"
)

//go:embed texts/*.txt
var textFiles embed.FS

// text is one file: a subject and a mail, and an SMS where the notice goes by SMS. In a frame, mail is the foot.
type text struct {
	subject, mail, sms *template.Template
}

var texts = sync.OnceValue(mustReadTexts)

func mustReadTexts() map[string]text {
	all := map[string]text{}
	for _, lang := range Languages {
		names := slices.Clone(order)
		for _, name := range append(names, "frame_public", "frame_staff") {
			t, err := readText(name + "." + lang)
			if err != nil {
				panic("notify: " + err.Error()) // the files are part of the program: a test would have failed
			}
			all[name+"."+lang] = t
		}
	}
	return all
}

func readText(name string) (t text, err error) {
	raw, err := textFiles.ReadFile("texts/" + name + ".txt")
	if err != nil {
		return t, err
	}
	return parseText(name, string(raw))
}

func parseText(name, raw string) (t text, err error) {
	mail, sms, hasSMS := strings.Cut(raw, "\n--- sms\n")
	if !strings.HasPrefix(name, "frame_") {
		subject, rest, ok := strings.Cut(mail, "\n")
		subject, marked := strings.CutPrefix(subject, "Subject: ")
		if !ok || !marked {
			return t, fmt.Errorf("%s: the first line is not a subject", name)
		}
		if t.subject, err = parseTemplate(name+" subject", subject); err != nil {
			return t, err
		}
		mail = rest
	}
	if t.mail, err = parseTemplate(name+" mail", strings.TrimSpace(mail)); err == nil && hasSMS {
		t.sms, err = parseTemplate(name+" sms", strings.TrimSpace(sms))
	}
	return t, err
}

func parseTemplate(name, raw string) (*template.Template, error) {
	return template.New(name).Option("missingkey=error").Parse(raw)
}

func fill(t *template.Template, data any) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", err
	}
	return strings.TrimSpace(b.String()), nil
}

// blanks returns the names of the words that a template uses.
func blanks(t *template.Template) []string {
	if t == nil {
		return nil
	}
	var names []string
	walk(t.Root, func(name string) { names = append(names, name) })
	slices.Sort(names)
	return slices.Compact(names)
}

func walk(n parse.Node, found func(string)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, x := range n.Nodes {
			walk(x, found)
		}
	case *parse.ActionNode:
		walk(n.Pipe, found)
	case *parse.IfNode:
		walk(n.Pipe, found)
		walk(n.List, found)
		walk(n.ElseList, found)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			for _, a := range c.Args {
				walk(a, found)
			}
		}
	case *parse.FieldNode:
		found(n.Ident[0])
	}
}
