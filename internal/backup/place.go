package backup

// Where copies are kept: a folder (of another disk, of a mounted share), or a bucket of an S3 service.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/certdesk/certdesk/internal/vault"
)

// Place keeps files under names with slashes. A file is there whole and for good, or not at all.
type Place interface {
	// Put keeps what r gives. An error, or the end of ctx, leaves no file under this name that was not there.
	Put(ctx context.Context, name string, r io.Reader) error
	// Open reads it back. fs.ErrNotExist if there is none.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// List gives every name that begins with prefix, which ends with a slash.
	List(ctx context.Context, prefix string) ([]string, error)
	// Delete removes it; that there is none is no error.
	Delete(ctx context.Context, name string) error
	// String says where it is, without secrets.
	String() string
}

// OpenPlace opens a place by its setting: a folder, or s3://bucket/prefix?endpoint=https://…&region=…; secret is
// "ACCESS_KEY:SECRET_KEY" and for S3 only. Nothing is asked of it yet.
func OpenPlace(at, secret string) (Place, error) {
	if strings.HasPrefix(at, "s3://") {
		return openS3(at, secret)
	}
	dir, err := filepath.Abs(at)
	return Folder(dir), err
}

// Folder is a folder of this machine, made when the first file comes.
type Folder string

func (f Folder) String() string { return string(f) }

func (f Folder) path(name string) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", fmt.Errorf("%q is not a name for a copy", name)
	}
	return filepath.Join(string(f), filepath.FromSlash(name)), nil
}

// Put writes beside the name, syncs, and moves it there.
func (f Folder) Put(ctx context.Context, name string, r io.Reader) error {
	to, err := f.path(name)
	if err != nil {
		return err
	}
	if err := makeFolders(filepath.Dir(to)); err != nil {
		return full(err)
	}
	tmp := to + ".part"
	if err := writeSynced(tmp, vault.Until(ctx, r)); err != nil {
		return errors.Join(full(err), vault.Remove(tmp))
	}
	if err := os.Rename(tmp, to); err != nil {
		return errors.Join(err, vault.Remove(tmp))
	}
	return syncFolder(filepath.Dir(to))
}

// makeFolders makes a folder and those above it, each on disk before anything is in it.
func makeFolders(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is not a folder", dir)
		}
		return nil
	}
	if err := makeFolders(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

func writeSynced(file string, r io.Reader) error {
	to, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, r)
	if err == nil {
		err = to.Sync()
	}
	return errors.Join(err, to.Close())
}

// Open opens a file.
func (f Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	file, err := f.path(name)
	if err != nil {
		return nil, err
	}
	return os.Open(file)
}

// List walks the folder. What is on its way is not listed.
func (f Folder) List(ctx context.Context, prefix string) (names []string, err error) {
	root, err := f.path(strings.TrimSuffix(prefix, "/"))
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil || d.IsDir() || strings.HasSuffix(file, ".part") {
			return err
		}
		rel, err := filepath.Rel(root, file)
		names = append(names, path.Join(strings.TrimSuffix(prefix, "/"), filepath.ToSlash(rel)))
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return names, err
}

// Delete removes a file, and its folder if nothing is left in it.
func (f Folder) Delete(_ context.Context, name string) error {
	file, err := f.path(name)
	if err != nil {
		return err
	}
	if err := vault.Remove(file); err != nil {
		return err
	}
	os.Remove(filepath.Dir(file)) // fails where something is left, which is as it should be
	return nil
}
