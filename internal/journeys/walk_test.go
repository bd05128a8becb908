package journeys

import (
	"bytes"
	"image"
	_ "image/png"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
)

var mailedCode = regexp.MustCompile(`\b\d{6}\b`)

// (1) The whole line: from registration by mail to a certificate that anyone can verify, and its end.
func TestLine(t *testing.T) {
	box := testkit.OpenPostbox(t)
	d := testkit.Open(t, box.Mailed)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("周组长", "lead@example.com", flow.Lead)
	p := tab(t, d, phoneWide, phoneHigh)
	p.Go("/")
	portal(t, p)
	p.Go("/register")
	portal(t, p)
	p.Type("input[name=contact]", "wang@example.com").Type("input[name=password]", "一二三四 yellow tulips").Leave("form[action='/register'] button.btn")
	portal(t, p)
	enter(p, mailedCode.FindString(box.Wait(t, "wang@example.com", "验证码").Text))
	agree(t, p)

	answers := individual.Example()
	p.Go("/types")
	portal(t, p)
	p.Leave("a.card[href='/types/individual']")
	portal(t, p)
	p.Leave("a.btn[href='/apply/individual']")
	portal(t, p)
	p.Leave("a[href*='/holders/new/person']")
	portal(t, p)
	p.Type("input[name=name]", answers["name"]).Leave("main form button.btn")
	begin(t, p)
	fill(t, p, answers, cards(answers["name"], answers["resident_id"], "女", "1949-12-31", answers["address"]))
	id := submit(t, p)
	p.Leave("main a.btn[href='/applications/" + id + "']")
	portal(t, p)

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Has("王秀英")
	desk(t, r)
	r.Click(".desk-queue tbody a.desk-who")
	judge(t, r, "ok")
	pass(t, r)

	if got := box.Wait(t, "wang@example.com", "结果：通过了"); !strings.Contains(got.Text, answers["name"]) {
		t.Errorf("the letter names nobody:\n%s", got.Text)
	}
	box.Wait(t, "wang@example.com", "证书编号 C-")
	p.Go("/applications/" + id)
	portal(t, p)
	p.Leave("a.btn[href*='/certificates/']")
	portal(t, p)
	address := verified(t, p)
	guest := tab(t, d, phoneWide, phoneHigh)
	guest.Go(address).Has("证书有效")
	portal(t, guest)

	lead := tab(t, d, desktopWide, desktopHigh)
	signIn(t, lead, "lead@example.com")
	lead.Click("a[href='#/desk/certificates']").Click(".page-table-wrapper a.desk-who")
	lead.Has("撤销")
	desk(t, lead)
	lead.Click("button.danger", "撤销").Type(".desk-panel textarea", "查实材料是借来的")
	desk(t, lead)
	lead.Click(".desk-panel [data-send]")
	lead.Until("the panel to close", "!document.querySelector('.desk-panel')")
	guest.Go(address).Has("撤销")
	portal(t, guest)
	p.Go(p.Path())
	portal(t, p)
	record(t, d)
}

// begin starts the application for the holder who is there.
func begin(t *testing.T, p *Tab) {
	t.Helper()
	portal(t, p)
	p.Leave("form[action*='/apply/'] button.btn")
}

// judge gives every item of the open case the same verdict, with the mouse.
func judge(t *testing.T, r *Tab, verdict string) {
	t.Helper()
	r.Until("the checklist", "document.querySelectorAll('.desk-item').length > 0")
	r.Until("the document", "[...document.querySelectorAll('.desk-canvas img')].some((i) => i.complete && i.naturalWidth > 100)")
	desk(t, r)
	n, err := JS[int](r, "document.querySelectorAll('.desk-item').length")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		sel := ".desk-item:nth-child(" + string(rune('1'+i)) + ") .v." + verdict
		r.Click(sel)
		r.Until("the verdict to be shown", "document.querySelector(%s).ariaChecked === 'true'", sel)
	}
	desk(t, r)
}

// pass passes the open case.
func pass(t *testing.T, r *Tab) {
	t.Helper()
	r.Click(".desk-pass")
	r.Until("the letter", "(document.querySelector('.desk-letter')?.innerText ?? '').length > 40")
	desk(t, r)
	r.Click(".desk-panel [data-send]")
	r.Until("the next case or the queue", "!document.querySelector('.desk-panel')")
}

// verified reads the address of public verification from the QR code of the certificate that is open, and sees that the
// badge is a picture.
func verified(t *testing.T, p *Tab) string {
	t.Helper()
	p.Until("badge and code to be drawn", "[...document.querySelectorAll('img.badge, img.qr')].filter((i) => i.complete && i.naturalWidth > 0).length >= 2")
	src, err := JS[string](p, "document.querySelector(`a[download]`).href")
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Get(src)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %d: %v", src, res.StatusCode, err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(read.GetText(), p.Base+"/v/") {
		t.Fatalf("the code leads to %s", read.GetText())
	}
	return read.GetText()
}

// record sees that the whole record verifies.
func record(t *testing.T, d *testkit.Desk) {
	t.Helper()
	report, err := d.Desk.Verify(t.Context())
	if err != nil || !report.OK() {
		t.Fatalf("the record does not verify: %+v %v", report, err)
	}
}
