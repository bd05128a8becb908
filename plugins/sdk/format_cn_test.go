package sdk

import (
	"errors"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// code returns the code of a FormatError, "" for nil, and fails for any other error.
func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var format FormatError
	if !errors.As(err, &format) {
		t.Fatalf("%v is no FormatError", err)
	}
	if _, ok := Sentence(format.Code); !ok {
		t.Errorf("%s has no sentence", format.Code)
	}
	return format.Code
}

func TestParseResidentID(t *testing.T) {
	for _, c := range []struct{ in, number, birth, sex, province, code string }{
		{"11010519491231002X", "11010519491231002X", "1949-12-31", "female", "北京", ""},
		{"11010519491231002x", "11010519491231002X", "1949-12-31", "female", "北京", ""},
		{" 110105 19491231 002X ", "11010519491231002X", "1949-12-31", "female", "北京", ""},
		{"１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "1949-12-31", "female", "北京", ""},
		{"110105-19491231-002X\u200b", "11010519491231002X", "1949-12-31", "female", "北京", ""},
		{"440524188001010014", "440524188001010014", "1880-01-01", "male", "广东", ""},
		{"81000019980902013X", "81000019980902013X", "1998-09-02", "male", "香港", ""},
		{"830000199201300022", "830000199201300022", "1992-01-30", "female", "台湾", ""},
		{"911124198108030024", "911124198108030024", "1981-08-03", "female", "北京", ""},
		{in: "", code: "id_length"},
		{in: "110105491231002", code: "id_length"},
		{in: "11010519491231002X1", code: "id_length"},
		{in: "X1010519491231002X", code: "id_characters"},
		{in: "11010519491231002A", code: "id_characters"},
		{in: "一10105194912310021", code: "id_characters"},
		{in: "11010519491231002×", code: "id_characters"},
		{in: "10010519491231002X", code: "id_province"},
		{in: "81010519491231002X", code: "id_province"},
		{in: "11010519491331002X", code: "id_date"},
		{in: "11010519490229002X", code: "id_date"},
		{in: "110105184912310021", code: "id_date"},
		{in: "11010520261124002X", code: "id_future"},
		{in: "110105194912310021", code: "id_checksum"},
		{in: "11010519491213002X", code: "id_checksum"},
		{in: "110101199003071234", code: "id_checksum"},
	} {
		id, err := ParseResidentID(c.in, today)
		if got := code(t, err); got != c.code {
			t.Errorf("%q: %q, want %q", c.in, got, c.code)
			continue
		}
		if id.Number != c.number || id.Birth != c.birth || id.Sex != c.sex || id.Province.ZhHans != c.province {
			t.Errorf("%q: %+v", c.in, id)
		}
	}
}

func TestCards(t *testing.T) {
	for number, want := range map[string]Card{
		"11010519491231002X": CardResident, "81000019980902013X": CardPermit, "911124198108030024": CardPermanent,
	} {
		if id, err := ParseResidentID(number, today); err != nil || id.Card != want {
			t.Errorf("%s: %s, %v", number, id.Card, err)
		}
	}
}

func TestBornToday(t *testing.T) {
	number := "11010120261123" + "001"
	number += string(residentCheck(number))
	if _, err := ParseResidentID(number, today); err != nil {
		t.Error(err)
	}
	if _, err := ParseResidentID(number, today.AddDate(0, 0, -1)); code(t, err) != "id_future" {
		t.Error("accepted the day before")
	}
}

func TestAge(t *testing.T) {
	for today, want := range map[string]int{"1949-12-31": 0, "2026-12-30": 76, "2026-12-31": 77, "soon": 0} {
		if got := (ResidentID{Birth: "1949-12-31"}).Age(today); got != want {
			t.Errorf("%s: %d, want %d", today, got, want)
		}
	}
	if got := (ResidentID{Birth: "2000-02-29"}).Age("2026-02-28"); got != 25 {
		t.Errorf("born on 29 February: %d", got)
	}
}

// TestOneDigit changes each digit of a good number into every other one: none may be accepted.
func TestOneDigit(t *testing.T) {
	const number = "11010519491231002X"
	for i := range number {
		for _, d := range "0123456789X" {
			changed := number[:i] + string(d) + number[i+1:]
			if _, err := ParseResidentID(changed, today); err == nil && changed != number {
				t.Errorf("%s accepted", changed)
			}
		}
	}
}

func TestParseCreditCode(t *testing.T) {
	for _, c := range []struct{ in, want, code string }{
		{"91350100M000100Y43", "91350100M000100Y43", ""},
		{"91110000600007156G", "", "credit_checksum"},
		{"12100000400000624L", "", "credit_checksum"},
		{" 9135 0100 m000100y43", "91350100M000100Y43", ""},
		{"９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43", ""},
		{"", "", "credit_length"},
		{"91350100M000100Y4", "", "credit_length"},
		{"9135O100M000100Y43", "", "credit_characters"},
		{"91350100M000100号43", "", "credit_characters"},
		{"91A50100M000100Y43", "", "credit_division"},
		{"91350100M000100Y44", "", "credit_checksum"},
		{"91350100M00010Y043", "", "credit_checksum"},
	} {
		got, err := ParseCreditCode(c.in)
		if got != c.want || code(t, err) != c.code {
			t.Errorf("%q: %q, %v, want %q %q", c.in, got, err, c.want, c.code)
		}
	}
}

func TestNormalName(t *testing.T) {
	long := ""
	for range 51 {
		long += "王"
	}
	for _, c := range []struct{ in, want, code string }{
		{"王秀英", "王秀英", ""},
		{" 王　秀 英\u200b", "王秀英", ""},
		{"阿里木·买买提", "阿里木·买买提", ""},
		{"阿里木•买买提", "阿里木·买买提", ""},
		{"阿里木・买买提", "阿里木·买买提", ""},
		{"阿里木‧买买提", "阿里木·买买提", ""},
		{"王𬭎", "王𬭎", ""},                        // extension E
		{"王\U0003134A", "王\U0003134A", ""},      // extension G
		{"王\U0002EBF0", "王\U0002EBF0", ""},      // extension I, newer than Go's tables
		{"王\uF9DC", "王隆", ""},                   // a compatibility character
		{"\u2F5F\u2F20", "玉士", ""},              // radicals, as copied from a PDF
		{"王㐂〇", "王㐂〇", ""},                      // extension A, and the zero that names have
		{"葛\U000E0100城", "葛城", ""},              // a variant selector
		{"王\uE863", "", "name_private"},         // private use
		{"王\U000F0000", "", "name_private"},     // private use, beyond the basic plane
		{"王\xff英", "", "name_private"},          // not UTF-8
		{"王3", "", "name_characters"},           // digit
		{"Wang Xiuying", "", "name_characters"}, // letters
		{"王英\n<script>", "", "name_characters"}, // markup
		{"王\u0000英", "", "name_characters"},     // control
		{"王⺀", "", "name_characters"},           // a stroke is no character
		{"", "", "name_length"}, {"王", "", "name_length"}, {long, "", "name_length"},
		{"·王英", "", "name_dot"}, {"王英·", "", "name_dot"}, {"王··英", "", "name_dot"},
	} {
		got, err := NormalName(c.in)
		if got != c.want || code(t, err) != c.code {
			t.Errorf("%q: %q, %v, want %q %q", c.in, got, err, c.want, c.code)
		}
	}
}

func TestNormalLatinName(t *testing.T) {
	for _, c := range []struct{ in, want, code string }{
		{"WANG XIUYING", "WANG XIUYING", ""},
		{"  Wang   Xiuying ", "Wang Xiuying", ""},
		{"ＷＡＮＧ　ＸＩＵＹＩＮＧ", "WANG XIUYING", ""},
		{"LU\u0308 Jie", "LÜ Jie", ""},
		{"L\u01dc", "L\u01dc", ""},
		{"Lu\u0308\u0300", "L\u01dc", ""},
		{"O’Brien-Smith, Jr.", "O'Brien-Smith, Jr.", ""},
		{"王秀英", "", "latin_characters"}, {"Wang 3", "", "latin_characters"}, {"-- '", "", "latin_characters"},
		{"Иван", "", "latin_characters"}, {"", "", "latin_characters"}, {"W", "", "latin_length"},
	} {
		got, err := NormalLatinName(c.in)
		if got != c.want || code(t, err) != c.code {
			t.Errorf("%q: %q, %v, want %q %q", c.in, got, err, c.want, c.code)
		}
	}
}

func TestNormalPhone(t *testing.T) {
	for _, c := range []struct{ in, want, code string }{
		{"13800138000", "+8613800138000", ""},
		{"138 0013 8000", "+8613800138000", ""},
		{"138-0013-8000", "+8613800138000", ""},
		{"１３８００１３８０００", "+8613800138000", ""},
		{"+86 138 0013 8000", "+8613800138000", ""},
		{"008613800138000", "+8613800138000", ""},
		{"8613800138000", "+8613800138000", ""},
		{"010-65550100", "+861065550100", ""},
		{"(010) 6555 0100", "+861065550100", ""},
		{"（0571）87654321", "+8657187654321", ""},
		{"0894-6822345", "+868946822345", ""},
		{"+86 10 65550100", "+861065550100", ""},
		{"+86 010 65550100", "+861065550100", ""},
		{"+852 2123 4567", "+85221234567", ""},
		{"0085221234567", "+85221234567", ""},
		{"+1 (415) 555-2671", "+14155552671", ""},
		{"", "", "phone_characters"}, {"没有", "", "phone_characters"}, {"138001380O0", "", "phone_characters"},
		{"13800138000转8", "", "phone_characters"}, {"+", "", "phone_characters"},
		{"65550100", "", "phone_length"}, {"1380013800", "", "phone_area"}, {"138001380001", "", "phone_area"},
		{"12800138000", "", "phone_area"}, {"026-65550100", "", "phone_area"}, {"+8612800138000", "", "phone_area"},
		{"4155552671", "", "phone_country"}, {"+0123456789", "", "phone_length"}, {"+1234567", "", "phone_length"},
		{"+1234567890123456", "", "phone_length"},
	} {
		got, err := NormalPhone(c.in)
		if got != c.want || code(t, err) != c.code {
			t.Errorf("%q: %q, %v, want %q %q", c.in, got, err, c.want, c.code)
		}
	}
}

func TestNormalEmail(t *testing.T) {
	for _, c := range []struct{ in, want, code string }{
		{"wang@example.com", "wang@example.com", ""},
		{" Wang.Xiuying@Example.COM\u200b", "wang.xiuying@example.com", ""},
		{"ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "wang@example.com", ""},
		{"12345@qq.com", "12345@qq.com", ""},
		{"a+b_c-d@a-b.example.co", "a+b_c-d@a-b.example.co", ""},
		{"a@xn--fiqs8s.xn--fiqs8s", "a@xn--fiqs8s.xn--fiqs8s", ""},
		{"", "", "email_form"}, {"wang", "", "email_form"}, {"wang@", "", "email_form"}, {"@example.com", "", "email_form"},
		{"-f@example.com", "", "email_form"}, {".a@example.com", "", "email_form"}, {"a.@example.com", "", "email_form"},
		{"a..b@example.com", "", "email_form"}, {`"a b"@example.com`, "", "email_form"}, {"a b@example.com", "", "email_form"},
		{"a@example", "", "email_form"}, {"a@[127.0.0.1]", "", "email_form"}, {"a@1.2.3.4", "", "email_form"},
		{"a@-x.com", "", "email_form"}, {"a@x-.com", "", "email_form"}, {"a@x..com", "", "email_form"},
		{"a@b@example.com", "", "email_form"}, {"a\r\nBcc: x@example.com", "", "email_form"}, {"a\x00@example.com", "", "email_form"},
		{"a@example.com,b@example.com", "", "email_form"}, {"<a@example.com>", "", "email_form"}, {"王@example.com", "", "email_form"},
		{"a123456789012345678901234567890123456789012345678901234567890123456@example.com", "", "email_length"},
	} {
		got, err := NormalEmail(c.in)
		if got != c.want || code(t, err) != c.code {
			t.Errorf("%q: %q, %v, want %q %q", c.in, got, err, c.want, c.code)
		}
	}
}
