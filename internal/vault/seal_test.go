package vault

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestUnsealRefuses(t *testing.T) {
	v, _ := create(t)
	must(t, v.NewKey("case:a"))
	must(t, v.NewKey("case:b"))
	sealed, err := v.Seal("case:a", "applications.name 1", []byte("王小明"))
	must(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(sealed, "v1."))
	must(t, err)
	for _, c := range []struct{ name, key, context, sealed string }{
		{"another key", "case:b", "applications.name 1", sealed},
		{"another row", "case:a", "applications.name 2", sealed},
		{"another column", "case:a", "applications.place 1", sealed},
		{"nothing", "case:a", "applications.name 1", ""},
		{"plain text", "case:a", "applications.name 1", "王小明"},
		{"only the mark", "case:a", "applications.name 1", "v1."},
		{"cut off", "case:a", "applications.name 1", sealed[:len(sealed)-8]},
		{"longer", "case:a", "applications.name 1", sealed + "AAAA"},
		{"another mark", "case:a", "applications.name 1", "v2." + sealed[3:]},
		{"not base64", "case:a", "applications.name 1", sealed[:10] + "!" + sealed[11:]},
		{"a line break", "case:a", "applications.name 1", sealed[:10] + "\n" + sealed[10:]},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := v.Unseal(c.key, c.context, c.sealed)
			wants(t, err, ErrForged)
		})
	}
	for i := range raw {
		raw[i] ^= 1
		_, err := v.Unseal("case:a", "applications.name 1", "v1."+base64.RawURLEncoding.EncodeToString(raw))
		wants(t, err, ErrForged)
		raw[i] ^= 1
	}
}

func TestPlaceIsUnambiguous(t *testing.T) {
	if place("a", "b c") == place("a b", "c") || place("1:a", "") == place("1", ":a") {
		t.Error("two places look the same")
	}
}

func TestDeskSeal(t *testing.T) {
	v, o := create(t)
	sealed, err := v.DeskSeal("desk.mail", []byte("password"))
	must(t, err)
	v = reopen(t, v, o)
	plain, err := v.DeskUnseal("desk.mail", sealed)
	must(t, err)
	if string(plain) != "password" {
		t.Errorf("got %q", plain)
	}
	_, err = v.DeskUnseal("staff.totp 1", sealed)
	wants(t, err, ErrForged)
}

func TestSealProperties(t *testing.T) {
	v, _ := create(t)
	must(t, v.NewKey("k"))
	rapid.Check(t, func(t *rapid.T) {
		plain, context := rapid.SliceOf(rapid.Byte()).Draw(t, "plain"), rapid.String().Draw(t, "context")
		one, err := v.Seal("k", context, plain)
		two, err2 := v.Seal("k", context, plain)
		if err != nil || err2 != nil || one == two {
			t.Fatalf("%v %v: sealed twice alike: %v", err, err2, one == two)
		}
		back, err := v.Unseal("k", context, one)
		if err != nil || string(back) != string(plain) {
			t.Fatalf("got %q, %v", back, err)
		}
		if len(plain) > 8 && strings.Contains(one, string(plain)) {
			t.Fatal("the text can be read")
		}
	})
}

func TestBlind(t *testing.T) {
	v, o := create(t)
	name := v.Blind("name", "王小明")
	if len(name) != 43 || name != v.Blind("name", "王小明") {
		t.Errorf("mark %q", name)
	}
	for _, other := range []string{v.Blind("name", "王小民"), v.Blind("id", "王小明"), v.Blind("name", ""), v.Blind("", "name王小明"), v.Blind("nam", "e王小明")} {
		if other == name {
			t.Error("two texts have one mark")
		}
	}
	v = reopen(t, v, o)
	if v.Blind("name", "王小明") != name {
		t.Error("the mark changed over a restart")
	}
	elsewhere, _ := create(t)
	if elsewhere.Blind("name", "王小明") == name {
		t.Error("two desks give one mark")
	}
}
