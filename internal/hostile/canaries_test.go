package hostile

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to copy the database as a backup does

	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
)

// canaries are what people tell the desk in this test: each occurs nowhere else. Where a word of theirs may be found in
// clear is said by may.
var canaries = map[string]string{
	"applicant e-mail": "quokka.applicant@canary.example", "staff e-mail": "quokka.staff@canary.example", "staff name": "欧阳鹮鸮",
	"helper e-mail": "quokka.helper@canary.example", "clerk e-mail": "quokka.clerk@canary.example",

	"name": "司徒鹳鸼", "name of a draft": "诸葛鸩鸨", "latin name": "QUOKKA CANARYBIRD", "resident ID": "110105195503187280", "address": "鹦鹉洲雀儿巷七十三号", "phone of the form": "+8613912345671",
	"wrong resident ID": "110105195503187281", "wrong phone": "13912345671234567", "wrong name": "Qu0kka-wrong-name", "too long address": strings.Repeat("鸳鸯路", 50),
	"name of an institution": "金丝雀养老服务有限公司", "credit code": "91110105MAQK0K5A1P", "father's name": "皇甫鹈鹕", "father's phone": "+8613912345682", "member's phone": "13912345693",
	"file name 1": "鹌鹑家的身份证.jpg", "file name 2": "quokka household.jpg", "file name of a refused file": "refused-quokka.exe", "content of a refused file": "MZ quokka refused content 8141",
	"feedback": "鸬鹚说这一页的字太小了", "feedback contact": "quokka.feedback@canary.example", "feedback page": "/quokka-feedback-page",
	"note": "核对时鹧鸪电话没有接通", "note on a verdict": "照片里的鸱鸮有反光", "extra words of the letter": "请鹡鸰先生放心保管", "reason of a revocation": "鹎鸟来信说材料是借的", "reason of a suspension": "鸫鸟要求先停用",
	"answer to feedback": "谢谢鸸鹋的意见", "absence": "quokka-absence",
	"password": "quokka-password-applicant-1", "new password": "quokka-password-changed-22", "wrong password": "quokka-password-wrong-333", "staff password": "quokka-password-staff-4444", "wrong staff password": "quokka-password-wrongstaff-5",
	"mail server's password": "quokka-smtp-password-666", "searched name": "宇文鸂鶒", "searched resident ID": "110105196012017759", "searched phone": "13912345704", "searched nonsense": "quokka searched nonsense",
	"certificate looked up": "C-2026-QUOKKA", "verification code looked up": "quokkaquokkaquokka0000", "agent": "QuokkaBrowser/17.3", "referrer": "/quokka-referrer-page", "query": "quokka-query-value", "unknown path": "quokka-unknown-path",
	"unknown field": "quokkaUnknownField", "unknown JSON": "quokka-unknown-json-value", "key of an act": "quokka-idempotency-key", "language": "x-quokka-language", "cookie": "quokka-cookie-value", "way back": "/quokka-way-back",
	"setup code": "QUOKKA-SETUP-CODE", "reset contact": "quokka.reset@canary.example", "register contact": "quokka.register@canary.example", "wrong code": "quokka-wrong-code", "forwarded": "quokka-forwarded-for", "file's kind": "quokka/media-type",
	"message": "请问鸲鹆先生还要等几天", "number that was rung": "+8613912345715", "note on a call": "鵟女士说下午再打来", "appeal": "鸤鸠认为号码没有填错", "file name of an appeal": "鸤鸠的证明.jpg", "answer to an appeal": "请鸤鸠先去更正登记",
	"what a reversal found": "鵩鸟的户口本在派出所查不到", "comment on a reversal": "鴢鸟也查了没有", "answer in a hearing": "鹓鶵说户口本去年补办过", "file name of a hearing": "鹓鶵的说明.jpg", "decision of a reversal": "派出所已经回函给鹔鹴",
	"complaint": "鸺鹠等了三周没有人理", "name in a complaint": "穿鹖衣的那位", "contact of a complaint": "quokka.complaint@canary.example", "gift": "鸧鹒牌茶叶两盒", "giver": "申请人的外甥鹪鹩", "reason of a sanction": "鹲鹏的证明是假的", "evidence of a sanction": "派出所关于鷾鸸的回函",
	"note of a recovery": "鹡鸰的手机掉进了湖里", "contact of a recovery": "quokka.recovery@canary.example", "reason of a stop": "鹈鹕没有带原件",
	"visit code": "quokka-visit-code", "superuser": "quokka.superuser@canary.example", "superuser's password": "quokka-superuser-password",
}

