package hooks_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
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
	z, err := zip.NewReader(strings.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(f.Name, "/")
		all[name] = string(text)
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
