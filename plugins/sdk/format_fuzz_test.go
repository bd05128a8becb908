package sdk

import (
	"testing"
	"time"
)

var formatSeeds = []string{"", " ", "11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 1949 1231 002X", "81000019490101001X", "52110000MJ0123456Q", "52110000mj0123456q", "91350100M000100Y43",
	"138 0013 8000", "+86 138-0013-8000", "+8613800138000", "+44 20 7946 0958", "010-12345678", "a@example.com", "Ａ＠example．com", "王秀英", "𠮷野家", "阿不都·买买提", "Wang Xiuying", "WANG XIUYING", "O’Brien", "e\u0301", "\u202e王", "\xff", "\u0000", "a\u200bb"}

// FuzzFormats: what a format makes of an entry is in its normal form, and is taken again as it is; nothing else comes out.
func FuzzFormats(f *testing.F) {
	for _, s := range formatSeeds {
		f.Add(s)
	}
	today := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	resident := func(s string) (string, error) {
		id, err := ParseResidentID(s, today)
		return id.Number, err
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, normal := range map[string]func(string) (string, error){"resident ID": resident, "credit code": ParseCreditCode, "phone": NormalPhone, "email": NormalEmail, "name": NormalName, "Latin name": NormalLatinName} {
			once, err := normal(s)
			if err != nil {
				continue
			}
			if again, err := normal(once); err != nil || again != once {
				t.Errorf("%s: %q becomes %q, and that %q (%v)", name, s, once, again, err)
			}
		}
	})
}
