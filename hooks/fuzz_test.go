package hooks_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// FuzzQueries: the parameters of queue, search, certificates, record and outbox are answered or refused, never an error of ours.
func FuzzQueries(f *testing.F) {
	for _, s := range []string{"", "mine", "'; DROP TABLE applications; --", "%", "_", "R-2026-000001", "C-2026-000001", "110105194912310021", "11010519491231002X", "13800138000", "王秀英", "\x00", "\xff", "a\u202eb", "2026-02-30", "-1", "99999999999999999999", "1 OR 1=1", "{:b}", "[[x]]"} {
		f.Add(s, s, s)
	}
	d := testkit.Open(f)
	d.Staff("周组长", "lead@example.com", flow.Lead, flow.Auditor, flow.Reviewer)
	b := d.Browser()
	signIn := func() {
		b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "lead@example.com", "password": testkit.Password}, nil).Want(http.StatusOK)
	}
	signIn()
	n := 0
	f.Fuzz(func(t *testing.T, a, q, c string) {
		if n++; n%250 == 0 { // searches are counted by the hour
			d.Clock.Move(2 * time.Hour)
			signIn()
		}
		for path, names := range map[string][]string{"queue": {"filter", "type", "after"}, "search": {"x", "q", "kind"}, "certificates": {"filter", "q", "type"}, "record": {"act", "q", "after"}, "outbox": {"filter", "q", "before"}, "feedback": {"filter", "q", "page"}, "attest": {"code", "q", "x"}} {
			v := url.Values{names[0]: {a}, names[1]: {q}, names[2]: {c}}
			b.T = t
			if b.Get("/api/desk/" + path + "?" + v.Encode()); b.Status >= 500 {
				t.Errorf("%s?%s answers %d: %s", path, v.Encode(), b.Status, b.Body)
			}
		}
	})
}
