package command_test

import (
	"strconv"
	"testing"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// A kept page is gone when the act that changed it answers; one read before the act is not kept after it; others stay.
func TestPagesAreForgotten(t *testing.T) {
	w := open(t)
	k := load[*records.Certificate](w, w.plant(flow.NounCertificate, flow.Valid))
	other := load[*records.Certificate](w, w.plant(flow.NounCertificate, flow.Valid))
	d := w.Desk.Desk
	is := func(what, name string, want string) {
		t.Helper()
		if body, _ := d.Page(name); string(body) != want {
			t.Errorf("%s: %s is %q, want %q", what, name, body, want)
		}
	}
	keep := func(name string, about *records.Certificate) {
		_, drops := d.Page(name)
		d.KeepPage(name, drops, about, []byte(name))
	}
	keep("k", k)
	keep("other", other)
	is("kept", "k", "k")
	_, before := d.Page("late")
	must(w, command.Of(w.lead), command.Revoke, k.ID, command.Reasoned{Reason: "资料不实"})
	is("revoked", "k", "")
	is("revoked", "other", "other")
	d.KeepPage("late", before, k, []byte("late"))
	is("read before the act", "late", "")
	must(w, command.Of(w.manager), command.Adjust, records.DeskID, w.settings())
	is("the desk changed", "other", "")
	for i := range 1001 {
		keep(strconv.Itoa(i), k)
	}
	is("more than are kept", "0", "")
	is("the last", "1000", "1000")
}
