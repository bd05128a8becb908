package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite"

	"github.com/certdesk/certdesk/internal/schedule"
)

type outbox struct {
	*dbx.DB
	broken bool
}

var errBroken = errors.New("database is locked")

func (o *outbox) RunInTransaction(f func(tx dbx.Builder) error) error {
	if o.broken {
		return errBroken
	}
	return o.Transactional(func(tx *dbx.Tx) error { return f(tx) })
}

func openOutbox(t *testing.T, file string) *outbox {
	t.Helper()
	db, err := dbx.Open("sqlite", file+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.NewQuery(`CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, state TEXT NOT NULL DEFAULT 'queued', made TEXT NOT NULL, due_at TEXT NOT NULL,
		lease_until TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', notice TEXT NOT NULL, channel TEXT NOT NULL,
		recipient TEXT NOT NULL, words TEXT NOT NULL, lang TEXT NOT NULL, provider_id TEXT NOT NULL DEFAULT '', sent_at TEXT NOT NULL DEFAULT '')`).Execute(); err != nil {
		t.Fatal(err)
	}
	return &outbox{DB: db}
}

// sending is a sender over a real table; what is sealed in the program is only marked here.
type sending struct {
	*Sender
	t    *testing.T
	box  *outbox
	file string
	now  time.Time
	q    *schedule.Queue
	mail MailDriver
	sms  SMSDriver
}

func newSending(t *testing.T) *sending {
	s := &sending{t: t, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), file: filepath.Join(t.TempDir(), "a.db")}
	s.box = openOutbox(t, s.file)
	s.Sender = s.over(s.box)
	s.q = s.Queue()
	return s
}

func (s *sending) over(box *outbox) *Sender {
	return &Sender{DB: box, Now: func() time.Time { return s.now }, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Open: unsealed,
		Mail: func() (MailDriver, error) { return s.mail, nil }, SMS: func() (SMSDriver, error) { return s.sms, nil }}
}

func unsealed(r Row) (string, Words, error) {
	to, ok := strings.CutPrefix(r["recipient"], "sealed:")
	if !ok {
		return "", nil, errors.New("forged")
	}
	var w Words
	return to, w, json.Unmarshal([]byte(r["words"]), &w)
}

func (s *sending) put(id, notice, channel, to string) {
	s.t.Helper()
	words, err := json.Marshal(sample("zh-Hans"))
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.box.Insert("messages", dbx.Params{"id": id, "made": schedule.Stamp(s.now), "due_at": schedule.Stamp(s.now), "notice": notice, "channel": channel,
		"recipient": "sealed:" + to, "words": string(words), "lang": "zh-Hans"}).Execute(); err != nil {
		s.t.Fatal(err)
	}
}

type told struct {
	State    string `db:"state"`
	Attempts int    `db:"attempts"`
	Error    string `db:"error"`
	DueAt    string `db:"due_at"`
	Provider string `db:"provider_id"`
	SentAt   string `db:"sent_at"`
	Lease    string `db:"lease_until"`
}

func (s *sending) row(id string) (r told) {
	s.t.Helper()
	if err := s.box.Select("state", "attempts", "error", "due_at", "provider_id", "sent_at", "lease_until").From("messages").Where(dbx.HashExp{"id": id}).One(&r); err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *sending) waits(id string) time.Duration {
	s.t.Helper()
	due, err := time.Parse(schedule.Layout, s.row(id).DueAt)
	if err != nil {
		s.t.Fatal(err)
	}
	return due.Sub(s.now)
}

