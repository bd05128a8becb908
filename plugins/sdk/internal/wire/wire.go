// Package wire carries an sdk.Certification over gRPC: the handshake, the protocol versions, and the two ends. It is
// internal, so that the wire can change without an author of a type noticing.
package wire

import (
	"context"
	"errors"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/certdesk/certdesk/plugins/sdk"
	wirev1 "github.com/certdesk/certdesk/plugins/sdk/internal/wire/v1"
)

// Name is the name under which a plugin serves its one certification type.
const Name = "certification"

// MaxMessage is the largest message in either direction, in bytes.
const MaxMessage = 1 << 20

// Environment variables that the host sets beside those of go-plugin.
const (
	// EnvWatch tells a plugin that its standard input closes when the host has gone.
	EnvWatch = "CERTDESK_PLUGIN_WATCH"
	// cookie makes a plugin that is started by hand say what it is. It is no secret and protects nothing.
	cookie = "CERTDESK_PLUGIN"
)

// Handshake is what host and plugin must agree on before anything else. The protocol version is negotiated apart.
var Handshake = plugin.HandshakeConfig{MagicCookieKey: cookie, MagicCookieValue: "certification"}

// Version is the newest protocol version; a host speaks this one and the one before it, once there is one.
const Version = 1

// Versions is what each protocol version serves. c is nil at the host.
func Versions(c sdk.Certification) map[int]plugin.PluginSet {
	return map[int]plugin.PluginSet{Version: {Name: &glue{serve: c}}}
}

// glue ties protocol version 1 to go-plugin.
type glue struct {
	plugin.NetRPCUnsupportedPlugin
	serve sdk.Certification
}

// GRPCServer registers the type at the plugin's end.
func (g *glue) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	if g.serve == nil {
		return errors.New("no certification type to serve")
	}
	Register(s, g.serve)
	return nil
}

// GRPCClient returns a *Client at the host's end.
func (g *glue) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, cc *grpc.ClientConn) (any, error) {
	return NewClient(cc), nil
}

// Register serves c on s in protocol version 1.
func Register(s grpc.ServiceRegistrar, c sdk.Certification) {
	wirev1.RegisterCertificationServer(s, &server{of: c})
}
