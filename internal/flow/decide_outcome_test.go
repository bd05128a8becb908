package flow

import (
	"reflect"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
	"pgregory.net/rapid"
)

var sampleType = sdk.Type{
	Checklist: []sdk.Item{
		{ID: "name", Ways: []sdk.Text{{En: "by eye"}, {En: "by register"}}, Reasons: []string{"name_differs"}},
		{ID: "photo", Reasons: []string{"blurred", "name_differs"}},
		{ID: "nice", Optional: true, Reasons: []string{"other"}},
		{ID: "work", When: &sdk.When{Question: "works", Is: "yes"}},
	},
	Reasons: []sdk.Reason{{ID: "name_differs", After: 7}, {ID: "blurred"}, {ID: "other", After: 30}, {ID: "forged", Severity: sdk.Fatal, After: -1}},
}

type verdictsOf = map[string]ItemVerdict

func itemOK() ItemVerdict  { return ItemVerdict{Value: VerdictOK} }
func itemBad() ItemVerdict { return ItemVerdict{Value: VerdictBad} }

func TestOutcome(t *testing.T) {
	shown := ItemsShown(sampleType, sdk.Answers{"works": "no"})
	if len(shown) != 3 || len(ItemsShown(sampleType, sdk.Answers{"works": "yes"})) != 4 {
		t.Fatalf("shown: %+v", shown)
	}
	for name, x := range map[string]struct {
		v    verdictsOf
		want Summary
	}{
		"untouched":          {nil, Summary{Missing: []string{"name", "photo"}}},
		"all required":       {verdictsOf{"name": itemOK(), "photo": itemOK()}, Summary{CanPass: true}},
		"cannot tell":        {verdictsOf{"name": itemOK(), "photo": {Value: VerdictUnsure}}, Summary{Unsure: []string{"photo"}}},
		"optional unsure":    {verdictsOf{"name": itemOK(), "photo": itemOK(), "nice": {Value: VerdictUnsure}}, Summary{CanPass: true}},
		"optional bad":       {verdictsOf{"name": itemOK(), "photo": itemOK(), "nice": itemBad()}, Summary{Bad: []string{"nice"}, Suggested: []string{"other"}}},
		"two bad":            {verdictsOf{"name": itemBad(), "photo": itemBad()}, Summary{Bad: []string{"name", "photo"}, Suggested: []string{"name_differs", "blurred"}}},
		"not a value":        {verdictsOf{"name": {Value: "OK"}, "photo": itemOK()}, Summary{Missing: []string{"name"}}},
		"hidden item is bad": {verdictsOf{"name": itemOK(), "photo": itemOK(), "work": itemBad()}, Summary{CanPass: true}},
	} {
		if got := Outcome(shown, x.v); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %+v, want %+v", name, got, x.want)
		}
	}
}

func TestCheckVerdict(t *testing.T) {
	shown := ItemsShown(sampleType, nil)
	for want, x := range map[string]struct {
		id string
		v  ItemVerdict
	}{
		"":                {"name", ItemVerdict{VerdictOK, 1, "seen in the register"}},
		"unknown_item":    {"work", itemOK()},
		"unknown_verdict": {"name", ItemVerdict{Value: "yes"}},
		"unknown_way":     {"name", ItemVerdict{Value: VerdictOK, How: 2}},
		"note_too_long":   {"name", ItemVerdict{Value: VerdictBad, Note: strings.Repeat("字", 501)}},
	} {
		checkRefused(t, CheckVerdict(shown, x.id, x.v), want)
	}
	checkRefused(t, CheckVerdict(shown, "photo", ItemVerdict{}), "")
	checkRefused(t, CheckVerdict(shown, "photo", ItemVerdict{Value: VerdictOK, How: -1}), "unknown_way")
	checkRefused(t, CheckVerdict(shown, "photo", ItemVerdict{Value: VerdictOK, Note: strings.Repeat("字", 500)}), "")
}

