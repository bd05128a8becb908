package flow

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestChooseSaysWhy(t *testing.T) {
	c := Case{ID: "a1", Type: "individual", Persons: []string{"b:wang", "b:id"}, Attester: "attester", TakenBy: "counter", Applicant: "own"}
	ok := Candidate{Types: []string{"individual"}, Present: true, Capacity: 20, Load: 5}
	as := func(id string, change func(*Candidate)) Candidate {
		s := ok
		s.ID = id
		change(&s)
		return s
	}
	staff := []Candidate{
		as("best", func(s *Candidate) { s.Load = 4; s.LastAssigned = "2026-11-20 10:00:00.000Z" }),
		as("later", func(s *Candidate) { s.Load = 4; s.LastAssigned = "2026-11-21 10:00:00.000Z" }),
		as("busier", func(s *Candidate) { s.Load = 1; s.Capacity = 4 }),
		as("attester", func(s *Candidate) { s.Load = 0 }),
		as("counter", func(s *Candidate) { s.Load = 0 }),
		as("own", func(s *Candidate) { s.Load = 0 }),
		as("related", func(s *Candidate) { s.Load = 0; s.Blinds = []string{"", "b:id"} }),
		as("declared", func(s *Candidate) { s.Load = 0; s.Conflicts = []string{"a1"} }),
		as("away", func(s *Candidate) { s.Load = 0; s.Present = false }),
		as("full", func(s *Candidate) { s.Load = 20 }),
		as("unpledged", func(s *Candidate) { s.Load = 0; s.Unpledged = true }),
		as("suspended", func(s *Candidate) { s.Load = 0; s.Suspended = true; s.Unpledged = true }),
		as("nothing", func(s *Candidate) { s.Load = 0; s.Capacity = 0 }),
		as("other", func(s *Candidate) { s.Load = 0; s.Types = []string{"pension"} }),
		as("", func(s *Candidate) { s.Load = 0 }),
	}
	chosen, why := Choose(c, staff)
	if chosen != "best" || why[0].Staff != "best" || why[0].Load != 4 || why[0].Capacity != 20 {
		t.Fatalf("chosen %q: %+v", chosen, why)
	}
	want := map[string]Fit{"best": FitChosen, "later": FitBusier, "busier": FitBusier, "attester": FitAttester, "counter": FitHelper, "own": FitConflict,
		"related": FitConflict, "declared": FitConflict, "away": FitAbsent, "full": FitFull, "unpledged": FitUnpledged, "suspended": FitSuspended, "nothing": FitFull, "other": FitNotQualified, "": FitNotQualified}
	for _, w := range why {
		if want[w.Staff] != w.Verdict {
			t.Errorf("%s: %s, want %s", w.Staff, w.Verdict, want[w.Staff])
		}
		delete(want, w.Staff)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
	if _, may := MayHave(c, staff[8]); !may {
		t.Error("somebody absent may still be given a case by a lead")
	}
	if fit, may := MayHave(c, staff[6]); may || fit != FitConflict {
		t.Error("somebody related may have the case")
	}
}

func TestChooseNobody(t *testing.T) {
	chosen, why := Choose(Case{Type: "individual"}, []Candidate{{ID: "a", Types: []string{"individual"}, Capacity: 3}})
	if chosen != "" || len(why) != 1 || why[0].Verdict != FitAbsent {
		t.Errorf("%q %+v", chosen, why)
	}
	if chosen, why := Choose(Case{Type: "x"}, []Candidate{{ID: "", Types: []string{"x"}, Present: true, Capacity: 3}}); chosen != "" || why[0].Verdict != FitNotQualified {
		t.Errorf("somebody without a name: %q %+v", chosen, why)
	}
	if chosen, why := Choose(Case{}, nil); chosen != "" || why != nil {
		t.Errorf("%q %+v", chosen, why)
	}
}

func candidates(t *rapid.T) []Candidate {
	n := rapid.IntRange(0, 8).Draw(t, "staff")
	some := func(name string, from ...string) []string {
		return rapid.SliceOfN(rapid.SampledFrom(from), 0, 2).Draw(t, name)
	}
	var all []Candidate
	for i := range n {
		all = append(all, Candidate{
			ID: fmt.Sprint("s", i), Types: some("types", "individual", "individual", "pension"), Present: rapid.IntRange(0, 4).Draw(t, "present") > 0,
			Capacity: rapid.IntRange(0, 6).Draw(t, "capacity"), Load: rapid.IntRange(0, 6).Draw(t, "load"),
			Blinds: some("blinds", "b1", "b2", "b3", ""), LastAssigned: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "last"),
			Conflicts: some("conflicts", "a1", "a2", "a3"), Unpledged: rapid.IntRange(0, 4).Draw(t, "unpledged") == 0, Suspended: rapid.IntRange(0, 4).Draw(t, "suspended") == 0,
		})
	}
	return all
}

