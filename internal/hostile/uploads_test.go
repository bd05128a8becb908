package hostile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/certdesk/certdesk/internal/hostile/corpus"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/ui"
)

const (
	mayGrow    = 64 << 10 // KiB of memory that the serving process may gain
	perAccount = 95       // uploads: fewer than an account may send in an hour
)

var thumb = regexp.MustCompile(`<img src="(/applications/[a-z0-9]{15}/documents/[a-z0-9]{15}/)1"`)

// TestUploads sends the whole corpus through the form of a slot.
func TestUploads(t *testing.T) {
	files := light(t)
	if len(files) < 200 {
		t.Fatalf("only %d files", len(files))
	}
	p, texts := run(t), must(ui.New())
	first := files[0]
	warm := newSlot(p, texts, 0)
	warm.send(first)
	for _, u := range files {
		if u.What == "pdf" {
			warm.send(u)
		}
	}
	before := p.memory(t)
	var slots []*slot
	for i, u := range files {
		if i%perAccount == 0 {
			slots = append(slots, newSlot(p, texts, len(slots)+1))
		}
		slots[len(slots)-1].send(u)
	}
	p.grown(t, "the corpus", before)
	for _, s := range append(slots, warm) {
		s.intact()
	}
	p.kept(append(slots, warm))
	p.noPlaintext(files)
}

// TestUploadsHoldNoMemory sends what would fill it.
func TestUploadsHoldNoMemory(t *testing.T) {
	p, texts := run(t), must(ui.New())
	for _, u := range corpus.Made()[:1] {
		newSlot(p, texts, 0).send(u)
	}
	atOnce(p, texts)
	manyFields(p, texts)
}

// light is the corpus without what takes seconds on a busy machine: that is tried with a longer deadline beside the
// inspector itself.
func light(t *testing.T) (files []corpus.Upload) {
	t.Helper()
	found, err := corpus.Toolchain()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, u := range append(corpus.Made(), found...) {
		if seen[u.What] {
			t.Errorf("%s is there twice", u.What)
		}
		if seen[u.What] = true; !u.Heavy && !strings.HasPrefix(u.Name, "image/") && !strings.HasPrefix(u.Name, "application/") { // media types, which no form sends as names
			files = append(files, u)
		}
	}
	return files
}

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

// slot is an applicant before the page of one document.
type slot struct {
	p     *process
	texts *ui.UI
	b     *testkit.Browser
	path  string
	shown string // where the pages of the document that is there are
	kept  [32]byte
	pages int
}

func newSlot(p *process, texts *ui.UI, n int) *slot {
	p.t.Helper()
	b := p.browser()
	p.signUp(b, fmt.Sprintf("sender%d@example.com", n))
	id := p.start(b, "王秀英")
	b.Send("/q/name", "q.name", "王秀英").Want(200)
	return &slot{p: p, texts: texts, b: b, path: "/applications/" + id + "/slot/work_proof"}
}

// send sends one file, and sees that it is shown made anew, or refused in words with nothing changed.
func (s *slot) send(u corpus.Upload) {
	t := s.p.t
	if s.shown == "" || s.b.Path != s.path {
		s.b.Get(s.path).Want(200)
	}
	slow := s.texts.Error("zh-Hans", "upload_slow", nil)
	for range 5 { // a machine that is busy with something else is no fault of the file
		s.b.Upload("/slot/work_proof", u.Name, u.Data)
		if u.Code == "slow" || !strings.Contains(s.b.Text(), slow) {
			break
		}
	}
	now := s.there()
	code := u.Code
	if strings.ContainsAny(u.Name, "\x00\x1b\x7f") { // no form may contain these
		code = "broken"
	}
	switch {
	case code != "":
		want := s.texts.Error("zh-Hans", "upload_"+code, []string{"10"})
		if s.b.Status != http.StatusUnprocessableEntity || !strings.Contains(s.b.Text(), want) {
			t.Errorf("%s answers %d, want %s:\n%s", u.What, s.b.Status, code, top(s.b))
		}
		if now != s.shown {
			t.Errorf("%s was refused, and the document changed from %q to %q", u.What, s.shown, now)
		}
	case s.b.Status != http.StatusOK || now == "":
		t.Errorf("%s answers %d and is not shown:\n%s", u.What, s.b.Status, top(s.b))
	default:
		if s.shown != "" && now != s.shown { // one document at a time
			s.b.Send(s.shown + "remove").Want(200)
		}
		s.shown = now
		s.look(u)
		s.named(u)
	}
}