func (s *sending) drain() int {
	s.t.Helper()
	n, err := s.Drain(s.t.Context(), s.q)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestSenderEndToEnd(t *testing.T) {
	p := newPost(t, nil).open(t, "starttls")
	g := newGateway(t, says(200, `{"id":"p-9"}`))
	s := newSending(t)
	s.mail, s.sms = mailer(t, settings(p, "starttls")), webhook(t, g.URL)
	s.put("m1", "result_passed", "mail", "a@example.net")
	s.put("m2", "code_sign_in", "sms", "+8613800001234")
	s.put("m3", "withdrawn", "mail", "perm@example.net")
	s.put("m4", "expired", "ring", "")
	s.put("m5", "submitted", "mail", "temp@example.net")
	if n := s.drain(); n != 5 {
		t.Fatal(n)
	}
	if r := s.row("m1"); r.State != "sent" || r.SentAt != schedule.Stamp(s.now) || r.Error != "" || r.Lease != "" {
		t.Errorf("%+v", r)
	}
	if r := s.row("m2"); r.State != "sent" || r.Provider != "p-9" {
		t.Errorf("%+v", r)
	}
	if r := s.row("m3"); r.State != "failed" || !strings.HasPrefix(r.Error, "mail_refused: ") || strings.Contains(r.Error, "example.net") {
		t.Errorf("%+v", r)
	}
	if r := s.row("m4"); r.State != "ring" {
		t.Errorf("%+v", r)
	}
	if r := s.row("m5"); r.State != "queued" || r.Attempts != 1 || s.waits("m5") < time.Minute {
		t.Errorf("%+v", r)
	}
	if m := g.bodies[0]; m.ID != "m2" || m.To != "+8613800001234" || m.Sign != "长青认证中心" || m.Template != "code_sign_in" || m.Params[0] != (Param{"code", "604218"}) {
		t.Errorf("%+v", m)
	}
	s.now = s.now.Add(2 * time.Minute)
	s.drain()
	if r := s.row("m5"); r.State != "sent" || r.Attempts != 2 || r.Error != "" {
		t.Errorf("after the second try: %+v", r)
	}
	if n := len(p.letters()); n != 2 || p.connections() != 2 {
		t.Error(n, "letters by", p.connections(), "connections in two rounds")
	}
	if !strings.Contains(p.letters()[0].raw, "<m1@example.org>") {
		t.Error("Message-ID is not the row's")
	}
}

func TestSenderShowsInTheDemo(t *testing.T) {
	s := newSending(t)
	s.mail, s.sms = Capture{}, &LogSMS{s.Log}
	s.put("m1", "test", "mail", "a@example.net")
	s.put("m2", "test", "sms", "+8613800001234")
	s.put("m3", "test", "mail", "nobody")
	s.drain()
	for id, want := range map[string]string{"m1": "shown", "m2": "shown", "m3": "failed"} {
		if r := s.row(id); r.State != want {
			t.Errorf("%s %+v", id, r)
		}
	}
}

func TestSenderKeepsWhatItCannotHandOn(t *testing.T) {
	s := newSending(t)
	s.put("m1", "test", "mail", "a@example.net")
	s.put("m2", "test", "sms", "+8613800001234")
	for range 20 { // a week without a server uses up no attempt
		s.drain()
		s.now = s.now.Add(8 * time.Hour)
	}
	if a, b := s.row("m1"), s.row("m2"); a.State != "queued" || a.Attempts != 0 || a.Error != "mail_not_set" || b.State != "queued" || b.Error != "sms_not_set" {
		t.Fatalf("%+v %+v", a, b)
	}
	s.Mail = func() (MailDriver, error) { return nil, SettingsError("mail_host") }
	s.drain()
	if r := s.row("m1"); r.State != "queued" || r.Error != "setting is wrong: mail_host" {
		t.Fatalf("%+v", r)
	}
}

// counting is a gateway that fails as it is told and counts.
type counting struct {
	mu   sync.Mutex
	n    map[string]int
	fail error
	then func()
}

func (c *counting) Send(_ context.Context, m SMS) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[m.ID]++
	if c.then != nil {
		c.then()
	}
	return "", c.fail
}