// checkRefused wants err to be a refusal with this code; no error for "".
func checkRefused(t *testing.T, err error, code string) {
	t.Helper()
	if code == "" && err != nil || code != "" && !Refused(err, code) {
		t.Errorf("got %v, want %q", err, code)
	}
}

func TestCheckDecision(t *testing.T) {
	all := verdictsOf{"name": itemOK(), "photo": itemOK()}
	for _, x := range []struct {
		d    Decision
		v    verdictsOf
		a    sdk.Answers
		want string
	}{
		{Decision{Outcome: Passed}, all, nil, ""},
		{Decision{Outcome: Passed, Extra: strings.Repeat("字", 1000)}, all, nil, ""},
		{Decision{Outcome: Passed, Extra: strings.Repeat("字", 1001)}, all, nil, "extra_too_long"},
		{Decision{Outcome: Passed}, all, sdk.Answers{"works": "yes"}, "verdicts_missing"},
		{Decision{Outcome: Passed}, verdictsOf{"name": itemOK()}, nil, "verdicts_missing"},
		{Decision{Outcome: Passed}, verdictsOf{"name": itemOK(), "photo": itemBad()}, nil, "items_bad"},
		{Decision{Outcome: Passed}, verdictsOf{"name": itemOK(), "photo": {Value: VerdictUnsure}}, nil, "items_unsure"},
		{Decision{Outcome: Passed, Reasons: []string{"blurred"}}, all, nil, "passed_with_reasons"},
		{Decision{Outcome: NotPassed, Reasons: []string{"blurred", "other"}}, nil, nil, ""},
		{Decision{Outcome: NotPassed}, nil, nil, "no_reasons"},
		{Decision{Outcome: NotPassed, Reasons: []string{"ugly"}}, nil, nil, "unknown_reason"},
		{Decision{Outcome: NotPassed, Reasons: []string{"blurred", "blurred"}}, nil, nil, "reason_twice"},
		{Decision{Outcome: NotPassed, Reasons: []string{"blurred"}, Extra: strings.Repeat("x", 1001)}, nil, nil, "extra_too_long"},
		{Decision{Outcome: "Passed"}, all, nil, "unknown_outcome"},
		{Decision{}, all, nil, "unknown_outcome"},
	} {
		t.Run(x.d.Outcome+" "+x.want, func(t *testing.T) { checkRefused(t, CheckDecision(x.d, sampleType, x.a, x.v), x.want) })
	}
}

func TestReapply(t *testing.T) {
	for _, x := range []struct {
		ids   []string
		from  Day
		never bool
		fatal bool
	}{
		{[]string{"blurred"}, "2026-11-23", false, false},
		{[]string{"name_differs", "other", "blurred"}, "2026-12-23", false, false},
		{[]string{"other", "forged"}, "", true, true},
	} {
		reasons, err := ReasonsOf(sampleType, x.ids)
		if err != nil {
			t.Fatal(err)
		}
		if from, never := Reapply(reasons, "2026-11-23"); from != x.from || never != x.never || Fatal(reasons) != x.fatal {
			t.Errorf("%v: %s %v", x.ids, from, never)
		}
	}
}

func TestPassNeedsEveryRequiredItem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.MapOf(rapid.SampledFrom([]string{"name", "photo", "nice", "work"}),
			rapid.Map(rapid.SampledFrom([]string{"", "ok", "bad", "ask", "?"}), func(s string) ItemVerdict { return ItemVerdict{Value: s} })).Draw(t, "verdicts")
		want := v["name"] == itemOK() && v["photo"] == itemOK() && v["work"] == itemOK() && v["nice"] != itemBad()
		err := CheckDecision(Decision{Outcome: Passed}, sampleType, sdk.Answers{"works": "yes"}, v)
		if (err == nil) != want {
			t.Fatalf("%v: %v", v, err)
		}
	})
}
