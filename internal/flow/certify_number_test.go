package flow

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	if got := Number(PrefixCertificate, 2026, 3108); got != "C-2026-003108" {
		t.Error(got)
	}
	for _, s := range []string{"C-2026-003108", "c2026003108", " c—2026—003108 ", "Ｃ－２０２６－００３１０８", "C 2026 003108"} {
		if p, y, n, err := ParseNumber(s); err != nil || p != "C" || y != 2026 || n != 3108 {
			t.Errorf("%q: %s %d %d %v", s, p, y, n, err)
		}
	}
	for _, s := range []string{"", "C-2026-3108", "2026-003108", "C-26-003108", "C-2026-000000", "C-2026-0003108", "CC-2026-003108", "C-2026-00310八", "C-2026-003108;", "C-2026-9999999999999999"} {
		if _, _, _, err := ParseNumber(s); !Refused(err, "not_a_number") {
			t.Errorf("%q is taken for a number", s)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		year, n := rapid.IntRange(1000, 9999).Draw(t, "year"), rapid.Int64Range(1, 999_999_999_999_999).Draw(t, "n")
		if p, y, m, err := ParseNumber(Number("R", year, n)); p != "R" || y != year || m != n || err != nil {
			t.Fatalf("%s %d %d %v", p, y, m, err)
		}
	})
}

func TestExpires(t *testing.T) {
	for _, x := range []struct {
		from   Day
		months int
		want   Day
	}{
		{"2026-11-23", 12, "2027-11-22"}, {"2026-01-01", 12, "2026-12-31"}, {"2026-03-01", 12, "2027-02-28"}, {"2027-03-01", 12, "2028-02-29"},
		{"2028-02-29", 12, "2029-02-28"}, {"2028-02-29", 48, "2032-02-28"}, {"2026-01-31", 1, "2026-02-28"}, {"2026-01-29", 1, "2026-02-28"}, {"2026-01-28", 1, "2026-02-27"},
		{"2026-08-31", 1, "2026-09-30"}, {"", 12, ""}, {"2026-02-30", 12, ""}, {"9999-06-01", 12, ""},
	} {
		if got := Expires(x.from, x.months); got != x.want {
			t.Errorf("%d months from %s end on %s, want %s", x.months, x.from, got, x.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		from, months := anyDay(t, "from"), rapid.IntRange(1, 120).Draw(t, "months")
		last := Expires(from, months)
		y, m, _ := from.In(time.UTC).Date()
		nominal := DayOf(time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC), time.UTC)
		if last.Before(nominal.AddDays(-1)) || last.After(nominal.AddDays(30)) || Expires(from.AddDays(1), months).Before(last) || !Expires(from, months+1).After(last) {
			t.Fatalf("%d months from %s end on %s", months, from, last)
		}
	})
}

func TestCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bits")
		code := NewCode(strings.NewReader(string(bits)))
		if len(code) != 26 || strings.ContainsAny(code, "ILOU") {
			t.Fatalf("%q", code)
		}
		as := strings.NewReplacer("0", "o", "1", "l").Replace(strings.ToLower(code[:9])) + " - " + code[9:] + "\n"
		if got, ok := ParseCode(as); !ok || got != code {
			t.Fatalf("%q is read as %q", as, got)
		}
		if _, ok := ParseCode(code[:25] + "U"); ok {
			t.Fatal("U is no letter of a code")
		}
	})
	if one, other := NewCode(rand.Reader), NewCode(rand.Reader); one == other {
		t.Error("the same code twice")
	}
	for _, s := range []string{"", "9TRB", strings.Repeat("0", 25), strings.Repeat("0", 27), strings.Repeat("0", 25) + "1", strings.Repeat("0", 25) + "字", strings.Repeat("0", 25) + "/"} {
		if _, ok := ParseCode(s); ok {
			t.Errorf("%q is taken for a code", s)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a code came out of too few bits")
		}
	}()
	NewCode(strings.NewReader("short"))
}

func TestMask(t *testing.T) {
	for name, want := range map[string]string{
		"王秀英": "王*英", "王敏": "王*", "王": "*", "": "", "欧阳娜娜": "欧**娜", "阿卜杜拉·买买提": "阿***提", "𠮷野英": "𠮷*英",
		"John Smith": "J*** S***", "Li Na": "L* N*", " 王秀英 ": "王*英", "葛\U000E0100秀英": "葛\U000E0100*英",
	} {
		if got := MaskName(name); got != want {
			t.Errorf("MaskName(%q) = %q, want %q", name, got, want)
		}
	}
	for phone, want := range map[string]string{"+8613812345678": "138****5678", "13812345678": "138****5678", "+861012345678": "****78", "+4915112345678": "+49****5678", "12345": "****45", "1234": "****", "": ""} {
		if got := MaskPhone(phone); got != want {
			t.Errorf("MaskPhone(%q) = %q, want %q", phone, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune("王秀英敏欧阳娜買𠮷")), 2, 12, -1).Draw(t, "name")
		if got := MaskName(name); got == name || !strings.Contains(got, "*") {
			t.Fatalf("%q stays %q", name, got)
		}
	})
}
