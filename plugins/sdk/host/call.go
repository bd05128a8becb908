package host

// The three calls, and what may have gone wrong with one.

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/internal/wire"
)

// Describe returns the type as the plugin gave it. Whether it is a good one is for package check to say.
func (c *Conn) Describe(ctx context.Context) (sdk.Type, error) {
	t, err := c.to.Describe(ctx)
	return t, c.why(ctx, err)
}

// Check returns the findings as the plugin gave them; see Clean.
func (c *Conn) Check(ctx context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	found, err := c.to.Check(ctx, req)
	return found, c.why(ctx, err)
}

// Recheck returns the findings as the plugin gave them; see Clean.
func (c *Conn) Recheck(ctx context.Context, req sdk.RecheckRequest) ([]sdk.Finding, error) {
	found, err := c.to.Recheck(ctx, req)
	return found, c.why(ctx, err)
}

// why turns gRPC's status into one of our errors. The caller's own context comes first: its end is nobody's fault.
func (c *Conn) why(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if err := over(ctx); err != nil {
		return err
	}
	var own *wire.Cause
	if errors.As(err, &own) || errors.Is(err, ErrAnswer) || errors.Is(err, ErrTooBig) {
		return err
	}
	switch status.Code(err) {
	case codes.DeadlineExceeded:
		return ErrSlow
	case codes.Unavailable, codes.Canceled:
		return fmt.Errorf("%w: %w", ErrDead, err)
	}
	return fmt.Errorf("%w: %w", ErrAnswer, err)
}

// over is why the caller's context has ended. gRPC looks at the clock itself and may refuse a call before the context's
// timer has fired, so the clock counts as well.
func over(ctx context.Context) error {
	if end, ok := ctx.Deadline(); ok && !time.Now().Before(end) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// Canonical is the form in which a description is stored and digested.
func Canonical(t sdk.Type) ([]byte, error) { return wire.Canonical(t) }
