package hooks_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// talking is a desk with a case in review, its applicant and its reviewer, both without JavaScript.
type talking struct {
	*testkit.Desk
	id                        string
	applicant, reviewer, lead *testkit.Browser
}

func talks(t *testing.T, state flow.State) *talking {
	t.Helper()
	d := testkit.Open(t)
	w := &talking{Desk: d, applicant: d.Browser(), reviewer: d.Browser(), lead: d.Browser()}
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	account := d.Must(command.Run(t.Context(), d.Desk, command.Caller{Role: flow.Guest, ID: "b"}, command.Register, command.At{ID: records.DeskID},
		command.NewAccount{Channel: "sms", Contact: "+8613900000001", Lang: "zh-Hans", Proved: true})).Answer["id"]
	for _, kind := range []string{"privacy", "identity"} {
		d.Must(command.Run(t.Context(), d.Desk, command.Account(account), command.Agree, command.At{ID: account}, command.Agreement{Kind: kind, Version: command.AgreementVersion}))
	}
	w.id = d.Plant(flow.NounApplication, state, testkit.Around{Owner: account, Assignee: chen})
	secret := (records.NewID() + records.NewID() + records.NewID())[:43]
	session := &records.Session{Person: account, Kind: "applicant", How: "password", Seen: records.Stamp(d.Clock.Now()), Until: "2999", Passed: true}
	session.ID, session.State = sum(secret), flow.Active
	d.Insert(session)
	w.applicant.Header.Set("Cookie", "certdesk_account="+secret)
	w.signIn()
	return w
}

// signIn signs the colleagues in, again where the test moved the time.
func (w *talking) signIn() {
	w.T.Helper()
	for mail, b := range map[string]*testkit.Browser{"chen@example.com": w.reviewer, "lead@example.com": w.lead} {
		b.Call("POST", "/api/desk/sign-in", map[string]string{"email": mail, "password": testkit.Password}, nil).Want(200)
	}
}

func (w *talking) page() string { return "/applications/" + w.id + "/messages" }

// form opens the page and sends the form on it, with a file where there is one.
func (w *talking) write(text, name string, data []byte) *testkit.Browser {
	w.T.Helper()
	b := w.applicant.Get(w.page()).Want(200)
	if data == nil {
		name = ""
	}
	return b.Upload("/messages", name, data, "text", text)
}

type seenCase struct {
	Unread, CallOn, Phone string
	Correspondence        []struct {
		Kind, Side, Who, Text, Number, Outcome, NextOn, ReadAt string
		Files                                                  []string
	}
	Documents []struct{ ID, Entry, File string }
}

func (w *talking) look(b *testkit.Browser) (c seenCase) {
	w.T.Helper()
	b.Call("GET", "/api/desk/applications/"+w.id, nil, &c).Want(200)
	return c
}

func (w *talking) counts(b *testkit.Browser) map[string]int {
	w.T.Helper()
	var q struct{ Counts map[string]int }
	b.Call("GET", "/api/desk/queue", nil, &q).Want(200)
	return q.Counts
}

func drawing() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	for i := range 900 * 700 {
		img.Set(i%900, i/900, color.RGBA{uint8(i), uint8(i / 900), uint8(i / 7), 255})
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, img, nil)
	return out.Bytes()
}

