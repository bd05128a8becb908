// Package hostile sends the built program, as a process of its own, what people should not send: files that attack, words
// that must not be found again. It looks at the program from outside: its answers, its memory, and every byte it leaves.
package hostile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/testkit"
)

var built string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "certdesk-built-")
		if err != nil {
			fmt.Println(err)
			return 1
		}
		defer os.RemoveAll(dir)
		built = filepath.Join(dir, "certdesk")
		if out, err := exec.Command("go", "build", "-o", built, "github.com/certdesk/certdesk").CombinedOutput(); err != nil {
			fmt.Printf("%v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

const (
	manager  = "manager@example.com"
	password = "sturgeon-umbrella-47"
	secret   = "a-secret-of-the-sms-webhook"
)

// process is a desk that runs as its operators run it, with a mail server and an SMS gateway of the test.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	dir   string // holds data, keys, temporary files: everything it may write
	url   string
	watch string // address of the figures
	out   said
	mails *testkit.Postbox
	boss  *testkit.Browser // the manager, signed in

	mu  sync.Mutex
	sms []string // bodies as they came to the gateway
	n   int      // of browsers, each with an address of its own

	made map[string]string // secrets that the desk made and told one person

	applicant, clerk *testkit.Browser // who goes all the way, and who is refused
	draft            string           // the clerk's application
}

// said collects what a process writes, from several sides at once.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// run sets up a desk by `certdesk init` and serves it.
func run(t *testing.T) *process {
	t.Helper()
	p := &process{t: t, dir: t.TempDir(), mails: testkit.OpenPostbox(t)}
	file := filepath.Join(t.TempDir(), "password")
	if err := errors.Join(os.WriteFile(file, []byte(password), 0o600), os.Mkdir(filepath.Join(p.dir, "tmp"), 0o700), testkit.ShareCache(p.dir)); err != nil {
		t.Fatal(err)
	}
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.sms = append(p.sms, string(body))
		p.mu.Unlock()
		fmt.Fprint(w, `{"id":"1"}`)
	}))
	t.Cleanup(gateway.Close)
	address := free(t)
	p.url, p.watch = "http://"+address, free(t)
	data := filepath.Join(p.dir, "data")
	start := p.command("init", "--dir", data, "--manager", "林经理", "--email", manager, "--name-zh", "长青认证中心", "--name-en", "Evergreen", "--public-url", p.url, "--password-file", file)
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	p.cmd = p.command("serve", "--dir", data, "--http", address, "--proxy", "127.0.0.1/32", "--log-level", "debug", "--metrics", p.watch)
	p.cmd.Env = append(p.cmd.Env, "CERTDESK_SMS="+gateway.URL, "CERTDESK_SMS_SECRET="+secret)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	t.Cleanup(func() { p.stop(ended) })
	for {
		if res, err := http.Get(p.url + "/"); err == nil {
			res.Body.Close()
			p.settle()
			return p
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("it ended: %v\n%s", err, p.out.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// settle is a manager's first morning: signs in with the code that the program printed, and says where mail goes.
func (p *process) settle() {
	p.t.Helper()
	p.boss = p.browser()
	var in struct{ Code string }
	p.boss.Call("POST", "/api/desk/sign-in", map[string]string{"email": manager, "password": password}, &in).Want(http.StatusOK)
	code := ""
	for end := time.Now().Add(30 * time.Second); code == "" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		_, after, _ := strings.Cut(p.out.String(), "sign-in code for "+manager+": ")
		code = sixDigits.FindString(strings.ReplaceAll(after, " ", ""))
	}
	p.boss.Call("POST", "/api/desk/sign-in/factor", map[string]string{"code": in.Code, "digits": code}, nil).Want(http.StatusOK)
	host, port, _ := strings.Cut(p.mails.Address, ":")
	mail := fmt.Sprintf(`{"host":%q,"port":%s,"security":"none","from":"desk@example.com"}`, host, port)
	p.boss.Call("POST", "/api/desk/settings", map[string]any{"nameZh": "长青认证中心", "nameEn": "Evergreen", "zone": "Asia/Shanghai", "lang": "zh-Hans", "publicUrl": p.url, "hotline": "400-000-0000",
		"hoursZh": "工作日", "hoursEn": "weekdays", "smsTested": true, "mail": mail}, nil).Want(http.StatusOK)
}

func (p *process) command(args ...string) *exec.Cmd {
	cmd := exec.Command(built, args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+filepath.Join(p.dir, "tmp"))
	return cmd
}

func (p *process) stop(ended chan error) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(time.Minute):
		_ = p.cmd.Process.Kill()
		p.t.Error("it does not stop")
	}
	if p.t.Failed() {
		out := p.out.String()
		p.t.Logf("what it said last:\n%s", out[max(0, len(out)-4000):])
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// browser is somebody at an address of their own, behind the proxy.
func (p *process) browser() *testkit.Browser {
	jar, _ := cookiejar.New(nil)
	p.n++
	return &testkit.Browser{T: p.t, Base: p.url, Client: &http.Client{Jar: jar}, Header: http.Header{"Accept-Language": {"zh-CN"}, "Sec-Fetch-Site": {"same-origin"},
		"X-Forwarded-For": {fmt.Sprintf("198.51.%d.7", p.n)}}}
}

// everyFile calls each for all that lies in the folders of the process, and for what it printed.
func (p *process) everyFile(each func(name string, data []byte)) {
	p.t.Helper()
	err := filepath.WalkDir(p.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return nil // gone meanwhile
		}
		each(strings.TrimPrefix(path, p.dir), data)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	each("what it printed", []byte(p.out.String()))
}
