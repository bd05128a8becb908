package hooks_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
)

// unzipped reads a case file, and checks every digest in it.
func unzipped(t *testing.T, raw string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for path, text := range testkit.Unzip(t, []byte(raw)) {
		_, name, _ := strings.Cut(path, "/")
		all[name] = text
	}
	sums := strings.Split(strings.TrimSpace(all["SHA256SUMS"]), "\n")
	if len(sums) != len(all)-1 {
		t.Errorf("%d digests of %d files", len(sums), len(all)-1)
	}
	for _, line := range sums {
		sum, name, _ := strings.Cut(line, "  ")
		if got := sha256.Sum256([]byte(all[name])); hex.EncodeToString(got[:]) != sum {
			t.Errorf("the digest of %s is not %s", name, sum)
		}
	}
	return all
}

// A case file holds the originals to the byte, a readable PDF, and what the record says, which anybody can check with the key.
func TestCaseFile(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	d.Staff("何平", "auditor@example.com", flow.Auditor)
	app := planted(t, d, chen)
	d.Must(command.Run(t.Context(), d.Desk, command.Of(chen), command.Note, command.At{ID: app.ID}, command.Remark{Text: "打过电话"}))
	d.Must(command.Run(t.Context(), d.Desk, command.Of(chen), command.Verdict, command.At{ID: app.ID}, command.Judged{Item: "alive", Value: "ok", Note: "看过"}))
	path := "/api/desk/applications/" + app.ID + "/file"
	for _, mail := range []string{"chen@example.com", "manager@example.com"} {
		signInStaff(t, d, mail).Get(path).Want(403)
	}
	d.Browser().Get(path).Want(401)
	auditor := signInStaff(t, d, "auditor@example.com")
	all := unzipped(t, auditor.Get(path).Want(200).Body)
	documents := 0
	for name, text := range all {
		if strings.HasPrefix(name, "documents/") {
			documents++
			if text != "planted photo" && text != "planted id_front" {
				t.Errorf("%s is %q", name, text)
			}
		}
	}
	if documents != 2 || !strings.HasPrefix(all["case.pdf"], "%PDF-") {
		t.Errorf("%d documents, PDF %.10q", documents, all["case.pdf"])
	}
	proved(t, d, all)
	last, err := ledger.Search(d.App.DB(), ledger.Query{Act: string(flow.Export), Newest: true, Limit: 1})
	if err != nil || len(last) != 1 || last[0].Target != app.ID || last[0].Reason != "case file" {
		t.Errorf("on record: %+v %v", last, err)
	}

	// A document that is missing breaks the file off: half a case file does not look like a whole one.
	docs, err := records.Documents(d.App.DB(), app.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Desk.Blobs.Delete(docs[1].Blob); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), "GET", d.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := auditor.Client.Do(req); err == nil {
		if raw, err := io.ReadAll(res.Body); err == nil {
			t.Errorf("a broken case file answered %d with %d bytes as if it were whole", res.StatusCode, len(raw))
		}
		res.Body.Close()
	}
}

// proved checks what the record says by the checkpoint and the desk's public key alone.
func proved(t *testing.T, d *testkit.Desk, all map[string]string) {
	t.Helper()
	var record struct {
		Entries []struct {
			Seq   int64
			Data  string
			Proof []string
		}
	}
	if err := json.Unmarshal([]byte(all["record.json"]), &record); err != nil {
		t.Fatal(err)
	}
	key, err := note.NewVerifier(d.Desk.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(all["checkpoint.txt"]), note.VerifierList(key))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		t.Fatal(err)
	}
	acts := ""
	for _, e := range record.Entries {
		var path tlog.RecordProof
		for _, s := range e.Proof {
			h, err := tlog.ParseHash(s)
			if err != nil {
				t.Fatal(err)
			}
			path = append(path, h)
		}
		if err := tlog.CheckRecord(path, size, root, e.Seq-1, tlog.RecordHash([]byte(e.Data))); err != nil {
			t.Errorf("entry %d: %v", e.Seq, err)
		}
		if err := tlog.CheckRecord(path, size, root, e.Seq-1, tlog.RecordHash(append([]byte(e.Data), ' '))); err == nil {
			t.Errorf("entry %d: a changed one is proved too", e.Seq)
		}
		var said struct{ Act string }
		if err := json.NewDecoder(bytes.NewReader([]byte(e.Data))).Decode(&said); err != nil {
			t.Fatal(err)
		}
		acts += " " + said.Act
	}
	if acts != " note verdict export" {
		t.Errorf("the record of the case is%s", acts)
	}
}

// Whoever is close to a person of the case does not get its file.
func TestCaseFileIsNotForTheConflicted(t *testing.T) {
	d := testkit.Open(t)
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("李样本", "auditor@example.com", flow.Auditor)
	owner := d.Plant(flow.NounApplicant, flow.Active, testkit.Around{})
	id := d.Plant(flow.NounApplication, flow.Approved, testkit.Around{Owner: owner, Assignee: chen, Answers: pension.Example(), Blind: d.Desk.BlindName("李样本")})
	signInStaff(t, d, "auditor@example.com").Get("/api/desk/applications/" + id + "/file").Want(403)
}

// papered is what the paper of a case file says, without its blanks: lines break anywhere.
func papered(t *testing.T, pdf string) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = strings.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils is needed): %v", err)
	}
	return foot.ReplaceAllString(strings.Join(strings.Fields(string(out)), ""), "")
}