// there is where the pages of the document on the page are, the new one if one came beside the one before; "" if none.
func (s *slot) there() (now string) {
	for _, m := range thumb.FindAllStringSubmatch(s.b.Body, -1) {
		if now == "" || m[1] != s.shown {
			now = m[1]
		}
	}
	return now
}

// top is what a page says at its top.
func top(b *testkit.Browser) string { text := b.Text(); return text[:min(len(text), 600)] }

// look fetches the first page of the document, which has to be a picture of ours and nothing else, and the one after its last.
func (s *slot) look(u corpus.Upload) {
	t, at := s.p.t, s.b.Path
	s.pages = max(1, u.N)
	for _, page := range []int{1, s.pages} {
		raw := s.fetch(page)
		if why := anew(raw, u); why != "" {
			t.Errorf("%s, page %d: %s", u.What, page, why)
		}
		if page == 1 {
			s.kept = sha256.Sum256(raw)
		}
	}
	if r := s.get(s.pages + 1); r.StatusCode != http.StatusNotFound {
		t.Errorf("%s has a page %d", u.What, s.pages+1)
	}
	s.b.Path = at
}

func (s *slot) get(page int) *http.Response {
	s.p.t.Helper()
	req := must(http.NewRequest("GET", s.p.url+s.shown+strconv.Itoa(page), nil))
	req.Header = s.b.Header.Clone()
	res, err := s.b.Client.Do(req)
	if err != nil {
		s.p.t.Fatal(err)
	}
	s.p.t.Cleanup(func() { res.Body.Close() })
	return res
}

func (s *slot) fetch(page int) []byte {
	s.p.t.Helper()
	res := s.get(page)
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/jpeg" || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		s.p.t.Fatalf("page %d: %d %s %v", page, res.StatusCode, res.Header, err)
	}
	return raw
}

// anew says what is wrong with a page that should be a JPEG as our encoder writes it: only its markers, nothing behind the
// end, nothing of what was sent.
func anew(raw []byte, u corpus.Upload) string {
	head, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return err.Error()
	}
	if u.W > 0 && (head.Width != u.W || head.Height != u.H) {
		return fmt.Sprintf("%d × %d", head.Width, head.Height)
	}
	for at := 2; raw[at+1] != 0xDA; at += 2 + int(binary.BigEndian.Uint16(raw[at+2:])) {
		if mark := raw[at+1]; mark != 0xDB && mark != 0xC0 && mark != 0xC4 {
			return fmt.Sprintf("marker %x", mark)
		}
	}
	if !bytes.HasSuffix(raw, []byte("\xff\xd9")) || bytes.Count(raw, []byte("\xff\xd9")) != 1 {
		return "something is behind its end"
	}
	for _, word := range []string{corpus.Canary, "GPS", "Exif", "xmp", "<script", "JavaScript", "META-INF"} {
		if bytes.Contains(raw, []byte(word)) {
			return "it contains " + word
		}
	}
	return ""
}

// sample is a piece of a file that nothing else contains: from the middle of its end, where the content of a picture is.
func sample(data []byte) []byte { return data[len(data)*4/5-24 : len(data)*4/5] }

// named sees that what is shown as the file's name is a line of text.
func (s *slot) named(u corpus.Upload) {
	m := regexp.MustCompile(`(?s)<div class="slot done">.*?<p><b>(.*?)</b>`).FindStringSubmatch(s.b.Body)
	if m == nil {
		s.p.t.Errorf("%s has no name on the page", u.What)
		return
	}
	if len([]rune(m[1])) > 600 || strings.ContainsAny(m[1], "/\\<>\ufffd") || strings.ContainsFunc(m[1], func(r rune) bool { return r == '\u2028' || r == '\u2029' || unicode.Is(unicode.C, r) }) {
		s.p.t.Errorf("%s is shown as %q", u.What, m[1])
	}
}

// intact sees that the document which was accepted last, and the answer given before, are still there.
func (s *slot) intact() {
	if s.shown != "" && sha256.Sum256(s.fetch(1)) != s.kept {
		s.p.t.Errorf("%s: the document is another one", s.path)
	}
	s.b.Get(strings.Replace(s.path, "/slot/work_proof", "/q/name", 1)).Want(200)
	if !strings.Contains(s.b.Body, "王秀英") {
		s.p.t.Errorf("%s: the answer is gone", s.path)
	}
}

