package wire

// The plugin's end: what the desk asks is decoded, answered by the type, and encoded. A type that panics costs one
// answer, not the process.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/certdesk/certdesk/plugins/sdk"
	wirev1 "github.com/certdesk/certdesk/plugins/sdk/internal/wire/v1"
)

// The codes of a Failure.
const (
	codeUnavailable = "unavailable"
	codeUnsupported = "unsupported"
	codePanic       = "panic"
	codeFailed      = "failed"
)

type server struct {
	wirev1.UnimplementedCertificationServer
	of sdk.Certification
}

// Describe answers with the type as JSON.
func (s *server) Describe(ctx context.Context, _ *wirev1.DescribeRequest) (*wirev1.DescribeResponse, error) {
	t, fail := guard(func() (sdk.Type, error) { return s.of.Describe(ctx) })
	if fail != nil {
		return &wirev1.DescribeResponse{Failure: fail}, nil
	}
	raw, err := Canonical(t)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &wirev1.DescribeResponse{TypeJson: raw}, nil
}

// Check answers with findings as JSON.
func (s *server) Check(ctx context.Context, in *wirev1.CheckRequest) (*wirev1.FindingsResponse, error) {
	var req sdk.CheckRequest
	if err := json.Unmarshal(in.GetRequestJson(), &req); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return findings(guard(func() ([]sdk.Finding, error) { return s.of.Check(ctx, req) }))
}

// Recheck answers with findings as JSON.
func (s *server) Recheck(ctx context.Context, in *wirev1.RecheckRequest) (*wirev1.FindingsResponse, error) {
	var req sdk.RecheckRequest
	if err := json.Unmarshal(in.GetRequestJson(), &req); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return findings(guard(func() ([]sdk.Finding, error) { return s.of.Recheck(ctx, req) }))
}

func findings(found []sdk.Finding, fail *wirev1.Failure) (*wirev1.FindingsResponse, error) {
	if fail != nil || len(found) == 0 {
		return &wirev1.FindingsResponse{Failure: fail}, nil
	}
	raw, err := Canonical(found)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &wirev1.FindingsResponse{FindingsJson: raw}, nil
}

// guard runs one call of the type and turns its error or panic into a Failure. The stack goes to the desk's log.
func guard[T any](call func() (T, error)) (out T, fail *wirev1.Failure) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(os.Stderr, "panic: %v\n%s", p, debug.Stack())
			fail = &wirev1.Failure{Code: codePanic, Text: fmt.Sprint(p)}
		}
	}()
	out, err := call()
	return out, failure(err)
}

func failure(err error) *wirev1.Failure {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sdk.ErrUnavailable):
		return &wirev1.Failure{Code: codeUnavailable, Text: err.Error()}
	case errors.Is(err, sdk.ErrUnsupported):
		return &wirev1.Failure{Code: codeUnsupported, Text: err.Error()}
	}
	return &wirev1.Failure{Code: codeFailed, Text: err.Error()}
}

// Canonical is the one way in which anything is written as JSON on the wire and for its digest: fields in the order of
// the Go type, map keys sorted, no white space, nothing escaped that need not be.
func Canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
