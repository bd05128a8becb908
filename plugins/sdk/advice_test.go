package sdk

import (
	"slices"
	"strings"
	"testing"
)

func codes(found []Finding) string {
	var all []string
	for _, f := range found {
		if f.Text.ZhHans == "" || f.Text.En == "" || strings.ContainsAny(f.Text.ZhHans+f.Text.En, "{}") {
			all = append(all, "UNREADABLE")
		}
		all = append(all, f.Code)
	}
	return strings.Join(all, " ")
}

func TestPictures(t *testing.T) {
	good := Fact{Slot: "front", Media: "image/jpeg", Pages: 1, Width: 1600, Height: 1200, Bytes: 1000, Blur: 200}
	with := func(change func(*Fact)) Fact { f := good; change(&f); return f }
	for name, c := range map[string]struct {
		facts []Fact
		want  string
	}{
		"nothing":          {nil, ""},
		"good":             {[]Fact{good}, ""},
		"just sharp":       {[]Fact{with(func(f *Fact) { f.Blur = 60 })}, ""},
		"blurred":          {[]Fact{with(func(f *Fact) { f.Blur = 59 })}, "blurred"},
		"not measured":     {[]Fact{with(func(f *Fact) { f.Blur, f.Width, f.Height = 0, 0, 0 })}, ""},
		"just large":       {[]Fact{with(func(f *Fact) { f.Height = 600 })}, ""},
		"small":            {[]Fact{with(func(f *Fact) { f.Height = 599 })}, "small"},
		"both":             {[]Fact{with(func(f *Fact) { f.Width, f.Blur = 200, 3 })}, "blurred small"},
		"same in two":      {[]Fact{good, with(func(f *Fact) { f.Slot = "back" })}, "same_file"},
		"same in one slot": {[]Fact{good, good}, ""},
		"another size":     {[]Fact{good, with(func(f *Fact) { f.Slot, f.Bytes = "back", 1001 })}, ""},
	} {
		if got := codes(Pictures(c.facts)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if f := Pictures([]Fact{with(func(f *Fact) { f.Blur = 1 })}); f[0].Slot != "front" {
		t.Error("a finding has to point at its slot")
	}
}

func TestUntil(t *testing.T) {
	for until, want := range map[string]string{
		"": "", "long": "in_date_long", "2026-11-22": "expired", "2026-11-23": "ends_soon", "2026-12-23": "ends_soon",
		"2026-12-24": "in_date", "2046-01-01": "in_date", "soon": "unreadable_date",
	} {
		if got := codes(Until("q", "i", until, "2026-11-23")); got != want {
			t.Errorf("%q: %q, want %q", until, got, want)
		}
		expired := ""
		if want == "expired" {
			expired = want
		}
		if got := codes(Expired("q", until, "2026-11-23")); got != expired {
			t.Errorf("%q: expired %q", until, got)
		}
	}
}

func TestIdentity(t *testing.T) {
	for number, want := range map[string]string{
		"": "", "11010519491231002X": "id_reads", "110105194912310021": "id_wrong",
		"81000019980902013X": "id_reads id_permit", "911124198108030024": "id_reads id_permanent",
	} {
		if _, found := Identity("q", "i", number, "2026-11-23"); codes(found) != want {
			t.Errorf("%s: %q, want %q", number, codes(found), want)
		}
	}
	_, found := Identity("q", "i", "11010519491231002X", "2026-11-23")
	if f := found[0]; f.Text.ZhHans != "号码的校验位正确。由号码得出：1949-12-31 出生，女，76 岁。" || !strings.Contains(f.Text.En, "born 1949-12-31, female, 76 years") || f.Question != "q" || f.Item != "i" {
		t.Errorf("%+v", f)
	}
}

func TestIdentityCard(t *testing.T) {
	old := ResidentID{Birth: "1949-12-31", Card: CardResident}
	young := ResidentID{Birth: "1980-11-24", Card: CardResident}
	turned := ResidentID{Birth: "1980-11-23", Card: CardResident}
	for _, c := range []struct {
		id    ResidentID
		until string
		want  string
	}{
		{old, "long", ""}, {young, "long", "long_young"}, {turned, "long", ""}, {young, "2046-11-23", ""},
		{young, "2046-11-24", "too_long"}, {young, "", ""}, {ResidentID{Birth: "1990-01-01", Card: CardPermit}, "long", ""},
	} {
		if got := codes(IdentityCard("q", "i", c.id, c.until, "2026-11-23")); got != c.want {
			t.Errorf("%+v %s: %q, want %q", c.id, c.until, got, c.want)
		}
	}
}

func TestRareCharacters(t *testing.T) {
	if got := RareCharacters("q", "i", "王秀英"); got != nil {
		t.Errorf("%v", got)
	}
	if got := RareCharacters("q", "i", "王𬭎"); codes(got) != "rare_character" || !strings.Contains(got[0].Text.ZhHans, "𬭎") {
		t.Errorf("%v", got)
	}
}

// TestSharedFindings holds that every shared finding has a level and both languages.
func TestSharedFindings(t *testing.T) {
	for code, f := range shared {
		if !slices.Contains([]Level{Good, Info, Warn, Bad}, f.Level) || f.Text.ZhHans == "" || f.Text.En == "" {
			t.Errorf("%s: %+v", code, f)
		}
	}
	if (ResidentID{Sex: "female"}).SexText().ZhHans != "女" {
		t.Error("sex in words")
	}
}
