package bench

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
)

// behindProxy lets each request come from somebody else: look-ups are counted by address.
func behindProxy(c *config.Config) { c.Proxy = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// BenchmarkVerification opens the public page of a certificate and bare PocketBase's health, in turn. ratio is the rate of the one
// divided by the rate of the other.
func BenchmarkVerification(b *testing.B) {
	s, plain, c := open(b, behindProxy), bare(b), client()
	k := s.certificate(s.plant(flow.Approved))
	var ours, theirs times
	turn := func(i int) {
		from := http.Header{"X-Forwarded-For": {fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255)}, "Accept-Language": {"zh-CN"}}
		took, _ := ask(b, c, "GET", s.URL+"/v/"+k.Code, "", http.StatusOK, from)
		ours = append(ours, took)
		took, _ = ask(b, c, "GET", plain+"/api/health", "", http.StatusOK, http.Header{})
		theirs = append(theirs, took)
	}
	for i := range 200 {
		turn(i)
	}
	ours, theirs = nil, nil
	b.ResetTimer()
	for i := range 10 * turns {
		turn(200 + i)
	}
	b.ReportMetric(float64(theirs.median())/float64(ours.median()), "ratio")
	note("verification ÷ health", float64(theirs.median())/float64(ours.median()))
	note("verification, ms", ms(ours.median()))
	note("health, ms", ms(theirs.median()))
	b.ReportMetric(ms(ours.median()), "ms-verify")
	b.ReportMetric(ms(theirs.median()), "ms-health")
}

// BenchmarkPortal opens the portal's pages as a signed-in person, each with a connection that is kept.
func BenchmarkPortal(b *testing.B) {
	s, c := open(b), client()
	draft, waiting := s.plant(flow.Draft), s.plant(flow.InReview)
	for _, page := range []struct {
		name, path string
		who        planted
	}{
		{"landing", "/", draft}, {"type", "/types/individual", draft}, {"me", "/me", draft}, {"question", "/applications/" + draft.app.ID + "/q/name", draft},
		{"check", "/applications/" + draft.app.ID + "/check", draft}, {"status", "/applications/" + waiting.app.ID, waiting},
	} {
		b.Run(page.name, func(b *testing.B) {
			for range 20 {
				ask(b, c, "GET", s.URL+page.path, "", http.StatusOK, page.who.header)
			}
			var all times
			b.ResetTimer()
			for range turns {
				took, _ := ask(b, c, "GET", s.URL+page.path, "", http.StatusOK, page.who.header)
				all = append(all, took)
			}
			note("portal page "+page.name+", ms", ms(all.median()))
			b.ReportMetric(ms(all.median()), "ms-median")
		})
	}
}
