// Package check holds what every desk, every conformance test and every author has to agree on: whether a description
// is sound, and whether answers fit it. It is plain code over data, so that a type that does not answer blocks nobody.
package check

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Long is the answer of a valid_until question for a document that is valid without end.
const Long = "long"

// How long a text may be where its question does not say.
const (
	defaultText = 200
	defaultLong = 2000
)

// Answer brings one answer into its normal form, in which it is kept and compared, or says what is wrong with it. today
// is the day in the desk's zone, 2026-11-23. An answer to an optional question may be empty; so is its normal form.
func Answer(q sdk.Question, raw, today string) (norm string, p *sdk.Problem) {
	if blank(raw) {
		if q.Optional {
			return "", nil
		}
		return "", wrong(q, missing(q.Kind))
	}
	now, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return "", wrong(q, "other")
	}
	switch q.Kind {
	case sdk.KindText, sdk.KindLong:
		return text(q, raw)
	case sdk.KindName:
		return format(q, raw, sdk.NormalName)
	case sdk.KindLatinName:
		return format(q, raw, sdk.NormalLatinName)
	case sdk.KindResidentID:
		return format(q, raw, func(s string) (string, error) {
			id, err := sdk.ParseResidentID(s, now)
			return id.Number, err
		})
	case sdk.KindCreditCode:
		return format(q, raw, sdk.ParseCreditCode)
	case sdk.KindPhone:
		return format(q, raw, sdk.NormalPhone)
	case sdk.KindEmail:
		return format(q, raw, sdk.NormalEmail)
	case sdk.KindDate:
		return format(q, raw, date)
	case sdk.KindValidUntil:
		return validUntil(q, raw, today)
	case sdk.KindChoice, sdk.KindChoices, sdk.KindYesNo:
		return choice(q, raw)
	case sdk.KindNumber:
		return number(q, raw)
	}
	return "", wrong(q, "other")
}

func wrong(q sdk.Question, code string, pairs ...string) *sdk.Problem {
	p := sdk.Wrong(q.ID, code, pairs...)
	return &p
}

func missing(k sdk.Kind) string {
	switch k {
	case sdk.KindChoice, sdk.KindChoices, sdk.KindYesNo:
		return "required_choice"
	}
	return "required"
}

// blank says that nothing was entered that can be seen.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) })
}

func format(q sdk.Question, raw string, normal func(string) (string, error)) (string, *sdk.Problem) {
	norm, err := normal(raw)
	if err != nil {
		p := sdk.WrongFormat(q.ID, err)
		return "", &p
	}
	return norm, nil
}

// text keeps what can be seen: one line with single spaces, or for a long text its lines.
func text(q sdk.Question, raw string) (string, *sdk.Problem) {
	if !utf8.ValidString(raw) || strings.ContainsFunc(raw, private) {
		return "", wrong(q, "text_characters")
	}
	most := defaultText
	lines := []string{raw}
	if q.Kind == sdk.KindLong {
		most = defaultLong
		lines = strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(raw), "\n")
	}
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(strings.Map(visible, l)), " ")
	}
	if q.Max > 0 {
		most = q.Max
	}
	norm := strings.Trim(strings.Join(lines, "\n"), "\n")
	if utf8.RuneCountInString(norm) > most {
		return "", wrong(q, "text_length", "max", strconv.Itoa(most))
	}
	if norm == "" { // only characters that show nothing
		return "", wrong(q, "text_characters")
	}
	return norm, nil
}

// private says that a character shows differently, or not at all, on other computers.
func private(r rune) bool { return unicode.Is(unicode.Co, r) || r == utf8.RuneError }

// visible takes out characters that show nothing or turn the direction of writing.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// choice accepts the values of the options: one, or for several choices each once, in the order of the options.
func choice(q sdk.Question, raw string) (string, *sdk.Problem) {
	asked := map[string]bool{}
	for _, v := range strings.FieldsFunc(raw, func(r rune) bool { return r == '\n' || r == '\r' }) {
		asked[strings.TrimSpace(v)] = true
	}
	delete(asked, "")
	if q.Kind != sdk.KindChoices && len(asked) > 1 {
		return "", wrong(q, "choice_unknown")
	}
	var norm []string
	for _, v := range values(q) {
		if asked[v] {
			norm = append(norm, v)
			delete(asked, v)
		}
	}
	if len(asked) > 0 || len(norm) == 0 {
		return "", wrong(q, "choice_unknown")
	}
	return strings.Join(norm, "\n"), nil
}

// values are the answers that a question with a choice takes.
func values(q sdk.Question) []string {
	if q.Kind == sdk.KindYesNo {
		return []string{"yes", "no"}
	}
	var all []string
	for _, o := range q.Options {
		all = append(all, o.Value)
	}
	return all
}

func number(q sdk.Question, raw string) (string, *sdk.Problem) {
	n, err := strconv.Atoi(plain(raw))
	if err != nil {
		return "", wrong(q, "number_form")
	}
	if n < q.Min || n > q.Max {
		return "", wrong(q, "number_range", "min", strconv.Itoa(q.Min), "max", strconv.Itoa(q.Max))
	}
	return strconv.Itoa(n), nil
}

// plain turns full-width characters into plain ones and takes out spaces and what is not seen.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			return -1
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFF01 + '!'
		}
		return r
	}, s)
}