// A conversation both ways, with an attachment: the SMS says nothing of it, notes stay inside, viewing is recorded, what is
// unread stands out until it is answered.
func TestConversation(t *testing.T) {
	w := talks(t, flow.InReview)
	secret, answer, note := "我的户口本在老家，下周才拿得到", "不急，拿到了再拍给我们", "家里人在外地"
	w.write(secret, "户口本.jpg", drawing()).Want(200).Has(secret)
	w.applicant.Has("已经发出")

	if n := w.counts(w.reviewer); n["unread"] != 1 {
		t.Errorf("the queue counts %v", n)
	}
	w.reviewer.Call("POST", "/api/desk/applications/"+w.id+"/note", map[string]string{"text": note}, nil).Want(200)
	c := w.look(w.reviewer)
	if c.Unread == "" || len(c.Correspondence) != 1 || c.Correspondence[0].Text != secret || len(c.Correspondence[0].Files) != 1 {
		t.Fatalf("the reviewer sees %+v", c)
	}
	file := c.Correspondence[0].Files[0]
	w.reviewer.Get("/api/desk/applications/" + w.id + "/documents/" + file + "/1").Want(200)
	if img, kind, err := image.Decode(strings.NewReader(w.reviewer.Body)); err != nil || kind != "jpeg" || img.Bounds().Dx() < 100 {
		t.Errorf("the attachment is shown as %s: %v", kind, err)
	}
	if seen, err := ledger.Search(w.App.DB(), ledger.Query{Act: string(flow.ViewDocument), Target: w.id, Limit: 5}); err != nil || len(seen) != 1 || seen[0].Reason != file {
		t.Fatalf("%d viewings are on record: %v", len(seen), err)
	}
	w.applicant.Get("/applications/" + w.id + "/documents/" + file + "/1").Want(200)

	w.answer(answer, "k1", 200)
	w.answer(answer, "k1", 200)
	told := w.Messages("message_waits") // the account, and the holder on their own phone
	if len(told) != 2 || told[0].Row.Channel != "sms" || told[1].Row.Channel != "sms" {
		t.Fatalf("told %d times", len(told))
	}
	for k, v := range told[0].Words {
		for _, s := range []string{secret, answer, note} {
			if strings.Contains(v, s) {
				t.Errorf("the notice says %s in %s", s, k)
			}
		}
	}
	if c = w.look(w.reviewer); c.Unread != "" || c.Correspondence[0].ReadAt == "" || len(c.Correspondence) != 2 || c.Correspondence[1].ReadAt != "" {
		t.Errorf("after the answer: %+v", c)
	}
	w.applicant.Get("/me").Has("有给您的留言")
	w.applicant.Get("/applications/" + w.id).Has("我们给您留言了").Has("工作人员")
	w.applicant.Get(w.page()).Has(answer).Send("/messages/read").Want(200)
	if strings.Contains(w.applicant.Text(), note) || strings.Contains(w.applicant.Get("/applications/"+w.id).Text(), note) {
		t.Error("the applicant reads an internal note")
	}
	if strings.Contains(w.applicant.Get("/me").Text(), "有给您的留言") {
		t.Error("what was read is called unread")
	}
	if c = w.look(w.lead); c.Correspondence[1].ReadAt == "" {
		t.Error("the desk does not see that it was read")
	}
	for _, table := range []string{"correspondence", "documents", "messages", "ledger_entries"} {
		w.clear(table, secret, answer, "户口本.jpg")
	}
}

// answer sends a message of the reviewer's, as a form with files is sent.
func (w *talking) answer(text, key string, want int) {
	w.T.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range map[string]string{"text": text, "key": key} {
		if err := m.WriteField(k, v); err != nil {
			w.T.Fatal(err)
		}
	}
	m.Close()
	r := raw(w.T.(*testing.T), w.reviewer, "POST", "/api/desk/applications/"+w.id+"/message", m.FormDataContentType(), body.String(), map[string]string{"Sec-Fetch-Site": "same-origin"})
	if r.StatusCode != want {
		w.T.Fatalf("the answer is answered %d: %s", r.StatusCode, r.body)
	}
}

// clear ends with an error where a table holds one of the texts in clear.
func (w *talking) clear(table string, texts ...string) {
	w.T.Helper()
	rows := []dbx.NullStringMap{}
	if err := w.App.DB().NewQuery("SELECT * FROM " + table).All(&rows); err != nil {
		w.T.Fatal(err)
	}
	for _, r := range rows {
		for col, v := range r {
			for _, s := range texts {
				if strings.Contains(v.String, s) {
					w.T.Errorf("%s.%s holds %q in clear", table, col, s)
				}
			}
		}
	}
}

func TestMessagesRefused(t *testing.T) {
	w := talks(t, flow.InReview)
	long := strings.Repeat("长", 50_000)
	if b := w.write(long, "", nil).Want(422); !strings.Contains(b.Body, long) || !strings.Contains(b.Text(), "50000") {
		t.Error("a text of 50,000 characters is lost, or its length is not named")
	}
	w.write("  \r\n ", "", nil).Want(422).Has("请写几个字")
	if b := w.write("写好的字", "照片.jpg", []byte("<svg onload=alert(1)>")).Want(422); !strings.Contains(b.Body, "写好的字") {
		t.Error("a file that is not taken loses the words")
	}
	if n, _ := records.Count(w.App.DB(), "correspondence", nil); n != 0 {
		t.Errorf("%d entries of nothing", n)
	}
	if n, _ := records.Count(w.App.DB(), "documents", dbx.Not(dbx.HashExp{"entry": ""})); n != 0 {
		t.Errorf("%d attachments of nothing", n)
	}
	other := w.Plant(flow.NounApplication, flow.InReview, testkit.Around{Owner: records.NewID()})
	w.applicant.Get("/applications/" + other + "/messages").Want(404)
	w.reviewer.Call("POST", "/api/desk/applications/"+other+"/mark-read", map[string]string{}, nil).Want(403)
}

