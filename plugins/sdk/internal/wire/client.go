package wire

// The host's end. It tells three kinds of error apart: the type's own (the errors of package sdk, and ErrFailed),
// an answer that cannot be read (ErrAnswer), and a broken or late connection (gRPC's status, as it comes).

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc"

	"github.com/certdesk/certdesk/plugins/sdk"
	wirev1 "github.com/certdesk/certdesk/plugins/sdk/internal/wire/v1"
)

// Errors of the host's end; compare with errors.Is.
var (
	// ErrAnswer says that a plugin answered something that is no answer.
	ErrAnswer = errors.New("the plugin's answer cannot be read")
	// ErrFailed says that the type itself could not do what was asked.
	ErrFailed = errors.New("the certification type failed")
	// ErrTooBig says that a question does not fit into one message.
	ErrTooBig = errors.New("the question is larger than 1 MiB")
)

// maxText bounds what is kept of a plugin's error text.
const maxText = 500

// Client calls one plugin.
type Client struct{ to wirev1.CertificationClient }

// NewClient returns a client that calls over cc.
func NewClient(cc grpc.ClientConnInterface) *Client {
	return &Client{to: wirev1.NewCertificationClient(cc)}
}

// Describe returns the type. A field that this SDK does not know is ErrAnswer: a desk must never half-understand a type.
func (c *Client) Describe(ctx context.Context) (sdk.Type, error) {
	res, err := c.to.Describe(ctx, &wirev1.DescribeRequest{})
	if err != nil {
		return sdk.Type{}, err
	}
	if err := cause(res.GetFailure()); err != nil {
		return sdk.Type{}, err
	}
	var t sdk.Type
	d := json.NewDecoder(bytes.NewReader(res.GetTypeJson()))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return sdk.Type{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return sdk.Type{}, fmt.Errorf("%w: more than one description", ErrAnswer)
	}
	return t, nil
}

// Check returns the findings, as the plugin gave them.
func (c *Client) Check(ctx context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	raw, err := question(req)
	if err != nil {
		return nil, err
	}
	return answer(c.to.Check(ctx, &wirev1.CheckRequest{RequestJson: raw}))
}

// Recheck returns the findings, as the plugin gave them.
func (c *Client) Recheck(ctx context.Context, req sdk.RecheckRequest) ([]sdk.Finding, error) {
	raw, err := question(req)
	if err != nil {
		return nil, err
	}
	return answer(c.to.Recheck(ctx, &wirev1.RecheckRequest{RequestJson: raw}))
}

func question(v any) ([]byte, error) {
	raw, err := Canonical(v)
	if err == nil && len(raw) > MaxMessage-64 {
		return nil, ErrTooBig
	}
	return raw, err
}

func answer(res *wirev1.FindingsResponse, err error) ([]sdk.Finding, error) {
	if err != nil {
		return nil, err
	}
	if err := cause(res.GetFailure()); err != nil {
		return nil, err
	}
	if len(res.GetFindingsJson()) == 0 {
		return nil, nil
	}
	var found []sdk.Finding
	if err := json.Unmarshal(res.GetFindingsJson(), &found); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	return found, nil
}

// cause turns a Failure back into the error that the type returned.
func cause(f *wirev1.Failure) error {
	if f == nil {
		return nil
	}
	text := strings.ToValidUTF8(f.GetText(), "?")
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + " …"
	}
	switch f.GetCode() {
	case codeUnavailable:
		return &Cause{text, sdk.ErrUnavailable}
	case codeUnsupported:
		return &Cause{text, sdk.ErrUnsupported}
	case codePanic:
		return &Cause{"panic: " + text, ErrFailed}
	}
	return &Cause{text, ErrFailed}
}

// Cause is an error of the type itself: its text as the type wrote it, and which error of ours it is.
type Cause struct {
	Text string
	Kind error
}

// Error returns the text of the type, for the log.
func (c *Cause) Error() string { return c.Text }

// Unwrap returns the kind.
func (c *Cause) Unwrap() error { return c.Kind }
