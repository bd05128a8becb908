package wire

// The wire from end to end, without a process: what a type answers is what the desk gets, errors included.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/certdesk/certdesk/plugins/sdk"
	wirev1 "github.com/certdesk/certdesk/plugins/sdk/internal/wire/v1"
)

type typ struct {
	sdk.Base
	check func(sdk.CheckRequest) ([]sdk.Finding, error)
}

func (typ) Describe(context.Context) (sdk.Type, error) { return sample, nil }

func (t typ) Check(_ context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	return t.check(req)
}

var sample = sdk.Type{ID: "sample", Name: sdk.Text{ZhHans: "样<例>", En: "a & b"}, Slots: []sdk.Slot{{ID: "photo"}}, Validity: 12}

// dial serves whatever register registers.
func dial(t *testing.T, register func(*grpc.Server)) *Client {
	t.Helper()
	at, s := bufconn.Listen(MaxMessage), grpc.NewServer()
	register(s)
	go func() { _ = s.Serve(at) }()
	conn, err := grpc.NewClient("passthrough:///x", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return at.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); s.Stop() })
	return NewClient(conn)
}

func TestRoundTrip(t *testing.T) {
	want := []sdk.Finding{{Code: "a", Level: sdk.Warn, Text: sdk.Text{ZhHans: "看", En: "look"}, Slot: "photo"}}
	c := dial(t, func(s *grpc.Server) {
		Register(s, typ{check: func(req sdk.CheckRequest) ([]sdk.Finding, error) {
			if req.Today != "2026-11-23" || req.Answers["name"] != "张三" || len(req.Evidence) != 1 {
				return nil, errors.New("something was lost")
			}
			return want, nil
		}})
	})
	ctx := context.Background()
	if got, err := c.Describe(ctx); err != nil || !reflect.DeepEqual(got, sample) {
		t.Errorf("%+v, %v", got, err)
	}
	req := sdk.CheckRequest{Today: "2026-11-23", Answers: sdk.Answers{"name": "张三"}, Evidence: []sdk.Fact{{Slot: "photo", Pages: 1}}}
	if got, err := c.Check(ctx, req); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := c.Recheck(ctx, sdk.RecheckRequest{}); err != nil || got != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestErrorsSurvive(t *testing.T) {
	for name, c := range map[string]struct {
		err, want error
		text      string
	}{
		"unavailable": {fmt.Errorf("register: %w", sdk.ErrUnavailable), sdk.ErrUnavailable, "register: unavailable"},
		"unsupported": {sdk.ErrUnsupported, sdk.ErrUnsupported, "unsupported"},
		"any other":   {errors.New("no luck"), ErrFailed, "no luck"},
		"very long":   {errors.New(strings.Repeat("长", 1000)), ErrFailed, strings.Repeat("长", 166) + " …"},
		"panic":       {nil, ErrFailed, "panic: out of paper"},
	} {
		t.Run(name, func(t *testing.T) {
			client := dial(t, func(s *grpc.Server) {
				Register(s, typ{check: func(sdk.CheckRequest) ([]sdk.Finding, error) {
					if c.err == nil {
						panic("out of paper")
					}
					return nil, c.err
				}})
			})
			_, err := client.Check(context.Background(), sdk.CheckRequest{})
			if !errors.Is(err, c.want) || err.Error() != c.text {
				t.Errorf("%v", err)
			}
		})
	}
}

// rude answers on the wire what no type of this SDK would.
type rude struct {
	wirev1.UnimplementedCertificationServer
	raw string
}

func (r rude) Describe(context.Context, *wirev1.DescribeRequest) (*wirev1.DescribeResponse, error) {
	return &wirev1.DescribeResponse{TypeJson: []byte(r.raw)}, nil
}

func (r rude) Check(context.Context, *wirev1.CheckRequest) (*wirev1.FindingsResponse, error) {
	return &wirev1.FindingsResponse{FindingsJson: []byte(r.raw)}, nil
}

func TestAnswers(t *testing.T) {
	for _, raw := range []string{"garbage", `{"id": 7}`, `{"id":"x","fromTheFuture":true}`, `{"id":"x"}{"id":"y"}`, "{"} {
		c := dial(t, func(s *grpc.Server) { wirev1.RegisterCertificationServer(s, rude{raw: raw}) })
		if _, err := c.Describe(context.Background()); !errors.Is(err, ErrAnswer) {
			t.Errorf("describe %s: %v", raw, err)
		}
		if _, err := c.Check(context.Background(), sdk.CheckRequest{}); !errors.Is(err, ErrAnswer) {
			t.Errorf("check %s: %v", raw, err)
		}
		if _, err := c.Recheck(context.Background(), sdk.RecheckRequest{}); status.Code(err) != codes.Unimplemented {
			t.Errorf("recheck: %v", err)
		}
	}
}
