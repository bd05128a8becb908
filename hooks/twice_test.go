package hooks_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// The same form a hundred times at once, as a phone with a bad line sends it: one effect, a hundred equal answers. The key
// is in the form, so that no JavaScript is needed; a program names it in a header.
func TestTheSameFormAHundredTimes(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := d.Browser()
	signUp(t, d, b, "hundred@example.com")
	id := apply(t, d, b, nil)
	b.Get("/applications/" + id + "/withdraw").Want(200)
	action, key := withdrawForm(t, b)
	same(t, b, action, url.Values{"key": {key}}.Encode(), "application/x-www-form-urlencoded", "")
	once(t, d, "applications", id, "withdraw")
	once(t, d, "applications", id, "submit")

	desk := d.Browser()
	desk.Call("POST", "/api/desk/sign-in", map[string]string{"email": "manager@example.com", "password": testkit.Password}, nil).Want(200)
	same(t, desk, "/api/desk/send-test", `{"channel":"mail","to":"a@example.com"}`, "application/json", "a hundred tests")
	if n := len(d.Messages("test")); n != 1 {
		t.Errorf("%d test mails", n)
	}

	// Handing in is limited by the day: a form that is sent again is no second submission.
	c := d.Browser()
	signUp(t, d, c, "again@example.com")
	other := filled(t, c, nil)
	c.Get("/applications/" + other + "/check").Want(200)
	same(t, c, "/applications/"+other+"/submit", url.Values{"key": {"one form"}, "declared": {"yes"}}.Encode(), "application/x-www-form-urlencoded", "")
	once(t, d, "applications", other, "submit")
	if a, err := records.Load[*records.Application](d.App.DB(), other); err != nil || a.State != flow.InReview {
		t.Errorf("%+v %v", a, err)
	}
}

// same sends one request a hundred times at once and compares the answers.
func same(t *testing.T, b *testkit.Browser, path, body, media, key string) {
	t.Helper()
	type answer struct {
		status int
		to     string
		body   []byte
	}
	client := &http.Client{Jar: b.Client.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var all sync.WaitGroup
	answers := make([]answer, 100)
	for i := range answers {
		all.Go(func() {
			req, err := http.NewRequest("POST", b.Base+path, strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			req.Header = b.Header.Clone()
			req.Header.Set("Content-Type", media)
			if key != "" {
				req.Header.Set("Idempotency-Key", key)
			}
			res, err := client.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			raw, err := io.ReadAll(res.Body)
			if err != nil {
				t.Error(err)
			}
			answers[i] = answer{status: res.StatusCode, to: res.Header.Get("Location"), body: raw}
		})
	}
	all.Wait()
	for i, a := range answers {
		if a.status != answers[0].status || a.to != answers[0].to || !bytes.Equal(a.body, answers[0].body) || a.status >= 400 {
			t.Fatalf("%s, answer %d: %d %s %.300s, the first: %d %s %.300s", path, i, a.status, a.to, a.body, answers[0].status, answers[0].to, answers[0].body)
		}
	}
}

func once(t *testing.T, d *testkit.Desk, noun, id, act string) {
	t.Helper()
	entries, err := ledger.Search(d.App.DB(), ledger.Query{Noun: noun, Target: id, Act: act})
	if err != nil || len(entries) != 1 {
		t.Errorf("%s is %d times in the record: %v", act, len(entries), err)
	}
}

func withdrawForm(t *testing.T, b *testkit.Browser) (action, key string) {
	t.Helper()
	action = strings.TrimSuffix(b.Path, "?")
	_, rest, found := strings.Cut(b.Body, `name="key" value="`)
	key, _, ok := strings.Cut(rest, `"`)
	if !found || !ok || key == "" {
		t.Fatalf("no key in the form of %s", b.Path)
	}
	return action, key
}
