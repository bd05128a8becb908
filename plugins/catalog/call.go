package catalog

// What a type is asked, and what is believed of its answers.

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
	"github.com/certdesk/certdesk/plugins/sdk/host"
)

// description is what a type said about itself, once it has been found good.
type description struct {
	typ    sdk.Type
	raw    []byte
	digest string
}

// Check asks a type to look over a submitted form. The findings point at nothing that is not there, are bounded in
// number and length, and have both languages.
func (c *Catalog) Check(ctx context.Context, ref Ref, req sdk.CheckRequest) ([]sdk.Finding, error) {
	return c.findings(ctx, ref, func(conn *host.Conn) ([]sdk.Finding, error) { return conn.Check(ctx, req) })
}

// Recheck asks a type to look over a certificate again; the findings are as those of Check.
func (c *Catalog) Recheck(ctx context.Context, ref Ref, req sdk.RecheckRequest) ([]sdk.Finding, error) {
	return c.findings(ctx, ref, func(conn *host.Conn) ([]sdk.Finding, error) { return conn.Recheck(ctx, req) })
}

func (c *Catalog) findings(ctx context.Context, ref Ref, ask func(*host.Conn) ([]sdk.Finding, error)) ([]sdk.Finding, error) {
	r, err := c.run(ref)
	if err != nil {
		return nil, err
	}
	d, err := r.describe(ctx)
	if err != nil {
		return nil, r.typed(err)
	}
	found, err := call(ctx, r, ask)
	if err != nil {
		return nil, r.typed(err)
	}
	found, wrong := host.Clean(d.typ, found)
	if len(wrong) > 0 {
		c.o.Log.Warn("plugin findings mended", "plugin", ref.ID, "wrong", len(wrong), "first", wrong[0])
	}
	return found, nil
}

// describe asks once; an executable that is pinned by its digest has one description.
func (r *run) describe(ctx context.Context) (*description, error) {
	if err := r.lock(ctx); err != nil {
		return nil, err
	}
	d := r.known
	r.unlock()
	if d != nil {
		return d, nil
	}
	d, err := call(ctx, r, func(conn *host.Conn) (*description, error) { return r.examine(conn.Describe(ctx)) })
	if err != nil {
		if code := Code(err); code == Unknown || code == Digest {
			r.of.forget(r)
		}
		return nil, err
	}
	r.turn <- struct{}{}
	defer r.unlock()
	if r.known == nil {
		r.known = d
	}
	return r.known, nil
}

// examine says whether a type may be believed to be what it says.
func (r *run) examine(t sdk.Type, err error) (*description, error) {
	if err != nil {
		return nil, err
	}
	if err := r.named(t.ID); err != nil {
		if Code(err) != "" {
			return nil, err
		}
		return nil, fail(Answer, r.ref.ID, err)
	}
	if wrong := check.Description(t); len(wrong) > 0 {
		return nil, fail(Answer, r.ref.ID, fmt.Errorf("its description breaks %d rules: %w", len(wrong), errors.Join(first(wrong, 20)...)))
	}
	raw, err := host.Canonical(t)
	if err != nil {
		return nil, fail(Answer, r.ref.ID, err)
	}
	sum := sha256.Sum256(raw)
	return &description{typ: t, raw: raw, digest: hex.EncodeToString(sum[:])}, nil
}

// named refuses a type that takes another one's name.
func (r *run) named(id string) error {
	_, bundled := r.of.o.Bundled[id]
	switch {
	case r.of.isBundled(r.ref):
		if id != r.ref.ID {
			return fmt.Errorf("it calls itself %.40q", id)
		}
	case bundled:
		return fmt.Errorf("%q is the ID of a bundled type", id)
	case id != r.ref.ID:
		f, err := r.of.folder.find(r.ref)
		if err != nil && Code(err) != Unknown {
			return err // the file was exchanged meanwhile: that is not what the type said
		}
		if err != nil || filepath.Base(f.Path) != r.ref.ID {
			return fmt.Errorf("it calls itself %.40q", id)
		}
	}
	return nil
}

func first(errs []error, n int) []error { return errs[:min(n, len(errs))] }
