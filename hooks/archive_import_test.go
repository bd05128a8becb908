package hooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// sent posts a register as the desk's page does.
func sent(t *testing.T, b *testkit.Browser, path, name, content string, fields map[string]string) reply {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := form.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	w, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return raw(t, b, "POST", path, form.FormDataContentType(), body.String(), map[string]string{"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN"})
}

type importAnswer struct {
	Columns map[string]int
	Rows    int
	Bad     int
	Good    int
	Wrong   string
	Field   string
	Faults  []flow.ImportFault
	Code    string
	ID      string
}

func importSaid(t *testing.T, r reply) (a importAnswer) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), &a); err != nil {
		t.Fatalf("%d %s: %v", r.StatusCode, r.body, err)
	}
	return a
}

func TestImportOverHTTP(t *testing.T) {
	d := testkit.Open(t)
	manager := signInStaff(t, d, "manager@example.com")
	const try, run = "/api/desk/imports/try", "/api/desk/imports"

	bad := "证书编号,认证类型,姓名,身份证号码,有效期自,有效期至\nA1,pension,李样本,11010519491231002X,2025-01-01,2099-12-31\nA1,pension,李样本,110105194912310021,2025-02-30,2099-12-31\nA2,车辆,=1+1,,2025-01-01,2024-01-01\n"
	a := importSaid(t, sent(t, manager, try, "r.csv", bad, nil))
	var got []string
	for _, f := range a.Faults {
		got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.Field, f.Code))
	}
	if want := "3 number number_twice,3 id_number id_checksum,3 valid_from day_wrong,4 name formula"; strings.Join(got, ",") != want || a.Rows != 3 || a.Bad != 2 || a.Good != 1 {
		t.Errorf("%v, want %s; %+v", got, want, a)
	}
	if r := sent(t, manager, run, "r.csv", bad, nil); r.StatusCode != 409 && r.StatusCode != 422 || !strings.Contains(r.body, "import_faults") {
		t.Errorf("taken over with faults: %d %s", r.StatusCode, r.body)
	}
	if n, err := records.Count(d.App.DB(), "certificates", dbx.NewExp("imported<>''")); err != nil || n != 0 {
		t.Fatalf("%d certificates of a file with faults: %v", n, err)
	}

	odd := "a,b,c,d\nA7,李样本,2025-01-01,2099-12-31\n"
	if a := importSaid(t, sent(t, manager, try, "r.csv", odd, map[string]string{"type": "pension"})); a.Wrong != "import_column_missing" || a.Field != "number" {
		t.Errorf("%+v", a)
	}
	columns := map[string]string{"type": "pension", "columns": `{"number":0,"name":1,"valid_from":2,"expires_on":3}`}
	if a := importSaid(t, sent(t, manager, try, "r.csv", odd, columns)); a.Good != 1 || a.Bad != 0 {
		t.Errorf("%+v", a)
	}
	r := sent(t, manager, run, "r.csv", odd, columns)
	if r.StatusCode != 202 {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	c, err := records.Find[*records.Certificate](d.App.DB(), dbx.HashExp{"number": "A7"})
	if err != nil {
		t.Fatal(err)
	}
	guest := d.Browser()
	guest.Get("/v/" + c.Code).Want(200).Has("从以前的登记册接收").Has("A7")
	guest.Get("/verify?number=ａ7").Want(200).Has("从以前的登记册接收")
	if r := sent(t, manager, run, "r.csv", odd, columns); !strings.Contains(r.body, "import_faults") && !strings.Contains(r.body, "already_imports") {
		t.Errorf("the same file again: %d %s", r.StatusCode, r.body)
	}

	for what, x := range map[string][2]string{
		"nothing":   {"", ""},
		"a picture": {"\x89PNG\r\n\x1a\n\x00\x00", "import_unreadable"},
		"XLS":       {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "import_old"},
		"half":      {"PK\x03\x04half", "import_unreadable"},
		"empty":     {"\n\n", "import_empty"},
		"too large": {strings.Repeat("x", 20<<20+1), "import_too_large"},
		"too long":  {strings.Repeat("x\n", 50_002), "import_too_many"},
		"wide":      {strings.Repeat("x,", 80), "import_too_many"},
		"one cell":  {strings.Repeat("x", 5000), "import_unpacked"},
	} {
		if r := sent(t, manager, try, "r.csv", x[0], nil); r.StatusCode < 400 || r.StatusCode >= 500 || !strings.Contains(r.body, x[1]) {
			t.Errorf("%s: %d %.200s", what, r.StatusCode, r.body)
		}
	}
	d.Staff("周组长", "lead@example.com", flow.Lead)
	if r := sent(t, signInStaff(t, d, "lead@example.com"), try, "r.csv", odd, columns); r.StatusCode != 403 {
		t.Errorf("a lead looks through a register: %d", r.StatusCode)
	}
}
