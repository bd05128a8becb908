// Package serve is the one call in the main function of a plugin:
//
//	func main() { serve.Serve(New()) }
package serve

import (
	"io"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/internal/wire"
)

// Serve answers the desk's calls to c until the desk closes the connection or is gone. Standard output belongs to the
// handshake: write nothing to it before Serve. Whatever the type prints afterwards goes to the desk's log.
//
// Started by anything but a desk, it prints a sentence to standard error and ends the process with code 1.
func Serve(c sdk.Certification) {
	endWithHost()
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  wire.Handshake,
		VersionedPlugins: wire.Versions(c),
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: os.Stderr}),
		GRPCServer: func(o []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(o, grpc.MaxRecvMsgSize(wire.MaxMessage), grpc.MaxSendMsgSize(wire.MaxMessage))...)
		},
	})
}

// endWithHost ends the process when the host has gone, however it went: the host holds the other end of standard input
// and never writes to it, so that reading ends only then. It works where a parent cannot be seen, as in a process
// namespace, and where the kernel has no signal for it.
func endWithHost() {
	if os.Getenv(wire.EnvWatch) != "stdin" {
		return
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
}