func TestChooseNeverUnfitAlwaysLeastLoaded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		staff := candidates(t)
		c := Case{ID: "a1", Type: "individual", Persons: []string{"b1", ""}, Attester: "s0", TakenBy: "s1", Applicant: "s2"}
		may := func(s Candidate) bool { // in other words than unfit
			return s.Present && s.Load < s.Capacity && slices.Contains(s.Types, "individual") && !slices.Contains(s.Blinds, "b1") &&
				!slices.Contains(s.Conflicts, "a1") && !s.Unpledged && !s.Suspended && s.ID != "s0" && s.ID != "s1" && s.ID != "s2"
		}
		chosen, why := Choose(c, staff)
		if len(why) != len(staff) {
			t.Fatalf("%d lines about %d colleagues", len(why), len(staff))
		}
		i := slices.IndexFunc(staff, func(s Candidate) bool { return s.ID == chosen })
		for _, s := range staff {
			if may(s) && (i < 0 || float64(staff[i].Load)/float64(staff[i].Capacity) > float64(s.Load)/float64(s.Capacity)) {
				t.Fatalf("%q was chosen over %+v", chosen, s)
			}
		}
		if i >= 0 && !may(staff[i]) {
			t.Fatalf("%+v may not have it", staff[i])
		}
		if i < 0 && chosen != "" {
			t.Fatalf("%q is nobody", chosen)
		}
		slices.Reverse(staff)
		if again, _ := Choose(c, staff); again != chosen {
			t.Fatalf("another order, another answer: %q, %q", chosen, again)
		}
	})
}

func TestChooseSpreadsEvenly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		staff := make([]Candidate, rapid.IntRange(1, 7).Draw(t, "staff"))
		for i := range staff {
			staff[i] = Candidate{ID: fmt.Sprint("s", i), Types: []string{"x"}, Present: true, Capacity: 10}
		}
		for n := range rapid.IntRange(1, 10*len(staff)).Draw(t, "cases") {
			chosen, _ := Choose(Case{ID: fmt.Sprint(n), Type: "x"}, staff)
			i := slices.IndexFunc(staff, func(s Candidate) bool { return s.ID == chosen })
			if i < 0 {
				t.Fatal("room left, but nobody chosen")
			}
			staff[i].Load++
			staff[i].LastAssigned = fmt.Sprintf("%04d", n)
		}
		by := func(a, b Candidate) int { return a.Load - b.Load }
		if slices.MaxFunc(staff, by).Load-slices.MinFunc(staff, by).Load > 1 {
			t.Fatalf("not within one of each other: %+v", staff)
		}
	})
}

func TestRemindOn(t *testing.T) {
	cal := CalendarCN()
	for _, c := range []struct {
		days, remind   int
		today, due, on Day
	}{
		{5, 0, "2026-11-23", "2026-11-30", "2026-11-26"}, // two working days before, over a weekend
		{5, 4, "2026-11-23", "2026-11-30", "2026-11-24"},
		{5, 9, "2026-11-23", "2026-11-30", "2026-11-24"}, // not before tomorrow
		{1, 0, "2026-11-23", "2026-11-24", "2026-11-24"},
		{1, 0, "2026-11-27", "2026-11-30", "2026-11-30"},
		{0, 0, "2026-11-27", "2026-11-27", "2026-11-27"}, // never after the day
	} {
		if on := RemindOn(sdk.Type{ReviewDays: c.days, RemindDays: c.remind}, c.today, c.due, cal); on != c.on {
			t.Errorf("%+v: %s", c, on)
		}
	}
	if on := HandOnAt("2026-11-27", cal); on != "2026-12-01" {
		t.Errorf("late on a Friday, handed on %s", on)
	}
}
