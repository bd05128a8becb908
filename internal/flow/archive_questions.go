package flow

import (
	"slices"
	"time"
)

// The ready questions of an auditor: which acts each is about, and what makes a decision a quick one.

// A Question is asked of the record by its name.
type Question string

// The questions.
const (
	SawPerson      Question = "saw_person"      // who saw or handled this person
	ActsOf         Question = "acts_of"         // everything that one colleague did
	RuleChanges    Question = "rule_changes"    // every change of a rule or a role
	QuickDecisions Question = "quick_decisions" // decisions within a minute
)

// Questions is all of them, in the order in which they are offered.
var Questions = []Question{SawPerson, ActsOf, RuleChanges, QuickDecisions}

// RuleActs change what the desk does, or who may do what at it.
var RuleActs = []Act{SetUp, Adjust, SwitchType, ResumeRecheck, ResumeClock, MoveClock, Restore, Invite, GrantRole, RevokeRole, Recover, SuspendReviewer, EndSuspension, Deactivate}

// DecisionActs are a person's judgement on a case.
var DecisionActs = []Act{Decide}

// QuickSeconds is how long a decision takes at least that nobody asks about.
const QuickSeconds = 60

// QuickDecision reckons how long somebody can have looked at a case before deciding on it: from when they first saw it (a zero
// time: never), and no longer than since their last decision on another case (zero: there was none). It is quick if that is
// less than a minute, and if they never saw it.
func QuickDecision(seen, before, decided time.Time) (looked time.Duration, quick bool) {
	if seen.IsZero() {
		return 0, true
	}
	from := slices.MaxFunc([]time.Time{seen, before}, time.Time.Compare)
	looked = decided.Sub(from)
	return looked, looked < QuickSeconds*time.Second
}
