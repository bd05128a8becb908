package hooks_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// The true line, over HTTP without JavaScript: from an application to a certificate that anyone can verify.
func TestLine(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	b := d.Browser()
	signUp(t, d, b, "wang@example.com")
	id := apply(t, d, b, nil)
	b.Get("/applications/" + id).Want(200).Has("R-20")

	desk := d.Browser()
	desk.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(200)
	pass(t, desk, id)
	b.Get("/applications/" + id).Want(200).Has("证书")

	m := d.Messages("certificate_issued")
	if len(m) != 1 || m[0].To != "wang@example.com" {
		t.Fatalf("messages: %+v", m)
	}
	k, err := records.Find[*records.Certificate](d.App.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	guest := d.Browser()
	guest.Get("/v/" + k.Code).Want(200).Has("证书有效")
	guest.Get("/v/nonsense").Want(404).Has("我们没有发过这样的证书")
	guest.Get("/v/" + k.Code + "/badge.svg").Want(200)
	if u, err := url.Parse(d.URL); err != nil || len(guest.Client.Jar.Cookies(u)) != 0 {
		t.Errorf("whoever only looks a certificate up got the cookies %v, %v", guest.Client.Jar.Cookies(u), err)
	}
	if !strings.Contains(guest.Body, "<svg") {
		t.Fatal("no badge")
	}
	b.Get("/certificates/" + k.ID + "/certificate.pdf").Want(200)

	lead := d.Browser()
	lead.Call("POST", "/api/desk/sign-in", map[string]string{"email": "lead@example.com", "password": testkit.Password}, nil).Want(200)
	lead.Call("POST", "/api/desk/certificates/"+k.ID+"/revoke", map[string]string{"reason": "资料不实"}, nil).Want(200)
	guest.Get("/v/" + k.Code).Want(200).Has("撤销")
	report, err := d.Desk.Verify(t.Context())
	if err != nil || !report.OK() {
		t.Fatalf("the record does not verify: %+v %v", report, err)
	}
}

// signUp registers by a mailed code and agrees to both notices.
func signUp(t *testing.T, d *testkit.Desk, b *testkit.Browser, mail string) {
	t.Helper()
	b.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", mail).Want(200)
	code := d.Messages("code_sign_in")[0].Words["code"]
	b.Send("/sign-in/code", "code", code, "own", "yes").Want(200)
	b.Send("/consent", "privacy", "yes", "identity", "yes").Want(200)
}

// apply fills in an individual application for oneself, with drawn specimens, and submits it.
func apply(t *testing.T, d *testkit.Desk, b *testkit.Browser, change map[string]string) string {
	t.Helper()
	id := filled(t, b, change)
	b.Want(200).Send("/submit", "declared", "yes").Want(200)
	if !strings.HasSuffix(b.Path, "/submitted") {
		t.Fatalf("not submitted: %s\n%s", b.Path, b.Text())
	}
	return id
}

// filled fills one in up to the page on which it is submitted.
func filled(t *testing.T, b *testkit.Browser, change map[string]string) string {
	t.Helper()
	answers := individual.Example()
	for k, v := range change {
		answers[k] = v
	}
	b.Get("/apply/individual").Want(200)
	b.Get("/holders/new/person?type=individual").Want(200).Send("/holders/new/person", "name", answers["name"]).Want(200)
	b.Send("/apply/individual").Want(200)
	id := regexp.MustCompile(`/applications/([a-z0-9]{15})/`).FindStringSubmatch(b.Path)[1]
	for range 40 {
		path, _, _ := strings.Cut(strings.TrimPrefix(b.Path, "/applications/"+id), "?")
		switch {
		case strings.HasPrefix(path, "/q/"):
			b.Send(path, fields(answers)...)
		case strings.HasPrefix(path, "/slot/"):
			slot := strings.TrimPrefix(path, "/slot/")
			if slot == "id_front" || slot == "id_back" || slot == "household" {
				b.Upload(path, slot+".jpg", specimen.IDFront(answers["name"], "11010519491231002X", "女", "1949-12-31", slot)).Want(200)
			}
			b.Upload(path, "", nil, "go", "next")
		case path == "/check":
			return id
		}
		if b.Status >= 400 {
			t.Fatalf("%s answered %d\n%s", b.Path, b.Status, b.Text())
		}
	}
	t.Fatalf("stuck at %s\n%s", b.Path, b.Text())
	return ""
}

// fields are answers as a form sends them.
func fields(answers map[string]string) []string {
	var list []string
	for k, v := range answers {
		name := "q." + k
		switch parts := strings.Split(v, "-"); {
		case v == check.Long:
			list = append(list, name+".long", "yes")
		case len(parts) == 3 && len(v) == 10 && strings.HasPrefix(v, "20"):
			list = append(list, name+".year", parts[0], name+".month", parts[1], name+".day", parts[2])
		default:
			list = append(list, name, v)
		}
	}
	return list
}

// pass judges every item good and decides.
func pass(t *testing.T, desk *testkit.Browser, id string) {
	t.Helper()
	var p struct {
		Rev       int64
		Checklist []struct{ ID string }
		Documents []struct{ ID string }
	}
	desk.Call("GET", "/api/desk/applications/"+id, nil, &p).Want(200)
	if len(p.Documents) == 0 {
		t.Fatal("no documents")
	}
	desk.Get("/api/desk/applications/" + id + "/documents/" + p.Documents[0].ID + "/1").Want(200)
	desk.Call("POST", "/api/desk/applications/"+id+"/decide", map[string]any{"outcome": "passed"}, nil).Want(http.StatusUnprocessableEntity)
	for _, i := range p.Checklist {
		desk.Call("POST", "/api/desk/applications/"+id+"/verdict", map[string]any{"item": i.ID, "value": "ok"}, nil).Want(200)
	}
	desk.Call("POST", "/api/desk/applications/"+id+"/decide", map[string]any{"outcome": "passed"}, nil).Want(200)
}

// A draft that somebody gives up is deleted from where it is seen: from one's own page, and from the page that checks it. The
// page that asks names what goes; keeping it is as easy.
func TestDraftGivenUp(t *testing.T) {
	d := testkit.Open(t)
	b, id := drafting(t, d, "givenup@example.com")
	link := `href="/applications/` + id + `/discard"`
	for _, page := range []string{"/me", "/applications/" + id + "/check"} {
		if body := b.Get(page).Want(200).Body; !strings.Contains(body, link) {
			t.Errorf("%s does not lead to deleting the draft", page)
		}
	}
	b.Get("/applications/" + id + "/discard").Want(200).Has("要删除这份草稿吗").Send("/discard").Want(200).Has("草稿已经删除")
	if b.Path != "/me" || strings.Contains(b.Body, id) {
		t.Errorf("at %s: %s", b.Path, b.Text())
	}
	if b.Get("/applications/" + id + "/discard"); b.Status == 200 {
		t.Error("a deleted draft asks to be deleted")
	}
}

// Whoever has just named the person finds the name in the form, and does not type it again.
func TestNameIsKnown(t *testing.T) {
	d := testkit.Open(t)
	b, id := drafting(t, d, "named@example.com")
	if page := b.Get("/applications/" + id + "/q/name").Want(200); !strings.Contains(page.Body, `value="王秀英"`) {
		t.Errorf("the name is asked for again:\n%s", page.Text())
	}
	if b.Send("/q/name").Want(200); !strings.HasSuffix(b.Path, "/q/latin_name") {
		t.Errorf("after the name: %s", b.Path)
	}
	b.Get("/applications/" + id + "/check").Want(200).Has("身份证号码：这里还没有填。请填写。").Has("还没有“身份证 人像面”")
	if page := b.Get("/applications/"+id+"/q/name").Send("/q/name", "q.name", "").Has("这里还没有填"); strings.Contains(page.Body, `value="王秀英"`) {
		t.Error("what was emptied comes back by itself")
	}
}
