// Package host is the desk's side of the wire: it starts a plugin's process, talks to it, and ends it. It trusts
// nothing that comes from there: not the address, not the size or shape of an answer, not that an answer comes at all.
// Which executable runs, and how it is locked up, is the caller's choice.
package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/certdesk/certdesk/plugins/sdk/internal/wire"
)

// Errors of a connection; compare with errors.Is. The errors of package sdk come through as well.
var (
	ErrDead    = errors.New("the plugin's process has ended")
	ErrSlow    = errors.New("the plugin did not answer in time")
	ErrVersion = errors.New("the plugin speaks another version of the protocol")
	ErrAnswer  = wire.ErrAnswer // what came is no answer: garbage, too large, or against the rules
	ErrFailed  = wire.ErrFailed // the type itself could not do what was asked
	ErrTooBig  = wire.ErrTooBig // the question does not fit into one message; nothing was sent
)

// Options say how a plugin is started and called.
type Options struct {
	// Command makes the command, not yet started: with the environment env, and able to write in the folder dir.
	// Its standard input, output and error are Connect's. Required.
	Command func(env []string, dir string) (*exec.Cmd, error)
	// Start and Kill start the command, and kill it with all its children; Kill may come again after its end. By
	// default the command gets a process group of its own.
	Start func(*exec.Cmd) error
	Kill  func(*exec.Cmd)

	StartTimeout time.Duration // for the start, 5 s if 0
	Deadline     time.Duration // for each call, 5 s if 0
	Name         string        // names the plugin in the log
	Log          *slog.Logger  // what the plugin prints goes here, bounded; nil: nowhere
}

// Executable makes the command for an executable file, without any sandbox.
func Executable(path string, args ...string) func(env []string, dir string) (*exec.Cmd, error) {
	return func(env []string, dir string) (*exec.Cmd, error) {
		cmd := exec.Command(path, args...)
		cmd.Env, cmd.Dir = env, dir
		return cmd, nil
	}
}

// Conn is a running plugin. It is safe for use by several goroutines at once.
type Conn struct {
	o      Options
	dir    string // ours alone; holds the socket
	client *plugin.Client
	proc   *process
	to     *wire.Client
	end    sync.Once
}

// Connect starts a plugin and shakes hands with it. On an error nothing is left behind: ErrDead if it ended at once,
// ErrSlow after StartTimeout, ErrAnswer for anything but a handshake, ErrVersion, or that of Command and Start.
func Connect(ctx context.Context, o Options) (*Conn, error) {
	o = o.withDefaults()
	dir, err := socketFolder()
	if err != nil {
		return nil, err
	}
	c := &Conn{o: o, dir: dir, proc: &process{o: o, exited: make(chan struct{})}}
	c.client = plugin.NewClient(c.config())
	shaken := make(chan error, 1)
	go func() { shaken <- c.shake() }()
	late := time.NewTimer(o.StartTimeout)
	defer late.Stop()
	select {
	case err = <-shaken:
	case <-late.C:
		err = ErrSlow
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		c.stop(0)
		return nil, err
	}
	return c, nil
}

// shake starts the process and returns why there is no connection, in our words where we know better than go-plugin.
func (c *Conn) shake() error {
	proto, err := c.client.Client()
	if err != nil {
		if why := c.proc.fault(); why != nil {
			return why
		}
		return fmt.Errorf("%w: %w", ErrDead, err)
	}
	raw, err := proto.Dispense(wire.Name)
	if err != nil {
		return err
	}
	c.to = raw.(*wire.Client)
	return nil
}

func (c *Conn) config() *plugin.ClientConfig {
	prints := func() *lines { return newLines(c.o.Log, c.o.Name) }
	return &plugin.ClientConfig{
		HandshakeConfig:  wire.Handshake,
		VersionedPlugins: wire.Versions(nil),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		SkipHostEnv:      true,
		StartTimeout:     c.o.StartTimeout,
		UnixSocketConfig: &plugin.UnixSocketConfig{TempDir: c.dir},
		Logger:           hclog.NewNullLogger(),
		Stderr:           prints(),
		SyncStdout:       prints(),
		SyncStderr:       prints(),
		GRPCDialOptions: []grpc.DialOption{
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(wire.MaxMessage), grpc.MaxCallSendMsgSize(wire.MaxMessage)),
			grpc.WithUnaryInterceptor(c.deadline),
			grpc.WithDisableServiceConfig(),
		},
		RunnerFunc: func(_ hclog.Logger, cmd *exec.Cmd, dir string) (runner.Runner, error) {
			return c.proc, c.proc.prepare(cmd.Env, dir)
		},
	}
}

// deadline bounds every call, also those that go-plugin makes with a context that never ends.
func (c *Conn) deadline(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, call grpc.UnaryInvoker, o ...grpc.CallOption) error {
	ctx, cancel := context.WithTimeout(ctx, c.o.Deadline)
	defer cancel()
	return call(ctx, method, req, reply, cc, o...)
}

// Done is closed when the process has ended.
func (c *Conn) Done() <-chan struct{} { return c.proc.exited }

// Pid is the process that was started; with a launcher in between it is the launcher's.
func (c *Conn) Pid() int {
	pid, _ := strconv.Atoi(c.proc.ID())
	return pid
}

// Close ends the process: asked first, killed with all its children half a second later. It returns within two seconds
// whatever the plugin does, and may be called again.
func (c *Conn) Close() { c.stop(500 * time.Millisecond) }

// Kill ends the process without asking.
func (c *Conn) Kill() { c.stop(0) }

func (c *Conn) stop(grace time.Duration) {
	c.end.Do(func() {
		if grace == 0 {
			_ = c.proc.Kill(context.Background())
		}
		asked := make(chan struct{})
		go func() { c.client.Kill(); close(asked) }() // may hang for as long as the plugin does
		wait(asked, grace)
		_ = c.proc.Kill(context.Background())
		wait(asked, time.Second)
		_ = os.RemoveAll(c.dir)
	})
}

func wait(done <-chan struct{}, most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
}

func (o Options) withDefaults() Options {
	if o.StartTimeout <= 0 {
		o.StartTimeout = 5 * time.Second
	}
	if o.Deadline <= 0 {
		o.Deadline = 5 * time.Second
	}
	if o.Start == nil {
		o.Start = startGroup
	}
	if o.Kill == nil {
		o.Kill = killGroup
	}
	return o
}

// socketFolder makes a folder that only we can enter. A socket's path has to be short, about 100 bytes in all.
func socketFolder() (string, error) {
	base := os.TempDir()
	if len(base) > 50 {
		base = "/tmp"
	}
	return os.MkdirTemp(base, "certdesk-") // 0700
}
