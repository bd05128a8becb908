package proof

// The real binary on a real folder: prepared, started, killed.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// site is a desk in a folder, and the process that serves it.
type site struct {
	t       *testing.T
	dir     string
	binary  string
	address string
	mails   *testkit.Postbox
	typ     sdk.Type
	people  []account
	chen    string // cookies of a reviewer and a lead
	lead    string

	mu  sync.Mutex
	cmd *exec.Cmd
	out *bytes.Buffer
}

// account is somebody who signed in; draft is the path of an application of theirs that is filled in, if there is one.
type account struct{ id, holder, cookie, draft string }

func prepare(t *testing.T, people int) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), mails: testkit.OpenPostbox(t)}
	var err error
	if s.typ, err = individual.New().Describe(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.binary = filepath.Join(s.dir, "certdesk")
	build := exec.Command("go", "build", "-o", s.binary, "github.com/certdesk/certdesk")
	build.Env = append(os.Environ(), "GOTOOLCHAIN=auto", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.dir = filepath.Join(s.dir, "desk")
	if err := testkit.Learned(s.dir); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	l.Close()
	s.open(people)
	t.Cleanup(func() { s.kill() })
	return s
}

// open sets the desk up and lets everybody in, before the program runs.
func (s *site) open(people int) {
	s.t.Helper()
	l, err := testkit.Reopen(s.dir, map[string]string{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer l.Close()
	must := func(r command.Receipt, err error) command.Receipt {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
		return r
	}
	ctx, desk, root := context.Background(), command.At{ID: records.DeskID}, command.Itself
	must(command.Run(ctx, l.Desk, root, command.SetUp, desk, command.Opening{Settings: command.Settings{NameZh: "长青认证中心", Zone: "Asia/Shanghai", Lang: "zh-Hans",
		PublicURL: "http://" + s.address, Free: true, Mail: s.mail()}, Manager: "林经理", Email: "manager@example.com", Hash: "x"}))
	for _, c := range []struct {
		name, role string
		cookie     *string
	}{{"陈明", "reviewer", &s.chen}, {"周组长", "lead", &s.lead}} {
		id := must(command.Run(ctx, l.Desk, root, command.Invite, desk, command.Invitation{Name: c.name, Email: c.role + "@example.com", Roles: []string{c.role},
			Types: []string{"individual"}, Capacity: 500, Lang: "zh-Hans", Code: "x", Plain: "x"})).Answer["id"]
		code, err := records.Find[*records.Code](l.Desk.App.DB(), expr("person", id))
		if err != nil {
			s.t.Fatal(err)
		}
		must(command.Run(ctx, l.Desk, command.Caller{Role: flow.Guest, ID: id}, command.Join, command.At{ID: id}, command.Joining{Code: code.ID, Hash: "x"}))
		var digest string
		*c.cookie, digest = session("certdesk_staff")
		must(command.Run(ctx, l.Desk, command.Of(id), command.StaffSignIn, command.At{ID: id}, command.NewSession{Digest: digest, How: "password", Passed: true}))
	}
	for i := range people {
		guest := command.Caller{Role: flow.Guest, ID: "browser"}
		a := account{id: must(command.Run(ctx, l.Desk, guest, command.Register, desk, command.NewAccount{Channel: "mail", Contact: fmt.Sprintf("p%d@example.com", i), Lang: "zh-Hans", Proved: true})).Answer["id"]}
		me, at := command.Account(a.id), command.At{ID: a.id}
		for _, kind := range []string{"privacy", "identity"} {
			must(command.Run(ctx, l.Desk, me, command.Agree, at, command.Agreement{Kind: kind, Version: command.AgreementVersion}))
		}
		a.holder = must(command.Run(ctx, l.Desk, me, command.AddHolder, at, command.NewHolder{Kind: sdk.HolderPerson, Own: true, Name: "王秀英"})).Answer["id"]
		var digest string
		a.cookie, digest = session("certdesk_account")
		must(command.Run(ctx, l.Desk, guest, command.SignIn, at, command.NewSession{Digest: digest, How: "mail_code"}))
		if i >= fromScratch {
			a.draft = s.filled(l, a)
		}
		s.people = append(s.people, a)
	}
}

// filled fills in an application as far as it goes without a picture being looked at: those who hand it in need not wait
// for the child that looks at one picture after the other.
func (s *site) filled(l *testkit.Life, a account) string {
	s.t.Helper()
	ctx, me := context.Background(), command.Account(a.id)
	r, err := command.Run(ctx, l.Desk, me, command.Start, command.At{ID: a.holder}, command.Beginning{Type: "individual", Lang: "zh-Hans"})
	if err != nil {
		s.t.Fatal(err)
	}
	at := command.At{ID: r.Answer["id"]}
	for _, p := range s.typ.Pages {
		entered := map[string]string{}
		for _, q := range p.Questions {
			entered[q.ID] = individual.Example()[q.ID]
		}
		if _, err := command.Run(ctx, l.Desk, me, command.SaveDraft, at, command.PageAnswers{Page: p.ID, Entered: entered}); err != nil {
			s.t.Fatal(err)
		}
	}
	for slot, picture := range pictures() {
		blob, err := l.Desk.Blobs.Put(ctx, "case-"+at.ID, bytes.NewReader(picture))
		if err != nil {
			s.t.Fatal(err)
		}
		in := command.Stored{Slot: slot, Name: slot, Media: "image/jpeg", Bytes: blob.Size, Pages: 1, Width: 1600, Height: 1000, Blur: 200, Blob: blob.Name, Mark: blob.PlainSHA256}
		if _, err := command.Run(ctx, l.Desk, me, command.AddDocument, at, in); err != nil {
			s.t.Fatal(err)
		}
	}
	return "/applications/" + at.ID
}

// mail are the settings of the mail server.
func (s *site) mail() string {
	host, port, err := net.SplitHostPort(s.mails.Address)
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf(`{"host":%q,"port":%s,"security":"none","from":"desk@example.com","fromName":"desk"}`, host, port)
}

// session is what a browser sends, and the digest that the desk keeps of it.
func session(name string) (cookie, digest string) {
	secret := strings.Repeat("s", 28) + records.NewID()
	sum := sha256.Sum256([]byte(secret))
	return name + "=" + secret + "; certdesk_browser=" + strings.Repeat("b", 43), hex.EncodeToString(sum[:])
}

// start starts the program, without waiting for it.
func (s *site) start() {
	s.t.Helper()
	s.out = &bytes.Buffer{}
	cmd := exec.Command(s.binary, "serve", "--dir", filepath.Join(s.dir, "data"), "--http", s.address, "--log-level", "error")
	cmd.Stdout, cmd.Stderr = s.out, s.out
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.cmd = cmd
	s.mu.Unlock()
}

// ready waits until it answers.
func (s *site) ready() {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if res, err := http.Get("http://" + s.address + "/api/health"); err == nil {
			res.Body.Close()
			return
		}
		if time.Now().After(end) {
			s.kill()
			s.t.Fatalf("it does not start:\n%s", s.out)
		}
	}
}

// kill ends the program as a power cut does, and waits until all its children are gone.
func (s *site) kill() {
	s.t.Helper()
	s.mu.Lock()
	cmd := s.cmd
	s.cmd = nil
	s.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(syscall.SIGSTOP) // so that no child is born while they are counted
	children := below(cmd.Process.Pid)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left := ""
		for pid, born := range children {
			if state, since := process(pid); since == born && state != "Z" {
				left += fmt.Sprintf(" %d", pid)
			}
		}
		if left == "" {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("children outlive the program:%s", left)
		}
	}
}

// below are the descendants of a process, with the time at which each was born.
func below(root int) map[int]string {
	all, parents := map[int]string{}, map[int]int{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			if f := stat(pid); len(f) > 19 {
				parents[pid], _ = strconv.Atoi(f[1])
			}
		}
	}
	for pid := range parents {
		for up := parents[pid]; up > 1; up = parents[up] {
			if up == root {
				_, all[pid] = process(pid)
				break
			}
		}
	}
	return all
}

func process(pid int) (state, born string) {
	if f := stat(pid); len(f) > 19 {
		return f[0], f[19]
	}
	return "", "gone"
}

// stat are the fields of /proc/PID/stat after the name: state, parent …
func stat(pid int) []string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	i := bytes.LastIndexByte(raw, ')')
	return strings.Fields(string(raw[i+1:]))
}
