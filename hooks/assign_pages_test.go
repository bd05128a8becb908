package hooks_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// copies puts n more rows beside a planted case, which differ by when they are due, were closed and were written to: many
// alike in each.
func copies(t *testing.T, d *testkit.Desk, id string, n int) {
	t.Helper()
	row := dbx.NullStringMap{}
	if err := d.App.DB().Select().From("applications").Where(dbx.HashExp{"id": id}).One(row); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		values := dbx.Params{}
		for name, v := range row {
			values[name] = v.String
		}
		values["id"], values["ref"], values["rev"] = fmt.Sprintf("%s%05d", id[:10], i), fmt.Sprint(id, i), 1
		values["due_on"], values["unread"] = fmt.Sprintf("2027-01-%02d", 1+i%7), fmt.Sprintf("2026-11-%02d 09:00:00.000Z", 1+i%5)
		if row["closed_at"].String != "" {
			values["closed_at"] = fmt.Sprintf("2026-11-%02d 09:00:00.000Z", 1+i%3)
		}
		if _, err := d.App.DB().Insert("applications", values).Execute(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestQueueIsReadInPages turns the pages of each order to the end: every case once and in order, also when the case at which
// a page ended has gone meanwhile.
func TestQueueIsReadInPages(t *testing.T) {
	const many = 450
	d := testkit.Open(t)
	d.Runner.Stop()
	d.Staff("周组长", "lead@example.com", flow.Lead)
	by := testkit.Around{Owner: d.Plant(flow.NounApplicant, flow.Active, testkit.Around{})}
	for _, state := range []flow.State{flow.InReview, flow.Approved} {
		copies(t, d, d.Plant(flow.NounApplication, state, by), many-1)
	}
	b := d.Browser()
	b.Call("POST", "/api/desk/sign-in", map[string]string{"email": "lead@example.com", "password": testkit.Password}, nil).Want(200)
	type line struct{ ID, Due, At, Unread string }
	for _, c := range []struct {
		filter string
		want   int
		key    func(r line) string
	}{
		{"closed", many, func(line) string { return "" }}, // the page does not show when
		{"all", many, func(r line) string { return r.Due + r.At + r.ID }},
		{"unread", 2*(many-1) - 2, func(r line) string { return r.Unread + r.ID }},
	} {
		var read []line
		seen := map[string]bool{}
		for after, pages := "", 0; pages == 0 || after != ""; pages++ {
			var page struct {
				Rows []line
				Next string
			}
			b.Call("GET", "/api/desk/queue?filter="+c.filter+"&after="+url.QueryEscape(after), nil, &page).Want(200)
			read, after = append(read, page.Rows...), page.Next
			if last := page.Rows[len(page.Rows)-1]; pages == 0 {
				if _, err := d.App.DB().Update("applications", dbx.Params{"state": "withdrawn", "unread": ""}, dbx.HashExp{"id": last.ID}).Execute(); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, r := range read {
			seen[r.ID] = true
		}
		if len(read) != c.want || len(seen) != c.want {
			t.Errorf("%s: %d rows, %d of them different, want %d", c.filter, len(read), len(seen), c.want)
		}
		if !slices.IsSortedFunc(read, func(a, b line) int { return strings.Compare(c.key(a), c.key(b)) }) {
			t.Errorf("%s is not in order", c.filter)
		}
	}
	var page struct{ Rows []line }
	b.Call("GET", "/api/desk/queue?filter=all&after=nonsense", nil, &page).Want(200)
	if len(page.Rows) != 200 {
		t.Errorf("behind what is no mark: %d rows", len(page.Rows))
	}
}
