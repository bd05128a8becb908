package hooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/hostile/corpus"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
)

// Bad input gets a sentence that says what to do, in the reader's language, and loses nothing.

var languages = map[string]string{"zh-Hans": "zh-CN", "en": "en-GB"}

// drafting signs somebody up and opens a draft.
func drafting(t *testing.T, d *testkit.Desk, mail string) (*testkit.Browser, string) {
	t.Helper()
	b := d.Browser()
	signUp(t, d, b, mail)
	b.Get("/holders/new/person?type=individual").Want(200).Send("/holders/new/person", "name", "王秀英").Want(200).Send("/apply/individual").Want(200)
	m := applicationPath.FindStringSubmatch(b.Path)
	if m == nil {
		t.Fatalf("no draft at %s:\n%s", b.Path, b.Text())
	}
	return b, m[1]
}

func TestWrongAnswers(t *testing.T) {
	d := testkit.Open(t)
	b, id := drafting(t, d, "answers@example.com")
	q := "/applications/" + id + "/q/"
	b.Get(q+"name").Send("/q/name", "q.name", "王秀英").Want(200)
	for _, tc := range []struct {
		page   string
		fields []string
		zh, en string
	}{
		{"resident_id", []string{"q.resident_id", "110105194912310021"}, "号码对不上。请对照身份证，一位一位再看。", "The number does not fit."},
		{"resident_id", []string{"q.resident_id", "11010519491231002"}, "身份证号码是 18 位。", "The number has 18 characters."},
		{"resident_id", []string{"q.resident_id", "110105194913310024"}, "号码中间的出生日期对不上。", "The birth date in the middle of the number does not fit."},
		{"resident_id", []string{"q.resident_id", ""}, "这里还没有填。", "Nothing is filled in here yet."},
		{"name", []string{"q.name", "W4ng"}, "名字请用汉字填写", "Please write the name in Chinese characters"},
		{"card_until", []string{"q.card_until.year", "2020", "q.card_until.month", "1", "q.card_until.day", "31"}, "", ""},
		{"card_until", []string{"q.card_until.year", "2031", "q.card_until.month", "2", "q.card_until.day", "30"}, "", ""},
		{"card_until", []string{"q.card_until.year", "二〇", "q.card_until.month", "x", "q.card_until.day", "0"}, "", ""},
		{"phone", []string{"q.phone", "12"}, "", ""},
		{"address", []string{"q.address", strings.Repeat("长", 121)}, "", ""},
	} {
		for lang, accept := range languages {
			b.Header.Set("Accept-Language", accept)
			b.Get(q+tc.page).Want(200).Send("/q/"+tc.page, tc.fields...)
			if !strings.HasPrefix(b.Path, q+tc.page) {
				t.Errorf("%s %v: went on to %s", tc.page, tc.fields, b.Path)
				continue
			}
			said := map[string]string{"zh-Hans": tc.zh, "en": tc.en}[lang]
			if !strings.Contains(b.Body, `class="err`) && !strings.Contains(b.Body, "error") || !strings.Contains(b.Text(), said) {
				t.Errorf("%s %v in %s says nothing at the field, want %q:\n%s", tc.page, tc.fields, lang, said, b.Text())
			}
			if v := tc.fields[1]; v != "" && !strings.Contains(b.Body, `value="`+v+`"`) && !strings.Contains(b.Body, ">"+v+"<") {
				t.Errorf("%s: what was typed is gone: %q", tc.page, v)
			}
		}
	}
	b.Get(q + "name").Want(200)
	if !strings.Contains(b.Body, "王秀英") {
		t.Error("the answer that was there is gone")
	}
	b.Get("/applications/" + id + "/q/no_such_page")
	if b.Status != 200 || strings.Contains(b.Path, "no_such_page") {
		t.Errorf("a page that is not there leads to %d %s", b.Status, b.Path)
	}
	b.Send("/q/", "q.unknown", "x")
	if b.Status >= 500 {
		t.Errorf("an unknown field answers %d", b.Status)
	}
}

