package sdk

import (
	"strings"
	"testing"
	"testing/fstest"
)

func folder(pairs ...string) fstest.MapFS {
	f := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		f[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return f
}

func TestLoad(t *testing.T) {
	got, err := Load(folder(
		"type.json", `{"id": "sample", "letters": {"passed": {"zh-Hans": "旧", "en": "old"}, "notPassed": {"zh-Hans": "留", "en": "kept"}}}`,
		"reasons.json", `[{"id": "blurred", "severity": "fixable"}]`,
		"letters/passed.zh-Hans.txt", "通过了。\n", "letters/passed.en.txt", "Passed.\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != "sample" || len(got.Reasons) != 1 || got.Letters.Passed != (Text{"通过了。", "Passed."}) || got.Letters.NotPassed.En != "kept" {
		t.Errorf("%+v", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, f := range map[string]fstest.MapFS{
		"nothing":          folder(),
		"misspelt field":   folder("type.json", `{"id": "a", "validty": 3}`),
		"two values":       folder("type.json", `{"id": "a"} {"id": "b"}`),
		"cut off":          folder("type.json", `{"id": "a"`),
		"misspelt reasons": folder("type.json", `{"id": "a"}`, "reasons.json", `[{"sevrity": "fatal"}]`),
	} {
		if got, err := Load(f); err == nil || got.ID != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestPhrases(t *testing.T) {
	say, err := LoadPhrases(folder("f.json", `[{"code": "old", "level": "info", "question": "id", "text": {"zh-Hans": "{age} 岁", "en": "aged {age}"}}]`), "f.json")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // saying it changes nothing
		if f := say.Say("old", "age", "90"); f.Text != (Text{"90 岁", "aged 90"}) || f.Level != Info || f.Question != "id" {
			t.Errorf("%+v", f)
		}
	}
	if f := say.Say("unknown"); f.Level != Warn || f.Text.ZhHans != "unknown" {
		t.Errorf("%+v", f)
	}
	if _, err := LoadPhrases(folder("f.json", `[{"code": "a"}, {"code": "a"}]`), "f.json"); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Error(err)
	}
	if _, err := LoadPhrases(folder(), "f.json"); err == nil {
		t.Error("no file, no error")
	}
	if _, err := LoadAnswers(folder("e.json", `["a"]`), "e.json"); err == nil {
		t.Error("a list was read as answers")
	}
}

func TestWhen(t *testing.T) {
	w := &When{"scope", "medical"}
	for answer, want := range map[string]bool{"medical": true, "meals\nmedical": true, "meals": false, "": false, "medical_other": false} {
		if w.Shown(Answers{"scope": answer}) != want {
			t.Errorf("%q", answer)
		}
	}
	if !(*When)(nil).Shown(nil) {
		t.Error("no condition always holds")
	}
}

func TestLookup(t *testing.T) {
	typ := Type{Pages: []Page{{ID: "p", Questions: []Question{{ID: "q"}}}}, Slots: []Slot{{ID: "s", Files: 3}, {ID: "one"}}}
	for id, want := range map[string]bool{"q": true, "s": true, "one": true, "p": false, "": false} {
		if typ.Asks(id) != want {
			t.Errorf("%q", id)
		}
	}
	if _, p, ok := typ.Question("q"); !ok || p.ID != "p" {
		t.Error(p, ok)
	}
	if _, ok := typ.Page("x"); ok {
		t.Error("a page that is not there")
	}
	if s, _ := typ.Slot("s"); s.Limit() != 3 || typ.Slots[1].Limit() != 1 {
		t.Error("limits")
	}
}
