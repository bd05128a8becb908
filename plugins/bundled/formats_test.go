package bundled

// Properties of the formats. They live here because the SDK's own module takes no test library; what is checked against
// is written a second time, slowly and plainly.

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

var now = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// id completes a number: 15 digits, two more of the sequence, and the check character of ISO 7064 MOD 11-2, by its
// definition: the number, its last place counting as 1 and each place before as twice the one after, leaves 1.
func id(head, sequence string) string {
	s := head + sequence
	for _, last := range "0123456789X" {
		sum := new(big.Int)
		for _, r := range s + string(last) {
			d := int64(r - '0')
			if r == 'X' {
				d = 10
			}
			sum.Add(sum.Mul(sum, big.NewInt(2)), big.NewInt(d))
		}
		if sum.Mod(sum, big.NewInt(11)).Int64() == 1 {
			return s + string(last)
		}
	}
	panic("no check character")
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// credit completes a credit code, by the definition: 17 places weighted with powers of 3, and the check character, leave
// nothing modulo 31.
func credit(s string) string {
	sum, power := new(big.Int), big.NewInt(1)
	for _, r := range s {
		place := big.NewInt(int64(strings.IndexRune(creditAlphabet, r)))
		sum.Add(sum, place.Mul(place, power))
		power.Mul(power, big.NewInt(3))
	}
	for i, last := range creditAlphabet {
		if all := new(big.Int).Add(sum, big.NewInt(int64(i))); all.Mod(all, big.NewInt(31)).Sign() == 0 {
			return s + string(last)
		}
	}
	panic("no check character")
}

var provinces = []string{"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
	"43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71"}

func anyID(t *rapid.T) (number string, born time.Time, sequence int) {
	born = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 46347).Draw(t, "day"))
	sequence = rapid.IntRange(0, 999).Draw(t, "sequence")
	place := rapid.SampledFrom(provinces).Draw(t, "province") + fmt.Sprintf("%04d", rapid.IntRange(0, 9999).Draw(t, "county"))
	return id(place+born.Format("20060102")+fmt.Sprintf("%03d", sequence)[:1], fmt.Sprintf("%03d", sequence)[1:]), born, sequence
}

// TestEveryGoodID holds that every well-formed number is accepted and read right, however it is grouped.
func TestEveryGoodID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number, born, sequence := anyID(t)
		entered := strings.ToLower(number[:6] + rapid.SampledFrom([]string{"", " ", "　", "-"}).Draw(t, "gap") + number[6:])
		got, err := sdk.ParseResidentID(entered, now)
		if err != nil {
			t.Fatalf("%s: %v", number, err)
		}
		sex := map[int]string{0: "female", 1: "male"}[sequence%2]
		if got.Number != number || got.Birth != born.Format(time.DateOnly) || got.Sex != sex || got.Province.ZhHans == "" {
			t.Fatalf("%s: %+v", number, got)
		}
	})
}

// TestWrongIDs holds that one changed character, or two neighbours changed round, are never accepted.
func TestWrongIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number, _, _ := anyID(t)
		at := rapid.IntRange(0, 17).Draw(t, "at")
		changed := number[:at] + string(rapid.SampledFrom([]rune("0123456789X")).Draw(t, "to")) + number[at+1:]
		if rapid.Bool().Draw(t, "swap") && at < 17 {
			changed = number[:at] + number[at+1:at+2] + number[at:at+1] + number[at+2:]
		}
		if _, err := sdk.ParseResidentID(changed, now); (err == nil) != (changed == number) {
			t.Fatalf("%s from %s: %v", changed, number, err)
		}
	})
}

func TestCreditCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := func(n int, alphabet, label string) string {
			return string(rapid.SliceOfN(rapid.SampledFrom([]rune(alphabet)), n, n).Draw(t, label))
		}
		code := credit(in(2, creditAlphabet, "kind") + in(6, "0123456789", "division") + in(9, creditAlphabet, "body"))
		if got, err := sdk.ParseCreditCode(strings.ToLower(code[:8] + " " + code[8:])); err != nil || got != code {
			t.Fatalf("%s: %q, %v", code, got, err)
		}
		at := rapid.IntRange(0, 17).Draw(t, "at")
		changed := code[:at] + in(1, creditAlphabet, "to") + code[at+1:]
		if _, err := sdk.ParseCreditCode(changed); (err == nil) != (changed == code) {
			t.Fatalf("%s from %s: %v", changed, code, err)
		}
	})
}

