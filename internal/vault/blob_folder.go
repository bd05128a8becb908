package vault

// The store on a folder of this machine: a document is under its name whole and on disk, or not at all.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/certdesk/certdesk/internal/fault"
)

// folder holds the documents in up to 256 folders by the first two characters of their names, and tmp for those on their way.
type folder struct{ dir string }

// stale is how old a file in tmp is when nobody can still be writing it.
const stale = 24 * time.Hour

// Folder is the document store in a folder, sealed as it is: for copies, which need no key. It is made if need be.
func Folder(dir string) (Store, error) { return openFolder(dir) }

func openFolder(dir string) (folder, error) {
	f := folder{dir}
	if err := os.MkdirAll(f.tmp(), 0o700); err != nil {
		return f, fmt.Errorf("document store: %w", full(err))
	}
	return f, f.sweep()
}

func (f folder) tmp() string             { return filepath.Join(f.dir, "tmp") }
func (f folder) path(name string) string { return filepath.Join(f.dir, name[:2], name) }

// sweep removes what a crash left on its way.
func (f folder) sweep() error {
	return walk(f.tmp(), func(name string, made time.Time) error {
		if time.Since(made) < stale {
			return nil
		}
		return os.Remove(filepath.Join(f.tmp(), name))
	})
}

func (f folder) Put(ctx context.Context, name string, r io.Reader) error {
	tmp := filepath.Join(f.tmp(), name)
	if err := write(ctx, tmp, r); err != nil {
		return errors.Join(err, Remove(tmp))
	}
	if err := f.place(tmp, name); err != nil {
		return errors.Join(err, Remove(tmp), Remove(f.path(name)))
	}
	return nil
}

func write(ctx context.Context, file string, r io.Reader) error {
	if err := fault.At("blob.create"); err != nil {
		return err
	}
	to, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, Until(ctx, r))
	if err == nil {
		err = fault.At("blob.sync")
	}
	if err == nil {
		err = to.Sync()
	}
	return errors.Join(err, to.Close())
}

func (f folder) place(tmp, name string) error {
	dir := filepath.Dir(f.path(name))
	if err := fault.At("blob.mkdir"); err != nil {
		return err
	}
	switch err := os.Mkdir(dir, 0o700); {
	case err == nil:
		if err := fault.At("blob.folder"); err != nil {
			return err
		}
		if err := syncFolder(f.dir); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := fault.At("blob.rename"); err != nil {
		return err
	}
	if err := os.Rename(tmp, f.path(name)); err != nil {
		return err
	}
	if err := fault.At("blob.renamed"); err != nil {
		return err
	}
	return syncFolder(dir)
}

func (f folder) Open(name string) (io.ReadCloser, error) { return os.Open(f.path(name)) }

func (f folder) Delete(name string) error {
	if err := fault.At("blob.delete"); err != nil {
		return err
	}
	err := os.Remove(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(f.path(name)))
}

func (f folder) Names(each func(name string, made time.Time) error) error {
	for i := range 256 {
		err := walk(filepath.Join(f.dir, fmt.Sprintf("%02x", i)), func(name string, made time.Time) error {
			if !isBlobName(name) {
				return nil
			}
			return each(name, made)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func walk(dir string, each func(name string, made time.Time) error) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // gone meanwhile
		}
		if err != nil {
			return err
		}
		if err := each(e.Name(), info.ModTime()); err != nil {
			return err
		}
	}
	return nil
}

// Remove deletes a file; one that is not there is deleted already.
func Remove(file string) error {
	if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Until reads r and ends, with the error of ctx, when ctx ends.
func Until(ctx context.Context, r io.Reader) io.Reader { return reader{ctx, r} }

type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
