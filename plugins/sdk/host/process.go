package host

// One process as go-plugin's runner: pipes of our own, so that neither a flood on standard output nor a grandchild that
// keeps a pipe open can hold the desk up, and a look at the handshake before go-plugin believes it.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk/internal/wire"
)

// maxHandshake is the longest first line that is read.
const maxHandshake = 8 << 10

type process struct {
	o   Options
	dir string // where its socket must be

	mu     sync.Mutex
	cmd    *exec.Cmd
	over   bool // killed, possibly before it was started
	why    error
	exit   error
	exited chan struct{}

	watch, out, err *os.File // our ends of standard input, output, error
}

// prepare makes the command; env is what go-plugin wants the plugin to have.
func (p *process) prepare(env []string, dir string) (err error) {
	p.dir = dir
	env = append(env, wire.EnvWatch+"=stdin", "TMPDIR="+dir, "TZ=UTC", "LANG=C.UTF-8")
	p.cmd, err = p.o.Command(env, dir)
	return p.blame(err)
}

// Start starts the process.
func (p *process) Start(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return ErrDead
	}
	theirs, err := p.pipes()
	if err == nil {
		err = p.o.Start(p.cmd)
	}
	for _, f := range theirs {
		f.Close()
	}
	if err != nil {
		p.why = err
		for _, f := range []*os.File{p.watch, p.out, p.err} {
			f.Close()
		}
		return err
	}
	go p.reap()
	return nil
}

// pipes ties the command to us and returns the ends that belong to it.
func (p *process) pipes() (theirs []*os.File, err error) {
	for i := range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			return theirs, err
		}
		switch i {
		case 0:
			p.cmd.Stdin, p.watch, theirs = r, w, append(theirs, r)
		case 1:
			p.cmd.Stdout, p.out, theirs = w, r, append(theirs, w)
		case 2:
			p.cmd.Stderr, p.err, theirs = w, r, append(theirs, w)
		}
	}
	return theirs, nil
}

// reap waits for the end of the process and takes its children with it.
func (p *process) reap() {
	err := p.cmd.Wait()
	p.o.Kill(p.cmd)
	p.watch.Close()
	p.mu.Lock()
	p.exit, p.over = err, true
	p.mu.Unlock()
	close(p.exited)
	time.Sleep(100 * time.Millisecond) // its last words
	p.out.Close()
	p.err.Close()
}

// Wait returns when the process has ended.
func (p *process) Wait(context.Context) error {
	<-p.exited
	return p.exit
}

// Kill kills the process and its children; before Start, it keeps it from starting.
func (p *process) Kill(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over && p.cmd != nil && p.cmd.Process != nil {
		p.o.Kill(p.cmd)
		return nil
	}
	p.over = true
	return nil
}

// Stdout gives go-plugin the first line, if it is a handshake, and swallows everything after it.
func (p *process) Stdout() io.ReadCloser { return &firstLine{p: p, from: p.out} }

// Stderr is what the plugin says.
func (p *process) Stderr() io.ReadCloser { return p.err }

// Name names the plugin.
func (p *process) Name() string { return p.o.Name }

// ID is the process ID, empty before the start.
func (p *process) ID() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil || p.cmd.Process == nil {
		return ""
	}
	return strconv.Itoa(p.cmd.Process.Pid)
}

// Diagnose has nothing to add.
func (p *process) Diagnose(context.Context) string { return "" }

// PluginToHost refuses any address but a socket in the folder that we made for it.
func (p *process) PluginToHost(network, addr string) (string, string, error) {
	if network != "unix" || filepath.Dir(addr) != filepath.Clean(p.dir) {
		return "", "", p.blame(fmt.Errorf("%w: address %.200q refused", ErrAnswer, network+" "+addr))
	}
	if i, err := os.Lstat(addr); err != nil || i.Mode().Type() != os.ModeSocket {
		return "", "", p.blame(fmt.Errorf("%w: %.200q is no socket", ErrAnswer, addr))
	}
	return network, addr, nil
}

// HostToPlugin changes nothing.
func (p *process) HostToPlugin(network, addr string) (string, string, error) {
	return network, addr, nil
}

// blame remembers the first reason for which there is no connection.
func (p *process) blame(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.why == nil {
		p.why = err
	}
	return err
}

func (p *process) fault() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.why
}

type firstLine struct {
	p    *process
	from *os.File
	line *strings.Reader
}

// Read reads the handshake, then waits for the end.
func (f *firstLine) Read(b []byte) (int, error) {
	if f.line == nil {
		line, err := bufio.NewReaderSize(io.LimitReader(f.from, maxHandshake), maxHandshake).ReadString('\n')
		if err = handshake(line, err); err != nil {
			f.line = strings.NewReader("")
			return 0, f.p.blame(err)
		}
		f.line = strings.NewReader(line)
	}
	if f.line.Len() > 0 {
		return f.line.Read(b)
	}
	_, err := io.Copy(io.Discard, f.from)
	if err == nil || errors.Is(err, os.ErrClosed) {
		err = io.EOF
	}
	return 0, err
}

// Close closes our end.
func (f *firstLine) Close() error { return f.from.Close() }

// handshake says what is wrong with a plugin's first line: "1|version|unix|path|grpc|certificate".
func handshake(line string, err error) error {
	if err != nil && len(line) < maxHandshake {
		if line == "" {
			return fmt.Errorf("%w before it said anything", ErrDead)
		}
		return fmt.Errorf("%w: %.80q instead of a handshake", ErrAnswer, line)
	}
	part := strings.Split(strings.TrimSpace(line), "|")
	if len(part) < 6 || part[0] != "1" || part[4] != "grpc" || len(part[5]) <= 50 {
		return fmt.Errorf("%w: %.80q instead of a handshake", ErrAnswer, line)
	}
	v, err := strconv.Atoi(part[1])
	if err != nil {
		return fmt.Errorf("%w: %.80q instead of a handshake", ErrAnswer, line)
	}
	if _, known := wire.Versions(nil)[v]; !known {
		return fmt.Errorf("%w: it speaks %d, this desk %d", ErrVersion, v, wire.Version)
	}
	return nil
}
