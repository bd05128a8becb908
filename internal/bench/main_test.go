package bench

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m, summary) }

// turns are the requests of a benchmark, whatever b.N is: `make bench` runs each with -benchtime 1x, several times.
const turns = 300

// times are how long each of many requests took.
type times []time.Duration

func (t times) median() time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[len(sorted)/2]
}

// costs are what many requests of one kind took: time, and time on the processor of the whole program.
type costs struct {
	all times
	cpu time.Duration
}

func (c *costs) count(f func() time.Duration) {
	before := processor()
	c.all = append(c.all, f())
	c.cpu += processor() - before
}

// compare reports the rate of the one divided by the rate of the other: by the clock, and by time on the processor, which says
// less (nothing of the disk) but is not disturbed by other programs.
func compare(b *testing.B, name string, ours costs, other string, theirs costs) {
	note("submit ÷ bare create", float64(theirs.all.median())/float64(ours.all.median()))
	note("submit ÷ bare create, time on the processor", float64(theirs.cpu)/float64(ours.cpu))
	note("submit, ms", ms(ours.all.median()))
	note("bare create, ms", ms(theirs.all.median()))
	b.ReportMetric(float64(theirs.all.median())/float64(ours.all.median()), "ratio")
	b.ReportMetric(float64(theirs.cpu)/float64(ours.cpu), "cpu-ratio")
	b.ReportMetric(ms(ours.all.median()), "ms-"+name)
	b.ReportMetric(ms(theirs.all.median()), "ms-"+other)
	b.ReportMetric(ms(ours.cpu)/float64(len(ours.all)), "cpu-ms-"+name)
	b.ReportMetric(ms(theirs.cpu)/float64(len(theirs.all)), "cpu-ms-"+other)
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// ask sends one request, reads the whole answer, and says how long both took; any other status ends the benchmark.
func ask(b *testing.B, client *http.Client, method, address, body string, want int, header http.Header) (time.Duration, http.Header) {
	b.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header = header.Clone()
	begin := time.Now()
	res, err := client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	text, err := readAll(res)
	took := time.Since(begin)
	if err != nil || res.StatusCode != want {
		b.Fatalf("%s %s answered %d, want %d: %v\n%.2000s", method, address, res.StatusCode, want, err, text)
	}
	return took, res.Header
}

// client keeps its connection and follows nothing.
func client() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// bare is PocketBase by itself on the same schema and pragmas, with one open collection that has the columns of an application.
func bare(b *testing.B) string {
	b.Helper()
	app := testkit.App(b)
	c := core.NewBaseCollection("bare")
	cases, err := app.FindCollectionByNameOrId("applications")
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range cases.Fields {
		if f.GetName() != "id" {
			c.Fields.Add(f)
		}
	}
	open := ""
	c.CreateRule = &open
	if err := app.Save(c); err != nil {
		b.Fatal(err)
	}
	router, err := apis.NewRouter(app)
	if err != nil {
		b.Fatal(err)
	}
	mux, err := router.BuildMux()
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(mux)
	b.Cleanup(server.Close)
	return server.URL
}
