package check

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// FuzzAnswer: an answer that is taken is taken again as it is, whatever the question.
func FuzzAnswer(f *testing.F) {
	kinds := []sdk.Kind{sdk.KindText, sdk.KindLong, sdk.KindName, sdk.KindLatinName, sdk.KindResidentID, sdk.KindCreditCode, sdk.KindPhone, sdk.KindEmail, sdk.KindDate, sdk.KindValidUntil,
		sdk.KindChoice, sdk.KindChoices, sdk.KindYesNo, sdk.KindNumber}
	for i := range kinds {
		for _, s := range []string{"", "yes", "a\nb", "2031-02-03", "2031-2-3", "2031-02-30", "二〇三一年", "long", "007", "７", "-1", "a\r\n\r\n b", "\u2028", "王秀英", "99999999999999999999"} {
			f.Add(i, s, false)
		}
	}
	f.Fuzz(func(t *testing.T, kind int, raw string, optional bool) {
		q := sdk.Question{ID: "q", Kind: kinds[uint(kind)%uint(len(kinds))], Optional: optional, Min: 0, Max: 999, Options: []sdk.Option{{Value: "a"}, {Value: "b"}, {Value: "yes"}}}
		once, p := Answer(q, raw, "2026-11-26")
		if p != nil {
			return
		}
		if again, p := Answer(q, once, "2026-11-26"); p != nil || again != once {
			t.Errorf("%s: %q becomes %q, and that %q (%v)", q.Kind, raw, once, again, p)
		}
	})
}

// FuzzDescription: a description in JSON is refused in words, or is one whose form can be walked and filled in.
func FuzzDescription(f *testing.F) {
	raw, err := json.Marshal(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	for _, part := range [][2]string{{`"kind":"name"`, `"kind":"long"`}, {`"files":`, `"files":-`}, {`"pages":[`, `"pages":[{},`}, {`{`, `{"x":1,`}, {`"id"`, `"ID"`}} {
		f.Add(bytes.Replace(raw, []byte(part[0]), []byte(part[1]), 1))
	}
	f.Add([]byte(`{"pages":[{"questions":[{"kind":"choice"}]}],"slots":[{"oneOf":"a"}]}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d sdk.Type
		if json.Unmarshal(raw, &d) != nil || len(Description(d)) > 0 {
			return
		}
		if len(d.Pages) == 0 || len(d.Checklist) == 0 {
			t.Fatal("a type that asks or checks nothing is taken")
		}
		for _, a := range []sdk.Answers{{}, here(), away()} {
			at, steps := d.Pages[0].ID, 0
			for next, ok := Next(d, a, at); ok; next, ok = Next(d, a, at) {
				if at = next.ID; steps > len(d.Pages) {
					t.Fatal("its pages go in circles")
				}
				steps++
				Page(d, at, map[string]string{}, a, "2026-11-26")
			}
			Form(d, a, map[string]int{}, false, "2026-11-26")
			Facts(d, a)
			Items(d, a)
		}
	})
}