// may says which canaries are in clear where: the columns applicants.email, staff.email and staff.name, and the keys of acts,
// which programs make.
func may(what, file string) bool {
	data := strings.HasPrefix(file, "/data/data.db") || strings.HasPrefix(file, "/copy")
	switch what {
	case "applicant e-mail", "helper e-mail", "clerk e-mail", "staff e-mail", "staff name", "key of an act":
		return data
	}
	return false
}

// copies are the ways to make a copy of a running desk; what they write lies in the folder and is searched.
var copies = map[string]func(p *process) error{
	"VACUUM INTO": func(p *process) error {
		db, err := sql.Open("sqlite", filepath.Join(p.dir, "data", "data.db"))
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.Exec("VACUUM INTO ?", filepath.Join(p.dir, "copy.db"))
		return err
	},
}

// TestCanaries tells the desk everything it may be told and a good deal that it may not, and looks for it afterwards: in
// every file, in what it printed, in what left by mail and SMS, and in what other users of the machine can see of its children.
func TestCanaries(t *testing.T) {
	if len(canaries) < 80 {
		t.Fatalf("only %d canaries", len(canaries))
	}
	p := run(t)
	children := p.watchChildren()
	app := p.applicants()
	p.staff(app)
	p.strangers()
	told := maps.Clone(canaries)
	maps.Copy(told, p.made)
	find, digits := newFinder(told), p.mailedDigits()
	for name, make := range copies {
		if err := make(p); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	time.Sleep(4 * time.Second) // PocketBase writes its log of requests every three seconds
	seen := map[string]bool{}
	p.everyFile(func(file string, data []byte) {
		for what, where := range find.in(data) {
			seen[what] = true
			if !may(what, file) {
				t.Errorf("%s is in clear in %s: %s", what, file, where)
			}
		}
		if found := digits.Find(data); found != nil {
			t.Errorf("a code that was mailed is in clear in %s: %q", file, found)
		}
	})
	figures := p.figures()
	for what, where := range find.in(figures) {
		t.Errorf("%s is among the figures: %s", what, where)
	}
	for _, what := range []string{"applicant e-mail", "staff e-mail", "staff name"} {
		if !seen[what] {
			t.Errorf("%s was not found where it has to be: the search does not search", what)
		}
	}
	for what, where := range find.in(children()) {
		t.Errorf("%s can be seen at a child: %s", what, where)
	}
	p.outgoing(find)
}

var mailedCode = regexp.MustCompile(`(?m)^\s*(\d{6})\s*$`) // on a line of its own; a reference has six digits too

// mailedDigits finds every code of six digits that left by mail, standing by itself.
func (p *process) mailedDigits() *regexp.Regexp {
	p.t.Helper()
	var all []string
	for _, m := range p.mails.All() {
		for _, code := range mailedCode.FindAllStringSubmatch(m.Text, -1) {
			all = append(all, code[1])
		}
	}
	if len(all) < 5 {
		p.t.Fatalf("only %d codes were mailed", len(all))
	}
	return regexp.MustCompile(`\b(` + strings.Join(all, "|") + `)\b`)
}

// figures is what the address of the figures answers.
func (p *process) figures() []byte {
	p.t.Helper()
	res, err := http.Get("http://" + p.watch + "/metrics")
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !bytes.Contains(raw, []byte("certdesk_")) {
		p.t.Fatalf("the figures: %d %v %.200s", res.StatusCode, err, raw)
	}
	return raw
}

// outgoing looks at what left: an SMS names nothing of a case, a mail nothing but names and what the letter tells.
func (p *process) outgoing(find finder) {
	p.t.Helper()
	p.mu.Lock()
	sms := strings.Join(p.sms, "\n")
	p.mu.Unlock()
	if sms == "" {
		p.t.Error("no SMS left")
	}
	for what, where := range find.in([]byte(sms)) {
		if what != "father's phone" { // to whom it goes
			p.t.Errorf("%s left by SMS: %s", what, where)
		}
	}
	inMail := map[string]bool{"name": true, "name of a draft": true, "father's name": true, "name of an institution": true, "extra words of the letter": true, "staff name": true, "reason of a revocation": true, "reason of a suspension": true, "answer to an appeal": true, "what a reversal found": true, "decision of a reversal": true, "reason of a sanction": true,
		"answer to feedback": true, "feedback": true, "applicant e-mail": true, "helper e-mail": true, "clerk e-mail": true, "staff e-mail": true, "reset contact": true, "contact of a recovery": true, "register contact": true, "feedback contact": true}
	mails := p.mails.All()
	if len(mails) < 8 {
		p.t.Errorf("only %d mails", len(mails))
	}
	for _, m := range mails {
		for what, where := range find.in([]byte(m.Raw + m.Subject + m.Text)) {
			if !inMail[what] {
				p.t.Errorf("%s left by mail to %s: %s", what, m.To, where)
			}
		}
	}
}

// watchChildren collects what /proc tells everybody about the process and its children, until it is asked.
func (p *process) watchChildren() func() []byte {
	ctx, stop := context.WithCancel(context.Background())
	var all []byte
	var done sync.WaitGroup
	done.Go(func() {
		seen := map[string]bool{}
		for ctx.Err() == nil {
			for _, pid := range family(p.cmd.Process.Pid) {
				for _, file := range []string{"cmdline", "environ", "comm"} {
					raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
					if err == nil && !seen[string(raw)] {
						seen[string(raw)] = true
						all = append(append(all, raw...), '\n')
					}
				}
			}
			time.Sleep(3 * time.Millisecond)
		}
	})
	return func() []byte { stop(); done.Wait(); return all }
}

// family are a process and those that it started, and theirs.
func family(pid int) []int {
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", all[i]))
		for _, task := range tasks {
			raw, _ := os.ReadFile(task)
			for f := range strings.FieldsSeq(string(raw)) {
				if n, err := strconv.Atoi(f); err == nil {
					all = append(all, n)
				}
			}
		}
	}
	return all
}

