package check

import (
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestAnswer(t *testing.T) {
	choice := sdk.Question{Options: []sdk.Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}}
	as := func(k sdk.Kind) sdk.Question { q := choice; q.ID, q.Kind = "q", k; return q }
	sized := func(k sdk.Kind, low, high int) sdk.Question { q := as(k); q.Min, q.Max = low, high; return q }
	for _, c := range []struct {
		q               sdk.Question
		raw, want, code string
	}{
		{as(sdk.KindText), "  北京市　朝阳区\t1 号 ", "北京市 朝阳区 1 号", ""},
		{as(sdk.KindText), "两\n行", "两 行", ""},
		{as(sdk.KindText), "a\u202eb\u200bc\x00d", "abcd", ""},
		{as(sdk.KindText), strings.Repeat("字", 200), strings.Repeat("字", 200), ""},
		{as(sdk.KindText), strings.Repeat("字", 201), "", "text_length"},
		{sized(sdk.KindText, 0, 3), "四个字了", "", "text_length"},
		{as(sdk.KindText), "a\xffb", "", "text_characters"},
		{as(sdk.KindText), "\uE000", "", "text_characters"},
		{as(sdk.KindText), "\x00\x01", "", "text_characters"},
		{as(sdk.KindText), " \u3000\u200b", "", "required"},
		{as(sdk.KindLong), " 一 \r\n\r\n二\r三\n", "一\n\n二\n三", ""},
		{as(sdk.KindLong), strings.Repeat("字", 2001), "", "text_length"},
		{as(sdk.KindName), "王 秀英", "王秀英", ""},
		{as(sdk.KindName), "Wang", "", "name_characters"},
		{as(sdk.KindLatinName), "wang  xiuying", "wang xiuying", ""},
		{as(sdk.KindLatinName), "王", "", "latin_characters"},
		{as(sdk.KindResidentID), "110105 19491231 002x", "11010519491231002X", ""},
		{as(sdk.KindResidentID), "110105194912310021", "", "id_checksum"},
		{as(sdk.KindResidentID), "11010520261124002X", "", "id_future"},
		{as(sdk.KindCreditCode), "91350100m000100y43", "91350100M000100Y43", ""},
		{as(sdk.KindCreditCode), "91350100M000100Y44", "", "credit_checksum"},
		{as(sdk.KindPhone), "138 0013 8000", "+8613800138000", ""},
		{as(sdk.KindPhone), "1380013800", "", "phone_area"},
		{as(sdk.KindEmail), "A@Example.com", "a@example.com", ""},
		{as(sdk.KindEmail), "a@", "", "email_form"},
		{as(sdk.KindDate), "2020-02-29", "2020-02-29", ""},
		{as(sdk.KindDate), "2020/2/9", "2020-02-09", ""},
		{as(sdk.KindDate), "２０２０年２月９日", "2020-02-09", ""},
		{as(sdk.KindDate), "2020.12.31", "2020-12-31", ""},
		{as(sdk.KindDate), "20201231", "2020-12-31", ""},
		{as(sdk.KindDate), "2021-02-29", "", "date_real"},
		{as(sdk.KindDate), "2021-13-01", "", "date_real"},
		{as(sdk.KindDate), "0001-01-01", "", "date_real"},
		{as(sdk.KindDate), "1/2/2026", "", "date_form"},
		{as(sdk.KindDate), "明天", "", "date_form"},
		{as(sdk.KindDate), "long", "", "date_form"},
		{as(sdk.KindValidUntil), "2026-11-23", "2026-11-23", ""},
		{as(sdk.KindValidUntil), "2026-11-22", "", "valid_passed"},
		{as(sdk.KindValidUntil), "长 期", "long", ""},
		{as(sdk.KindValidUntil), "Long", "long", ""},
		{as(sdk.KindValidUntil), "2030-02-30", "", "date_real"},
		{as(sdk.KindValidUntil), "很久", "", "date_form"},
		{as(sdk.KindChoice), "b", "b", ""},
		{as(sdk.KindChoice), "d", "", "choice_unknown"},
		{as(sdk.KindChoice), "a\nb", "", "choice_unknown"},
		{as(sdk.KindChoice), "", "", "required_choice"},
		{as(sdk.KindChoices), "c\na\nc", "a\nc", ""},
		{as(sdk.KindChoices), "c\r\na", "a\nc", ""},
		{as(sdk.KindChoices), "a\nx", "", "choice_unknown"},
		{as(sdk.KindChoices), "\n", "", "required_choice"},
		{as(sdk.KindYesNo), "yes", "yes", ""},
		{as(sdk.KindYesNo), "a", "", "choice_unknown"},
		{sized(sdk.KindNumber, 1, 80), " ８０ ", "80", ""},
		{sized(sdk.KindNumber, 1, 80), "007", "7", ""},
		{sized(sdk.KindNumber, 1, 80), "81", "", "number_range"},
		{sized(sdk.KindNumber, 1, 80), "0", "", "number_range"},
		{sized(sdk.KindNumber, -5, 80), "-5", "-5", ""},
		{sized(sdk.KindNumber, 1, 80), "3.5", "", "number_form"},
		{sized(sdk.KindNumber, 1, 80), "99999999999999999999", "", "number_form"},
		{as("invented"), "x", "", "other"},
	} {
		got, p := Answer(c.q, c.raw, today)
		code := ""
		if p != nil {
			code = p.Code
			if p.Field != "q" || p.Text.ZhHans == "" || p.Text.En == "" || strings.Contains(p.Text.En, "{") {
				t.Errorf("%s %q: %+v", c.q.Kind, c.raw, p)
			}
		}
		if got != c.want || code != c.code {
			t.Errorf("%s %q: %q %q, want %q %q", c.q.Kind, c.raw, got, code, c.want, c.code)
		}
		if again, p := Answer(c.q, got, today); got != "" && (p != nil || again != got) {
			t.Errorf("%s: the normal form %q is not its own: %q, %v", c.q.Kind, got, again, p)
		}
	}
}

func TestAnswerOptional(t *testing.T) {
	for _, k := range kinds {
		if got, p := Answer(sdk.Question{ID: "q", Kind: k, Optional: true}, " \n", today); got != "" || p != nil {
			t.Errorf("%s: %q, %v", k, got, p)
		}
		if _, p := Answer(sdk.Question{ID: "q", Kind: k}, "", today); p == nil || !strings.HasPrefix(p.Code, "required") {
			t.Errorf("%s: %v", k, p)
		}
	}
}

// TestAnswerWithoutADay holds that nothing is accepted when nobody knows what day it is.
func TestAnswerWithoutADay(t *testing.T) {
	if _, p := Answer(sdk.Question{ID: "q", Kind: sdk.KindValidUntil}, "1999-01-01", "someday"); p == nil {
		t.Error("accepted")
	}
}
