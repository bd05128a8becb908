package bench

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sqlite"
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

// BenchmarkSweep lets 10,000 certificates of many expire, as the clock does every five minutes. ms-found is how long each search for
// some that are due takes.
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
	s.sql("UPDATE certificates SET expires_on='2020-01-01' WHERE number BETWEEN 'S-000005000' AND {:to}", dbx.Params{"to": fmt.Sprintf("S-%09d", 5000+dueCertificates-1)})
	before, found, peak := heap(), finding(), highest()
	b.ResetTimer()
	took := line()
	b.StopTimer()
	sqlite.Watch(nil)
	more := float64(max(0, peak()-before)) / (1 << 20)
	left, err := records.Count(s.App.DB(), "certificates", dbx.HashExp{"state": "expired"})
	if err != nil || left != dueCertificates {
		b.Fatalf("%d expired, %v", left, err)
	}
	note("sweep, due found, ms", ms(found.median()))
	note("sweep, 10,000 acted on, s", took.Seconds())
	note("sweep, heap at its peak, MB more", more)
	b.ReportMetric(ms(found.median()), "ms-found")
	b.ReportMetric(took.Seconds(), "s-acted-on")
	b.ReportMetric(more, "MB-more")
}

// finding takes the time of every search for due certificates, from the statement to the next one: the batch is read by then.
func finding() *times {
	var all times
	var mu sync.Mutex
	var since time.Time
	sqlite.Watch(func(_, text string) {
		mu.Lock()
		defer mu.Unlock()
		if !since.IsZero() {
			all = append(all, time.Since(since))
			since = time.Time{}
		}
		if strings.Contains(text, "certificates") && strings.Contains(text, "expires_on<") {
			since = time.Now()
		}
	})
	return &all
}

// highest looks at the heap every second, after a collection, and says how large it was at most.
func highest() func() int64 {
	stop, most := make(chan bool), make(chan int64)
	go func() {
		top := int64(0)
		for {
			select {
			case <-time.After(time.Second):
				top = max(top, heap())
			case <-stop:
				most <- max(top, heap())
				return
			}
		}
	}()
	return func() int64 { stop <- true; return <-most }
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