// applicants are one who goes all the way, a helper, a clerk.
func (p *process) applicants() (id string) {
	c := canaries
	b := p.browser()
	p.applicant = b
	b.Header.Set("User-Agent", c["agent"])
	b.Header.Set("Referer", p.url+c["referrer"])
	b.Get("/register?next="+c["way back"]).Want(200).Send("/register", "contact", c["applicant e-mail"], "password", c["password"]).Want(200)
	b.Send("/sign-in/code", "code", c["wrong code"])
	b.Send("/sign-in/code", "code", sixDigits.FindString(p.mails.Wait(p.t, c["applicant e-mail"], "验证码").Text), "own", "yes").Want(200)
	if !strings.Contains(b.Path, "/consent") {
		b.Get("/consent").Want(200)
	}
	b.Send("/consent", "privacy", "yes", "identity", "yes")
	id = p.start(b, c["name"])
	for page, wrong := range map[string]string{"resident_id": c["wrong resident ID"], "phone": c["wrong phone"], "name": c["wrong name"], "address": c["too long address"]} {
		b.Get("/applications/"+id+"/q/"+page).Want(200).Send("/q/"+page, "q."+page, wrong)
	}
	answers := individual.Example()
	answers["name"], answers["latin_name"], answers["resident_id"], answers["address"], answers["phone"] = c["name"], c["latin name"], c["resident ID"], c["address"], c["phone of the form"]
	b.Get("/applications/"+id+"/slot/id_front").Want(200).Upload("/slot/id_front", c["file name of a refused file"], []byte(c["content of a refused file"]))
	papers := map[string][]byte{"id_front": specimen.IDFront(c["name"], c["resident ID"], "女", "1955-03-18", c["address"]), "id_back": specimen.IDBack("公安局", "2016.05.10", "长期"), "household": specimen.Household(c["name"], "户主", "女", "1955-03-18", c["resident ID"], c["address"])}
	p.fill(b, id, answers, papers, c["file name 1"])
	b.Send("/submit", "declared", "yes").Want(200)
	b.Get("/feedback").Want(200).Send("/feedback", "easy", "1", "clear", "1", "text", c["feedback"], "contact", c["feedback contact"], "page", c["feedback page"])

	h := p.browser()
	p.signUp(h, c["helper e-mail"])
	h.Get("/holders/new/other?type=individual").Want(200).Send("/holders/new/other", "name", c["father's name"]).Want(200)
	h.Send("/consent", "phone", c["father's phone"])
	k := p.browser()
	p.signUp(k, c["clerk e-mail"])
	k.Get("/holders/new/institution").Want(200).Send("/holders/new/institution", "name", c["name of an institution"], "credit_code", c["credit code"]).Want(200)
	p.clerk, p.draft = k, p.start(k, c["name of a draft"])
	p.handIn(k, p.draft)
	return id
}

