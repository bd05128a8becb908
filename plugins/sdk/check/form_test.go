package check

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func told(problems []sdk.Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Field+":"+p.Code)
	}
	return strings.Join(all, " ")
}

func TestForm(t *testing.T) {
	full := map[string]int{"photo": 1, "book": 1}
	for name, c := range map[string]struct {
		a        sdk.Answers
		have     map[string]int
		attested bool
		change   func(sdk.Answers)
		want     string
	}{
		"complete":                   {a: here(), have: full},
		"the other of the two":       {a: here(), have: map[string]int{"photo": 1, "record": 2}},
		"both of the two":            {a: here(), have: map[string]int{"photo": 1, "record": 2, "book": 1}},
		"attested":                   {a: here(), have: map[string]int{"book": 1}, attested: true},
		"complete, away":             {a: away(), have: map[string]int{"photo": 1, "book": 1, "proof": 1}},
		"nothing at all":             {a: sdk.Answers{}, want: "name:required number:required card_until:required lives:required_choice photo:slot_missing book:group_missing"},
		"attestation is not all":     {a: here(), attested: true, want: "book:group_missing"},
		"no photo":                   {a: here(), have: map[string]int{"book": 1}, want: "photo:slot_missing"},
		"away needs more":            {a: away(), have: full, want: "proof:slot_missing"},
		"expired since":              {a: here(), have: full, change: func(a sdk.Answers) { a["card_until"] = "2026-11-22" }, want: "card_until:valid_passed"},
		"wrong number":               {a: here(), have: full, change: func(a sdk.Answers) { a["number"] = "110105194912310021" }, want: "number:id_checksum"},
		"not in normal form":         {a: here(), have: full, change: func(a sdk.Answers) { a["name"] = "王 秀英" }, want: "name:other"},
		"an option that is gone":     {a: here(), have: full, change: func(a sdk.Answers) { a["lives"] = "there" }, want: "lives:choice_unknown"},
		"hidden answers count not":   {a: here(), have: full, change: func(a sdk.Answers) { a["years"], a["works"] = "999", "yes" }},
		"a hidden page's follow-up":  {a: away(), have: map[string]int{"photo": 1, "book": 1, "proof": 1}, change: func(a sdk.Answers) { a["works"] = "no"; delete(a, "years") }},
		"unknown answers count not":  {a: here(), have: full, change: func(a sdk.Answers) { a["of_an_older_version"] = "x" }},
		"optional, but wrong":        {a: here(), have: full, change: func(a sdk.Answers) { a["mail"] = "nobody" }, want: "mail:email_form"},
		"too many files":             {a: here(), have: map[string]int{"photo": 2, "record": 3}, want: "photo:files_many record:files_many"},
		"files in slots nobody asks": {a: here(), have: map[string]int{"photo": 1, "book": 1, "proof": 9, "gone": 3}},
	} {
		a := maps.Clone(c.a)
		if c.change != nil {
			c.change(a)
		}
		if got := told(Form(sample(), a, c.have, c.attested, today)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestAttestedTypesOnly holds that an attestation counts only where the type allows it.
func TestAttestedTypesOnly(t *testing.T) {
	typ := sample()
	typ.Attested = false
	if got := told(Form(typ, here(), map[string]int{"book": 1}, true, today)); got != "photo:slot_missing" {
		t.Error(got)
	}
}

func TestProblemsNameTheSlot(t *testing.T) {
	problems := Form(sample(), here(), nil, false, today)
	if p := problems[0]; !strings.Contains(p.Text.ZhHans, "photo片") || !strings.Contains(p.Text.En, "photo picture") {
		t.Errorf("%+v", p)
	}
	if p := problems[1]; p.Text.ZhHans != "下面几样，请上传其中一样：book片，或者 record片。" || p.Text.En != "Please upload one of these: book picture, or record picture." {
		t.Errorf("%+v", p)
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		a          sdk.Answers
		have       map[string]int
		page, slot string
		found      bool
	}{
		{sdk.Answers{}, nil, "name", "", true},
		{sdk.Answers{"name": "王秀英", "number": "11010519491231002X"}, nil, "card", "", true},
		{here(), nil, "", "photo", true},
		{here(), map[string]int{"photo": 1}, "", "book", true},
		{here(), map[string]int{"photo": 1, "book": 1}, "", "", false},
	} {
		place, found := Missing(sample(), c.a, c.have, false, today)
		if place.Page != c.page || place.Slot != c.slot || found != c.found {
			t.Errorf("%v: %+v, %v", c.a, place, found)
		}
	}
}

func TestWay(t *testing.T) {
	names := func(pages []sdk.Page) string {
		var all []string
		for _, p := range pages {
			all = append(all, p.ID)
		}
		return strings.Join(all, " ")
	}
	stale := away()
	stale["lives"] = "here"
	for _, c := range []struct {
		a    sdk.Answers
		want string
	}{
		{sdk.Answers{}, "name card lives mail"},
		{here(), "name card lives mail"},
		{away(), "name card lives where works years mail"},
		{stale, "name card lives mail"},
	} {
		typ := sample()
		if got := names(Pages(typ, c.a)); got != c.want {
			t.Errorf("%v: %s", c.a, got)
		}
		var on, back []sdk.Page
		for p, ok := Next(typ, c.a, ""); ok; p, ok = Next(typ, c.a, p.ID) {
			on = append(on, p)
		}
		for p, ok := Prev(typ, c.a, ""); ok; p, ok = Prev(typ, c.a, p.ID) {
			back = append([]sdk.Page{p}, back...)
		}
		if names(on) != c.want || names(back) != c.want {
			t.Errorf("%v: on %s, back %s", c.a, names(on), names(back))
		}
	}
	if p, _ := Next(sample(), here(), "where"); p.ID != "mail" {
		t.Errorf("from a page that is no longer shown one goes on, not to %s", p.ID)
	}
	if p, _ := Prev(sample(), here(), "where"); p.ID != "lives" {
		t.Errorf("back from a hidden page: %s", p.ID)
	}
	if got := Asked(sample(), stale); !reflect.DeepEqual(got, here()) {
		t.Errorf("%v", got)
	}
	if len(Slots(sample(), here())) != 4 || len(Slots(sample(), away())) != 5 || len(Items(sample(), stale)) != 1 || len(Items(sample(), away())) != 2 {
		t.Error("slots and items follow the answers that count")
	}
}

func TestPage(t *testing.T) {
	for name, c := range map[string]struct {
		page  string
		raw   map[string]string
		sofar sdk.Answers
		want  string
	}{
		"good":            {"card", map[string]string{"number": "110105 19491231 002x", "card_until": "长期"}, nil, "map[card_until:long number:11010519491231002X]"},
		"one wrong":       {"card", map[string]string{"number": "1", "card_until": "长期"}, nil, "number:id_length"},
		"both wrong":      {"card", map[string]string{"number": "1", "card_until": "2020-01-01"}, nil, "number:id_length card_until:valid_passed"},
		"one left out":    {"card", map[string]string{"number": "11010519491231002X"}, nil, "card_until:required"},
		"optional, empty": {"mail", map[string]string{"mail": "  "}, nil, "map[]"},
		"another's":       {"mail", map[string]string{"name": "王秀英"}, nil, "name:question_unknown"},
		"no such page":    {"nowhere", nil, nil, "nowhere:page_unknown"},
		"hidden page":     {"where", map[string]string{"where": "上海"}, here(), "where:page_hidden"},
		"shown page":      {"where", map[string]string{"where": "上海"}, away(), "map[where:上海]"},
		"a long stranger": {"mail", map[string]string{strings.Repeat("x", 100): ""}, nil, strings.Repeat("x", 60) + ":question_unknown"},
	} {
		norm, problems := Page(sample(), c.page, c.raw, c.sofar, today)
		got := told(problems)
		if problems == nil {
			got = fmt.Sprint(map[string]string(norm))
		} else if norm != nil {
			t.Errorf("%s: answers beside problems: %v", name, norm)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFacts(t *testing.T) {
	if id := Facts(sample(), here())["number"]; id.Birth != "1949-12-31" || id.Sex != "female" {
		t.Errorf("%+v", id)
	}
	a := here()
	a["number"] = "1"
	if d := Facts(sample(), a); len(d) != 0 {
		t.Errorf("%+v", d)
	}
}
