package flow

import (
	_ "embed" // the rules
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// A cool-down keeps applications from coming back faster than anything can have changed. It is reckoned from recent
// outcomes by a data file, so that the applicant can be shown, before anything is filled in, until when and why.

//go:embed apply_cooldown.csv
var coolDownCSV string

// PastOutcome is how one earlier application for the same type and holder ended.
type PastOutcome struct {
	On        Day   `json:"on"`
	Result    State `json:"result"`    // rejected, approved, withdrawn, lapsed
	AfterDays int   `json:"afterDays"` // the longest wait of its reasons; -1 never
	Malicious bool  `json:"malicious,omitempty"`
}

// CoolDown says from when one may submit again. The zero CoolDown: now.
type CoolDown struct {
	Until   Day           `json:"until,omitempty"` // the first day on which one may submit
	Never   bool          `json:"never,omitempty"`
	Rule    string        `json:"rule,omitempty"`   // the line of the file that says so, for its sentence, with its figures:
	Within  int           `json:"within,omitempty"` // so many outcomes within so many days
	Wait    int           `json:"wait,omitempty"`   // so many days from the last of them
	Longer  int           `json:"longer,omitempty"` // so many more, by a sanction
	Because []PastOutcome `json:"because,omitempty"`
}

// Now reports whether one may submit at once.
func (c CoolDown) Now() bool { return !c.Never && c.Until == "" }

// CoolDownRule is one line of the file.
type CoolDownRule struct {
	Name      string
	Outcome   string // rejected, malicious, withdrawn, lapsed
	Count     int
	Within    int
	Wait      int
	ByReasons bool // waits as long as the reasons of the result say
}

// CoolDownRules returns the lines of the file, in its order.
var CoolDownRules = sync.OnceValue(func() []CoolDownRule {
	rules, err := ParseCoolDownRules(strings.NewReader(coolDownCSV))
	if err != nil {
		panic("flow: apply_cooldown.csv: " + err.Error()) // embedded, and read by a test
	}
	return rules
})

// CoolDownOf reckons the cool-down from outcomes as of today: the line that makes one wait longest, and the outcomes
// that led to it. One more outcome never shortens it. Outcomes need no order; one that has no date counts only if its
// reasons say never.
func CoolDownOf(outcomes []PastOutcome, today Day) CoolDown {
	return coolDown(CoolDownRules(), outcomes, 0, today)
}

func coolDown(rules []CoolDownRule, outcomes []PastOutcome, longer int, today Day) CoolDown {
	var longest CoolDown
	for _, r := range rules {
		for _, o := range outcomes {
			c := r.after(o, outcomes)
			if c.Never {
				return c
			}
			if longer > 0 && c.Until != "" && o.Result == Rejected {
				c.Until, c.Longer = c.Until.AddDays(longer), longer
			}
			if c.Until.After(today) && (longest.Until == "" || c.Until.After(longest.Until)) {
				longest = c
			}
		}
	}
	return longest
}

// after returns what the rule says on the day of o, when o is the last of the outcomes that it counts.
func (r CoolDownRule) after(o PastOutcome, all []PastOutcome) CoolDown {
	if !r.counts(o) {
		return CoolDown{}
	}
	if r.ByReasons {
		one := []PastOutcome{o}
		if o.AfterDays < 0 {
			return CoolDown{Never: true, Rule: r.Name, Because: one}
		}
		return CoolDown{Until: o.On.AddDays(o.AfterDays), Rule: r.Name, Wait: o.AfterDays, Because: one}
	}
	var counted []PastOutcome
	for _, x := range all {
		if r.counts(x) && x.On.Valid() && !x.On.After(o.On) && o.On.Sub(x.On) <= r.Within {
			counted = append(counted, x)
		}
	}
	if len(counted) < r.Count {
		return CoolDown{}
	}
	slices.SortStableFunc(counted, func(a, b PastOutcome) int { return strings.Compare(string(a.On), string(b.On)) })
	return CoolDown{Until: o.On.AddDays(r.Wait), Rule: r.Name, Within: r.Within, Wait: r.Wait, Because: counted}
}

func (r CoolDownRule) counts(o PastOutcome) bool {
	if r.Outcome == "malicious" {
		return o.Malicious
	}
	return string(o.Result) == r.Outcome
}

// ParseCoolDownRules reads the file. A rule named twice, an unknown outcome or a figure out of range is an error that
// names its line.
func ParseCoolDownRules(in io.Reader) ([]CoolDownRule, error) {
	rows, err := readTable(in, "rule", "outcome", "count", "within_days", "wait_days")
	if err != nil {
		return nil, err
	}
	var rules []CoolDownRule
	for _, row := range rows {
		r, err := coolDownRuleOf(row.cells)
		if err == nil && slices.ContainsFunc(rules, func(x CoolDownRule) bool { return x.Name == r.Name }) {
			err = fmt.Errorf("rule %s is named twice", r.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", row.line, err)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

func coolDownRuleOf(f []string) (r CoolDownRule, err error) {
	r = CoolDownRule{Name: f[0], Outcome: f[1], ByReasons: f[4] == "reason"}
	if r.Name == "" || !slices.Contains([]string{"rejected", "malicious", "withdrawn", "lapsed"}, r.Outcome) {
		return r, fmt.Errorf("%q: unknown outcome %q", r.Name, r.Outcome)
	}
	if r.Count, err = figure(f[2], 1, 1000); err != nil {
		return r, fmt.Errorf("count: %w", err)
	}
	if r.Within, err = figure(f[3], 0, 36500); err != nil {
		return r, fmt.Errorf("within_days: %w", err)
	}
	if r.ByReasons {
		if r.Outcome != "rejected" || r.Count != 1 {
			return r, fmt.Errorf("only one rejected outcome has reasons")
		}
		return r, nil
	}
	if r.Wait, err = figure(f[4], 0, 3650); err != nil {
		return r, fmt.Errorf("wait_days: %w", err)
	}
	return r, nil
}
