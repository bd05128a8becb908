package bench

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// BenchmarkSubmit hands cases in over HTTP, whole (policy, rule, cool-down, reference, blind indexes, task, assignment,
// messages, two ledger entries), and creates the row of the same case in bare PocketBase with the same pragmas, in turn.
// ratio is the rate of the one divided by the rate of the other: 1 is as fast as bare PocketBase.
func BenchmarkSubmit(b *testing.B) {
	s, plain, c := open(b), bare(b), client()
	s.roomy()
	var ours, theirs times
	turn := func() {
		p := s.plant(flow.Draft)
		b.StartTimer()
		took, header := ask(b, c, "POST", s.URL+"/applications/"+p.app.ID+"/submit", "declared=yes&key="+records.NewID(), http.StatusSeeOther, p.header)
		b.StopTimer()
		if !strings.HasSuffix(header.Get("Location"), "/submitted") {
			b.Fatalf("not submitted: %s", header.Get("Location"))
		}
		ours = append(ours, took)
		took, _ = ask(b, c, "POST", plain+"/api/collections/bare/records", payload(b, p.app), http.StatusOK, http.Header{"Content-Type": {"application/json"}})
		theirs = append(theirs, took)
	}
	b.StopTimer()
	for range 20 { // both are warm
		turn()
	}
	ours, theirs = nil, nil
	b.ResetTimer()
	for range b.N {
		turn()
	}
	b.ReportMetric(float64(theirs.median())/float64(ours.median()), "ratio")
	b.ReportMetric(ms(ours.median()), "ms-submit")
	b.ReportMetric(ms(theirs.median()), "ms-bare")
}

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
