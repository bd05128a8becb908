package backup

// A bucket of an S3 service, by the client that PocketBase brings along.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/certdesk/certdesk/internal/vault"
)

// bucket is a place in a bucket. The service keeps an object whole or not at all.
type bucket struct {
	name, prefix, region, endpoint string
	access, secret                 string
	pathStyle                      bool
}

// openS3 reads s3://bucket/prefix?endpoint=https://s3.example.cn&region=cn-north-1&style=path.
func openS3(at, secret string) (Place, error) {
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%q: an S3 place is s3://bucket/prefix?endpoint=https://…&region=…", at)
	}
	q := u.Query()
	b := bucket{name: u.Host, prefix: strings.Trim(u.Path, "/"), region: q.Get("region"), endpoint: q.Get("endpoint"), pathStyle: q.Get("style") == "path"}
	if b.region == "" {
		b.region = "us-east-1"
	}
	if b.endpoint == "" {
		b.endpoint = "https://s3." + b.region + ".amazonaws.com"
	}
	var ok bool
	if b.access, b.secret, ok = strings.Cut(secret, ":"); !ok {
		return nil, fmt.Errorf("s3://%s: its secret, ACCESS_KEY:SECRET_KEY, is needed", b.name)
	}
	return b, nil
}

func (b bucket) String() string { return "s3://" + path.Join(b.name, b.prefix) }

// open makes a client for one call: it carries the context, so it is nobody else's.
func (b bucket) open(ctx context.Context) (*filesystem.System, error) {
	s, err := filesystem.NewS3(b.name, b.region, b.endpoint, b.access, b.secret, b.pathStyle)
	if err != nil {
		return nil, b.failed(err)
	}
	s.SetContext(ctx)
	return s, nil
}

func (b bucket) key(name string) string { return path.Join(b.prefix, name) }

// Put sends a file. Broken off, the upload is given up, so that nothing half is kept.
func (b bucket) Put(ctx context.Context, name string, r io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	w, err := s.NewWriter(b.key(name), nil)
	if err != nil {
		return b.failed(err)
	}
	if _, err := io.Copy(w, vault.Until(ctx, r)); err != nil {
		cancel()
		return errors.Join(b.failed(err), w.Close())
	}
	if err := w.Close(); err != nil {
		return b.failed(err)
	}
	return nil
}

// Open reads a file.
func (b bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	f, err := s.GetReader(b.key(name))
	if err != nil {
		return nil, errors.Join(b.gone(err), s.Close())
	}
	return closing{f, s}, nil
}

type closing struct {
	io.ReadCloser
	s *filesystem.System
}

func (c closing) Close() error { return errors.Join(c.ReadCloser.Close(), c.s.Close()) }

// List lists the keys below a prefix.
func (b bucket) List(ctx context.Context, prefix string) (names []string, err error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	objects, err := s.List(b.key(prefix) + "/")
	if err != nil {
		return nil, b.failed(err)
	}
	for _, o := range objects {
		names = append(names, strings.TrimPrefix(strings.TrimPrefix(o.Key, b.prefix), "/"))
	}
	return names, nil
}

// Delete removes a file.
func (b bucket) Delete(ctx context.Context, name string) error {
	s, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := b.gone(s.Delete(b.key(name))); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// gone says in Go's words that there is no such file.
func (b bucket) gone(err error) error {
	if errors.Is(err, filesystem.ErrNotFound) {
		return fmt.Errorf("%s: %w", b, fs.ErrNotExist)
	}
	return b.failed(err)
}

// failed names the place, and gives the first line of what the service answered: the rest is its whole answer as XML.
func (b bucket) failed(err error) error {
	if err == nil {
		return nil
	}
	return answer{b.String(), err}
}

type answer struct {
	place string
	err   error
}

func (a answer) Error() string {
	line, _, _ := strings.Cut(a.err.Error(), "\n")
	return a.place + ": " + line
}

func (a answer) Unwrap() error { return a.err }
