package hostile

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
)

// spellings are the ways in which a text may lie somewhere without looking like itself.
func spellings(s string) (all [][]byte) {
	add := func(b []byte) {
		if len(b) >= 6 {
			all = append(all, b)
		}
	}
	add([]byte(s))
	var little, big []byte
	escaped := ""
	for _, u := range utf16.Encode([]rune(s)) {
		little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
		if escaped += fmt.Sprintf(`\u%04x`, u); u < 128 {
			escaped = escaped[:len(escaped)-6] + string(rune(u))
		}
	}
	add(little)
	add(big)
	if escaped != s {
		add([]byte(escaped))
	}
	for shift := range 3 { // where a text begins inside of base64 decides how it looks
		for _, coding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			raw := coding.EncodeToString([]byte(strings.Repeat("\x00", shift) + s))
			if inner := raw[(shift*8+5)/6 : len(raw)-2]; len(inner) >= 8 {
				add([]byte(inner))
			}
		}
	}
	add([]byte(hex.EncodeToString([]byte(s))))
	add([]byte(strings.ToUpper(hex.EncodeToString([]byte(s)))))
	for _, q := range []string{url.QueryEscape(s), url.PathEscape(s)} {
		if q != s {
			add([]byte(q))
			add([]byte(strings.ToLower(q)))
		}
	}
	return all
}

// finder looks for many texts in all their spellings at once.
type finder map[uint32][]spelt

type spelt struct {
	bytes []byte
	what  string
}

func newFinder(texts map[string]string) finder {
	f := finder{}
	for what, text := range texts {
		for _, s := range spellings(text) {
			k := binary.LittleEndian.Uint32(s)
			f[k] = append(f[k], spelt{s, what})
		}
	}
	return f
}

// in names what of it data contains.
func (f finder) in(data []byte) map[string]string {
	found := map[string]string{}
	for i := 0; i+6 <= len(data); i++ {
		for _, s := range f[binary.LittleEndian.Uint32(data[i:])] {
			if len(data)-i >= len(s.bytes) && string(data[i:i+len(s.bytes)]) == string(s.bytes) {
				found[s.what] = fmt.Sprintf("…%q…", data[max(0, i-40):min(len(data), i+len(s.bytes)+20)])
			}
		}
	}
	return found
}

// The finder finds: each spelling, in the middle of something else.
func TestFinder(t *testing.T) {
	texts := map[string]string{"name": "欧阳𠮷野", "number": "11010519491231002X", "latin": "Quetzal Canary 61"}
	f := newFinder(texts)
	for what, text := range texts {
		if len(spellings(text)) < 10 {
			t.Errorf("%s has %d spellings", what, len(spellings(text)))
		}
		for _, s := range spellings(text) {
			if f.in([]byte("\x00\x01" + string(s) + "\xff"))[what] == "" {
				t.Errorf("%s is not found as %q", what, s)
			}
		}
		for shift := range 4 {
			if f.in([]byte(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + text + "tail"))))[what] == "" {
				t.Errorf("%s is not found in base64 behind %d bytes", what, shift)
			}
		}
	}
}
