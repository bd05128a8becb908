package catalog

// The conformance test of a built executable, as its author runs it: through the same catalog, sandbox and limits as on
// a desk.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/host"
)

// Report is what the conformance test of an executable found.
type Report struct {
	Type   sdk.Type      // as it describes itself, if it does
	SHA256 string        // of the executable
	Level  sandbox.Level // at which it was tried
	Wrong  []error       // empty: it conforms
}

// Test runs the conformance test on the executable at path, with example forms if there are any. An error says that
// the test itself could not be done; what is wrong with the type is in the report.
func Test(ctx context.Context, path string, o Options, examples ...sdk.Answers) (Report, error) {
	dir, err := os.MkdirTemp("", "certdesk-test-") // 0700: the author's folder need not be as strict as a desk's
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir)
	if err := copyFile(filepath.Join(dir, "type"), path); err != nil {
		return Report{}, err
	}
	o.Dir, o.Start = dir, positive(o.Start, 30*time.Second) // an author's machine may be busy building
	c, err := Open(o)
	if err != nil {
		return Report{}, err
	}
	defer c.Close()
	r := Report{Level: c.Level()}
	f := c.folder.look("type")
	if r.SHA256 = f.SHA256; f.Err != nil {
		r.Wrong = []error{errors.Unwrap(f.Err)}
		return r, nil
	}
	caller := caller{c, Ref{ID: f.ID, SHA256: f.SHA256}}
	r.Wrong = host.Conform(ctx, caller, examples...)
	r.Type, _ = caller.Describe(ctx)
	return r, nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", from)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm()&^0o022)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// caller calls one type of a catalog as host.Conform wants to. What the catalog mends is reported, not mended.
type caller struct {
	c   *Catalog
	ref Ref
}

func (c caller) Describe(ctx context.Context) (sdk.Type, error) {
	t, _, _, err := c.c.Describe(ctx, c.ref)
	return t, err
}

func (c caller) Check(ctx context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	return c.raw(ctx, func(conn *host.Conn) ([]sdk.Finding, error) { return conn.Check(ctx, req) })
}

func (c caller) Recheck(ctx context.Context, req sdk.RecheckRequest) ([]sdk.Finding, error) {
	return c.raw(ctx, func(conn *host.Conn) ([]sdk.Finding, error) { return conn.Recheck(ctx, req) })
}

func (c caller) raw(ctx context.Context, ask func(*host.Conn) ([]sdk.Finding, error)) ([]sdk.Finding, error) {
	r, err := c.c.run(c.ref)
	if err != nil {
		return nil, err
	}
	found, err := call(ctx, r, ask)
	if err != nil {
		return nil, r.typed(err)
	}
	return found, nil
}
