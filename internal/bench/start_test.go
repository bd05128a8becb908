package bench

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
)

// BenchmarkColdStart starts the binary on a desk with three types and 100,000 cases (or N) and waits for the first page; then,
// at rest, it reads how much memory is its own (Linux only).
func BenchmarkColdStart(b *testing.B) {
	dir := b.TempDir()
	binary := filepath.Join(dir, "certdesk")
	build := exec.Command("go", "build", "-o", binary, "github.com/certdesk/certdesk")
	build.Env = append(os.Environ(), "GOTOOLCHAIN=auto", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	s := open(b)
	s.plant(flow.InReview)
	s.history(rowsOf(b))
	data := s.App.DataDir()
	s.Desk.Desk.Close()
	if err := s.App.ClearBootstrap(); err != nil {
		b.Fatal(err)
	}
	run(b, binary, data, 0) // migrates nothing, but fills caches
	var all times
	var memory int64
	b.ResetTimer()
	for range 5 {
		took, pss := run(b, binary, data, 3*time.Second)
		all, memory = append(all, took), max(memory, pss)
	}
	note("cold start, ms", ms(all.median()))
	note("cold start, MB PSS", float64(memory)/1024)
	b.ReportMetric(ms(all.median()), "ms-first-answer")
	b.ReportMetric(float64(memory)/1024, "MB-PSS")
}

// run starts the binary, waits for its first page, lets it rest, and stops it.
func run(b *testing.B, binary, data string, rest time.Duration) (took time.Duration, pss int64) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	var out bytes.Buffer
	cmd := exec.Command(binary, "serve", "--demo", "--dir", data, "--http", address) // testkit's desk is a demo
	cmd.Stdout, cmd.Stderr = &out, &out
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		res, err := http.Get("http://" + address + "/")
		if err == nil {
			text, _ := readAll(res)
			if res.StatusCode != http.StatusOK {
				b.Fatalf("the first page answered %d\n%s", res.StatusCode, text)
			}
			break
		}
		select {
		case err := <-ended:
			b.Fatalf("it ended: %v\n%s", err, out.String())
		case <-time.After(5 * time.Millisecond):
		}
	}
	took = time.Since(begin)
	time.Sleep(rest)
	pss = proportional(cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := <-ended; err != nil {
		b.Fatalf("it did not stop in good order: %v\n%s", err, out.String())
	}
	return took, pss
}

// proportional is the memory of a process in KiB, its share of what is shared; 0 where the system does not say.
func proportional(pid int) int64 {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/smaps_rollup")
	if err != nil {
		return 0
	}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		if f := strings.Fields(lines.Text()); len(f) > 1 && f[0] == "Pss:" {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n
		}
	}
	return 0
}
