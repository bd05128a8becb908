package hooks_test

import (
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// A case whose check had found something is shown after its erasure too, when what it found is empty.
func TestErasedWithFindings(t *testing.T) {
	d := testkit.Open(t)
	app := planted(t, d, d.Staff("陈明", "chen@example.com", flow.Reviewer))
	f := &records.Finding{Application: app.ID}
	f.ID, f.State = records.NewID(), flow.Active
	f.Body = d.Seal(app.Key(), "findings.body "+f.ID, `{"code":"x"}`)
	d.Insert(f)
	reviewer := signInStaff(t, d, "chen@example.com")
	for _, erased := range []bool{false, true} {
		if erased {
			for table, row := range map[string]dbx.Params{"applications": {"answers": "", "erased_at": "2026-01-01 00:00:00.000Z"}, "findings": {"body": ""}} {
				if _, err := d.App.NonconcurrentDB().Update(table, row, dbx.NewExp("id={:a} OR id={:f}", dbx.Params{"a": app.ID, "f": f.ID})).Execute(); err != nil {
					t.Fatal(err)
				}
			}
		}
		var c struct {
			ErasedAt string
			Findings []struct{ Code string }
		}
		reviewer.Call("GET", "/api/desk/applications/"+app.ID, nil, &c).Want(200)
		if (c.ErasedAt != "") != erased || (len(c.Findings) == 1) == erased {
			t.Errorf("erased %v: %+v", erased, c)
		}
	}
}