func TestBadJSON(t *testing.T) {
	d := testkit.Open(t)
	id := d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := signInStaff(t, d, "chen@example.com")
	path := "/api/desk/staff/" + id + "/set-absence"
	huge := `{"from":"` + strings.Repeat("x", 1<<20) + `"}`
	for name, tc := range map[string]struct {
		body, code string
		status     int
	}{
		"an unknown field":   {`{"from":"","until":"","because":"x"}`, "body_wrong", 422},
		"a wrong kind":       {`{"from":5}`, "body_wrong", 422},
		"two objects":        {`{"from":""}{"from":""}`, "body_wrong", 422},
		"no JSON":            {`from=x`, "body_wrong", 422},
		"cut off":            {`{"from":"2026`, "body_wrong", 422},
		"a list":             {`[]`, "body_wrong", 422},
		"more than 1 MiB":    {huge, "body_too_large", 422},
		"an impossible date": {`{"from":"2026-02-30","until":"2026-03-01"}`, "absence_wrong", 422},
		"deep":               {strings.Repeat("[", 100_000), "body_wrong", 422},
		"as it should be":    {`{"from":"","until":""}`, "", 200},
	} {
		for lang, accept := range languages {
			r := raw(t, b, "POST", path, "application/json", tc.body, map[string]string{"Sec-Fetch-Site": "same-origin", "Accept-Language": accept})
			var e struct{ Code, Message string }
			if err := json.Unmarshal([]byte(r.body), &e); err != nil || r.StatusCode != tc.status || e.Code != tc.code {
				t.Errorf("%s answers %d %.200s, want %d %s (%v)", name, r.StatusCode, r.body, tc.status, tc.code, err)
			}
			if e.Code != "" && (e.Message == "" || e.Message == e.Code || strings.Contains(e.Message, "error.") || (lang == "en") == hasHan(e.Message)) {
				t.Errorf("%s in %s says %q", name, lang, e.Message)
			}
		}
	}
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

// The same form twice, the back button and two tabs make one application.
func TestOnceOnly(t *testing.T) {
	d := testkit.Open(t)
	b, id := drafting(t, d, "twice@example.com")
	count := func(where dbx.Expression) int {
		t.Helper()
		n, err := records.Count(d.App.DB(), "applications", where)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	b.Get("/apply/individual").Want(200)
	holder := between(t, b.Body, `name="holder" value="`, `"`)
	key := between(t, b.Body, `name="key" value="`, `"`)
	same := url.Values{"holder": {holder}, "key": {key}}.Encode()
	ours := map[string]string{"Sec-Fetch-Site": "same-origin"}
	one, two := raw(t, b, "POST", "/apply/individual", form, same, ours), raw(t, b, "POST", "/apply/individual", form, same, ours)
	other := raw(t, b, "POST", "/apply/individual", form, url.Values{"holder": {holder}, "key": {"another tab"}}.Encode(), ours)
	for _, r := range []reply{one, two, other} {
		if r.StatusCode != 303 || r.Header.Get("Location") != "/applications/"+id {
			t.Errorf("starting again answers %d %s", r.StatusCode, r.Header.Get("Location"))
		}
	}
	if n := count(nil); n != 1 {
		t.Fatalf("%d applications", n)
	}
	// Two tabs on one draft: the later answer stands, nothing is lost, and the picture sent twice is one document.
	tab := &testkit.Browser{T: t, Base: d.URL, Client: b.Client, Header: b.Header}
	b.Get("/applications/" + id + "/q/name").Want(200)
	tab.Get("/applications/" + id + "/q/name").Want(200)
	b.Send("/q/name", "q.name", "王秀英").Want(200)
	tab.Send("/q/name", "q.name", "王秀兰").Want(200)
	b.Get("/applications/" + id + "/q/name").Want(200)
	if !strings.Contains(b.Body, "王秀兰") {
		t.Error("the later answer does not stand")
	}
	picture := specimen.IDFront("王秀兰", "11010519491231002X", "女", "1949-12-31", "北京")
	for range 2 {
		b.Get("/applications/"+id+"/slot/id_front").Want(200).Upload("/slot/id_front", "a.jpg", picture).Want(200)
	}
	docs, err := records.Documents(d.App.DB(), id)
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
}

// Handing in twice, by double click, back button or with the same key later, is one case and one answer.
func TestSubmitTwice(t *testing.T) {
	d := testkit.Open(t)
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	b := d.Browser()
	signUp(t, d, b, "submit@example.com")
	id := apply(t, d, b, nil)
	ours := map[string]string{"Sec-Fetch-Site": "same-origin"}
	for range 2 {
		r := raw(t, b, "POST", "/applications/"+id+"/submit", form, "declared=yes&key=again", ours)
		if r.StatusCode != 303 || r.Header.Get("Location") != "/applications/"+id+"/submitted" {
			t.Errorf("handing in again answers %d %s", r.StatusCode, r.Header.Get("Location"))
		}
	}
	if n := len(d.Messages("submitted")); n != 1 {
		t.Errorf("%d messages say that it arrived", n)
	}
	for _, path := range []string{"/q/name", "/check", "/slot/id_front"} { // the back button
		if b.Get("/applications/" + id + path); b.Status >= 500 || b.Status == 200 && strings.HasSuffix(b.Path, path) {
			t.Errorf("after handing in %s answers %d at %s", path, b.Status, b.Path)
		}
	}
	if r := raw(t, b, "POST", "/applications/"+id+"/q/name", form, "q.name=%E6%9D%8E%E5%9B%9B", ours); r.StatusCode != 409 {
		t.Errorf("changing what is handed in answers %d", r.StatusCode)
	}
	t.Run("two reviewers at once", func(t *testing.T) { twoReviewers(t, d, id) })
}

func twoReviewers(t *testing.T, d *testkit.Desk, id string) {
	d.Staff("周组长", "lead@example.com", flow.Lead)
	one, two := signInStaff(t, d, "chen@example.com"), signInStaff(t, d, "lead@example.com")
	path := "/api/desk/applications/" + id
	var p struct{ Rev int64 }
	one.Call("GET", path, nil, &p).Want(200)
	two.Call("GET", path, nil, nil).Want(200)
	send := func(b *testkit.Browser, key, text string) reply {
		raw, err := json.Marshal(map[string]string{"text": text})
		if err != nil {
			t.Fatal(err)
		}
		return rawJSON(t, b, path+"/note", string(raw), map[string]string{"If-Match": fmt.Sprintf(`"%d"`, p.Rev), "Idempotency-Key": key})
	}
	first := send(one, "k1", "先看户口本")
	if first.StatusCode != 200 {
		t.Fatalf("the first note: %d %s", first.StatusCode, first.body)
	}
	if r := send(one, "k1", "先看户口本"); r.StatusCode != 200 || r.body != first.body {
		t.Errorf("the same key answers %d %s, first %s", r.StatusCode, r.body, first.body)
	}
	if r := send(one, "k1", "别的"); r.StatusCode != 422 || !strings.Contains(r.body, "key_reused") {
		t.Errorf("the same key with other words answers %d %s", r.StatusCode, r.body)
	}
	var receipt struct{ Rev int64 }
	if err := json.Unmarshal([]byte(first.body), &receipt); err != nil {
		t.Fatal(err)
	}
	if receipt.Rev == p.Rev { // a note leaves the row alone; a verdict does not
		r := rawJSON(t, one, path+"/declare-conflict", `{"why":"申请人是我的邻居"}`, map[string]string{"If-Match": fmt.Sprint(p.Rev)})
		if r.StatusCode != 200 {
			t.Fatalf("declare a conflict: %d %s", r.StatusCode, r.body)
		}
	}
	r := send(two, "k2", "我也看了")
	var c struct{ Code, By, At, Act, Message string }
	if err := json.Unmarshal([]byte(r.body), &c); err != nil || r.StatusCode != 409 || c.Code != "conflict" || c.By != "陈明" || c.Act == "" || c.At == "" || c.Message == "" {
		t.Errorf("the second one learns %d %s", r.StatusCode, r.body)
	}
}

func rawJSON(t *testing.T, b *testkit.Browser, path, body string, header map[string]string) reply {
	t.Helper()
	header["Sec-Fetch-Site"] = "same-origin"
	return raw(t, b, "POST", path, "application/json", body, header)
}

// Files that cannot be taken are refused with the reason and what to do, in both languages, and the draft stays.
func TestBadFiles(t *testing.T) {
	d := testkit.Open(t)
	b, id := drafting(t, d, "files@example.com")
	slot := "/applications/" + id + "/slot/household"
	photo := specimen.IDFront("王秀英", "11010519491231002X", "女", "1949-12-31", "北京")
	b.Get(slot).Want(200).Upload("/slot/household", "good.jpg", photo).Want(200)
	for _, tc := range []struct {
		what, name string
		data       []byte
		zh, en     string
	}{
		{"heic", "a.heic", append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 400)...), "这是 HEIC 照片，用不了。", "This is an HEIC photo."},
		{"webp", "a.webp", append([]byte("RIFF\x24\x00\x00\x00WEBPVP8 "), make([]byte, 100)...), "这是 WebP 图片，用不了。", "This is a WebP picture."},
		{"ofd", "a.ofd", corpus.Archive("OFD.xml", "Doc_0/Document.xml"), "这是 OFD 文件，用不了。", "This is an OFD file."},
		{"gif", "a.gif", append([]byte("GIF89a\x01\x00\x01\x00"), make([]byte, 100)...), "这是 GIF 图片，用不了。", "This is a GIF picture."},
		{"a renamed program", "a.jpg", append([]byte("MZ\x90\x00\x03\x00\x00\x00"), make([]byte, 500)...), "这种文件用不了。", "This kind of file cannot be used."},
		{"a picture named as a program", "a.exe", photo, "这个文件的内容和名字对不上，没有收。", "The file is not what its name says"},
		{"cut off", "a.jpg", photo[:len(photo)*2/3], "文件不完整", "The file is cut off."},
		{"a PDF with a password", "a.pdf", corpus.PDFLocked("secret", ""), "这个 PDF 有密码，打不开。", "This PDF has a password."},
		{"a PDF with a script", "a.pdf", corpus.PDFWith("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "这个 PDF 里有程序", "This PDF contains a program"},
		{"nothing known", "a.xyz", bytes.Repeat([]byte{7, 3, 9}, 300), "这种文件用不了。", "This kind of file cannot be used."},
		{"11 MB", "a.jpg", append(bytes.Clone(photo), make([]byte, 11<<20)...), "每个最多 10 MB", "at most 10 MB"},
		{"20 MB", "a.jpg", append(bytes.Clone(photo), make([]byte, 20<<20)...), "每个最多 10 MB", "at most 10 MB"},
	} {
		for lang, accept := range languages {
			b.Header.Set("Accept-Language", accept)
			b.Get(slot).Want(200).Upload("/slot/household", tc.name, tc.data)
			said := map[string]string{"zh-Hans": tc.zh, "en": tc.en}[lang]
			if b.Status != 422 || b.Path != slot || !strings.Contains(b.Text(), said) {
				t.Errorf("%s in %s answers %d at %s, want %q:\n%s", tc.what, lang, b.Status, b.Path, said, b.Text())
			}
		}
	}
	docs, err := records.Documents(d.App.DB(), id)
	if err != nil || len(docs) != 1 {
		t.Fatalf("the draft has %d documents, %v", len(docs), err)
	}
	b.Get(slot).Want(200).Has("good.jpg")
	t.Run("more than is taken off the line", func(t *testing.T) { tooMuch(t, b, slot) })
	t.Run("without origin", func(t *testing.T) { uploadWithToken(t, d, b, id, photo) })
}

// tooMuch sends what nobody reads to its end: the answer comes, or the line breaks, but nothing is stored.
func tooMuch(t *testing.T, b *testkit.Browser, slot string) {
	body, pipe := io.Pipe()
	w := multipart.NewWriter(pipe)
	go func() {
		part, err := w.CreateFormFile("file", "a.jpg")
		for n := 0; err == nil && n < 45; n++ {
			_, err = part.Write(make([]byte, 1<<20))
		}
		w.Close()
		pipe.CloseWithError(err)
	}()
	req, err := http.NewRequest("POST", b.Base+slot, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := b.Client.Do(req)
	if err != nil {
		return // the line was cut at 40 MB
	}
	defer res.Body.Close()
	if res.StatusCode != 413 && res.StatusCode != 422 {
		t.Errorf("45 MB answer %d", res.StatusCode)
	}
}

// uploadWithToken is a browser that says neither Origin nor Sec-Fetch-Site: the form's token counts.
func uploadWithToken(t *testing.T, d *testkit.Desk, b *testkit.Browser, id string, photo []byte) {
	b.Header.Del("Sec-Fetch-Site")
	defer b.Header.Set("Sec-Fetch-Site", "same-origin")
	before := b.Get("/applications/" + id + "/slot/id_front").Want(200)
	before.Upload("/slot/id_front", "old.jpg", photo, "token", "forged").Want(403)
	b.Get("/applications/"+id+"/slot/id_front").Want(200).Upload("/slot/id_front", "old.jpg", photo).Want(200)
	docs, err := records.Documents(d.App.DB(), id)
	if err != nil || len(docs) != 2 {
		t.Errorf("%d documents, %v", len(docs), err)
	}
}

// Unknown paths: JSON for programs, a page for people in their language.
func TestUnknownPaths(t *testing.T) {
	d := testkit.Open(t)
	b := d.Browser()
	for _, path := range []string{"/api/nowhere", "/api/", "/api/desk", "/api/desk/nowhere", "/api/collections/staff/records", "/api/desk/queue/x"} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
			r := raw(t, b, method, path, "application/json", "", map[string]string{"Accept-Language": "en"})
			var e struct{ Code, Message string }
			if err := json.Unmarshal([]byte(r.body), &e); r.StatusCode != 404 || err != nil || e.Code != "not_found" || e.Message == "" || hasHan(e.Message) {
				t.Errorf("%s %s answers %d %s", method, path, r.StatusCode, r.body)
			}
		}
	}
	for _, path := range []string{"/nowhere", "/applications", "/types/none", "/ui/none.js", "/v", "/sign-in/none", "/index.php", "/%E8%AF%81%E4%B9%A6", "/lang/fr"} {
		for accept, says := range map[string]string{"zh-CN": "找不到这一页", "en": "Page not found"} {
			r := raw(t, b, "GET", path, "", "", map[string]string{"Accept-Language": accept})
			if strings.HasPrefix(path, "/ui/") && r.StatusCode == 404 {
				continue
			}
			if r.StatusCode != 404 || !strings.Contains(r.Header.Get("Content-Type"), "text/html") || (accept == "zh-CN") != strings.Contains(r.body, says) && accept == "zh-CN" ||
				accept == "en" && !strings.Contains(r.body, `lang="en"`) {
				t.Errorf("%s in %s answers %d %s: %.300s", path, accept, r.StatusCode, r.Header.Get("Content-Type"), r.body)
			}
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		if r := raw(t, b, method, "/types", form, "", map[string]string{"Sec-Fetch-Site": "same-origin"}); r.StatusCode != 404 {
			t.Errorf("%s /types answers %d", method, r.StatusCode)
		}
	}
	for _, next := range []string{"https://evil.example.com", "//evil.example.com", `/\evil.example.com`, "javascript:alert(1)", "/%09/evil.example.com"} {
		r := raw(t, b, "GET", "/lang/en?back="+url.QueryEscape(next), "", "", nil)
		if to := r.Header.Get("Location"); strings.Contains(to, "evil") && !strings.HasPrefix(to, "/%09") || strings.Contains(to, "javascript") {
			t.Errorf("back to %q leads to %q", next, to)
		}
	}
}

// A session that ends in mid-work: signing in again leads back, and the draft is as it was.
func TestSessionEndsInMidWork(t *testing.T) {
	d := testkit.Open(t)
	b, id := drafting(t, d, "midwork@example.com")
	page := "/applications/" + id + "/q/address"
	b.Get(page).Want(200)
	d.Clock.Move(31 * 24 * time.Hour)
	b.Send("/q/address", "q.address", "北京市朝阳区").Want(200)
	if !strings.HasPrefix(b.Path, "/sign-in") {
		t.Fatalf("led to %s", b.Path)
	}
	signInAgain(t, d, b, "midwork@example.com", true)
	b.Get(page).Want(200)
}
