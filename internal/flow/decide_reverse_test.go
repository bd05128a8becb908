package flow

import (
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestReversalRules(t *testing.T) {
	typ := sdk.Type{Reasons: []sdk.Reason{{ID: "forged"}}}
	for _, c := range []struct {
		what string
		err  error
		code string
	}{
		{"words alone", CheckReversal(Reversal{Text: "不对"}, typ), ""},
		{"a reason and words", CheckReversal(Reversal{Reasons: []string{"forged"}, Text: strings.Repeat("长", ReversalRunes)}, typ), ""},
		{"no words", CheckReversal(Reversal{Reasons: []string{"forged"}, Text: " \n"}, typ), "finding_needed"},
		{"too many", CheckReversal(Reversal{Text: strings.Repeat("长", ReversalRunes+1)}, typ), "reversal_length"},
		{"another type's reason", CheckReversal(Reversal{Reasons: []string{"bored"}, Text: "不对"}, typ), "unknown_reason"},
		{"an answer", CheckHearing("是我", MessageFiles), ""},
		{"no answer", CheckHearing("", 0), "hearing_empty"},
		{"a long answer", CheckHearing(strings.Repeat("长", ReversalRunes+1), 0), "reversal_length"},
		{"many files", CheckHearing("是我", MessageFiles+1), "message_files"},
		{"the day after", CheckHearingOver("2026-11-27", "2026-11-28"), ""},
		{"the last day", CheckHearingOver("2026-11-27", "2026-11-27"), "not_now"},
		{"no day", CheckHearingOver("", "2026-11-27"), "not_now"},
		{"upheld", CheckReversalAnswer(ReversalAnswer{Upheld, "好"}), ""},
		{"reversed", CheckReversalAnswer(ReversalAnswer{Reversed, "好"}), ""},
		{"neither", CheckReversalAnswer(ReversalAnswer{Revoked, "好"}), "unknown_outcome"},
		{"why not said", CheckReversalAnswer(ReversalAnswer{Upheld, ""}), "comment_needed"},
	} {
		if c.code == "" && c.err != nil || c.code != "" && !Refused(c.err, c.code) {
			t.Errorf("%s: %v, want %q", c.what, c.err, c.code)
		}
	}
	if got := HearingUntil(typ, "2026-11-27", Calendar{}); got != "2026-12-11" {
		t.Errorf("ten working days are until %s", got)
	}
	typ.HearDays = 3
	if got := HearingUntil(typ, "2026-11-27", Calendar{}); got != "2026-12-02" {
		t.Errorf("three working days are until %s", got)
	}
	if Outside(Questioned) != Approved || Outside(Hearing) != Hearing {
		t.Error("what the applicant sees")
	}
}
