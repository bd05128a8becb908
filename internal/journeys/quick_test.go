package journeys

import (
	"net/http"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Cases that a journey finds when it begins: handed in through the portal's own forms, without drawing the pages.

// somebody is an applicant of such a case.
type somebody struct{ mail, name, latin, number, sex, birth string }

var (
	zhang = somebody{"zhang@example.com", "张守义", "ZHANG SHOUYI", "11010519521001006X", "女", "1952-10-01"}
	li    = somebody{"li@example.com", "李长河", "LI CHANGHE", "110105195503020085", "女", "1955-03-02"}
)

// handedIn hands in an individual application for somebody, and returns its ID.
func handedIn(t *testing.T, d *testkit.Desk, who somebody) string {
	t.Helper()
	b := d.Browser()
	b.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", who.mail).Want(200)
	b.Send("/sign-in/code", "code", code(t, d, "code_sign_in", who.mail)).Want(200).Send("/consent", "privacy", "yes", "identity", "yes").Want(200)
	b.Get("/holders/new/person?type=individual").Want(200).Send("/holders/new/person", "name", who.name).Want(200).Send("/apply/individual").Want(200)
	return through(t, b, who)
}

// through goes from the first page of a draft to its end, and returns its ID.
func through(t *testing.T, b *testkit.Browser, who somebody) string {
	t.Helper()
	answers := individual.Example()
	answers["name"], answers["latin_name"], answers["resident_id"] = who.name, who.latin, who.number
	id, all := strings.Split(b.Path, "/")[2], cards(who.name, who.number, who.sex, who.birth, answers["address"])
	for range 40 {
		path, _, _ := strings.Cut(strings.TrimPrefix(b.Path, "/applications/"+id), "?")
		switch {
		case strings.HasPrefix(path, "/q/"):
			b.Send(path, pairs(answers)...).Want(200)
		case strings.HasPrefix(path, "/slot/"):
			if raw := all[strings.TrimPrefix(path, "/slot/")]; raw != nil {
				b.Upload(path, "paper.jpg", raw).Want(200)
			}
			b.Upload(path, "", nil, "go", "next").Want(200)
		default:
			b.Send("/submit", "declared", "yes").Want(200).Has("R-20")
			return id
		}
	}
	t.Fatalf("stuck at %s", b.Path)
	return ""
}

func pairs(answers map[string]string) (list []string) {
	for k, v := range answers {
		if v == check.Long {
			list = append(list, "q."+k+".long", "yes")
		} else {
			list = append(list, "q."+k, v)
		}
	}
	return list
}

// certified hands in an application and has it passed.
func certified(t *testing.T, d *testkit.Desk, reviewer string, who somebody) string {
	t.Helper()
	id, r := handedIn(t, d, who), d.Browser()
	r.Call("POST", "/api/desk/sign-in", map[string]string{"email": reviewer, "password": testkit.Password}, nil).Want(http.StatusOK)
	var c struct{ Checklist []struct{ ID string } }
	r.Call("GET", "/api/desk/applications/"+id, nil, &c).Want(http.StatusOK)
	for _, i := range c.Checklist {
		r.Call("POST", "/api/desk/applications/"+id+"/verdict", map[string]any{"item": i.ID, "value": "ok"}, nil).Want(http.StatusOK)
	}
	r.Call("POST", "/api/desk/applications/"+id+"/decide", map[string]any{"outcome": "passed"}, nil).Want(http.StatusOK)
	return id
}

// holderOf is the only holder of the desk.
func holderOf(t *testing.T, d *testkit.Desk) string {
	t.Helper()
	h, err := records.Find[*records.Holder](d.App.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return h.ID
}
