package bench

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// rowsOf is how many rows a large desk has: N in the environment, 100,000 without it.
func rowsOf(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("N"))
	if err != nil || n < 20_000 {
		if os.Getenv("N") != "" {
			b.Fatal("N is a number from 20000 upwards")
		}
		return 100_000
	}
	return n
}

const dueCertificates = 10_000

// BenchmarkSweep lets 10,000 certificates of many expire, as the clock does every five minutes. ms-found is how long a sweep
// takes that finds nothing; it is run once, whatever b.N.
func BenchmarkSweep(b *testing.B) {
	s, n := open(b), rowsOf(b)
	like := s.certificate(s.plant(flow.Approved))
	s.multiply(like, n, map[string]string{"number": "printf('S-%09d', i)", "code": "printf('s%021d', i)"})
	line := func() time.Duration {
		for _, l := range s.Runner.Lines() {
			if l.Name == "expire" {
				begin := time.Now()
				if err := l.Run(b.Context()); err != nil {
					b.Fatal(err)
				}
				return time.Since(begin)
			}
		}
		b.Fatal("no sweep lets certificates expire")
		return 0
	}
	line()
	var idle times
	for range 21 {
		idle = append(idle, line())
	}
	s.sql("UPDATE certificates SET expires_on='2020-01-01' WHERE number BETWEEN 'S-000005000' AND {:to}", dbx.Params{"to": fmt.Sprintf("S-%09d", 5000+dueCertificates-1)})
	before := heap()
	b.ResetTimer()
	took := line()
	b.StopTimer()
	left, err := records.Count(s.App.DB(), "certificates", dbx.HashExp{"state": "expired"})
	if err != nil || left != dueCertificates {
		b.Fatalf("%d expired, %v", left, err)
	}
	b.ReportMetric(ms(idle.median()), "ms-found")
	b.ReportMetric(took.Seconds(), "s-acted-on")
	b.ReportMetric(float64(max(0, heap()-before))/(1<<20), "MB-more")
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// multiply copies a row n times, with an ID of its own and the columns named in SQL over i.
func (s *site) multiply(like records.Row, n int, change map[string]string) {
	s.b.Helper()
	var names, values []string
	for _, c := range records.Columns(like) {
		names = append(names, "`"+c.Name+"`")
		switch expr, ok := change[c.Name]; {
		case c.Name == "id":
			values = append(values, "printf('h%014d', i)")
		case ok:
			values = append(values, expr)
		default:
			values = append(values, "a.`"+c.Name+"`")
		}
	}
	s.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<"+fmt.Sprint(n)+") INSERT INTO "+like.Table()+" ("+strings.Join(names, ",")+") SELECT "+
		strings.Join(values, ",")+" FROM n, "+like.Table()+" a WHERE a.id={:id}", dbx.Params{"id": like.Header().ID})
}
