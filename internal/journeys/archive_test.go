package journeys

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sheet"
	"github.com/certdesk/certdesk/internal/testkit"
)

// registerHead are the columns of a register that somebody kept until now; none is called as this desk calls it.
const registerHead = "号,哪一种,谁,证号,从哪天,到哪天\n"

// (9) A manager takes over a register: a file with faults is named line by line and leaves nothing, a right one is tried, then taken.
// A lead takes the register away as XLSX and CSV, and a case as a ZIP. A holder is erased on request: not while a certificate is
// valid, an appeal is open or a legal hold stands, and the page says which; then case, document and name are gone, the record still
// verifies, and an auditor finds who did it.
func TestArchive(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	d.Staff("钱审计", "audit@example.com", flow.Auditor)
	app := caseRow(t, d, certified(t, d, "chen@example.com", zhang))
	appealed := caseRow(t, d, refusedAndAppealed(t, d, li))

	m := tab(t, d, desktopWide, desktopHigh)
	signIn(t, m, "manager@example.com")
	imported(t, m)
	guest := tab(t, d, narrowWide, narrowHigh)
	guest.Go("/verify?number=bj-2019-0042").Has("从以前的登记册接收").Has("BJ-2019-0042")
	portal(t, guest)
	shot(t, guest, "imported")

	l := tab(t, d, desktopWide, desktopHigh)
	signIn(t, l, "lead@example.com")
	exported(t, l)
	caseFiled(t, d, l, app)

	c, err := records.Find[*records.Certificate](d.App.DB(), dbx.HashExp{"application": app.ID})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := records.Documents(d.App.DB(), app.ID)
	if err != nil || len(docs) == 0 {
		t.Fatalf("%d documents: %v", len(docs), err)
	}
	erased(t, m, l, app, appealed, c)

	l.Go("/_/#/desk/case/" + app.ID).Has("谁也恢复不了").Has(app.Ref)
	if said := l.Text(); strings.Contains(said, zhang.name) || strings.Contains(said, zhang.number) || l.Sees(".desk-canvas img") {
		t.Errorf("the case still says whose it was:\n%s", said)
	}
	desk(t, l)
	shot(t, l, "case gone")
	l.Expect("status of 404")
	l.Expect("status of 422")
	for _, path := range []string{"/documents/" + docs[0].ID + "/1", "/file"} {
		if status, err := status(l, "/api/desk/applications/"+app.ID+path); err != nil || status < 400 || status >= 500 {
			t.Errorf("%s answers %d after the erasure: %v", path, status, err)
		}
	}
	guest.Go("/v/" + c.Code).Has("撤销").Has(c.Number).Has("资料已经按规定删除")
	if strings.Contains(guest.Text(), flow.MaskName(zhang.name)) {
		t.Errorf("the public page still knows whose certificate it was:\n%s", guest.Text())
	}
	portal(t, guest)
	shot(t, guest, "public")

	a := tab(t, d, desktopWide, desktopHigh)
	signIn(t, a, "audit@example.com")
	a.Go("/_/#/desk/record/any?act=erase")
	a.Until("the search for erasures", "[...document.querySelectorAll('.desk-ask select')].some((e) => e.value === 'erase')")
	a.Click(".desk-ask button.btn", "查")
	a.Until("who erased", "[...document.querySelectorAll('.desk-archive tbody tr')].some((r) => r.innerText.includes('林经理') && r.innerText.includes('删除'))")
	desk(t, a)
	shot(t, a, "who erased")
	a.Click(".desk-verify button")
	a.Until("that the record is whole", "!!document.querySelector('.desk-verified:not(.broken)')")
	desk(t, a)
	record(t, d)
}

// refusedAndAppealed is a case that was refused and waits for somebody to decide on the appeal.
func refusedAndAppealed(t *testing.T, d *testkit.Desk, who somebody) string {
	t.Helper()
	id, r, p := handedIn(t, d, who), d.Browser(), d.Browser()
	r.Call("POST", "/api/desk/sign-in", map[string]string{"email": "chen@example.com", "password": testkit.Password}, nil).Want(200)
	r.Call("POST", "/api/desk/applications/"+id+"/decide", map[string]any{"outcome": "not_passed", "reasons": []string{"number_not_found"}}, nil).Want(200)
	p.Get("/sign-in/email").Want(200).Send("/sign-in/email", "contact", who.mail).Want(200)
	p.Send("/sign-in/code", "code", code(t, d, "code_sign_in", who.mail)).Want(200)
	p.Get("/applications/"+id+"/appeal").Want(200).Upload("/appeal", "", nil, "text", "号码是对的。").Want(200)
	return id
}