func TestSenderAsksADeadPartnerOnceARound(t *testing.T) {
	s := newSending(t)
	c := &counting{fail: later("sms_unreachable", "connection refused")}
	s.sms, s.mail = c, Capture{}
	for i := range 50 {
		s.put(fmt.Sprintf("m%02d", i), "test", "sms", "+8613800001234")
	}
	s.put("x", "test", "mail", "a@example.net")
	s.drain()
	if len(c.n) != 1 || s.row("m00").Attempts != 1 || s.row("m49").Attempts != 0 || s.row("m49").Error == "" || s.row("x").State != "shown" {
		t.Fatal(c.n, s.row("m00"), s.row("m49"), s.row("x"))
	}
	c.fail = nil
	s.now = s.now.Add(2 * time.Minute)
	s.drain()
	if len(c.n) != 50 {
		t.Fatal(len(c.n))
	}
}

// An outage is in the log once in ten minutes while it lasts, without anybody's address, and so is its end.
func TestSenderSaysThatAPartnerIsDown(t *testing.T) {
	s := newSending(t)
	var log strings.Builder
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	c := &counting{fail: later("sms_unreachable", "dial +8613800001234: connection refused")}
	s.sms = c
	for i := range 15 {
		s.put(fmt.Sprint("m", i), "submitted", "sms", "+8613800001234")
		s.drain()
		s.now = s.now.Add(time.Minute)
	}
	if n := strings.Count(log.String(), "\n"); n != 2 || len(c.n) < 4 || !strings.Contains(log.String(), "connection refused") || strings.Contains(log.String(), "13800001234") {
		t.Errorf("%d tries, and the log says %d times:\n%s", len(c.n), n, log.String())
	}
	c.fail = nil
	s.now = s.now.Add(36 * time.Hour)
	s.drain()
	s.put("last", "submitted", "sms", "+8613800001234")
	s.drain()
	if n := strings.Count(log.String(), "handed on again"); n != 1 || s.row("last").State != "sent" {
		t.Errorf("after the outage, %d tries:\n%s", len(c.n), log.String())
	}
}

func TestSenderGivesUpAndLists(t *testing.T) {
	s := newSending(t)
	s.sms = &counting{fail: later("sms_later", "busy")}
	s.put("m1", "submitted", "sms", "+8613800001234")
	for range 30 {
		s.drain()
		s.now = s.now.Add(36 * time.Hour)
	}
	if r := s.row("m1"); r.State != "dead" || r.Attempts != tries || r.Error != "sms_later: busy" {
		t.Fatalf("%+v", r)
	}
}

func TestSenderHurriesWithCodes(t *testing.T) {
	s := newSending(t)
	c := &counting{fail: later("sms_later", "busy")}
	s.sms = c
	s.put("code", "code_sign_in", "sms", "+8613800001234")
	s.put("note", "submitted", "sms", "+8613800001234")
	s.drain()
	if a, b := s.waits("code"), s.waits("note"); a != 10*time.Second || b < time.Minute {
		t.Fatal(a, b)
	}
	s.now = s.now.Add(codeGood + time.Second)
	c.fail = nil
	s.drain()
	if r := s.row("code"); r.State != "failed" || r.Error != "code_too_late" || c.n["code"] != 1 || s.row("note").State != "sent" {
		t.Fatalf("%+v", r)
	}
	c.fail = laterAfter(90*time.Second, "sms_later", "429") // what the gateway asks for is kept to
	s.put("code2", "code_sign_in", "sms", "+8613800001234")
	s.drain()
	if got := s.waits("code2"); got != 90*time.Second {
		t.Fatal(got)
	}
}

func TestSenderKeepsToCaps(t *testing.T) {
	s := newSending(t)
	c := &counting{}
	s.sms = c
	s.Allow = func(_ context.Context, channel, to string) error {
		if channel == "sms" && to == "+8613800001234" {
			return errors.New("sms_contact_day")
		}
		return nil
	}
	s.put("code", "code_sign_in", "sms", "+8613800001234")
	s.put("note", "submitted", "sms", "+8613800001234")
	s.put("other", "submitted", "sms", "+8613800005678")
	s.drain()
	if r := s.row("code"); r.State != "failed" || r.Error != "capped: sms_contact_day" {
		t.Errorf("%+v", r)
	}
	if r := s.row("note"); r.State != "queued" || r.Attempts != 0 || s.waits("note") != time.Hour {
		t.Errorf("%+v", r)
	}
	if len(c.n) != 1 || s.row("other").State != "sent" {
		t.Error(c.n)
	}
}

