package flow

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What each line of limits.csv is meant to say; a line that is not here, or says something else, is red.
var limitsMeant = map[string]struct {
	by     string
	count  int
	window time.Duration
}{
	"code_minute":      {"contact", 1, time.Minute},
	"code_hour":        {"contact", 5, time.Hour},
	"code_day":         {"contact", 10, 24 * time.Hour},
	"code_ip":          {"ip", 30, time.Hour},
	"code_wrong":       {"code", 5, 15 * time.Minute},
	"sign_in_account":  {"account", 10, 15 * time.Minute},
	"sign_in_ip":       {"ip", 50, 15 * time.Minute},
	"sign_in_staff":    {"person", 5, 15 * time.Minute},
	"factor_wrong":     {"person", 5, 15 * time.Minute},
	"register_ip":      {"ip", 10, time.Hour},
	"register_network": {"network", 50, 24 * time.Hour},
	"reset_contact":    {"contact", 3, time.Hour},
	"set_up_ip":        {"ip", 10, time.Hour},
	"holder_day":       {"account", 10, 24 * time.Hour},
	"data_day":         {"account", 3, 24 * time.Hour},
	"consent_day":      {"contact", 5, 24 * time.Hour},
	"draft_day":        {"account", 20, 24 * time.Hour},
	"submit_day":       {"account", 10, 24 * time.Hour},
	"upload_hour":      {"account", 120, time.Hour},
	"upload_day":       {"account", 200, 24 * time.Hour},
	"message_hour":     {"account", 10, time.Hour},
	"message_day":      {"account", 30, 24 * time.Hour},
	"message_person":   {"person", 120, time.Hour},
	"verify_ip":        {"ip", 60, time.Minute},
	"verify_unknown":   {"ip", 20, 10 * time.Minute},
	"feedback_ip":      {"ip", 10, time.Hour},
	"feedback_desk":    {"desk", 500, 24 * time.Hour},
	"complaint_ip":     {"ip", 10, time.Hour},
	"complaint_desk":   {"desk", 200, 24 * time.Hour},
	"post_ip":          {"ip", 240, time.Minute},
	"search_person":    {"person", 300, time.Hour},
	"sms_contact_day":  {"contact", 10, 24 * time.Hour},
	"sms_network_hour": {"network", 30, time.Hour},
	"sms_network_day":  {"network", 100, 24 * time.Hour},
	"sms_desk_day":     {"desk", 3000, 24 * time.Hour},
	"mail_contact_day": {"contact", 30, 24 * time.Hour},
}

func TestLimits(t *testing.T) {
	if len(Limits()) != len(limitsMeant) {
		t.Errorf("%d lines, %d are meant", len(Limits()), len(limitsMeant))
	}
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for name, meant := range limitsMeant {
		t.Run(name, func(t *testing.T) {
			l := LimitNamed(name)
			if l.By != meant.by || l.Count != meant.count || l.Window != meant.window {
				t.Fatalf("it says %s, %d in %s", l.By, l.Count, l.Window)
			}
			var h Hits
			for i := range l.Count {
				if ok, _ := h.Take(l, start.Add(time.Duration(i))); !ok {
					t.Fatalf("number %d is refused", i+1)
				}
			}
			last := start.Add(l.Window - 1)
			if ok, again := h.Take(l, last); ok || !again.Equal(start.Add(l.Window)) {
				t.Fatalf("one too many: %v, again %s", ok, again)
			}
			if ok, _ := h.Take(l, start.Add(l.Window)); !ok {
				t.Fatal("still refused after the window")
			}
		})
	}
}

func TestLimitNamedUnknown(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a door without its limit opens")
		}
	}()
	LimitNamed("code_hours")
}

func TestLimitNeverMoreThanCountInAnyWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Limit{Count: rapid.IntRange(1, 6).Draw(t, "count"), Window: time.Minute}
		now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		var h Hits
		var done []time.Time
		for range rapid.IntRange(1, 60).Draw(t, "tries") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			in := 0
			for _, d := range done {
				if now.Sub(d) < l.Window {
					in++
				}
			}
			ok, again := h.Take(l, now)
			if ok != (in < l.Count) {
				t.Fatalf("%d in the window, limit %d: %v", in, l.Count, ok)
			}
			if ok {
				done = append(done, now)
			} else if sooner, _ := l.Allow(done, again.Add(-1)); sooner || !again.After(now) {
				t.Fatalf("told to wait until %s, but it opens sooner", again)
			} else if then, _ := l.Allow(done, again); !then {
				t.Fatalf("told to wait until %s, but it stays shut", again)
			}
			if len(h.at) > l.Count {
				t.Fatal("the counter grows")
			}
		}
		if h.Idle(l, now) == (len(l.recent(done, now)) > 0) || !h.Idle(l, now.Add(l.Window)) {
			t.Fatal("idle or not")
		}
	})
}

func TestLimitWhenTheClockIsSetBack(t *testing.T) {
	l, now := Limit{Count: 1, Window: time.Hour}, time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	if ok, again := l.Allow([]time.Time{now.Add(30 * time.Minute)}, now); ok || again.Sub(now) > l.Window {
		t.Errorf("%v, again %s", ok, again)
	}
	if ok, _ := l.Allow([]time.Time{now.Add(48 * time.Hour)}, now); !ok {
		t.Error("a hit from a far future shuts the door for days")
	}
	if ok, again := (Limit{Window: time.Hour}).Allow(nil, now); ok || !again.After(now) {
		t.Error("the zero limit lets somebody in")
	}
}

func TestParseLimitsRefuses(t *testing.T) {
	head := "name,by,count,window,zh-Hans,en\n"
	for text, want := range map[string]string{
		head + "x,ip,0,1h,字,a":                "count",
		head + "x,ip,five,1h,字,a":             "count",
		head + "x,ip,5,1hour,字,a":             "no window",
		head + "x,ip,5,0s,字,a":                "no window",
		head + "x,mac,5,1h,字,a":               "none of ip",
		head + "x,ip,5,1h,,a":                 "a sentence is missing",
		head + ",ip,5,1h,字,a":                 "needs a name",
		head + "x,ip,5,1h,字,a\nx,ip,5,1h,字,a": "line 3: x is named twice",
		head + "x,ip,5,1h,字":                  "wrong number of fields",
		"":                                    "no column names",
	} {
		if _, err := ParseLimits(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
