package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

func expr(column, value string) dbx.Expression { return dbx.HashExp{column: value} }

// fromScratch of eight clients begin with pictures; the others hand in what is filled in, two cases for each kill.
const fromScratch = 2

// op is one act over HTTP under a key of its own, sent until it is answered, and what was answered.
type op struct {
	name, key, cookie, path, media string
	body                           []byte
	status                         int
	to, text                       string
	asked                          int
}

// client is somebody who takes cases of theirs from the start to a revoked certificate, one after the other.
type client struct {
	s     *site
	me    account
	more  []account // who have drafts that are filled in: their cases come first
	n     int
	done  []*op
	cases int
	http  *http.Client
}

// send sends an act until there is an answer; the program may die meanwhile, any number of times.
func (c *client) send(name, cookie, path, media string, body []byte) (*op, error) {
	c.n++
	o := &op{name: name, key: fmt.Sprintf("%s %d %s", c.me.id, c.n, name), cookie: cookie, path: path, media: media, body: body}
	if media == "" { // a form
		o.media, o.body = "application/x-www-form-urlencoded", append(body, []byte("&key="+url.QueryEscape(o.key))...)
	}
	return o, c.answered(o)
}

func (c *client) answered(o *op) error {
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		o.asked++
		req, err := http.NewRequest("POST", "http://"+c.s.address+o.path, bytes.NewReader(o.body))
		if err != nil {
			return err
		}
		req.Header = http.Header{"Cookie": {o.cookie}, "Sec-Fetch-Site": {"same-origin"}, "Accept-Language": {"zh-CN"}, "Content-Type": {o.media}, "Idempotency-Key": {o.key}}
		res, err := c.http.Do(req)
		if err != nil {
			continue // it died, or is not up yet: again, under the same key
		}
		raw, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode == http.StatusTooManyRequests {
			continue
		}
		o.status, o.to, o.text = res.StatusCode, res.Header.Get("Location"), string(raw)
		if o.status != http.StatusOK && o.status != http.StatusSeeOther {
			return fmt.Errorf("%s (asked %d times): %d %.600s", o.key, o.asked, o.status, o.text)
		}
		c.done = append(c.done, o)
		return nil
	}
	return fmt.Errorf("%s: no answer", o.key)
}

func form(pairs ...string) []byte {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return []byte(v.Encode())
}

var pictures = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	for _, slot := range []string{"id_front", "id_back", "household"} {
		all[slot] = specimen.IDFront("王秀英", "11010519491231002X", "女", "1949-12-31", slot)
	}
	return all
})

// upload puts a picture into its slot.
func (c *client) upload(app, slot string) error {
	key := fmt.Sprintf("%s %d add_document", c.me.id, c.n+1)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.WriteField("key", key)
	f, _ := w.CreateFormFile("file", slot+".jpg")
	f.Write(pictures()[slot])
	w.Close()
	_, err := c.send("add_document", c.me.cookie, app+"/slot/"+slot, w.FormDataContentType(), body.Bytes())
	return err
}

// api does an act of a colleague and reads the receipt.
func (c *client) api(act, cookie, path string, in any) (r command.Receipt, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return r, err
	}
	o, err := c.send(act, cookie, "/api/desk/"+path, "application/json", body)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(o.text), &r)
}

// one takes one case from the start to a revoked certificate.
func (c *client) one(t sdk.Type) error {
	if len(c.more) > 0 {
		c.me, c.more = c.more[0], c.more[1:]
		return c.submitted(c.me.draft, t)
	}
	o, err := c.send("start", c.me.cookie, "/apply/individual", "", form("holder", c.me.holder, "knows", "yes"))
	if err != nil {
		return err
	}
	app := o.to
	for _, p := range t.Pages {
		var fields []string
		for _, q := range p.Questions {
			fields = append(fields, field(q.ID, individual.Example()[q.ID])...)
		}
		if _, err := c.send("save_draft", c.me.cookie, app+"/q/"+p.ID, "", form(fields...)); err != nil {
			return err
		}
	}
	for _, slot := range slices.Sorted(maps.Keys(pictures())) {
		if err := c.upload(app, slot); err != nil {
			return err
		}
	}
	return c.submitted(app, t)
}

func (c *client) submitted(app string, t sdk.Type) error {
	if _, err := c.send("submit", c.me.cookie, app+"/submit", "", form("declared", "yes")); err != nil {
		return err
	}
	return c.decided("applications/"+path.Base(app), t)
}

func (c *client) decided(app string, t sdk.Type) error {
	if _, err := c.api("note", c.s.lead, app+"/note", command.Remark{Text: "看过"}); err != nil {
		return err
	}
	for _, item := range flow.ItemsShown(t, individual.Example()) {
		if _, err := c.api("verdict", c.s.chen, app+"/verdict", command.Judged{Item: item.ID, Value: flow.VerdictOK}); err != nil {
			return err
		}
	}
	r, err := c.api("decide", c.s.chen, app+"/decide", command.Result{Outcome: flow.Passed})
	if err != nil {
		return err
	}
	for _, act := range []string{"suspend", "reinstate", "revoke"} {
		if _, err := c.api(act, c.s.lead, "certificates/"+r.Answer["certificate"]+"/"+act, command.Reasoned{Reason: "资料不实"}); err != nil {
			return err
		}
	}
	c.cases++
	return nil
}

func field(id, v string) []string {
	parts := strings.Split(v, "-")
	switch {
	case v == check.Long:
		return []string{"q." + id + ".long", "yes"}
	case len(parts) == 3 && len(v) == 10 && strings.HasPrefix(v, "20"):
		return []string{"q." + id + ".year", parts[0], "q." + id + ".month", parts[1], "q." + id + ".day", parts[2]}
	}
	return []string{"q." + id, v}
}

