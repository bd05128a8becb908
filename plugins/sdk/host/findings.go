package host

// What a plugin found, made fit to be shown: the number and length of findings are bounded, and what a finding points
// at exists. The desk uses what is clean; the conformance test reports what is wrong.

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// The bounds of an answer.
const (
	MaxFindings = 50
	MaxFinding  = 500 // characters of one text
)

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// weight orders the levels, the worst first; a level that is not in it is unknown.
var weight = map[sdk.Level]int{sdk.Bad: 0, sdk.Warn: 1, sdk.Info: 2, sdk.Good: 3}

// Clean returns the findings that can be shown, and says what was wrong with the answer. A reference to nothing is
// dropped, an unknown level becomes Warn, a text is cut and loses its control characters; a finding that says nothing
// is dropped. Of more than MaxFindings the worst are kept, in their order.
func Clean(t sdk.Type, found []sdk.Finding) (clean []sdk.Finding, wrong []error) {
	known := names(t)
	for i, f := range found {
		f, bad := known.mend(f)
		for _, why := range bad {
			wrong = append(wrong, fmt.Errorf("finding %d (%.60q): %s", i+1, f.Code, why))
		}
		if f.Text != (sdk.Text{}) {
			clean = append(clean, f)
		}
	}
	if len(clean) > MaxFindings {
		wrong = append(wrong, fmt.Errorf("%d findings, at most %d are shown", len(clean), MaxFindings))
		slices.SortStableFunc(clean, func(a, b sdk.Finding) int { return weight[a.Level] - weight[b.Level] })
		clean = clean[:MaxFindings]
	}
	return clean, wrong
}

// vocabulary is what a finding of a type may point at.
type vocabulary struct{ question, slot, item map[string]bool }

func names(t sdk.Type) vocabulary {
	v := vocabulary{map[string]bool{"": true}, map[string]bool{"": true}, map[string]bool{"": true}}
	for _, p := range t.Pages {
		for _, q := range p.Questions {
			v.question[q.ID] = true
		}
	}
	for _, s := range t.Slots {
		v.slot[s.ID] = true
	}
	for _, i := range t.Checklist {
		v.item[i.ID] = true
	}
	return v
}

func (v vocabulary) mend(f sdk.Finding) (_ sdk.Finding, wrong []error) {
	note := func(format string, a ...any) { wrong = append(wrong, fmt.Errorf(format, a...)) }
	for _, ref := range []struct {
		kind  string
		id    *string
		known map[string]bool
	}{{"question", &f.Question, v.question}, {"slot", &f.Slot, v.slot}, {"item", &f.Item, v.item}} {
		if !ref.known[*ref.id] {
			note("it points at the %s %.60q, which is not there", ref.kind, *ref.id)
			*ref.id = ""
		}
	}
	if !codeForm.MatchString(f.Code) {
		note("its code has to be lower case letters, digits and _")
		f.Code = "other"
	}
	if _, ok := weight[f.Level]; !ok {
		note("its level %.20q is not good, info, warn or bad", f.Level)
		f.Level = sdk.Warn
	}
	var err error
	if f.Text, err = plain(f.Text); err != nil {
		wrong = append(wrong, err)
	}
	return f, wrong
}

// plain makes both languages fit to be shown; where one is missing the other stands in for it.
func plain(t sdk.Text) (sdk.Text, error) {
	zh, en := line(t.ZhHans), line(t.En)
	out := sdk.Text{ZhHans: zh, En: en}
	var err error
	switch {
	case zh == "" && en == "":
		return out, errors.New("it says nothing")
	case zh == "":
		out.ZhHans, err = en, errors.New("its text is missing in zh-Hans")
	case en == "":
		out.En, err = zh, errors.New("its text is missing in en")
	case zh != t.ZhHans || en != t.En:
		err = fmt.Errorf("its text is longer than %d characters, or has control characters or spaces at its ends", MaxFinding)
	}
	return out, err
}

// line returns s as one line of printable text, cut to MaxFinding characters. Characters that turn the direction of
// writing, or that look different on every computer, are not printable.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.In(r, unicode.Cf, unicode.Co):
			return -1
		case unicode.IsControl(r) || r == 0x2028 || r == 0x2029:
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > MaxFinding {
		s = string(r[:MaxFinding-1]) + "…"
	}
	return strings.TrimSpace(s)
}
