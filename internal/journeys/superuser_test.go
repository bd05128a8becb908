package journeys

import (
	"regexp"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/testkit"
)

const rootMail = "root@example.com"

var operationsCode = regexp.MustCompile(`\b\d{8}\b`) // PocketBase sends eight digits

// superuser makes one as `certdesk superuser create` does.
func superuser(t *testing.T, d *testkit.Desk) {
	t.Helper()
	c, err := d.App.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	row := core.NewRecord(c)
	row.SetEmail(rootMail)
	row.SetPassword(testkit.Password)
	if err := d.App.Save(row); err != nil {
		t.Fatal(err)
	}
}

// operations brings a superuser in: password, then the code that a real mail server received.
func operations(t *testing.T, p *Tab, box *testkit.Postbox) {
	t.Helper()
	p.Expect("status of 401") // PocketBase's answer to the right password: the second step is due
	p.Go("/_/")
	p.Until("the sign-in form", "!!document.querySelector('#desk-email')")
	p.Click("a[href='#/login?superuser=1']")
	p.Until("the form of operations", "location.hash.includes('superuser=1') && !!document.querySelector('#desk-email')")
	desk(t, p)
	p.Type("#desk-email", rootMail).Type("#desk-password", testkit.Password).Click("form.desk-form button.btn")
	p.Until("the second step", "!!document.querySelector('#desk-digits')")
	desk(t, p)
	p.Type("#desk-digits", operationsCode.FindString(box.Wait(t, rootMail, "").Text)).Click("form.desk-form button.btn")
}

// A superuser signs in with password and mailed code, and finds words in place of the sealed collections, the logs, and
// what of the settings may be changed; a wrong code and a page that is sealed lead nowhere.
func TestSuperuser(t *testing.T) {
	box := testkit.OpenPostbox(t)
	d := testkit.Open(t, box.Mailed)
	superuser(t, d)
	p := tab(t, d, desktopWide, desktopHigh)
	operations(t, p, box)
	p.At("#/sealed").Has("办案数据已封存").Has("--maintenance").Has(rootMail)
	desk(t, p)
	p.Go("/_/#/collections?collection=staff").At("#/sealed")
	p.Go("/_/#/desk/queue").At("#/sealed")
	p.Go("/_/#/settings/backups").At("#/sealed")
	p.Click("a[href='#/logs']").At("#/logs")
	p.Until("the logs", "!!document.querySelector('.page-content, .logs-chart-container') && !document.querySelector('.toast.error, .toast-danger')")
	p.Click("a[href='#/settings']").At("#/settings")
	p.Until("the settings that are not sealed", "[...document.querySelectorAll('.settings-sidebar a.nav-item')].map((a) => a.hash).join() === '#/settings,#/settings/crons'")
	p.Click(".logged-user").Click(".dropdown-item-manage").At("#/sealed")
	p.Go("/lang/en").Go("/_/")
	p.Has("Sealed: use the desk, or start with --maintenance.")
	desk(t, p)
	dark(t, p, deskContrast)
}
