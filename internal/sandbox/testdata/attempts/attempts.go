// Package attempts is what a hostile child would try first; the tests read its report.
package attempts

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Report tries everything and prints for each attempt "" or why it failed, as JSON.
// args: a file named for reading, a folder named for changing, the host's pid, the host's TCP port.
func Report(args []string) int {
	if len(args) != 4 {
		return 2
	}
	readable, writable, host, port := args[0], args[1], args[2], args[3]
	out := map[string]string{}
	for name, try := range map[string]func() error{
		"passwd":       func() error { return read("/etc/passwd") },
		"list root":    func() error { _, err := os.ReadDir("/"); return err },
		"named file":   func() error { return read(readable) },
		"change named": func() error { return os.WriteFile(readable, []byte("x"), 0o600) },
		"beside named": func() error { return read(filepath.Join(filepath.Dir(readable), "beside.txt")) },
		"own folder":   func() error { return keep(filepath.Join(writable, "kept.txt")) },
		"run own file": func() error { return run(writable) },
		"big file":     func() error { return os.WriteFile(filepath.Join(writable, "big"), make([]byte, 2<<20), 0o600) },
		"outside": func() error {
			return os.WriteFile(filepath.Join(filepath.Dir(readable), "new.txt"), []byte("x"), 0o600)
		},
		"temp":          func() error { f, err := os.CreateTemp("/tmp", "certdesk"); return removed(f, err) },
		"host environ":  func() error { return read("/proc/" + host + "/environ") },
		"host signal":   func() error { return signal(host) },
		"shell":         func() error { return exec.Command("/bin/sh", "-c", "true").Run() },
		"tcp":           func() error { return dial("tcp", "127.0.0.1:"+port) },
		"tcp listen":    func() error { l, err := net.Listen("tcp", "127.0.0.1:0"); return closed(l, err) },
		"udp":           func() error { return dial("udp", "127.0.0.1:"+port) },
		"udp listen":    func() error { l, err := net.ListenPacket("udp", "127.0.0.1:0"); return closed(l, err) },
		"raw":           func() error { return socket(syscall.AF_PACKET, syscall.SOCK_RAW) },
		"netlink":       func() error { return socket(syscall.AF_NETLINK, syscall.SOCK_RAW) },
		"process":       fork,
		"unix connect":  func() error { return connects(writable) },
		"unix datagram": func() error { return socket(syscall.AF_UNIX, syscall.SOCK_DGRAM) },
		"unix packets":  func() error { return socket(syscall.AF_UNIX, syscall.SOCK_SEQPACKET) },
		"unix socket":   func() error { l, err := net.Listen("unix", filepath.Join(writable, "s")); return closed(l, err) },
		"namespace":     func() error { return syscall.Unshare(syscall.CLONE_NEWUSER) },
		"trace":         func() error { return trace() },
	} {
		out[name] = ""
		if err := try(); err != nil {
			out[name] = err.Error()
		}
	}
	out["env"] = fmt.Sprint(os.Environ())
	out["limits"] = limits()
	return write(out)
}

func write(v any) int {
	if json.NewEncoder(os.Stdout).Encode(v) != nil {
		return 2
	}
	return 0
}

func read(path string) error { _, err := os.ReadFile(path); return err }

func keep(path string) error {
	if err := os.WriteFile(path+".tmp", []byte("kept"), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

func run(dir string) error {
	path := filepath.Join(dir, "script")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o700); err != nil {
		return nil
	}
	return exec.Command(path).Run()
}

func signal(pid string) error {
	var n int
	if _, err := fmt.Sscan(pid, &n); err != nil {
		return err
	}
	return syscall.Kill(n, 0)
}

func dial(network, address string) error {
	c, err := net.DialTimeout(network, address, 5*time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Write([]byte("x"))
	return err
}

func closed(c interface{ Close() error }, err error) error {
	if err == nil {
		c.Close()
	}
	return err
}

// fork makes a process, which ends at once.
func fork() error {
	pid, err := syscall.ForkExec("/proc/self/exe", []string{"certdesk-child", "no such child"}, &syscall.ProcAttr{Files: []uintptr{0, 2, 2}})
	if err == nil {
		_, err = syscall.Wait4(pid, nil, 0, nil)
	}
	return err
}

// connects calls a service behind a path, here one of its own.
func connects(dir string) error {
	l, err := net.Listen("unix", filepath.Join(dir, "service"))
	if err != nil {
		return nil // that would be another mistake, and is noticed
	}
	defer l.Close()
	c, err := net.Dial("unix", l.Addr().String())
	return closed(c, err)
}

func removed(f *os.File, err error) error {
	if err == nil {
		f.Close()
		os.Remove(f.Name())
	}
	return err
}

func socket(family, kind int) error {
	fd, err := syscall.Socket(family, kind, 0)
	if err == nil {
		syscall.Close(fd)
	}
	return err
}

func trace() error {
	const nonsense = 1 << 30 // a request that no kernel knows, so that trying it harms nobody
	_, _, errno := syscall.RawSyscall(syscall.SYS_PTRACE, nonsense, uintptr(os.Getpid()), 0)
	if errno == syscall.EPERM {
		return errno
	}
	return nil
}

func limits() string {
	var files, core, size syscall.Rlimit
	syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files)
	syscall.Getrlimit(syscall.RLIMIT_CORE, &core)
	syscall.Getrlimit(syscall.RLIMIT_FSIZE, &size)
	return fmt.Sprintf("files %d core %d size %d", files.Max, core.Max, size.Max)
}

// Hog takes memory until it is stopped.
func Hog() int {
	var all [][]byte
	for {
		b := make([]byte, 16<<20)
		for i := range b {
			b[i] = 1
		}
		if all = append(all, b); len(all) > 512 {
			fmt.Println("took 8 GiB")
			return 0
		}
	}
}