// staff are a manager and a reviewer, who search, note, decide, suspend and revoke.
func (p *process) staff(app string) {
	c := canaries
	p.atOnce()
	r := p.reviewer(p.boss, c["staff name"], c["staff e-mail"], c["staff password"])
	p.authenticator(r)
	r.Header.Set("User-Agent", c["agent"])
	for _, what := range []string{"searched name", "searched resident ID", "searched phone", "searched nonsense"} {
		r.Call("GET", "/api/desk/search?q="+queryOf(c[what]), nil, nil).Want(200)
	}
	r.Header.Set("Idempotency-Key", c["key of an act"])
	var q struct{ Rows []struct{ ID string } }
	r.Call("GET", "/api/desk/queue?filter=unassigned", nil, &q).Want(200)
	r.Call("POST", "/api/desk/applications/"+app+"/claim", nil, nil)
	r.Header.Del("Idempotency-Key")
	r.Call("POST", "/api/desk/applications/"+app+"/note", map[string]string{"text": c["note"]}, nil).Want(200)
	var view struct{ Checklist []struct{ ID string } }
	r.Call("GET", "/api/desk/applications/"+app, nil, &view).Want(200)
	for _, i := range view.Checklist {
		r.Call("POST", "/api/desk/applications/"+app+"/verdict", map[string]any{"item": i.ID, "value": "ok", "note": c["note on a verdict"]}, nil).Want(200)
	}
	r.Call("POST", "/api/desk/applications/"+app+"/verdict", map[string]any{c["unknown field"]: c["unknown JSON"]}, nil)
	r.Call("POST", "/api/desk/applications/"+app+"/letter", map[string]any{"outcome": "passed", "extra": c["extra words of the letter"]}, nil)
	r.Call("POST", "/api/desk/applications/"+app+"/decide", map[string]any{"outcome": "passed", "extra": c["extra words of the letter"]}, nil).Want(200)
	p.disputes(r, app)
	r.Call("POST", "/api/desk/staff/"+app+"/set-absence", map[string]string{"from": c["absence"]}, nil)
	r.Call("GET", "/api/desk/attest?code="+c["visit code"], nil, nil)
	var f struct{ Rows []struct{ ID string } }
	p.boss.Call("GET", "/api/desk/feedback", nil, &f).Want(200)
	for _, x := range f.Rows {
		p.boss.Call("POST", "/api/desk/feedback/"+x.ID+"/answer", map[string]string{"text": c["answer to feedback"]}, nil)
	}
	p.boss.Call("POST", "/api/desk/password", map[string]string{"old": c["wrong staff password"], "new": c["new password"]}, nil)
	var certs struct{ Rows []struct{ ID string } }
	r.Call("GET", "/api/desk/certificates", nil, &certs).Want(200)
	if len(certs.Rows) == 0 {
		p.t.Fatal("there is no certificate to stop")
	}
	for _, k := range certs.Rows {
		r.Call("POST", "/api/desk/certificates/"+k.ID+"/suspend", map[string]string{"reason": c["reason of a suspension"]}, nil).Want(200)
		r.Call("POST", "/api/desk/certificates/"+k.ID+"/revoke", map[string]string{"reason": c["reason of a revocation"]}, nil).Want(200)
	}
	host, port, _ := strings.Cut(p.mails.Address, ":")
	p.boss.Call("POST", "/api/desk/send-test", map[string]any{"channel": "mail", "to": c["reset contact"], "mail": fmt.Sprintf(`{"host":%q,"port":%s,"user":"x","password":%q,"security":"none","from":"desk@example.com"}`, host, port, c["mail server's password"])}, nil)
}

func queryOf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "+", "%2B"), " ", "%20")
}

// strangers are people and programs that knock at every door.
func (p *process) strangers() {
	c := canaries
	b := p.browser()
	for _, path := range []string{"/?x=" + c["query"], "/" + c["unknown path"], "/api/" + c["unknown path"], "/verify?number=" + c["certificate looked up"], "/verify?q=" + c["certificate looked up"], "/v/" + c["verification code looked up"],
		"/_/?x=" + c["query"], "/api/health?x=" + c["query"], "/lang/en?back=" + c["way back"], "/types/" + c["query"], "/api/collections/" + c["unknown path"] + "/records", "/metrics", "/sign-in?next=" + c["way back"]} {
		b.Header.Set("Cookie", "x="+c["cookie"])
		b.Header.Set("Accept-Language", c["language"])
		b.Header.Set("X-Forwarded-For", c["forwarded"])
		b.Get(path)
	}
	g := p.browser()
	g.Get("/sign-in/password").Send("/sign-in/password", "contact", c["applicant e-mail"], "password", c["wrong password"])
	g.Get("/reset").Want(200).Send("/reset", "contact", c["reset contact"])
	g.Get("/register").Want(200).Send("/register", "contact", c["register contact"], "password", c["new password"])
	g.Call("POST", "/api/desk/sign-in", map[string]string{"email": c["staff e-mail"], "password": c["wrong staff password"]}, nil)
	g.Call("POST", "/api/collections/_superusers/auth-with-password", map[string]string{"identity": c["superuser"], "password": c["superuser's password"]}, nil)
	g.Call("POST", "/setup", map[string]string{"code": c["setup code"]}, nil)
}
