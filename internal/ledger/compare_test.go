package ledger

import (
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	db := database(t, t.TempDir())
	key, err := MakeKey(t.TempDir()+"/k", "certdesk/test")
	must(t, err)
	for i := range 5 {
		write(t, db, i+1, "case"+string(rune('a'+i)), "x")
	}
	old, err := Checkpoint(db, key)
	must(t, err)
	write(t, db, 6, "casef", "x")
	public := []string{key.Public}
	other, err := MakeKey(t.TempDir()+"/k", "certdesk/other")
	must(t, err)
	shorter := database(t, t.TempDir())
	write(t, shorter, 1, "casea", "x")
	changed := database(t, t.TempDir())
	for i := range 6 {
		write(t, changed, i+1, "case"+string(rune('a'+i)), "y")
	}
	for name, tc := range map[string]struct {
		got  func() (Compared, error)
		want Verdict
	}{
		"as it was":          {func() (Compared, error) { return Compare(db, old, public) }, Holds},
		"of another desk":    {func() (Compared, error) { return Compare(db, old, []string{other.Public}) }, NotSigned},
		"one digit changed":  {func() (Compared, error) { return Compare(db, strings.Replace(old, "\n5\n", "\n4\n", 1), public) }, NotSigned},
		"half of it":         {func() (Compared, error) { return Compare(db, old[:len(old)/2], public) }, NotSigned},
		"nothing":            {func() (Compared, error) { return Compare(db, "", public) }, NotSigned},
		"the record was cut": {func() (Compared, error) { return Compare(shorter, old, public) }, CutOff},
		"the record differs": {func() (Compared, error) { return Compare(changed, old, public) }, Differs},
	} {
		if c, err := tc.got(); err != nil || c.Verdict != tc.want {
			t.Errorf("%s: %+v %v, want %s", name, c, err, tc.want)
		}
	}
}
