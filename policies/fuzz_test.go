package policies

import (
	"testing"
	"testing/fstest"
)

// FuzzPolicy: a team's policy is refused, or grants nothing to nobody and says the same each time it is read.
func FuzzPolicy(f *testing.F) {
	model, own := must(f, "model.conf"), must(f, "policy.csv")
	f.Add(own)
	for _, s := range []string{"", "p, reviewer, verdict, any, assignee, allow\n", "p, *, *, any, any, allow\n", "p, reviewer, verdict, any, assignee, allow, x\n", "g, a, b\n", "# rows: 1\np, \"reviewer, verdict, any, assignee, allow\n", "\ufeffp, manager, adjust, any, any, ALLOW"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, table []byte) {
		read := func() (*Policy, error) {
			return Load(fstest.MapFS{"model.conf": {Data: model}, "policy.csv": {Data: table}})
		}
		p, err := read()
		if err != nil {
			return
		}
		again, err := read()
		if err != nil || p.Rows() == 0 || p.Document() != again.Document() {
			t.Fatalf("%d rows, then %v", p.Rows(), err)
		}
		for _, act := range p.Acts() {
			for _, role := range []string{"", "*", "nobody"} {
				if p.Can([]string{role}, act, "any", []string{"any"}).Allow {
					t.Errorf("%q may %s", role, act)
				}
			}
		}
	})
}

func must(f *testing.F, name string) []byte {
	raw, err := embedded.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	return raw
}
