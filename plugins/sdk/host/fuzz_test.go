package host

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// FuzzFindings: what is kept of a plugin's answer is clean: cleaned again it stays as it is, and nothing is found wrong.
func FuzzFindings(f *testing.F) {
	for _, s := range []string{`[]`, `[{"code":"a","level":"bad","text":{"zh-Hans":"错","en":"wrong"}}]`, `[{"code":"A B","level":"worse","question":"gone","text":{"en":"\u001b[31m<script>\u202e"}}]`,
		`[{"text":{"zh-Hans":"\n\n"}}]`, `[{"code":"a","item":"i","slot":"s","text":{"zh-Hans":" \ud800 "}}]`, `null`} {
		f.Add([]byte(s))
	}
	t0 := sdk.Type{Pages: []sdk.Page{{Questions: []sdk.Question{{ID: "q"}}}}, Slots: []sdk.Slot{{ID: "s"}}, Checklist: []sdk.Item{{ID: "i"}}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var found []sdk.Finding
		if json.Unmarshal(raw, &found) != nil {
			return
		}
		once, _ := Clean(t0, found)
		again, wrong := Clean(t0, once)
		if len(wrong) > 0 || len(once) > MaxFindings || !reflect.DeepEqual(once, again) {
			t.Errorf("%+v becomes %+v: %v", once, again, wrong)
		}
	})
}
