package ledger

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// entryOf makes an entry of any kind.
func entryOf(t *rapid.T) Entry {
	words := []string{"", "submit", "a b", "王秀英", "a<b>&", "\x7f", "😀"}
	if rapid.Bool().Draw(t, "odd") {
		words = append(words, `say "no"`, `back\slash`, "line\nbreak", "\u2028", "\ufffd", "\x1f")
	}
	word := rapid.SampledFrom(words)
	plain := rapid.SampledFrom([]string{"submit", "applicant:x", "in_review", "王"})
	e := Entry{Seq: rapid.Int64Range(1, 1<<40).Draw(t, "seq"), At: time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "at")), Actor: plain.Draw(t, "actor"), Act: plain.Draw(t, "act"),
		Role: word.Draw(t, "role"), Noun: word.Draw(t, "noun"), Target: word.Draw(t, "target"), From: word.Draw(t, "from"), To: word.Draw(t, "to"), Key: word.Draw(t, "key"),
		Input: word.Draw(t, "input"), Reason: word.Draw(t, "reason")}
	for range rapid.IntRange(0, 3).Draw(t, "rows") {
		e.Rows = append(e.Rows, Row{Noun: word.Draw(t, "noun"), ID: word.Draw(t, "id"), Digest: word.Draw(t, "digest"), Rev: rapid.Int64Range(-1, 3).Draw(t, "rev"), Gone: rapid.Bool().Draw(t, "gone")})
	}
	if n := rapid.IntRange(0, 3).Draw(t, "also"); n > 0 {
		e.Also = map[string]string{}
		for range n {
			e.Also[word.Draw(t, "name")] = word.Draw(t, "value")
		}
	}
	if answer := rapid.SampledFrom([]any{nil, 1, -0.5, true, "x", map[string]any{"seq": 0, "answer": map[string]string{"ref": "R-1"}}, []any{1, []int{}, nil, map[string]int{}}, "王 \"x\""}).Draw(t, "answer"); answer != nil {
		e.Answer, _ = json.Marshal(answer)
	}
	if rapid.Bool().Draw(t, "payload") {
		e.Payload = []byte("v1.sealed")
	}
	return e
}

// What scan accepts, decode accepts too, and reads the same from it: in entries of every kind, and in those with bytes changed,
// taken out or put in.
func TestScanIsDecode(t *testing.T) {
	plain, changed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		l, err := newLine(entryOf(t), "c2FsdA")
		if err != nil {
			t.Skip(err)
		}
		compare := func(data []byte) bool {
			got, ok := scan(data)
			if !ok {
				return false
			}
			want, err := decode(data)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\nscan:   %+v\ndecode: %+v %v", data, got, want, err)
			}
			return true
		}
		if compare(l.Data) {
			plain++
		}
		for range 20 {
			data := append([]byte(nil), l.Data...)
			i := rapid.IntRange(0, len(data)-1).Draw(t, "where")
			b := rapid.SampledFrom([]byte("\"\\{}[]:, 0123456789-.eantru\x00\x1f\x80\xff\n")).Draw(t, "byte")
			switch rapid.IntRange(0, 2).Draw(t, "how") {
			case 0:
				data[i] = b
			case 1:
				data = append(data[:i], data[i+1:]...)
			default:
				data = append(data[:i], append([]byte{b}, data[i:]...)...)
			}
			if compare(data) {
				changed++
			}
		}
	})
	if plain == 0 || changed == 0 {
		t.Errorf("%d entries and %d changed ones were accepted: nothing was compared", plain, changed)
	}
}

// What the desk writes is plain, so that verifying it is quick.
func TestScanTakesWhatTheDeskWrites(t *testing.T) {
	e := Entry{Seq: 12, At: time.Now(), Actor: "applicant:k3j2h1g0f9d8s7a", Role: "applicant", Act: "submit", Noun: "applications", Target: "abc", From: "draft", To: "submitted", Key: "k-1", Input: "d",
		Rows: []Row{{Noun: "applications", ID: "abc", Digest: "x", Rev: 3}, {Noun: "notes", ID: "n", Rev: 1, Gone: true}}, Also: map[string]string{"a": "1", "b": "2"},
		Answer: []byte(`{"seq":0,"act":"submit","target":"abc","state":"in_review","rev":3,"answer":{"ref":"R-2026-000001"}}`), Payload: []byte("v1.x")}
	l, err := newLine(e, "c2FsdA")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := scan(l.Data); !ok {
		t.Errorf("%s", l.Data)
	}
}
