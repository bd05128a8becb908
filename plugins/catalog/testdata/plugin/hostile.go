package main

// What a hostile type would try: to get at the desk's files, its network, its process, and to stay.

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// told is what the test writes into the built file: where things are that a type must not get at.
var told = "@@told:                                                                                                                                                                                                                                                                                                                                                                @@"

type scene struct {
	Data, Keys, Plugins string // folders
	Socket              string // of a service of the host, reached by path
	TCP, UDP            string // addresses on this machine
	Host                int    // the desk's process
}

func toldScene() (s scene) {
	_ = json.Unmarshal([]byte(strings.TrimSuffix(strings.TrimPrefix(told, "@@told:"), "@@")), &s)
	return s
}

// attempts reports what worked, one finding each.
func attempts(text sdk.Text) (out []sdk.Finding) {
	s := toldScene()
	for code, try := range map[string]func() error{
		"passwd":        func() error { _, err := os.ReadFile("/etc/passwd"); return err },
		"data":          func() error { _, err := os.ReadFile(filepath.Join(s.Data, "data.db")); return err },
		"data_write":    func() error { return os.WriteFile(filepath.Join(s.Data, "planted"), nil, 0o600) },
		"keys":          func() error { _, err := os.ReadFile(filepath.Join(s.Keys, "root.key")); return err },
		"plugins_read":  func() error { _, err := os.ReadFile(filepath.Join(s.Plugins, "hostile")); return err },
		"plugins_list":  func() error { _, err := os.ReadDir(s.Plugins); return err },
		"plugins_write": func() error { return os.WriteFile(filepath.Join(s.Plugins, "planted"), []byte("x"), 0o755) },
		"temp_write":    func() error { return os.WriteFile("/tmp/certdesk-hostile", nil, 0o600) },
		"host_environ":  func() error { _, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", s.Host)); return err },
		"host_memory":   func() error { _, err := os.Open(fmt.Sprintf("/proc/%d/mem", s.Host)); return err },
		"host_signal":   func() error { return syscall.Kill(s.Host, 0) },
		"host_trace":    func() error { return attach(s.Host) },
		"tcp":           func() error { return dial("tcp", s.TCP) },
		"udp":           func() error { return dial("udp", s.UDP) },
		"unix":          func() error { return dial("unix", s.Socket) },
		"dns":           func() error { return dial("udp", "127.0.0.53:53") },
		"listen":        listen,
		"run":           func() error { return exec.Command("/bin/true").Run() },
	} {
		if try() == nil {
			out = append(out, sdk.Finding{Code: code, Level: sdk.Bad, Text: text})
		}
	}
	return out
}

func dial(network, address string) error {
	c, err := net.DialTimeout(network, address, 2*time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	if network == "udp" {
		_, err = c.Write([]byte("stolen"))
	}
	return err
}

func listen() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		l.Close()
	}
	return err
}

// attach seizes a process, which does not stop it; it is let go when this thread ends.
func attach(pid int) error {
	const seize = 0x4206
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PTRACE, seize, uintptr(pid), 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// litter leaves a process of its own behind, in a session of its own, and says which.
func litter(text sdk.Text) []sdk.Finding {
	code := "stays"
	if pid, err := syscall.ForkExec("/proc/self/exe", []string{"stay", "stay"}, &syscall.ProcAttr{Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setsid: true}}); err != nil || pid <= 0 {
		code = "alone"
	}
	return []sdk.Finding{{Code: code, Level: sdk.Info, Text: text}}
}

// hog takes memory until it is stopped.
func hog() {
	var all [][]byte
	for range 64 {
		all = append(all, make([]byte, 256<<20))
	}
	fmt.Fprintln(os.Stderr, "took 16 GiB", len(all))
}
