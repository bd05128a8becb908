package hooks_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// The applicant sees until when their case is paused, and not why; two colleagues on one case hear of each other.
func TestHoldIsSeen(t *testing.T) {
	w := talks(t, flow.InReview)
	today, err := w.Desk.Desk.Today(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var before struct{ Rev int64 }
	w.reviewer.Call("GET", "/api/desk/applications/"+w.id, nil, &before).Want(200)
	until := string(today.AddDays(4))
	w.lead.Call("POST", "/api/desk/applications/"+w.id+"/hold", map[string]string{"reason": "等派出所的回复", "until": until}, nil).Want(200)

	w.reviewer.Header.Set("If-Match", fmt.Sprintf(`"%d"`, before.Rev))
	w.reviewer.Call("POST", "/api/desk/applications/"+w.id+"/resume", map[string]string{}, nil).Want(409)
	var told struct{ Code, By, Act, At string }
	if err := json.Unmarshal([]byte(w.reviewer.Body), &told); err != nil || told.Code != "conflict" || told.By != "周组长" || told.Act != "hold" || told.At == "" {
		t.Errorf("the second of two is told %+v", told)
	}
	w.reviewer.Header.Del("If-Match")

	page := w.applicant.Get("/applications/" + w.id).Want(200).Has("暂缓到").Text()
	if strings.Contains(page, "派出所") {
		t.Error("the applicant reads the reason of a hold")
	}
	w.Move(5 * 24 * time.Hour)
	if app, err := records.Load[*records.Application](w.App.DB(), w.id); err != nil || app.State == flow.OnHold {
		t.Errorf("after its day it is on hold: %v", err)
	}
	w.applicant.Get("/applications/" + w.id).Has("继续办理")
}

// Nothing is said of the expected time before ten results; then it is, with what it is reckoned from.
func TestExpectedTime(t *testing.T) {
	w := talks(t, flow.InReview)
	cal := w.Desk.Desk.Calendar
	start := flow.Day("2026-10-12")
	result := func(state flow.State, days, waited int) {
		app := w.Plant(flow.NounApplication, state, testkit.Around{Owner: records.NewID()})
		typ, err := w.Desk.Desk.Type(load0(t, w, app).Digest)
		if err != nil {
			t.Fatal(err)
		}
		stamp := func(d flow.Day) string { return string(d) + " 04:00:00.000Z" }
		if _, err := w.App.DB().NewQuery("UPDATE applications SET submitted_at={:s}, due_on={:d}, closed_at={:c} WHERE id={:id}").Bind(map[string]any{"id": app,
			"s": stamp(start), "d": string(cal.Add(start, typ.ReviewDays+waited)), "c": stamp(cal.Add(start, days+waited))}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	for i := range flow.ExpectedLeast - 1 {
		result(flow.Approved, 2+i%3, i%2*7)
	}
	result(flow.Withdrawn, 30, 0)
	result(flow.Lapsed, 30, 0)
	guest := w.Browser()
	if text := guest.Get("/types/pension").Want(200).Text(); strings.Contains(text, "通常") {
		t.Error("something is said of nine results")
	}
	result(flow.Rejected, 4, 0)
	for _, path := range []string{"/types/pension", "/types"} {
		guest.Get(path).Want(200).Has("通常 2 到 4 个工作日").Has("最近 10 件")
	}
	w.applicant.Get("/applications/" + w.id).Has("最近 10 件")
}

func load0(t *testing.T, w *talking, id string) *records.Application {
	t.Helper()
	app, err := records.Load[*records.Application](w.App.DB(), id)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// Duplicates are shown with where they are, and merged; the other half leads to the one that stays.
func TestTwinsAreShown(t *testing.T) {
	w := talks(t, flow.InReview)
	app := load0(t, w, w.id)
	twin := *app
	other := &records.Application{Kind: twin.Kind, Type: twin.Type, Digest: twin.Digest, Holder: twin.Holder, Applicant: twin.Applicant, Lang: twin.Lang, Assignee: twin.Assignee,
		SubmittedAt: twin.SubmittedAt, DueOn: twin.DueOn, Ref: "R-2026-999999"}
	other.ID, other.State = records.NewID(), flow.InReview
	w.Insert(other)
	if err := w.Desk.Desk.Vault.NewKey(other.Key()); err != nil {
		t.Fatal(err)
	}
	s := w.Document(other.ID, "photo", "planted photo") // the same bytes as the planted case's
	doc := &records.Document{Application: other.ID, Slot: "photo", Media: s.Media, Blob: s.Blob, Views: s.Views[0], Mark: s.Mark, Pages: 1}
	doc.State = flow.Kept
	w.Insert(doc)
	var c struct {
		Others []struct {
			ID       string
			Pictures []struct{ Here, There struct{ En string } }
			Merge    bool
		}
		Merged []struct{ Ref string }
	}
	w.reviewer.Call("GET", "/api/desk/applications/"+w.id, nil, &c).Want(200)
	if len(c.Others) != 1 || c.Others[0].ID != other.ID || !c.Others[0].Merge || len(c.Others[0].Pictures) != 1 || c.Others[0].Pictures[0].Here.En == "" {
		t.Fatalf("shown: %+v", c)
	}
	w.reviewer.Call("POST", "/api/desk/applications/"+other.ID+"/merge", map[string]string{"into": w.id}, nil).Want(200)
	w.reviewer.Call("GET", "/api/desk/applications/"+w.id, nil, &c).Want(200)
	if len(c.Merged) != 1 || c.Merged[0].Ref != other.Ref {
		t.Errorf("after the merge: %+v", c)
	}
	w.reviewer.Get("/api/desk/applications/" + other.ID).Want(200)
	w.reviewer.Get("/api/desk/applications/" + other.ID + "/documents/" + doc.ID + "/1").Want(200)
	w.applicant.Get("/applications/" + other.ID).Want(200).Has("已并入另一次申请").Has(app.Ref)
}
