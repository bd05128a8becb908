package hooks_test

// A disk without room: acts are refused with a sentence, what was there stays, reading goes on, and the desk recovers by
// itself.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/internal/vault"
)

var (
	noRoom = map[string]string{"zh-Hans": "服务器空间满了", "en": "The server has run out of room"}
	photo  = specimen.IDFront("王秀英", "11010519491231002X", "女", "1949-12-31", "北京")
)

// said ends with an error unless the page refuses for want of room, in the reader's language.
func wantsRoom(t *testing.T, b *testkit.Browser, what, lang string) {
	t.Helper()
	if b.Status != http.StatusInsufficientStorage || !strings.Contains(b.Body, noRoom[lang]) {
		t.Errorf("%s in %s answers %d:\n%s", what, lang, b.Status, b.Text())
	}
}

// verified ends the test unless the record holds.
func verified(t *testing.T, d *testkit.Desk) {
	t.Helper()
	report, err := d.Desk.Verify(context.Background())
	if err != nil || !report.OK() {
		t.Fatalf("the record does not verify: %+v %v", report.Findings, err)
	}
}

// TestDatabaseWithoutRoom: SQLite itself has no page left.
func TestDatabaseWithoutRoom(t *testing.T) {
	d := testkit.Open(t)
	d.Runner.Stop()
	b, id := drafting(t, d, "full@example.com")
	b.Get("/applications/"+id+"/q/name").Send("/q/name", "q.name", "王秀英").Want(200)
	limit := func(pages string) {
		t.Helper()
		var got int64
		if err := d.App.NonconcurrentDB().NewQuery("PRAGMA max_page_count=" + pages).Row(&got); err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // never below what there is
	full := false
	for i := range 2000 { // until the free pages are used up
		_, err := command.Run(t.Context(), d.Desk, command.Caller{Role: flow.Guest, ID: "browser"}, command.GiveFeedback, command.At{ID: records.DeskID},
			command.Said{Page: "/", Score: 1, Text: strings.Repeat("满", 1500)})
		if err != nil {
			if !errors.Is(err, vault.ErrDiskFull) {
				t.Fatalf("act %d: %v", i, err)
			}
			full = true
			break
		}
	}
	if !full {
		t.Fatal("the database never ran out of room")
	}
	for lang, accept := range languages {
		b.Header.Set("Accept-Language", accept)
		b.Get("/applications/"+id+"/q/address").Want(200).Send("/q/address", "q.address", strings.Repeat("长", 100))
		if b.Status != 200 { // a short answer may still fit into a page that is there
			wantsRoom(t, b, "an answer", lang)
		}
		b.Get("/feedback").Want(200).Send("/feedback", "easy", "yes", "score", "3", "text", strings.Repeat("满", 1900))
		wantsRoom(t, b, "feedback", lang)
	}
	for _, path := range []string{"/", "/me", "/account", "/applications/" + id + "/q/name", "/applications/" + id + "/check", "/sign-in", "/help"} {
		b.Get(path).Want(200)
	}
	if b.Get("/applications/" + id + "/q/name"); !strings.Contains(b.Body, "王秀英") {
		t.Error("an answer that was there is gone")
	}
	verified(t, d)
	limit("1000000000")
	b.Get("/applications/"+id+"/q/address").Want(200).Send("/q/address", "q.address", "北京市").Want(200)
	verified(t, d)
}

// TestDiskFloor: below the floor what takes much room is refused before it is read, and all else goes on.
func TestDiskFloor(t *testing.T) {
	d := testkit.Open(t, func(c *config.Config) { c.DiskFloor = 1 })
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := d.Browser()
	signUp(t, d, b, "floor@example.com")
	id := apply(t, d, b, nil)
	if err := d.Runner.RunAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := d.Browser()
	signUp(t, d, other, "second@example.com")
	other.Get("/holders/new/person?type=individual").Want(200).Send("/holders/new/person", "name", "王秀英").Want(200).Send("/apply/individual").Want(200)
	draft := applicationPath.FindStringSubmatch(other.Path)[1]
	d.Config.DiskFloor = 1 << 60
	for lang, accept := range languages {
		other.Header.Set("Accept-Language", accept)
		other.Get("/applications/"+draft+"/slot/household").Want(200).Upload("/slot/household", "a.jpg", photo)
		wantsRoom(t, other, "an upload", lang)
		other.Get("/applications/" + draft + "/slot/household").Want(200)
		other.Header.Set("Accept", "application/json")
		other.Upload("/slot/household", "a.jpg", photo)
		if other.Header.Del("Accept"); other.Status != 507 || !strings.Contains(other.Body, `"code":"disk_full"`) {
			t.Errorf("an upload by the page's script answers %d %.200s", other.Status, other.Body)
		}
		other.Get("/apply/individual").Want(200).Send("/apply/individual")
		wantsRoom(t, other, "a start", lang)
	}
	if docs, err := records.Documents(d.App.DB(), draft); err != nil || len(docs) != 0 {
		t.Errorf("%d documents, %v", len(docs), err)
	}
	if _, err := command.Run(t.Context(), d.Desk, command.Itself, command.Submit, command.At{ID: draft}, command.Submission{}); !errors.Is(err, vault.ErrDiskFull) {
		t.Errorf("a submit: %v", err)
	}
	other.Get("/applications/"+draft+"/q/name").Want(200).Send("/q/name", "q.name", "王秀英").Want(200) // small things go on
	again := d.Browser()
	d.Clock.Move(61 * time.Second) // codes are not sent again at once
	again.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", "floor@example.com").Want(200)
	again.Send("/sign-in/code", "code", d.Messages("code_sign_in")[0].Words["code"], "own", "yes").Want(200)
	docs, err := records.Documents(d.App.DB(), id)
	if err != nil || len(docs) == 0 {
		t.Fatal(len(docs), err)
	}
	again.Get(fmt.Sprintf("/applications/%s/documents/%s/1", id, docs[0].ID)).Want(200)
	chen := signInStaff(t, d, "chen@example.com")
	chen.Call("GET", "/api/desk/applications/"+id, nil, nil).Want(200)
	chen.Call("GET", fmt.Sprintf("/api/desk/applications/%s/documents/%s/1", id, docs[0].ID), nil, nil).Want(200)
	chen.Call("POST", "/api/desk/applications/"+id+"/decide", map[string]any{"outcome": "not_passed", "reasons": []string{"forged"}}, nil).Want(200)
	var team struct{ Waiting struct{ DiskLow bool } }
	signInStaff(t, d, "manager@example.com").Call("GET", "/api/desk/team", nil, &team).Want(200)
	if !team.Waiting.DiskLow {
		t.Error("the managers are not told")
	}
	d.Config.DiskFloor = 1
	other.Get("/applications/"+draft+"/slot/household").Want(200).Upload("/slot/household", "a.jpg", photo).Want(200)
	verified(t, d)
}