// TestKilledAtAnyMoment kills the program while eight clients work, and starts it again; they go on under the same keys.
// Nothing that was answered is lost, nothing is there twice, no child is left, and the record holds. ROUNDS sets how often.
func TestKilledAtAnyMoment(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("children are counted in /proc, which only Linux has")
	}
	kills := 30
	if n, err := strconv.Atoi(os.Getenv("ROUNDS")); err == nil {
		kills = n
	}
	s := prepare(t, fromScratch+2*kills)
	var over = make(chan struct{})
	var group sync.WaitGroup
	var clients []*client
	for i := range 8 {
		c := &client{s: s, http: &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
		if i < fromScratch {
			c.me = s.people[i]
		} else {
			for n := i; n < len(s.people); n += 8 - fromScratch {
				c.more = append(c.more, s.people[n])
			}
		}
		clients = append(clients, c)
		group.Go(func() {
			for {
				if err := c.one(s.typ); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-over:
					if len(c.more) == 0 {
						return
					}
				default:
					if i >= fromScratch && len(c.more) == 0 {
						return
					}
				}
			}
		})
	}
	for round := range kills {
		s.start()
		if round%5 != 4 { // each fifth time it dies while it starts
			s.ready()
		}
		time.Sleep(time.Duration(rand.IntN(700)) * time.Millisecond)
		s.kill()
		if t.Failed() {
			break
		}
	}
	close(over)
	s.start()
	s.ready()
	group.Wait()
	s.quiet()
	s.kill()
	s.holds(clients, kills)
}

// quiet waits until the outbox is empty.
func (s *site) quiet() {
	s.t.Helper()
	had := -1
	for range 100 { // it is empty when nothing came in for a while
		n := 0
		for _, times := range s.mails.Had() {
			n += times
		}
		if n == had {
			return
		}
		had = n
		time.Sleep(2 * time.Second)
	}
}

// holds opens the folder and compares what is there with what was answered.
func (s *site) holds(clients []*client, kills int) {
	t := s.t
	l, err := testkit.Reopen(s.dir, map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := testkit.Whole(t.Context(), l.Desk); err != nil {
		t.Error(err)
	}
	acts, cases, again, entries := 0, 0, 0, keyed(t, l)
	for _, c := range clients {
		cases += c.cases
		for _, o := range c.done {
			acts++
			again += o.asked - 1
			s.recorded(l, o, entries[o.key])
		}
	}
	count := func(table string, where dbx.Expression) int {
		n, err := records.Count(l.Desk.App.DB(), table, where)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, w := range []struct {
		what      string
		got, want int
	}{
		{"applications", count("applications", nil), cases}, {"certificates revoked", count("certificates", expr("state", "revoked")), cases}, {"certificates", count("certificates", nil), cases},
		{"documents", count("documents", expr("state", "kept")), 3 * cases}, {"notes", count("notes", nil), cases}, {"decisions", count("decisions", nil), cases},
	} {
		if w.got != w.want {
			t.Errorf("%d %s, want %d", w.got, w.what, w.want)
		}
	}
	if cases < 2*kills {
		t.Errorf("only %d cases by %d clients", cases, len(clients))
	}
	s.mailed(l, kills)
	t.Logf("%d kills, %d cases, %d acts, asked again %d times, %d mails", kills, cases, acts, again, len(s.mails.Had()))
}

// recorded sees that an act that was answered is in the record once, and that the answer is the one in the record.
func (s *site) recorded(l *testkit.Life, o *op, seqs []int64) {
	if len(seqs) != 1 {
		s.t.Errorf("%s was answered and is in the record %d times", o.key, len(seqs))
		return
	}
	e, _, err := ledger.Get(l.Desk.App.DB(), seqs[0])
	if err != nil || e.Act != o.name {
		s.t.Errorf("%s is recorded as %s: %v", o.key, e.Act, err)
	}
	if o.media != "application/json" {
		return
	}
	var r, kept command.Receipt
	if err := json.Unmarshal([]byte(o.text), &r); err != nil {
		s.t.Fatal(err)
	}
	if err := json.Unmarshal(e.Answer, &kept); err != nil || r.Seq != e.Seq || r.Target != kept.Target || r.State != kept.State || r.Rev != kept.Rev || !maps.Equal(r.Answer, kept.Answer) {
		s.t.Errorf("%s was answered %+v and is recorded as %d %s", o.key, r, e.Seq, e.Answer)
	}
}

// keyed are the numbers of the entries of each key.
func keyed(t *testing.T, l *testkit.Life) map[string][]int64 {
	var rows []struct {
		Key string
		Seq int64
	}
	if err := l.Desk.App.DB().Select("key", "seq").From("ledger_entries").All(&rows); err != nil {
		t.Fatal(err)
	}
	all := map[string][]int64{}
	for _, r := range rows {
		all[r.Key] = append(all[r.Key], r.Seq)
	}
	return all
}

// mailed sees that every mail came in, and at most one more for each time that the program was killed.
func (s *site) mailed(l *testkit.Life, kills int) {
	had := s.mails.Had()
	rows, err := records.All[*records.Message](l.Desk.App.DB(), expr("channel", "mail"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range rows {
		if m.State != "sent" || had[m.ID] == 0 {
			s.t.Errorf("mail %s (%s) is %s (%s) and came in %d times", m.ID, m.Notice, m.State, m.Error, had[m.ID])
		}
	}
	extra := 0
	for _, n := range had {
		extra += n - 1
	}
	if extra > kills || len(had) != len(rows) {
		s.t.Errorf("%d mails for %d messages, %d came in again after %d kills", len(had), len(rows), extra, kills)
	}
}
