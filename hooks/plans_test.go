package hooks_test

// What is asked of the tables that grow is found by an index: every sweep of the clock, the queue, the outbox, the searches.

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/sqlite"
	"github.com/certdesk/certdesk/internal/testkit"
)

// walked is a step of a plan that goes through a whole table, or through the whole of an index that is not over some rows only.
var (
	large   = `(applications|certificates|messages|documents|persons|holders|applicants|tasks|ledger_entries|ledger_rows)`
	walked  = regexp.MustCompile(`^SCAN (\w+)`)
	named   = regexp.MustCompile("`?\\b" + large + "\\b`?(?: (?:AS )?(\\w+))?")
	partial = regexp.MustCompile(`INDEX idx_\w+_(queue_\d|where_\w+)$`)
)

func TestNothingLargeIsWalkedThrough(t *testing.T) {
	d := testkit.Open(t)
	d.Runner.Stop()
	d.Staff("周组长", "lead@example.com", flow.Lead)
	d.Staff("宋审计", "auditor@example.com", flow.Auditor)
	app := d.Plant(flow.NounApplication, flow.InReview, testkit.Around{Owner: d.Plant(flow.NounApplicant, flow.Active, testkit.Around{})})
	desk := func(email string) func(path string) {
		b := d.Browser()
		b.Call("POST", "/api/desk/sign-in", map[string]string{"email": email, "password": testkit.Password}, nil).Want(200)
		return func(path string) { b.Call("GET", "/api/desk/"+path, nil, nil).Want(200) }
	}
	lead, auditor, manager := desk("lead@example.com"), desk("auditor@example.com"), desk("manager@example.com")
	asked := watched(func() {
		for _, l := range d.Runner.Lines() {
			switch l.Name {
			case "clock", "checkpoint", "backup", "messages", "jobs", "documents":
				continue // nothing of theirs is found by date
			}
			if err := l.Run(t.Context()); err != nil {
				t.Errorf("%s: %v", l.Name, err)
			}
		}
		for _, f := range []string{"", "unassigned", "late", "all", "waiting", "unread", "calls", "closed"} {
			lead("queue?filter=" + f)
			lead("queue?filter=" + f + "&after=2026-11-27~2026-11-20+09:00:00.000Z~x")
			lead("queue?filter=" + f + "&after=2026-11-27~x")
		}
		lead("applications/" + app)
		d.Browser().Get("/types").Want(200)
		for _, q := range []string{"R-2026-000001", "C-2026-000001", "王秀英", "13800000000"} {
			lead("search?q=" + q)
		}
		for _, q := range []string{"actor=staff:x", "act=decide", "noun=applications&target=x"} {
			auditor("record?" + q)
		}
		for _, q := range []string{"failed", "sent", "ring", "queued"} {
			manager("outbox?state=" + q)
		}
	})
	if len(asked) < 40 {
		t.Fatalf("only %d statements were seen", len(asked))
	}
	for text := range asked {
		for _, step := range plan(t, d, text) {
			if whole(text, step) && !partial.MatchString(step) {
				t.Errorf("%s\n\t%s", text, step)
			}
		}
	}
}

// whole reports whether a step goes through one of the large tables, by its own name or by the one that the statement gives it.
func whole(text, step string) bool {
	scanned := walked.FindStringSubmatch(step)
	if scanned == nil {
		return false
	}
	for _, n := range named.FindAllStringSubmatch(text, -1) {
		if scanned[1] == n[1] || scanned[1] == n[2] {
			return true
		}
	}
	return false
}

// watched collects what is read from data.db while f runs.
func watched(f func()) map[string]bool {
	var mu sync.Mutex
	asked := map[string]bool{}
	sqlite.Watch(func(dsn, text string) {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(dsn, "/data.db?") && strings.HasPrefix(text, "SELECT") {
			asked[text] = true
		}
	})
	defer sqlite.Watch(nil)
	f()
	return asked
}

// plan asks SQLite how it would answer.
func plan(t *testing.T, d *testkit.Desk, text string) (steps []string) {
	t.Helper()
	rows, err := sqlite.Direct(d.App.DB()).Query("EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "?"))...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return steps
}