// imported takes a register over: what the columns hold is said by hand, faults are mended in the file.
func imported(t *testing.T, m *Tab) {
	t.Helper()
	file := func(name, lines string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(registerHead+lines), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	check := func(path string) {
		m.Files(".desk-archive input[type=file]", path).Click(".desk-archive form.desk-ask button.btn")
		m.Until("the columns", "document.querySelectorAll('.desk-archive table select').length === 6")
	}
	m.Go("/_/#/desk/record/import")
	m.Until("the form", "!!document.querySelector('.desk-archive input[type=file]')")
	desk(t, m)
	check(file("faults.csv", "BJ-2019-0042,individual,李样本,110105194912310021,2025-02-30,2099-12-31\nBJ-2019-0043,车辆,张样本,,2025-01-01,2099-12-31\nBJ-2019-0044,individual,=1+1,,2025-01-01,2099-12-31\nBJ-2019-0045,individual,陈样本,,2025-01-01,2099-12-31\n"))
	m.Has("还缺必需的一列")
	desk(t, m)
	shot(t, m, "columns")
	for i, holds := range []string{"number", "type", "name", "id_number", "valid_from", "expires_on"} {
		choose(m, ".desk-archive tbody tr:nth-child("+string(rune('1'+i))+") select", holds)
	}
	m.Click(".desk-row-acts button", "重新检查")
	m.Has("4 行中有 3 行有问题")
	faults, err := JS[[]string](m, "[...document.querySelectorAll('.desk-archive section:last-child tbody tr, .desk-archive tbody tr')].filter((r) => !r.querySelector('select') && r.cells.length === 3).map((r) => r.cells[0].innerText.trim() + ' ' + r.cells[1].innerText.trim())")
	want := []string{"2 证件号码或信用代码", "2 生效日期（必需）", "3 认证类型", "4 姓名或名称（必需）"}
	slices.Sort(faults)
	if slices.Sort(want); err != nil || !slices.Equal(slices.Compact(faults), want) {
		t.Errorf("the page names %q, want %q: %v", faults, want, err)
	}
	if m.Sees("button", "接收") {
		t.Error("a register with faults can be taken over")
	}
	desk(t, m)
	dark(t, m, deskContrast)
	shot(t, m, "faults")

	check(file("right.csv", "BJ-2019-0042,individual,李样本,11010519491231002X,2025-01-01,2099-12-31\nBJ-2019-0043,institutional,'=1+1养老院,,2025-01-01,2099-12-31\n"))
	for i, holds := range []string{"number", "type", "name", "id_number", "valid_from", "expires_on"} {
		choose(m, ".desk-archive tbody tr:nth-child("+string(rune('1'+i))+") select", holds)
	}
	m.Click(".desk-row-acts button", "重新检查")
	m.Has("2 行都没有问题").Has("还没有接收过")
	desk(t, m)
	shot(t, m, "tried")
	m.Click(".desk-row-acts button", "接收 2 行").Until("the question", "!!document.querySelector('.desk-panel [data-send]')")
	desk(t, m)
	m.Click(".desk-panel [data-send]")
	m.Until("the register among those taken over", "!document.querySelector('.desk-panel') && [...document.querySelectorAll('.desk-archive td')].some((e) => e.textContent === 'right.csv')")
	desk(t, m)
	shot(t, m, "taken over")
}

// choose chooses from a list, as a hand at the keyboard does.
func choose(p *Tab, sel, value string) {
	p.T.Helper()
	p.Until(sel, "!!document.querySelector(%s)", sel)
	if got, err := JS[string](p, "(() => { const e = document.querySelector(%s); e.value = %s; e.dispatchEvent(new Event('change', { bubbles: true })); return e.value; })()", sel, value); err != nil || got != value {
		p.T.Fatalf("%s: %s has %q, not %q: %v", p.Path(), sel, got, value, err)
	}
}

// exported takes the register away as CSV and as XLSX, and reads both as a spreadsheet does.
func exported(t *testing.T, l *Tab) {
	t.Helper()
	l.Go("/_/#/desk/record/register")
	l.Until("the register", "document.querySelectorAll('.desk-narrow .desk-row-acts button').length === 2")
	desk(t, l)
	shot(t, l, "register")
	raw := l.Download(".desk-narrow .desk-row-acts button", "CSV")
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatalf("the CSV: %v", err)
	}
	has := func(kind string, rows [][]string, cells ...string) {
		t.Helper()
		for _, cell := range cells {
			if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Contains(r, cell) }) {
				t.Errorf("no cell %q in the %s: %q", cell, kind, rows)
			}
		}
	}
	has("CSV", rows, "BJ-2019-0042", "李样本", zhang.number, "'=1+1养老院")

	raw = l.Download(".desk-narrow .desk-row-acts button", "Excel")
	if inside := testkit.Unzip(t, raw)["xl/worksheets/sheet1.xml"]; strings.Contains(inside, "<f") || strings.Contains(inside, "<v>") || !strings.Contains(inside, zhang.number) {
		t.Errorf("a cell of the XLSX is not text:\n%s", inside)
	}
	var cells [][]string
	err = sheet.Read(raw, sheet.Limits{Rows: 10, Columns: 20, Cell: 200, Bytes: 1 << 20}, func(_ int, line []sheet.Cell) error {
		var row []string
		for _, c := range line {
			row = append(row, c.Text)
		}
		cells = append(cells, row)
		return nil
	})
	if err != nil {
		t.Errorf("the XLSX: %v", err)
	}
	has("XLSX", cells, "BJ-2019-0043", "11010519491231002X", zhang.number, "=1+1养老院")
}

