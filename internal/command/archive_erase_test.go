package command_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/internal/vault"
)

// trace is a sealed text or a blind index that must be nowhere after an erasure.
type trace struct{ table, column, id, value string }

// tracesOf lists everything sealed and every blind index in the rows about a case and in the case itself.
func tracesOf(t *testing.T, db dbx.Builder, app *records.Application) (all []trace) {
	t.Helper()
	about, err := records.Naming(db, "application", app.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range append(about, app) {
		if _, certificate := row.(*records.Certificate); certificate {
			continue // the holder's, whose key stays
		}
		for _, c := range records.Columns(row) {
			s, _ := c.Value.(string)
			if s != "" && (strings.HasPrefix(s, "v1.") || c.Name == "blind" || c.Name == "mark" || c.Name == "blob") {
				all = append(all, trace{row.Table(), c.Name, row.Header().ID, s})
			}
		}
	}
	return all
}

// found names the files below a folder in which a value still stands.
func found(t *testing.T, dir string, values ...string) (in []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		for _, v := range values {
			if bytes.Contains(raw, []byte(v)) || strings.Contains(path, v) {
				in = append(in, filepath.Base(path)+": "+v)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// ofAnother reports whether a row of another case of the same person, which is still kept, has the same value.
func ofAnother(t *testing.T, db dbx.Builder, tr trace, app string) bool {
	t.Helper()
	if tr.table != "persons" && tr.table != "documents" || strings.HasPrefix(tr.value, "v1.") {
		return false
	}
	n, err := records.Count(db, tr.table, dbx.And(dbx.HashExp{tr.column: tr.value}, dbx.NewExp("application<>{:app}", dbx.Params{"app": app})))
	if err != nil {
		t.Fatal(err)
	}
	return n > 0
}

// TestErasedIsNowhere lives a whole life and erases the case: no sealed text, blind index or document of it is anywhere in the data,
// what an older copy of the data holds opens no more, the record verifies, and what nobody erased is still there.
func TestErasedIsNowhere(t *testing.T) {
	l := testkit.Living(t)
	steps := testkit.Steps()
	at := slices.IndexFunc(steps, func(s testkit.Step) bool { return s.Name == "erase the case" })
	for _, s := range steps[:at] {
		if err := s.Do(t.Context(), l); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	db := l.Desk.App.DB()
	app, err := records.Load[*records.Application](db, l.Vars["app"])
	if err != nil {
		t.Fatal(err)
	}
	traces := tracesOf(t, db, app)
	if len(traces) < 25 {
		t.Fatalf("only %d traces of the case", len(traces))
	}
	said, err := ledger.Search(db, ledger.Query{Noun: "applications", Target: app.ID, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range said {
		if len(e.Payload) > 0 {
			traces = append(traces, trace{"ledger_entries", "payload", app.ID, string(e.Payload)})
		}
	}
	for _, s := range steps[at:] {
		if err := s.Do(t.Context(), l); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	if _, err := l.Desk.App.DB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute(); err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, tr := range traces {
		if !ofAnother(t, db, tr, app.ID) {
			values = append(values, tr.value)
		}
	}
	if in := found(t, l.Dir, values...); len(in) > 0 {
		t.Errorf("still there: %v", in)
	}
	for _, tr := range traces {
		if strings.HasPrefix(tr.value, "v1.") && tr.table != "ledger_entries" && tr.table != "messages" { // those two are sealed by the desk, and were in no copy's reach alone
			if _, err := l.Desk.Vault.Unseal(app.Key(), tr.table+"."+tr.column+" "+tr.id, tr.value); !errors.Is(err, vault.ErrErased) {
				t.Errorf("%s.%s of an older copy: %v", tr.table, tr.column, err)
			}
		}
	}
	report, err := l.Desk.Verify(t.Context())
	if err != nil || !report.OK() || report.Erased == 0 {
		t.Errorf("the record after the erasure: %+v %v", report, err)
	}
	after, err := records.Load[*records.Application](db, app.ID)
	if err != nil || after.Ref != app.Ref || after.State != app.State || after.ErasedAt == "" {
		t.Errorf("what stays of the case: %+v %v", after, err)
	}
	// An appeal that comes in too late, another erasure, an export, a hold: all are told that it is erased.
	for name, err := range map[string]error{
		"erase":  afterwards(l, command.Itself, command.Erase, app.ID, struct{}{}),
		"export": afterwards(l, command.Of(l.Vars["lead"]), command.ExportCase, app.ID, struct{}{}),
		"hold":   afterwards(l, command.Of(l.Vars["lead"]), command.LegalHold, app.ID, command.Reasoned{Reason: "太晚了"}),
	} {
		if !flow.Refused(err, "erased") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func afterwards[In any](l *testkit.Life, by command.Caller, act command.Act[*records.Application, In], id string, in In) error {
	_, err := command.Run(context.Background(), l.Desk, by, act, command.At{ID: id}, in)
	return err
}

// What keeps a case from being erased: it is open (an appeal is), it is held, its certificate lives, its time is not over, nobody agreed.
func TestWhatKeepsFromErasing(t *testing.T) {
	w := open(t)
	set := func(id, column string, value any) {
		if _, err := w.App.DB().Update("applications", dbx.Params{column: value}, dbx.HashExp{"id": id}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	today, err := w.Desk.Desk.Today(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	agreed := func(day flow.Day) {
		if _, err := w.App.DB().Update("desk", dbx.Params{"erase_until": string(day)}, nil).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	due := func(state flow.State) string {
		id := w.plant(flow.NounApplication, state)
		set(id, "erase_on", string(today))
		return id
	}
	agreed(today)
	open, held, early, unseen := due(flow.InReview), due(flow.Rejected), due(flow.Rejected), due(flow.Rejected)
	set(held, "legal_hold", true)
	set(early, "erase_on", string(today.AddDays(1)))
	certificate := w.plant(flow.NounCertificate, flow.Suspended)
	k, err := records.Load[*records.Certificate](w.App.DB(), certificate)
	if err != nil {
		t.Fatal(err)
	}
	set(k.Application, "erase_on", string(today))
	for id, code := range map[string]string{open: "not_now", held: "erase_hold", early: "erase_not_yet", k.Application: "erase_certificate"} {
		before := w.dump()
		if err := try(w, command.Itself, command.Erase, id, struct{}{}); !flow.Refused(err, code) {
			t.Errorf("want %s: %v", code, err)
		}
		w.same(code, before)
	}
	agreed(today.AddDays(-1))
	if err := try(w, command.Itself, command.Erase, unseen, struct{}{}); !flow.Refused(err, "erase_not_yet") {
		t.Errorf("nobody has agreed: %v", err)
	}
	agreed(today)
	if err := try(w, command.Itself, command.Erase, unseen, struct{}{}); err != nil {
		t.Error(err)
	}
}
