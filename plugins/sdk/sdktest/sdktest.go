// Package sdktest is the conformance test that every certification type runs in its own tests.
package sdktest

import (
	"context"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/host"
	"github.com/certdesk/certdesk/plugins/sdk/internal/wire"
)

// Run asks c everything that a desk asks, over the real wire, and reports what is wrong. Each example is a form as an
// applicant could submit it today; give at least one for each way through the form.
func Run(t *testing.T, c sdk.Certification, examples ...sdk.Answers) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for _, err := range host.Conform(ctx, Dial(t, c), examples...) {
		t.Error(err)
	}
}

// Dial serves c over the wire, with the limits of a real connection but without a process, and returns the desk's end.
func Dial(t *testing.T, c sdk.Certification) host.Caller {
	t.Helper()
	at := bufconn.Listen(wire.MaxMessage)
	server := grpc.NewServer(grpc.MaxRecvMsgSize(wire.MaxMessage), grpc.MaxSendMsgSize(wire.MaxMessage))
	wire.Register(server, c)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(at) }()
	conn, err := grpc.NewClient("passthrough:///type",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return at.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(wire.MaxMessage), grpc.MaxCallSendMsgSize(wire.MaxMessage)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		server.Stop()
		<-done
	})
	return wire.NewClient(conn)
}