func TestSenderListsWhatCanNeverLeave(t *testing.T) {
	s := newSending(t)
	s.mail, s.sms = Capture{}, &counting{}
	s.put("notice", "no_such", "mail", "a@example.net")
	s.put("channel", "staff_invited", "sms", "+8613800001234")
	s.put("forged", "test", "mail", "a@example.net")
	s.put("words", "test", "mail", "a@example.net")
	for id, change := range map[string]dbx.Params{"forged": {"recipient": "a@example.net"}, "words": {"words": "{}"}} {
		if _, err := s.box.Update("messages", change, dbx.HashExp{"id": id}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	s.drain()
	for id, want := range map[string]string{"notice": "notice_unknown", "channel": "channel_unknown", "forged": "unseal: forged", "words": "word_missing"} {
		if r := s.row(id); r.State != "failed" || !strings.HasPrefix(r.Error, want) {
			t.Errorf("%s %+v", id, r)
		}
	}
}

// Killed between the gateway's OK and our record: sent once more, and never after that.
func TestSenderKilledBetweenSendAndRecord(t *testing.T) {
	s := newSending(t)
	c := &counting{}
	s.sms = c
	s.put("m1", "submitted", "sms", "+8613800001234")
	c.then = func() { s.box.broken = true } // the disk goes away; then the process: its memory is lost
	if _, err := s.Drain(t.Context(), s.q); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	c.then, s.box.broken = nil, false
	s.q = s.Queue()
	if s.drain() != 0 || c.n["m1"] != 1 {
		t.Fatal("sent while the lease of the dead one holds")
	}
	s.now = s.now.Add(6 * time.Minute)
	s.drain()
	s.now = s.now.Add(time.Hour)
	s.drain()
	if c.n["m1"] != 2 || s.row("m1").State != "sent" {
		t.Fatal(c.n, s.row("m1"))
	}
}

// The same without the kill: the process remembers, and sends once.
func TestSenderRemembersWhatItCouldNotRecord(t *testing.T) {
	s := newSending(t)
	c := &counting{then: func() { s.box.broken = true }}
	s.sms = c
	s.put("m1", "submitted", "sms", "+8613800001234")
	if _, err := s.Drain(t.Context(), s.q); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	s.box.broken = false
	s.now = s.now.Add(time.Hour)
	s.drain()
	if c.n["m1"] != 1 || s.row("m1").State != "sent" {
		t.Fatal(c.n, s.row("m1"))
	}
}

func TestTwoSendersNeverTheSameMessage(t *testing.T) {
	s := newSending(t)
	c := &counting{}
	s.sms = c
	const n = 100
	for i := range n {
		s.put(fmt.Sprintf("m%03d", i), "submitted", "sms", "+8613800001234")
	}
	var all sync.WaitGroup
	for range 3 {
		other := s.over(openOutbox(t, s.file))
		all.Go(func() {
			if _, err := other.Drain(t.Context(), other.Queue()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(c.n) != n {
		t.Fatal(len(c.n))
	}
	for id, times := range c.n {
		if times != 1 || s.row(id).State != "sent" {
			t.Fatal(id, times)
		}
	}
}

// Stopped in the middle of a message: that one ends in good order, no other is begun, nothing is left leased.
func TestSenderStops(t *testing.T) {
	s := newSending(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.sms = &counting{then: cancel}
	s.put("m1", "submitted", "sms", "+8613800001234")
	s.put("m2", "submitted", "sms", "+8613800001234")
	if n, err := s.Drain(ctx, s.q); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if a, b := s.row("m1"), s.row("m2"); a.State != "sent" || b.State != "queued" || b.Attempts != 0 || b.Lease != "" {
		t.Fatalf("%+v %+v", a, b)
	}
}
