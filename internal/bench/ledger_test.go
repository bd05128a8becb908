package bench

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

const entries = 20_000

// BenchmarkVerify computes a record of 20,000 entries again: alone, and with a row to compare for each of them.
func BenchmarkVerify(b *testing.B) {
	for _, rows := range []bool{false, true} {
		b.Run(map[bool]string{false: "entries", true: "entries-and-rows"}[rows], func(b *testing.B) {
			s := open(b)
			s.fill(rows)
			b.ResetTimer()
			begin, seen, compared := time.Now(), int64(0), int64(0)
			for range 5 {
				r, err := s.Desk.Desk.Verify(b.Context())
				if err != nil || !r.OK() {
					b.Fatalf("the record does not verify: %+v %v", r.Findings, err)
				}
				seen, compared = seen+r.Size, compared+r.Rows
			}
			took := time.Since(begin).Seconds()
			note(map[bool]string{false: "verify, entries/s", true: "verify with a row for each, entries/s"}[rows], float64(seen)/took)
			b.ReportMetric(float64(seen)/took, "entries/s")
			b.ReportMetric(float64(compared)/took, "rows/s")
		})
	}
}

// fill adds entries; with rows, each names one of its own that is there.
func (s *site) fill(rows bool) {
	s.b.Helper()
	var all []records.Row
	if rows {
		for range entries {
			f := &records.Feedback{Page: "/", Score: 3}
			f.State = flow.Open
			all = append(all, f)
		}
		s.insert(all...)
	}
	err := s.App.RunInTransaction(func(tx core.App) error {
		for i := range entries {
			e := ledger.Entry{At: s.Desk.Desk.Now(), Actor: "staff:" + s.chen, Role: "reviewer", Act: "verdict", Noun: "applications", Target: fmt.Sprintf("case%011d", i), From: "in_review", To: "in_review"}
			if rows {
				f := all[i]
				e.Rows = []ledger.Row{{Noun: f.Table(), ID: f.Header().ID, Rev: 1, Digest: ledger.DigestRow(f.Table(), records.Text(f))}}
			}
			if _, err := ledger.Append(tx.DB(), e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.b.Fatal(err)
	}
}
