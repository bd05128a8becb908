package flow

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCoolDown(t *testing.T) {
	refused := func(on Day, after int) PastOutcome { return PastOutcome{On: on, Result: Rejected, AfterDays: after} }
	lie := func(on Day) PastOutcome { return PastOutcome{On: on, Result: Rejected, Malicious: true} }
	three := []PastOutcome{refused("2026-11-23", 0), refused("2026-10-27", 0), refused("2026-11-09", 0)}
	for name, x := range map[string]struct {
		past    []PastOutcome
		today   Day
		until   Day
		never   bool
		rule    string
		because int
	}{
		"nothing yet":               {nil, "2026-11-23", "", false, "", 0},
		"one fixable refusal":       {three[:1], "2026-11-23", "", false, "", 0},
		"three within thirty days":  {three, "2026-11-23", "2026-12-23", false, "three_refusals", 3},
		"on its last day":           {three, "2026-12-22", "2026-12-23", false, "three_refusals", 3},
		"over":                      {three, "2026-12-23", "", false, "", 0},
		"three, but slowly":         {[]PastOutcome{refused("2026-09-01", 0), refused("2026-10-20", 0), refused("2026-11-23", 0)}, "2026-11-23", "", false, "", 0},
		"the reason's own wait":     {[]PastOutcome{refused("2026-11-20", 90), refused("2026-11-23", 7)}, "2026-11-23", "2027-02-18", false, "reason", 1},
		"never":                     {append(three[:3:3], refused("2020-01-01", -1)), "2026-11-23", "", true, "reason", 1},
		"false information":         {[]PastOutcome{lie("2026-11-01")}, "2026-11-23", "2027-11-01", false, "false_information", 1},
		"false information again":   {[]PastOutcome{lie("2026-11-01"), lie("2022-11-01")}, "2026-11-23", "2029-10-31", false, "false_information_again", 2},
		"withdrawn and lapsed":      {[]PastOutcome{{On: "2026-11-22", Result: Withdrawn}, {On: "2026-11-23", Result: Lapsed, AfterDays: 30}}, "2026-11-23", "", false, "", 0},
		"approved":                  {[]PastOutcome{{On: "2026-11-23", Result: Approved, AfterDays: 30}}, "2026-11-23", "", false, "", 0},
		"an outcome without a date": {[]PastOutcome{refused("", 30)}, "2026-11-23", "", false, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := CoolDownOf(x.past, x.today)
			if c.Until != x.until || c.Never != x.never || c.Rule != x.rule || len(c.Because) != x.because {
				t.Errorf("got %+v", c)
			}
			if c.Now() != (x.until == "" && !x.never) {
				t.Errorf("Now() = %v", c.Now())
			}
		})
	}
	if c := CoolDownOf(three, "2026-11-23"); c.Because[0].On != "2026-10-27" || c.Within != 30 || c.Wait != 30 {
		t.Errorf("what led to it is not told in order: %+v", c)
	}
}

func pastOutcomes(t *rapid.T) []PastOutcome {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) PastOutcome {
		return PastOutcome{
			On:        Day("2024-01-01").AddDays(rapid.IntRange(0, 1100).Draw(t, "on")),
			Result:    rapid.SampledFrom([]State{Rejected, Rejected, Rejected, Approved, Withdrawn, Lapsed}).Draw(t, "result"),
			AfterDays: rapid.SampledFrom([]int{0, 0, 7, 30, 90, -1}).Draw(t, "after"),
			Malicious: rapid.IntRange(0, 9).Draw(t, "lie") == 0,
		}
	}), 0, 12).Draw(t, "past")
}

func TestCoolDownMonotoneAndBounded(t *testing.T) {
	longest := 90 // of the reasons drawn
	for _, r := range CoolDownRules() {
		longest = max(longest, r.Wait)
	}
	rapid.Check(t, func(t *rapid.T) {
		past, today := pastOutcomes(t), Day("2024-01-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "today"))
		more := append(pastOutcomes(t), past...)
		less, whole := CoolDownOf(past, today), CoolDownOf(more, today)
		if less.Never && !whole.Never || !whole.Never && (whole.Until.Before(less.Until) || less.Until != "" && whole.Until == "") {
			t.Fatalf("more outcomes shorten it: %+v, then %+v", less, whole)
		}
		if whole.Until != "" && !whole.Until.After(today) {
			t.Fatalf("a cool-down that is over: %+v", whole)
		}
		var last Day
		for _, o := range more {
			last = Latest(last, o.On)
		}
		if whole.Until.Sub(last) > longest {
			t.Fatalf("%+v is longer than %d days", whole, longest)
		}
		if later := CoolDownOf(more, today.AddDays(1)); !later.Now() && (later.Until != whole.Until || later.Never != whole.Never) {
			t.Fatalf("waiting a day moves it: %+v, then %+v", whole, later)
		}
		if (whole.Rule == "") != whole.Now() || len(whole.Because) == 0 != whole.Now() {
			t.Fatalf("no reason given: %+v", whole)
		}
	})
}

func TestParseCoolDownRulesRefuses(t *testing.T) {
	head := "rule,outcome,count,within_days,wait_days\n"
	for text, want := range map[string]string{
		"":                           "no column names",
		"a,b\n":                      "the columns are",
		head:                         "no rows",
		head + "x,refused,1,0,0":     `line 2: "x": unknown outcome "refused"`,
		head + "x,rejected,0,0,0":    "count",
		head + "x,rejected,1,-1,0":   "within_days",
		head + "x,rejected,1,0,4000": "wait_days",
		head + "x,rejected,1,0,0\nx,rejected,2,0,0": "line 3: rule x is named twice",
		head + "x,malicious,1,0,reason":             "only one rejected outcome",
		head + "x,rejected,1,0":                     "wrong number of fields",
	} {
		if _, err := ParseCoolDownRules(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
