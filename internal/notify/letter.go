// The letter that tells a result: composed from the reasons, previewed at the desk, shown on the page and sent by mail, one
// text for all three.

package notify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"
)

// Reason is why something did not pass, and what to do about it.
type Reason struct {
	Text   string
	Advice string
}

// Result is what a letter tells. Days are civil dates; what is empty is left out.
type Result struct {
	Desk     string
	Hotline  string
	Hours    string
	Name     string // whom it addresses
	Ref      string
	Type     string
	Passed   bool
	Sentence string // the type's own sentence
	Reasons  []Reason
	Extra    string // what the reviewer adds, in their own words
	Again    string // day from which one may apply again; empty means at once
	Never    bool   // one may not apply for this again
	AppealBy string
	Date     string
}

var letters = sync.OnceValue(mustReadLetters) // not at the start: a child of the desk writes no letter

func mustReadLetters() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, lang := range Languages {
		raw, err := textFiles.ReadFile("texts/letter." + lang + ".txt")
		if err != nil {
			panic("notify: " + err.Error())
		}
		next := template.FuncMap{"next": func(i int) int { return i + 1 }}
		all[lang] = template.Must(template.New("letter." + lang).Funcs(next).Option("missingkey=error").Parse(string(raw)))
	}
	return all
}

var manyBreaks = regexp.MustCompile(`\n{3,}`)

// ComposeLetter makes the letter as plain text. It needs the desk, the reference, the type and the date; one that tells of
// not passing needs a reason or words of the reviewer.
func ComposeLetter(lang string, r Result) (string, error) {
	t, ok := letters()[lang]
	if !ok {
		return "", fmt.Errorf("%w: letter in %q", ErrNoLanguage, lang)
	}
	for _, x := range [][2]string{{"desk", r.Desk}, {"ref", r.Ref}, {"type", r.Type}, {"date", r.Date}} {
		if strings.TrimSpace(x[1]) == "" {
			return "", fmt.Errorf("%w: the letter needs %q", ErrNoWord, x[0])
		}
	}
	if !r.Passed && len(r.Reasons) == 0 && strings.TrimSpace(r.Extra) == "" {
		return "", fmt.Errorf("%w: the letter needs a reason", ErrNoWord)
	}
	s, err := fill(t, r.spoken(lang))
	if err != nil {
		return "", err
	}
	return manyBreaks.ReplaceAllString(trimLines(s), "\n\n"), nil
}

// spoken is the result as it stands in a letter.
func (r Result) spoken(lang string) Result {
	for _, line := range []*string{&r.Desk, &r.Hotline, &r.Hours, &r.Name, &r.Ref, &r.Type} {
		*line = oneLine(*line)
	}
	r.Name = noLink(r.Name)
	for _, day := range []*string{&r.Again, &r.AppealBy, &r.Date} {
		*day = oneLine(sayDay(lang, *day))
	}
	r.Sentence, r.Extra = manyLines(r.Sentence), manyLines(r.Extra)
	r.Reasons = slices.Clone(r.Reasons)
	for i := range r.Reasons {
		r.Reasons[i] = Reason{oneLine(r.Reasons[i].Text), oneLine(r.Reasons[i].Advice)}
	}
	return r
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
