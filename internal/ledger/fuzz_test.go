package ledger

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzEntry: what is read as an entry is written back as the same bytes; there is one way to write each.
func FuzzEntry(f *testing.F) {
	for _, s := range []string{`{"act":"start","actor":"a","at":"2026-11-26 08:00:00.000Z","seq":1,"v":1}`, `{"act":"start","actor":"a","at":"2026-11-26 08:00:00.000Z","seq":1,"v":1} `,
		`{"v":1,"act":"start"}`, `{"act":"x","act":"y","v":1}`, `{"act":"\u003c","actor":"","at":"","seq":-0,"v":1}`, `{"act":"a","actor":"b","answer":{"id": 1},"at":"c","seq":1e0,"v":1}`, `{"ACT":"x","v":1}`,
		`{"act":"a","actor":"b","at":"c","rows":[{"table":"t","id":"i","digest":"d"}],"seq":9223372036854775807,"v":1}`, `[]`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := decode(raw)
		if err != nil {
			return
		}
		again, err := c.encode()
		if err != nil || !bytes.Equal(again, raw) {
			t.Errorf("%q is read, and written as %q (%v)", raw, again, err)
		}
		l := line{Seq: c.Seq, Data: raw}
		if e, err := l.entry(); err == nil && e.Act != c.Act {
			t.Errorf("%+v", e)
		}
		l.differs(c)
	})
}

// FuzzCheckpoint: nothing but the very text that was signed is read as a checkpoint.
func FuzzCheckpoint(f *testing.F) {
	const public = "desk+1cd8fb32+AZFgkbBjhbrCaVrvrJyqPLOjUvJj4HBxB9bLYFdtLUPN"
	body := "desk\n12\n" + strings.Repeat("A", 43) + "=\n"
	for _, s := range []string{body, body + "\n— desk HNj7Mg==\n", "desk\n012\nx\n\n— desk AAAA\n", "\n\n— \n", "desk\n-1\n" + strings.Repeat("A", 43) + "=\n\n— desk " + strings.Repeat("A", 92) + "==\n"} {
		f.Add(s, public)
	}
	f.Add(body, "desk+0+x")
	f.Fuzz(func(t *testing.T, text, key string) {
		if m, err := readMark(text, "", []string{key}); err == nil {
			t.Errorf("%q is believed with %q: %+v", text, key, m)
		}
	})
}