// foot stands below each page, and may stand in the middle of a sentence.
var foot = regexp.MustCompile(`R-[a-z0-9]{15}第\d+页`)

// The paper tells of every decision, appeal, reversal, message and correction in the words of those who wrote them, to the last one.
func TestCaseFileTellsTheWholeStory(t *testing.T) {
	d := testkit.Open(t)
	chen, li, lead := d.Staff("陈明", "chen@example.com", flow.Reviewer), d.Staff("李审核", "li@example.com", flow.Reviewer), d.Staff("周组长", "lead@example.com", flow.Lead)
	owner := d.Plant(flow.NounApplicant, flow.Active, testkit.Around{})
	id := d.Plant(flow.NounApplication, flow.Approved, testkit.Around{Owner: owner, Assignee: chen, Answers: pension.Example()})
	app, err := records.Load[*records.Application](d.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	key, long := app.Key(), ""
	for i := range 400 { // as much as an appeal may have
		long += fmt.Sprintf("第%03d句，号码是对的。", i)
	}
	now := records.Stamp(d.Desk.Now())
	sealed := func(table, id string, to map[string]*string, texts map[string]string) {
		for column, text := range texts {
			*to[column] = d.Seal(key, table+"."+column+" "+id, text)
		}
	}
	no := &records.Decision{Application: id, Outcome: flow.NotPassed, Reasons: "unreadable,card_expired", By: chen, Second: li, ReleasedAt: now}
	no.ID, no.State = records.NewID(), flow.Superseded
	sealed("decisions", no.ID, map[string]*string{"letter": &no.Letter, "comment": &no.Comment}, map[string]string{"letter": "很遗憾没有通过\n\n可以申诉", "comment": "我也没有查到"})
	d.Insert(no)
	a := &records.Appeal{Application: id, Decision: no.ID, By: owner, DecidedBy: li, DecidedAt: now}
	a.ID, a.State = records.NewID(), flow.AppealChanged
	sealed("appeals", a.ID, map[string]*string{"text": &a.Text, "answer": &a.Answer}, map[string]string{"text": "第一行\r\n第二行 ✓\n" + long + "最后一句", "answer": "您说得对，改为通过"})
	d.Insert(a)
	r := &records.Reversal{Application: id, By: lead, Reasons: "photo_old", Second: li, Due: "2020-01-02", AnsweredBy: owner, AnsweredAt: now, DecidedBy: chen, DecidedAt: now}
	r.ID, r.State = records.NewID(), flow.Reversed
	sealed("reversals", r.ID, map[string]*string{"text": &r.Text, "comment": &r.Comment, "answer": &r.Answer, "decision": &r.Decision},
		map[string]string{"text": "照片不是本人", "comment": "我也看过照片", "answer": "照片是前年拍的" + long, "decision": "派出所没有这个人"})
	d.Insert(r)
	open := &records.Reversal{Application: id, By: lead, Second: chen, Due: "2020-01-02"}
	open.ID, open.State = records.NewID(), flow.Open
	sealed("reversals", open.ID, map[string]*string{"text": &open.Text}, map[string]string{"text": "第二次发现"})
	d.Insert(open)
	s := d.Document(id, "", "letter of the police")
	d.Insert(&records.Document{Head: records.Head{ID: records.NewID(), State: flow.Kept}, Application: id, Entry: r.ID, Media: s.Media, Blob: s.Blob, Views: s.Views[0], Mark: s.Mark, Pages: 1})
	m := &records.Correspondence{Application: id, Kind: "message", Side: "applicant", By: owner}
	m.ID, m.State = records.NewID(), flow.Kept
	sealed("correspondence", m.ID, map[string]*string{"text": &m.Text}, map[string]string{"text": "请问还要多久"})
	d.Insert(m)

	file := signInStaff(t, d, "lead@example.com").Get("/api/desk/applications/" + id + "/file").Want(200).Body
	all := unzipped(t, file)
	said := papered(t, all["case.pdf"])
	at := 0
	for _, want := range []string{"3说明附件1", "留言与电话", "请问还要多久", "决定1", "通过·已发出", "决定2", "未通过·后来不再作数", "证件照片看不清楚，或者没有拍全。身份证已经过期。", "陈明·", "李审核", "我也没有查到", "很遗憾没有通过", "可以申诉",
		"申诉", "第一行", "第二行", "第000句", "第399句，号码是对的。最后一句", "改为通过", "李审核·", "您说得对，改为通过",
		"撤销通过1", "周组长·", "近照像是以前拍的", "照片不是本人", "李审核·同意", "我也看过照片", "2020-01-02", "照片是前年拍的第000句", "第399句", "附件（材料编号）3", "通过已撤销", "陈明·", "派出所没有这个人",
		"撤销通过2", "第二次发现", "持证人没有说明", "还没有决定", "记录"} {
		i := strings.Index(said[at:], want)
		if i < 0 {
			t.Fatalf("the paper does not say %q there; it says after that\n%.600s", want, said[at:])
		}
		at += i + len(want)
	}
	for i := range 400 {
		if n := strings.Count(said, fmt.Sprintf("第%03d句，号码是对的。", i)); n != 2 {
			t.Errorf("sentence %d is there %d times", i, n)
		}
	}
	if all["documents/03_说明附件_1.jpg"] != "letter of the police" {
		t.Errorf("the attachment is not among the files")
	}
	if strings.Contains(said, "0001-01-01") {
		t.Error("a day that never was")
	}
}
