package ui

// Sentences: one flat file a language, read by go-i18n; the markup in them is four signs, so that a translator sees text.

import (
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

type texts struct {
	lang  string
	loc   *i18n.Localizer
	gaps  map[string][]string // what each text has to be given, by key
	fixed map[string]string   // texts without gaps, as they are
	count map[string]bool     // texts that differ for one and many
}

var gap = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// parts are the files of a language: what the pages say, and what the server says on them.
var parts = []string{"portal", "server"}

func loadTexts(lang string) (*texts, error) {
	bundle := i18n.NewBundle(language.MustParse(lang))
	t := &texts{lang: lang, gaps: map[string][]string{}, fixed: map[string]string{}, count: map[string]bool{}}
	for _, part := range parts {
		name := part + "." + lang + ".json"
		raw, err := files.ReadFile("locales/" + name)
		if err != nil {
			return nil, err
		}
		if _, err := bundle.ParseMessageFileBytes(raw, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := t.read(raw); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	t.loc = i18n.NewLocalizer(bundle, lang)
	return t, nil
}

// read notes what each text of a file has to be given. A key that another file has is an error.
func (t *texts) read(raw []byte) error {
	var flat map[string]json.RawMessage
	if err := json.Unmarshal(raw, &flat); err != nil {
		return err
	}
	for key, v := range flat {
		if _, twice := t.gaps[key]; twice {
			return fmt.Errorf("%s is there twice", key)
		}
		t.gaps[key] = nil
		for _, m := range gap.FindAllStringSubmatch(string(v), -1) {
			t.gaps[key] = append(t.gaps[key], m[1])
		}
		var s string
		switch err := json.Unmarshal(v, &s); {
		case err != nil:
			t.count[key] = true
		case t.gaps[key] == nil:
			t.fixed[key] = s
		}
	}
	return nil
}

// pairsOf reads named pairs: "n", 3, "name", "x".
func pairsOf(pairs []any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("%d words where pairs are wanted", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is not a name", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// say fills the gaps of a text. The pair "n" also chooses between one and many.
func (t *texts) say(key string, data, count map[string]any) (string, error) {
	if s, ok := t.fixed[key]; ok {
		return s, nil
	}
	gaps, ok := t.gaps[key]
	if !ok {
		return "", fmt.Errorf("no text %q in %s", key, t.lang)
	}
	for _, g := range gaps {
		if _, ok := data[g]; !ok {
			return "", fmt.Errorf("text %q needs %q", key, g)
		}
	}
	c := &i18n.LocalizeConfig{MessageID: key, TemplateData: data}
	if n, err := strconv.Atoi(fmt.Sprint(count["n"])); err == nil && t.count[key] {
		c.PluralCount = n
	}
	return t.loc.Localize(c)
}

// compose says a text with a numbered slot in each gap, and returns what belongs into the slots: values are filled in last
// and never read as markup.
func (t *texts) compose(key string, pairs []any) (string, []any, error) {
	given, err := pairsOf(pairs)
	if err != nil {
		return "", nil, err
	}
	var values []any
	data := map[string]any{}
	for k, v := range given {
		data[k] = fmt.Sprintf("\uE000%d\uE001", len(values))
		values = append(values, v)
	}
	s, err := t.say(key, data, given)
	return s, values, err
}

// plain is a text for an attribute, a title or running words: its markup is left out.
func (t *texts) plain(key string, pairs ...any) (string, error) {
	s, values, err := t.compose(key, pairs)
	if err != nil {
		return "", err
	}
	s = marks.Replace(link.ReplaceAllString(s, "$1"))
	return slot.ReplaceAllStringFunc(s, func(m string) string { return fmt.Sprint(values[number(m)]) }), nil
}

var marks = strings.NewReplacer("|", "", "**", "", "~", "")

var (
	bold = regexp.MustCompile(`\*\*(.+?)\*\*`)
	kept = regexp.MustCompile(`~(.+?)~`)
	link = regexp.MustCompile(`\[([^\]]+)\]\(([^)]+)\)`)
	slot = regexp.MustCompile(`\x{E000}(\d+)\x{E001}`)
	safe = regexp.MustCompile(`^(/[^/\\]|/$|#|tel:|mailto:|https://)`)
)

// rich is a text with its markup as HTML: | may break a line, **bold**, ~kept together~, [link](address). What fills the
// gaps is escaped and never read as markup; an address that is not plainly ours, or a number to ring, becomes "#".
func (t *texts) rich(key string, pairs ...any) (template.HTML, error) {
	s, values, err := t.compose(key, pairs)
	if err != nil {
		return "", err
	}
	s = template.HTMLEscapeString(s)
	s = link.ReplaceAllStringFunc(s, func(m string) string {
		parts := link.FindStringSubmatch(m)
		to := slot.ReplaceAllStringFunc(parts[2], func(m string) string { return fmt.Sprint(values[number(m)]) })
		if !safe.MatchString(to) {
			to = "#"
		}
		return `<a href="` + template.HTMLEscapeString(to) + `">` + parts[1] + `</a>`
	})
	s = bold.ReplaceAllString(s, "<b>$1</b>")
	s = kept.ReplaceAllString(s, `<span class="nb">$1</span>`)
	s = strings.ReplaceAll(s, "|", "<wbr>")
	s = slot.ReplaceAllStringFunc(s, func(m string) string {
		if h, ok := values[number(m)].(template.HTML); ok {
			return string(h)
		}
		return template.HTMLEscapeString(fmt.Sprint(values[number(m)]))
	})
	return template.HTML(s), nil
}

func number(m string) int {
	n, _ := strconv.Atoi(slot.FindStringSubmatch(m)[1])
	return n
}
