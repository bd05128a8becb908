package bench

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// BenchmarkSubmit hands cases in over HTTP, whole (policy, rule, cool-down, reference, blind indexes, task, assignment,
// messages, two ledger entries), and creates the row of the same case in bare PocketBase with the same pragmas, in turn.
// ratio is the rate of the one divided by the rate of the other: 1 is as fast as bare PocketBase.
func BenchmarkSubmit(b *testing.B) {
	s, plain, c := open(b), bare(b), client()
	s.roomy()
	var ours, theirs costs
	turn := func(p planted, body string) {
		ours.count(func() time.Duration {
			took, header := ask(b, c, "POST", s.URL+"/applications/"+p.app.ID+"/submit", "declared=yes&key="+records.NewID(), http.StatusSeeOther, p.header)
			if !strings.HasSuffix(header.Get("Location"), "/submitted") {
				b.Fatalf("not submitted: %s", header.Get("Location"))
			}
			return took
		})
		theirs.count(func() time.Duration {
			took, _ := ask(b, c, "POST", plain+"/api/collections/bare/records", body, http.StatusOK, http.Header{"Content-Type": {"application/json"}})
			return took
		})
	}
	plan := make([]planted, warm+turns)
	for i := range plan {
		plan[i] = s.plant(flow.Draft)
	}
	for i, p := range plan {
		if i%10 == 0 { // reviewers keep up: what came before is closed
			s.sql("UPDATE applications SET state='approved', closed_at='2026-01-01 08:00:00.000Z' WHERE state='in_review'", nil)
		}
		if i == warm { // both are warm
			ours, theirs = costs{}, costs{}
			b.ResetTimer()
		}
		turn(p, payload(b, p.app))
	}
	compare(b, "submit", ours, "bare", theirs)
}

const warm = 20

// payload is the row of a case as PocketBase's own API takes it.
func payload(b *testing.B, app *records.Application) string {
	b.Helper()
	fields := map[string]any{}
	for _, c := range records.Columns(app) {
		if c.Name != "id" {
			fields[c.Name] = c.Value
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		b.Fatal(err)
	}
	return string(raw)
}
