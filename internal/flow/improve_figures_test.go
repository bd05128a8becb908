package flow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFigures(t *testing.T) {
	cal := CalendarCN()
	all := []Passage{
		{ID: "1", Type: "a", Reviewer: "x", State: Approved, Outcome: Passed, Received: "2026-10-26", Assigned: "2026-10-26", Decided: "2026-10-28", Ended: "2026-10-28", Due: "2026-10-30", Found: "2026-10-26", Contacted: "2026-10-27", Corrected: true},
		{ID: "2", Type: "a", Reviewer: "y", State: Rejected, Outcome: NotPassed, Received: "2026-10-30", Assigned: "2026-11-02", Decided: "2026-11-09", Ended: "2026-11-09", Due: "2026-11-06", Reasons: []string{"blur"}, Challenged: true},
		{ID: "3", Type: "b", Reviewer: "x", State: Withdrawn, Received: "2026-11-02", Ended: "2026-11-03"},
		{ID: "4", Type: "b", Reviewer: "", State: Submitted, Received: "2026-11-02"},
	}
	months := FiguresOf(all, cal)
	oct, nov := Sum(months["2026-10"], "", ""), Sum(months["2026-11"], "", "")
	if oct.Received != 2 || oct.Decided != 1 || oct.OnTime != 1 || oct.Corrected != 1 || oct.Took.Part(50) != 2 || oct.Contact.Part(50) != 1 || oct.Waited.Part(90) != 0 {
		t.Errorf("October: %+v", oct)
	}
	if nov.Received != 2 || nov.Decided != 1 || nov.OnTime != 0 || nov.Refused != 1 || nov.Withdrawn != 1 || nov.Reasons["blur"] != 1 || nov.Challenge != 1 || nov.Waited.Part(50) != 1 || nov.Reviewed.Part(50) != 5 {
		t.Errorf("November: %+v", nov)
	}
	if f := Sum(months["2026-11"], "b", "x"); f.Withdrawn != 1 || f.Decided != 0 || f.Took.Part(50) != -1 {
		t.Errorf("one type, one reviewer: %+v", f)
	}
	if q, by := ReviewDue("2026-11-27", ""); q != "2026-Q3" || by != "2026-10-31" {
		t.Errorf("%s by %s", q, by)
	}
	if q, _ := ReviewDue("2027-01-02", "2026-Q3"); q != "2026-Q4" {
		t.Errorf("in the new year: %s", q)
	}
	if q, _ := ReviewDue("2026-11-27", "2026-Q3"); q != "" {
		t.Errorf("reviewed, and due again: %s", q)
	}
}

// TestTermsNeverBreakAPromise: whatever is set, a case that runs has no less time to answer, no fewer rounds and no longer wait.
func TestTermsNeverBreakAPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, least, most int) int { return rapid.IntRange(least, most).Draw(t, name) }
		base := sampleType
		base.Reasons = slices.Clone(base.Reasons)
		for i := range base.Reasons {
			base.Reasons[i].After = n("wait", -1, 60)
		}
		base.Correction.Days, base.Correction.Rounds, base.ReviewDays = n("days", 1, 30), n("rounds", 1, 5), n("review", 1, 30)
		terms := Terms{ReviewDays: n("new review", 0, 30), CorrectionDays: n("new days", 0, 30), CorrectionRounds: n("new rounds", 0, 5), Reasons: map[string]ReasonTerms{}}
		for _, r := range base.Reasons {
			after := n("new wait", -1, 60)
			terms.Reasons[r.ID] = ReasonTerms{After: &after}
		}
		now := terms.ForGood(base)
		if now.Correction.Days < base.Correction.Days || now.Correction.Rounds < base.Correction.Rounds || now.ReviewDays != base.ReviewDays {
			t.Fatalf("%+v after %+v", now.Correction, base.Correction)
		}
		for i, r := range now.Reasons {
			if was := base.Reasons[i].After; r.After != was && !shorter(r.After, was) {
				t.Fatalf("waits %d, before %d", r.After, was)
			}
		}
	})
}