// caseFiled finds a case by the holder's name and takes its file away: originals, a paper that can be read, a digest for each.
func caseFiled(t *testing.T, d *testkit.Desk, l *Tab, app *records.Application) {
	t.Helper()
	l.Go("/_/#/desk/record/case_file")
	l.Type(".desk-archive form input", zhang.name).Click(".desk-archive form button.btn")
	l.Until("the case", "[...document.querySelectorAll('.desk-archive td')].some((e) => e.textContent.includes(%s))", app.Ref)
	desk(t, l)
	shot(t, l, "case file")
	all := testkit.Unzip(t, l.Download(".desk-archive tbody button"))
	for _, line := range strings.Split(strings.TrimSpace(all[app.Ref+"/SHA256SUMS"]), "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		text, had := all[app.Ref+"/"+name]
		if got := sha256.Sum256([]byte(text)); !had || hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not what the manifest says", name)
		}
		delete(all, app.Ref+"/"+name)
	}
	if len(all) != 1 {
		t.Errorf("files without a digest: %d", len(all)-1)
	}
}

// erased erases a holder on request, once nothing stands against it; until then the page says what does.
func erased(t *testing.T, m, l *Tab, app, appealed *records.Application, c *records.Certificate) {
	t.Helper()
	m.Go("/_/#/desk/record/retention")
	m.Until("the plan", "!!document.querySelector('.desk-archive form.desk-ask + [aria-live]') && !document.querySelector('.desk-archive input[type=file]')")
	ask := func(ref, says string, may bool) {
		t.Helper()
		m.Type(".desk-archive form.desk-ask input", ref).Click(".desk-archive form button.btn")
		m.Until(says, "(() => { const e = document.querySelector('.desk-archive form.desk-ask + [aria-live]'); return e.innerText.includes(%s) && e.innerText.includes(%s) && [...e.querySelectorAll('button.danger')].some((b) => b.innerText.includes('删除此人的全部资料')) === %s; })()", ref, says, may)
	}
	ask(appealed.Ref, "还没有办完", false)
	desk(t, m)
	shot(t, m, "appeal open")
	ask(app.Ref, "还有有效或暂停的证书", false)
	desk(t, m)
	shot(t, m, "certificate valid")

	l.Go("/_/#/desk/certificates/" + c.ID)
	l.Click("button.danger", "撤销").Type(".desk-panel textarea", "本人要求").Click(".desk-panel [data-send]")
	l.Until("the panel to close", "!document.querySelector('.desk-panel')")
	ask(app.Ref, "已通过", true)
	m.Click(".desk-archive form.desk-ask + [aria-live] button", "依法保留").Type(".desk-panel textarea", "法院要求").Click(".desk-panel [data-send]")
	m.Until("that it is held", "!document.querySelector('.desk-panel') && document.querySelector('.desk-archive form.desk-ask + [aria-live]').innerText.includes('依法保留，不能删除')")
	ask(app.Ref, "依法保留，不能删除", false)
	desk(t, m)
	shot(t, m, "legal hold")
	m.Click(".desk-archive form.desk-ask + [aria-live] button", "解除").Type(".desk-panel textarea", "法院不再要求").Click(".desk-panel [data-send]")
	m.Until("the button to erase", "!document.querySelector('.desk-panel') && [...document.querySelectorAll('.desk-archive button.danger')].some((e) => e.innerText.includes('删除此人的全部资料'))")
	m.Click(".desk-archive button.danger", "删除此人的全部资料")
	choose(m, ".desk-panel select", "asked_holder")
	desk(t, m)
	shot(t, m, "erase")
	m.Click(".desk-panel [data-send]")
	m.Until("that it is done", "!document.querySelector('.desk-panel') && (document.querySelector('.desk-archive form.desk-ask + [aria-live]')?.innerText ?? '').includes('已删除')")
	desk(t, m)
	shot(t, m, "erased")
}

// status is what a path answers in the session of a tab.
func status(p *Tab, path string) (int, error) {
	return JS[int](p, "(() => { const r = new XMLHttpRequest(); r.open('GET', %s, false); r.send(); return r.status; })()", path)
}
