package flow

import (
	"slices"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func correctable() (sdk.Type, sdk.Answers) {
	t := sdk.Type{
		Pages: []sdk.Page{{ID: "a", Questions: []sdk.Question{{ID: "name"}}}, {ID: "b", Questions: []sdk.Question{{ID: "kind"}, {ID: "latin", Optional: true}}},
			{ID: "c", When: &sdk.When{Question: "kind", Is: "home"}, Questions: []sdk.Question{{ID: "beds"}}}},
		Slots:      []sdk.Slot{{ID: "card"}, {ID: "book", OneOf: "residence"}, {ID: "licence", When: &sdk.When{Question: "kind", Is: "home"}}},
		Checklist:  []sdk.Item{{ID: "readable", Slot: "card"}, {ID: "identity", Slot: "card", Question: "name"}, {ID: "same", Slot: "book", Question: "name"}, {ID: "size", Question: "beds"}, {ID: "aware"}},
		Reasons:    []sdk.Reason{{ID: "blurred", Severity: sdk.Fixable}, {ID: "forged", Severity: sdk.Fatal}},
		Correction: sdk.Correction{Rounds: 2, Days: 10},
	}
	return t, sdk.Answers{"name": "王秀英", "kind": "person"}
}

func TestAskCorrection(t *testing.T) {
	typ, a := correctable()
	ask := func(items ...Asked) Correction { return Correction{items} }
	for what, x := range map[string]struct {
		c     Correction
		round int
		want  string
	}{
		"a document with a reason":    {ask(Asked{Of: "card", Why: "blurred"}), 1, ""},
		"an answer with a note":       {ask(Asked{Of: "name", Note: "照身份证写"}), 2, ""},
		"one that was left out":       {ask(Asked{Of: "latin", Note: "请补上"}), 1, ""},
		"something to say":            {ask(Asked{Note: "和户主是什么关系？"}, Asked{Note: "为什么？"}), 1, ""},
		"the last round was before":   {ask(Asked{Of: "card", Why: "blurred"}), 3, "no_rounds_left"},
		"nothing":                     {ask(), 1, "no_items"},
		"too much":                    {Correction{slices.Repeat([]Asked{{Note: "?"}}, 21)}, 1, "too_many_items"},
		"neither reason nor note":     {ask(Asked{Of: "card"}), 1, "unclear_item"},
		"nothing at all to say":       {ask(Asked{Why: "blurred"}), 1, "unclear_item"},
		"the same twice":              {ask(Asked{Of: "card", Why: "blurred"}, Asked{Of: "card", Note: "?"}), 1, "unclear_item"},
		"no such field":               {ask(Asked{Of: "passport", Note: "?"}), 1, "unclear_item"},
		"a field that is not shown":   {ask(Asked{Of: "beds", Note: "?"}), 1, "unclear_item"},
		"a slot that is not shown":    {ask(Asked{Of: "licence", Note: "?"}), 1, "unclear_item"},
		"no such reason":              {ask(Asked{Of: "card", Why: "ugly"}), 1, "unknown_reason"},
		"what cannot be put right":    {ask(Asked{Of: "card", Why: "forged"}), 1, "unknown_reason"},
		"a note that is far too long": {ask(Asked{Of: "card", Note: strings.Repeat("长", 501)}), 1, "note_too_long"},
		"one bad item among good":     {ask(Asked{Of: "name", Note: "?"}, Asked{Of: "card"}), 1, "unclear_item"},
	} {
		due, err := AskCorrection(x.c, typ, a, x.round, "2026-11-23", CalendarCN())
		if x.want == "" && (err != nil || due != "2026-12-07") {
			t.Errorf("%s: %s %v", what, due, err)
		}
		if x.want != "" && (!Refused(err, x.want) || due != "") {
			t.Errorf("%s: %s %v, want %s", what, due, err, x.want)
		}
	}
	typ.Correction.Rounds = 0
	if _, err := AskCorrection(ask(Asked{Of: "card", Why: "blurred"}), typ, a, 1, "2026-11-23", CalendarCN()); !Refused(err, "no_rounds_left") {
		t.Error("a type without corrections:", err)
	}
}

func TestOpened(t *testing.T) {
	typ, a := correctable()
	c := Correction{[]Asked{{Of: "kind", Note: "?"}, {Note: "为什么？"}, {Of: "card", Why: "blurred"}}}
	if got := Opened(c, typ, a, a); !slices.Equal(got, []string{"kind", "card"}) {
		t.Error(got)
	}
	now := Given{Answers: sdk.Answers{"kind": "home"}}.Over(a)
	if got := Opened(c, typ, a, now); !slices.Equal(got, []string{"kind", "card", "beds", "licence"}) {
		t.Error("an answer that brings up more:", got)
	}
	if a["kind"] != "person" {
		t.Error("the answers of the case were written over")
	}
}

func TestUnanswered(t *testing.T) {
	typ, a := correctable()
	c := Correction{[]Asked{{Of: "latin", Note: "?"}, {Note: "为什么？"}, {Of: "card", Why: "blurred"}, {Of: "kind", Note: "?"}}}
	for _, x := range []struct {
		g    Given
		have map[string]int
		want string
	}{
		{Given{}, nil, "free-2 latin card kind"},
		{Given{Answers: sdk.Answers{"latin": ""}}, map[string]int{"card": 1}, "free-2 kind"}, // left out on purpose is an answer
		{Given{Answers: sdk.Answers{"latin": "", "kind": "home"}, Words: map[int]string{1: "因为"}}, map[string]int{"card": 1}, "beds licence"},
		{Given{Answers: sdk.Answers{"latin": "W", "kind": "home", "beds": "3"}, Words: map[int]string{1: "因为"}}, map[string]int{"card": 1, "licence": 1}, ""},
	} {
		if got := strings.Join(Unanswered(c, typ, a, x.g, x.have), " "); got != x.want {
			t.Errorf("%v %v: %q, want %q", x.g, x.have, got, x.want)
		}
	}
}

func TestTouched(t *testing.T) {
	typ, _ := correctable()
	for fields, want := range map[string]string{"card": "readable identity", "name": "identity same", "book": "same", "latin": "", "": ""} {
		if got := strings.Join(Touched(typ, []string{fields}), " "); got != want {
			t.Errorf("%s touches %q, want %q", fields, got, want)
		}
	}
}

func TestLapseAndReopen(t *testing.T) {
	typ, _ := correctable()
	if err := CheckLapse("2026-12-07", "2026-12-07"); !Refused(err, "not_now") {
		t.Error("the last day counts:", err)
	}
	if err := CheckLapse("2026-12-07", "2026-12-08"); err != nil {
		t.Error(err)
	}
	if err := CheckReopen(typ, "2026-12-08", "2027-01-07"); err != nil {
		t.Error("the 30th day:", err)
	}
	if err := CheckReopen(typ, "2026-12-08", "2027-01-08"); !Refused(err, "reopen_over") {
		t.Error(err)
	}
	typ.Correction.ReopenDays = 1
	if err := CheckReopen(typ, "2026-12-08", "2026-12-10"); !Refused(err, "reopen_over") {
		t.Error(err)
	}
}
