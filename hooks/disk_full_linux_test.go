package hooks_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/sys/unix"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// onSmallDisk names the folder of the small disk, in the process that has one.
const onSmallDisk = "CERTDESK_TEST_SMALL_DISK"

// TestSmallDisk runs the tests below in a process with a mount table of its own, on a small disk in memory: as root or
// not, nothing outside sees it, and it goes away with the process.
func TestSmallDisk(t *testing.T) {
	cmd := exec.Command("/proc/self/exe", "-test.run=^TestOnASmallDisk$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), onSmallDisk+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestOnASmallDisk") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// disk is the small disk and what takes its room away.
type disk struct {
	t      *testing.T
	filler string
}

// fill writes until there is no room, or no more than leave bytes.
func (d disk) fill(leave uint64) {
	d.t.Helper()
	f, err := os.OpenFile(d.filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	for {
		var s unix.Statfs_t
		if err := unix.Statfs(d.filler, &s); err != nil {
			d.t.Fatal(err)
		}
		if s.Bavail*uint64(s.Bsize) <= leave {
			return
		}
		if _, err := f.Write(make([]byte, s.Bsize)); err != nil {
			return
		}
	}
}

func (d disk) empty() {
	d.t.Helper()
	if err := os.Remove(d.filler); err != nil {
		d.t.Fatal(err)
	}
}

// counting is a mail server that counts, and does something before it says that a mail has arrived.
type counting struct {
	mu     sync.Mutex
	mails  map[string]int
	before func()
}

func (c *counting) NewSession(*smtp.Conn) (smtp.Session, error) { return c, nil }
func (c *counting) Mail(string, *smtp.MailOptions) error        { return nil }
func (c *counting) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (c *counting) Reset()                                      {}
func (c *counting) Logout() error                               { return nil }
func (c *counting) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, id, _ := strings.Cut(strings.ToLower(string(raw)), "message-id:")
	id, _, _ = strings.Cut(id, "\r\n")
	c.mails[id]++
	if c.before != nil {
		c.before()
	}
	return nil
}

func (c *counting) total() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.mails {
		n += m
	}
	return n
}

func TestOnASmallDisk(t *testing.T) {
	dir := os.Getenv(onSmallDisk)
	if dir == "" {
		t.Skip("run by TestSmallDisk")
	}
	t.Run("template", func(t *testing.T) { testkit.Open(t) }) // what every desk is copied from lies elsewhere
	if err := unix.Mount("small", dir, "tmpfs", 0, "size=96m"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	box := &counting{mails: map[string]int{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(box)
	server.Domain = "mail.example.com"
	go server.Serve(l)
	defer server.Close()
	d := testkit.Open(t, func(c *config.Config) {
		c.DiskFloor, c.SMTP = 0, "smtp://"+l.Addr().String()+"?from=desk@example.com"
	})
	d.Runner.Stop()
	d.Desk.Committed = nil
	if !strings.HasPrefix(d.Dir, dir) {
		t.Fatalf("the desk lies in %s", d.Dir)
	}
	small := disk{t, filepath.Join(dir, "filler")}
	b, id := drafting(t, d, "small@example.com")
	slot := "/applications/" + id + "/slot/household"
	b.Get(slot).Want(200).Upload("/slot/household", "a.jpg", photo).Want(200)
	docs, err := records.Documents(d.App.DB(), id)
	if err != nil || len(docs) != 1 {
		t.Fatal(len(docs), err)
	}
	view := fmt.Sprintf("/applications/%s/documents/%s/1", id, docs[0].ID)

	small.fill(0)
	for lang, accept := range languages {
		b.Header.Set("Accept-Language", accept)
		b.Get(slot).Want(200).Upload("/slot/household", "b.jpg", photo)
		wantsRoom(t, b, "an upload", lang)
		b.Get("/holders/new/other?type=individual").Want(200).Send("/holders/new/other", "name", "李家人", "phone", "13800138001")
		if b.Status != http507 && b.Status != 200 {
			t.Errorf("a new holder answers %d:\n%s", b.Status, b.Text())
		}
	}
	for _, path := range []string{"/", "/me", view, "/applications/" + id + "/q/name", "/help"} {
		b.Get(path).Want(200)
	}
	everyKeyIsThere(t, d)
	sweepLeavesNothing(t, filepath.Join(d.Dir, "data", "documents", "tmp"))
	small.empty()
	b.Get(slot).Want(200).Upload("/slot/household", "b.jpg", photo).Want(200) // it recovers by itself
	b.Get(view).Want(200)

	// The disk fills up while a mail is on its way: it has left, and that cannot be noted.
	first := true
	box.before = func() {
		if first {
			small.fill(0)
			first = false
		}
	}
	line := func(name string) {
		for _, x := range d.Runner.Lines() {
			if x.Name == name {
				_ = x.Run(t.Context())
			}
		}
	}
	for range 3 {
		line("messages")
	}
	if box.total() != 1 {
		t.Errorf("%d mails left while nothing could be noted", box.total())
	}
	small.empty()
	line("messages")
	d.Clock.Move(10 * time.Minute) // a lease that could not be given back has run out
	line("messages")
	left, err := records.All[*records.Message](d.App.DB(), nil)
	if err != nil || len(left) == 0 {
		t.Fatal(len(left), err)
	}
	for _, m := range left {
		if m.Channel == "mail" && m.State != flow.Sent {
			t.Errorf("%s is %s: %s", m.Notice, m.State, m.Error)
		}
	}
	for id, n := range box.mails {
		if n != 1 {
			t.Errorf("mail %s left %d times", id, n)
		}
	}
	verified(t, d)
}

const http507 = 507

// everyKeyIsThere: no row refers to a key that is not on disk.
func everyKeyIsThere(t *testing.T, d *testkit.Desk) {
	t.Helper()
	apps, err := records.All[*records.Application](d.App.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	holders, err := records.All[*records.Holder](d.App.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, a := range apps {
		keys = append(keys, a.Key())
	}
	for _, h := range holders {
		keys = append(keys, h.Key())
	}
	for _, k := range keys {
		if has, err := d.Desk.Vault.HasKey(k); err != nil || !has {
			t.Errorf("key %s: %v %v", k, has, err)
		}
	}
}

// sweepLeavesNothing: what was broken off took no room.
func sweepLeavesNothing(t *testing.T, dir string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 0 {
		t.Errorf("%d files left in %s, %v", len(list), dir, err)
	}
}
