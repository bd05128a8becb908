package hooks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/ledger"
)

// Figures for Prometheus, on an address of their own. Labels are routes, states and names of lines: never anything of a person.

// metrics is what is counted while the desk runs.
type metrics struct {
	answers *prometheus.CounterVec
	took    *prometheus.HistogramVec
	server  *http.Server
}

// serveMetrics listens where the settings say; without the setting nothing is counted and nothing listens.
func (s *Server) serveMetrics(se *core.ServeEvent) error {
	if s.Config.Metrics == "" {
		return nil
	}
	l, err := net.Listen("tcp", s.Config.Metrics)
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	m := &metrics{
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "certdesk_http_answers_total", Help: "Answers by route and status."}, []string{"route", "status"}),
		took:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "certdesk_http_seconds", Help: "Time until the answer, by route.", Buckets: []float64{.005, .025, .1, .5, 2, 10}}, []string{"route"}),
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(m.answers, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), figures{s})
	m.server = &http.Server{Handler: promhttp.HandlerFor(reg, promhttp.HandlerOpts{}), ReadHeaderTimeout: 5 * time.Second}
	s.metrics = m
	se.Router.Bind(m.count())
	go func() {
		if err := m.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.Log.Error("metrics", "error", err.Error())
		}
	}()
	return nil
}

func (m *metrics) close() {
	if m == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	m.server.Shutdown(ctx)
}

// count stands around every route. A route is named by its pattern: the address itself may name a person's case.
func (m *metrics) count() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{Id: "metrics", Priority: apis.DefaultCorsMiddlewarePriority - 30, Func: func(e *core.RequestEvent) error {
		began := time.Now()
		err := e.Next()
		status := e.Status()
		if status == 0 {
			status = http.StatusOK
		}
		m.answers.WithLabelValues(e.Request.Pattern, strconv.Itoa(status)).Inc()
		m.took.WithLabelValues(e.Request.Pattern).Observe(time.Since(began).Seconds())
		return err
	}}
}

// figures are read when they are asked for.
type figures struct{ s *Server }

var (
	figReady    = figure("certdesk_ready", "1: the desk can do its work.")
	figWaiting  = figure("certdesk_messages", "Messages in the outbox by state.", "state")
	figJobs     = figure("certdesk_jobs", "Jobs by state.", "state")
	figLedger   = figure("certdesk_ledger_entries", "Entries of the record.")
	figPaused   = figure("certdesk_clock_paused", "1: the system clock jumped, and what is done by date waits for a manager.")
	figRuns     = figure("certdesk_line_runs_total", "Runs of a line of the clock.", "line")
	figLineBad  = figure("certdesk_line_failed", "1: the last run of a line failed.", "line")
	figDisk     = figure("certdesk_disk_free_bytes", "Room on the disk of the data.")
	figCopy     = figure("certdesk_backup_age_seconds", "Age of the newest copy; absent if there is none.")
	figCopyBad  = figure("certdesk_backup_failed", "1: the last attempt to make a copy failed.")
	figTrial    = figure("certdesk_backup_trial_ok", "1: the newest copy that was put back as a test was well.")
	figTrialAge = figure("certdesk_backup_trial_age_seconds", "Time since a copy was put back as a test.")
)

func figure(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// Describe says nothing: the figures are checked as they come.
func (figures) Describe(chan<- *prometheus.Desc) {}

// Collect reads every figure. One that cannot be read is absent, and its cause is in the log.
func (f figures) Collect(to chan<- prometheus.Metric) {
	put := func(d *prometheus.Desc, kind prometheus.ValueType, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, kind, v, labels...)
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) { put(d, prometheus.GaugeValue, v, labels...) }
	ok, _ := f.s.ready.ask(f.s)
	gauge(figReady, one(ok))
	f.states("messages", figWaiting, gauge)
	f.states("jobs", figJobs, gauge)
	if n, err := ledger.Size(f.s.Desk.App.DB()); err == nil {
		gauge(figLedger, float64(n))
	}
	paused, _ := f.s.Clock.Paused()
	gauge(figPaused, one(paused))
	for _, l := range f.s.Runner.Status() {
		put(figRuns, prometheus.CounterValue, float64(l.Runs), l.Name)
		gauge(figLineBad, one(l.Error != ""), l.Name)
	}
	if free, err := backup.Free(f.s.Config.Dir); err == nil {
		gauge(figDisk, float64(free))
	}
	f.s.copies.figures(f.s.Desk.Now(), gauge)
}

func (f figures) states(table string, d *prometheus.Desc, gauge func(*prometheus.Desc, float64, ...string)) {
	var rows []struct {
		State string  `db:"state"`
		N     float64 `db:"n"`
	}
	if err := f.s.Desk.App.DB().NewQuery("SELECT state, count(*) AS n FROM " + table + " GROUP BY state").All(&rows); err != nil {
		f.s.Log.Error("metrics", "table", table, "error", err.Error())
		return
	}
	for _, r := range rows {
		gauge(d, r.N, r.State)
	}
}

func (c *copies) figures(now time.Time, gauge func(*prometheus.Desc, float64, ...string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known {
		return
	}
	gauge(figCopyBad, one(c.failed != ""))
	if c.status.Newest != "" {
		gauge(figCopy, now.Sub(c.status.Made).Seconds())
	}
	if t := c.status.Trial; t != nil {
		gauge(figTrial, one(t.OK))
		gauge(figTrialAge, now.Sub(t.When()).Seconds())
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
