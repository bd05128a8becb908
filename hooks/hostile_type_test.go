package hooks_test

// A type from outside that dies, hangs or lies when a submitted case is checked: the submission itself succeeds, the
// reviewer is told, and the case can be decided.

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

func TestReviewerIsToldOfAHostileType(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pb_plugins")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	built := filepath.Join(t.TempDir(), "plugin")
	if out, err := exec.Command("go", "build", "-o", built, "../plugins/catalog/testdata/plugin").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	raw, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	d := testkit.Open(t, func(c *config.Config) { c.Plugins = dir })
	d.Runner.Stop()
	chen := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	m := signInStaff(t, d, "manager@example.com")
	r := signInStaff(t, d, "chen@example.com")
	var page struct {
		Rows    []struct{ ID, OnDisk string }
		Sandbox string
	}
	for _, behaviour := range []string{"crash", "huge", "slow", "liar"} {
		mark := func(s string) []byte { return fmt.Appendf(nil, "@@behaviour:%-20s@@", s) }
		file := filepath.Join(dir, "sample")
		if err := errors.Join(os.WriteFile(file+".new", bytes.Replace(raw, mark("good"), mark(behaviour), 1), 0o755), os.Rename(file+".new", file)); err != nil {
			t.Fatal(err)
		}
		m.Call("GET", "/api/desk/types", nil, &page).Want(200)
		digest := ""
		for _, row := range page.Rows {
			if row.ID == "sample" {
				digest = row.OnDisk
			}
		}
		m.Call("POST", "/api/desk/types/sample/switch", map[string]any{"on": true, "sha256": digest}, nil).Want(200)
		// The level that this machine gives is on the page, and in the entry for ever.
		e, err := ledger.Search(d.App.DB(), ledger.Query{Act: string(flow.SwitchType), Target: "sample", Newest: true, Limit: 1})
		if err != nil || len(e) != 1 || e[0].Reason != "sandbox_"+string(d.Catalog.Level()) || page.Sandbox != string(d.Catalog.Level()) {
			t.Errorf("%s: %+v, page %q, %v", behaviour, e, page.Sandbox, err)
		}
		must := func(rec command.Receipt, err error) command.Receipt { t.Helper(); return d.Must(rec, err) }
		b := d.Browser()
		signUp(t, d, b, behaviour+"@example.com")
		account, err := records.Find[*records.Applicant](d.App.DB(), dbx.HashExp{"email": behaviour + "@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		by := command.Account(account.ID)
		must(command.Run(t.Context(), d.Desk, command.Itself, command.GrantRole, command.At{ID: chen}, command.Roles{Roles: []string{"reviewer"}, Types: []string{"sample"}}))
		holder := must(command.Run(t.Context(), d.Desk, by, command.AddHolder, command.At{ID: account.ID}, command.NewHolder{Kind: "person", Own: true, Name: "王秀英"})).Answer["id"]
		id := must(command.Run(t.Context(), d.Desk, by, command.Start, command.At{ID: holder}, command.Beginning{Type: "sample", Lang: "zh-Hans"})).Answer["id"]
		must(command.Run(t.Context(), d.Desk, by, command.SaveDraft, command.At{ID: id}, command.PageAnswers{Page: "name", Entered: map[string]string{"name": "王秀英"}}))
		b.Get("/applications/"+id+"/slot/photo").Want(200).Upload("/slot/photo", "a.jpg", photo).Want(200)
		must(command.Run(t.Context(), d.Desk, by, command.Submit, command.At{ID: id}, command.Submission{Declared: true}))
		for _, l := range d.Runner.Lines() {
			if l.Name == "jobs" {
				if err := l.Run(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		var c struct {
			Checked  string
			Findings []struct{ Text struct{ En string } }
		}
		r.Call("GET", "/api/desk/applications/"+id, nil, &c).Want(200)
		want := "failed"
		if behaviour == "liar" { // it answers, and what it says is mended
			want = "done"
		}
		if c.Checked != want || want == "done" && len(c.Findings) == 0 {
			t.Errorf("%s: the reviewer sees %q, %+v", behaviour, c.Checked, c.Findings)
		}
		b.Get("/applications/" + id).Want(200)
		r.Call("POST", "/api/desk/applications/"+id+"/decide", map[string]any{"outcome": "not_passed", "reasons": []string{"other_person"}}, nil).Want(200)
	}
	for _, lang := range []string{"zh-Hans", "en"} { // the sentence that the case page shows for "failed"
		words, err := os.ReadFile("../ui/locales/desk." + lang + ".json")
		if err != nil || !strings.Contains(string(words), `"case.check_failed"`) {
			t.Errorf("%s: no sentence, %v", lang, err)
		}
	}
	verified(t, d)
}