// TestNormalForms holds for every format that the normal form of anything accepted is its own normal form, and that
// anything at all gets either that or an error with a sentence.
func TestNormalForms(t *testing.T) {
	number := func(s string) (string, error) {
		got, err := sdk.ParseResidentID(s, now)
		return got.Number, err
	}
	pieces := rapid.SampledFrom([]string{"王", "𬭎", "·", "•", "\uF900", "a", "Ü", "u\u0308", "@", ".", "-", "+86", "138", "0013", "8000", "010", " ", "　", "９", "X", "\xff", "\n", "\u200b", "example.com", "11010519491231002X"})
	for name, normal := range map[string]func(string) (string, error){
		"id": number, "credit": sdk.ParseCreditCode, "name": sdk.NormalName, "latin": sdk.NormalLatinName,
		"phone": sdk.NormalPhone, "email": sdk.NormalEmail,
	} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			s := strings.Join(rapid.SliceOfN(pieces, 0, 8).Draw(t, "pieces"), "") + rapid.String().Draw(t, "rest")
			norm, err := normal(s)
			if err != nil {
				if p := sdk.WrongFormat("q", err); p.Code == "other" || p.Text.ZhHans == "" || norm != "" {
					t.Fatalf("%q: %q, %v", s, norm, err)
				}
				return
			}
			if again, err := normal(norm); err != nil || again != norm {
				t.Fatalf("%q: %q becomes %q, %v", s, norm, again, err)
			}
		}))
	}
}

// TestNamesAreNFC compares with Unicode's own composition: every Chinese or Latin character alone, and Latin letters
// with marks. Radicals become characters, which goes further than composition.
func TestNamesAreNFC(t *testing.T) {
	for r := rune(0x80); r < 0x33480; r++ {
		if got, err := sdk.NormalName("王" + string(r)); err == nil && !(r >= 0x2F00 && r <= 0x2FD5) && got != norm.NFC.String("王"+string(r)) && !folded(r) {
			t.Errorf("%U: %q", r, got)
		}
		if got, err := sdk.NormalLatinName("A" + string(r)); err == nil && unicode.Is(unicode.Latin, r) && r < 0xFF00 && got != norm.NFC.String("A"+string(r)) {
			t.Errorf("%U: %q", r, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		letter := rapid.SampledFrom([]rune("AEIOUaeiounNcCsSzZyY")).Draw(t, "letter")
		mark := rapid.SampledFrom([]rune{0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x308, 0x30a, 0x30c, 0x327, 0x328}).Draw(t, "mark")
		s := "Mc" + string(letter) + string(mark)
		want := norm.NFC.String(s)
		got, err := sdk.NormalLatinName(s)
		if composed := len([]rune(want)) == 3; composed != (err == nil) || composed && got != want {
			t.Fatalf("%q: %q, %v, want %q", s, got, err, want)
		}
	})
}

// folded are the characters that the normal form of a name drops or writes as ·.
func folded(r rune) bool {
	return strings.ContainsRune("·•・‧･∙⋅・．.", r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// TestAnswersOfEveryKind holds the same for package check: whatever is entered, it is kept in normal form or refused
// with a sentence in both languages.
func TestAnswersOfEveryKind(t *testing.T) {
	typ, err := all[1].cert.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var questions []sdk.Question
	for _, b := range all {
		for _, p := range b.describe(t).Pages {
			questions = append(questions, p.Questions...)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.SampledFrom(questions).Draw(t, "question")
		raw := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"long", "2030-1-1", "meals\nother", "王秀英", "+85221234567"})).Draw(t, "raw")
		got, p := check.Answer(q, raw, today)
		if p != nil && (got != "" || p.Field != q.ID || p.Text.ZhHans == "" || p.Text.En == "") {
			t.Fatalf("%q: %q, %+v", raw, got, p)
		}
		if again, p := check.Answer(q, got, today); got != "" && (p != nil || again != got) {
			t.Fatalf("%s %q: %q becomes %q, %v", q.ID, raw, got, again, p)
		}
		_ = check.Form(typ, sdk.Answers{q.ID: raw}, nil, false, today)
	})
}
