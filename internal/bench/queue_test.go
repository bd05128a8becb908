package bench

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
)

// searches is below what one colleague may ask for in an hour.
const searches = 30

const openCases = 200 // one full page of the queue

// BenchmarkQueue opens the queue's page of a desk with 200 open cases among 1,000 and among 100,000 (or N) in all: as a reviewer one's own, as a lead
// all of them with their names; then a case, whose viewing is on record. ratio compares the larger desk with the smaller.
func BenchmarkQueue(b *testing.B) {
	small := map[string]float64{}
	for _, size := range []int{1_000, rowsOf(b)} {
		s, c := open(b), client()
		var one planted
		for range openCases - 1 {
			one = s.plant(flow.InReview)
		}
		s.history(size - openCases)
		s.sql("ANALYZE", nil)
		for _, who := range []struct {
			name, id, path string
			turns          int
		}{{"mine", s.chen, "queue", 100}, {"all", s.lead, "queue?filter=all", 100}, {"closed", s.lead, "queue?filter=closed", 100},
			{"case", s.chen, "applications/" + one.app.ID, 100}, {"search", s.lead, "search?q=" + one.app.Ref, searches}} {
			b.Run(fmt.Sprintf("%s-%d", who.name, size), func(b *testing.B) {
				var header http.Header
				s.insert(s.session("staff", who.id, &header))
				ask(b, c, "GET", s.URL+"/api/desk/"+who.path, "", http.StatusOK, header)
				var all times
				b.ResetTimer()
				for range who.turns {
					took, _ := ask(b, c, "GET", s.URL+"/api/desk/"+who.path, "", http.StatusOK, header)
					all = append(all, took)
				}
				m := ms(all.median())
				if size > 1_000 {
					note("queue "+who.name+", large ÷ 1,000", m/small[who.name])
					note("queue "+who.name+", large, ms", m)
				}
				b.ReportMetric(m, "ms-median")
				if size == 1_000 {
					small[who.name] = m
				} else {
					b.ReportMetric(m/small[who.name], "ratio")
				}
			})
		}
	}
}