// kept sees that nothing is stored but one document for each slot, and its pages.
func (p *process) kept(slots []*slot) {
	want, got := 0, 0
	for _, s := range slots {
		if s.shown != "" {
			want += 1 + s.pages
		}
	}
	p.everyFile(func(name string, data []byte) {
		if strings.HasPrefix(name, "/data/documents/") {
			got++
		}
	})
	if got != want {
		p.t.Errorf("%d files are stored for %d documents and pages", got, want)
	}
}

// noPlaintext searches all that the process wrote for pieces of what it was sent, and looks for files that it left elsewhere.
func (p *process) noPlaintext(files []corpus.Upload) {
	pieces := map[string]string{}
	for _, u := range files {
		if len(u.Data) > 400 && !bytes.Equal(sample(u.Data), make([]byte, 24)) {
			pieces[string(sample(u.Data))] = u.What
		}
	}
	if len(pieces) < 100 {
		p.t.Errorf("only %d pieces to search", len(pieces))
	}
	p.everyFile(func(name string, data []byte) {
		if strings.HasPrefix(name, "/tmp/") {
			p.t.Errorf("a temporary file: %s", name)
		}
		for piece, what := range pieces {
			if bytes.Contains(data, []byte(piece)) {
				p.t.Errorf("%s contains a piece of %q", name, what)
			}
		}
	})
}

// memory starts counting the most that the serving process has had, and returns what it has now, in KiB.
func (p *process) memory(t *testing.T) int {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0o600); err != nil {
		if runtime.GOOS != "linux" {
			t.Skip("memory is measured on Linux")
		}
		t.Fatal(err)
	}
	return p.status(t, "VmRSS")
}

func (p *process) grown(t *testing.T, by string, before int) {
	t.Helper()
	most := p.status(t, "VmHWM")
	t.Logf("%s: from %d MiB to at most %d MiB", by, before>>10, most>>10)
	if most-before > mayGrow {
		t.Errorf("%s: grew from %d to %d KiB", by, before, most)
	}
}

func (p *process) status(t *testing.T, field string) int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(field + `:\s+(\d+) kB`).FindSubmatch(raw)
	return must(strconv.Atoi(string(m[1])))
}

// atOnce has eight people send almost 10 MiB at the same moment.
func atOnce(p *process, texts *ui.UI) {
	var big corpus.Upload
	for _, u := range corpus.Made() {
		if u.What == "jpeg of almost 10 MiB" {
			big = u
		}
	}
	var all []*slot
	for i := range 8 {
		all = append(all, newSlot(p, texts, 100+i))
		all[i].b.Get(all[i].path).Want(200)
	}
	before := p.memory(p.t)
	var sent sync.WaitGroup
	for _, s := range all {
		sent.Go(func() { s.b.Upload("/slot/work_proof", big.Name, big.Data) })
	}
	sent.Wait()
	p.grown(p.t, "eight uploads at once", before)
	for _, s := range all {
		if s.b.Status != 200 || !thumb.MatchString(s.b.Body) {
			p.t.Errorf("one of eight answers %d:\n%s", s.b.Status, top(s.b))
		}
	}
}

// manyFields sends a form that has no file, but as many fields as go into what is taken off the line.
func manyFields(p *process, texts *ui.UI) {
	s := newSlot(p, texts, 200)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; body.Len() < 30<<20; i++ {
		_ = w.WriteField("field"+strconv.Itoa(i), "")
	}
	w.Close()
	before := p.memory(p.t)
	req := must(http.NewRequest("POST", p.url+s.path, &body))
	req.Header = s.b.Header.Clone()
	req.Header.Set("Content-Type", w.FormDataContentType())
	if res, err := s.b.Client.Do(req); err == nil {
		if res.Body.Close(); res.StatusCode != http.StatusUnprocessableEntity && res.StatusCode != http.StatusBadRequest {
			p.t.Errorf("it answers %d", res.StatusCode)
		}
	}
	p.grown(p.t, "a form of very many fields", before)
	if _, err := os.Stat(filepath.Join(p.dir, "data", "data.db")); err != nil {
		p.t.Error(err)
	}
}