// A message to a closed case is kept, said to be kept, and stands out at the desk.
func TestMessageToAClosedCase(t *testing.T) {
	w := talks(t, flow.Withdrawn)
	w.applicant.Get(w.page()).Want(200).Has("已经办结")
	w.write("还想问一句", "", nil).Want(200).Has("已经保存").Has("还想问一句")
	if n := w.counts(w.lead); n["unread"] != 1 {
		t.Errorf("the lead's queue counts %v", n)
	}
	w.lead.Call("POST", "/api/desk/applications/"+w.id+"/mark-read", map[string]string{}, nil).Want(200)
	if n := w.counts(w.lead); n["unread"] != 0 {
		t.Errorf("read, and the lead's queue counts %v", n)
	}
}

func TestMessagesAreCounted(t *testing.T) {
	w := talks(t, flow.InReview)
	n := 0
	use := func() reply {
		n++
		b := w.write(fmt.Sprintf("第 %d 句", n), "", nil)
		if b.Status == 422 && !strings.Contains(b.Body, fmt.Sprintf("第 %d 句", n)) {
			t.Error("what was written is lost")
		}
		return reply{&http.Response{StatusCode: b.Status}, b.Body}
	}
	refusedUntil(t, w.Desk, "message_hour", use)
	b := w.applicant.Get(w.page())
	before := n
	b.Upload("/messages", "", nil, "text", "两次", "key", "same")
	b.Get(w.page()).Upload("/messages", "", nil, "text", "两次", "key", "same").Want(200)
	rows, err := records.CorrespondenceOf(w.App.DB(), w.id)
	if err != nil || len(rows) != before {
		t.Errorf("%d entries of %d messages: %v", len(rows), before, err)
	}
	w.signIn()
	person := flow.LimitNamed("message_person").Count
	for i := range person + 1 {
		want := 200
		if i == person {
			want = 429
		}
		w.answer("一句", fmt.Sprint(i), want)
	}
}

// Calls stay on the case; the day of the next try is a list for the lead.
func TestCallsOnACase(t *testing.T) {
	w := talks(t, flow.InReview)
	today, err := w.Desk.Desk.Today(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := "/api/desk/applications/" + w.id + "/log-call"
	call := map[string]string{"number": "010-12345678", "outcome": "no_answer", "note": "只在晚上在家", "nextOn": string(today.AddDays(2))}
	for field, bad := range map[string]string{"number": "12", "outcome": "maybe", "nextOn": string(today.AddDays(-1)), "note": strings.Repeat("长", 2001)} {
		in := map[string]string{}
		for k, v := range call {
			in[k] = v
		}
		in[field] = bad
		w.reviewer.Call("POST", at, in, nil).Want(422)
	}
	w.reviewer.Call("POST", at, call, nil).Want(200)
	c := w.look(w.lead)
	if len(c.Correspondence) != 1 || c.Correspondence[0].Outcome != "no_answer" || c.Correspondence[0].Number == "" || c.CallOn != call["nextOn"] {
		t.Errorf("the lead sees %+v", c)
	}
	if n := w.counts(w.lead); n["calls"] != 1 {
		t.Errorf("the lead's queue counts %v", n)
	}
	w.applicant.Get(w.page()).Has("没有人接")
	if strings.Contains(w.applicant.Text(), "只在晚上在家") {
		t.Error("the applicant reads what was noted of a call")
	}
	w.Clock.Move(24 * time.Hour)
	w.signIn()
	w.lead.Call("POST", at, map[string]string{"number": "13800138000", "outcome": "reached"}, nil).Want(200)
	if n := w.counts(w.lead); n["calls"] != 0 {
		t.Errorf("reached, and the lead's queue counts %v", n)
	}
}
