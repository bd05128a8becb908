package host

// What of a plugin's findings reaches the reviewer.

import (
	"reflect"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestClean(t *testing.T) {
	typ := sdk.Type{
		Pages:     []sdk.Page{{Questions: []sdk.Question{{ID: "name"}}}},
		Slots:     []sdk.Slot{{ID: "photo"}},
		Checklist: []sdk.Item{{ID: "identity"}},
	}
	say := func(zh, en string) sdk.Finding {
		return sdk.Finding{Code: "a", Level: sdk.Info, Text: sdk.Text{ZhHans: zh, En: en}}
	}
	long := strings.Repeat("长", MaxFinding)
	for name, c := range map[string]struct {
		in    sdk.Finding
		want  sdk.Finding
		wrong int
	}{
		"good":            {say("好", "good"), say("好", "good"), 0},
		"every reference": {sdk.Finding{Code: "a", Level: sdk.Bad, Question: "name", Slot: "photo", Item: "identity", Text: sdk.Text{ZhHans: "好", En: "good"}}, sdk.Finding{Code: "a", Level: sdk.Bad, Question: "name", Slot: "photo", Item: "identity", Text: sdk.Text{ZhHans: "好", En: "good"}}, 0},
		"no reference":    {sdk.Finding{Code: "a", Level: sdk.Bad, Question: "photo", Slot: "name", Item: "x", Text: sdk.Text{ZhHans: "好", En: "good"}}, sdk.Finding{Code: "a", Level: sdk.Bad, Text: sdk.Text{ZhHans: "好", En: "good"}}, 3},
		"one language":    {say("", "good"), say("good", "good"), 1},
		"nothing":         {say(" ", "\n"), sdk.Finding{}, 1},
		"longest":         {say(long, "good"), say(long, "good"), 0},
		"too long":        {say(long+"长", "good"), say(strings.Repeat("长", MaxFinding-1)+"…", "good"), 1},
		"control":         {say("好\r\n\x1b[31m", "good"), say("好   [31m", "good"), 1},
		"direction":       {say("好\u202e\u2066", "good"), say("好", "good"), 1},
		"not UTF-8":       {say("好\xff", "good"), say("好", "good"), 1},
		"ideographic":     {say("好\u3000好", "good"), say("好\u3000好", "good"), 0},
		"unknown level":   {sdk.Finding{Code: "a", Level: "x", Text: sdk.Text{ZhHans: "好", En: "good"}}, sdk.Finding{Code: "a", Level: sdk.Warn, Text: sdk.Text{ZhHans: "好", En: "good"}}, 1},
		"code for nobody": {sdk.Finding{Code: "<script>", Level: sdk.Bad, Text: sdk.Text{ZhHans: "好", En: "good"}}, sdk.Finding{Code: "other", Level: sdk.Bad, Text: sdk.Text{ZhHans: "好", En: "good"}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			clean, wrong := Clean(typ, []sdk.Finding{c.in})
			var want []sdk.Finding
			if c.want != (sdk.Finding{}) {
				want = []sdk.Finding{c.want}
			}
			if !reflect.DeepEqual(clean, want) || len(wrong) != c.wrong {
				t.Errorf("%+v, %v", clean, wrong)
			}
			if again, wrong := Clean(typ, clean); !reflect.DeepEqual(again, clean) || len(wrong) != 0 {
				t.Errorf("what is clean is not clean: %v", wrong)
			}
		})
	}
}
