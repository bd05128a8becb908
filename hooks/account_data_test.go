package hooks_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// People take away everything that is held on them and on those they act for, and nothing of anybody else; it asks for a new
// sign-in, is on record, and is counted.
func TestMyDataLeave(t *testing.T) {
	d := testkit.Open(t)
	other, _ := drafting(t, d, "other@example.com")
	b, id := drafting(t, d, "own@example.com")
	photo := specimen.IDFront("王秀英", "11010519491231002X", "女", "1949-12-31", "北京")
	b.Get("/applications/"+id+"/q/resident_id").Send("/q/resident_id", "q.resident_id", "11010519491231002X").Want(200)
	b.Get("/applications/"+id+"/slot/household").Want(200).Upload("/slot/household", "household.jpg", photo).Want(200)

	b.Get("/account").Want(200).Has("下载我的资料")
	b.Get("/account/data").Want(200).Send("/account/data").Want(200)
	all := testkit.Unzip(t, []byte(b.Body))
	whole := all["data.json"]
	var said struct {
		Holders []struct{ Cases []map[string][]map[string]any }
	}
	if err := json.Unmarshal([]byte(whole), &said); err != nil || len(said.Holders) != 1 || len(said.Holders[0].Cases) != 1 {
		t.Fatalf("%v %.2000s", err, whole)
	}
	for _, want := range []string{"own@example.com", "王秀英", "11010519491231002X", "household.jpg"} {
		if !strings.Contains(whole, want) {
			t.Errorf("data.json does not say %s", want)
		}
	}
	for _, never := range []string{`"v1.`, "other@example.com", "password", "_blind", "tokenKey", "visit_code", "$2a$"} {
		if strings.Contains(whole, never) {
			t.Errorf("data.json says %s", never)
		}
	}
	page, err := url.PathUnescape(all["index.html"]) // links are escaped
	if err != nil || !strings.Contains(strings.ReplaceAll(page, " ", ""), "11010519491231002X") || !strings.Contains(page, "王秀英") {
		t.Errorf("index.html: %v %.2000s", err, page)
	}
	pictures := 0
	for name, content := range all {
		if strings.HasSuffix(name, ".jpg") && bytes.Equal([]byte(content), photo) && strings.Contains(page, name) {
			pictures++
		}
	}
	if pictures != 1 {
		t.Errorf("the original is there %d times: %d files", pictures, len(all))
	}
	e, err := ledger.Search(d.App.DB(), ledger.Query{Act: string(flow.Export), Limit: 1, Newest: true})
	if err != nil || len(e) != 1 || e[0].Noun != "applicants" || e[0].Reason != "own data" {
		t.Errorf("on record: %+v %v", e, err)
	}
	other.Get("/account/data").Want(200).Send("/account/data").Want(200)
	if strings.Contains(testkit.Unzip(t, []byte(other.Body))["data.json"], "11010519491231002X") {
		t.Error("somebody got what is another's")
	}

	b.Get("/account/data").Send("/account/data").Want(200)
	b.Get("/account/data").Send("/account/data").Want(200)
	b.Get("/account/data").Send("/account/data").Want(429)
	b.Get("/account/data").Want(200)
	stale := *b
	d.Clock.Move(16 * time.Minute)
	stale.Send("/account/data").Has("请先重新登录")
	if strings.HasPrefix(stale.Body, "PK") {
		t.Error("handed out long after signing in")
	}
	b.Get("/account/data").Want(200).Has("重新登录")
	d.Browser().Get("/account/data").Has("登录")
}
